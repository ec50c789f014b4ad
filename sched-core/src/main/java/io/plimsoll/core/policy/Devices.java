package io.plimsoll.core.policy;

/** Counts and picks over the devices of an agent that more than one policy needs. Sets of devices are bit masks. */
final class Devices
{
    private Devices()
    {
    }

    static int idle(final AgentView agent)
    {
        int idle = 0;
        for (int device = agent.devices() - 1; device >= 0; device--)
        {
            idle += AgentView.WHOLE == agent.deviceFree(device) ? 1 : 0;
        }
        return idle;
    }

    /**
     * The fullest devices that have room for a share, the lowest numbers among equals.
     *
     * @param agent to look at.
     * @param count how many; all that fit if there are fewer.
     * @param share thousandths of each.
     * @return bit mask.
     */
    static long fullestFitting(final AgentView agent, final int count, final int share)
    {
        final int devices = agent.devices();
        long picked = 0;
        for (int i = 0; i < count; i++)
        {
            int best = -1;
            int bestFree = Integer.MAX_VALUE;
            for (int device = 0; device < devices; device++)
            {
                final int free = agent.deviceFree(device);
                if (free >= share && free < bestFree && 0 == (picked & 1L << device))
                {
                    best = device;
                    bestFree = free;
                }
            }
            if (best < 0)
            {
                break;
            }
            picked |= 1L << best;
        }
        return picked;
    }
}
