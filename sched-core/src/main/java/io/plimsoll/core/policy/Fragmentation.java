package io.plimsoll.core.policy;

/**
 * How much of an agent's free devices is of no use to the requests that a group is used to get: the amount F of Weng et
 * al., "Beware of Fragmentation: Scheduling GPU-Sharing Workloads with Fragmentation Gradient Descent" (ATC 2023).
 *
 * <p>For each typical request, what is free counts as lost if the request does not fit; if it does, what is free on
 * devices too full for it counts. Requests for no device make all free devices count, at their weight. The sum is taken
 * class by class, in the order in which its authors add them up, since a difference in the last bit of two amounts that
 * should be equal changes the score.
 *
 * <p>The arrays are working memory of one call; an instance belongs to one thread.
 */
final class Fragmentation
{
    private static final int DEVICES_MAX = 64;

    private final int[] free = new int[DEVICES_MAX];
    private int devices;
    private int freeSum;
    private int model;
    private long cpuMillis;

    /** Takes over what is free on an agent. */
    Fragmentation of(final AgentView agent)
    {
        devices = agent.devices();
        model = agent.model();
        cpuMillis = agent.free(AgentView.CPU);
        freeSum = 0;
        for (int device = 0; device < devices; device++)
        {
            free[device] = agent.deviceFree(device);
            freeSum += free[device];
        }
        return this;
    }

    int devices()
    {
        return devices;
    }

    int deviceFree(final int device)
    {
        return free[device];
    }

    /** As if these millicores were taken. */
    void takeCpu(final long millis)
    {
        cpuMillis -= millis;
    }

    /** As if this share of a device were taken; a negative one gives it back. */
    void takeShare(final int device, final int share)
    {
        free[device] -= share;
        freeSum -= share;
    }

    /** Thousandths of devices, weighted over the mix. */
    double amount(final RequestMix mix)
    {
        double lackBoth = 0;
        double lackDevices = 0;
        double lackCpu = 0;
        double noneAsked = 0;
        double noneAskedLackCpu = 0;
        double noAccess = 0;
        final int size = mix.size();
        for (int entry = 0; entry < size; entry++)
        {
            final double weight = mix.weight(entry);
            final boolean cpuFits = cpuMillis >= mix.cpuMillis(entry);
            final int count = mix.deviceCount(entry);
            if (0 == count)
            {
                noneAsked += cpuFits ? weight * freeSum : 0;
                noneAskedLackCpu += cpuFits ? 0 : weight * freeSum;
            }
            else if (!mix.allowsModel(entry, model))
            {
                noAccess += weight * freeSum;
            }
            else
            {
                final int unfit = unfitSum(count, mix.deviceShare(entry));
                if (unfit < 0)
                {
                    lackDevices += cpuFits ? weight * freeSum : 0;
                    lackBoth += cpuFits ? 0 : weight * freeSum;
                }
                else
                {
                    lackDevices += cpuFits ? weight * unfit : 0;
                    lackCpu += cpuFits ? 0 : weight * freeSum;
                }
            }
        }
        return lackBoth + lackDevices + lackCpu + noneAsked + noneAskedLackCpu + noAccess;
    }

    /** What is free on devices with less than a share; -1 if fewer than a number of devices have as much. */
    private int unfitSum(final int count, final int share)
    {
        int fitting = 0;
        int unfit = 0;
        for (int device = 0; device < devices; device++)
        {
            final int deviceFree = free[device];
            fitting += deviceFree >= share ? 1 : 0;
            unfit += deviceFree >= share ? 0 : deviceFree;
        }
        return fitting >= count ? unfit : -1;
    }
}
