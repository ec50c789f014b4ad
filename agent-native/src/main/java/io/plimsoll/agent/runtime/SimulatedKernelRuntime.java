package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Kernels without processes: each ends after {@code LaunchSpec.simulatedNs} with code 0, or with N if its command is
 * {@code exit N}. Time is what it is told.
 */
public final class SimulatedKernelRuntime implements KernelRuntime
{
    private static final int KILLED_CODE = 143;

    private final Map<KernelKey, Simulated> held = new HashMap<>();
    private final PriorityQueue<Simulated> byEnd = new PriorityQueue<>();
    private final ArrayDeque<Simulated> starting = new ArrayDeque<>();
    private final KernelWatch watch;
    private long launched;

    /** Kernels that nobody counts. */
    public SimulatedKernelRuntime()
    {
        this(KernelWatch.NONE);
    }

    /**
     * Kernels that somebody counts.
     *
     * @param watch told of each that starts, and of its end.
     */
    public SimulatedKernelRuntime(final KernelWatch watch)
    {
        this.watch = watch;
    }

    @Override
    public String name()
    {
        return "simulated";
    }

    @Override
    public boolean tryLaunch(final KernelLaunch launch, final long nowNs)
    {
        final Simulated kernel = new Simulated(
            launch.assignment(), launched++, nowNs + launch.spec().simulatedNs(), code(launch.spec().command()));
        held.put(kernel.assignment.key(), kernel);
        starting.add(kernel);
        return true;
    }

    /** What ran in an earlier life went with it, so it never started: kernels of this runtime have no traces. */
    @Override
    public boolean adopt(final Assignment assignment, final long nowNs)
    {
        return held.containsKey(assignment.key());
    }

    @Override
    public boolean forestall(final KernelKey key)
    {
        return !held.containsKey(key);
    }

    @Override
    public void kill(final KernelKey key, final long graceNs, final long nowNs)
    {
        final Simulated kernel = held.get(key);
        if (null != kernel && !kernel.killed)
        {
            byEnd.remove(kernel);
            kernel.killed = true;
            kernel.endNs = nowNs;
            kernel.code = KILLED_CODE;
            if (kernel.started)
            {
                byEnd.add(kernel);
            }
        }
    }

    @Override
    public int poll(final KernelListener listener, final long nowNs)
    {
        int workCount = 0;
        while (!starting.isEmpty())
        {
            final Simulated kernel = starting.poll();
            workCount++;
            if (kernel.killed)
            {
                held.remove(kernel.assignment.key());
                listener.onEnded(
                    kernel.assignment.key(),
                    KernelEnd.failed(ReportReason.NEVER_STARTED, "killed before its start"));
                continue;
            }
            kernel.started = true;
            byEnd.add(kernel);
            watch.onStarted(
                kernel.assignment.sessionId(), kernel.assignment.kernelIndex(), kernel.assignment.key().attempt());
            listener.onStarted(
                kernel.assignment.key(), nowNs, "", Seating.devices(kernel.assignment, Seat.NONE));
        }
        while (!byEnd.isEmpty() && byEnd.peek().endNs <= nowNs)
        {
            final Simulated kernel = byEnd.poll();
            workCount++;
            held.remove(kernel.assignment.key());
            watch.onEnded(
                kernel.assignment.sessionId(), kernel.assignment.kernelIndex(), kernel.assignment.key().attempt(),
                kernel.code);
            listener.onEnded(kernel.assignment.key(), KernelEnd.exited(kernel.code));
        }
        return workCount;
    }

    @Override
    public long idleUntilNs()
    {
        if (!starting.isEmpty())
        {
            return Long.MIN_VALUE;
        }
        return byEnd.isEmpty() ? Long.MAX_VALUE : byEnd.peek().endNs;
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

    private static int code(final List<String> command)
    {
        return null != command && 2 == command.size() && "exit".equals(command.get(0)) ?
            Integer.parseInt(command.get(1)) & 0xff : 0;
    }

    /** In the order of their ends, then of their launches. */
    private static final class Simulated implements Comparable<Simulated>
    {
        private final Assignment assignment;
        private final long number;
        private long endNs;
        private int code;
        private boolean started;
        private boolean killed;

        Simulated(final Assignment assignment, final long number, final long endNs, final int code)
        {
            this.assignment = assignment;
            this.number = number;
            this.endNs = endNs;
            this.code = code;
        }

        @Override
        public int compareTo(final Simulated that)
        {
            final int byEnd = Long.compare(endNs, that.endNs);
            return 0 == byEnd ? Long.compare(number, that.number) : byEnd;
        }
    }
}
