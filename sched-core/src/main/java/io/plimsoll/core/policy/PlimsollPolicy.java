package io.plimsoll.core.policy;

/**
 * The agent that loses least of what its free devices are worth. Their worth is judged by the mix of requests seen so
 * far:
 *
 * <ul> <li>what typical requests cannot use counts as lost, as in {@link Fragmentation};</li> <li>what will remain of
 * a device once whoever comes has filled it up counts as lost already now, so that a share goes where another will
 * complete it;</li> <li>devices for which cpu will run out count as lost, by how much cpu goes with a device on
 * average, so that requests that need much cpu go where there is plenty of it;</li> <li>devices of a model that more
 * requests are bound to than there are devices for are dear, and left to these;</li> <li>an agent without any kernel
 * on its devices is kept for those that need many.</li> </ul>
 *
 * <p>All is computed in integers from tables that are made once for each version of the mix. The tables are no state:
 * they could be made anew for each question. An instance belongs to one thread.
 */
public final class PlimsollPolicy implements SelectionPolicy
{
    private static final int DEVICES_MAX = 64;
    private static final long MILLION = 1_000_000;
    private static final int PERCENT = 100;

    private final PlimsollWeights weights;
    private final int[] free = new int[DEVICES_MAX];
    private TypicalTable typical;
    private ModelTable model;
    private int devices;
    private int freeSum;
    private int idle;
    private long cpuMillis;

    public PlimsollPolicy()
    {
        this(PlimsollWeights.DEFAULT);
    }

    PlimsollPolicy(final PlimsollWeights weights)
    {
        this.weights = weights;
    }

    @Override
    public String name()
    {
        return "plimsoll";
    }

    @Override
    public boolean mindsRequestedMem()
    {
        return false;
    }

    @Override
    public long score(final AgentView agent, final RequestView request, final RequestMix mix)
    {
        load(agent, mix);
        final long before = worth();
        final int share = request.deviceShare();
        final int count = request.deviceCount();
        cpuMillis -= request.amount(AgentView.CPU);
        final long after = DeviceClass.SHARE == DeviceClass.of(count, share) ?
            worthWithShare(bestDevice(share), share) :
            worthWithDevices(Devices.fullestFitting(agent, count, share), share);
        final long quantum = weights.quantum() * PERCENT * MILLION;
        return Math.floorDiv(after - before + quantum / 2, quantum);
    }

    @Override
    public int chooseDevice(final AgentView agent, final RequestView request, final RequestMix mix)
    {
        load(agent, mix);
        cpuMillis -= request.amount(AgentView.CPU);
        return bestDevice(request.deviceShare());
    }

    private void load(final AgentView agent, final RequestMix mix)
    {
        if (null == typical || typical.mix() != mix || typical.version() != mix.version())
        {
            typical = new TypicalTable(mix);
        }
        model = typical.model(agent.model());
        devices = agent.devices();
        cpuMillis = agent.free(AgentView.CPU);
        freeSum = 0;
        idle = 0;
        for (int device = 0; device < devices; device++)
        {
            final int deviceFree = agent.deviceFree(device);
            free[device] = deviceFree;
            freeSum += deviceFree;
            idle += AgentView.WHOLE == deviceFree ? 1 : 0;
        }
    }

    /** The fullest and first among those that lose least. */
    private int bestDevice(final int share)
    {
        int best = -1;
        long most = 0;
        for (int device = 0; device < devices; device++)
        {
            if (free[device] >= share && isFirstAlike(device))
            {
                final long worth = worthWithShare(device, share);
                if (best < 0 || worth > most || worth == most && free[device] < free[best])
                {
                    best = device;
                    most = worth;
                }
            }
        }
        return best;
    }

    private boolean isFirstAlike(final int device)
    {
        for (int other = 0; other < device; other++)
        {
            if (free[other] == free[device])
            {
                return false;
            }
        }
        return true;
    }

    private long worthWithShare(final int device, final int share)
    {
        take(device, share);
        final long worth = worth();
        take(device, -share);
        return worth;
    }

    private long worthWithDevices(final long picked, final int share)
    {
        for (long rest = picked; 0 != rest; rest &= rest - 1)
        {
            take(Long.numberOfTrailingZeros(rest), share);
        }
        return worth();
    }

    private void take(final int device, final int share)
    {
        idle -= AgentView.WHOLE == free[device] ? 1 : 0;
        free[device] -= share;
        idle += AgentView.WHOLE == free[device] ? 1 : 0;
        freeSum -= share;
    }

    /** In hundredths of millionths of thousandths of a device. */
    private long worth()
    {
        long remains = 0;
        for (int device = 0; device < devices; device++)
        {
            remains += typical.remains(free[device]);
        }
        long worth = weights.demand() * model.demand() * freeSum;
        worth -= weights.lost() * model.lost(cpuMillis, free, devices, freeSum);
        worth -= (weights.remains() * remains + stranded()) * MILLION;
        worth += idle == devices && idle > 0 ? weights.untouched() * PERCENT * MILLION : 0;
        return worth;
    }

    private long stranded()
    {
        final long perDevice = typical.cpuPerDevice();
        final long perDeviceAll = typical.cpuPerDeviceOfAll();
        return weights.stranded() * strandedAt(perDevice) +
            weights.strandedSurely() * strandedAt(perDevice * PlimsollWeights.SURELY_PERCENT / PERCENT) +
            weights.strandedAll() * strandedAt(perDeviceAll) +
            weights.strandedAllSurely() * strandedAt(perDeviceAll * PlimsollWeights.SURELY_PERCENT / PERCENT) +
            weights.strandedAllMaybe() * strandedAt(perDeviceAll * PlimsollWeights.MAYBE_PERCENT / PERCENT);
    }

    private long strandedAt(final long cpuPerDevice)
    {
        // Most agents have cpu enough, and a product is cheaper than a quotient. Where requests ask for devices without
        // cpu, none is stranded, even on an agent that shrank below what it has placed.
        final long shares = cpuMillis * AgentView.WHOLE;
        return 0 == cpuPerDevice || shares >= freeSum * cpuPerDevice ? 0 : freeSum - shares / cpuPerDevice;
    }
}
