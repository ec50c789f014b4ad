package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.swf.SwfJob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A window of a log on an empty machine, under the heuristics that RLScheduler (SC'20) was compared with. They commit
 * to the first of the queue and sort nothing anew until it runs, so they are a queue of the user's own in front of the
 * scheduler: what is picked is submitted to the real core, which starts it once it fits and lets nobody pass. With
 * backfilling, jobs that fit and end before the picked one is expected to start are submitted with a higher priority.
 */
public final class HeuristicRun implements VirtualCluster.Listener
{
    private static final String GROUP = GroupSpec.DEFAULT_NAME;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int CORE = 1000;
    private static final double SHORTEST_RUN_SECONDS = 10;
    private static final int PASSING = SessionSpec.PRIORITY_DEFAULT + 1;
    private static final Comparator<Running> BY_END = Comparator.comparingLong(Running::endSeconds);

    private final VirtualCluster cluster;
    private final List<SwfJob> window;
    private final Heuristic heuristic;
    private final boolean backfill;
    private final List<SwfJob> queue = new ArrayList<>();
    private final List<Running> running = new ArrayList<>();
    private final Map<Long, SwfJob> submitted = new HashMap<>();
    private final Map<SwfJob, Long> waits = new HashMap<>();
    private final List<VirtualKernel> assigned = new ArrayList<>();
    private int arrived;
    private int free;
    private long nowSeconds;

    /**
     * Of one window.
     *
     * @param window     jobs in order of their ids, which must be the order of arrival.
     * @param processors of the machine.
     * @param heuristic  that picks.
     * @param backfill   whether others may overtake the one that was picked.
     * @param events     sees every event; null: nobody does.
     */
    public HeuristicRun(
        final List<SwfJob> window,
        final int processors,
        final Heuristic heuristic,
        final boolean backfill,
        final EventPrinter events)
    {
        this.window = window;
        this.heuristic = heuristic;
        this.backfill = backfill;
        free = processors;
        nowSeconds = window.get(0).submitSeconds();
        cluster = new VirtualCluster(this, events);
        cluster.start(nowNs());
        cluster.configure(GroupSpec.usual(GROUP).withPolicies("fifo", null, "none"), nowNs());
        cluster.join(cluster.add(SwfRun.machine(GROUP, processors)), nowNs());
    }

    /** Runs it until all jobs have started. */
    public HeuristicRun run()
    {
        advance();
        while (!queue.isEmpty())
        {
            queue.sort(heuristic.order());
            final SwfJob picked = queue.remove(0);
            submit(picked, SessionSpec.PRIORITY_DEFAULT);
            if (!waits.containsKey(picked))
            {
                awaitStart(picked);
            }
            while (queue.isEmpty() && arrived < window.size())
            {
                advance();
            }
        }
        return this;
    }

    private void awaitStart(final SwfJob picked)
    {
        final long reservedSeconds = reservation(picked);
        while (!waits.containsKey(picked))
        {
            if (backfill)
            {
                overtake(reservedSeconds);
            }
            advance();
        }
    }

    private void overtake(final long reservedSeconds)
    {
        final List<SwfJob> candidates = new ArrayList<>(queue);
        candidates.sort(Comparator.comparingLong(SwfJob::submitSeconds));
        for (final SwfJob job : candidates)
        {
            if (job.processors() <= free && nowSeconds + job.requestedSeconds() < reservedSeconds)
            {
                queue.remove(job);
                submit(job, PASSING);
            }
        }
    }

    /** When the picked one could start if all ended when they are expected to. */
    private long reservation(final SwfJob picked)
    {
        final List<Running> byEstimate = new ArrayList<>(running);
        byEstimate.sort(Comparator.comparingLong(Running::estimatedEndSeconds));
        int available = free;
        long reservedSeconds = nowSeconds;
        for (int i = 0; available < picked.processors(); i++)
        {
            available += byEstimate.get(i).job().processors();
            reservedSeconds = byEstimate.get(i).estimatedEndSeconds();
        }
        return reservedSeconds;
    }

    /** One event: the next arrival, or the next end if that is earlier. */
    private void advance()
    {
        final long endSeconds = running.isEmpty() ? Long.MAX_VALUE : running.get(0).endSeconds();
        if (arrived < window.size() && window.get(arrived).submitSeconds() <= endSeconds)
        {
            nowSeconds = Math.max(nowSeconds, window.get(arrived).submitSeconds());
            queue.add(window.get(arrived));
            arrived++;
        }
        else
        {
            nowSeconds = Math.max(nowSeconds, endSeconds);
            final Running ended = running.remove(0);
            free += ended.job().processors();
            cluster.exited(ended.kernel(), Reason.NONE, 0, nowNs());
            startAssigned();
        }
    }

    private void submit(final SwfJob job, final int priority)
    {
        final long id =
            cluster.submit(session(job, priority), VirtualCluster.AT_ONCE, new long[0], nowNs());
        if (0 == id)
        {
            throw new ScenarioException("job " + job.id() + " was refused: " + cluster.rejection());
        }
        submitted.put(id, job);
        startAssigned();
    }

    private void startAssigned()
    {
        // Telling that one runs may lead to more assignments, so the list may grow meanwhile.
        for (int i = 0; i < assigned.size(); i++)
        {
            final VirtualKernel kernel = assigned.get(i);
            final SwfJob job = submitted.get(kernel.sessionId());
            free -= job.processors();
            waits.put(job, nowSeconds - job.submitSeconds());
            running.add(new Running(job, kernel, nowSeconds));
            running.sort(BY_END);
            cluster.running(kernel, nowNs());
        }
        assigned.clear();
    }

    private static SessionSpec session(final SwfJob job, final int priority)
    {
        return new SessionSpec(
            Long.toString(job.id()),
            job.submitSeconds() * SECOND_NS,
            AccountSpec.NOBODY,
            GROUP,
            priority,
            SessionType.BATCH,
            new SessionSpec.Request(1, (long)job.processors() * CORE, 0, List.of()),
            SessionSpec.Rules.USUAL,
            new SessionSpec.Behaviour(List.of(job.runSeconds() * SECOND_NS), List.of(0), 0, SessionSpec.NEVER),
            List.of(),
            List.of(),
            0);
    }

    private long nowNs()
    {
        return nowSeconds * SECOND_NS;
    }

    /** Hash of the state of the core. */
    public long stateHash()
    {
        return cluster.stateHash();
    }

    /** Seconds that each job waited, in order of the window. */
    public long[] waits()
    {
        return window.stream().mapToLong(waits::get).toArray();
    }

    /** Mean over all jobs of (wait + run) / run, no run counted as shorter than 10 s and no quotient as below 1. */
    public double boundedSlowdown()
    {
        double sum = 0;
        for (final SwfJob job : window)
        {
            final double run = job.runSeconds();
            sum += Math.max(1, (waits.get(job) + run) / Math.max(run, SHORTEST_RUN_SECONDS));
        }
        return sum / window.size();
    }

    @Override
    public void onAssigned(final VirtualKernel kernel)
    {
        assigned.add(kernel);
    }

    @Override
    public void onSession(
        final long sessionId, final LifeState state, final Result result, final Reason reason, final int attempt)
    {
        // Starts and ends are known by their kernels.
    }

    @Override
    public void onKill(final VirtualKernel kernel, final Reason reason)
    {
        throw new IllegalStateException("kernelId=" + kernel.kernelId() + " reason=" + reason + ": no job overruns");
    }

    private record Running(SwfJob job, VirtualKernel kernel, long startSeconds)
    {
        long endSeconds()
        {
            return startSeconds + job.runSeconds();
        }

        long estimatedEndSeconds()
        {
            return startSeconds + job.requestedSeconds();
        }
    }
}
