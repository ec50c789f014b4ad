package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.LeaseFile;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.runtime.KernelLaunch;
import io.plimsoll.agent.runtime.KernelListener;
import io.plimsoll.agent.runtime.KernelRuntime;
import io.plimsoll.transport.sbe.ReportReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Kernels of one host with their supervisors: they outlive the agent, end when their lease does, and die with the host.
 * Seen by the agent as its runtime; the world moves on in {@link #step}, whether the agent looks or not.
 */
final class HostKernels implements KernelRuntime, LeaseFile
{
    /** Supervisors look at the lease once a second, and killing takes a moment. */
    private static final long SUPERVISOR_LAG_NS = 1_200_000_000L;
    private static final int KILLED_CODE = 143;
    private static final int LAUNCH_FAILS_ONE_IN = 3;
    private static final KernelEnd HOST_DIED =
        KernelEnd.failed(ReportReason.SUPERVISOR_DIED, "the host started again");

    private final int host;
    private final KernelWorld world;
    private final Countdown countdown;
    private final SplittableRandom random;
    private final Map<KernelKey, Workload> workloads = new LinkedHashMap<>();
    private final Set<KernelKey> fenced = new HashSet<>();
    private final Set<KernelKey> held = new LinkedHashSet<>();
    private long leaseUntilNs = Long.MIN_VALUE;
    private boolean failures;
    private boolean leasesIgnored;

    HostKernels(
        final int host, final KernelWorld world, final Countdown countdown, final SplittableRandom random)
    {
        this.host = host;
        this.world = world;
        this.countdown = countdown;
        this.random = random;
    }

    /** Whether launches may fail. */
    void failures(final boolean on)
    {
        failures = on;
    }

    /** Makes supervisors do what they must not: to show that the simulation notices. */
    void ignoreLeases()
    {
        leasesIgnored = true;
    }

    /** The host's own time: workloads end by themselves, by signals, and with their lease. */
    void step(final long nowNs)
    {
        for (final Workload workload : workloads.values())
        {
            if (null != workload.end)
            {
                continue;
            }
            if (nowNs >= workload.killNs)
            {
                end(workload, KernelEnd.exited(KILLED_CODE));
            }
            else if (nowNs >= workload.endNs)
            {
                end(workload, KernelEnd.exited(workload.code));
            }
            else if (workload.leased && !leasesIgnored && nowNs > leaseUntilNs + workload.lagNs)
            {
                end(workload, KernelEnd.ended(ReportReason.LEASE_EXPIRED, KILLED_CODE, ""));
            }
        }
    }

    /** The machine starts again: nothing runs, and nobody knows how it ended. */
    void reboot()
    {
        for (final Workload workload : workloads.values())
        {
            if (null == workload.end)
            {
                end(workload, HOST_DIED);
            }
        }
    }

    /** Power is gone: nothing runs, and traces are left only of those that are named. */
    void powerCut(final Set<KernelKey> traces)
    {
        reboot();
        workloads.keySet().forEach(world::onErased);
        workloads.keySet().retainAll(traces);
        fenced.retainAll(traces);
        leaseUntilNs = Long.MIN_VALUE;
    }

    /** Kernels that have left traces: an end, or none yet. */
    Map<KernelKey, KernelEnd> copy()
    {
        final Map<KernelKey, KernelEnd> copy = new LinkedHashMap<>();
        workloads.values().forEach(workload -> copy.put(workload.key, workload.end));
        return copy;
    }

    /** Traces are as they were; none of those kernels runs. */
    void become(final Map<KernelKey, KernelEnd> copy, final Set<KernelKey> fences)
    {
        copy.forEach((key, end) ->
        {
            final Workload workload = new Workload(key);
            workload.end = null == end ? HOST_DIED : end;
            workload.ran = null == end || ReportReason.LAUNCH_FAILED != end.reason();
            workloads.put(key, workload);
        });
        fenced.addAll(fences);
    }

    /** The agent's process is gone; what it held is to be adopted by the next. */
    void onAgentGone()
    {
        held.clear();
    }

    @Override
    public String name()
    {
        return "simulated";
    }

    @Override
    public boolean tryLaunch(final KernelLaunch launch, final long nowNs)
    {
        final KernelKey key = launch.assignment().key();
        if (fenced.contains(key))
        {
            throw new SimulationException("launched although forestalled: " + key + " on host " + host);
        }
        final Workload workload = new Workload(key);
        workload.startNs = nowNs;
        workload.leased = null != launch.leaseFile();
        workload.lagNs = random.nextLong(SUPERVISOR_LAG_NS);
        if (launch.assignment().restartOnLoss() && !workload.leased)
        {
            throw new SimulationException("launched without a lease: " + key + " on host " + host);
        }
        held.add(key);
        if (failures && 0 == random.nextInt(LAUNCH_FAILS_ONE_IN))
        {
            workload.end = KernelEnd.failed(ReportReason.LAUNCH_FAILED, "no luck");
            workloads.put(key, workload);
            return true;
        }
        final List<String> command = launch.spec().command();
        workload.endNs = nowNs + launch.spec().simulatedNs();
        workload.code = 2 == command.size() && "exit".equals(command.get(0)) ? Integer.parseInt(command.get(1)) : 0;
        countdown.step();
        world.onStart(launch.assignment(), host);
        workload.ran = true;
        workloads.put(key, workload);
        countdown.step();
        return true;
    }

    @Override
    public boolean adopt(final Assignment assignment, final long nowNs)
    {
        final Workload workload = workloads.get(assignment.key());
        if (null == workload)
        {
            return false;
        }
        workload.startTold = false;
        workload.endTold = false;
        held.add(assignment.key());
        return true;
    }

    @Override
    public boolean forestall(final KernelKey key)
    {
        countdown.step();
        if (workloads.containsKey(key))
        {
            return false;
        }
        fenced.add(key);
        countdown.step();
        return true;
    }

    @Override
    public void kill(final KernelKey key, final long graceNs, final long nowNs)
    {
        final Workload workload = workloads.get(key);
        if (null != workload && null == workload.end && held.contains(key))
        {
            final long delayNs = 0 == graceNs ? 0 : random.nextLong(graceNs);
            workload.killNs = Math.min(workload.killNs, nowNs + delayNs);
        }
    }

    @Override
    public int poll(final KernelListener listener, final long nowNs)
    {
        int workCount = 0;
        for (final KernelKey key : new ArrayList<>(held))
        {
            final Workload workload = workloads.get(key);
            if (workload.ran && !workload.startTold)
            {
                workload.startTold = true;
                listener.onStarted(key, workload.startNs, "", "");
                workCount++;
            }
            if (null != workload.end && !workload.endTold)
            {
                workload.endTold = true;
                held.remove(key);
                listener.onEnded(key, workload.end);
                workCount++;
            }
        }
        return workCount;
    }

    @Override
    public int alive()
    {
        return held.size();
    }

    @Override
    public void discard(final KernelKey key)
    {
        held.remove(key);
    }

    @Override
    public void close()
    {
        held.clear();
    }

    @Override
    public Path path(final long clusterIdHi, final long clusterIdLo)
    {
        return Path.of("lease");
    }

    @Override
    public void write(final long clusterIdHi, final long clusterIdLo, final long untilNs)
    {
        countdown.step();
        leaseUntilNs = untilNs;
    }

    private void end(final Workload workload, final KernelEnd end)
    {
        workload.end = end;
        if (workload.ran)
        {
            world.onEnd(workload.key);
        }
    }

    private static final class Workload
    {
        private final KernelKey key;
        private long startNs;
        private long endNs = Long.MAX_VALUE;
        private long killNs = Long.MAX_VALUE;
        private long lagNs;
        private int code;
        private boolean leased;
        private boolean ran;
        private boolean startTold;
        private boolean endTold;
        private KernelEnd end;

        Workload(final KernelKey key)
        {
            this.key = key;
        }
    }
}
