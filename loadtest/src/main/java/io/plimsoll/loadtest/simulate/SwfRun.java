package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.loadtest.swf.SwfJob;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs the jobs of a log on the real core: one machine of so many processors, each job a kernel that holds some of
 * them, its estimate the walltime limit.
 *
 * <p>What happens at one instant follows the published experiments, so that waits can be compared one by one. First
 * submissions, by id, with a pass after each; then ends, in the order in which the jobs were started, with a pass after
 * each. But a processor whose job has reached its estimate counts as free from the first pass of the instant on. So
 * jobs that end exactly at their estimate, and those alone, end before all else while the machine is suspect, which
 * keeps the core from placing anything; then comes the first submission, or the first end if it is none of these, and
 * then the machine returns, which is the first pass of the instant. Not so under predictive backfill, whose definition
 * has all ends of an instant after all submissions.
 */
public final class SwfRun implements VirtualCluster.Listener
{
    private static final String GROUP = "swf";
    private static final long CLOCK_MAX_NS = 1L << 62;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int CORE = 1000;
    /** Bounded slowdown counts no run as shorter than this. */
    private static final double SHORTEST_RUN_SECONDS = 10;

    private final VirtualCluster cluster;
    private final List<JobRun> jobs = new ArrayList<>();
    private final Map<Long, Integer> accountByUser = new HashMap<>();
    private final Map<Long, JobRun> byId = new HashMap<>();
    private final TreeMap<Long, List<JobRun>> endsByNs = new TreeMap<>();
    private final List<VirtualKernel> assigned = new ArrayList<>();
    private final VirtualAgent machine;
    private final boolean actualEstimates;
    private final boolean submissionsFirst;
    private int next;
    private long startNumber;

    /**
     * A log under a policy.
     *
     * @param log             jobs in order of arrival.
     * @param processors      of the machine.
     * @param policies        of the group; its name does not matter.
     * @param actualEstimates whether run times are known in advance, rather than what users asked for.
     * @param events          sees every event; null: nobody does.
     */
    public SwfRun(
        final List<SwfJob> log,
        final int processors,
        final GroupSpec policies,
        final boolean actualEstimates,
        final EventPrinter events)
    {
        this.actualEstimates = actualEstimates;
        submissionsFirst = Backfill.PREDICTIVE == policies.backfill();
        cluster = new VirtualCluster(this, events);
        cluster.start(0);
        cluster.configure(policies.named(GROUP), 0);
        machine = cluster.add(machine(GROUP, processors));
        cluster.join(machine, 0);
        for (final SwfJob job : log)
        {
            accountByUser.computeIfAbsent(job.user(), this::account);
            jobs.add(new JobRun(job));
        }
    }

    /** One machine of so many processors, and nothing else. */
    static AgentSpec machine(final String group, final int processors)
    {
        return new AgentSpec(
            "machine",
            group,
            "x86_64",
            0,
            List.of(
                new AgentSpec.Capacity("cpu", SlotKind.COUNT, (long)processors * CORE),
                new AgentSpec.Capacity("mem", SlotKind.COUNT, 0)),
            Map.of(),
            AgentSpec.NO_LIMIT,
            0);
    }

    private int account(final long user)
    {
        final int id = accountByUser.size() + 1;
        cluster.configure(
            new AccountSpec(id, 0, AccountLevel.USER, "user " + user, CORE, AccountSpec.Limits.NONE, 0), 0);
        return id;
    }

    /** Runs it to its end. */
    public SwfRun run()
    {
        boolean goesOn = true;
        while (goesOn)
        {
            final long submitNs = next < jobs.size() ? jobs.get(next).submitNs() : Long.MAX_VALUE;
            final long endNs = endsByNs.isEmpty() ? Long.MAX_VALUE : endsByNs.firstKey();
            final long nowNs = Math.min(submitNs, endNs);
            // What a timer starts may end before all else.
            if (!wakeBefore(nowNs))
            {
                goesOn = nowNs < Long.MAX_VALUE;
                instant(nowNs);
            }
        }
        return this;
    }

    /** Timers of the core between two instants of the log, up to the first by which a job starts: true. */
    private boolean wakeBefore(final long nowNs)
    {
        long deadlineNs = cluster.core().nextDeadlineNs();
        while (deadlineNs < nowNs && (nowNs < Long.MAX_VALUE || startNumber < jobs.size()))
        {
            final long atNs = Math.max(deadlineNs, cluster.core().nowNs());
            cluster.core().wake(atNs);
            if (!assigned.isEmpty())
            {
                startAssigned(atNs);
                return true;
            }
            deadlineNs = cluster.core().nextDeadlineNs();
        }
        return false;
    }

    private void instant(final long nowNs)
    {
        final List<JobRun> submitted = new ArrayList<>();
        while (next < jobs.size() && jobs.get(next).submitNs() == nowNs)
        {
            submitted.add(jobs.get(next++));
        }
        final List<JobRun> ended = endsByNs.containsKey(nowNs) ? endsByNs.remove(nowNs) : new ArrayList<>();
        ended.sort((left, right) -> Long.compare(left.startNumber, right.startNumber));
        final List<JobRun> expired = new ArrayList<>();
        final List<JobRun> early = new ArrayList<>();
        for (final JobRun job : ended)
        {
            final boolean isExpired = !submissionsFirst && job.job.runSeconds() == estimateSeconds(job.job);
            (isExpired ? expired : early).add(job);
        }
        if (!expired.isEmpty())
        {
            cluster.suspect(machine, nowNs);
            expired.forEach(job -> end(job, nowNs));
            if (!submitted.isEmpty())
            {
                submit(submitted.remove(0), nowNs);
            }
            else if (!early.isEmpty() && early.get(0).startNumber < expired.get(0).startNumber)
            {
                end(early.remove(0), nowNs);
            }
            cluster.returned(machine, nowNs);
            startAssigned(nowNs);
        }
        submitted.forEach(job -> submit(job, nowNs));
        early.forEach(job -> end(job, nowNs));
    }

    private void submit(final JobRun job, final long nowNs)
    {
        job.id = cluster.submit(session(job.job), VirtualCluster.AT_ONCE, new long[0], nowNs);
        if (0 == job.id)
        {
            throw new ScenarioException("job " + job.job.id() + " was refused: " + cluster.rejection());
        }
        byId.put(job.id, job);
        startAssigned(nowNs);
    }

    private void end(final JobRun job, final long nowNs)
    {
        cluster.exited(job.kernel, Reason.NONE, 0, nowNs);
        startAssigned(nowNs);
    }

    private void startAssigned(final long nowNs)
    {
        // Telling that one runs may lead to more assignments, so the list may grow meanwhile.
        for (int i = 0; i < assigned.size(); i++)
        {
            final VirtualKernel kernel = assigned.get(i);
            final JobRun job = byId.get(kernel.sessionId());
            job.kernel = kernel;
            job.startNs = nowNs;
            job.startNumber = ++startNumber;
            if (nowNs > CLOCK_MAX_NS - job.job.runSeconds() * SECOND_NS)
            {
                throw new ScenarioException("job " + job.job.id() + " would end more than 140 years from the start");
            }
            endsByNs.computeIfAbsent(nowNs + job.job.runSeconds() * SECOND_NS, ns -> new ArrayList<>()).add(job);
            cluster.running(kernel, nowNs);
        }
        assigned.clear();
    }

    private long estimateSeconds(final SwfJob job)
    {
        return actualEstimates ? job.runSeconds() : job.requestedSeconds();
    }

    private SessionSpec session(final SwfJob job)
    {
        return new SessionSpec(
            Long.toString(job.id()),
            job.submitSeconds() * SECOND_NS,
            accountByUser.get(job.user()),
            GROUP,
            SessionSpec.PRIORITY_DEFAULT,
            SessionType.BATCH,
            new SessionSpec.Request(1, (long)job.processors() * CORE, 0, List.of()),
            new SessionSpec.Rules(
                estimateSeconds(job) * SECOND_NS, 0, SessionSpec.Rules.USUAL.onLoss(),
                SessionSpec.Rules.USUAL.failurePolicy(), true),
            new SessionSpec.Behaviour(List.of(job.runSeconds() * SECOND_NS), List.of(0), 0, SessionSpec.NEVER),
            List.of(),
            List.of(),
            0);
    }

    /** Hash of the state of the core. */
    public long stateHash()
    {
        return cluster.stateHash();
    }

    /** Seconds that each job waited, in order of arrival; negative: it never started. */
    public long[] waits()
    {
        return jobs.stream().mapToLong(JobRun::waitSeconds).toArray();
    }

    /** A line {@code job,wait} for each job in order of arrival, under a header. */
    public List<String> csv()
    {
        final List<String> lines = new ArrayList<>();
        lines.add("job,wait");
        jobs.forEach(job -> lines.add(job.job.id() + "," + job.waitSeconds()));
        return lines;
    }

    /** What it came to, for a report: names and numbers. */
    public Map<String, Object> summary()
    {
        long sum = 0;
        long longest = 0;
        int atOnce = 0;
        for (final long wait : waits())
        {
            sum += wait;
            longest = Math.max(longest, wait);
            atOnce += 0 == wait ? 1 : 0;
        }
        final double count = Math.max(1, jobs.size());
        final Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("jobs", jobs.size());
        summary.put("meanBoundedSlowdown", BigDecimal.valueOf(boundedSlowdown()).setScale(4, RoundingMode.HALF_EVEN));
        summary.put("meanWaitSeconds", BigDecimal.valueOf(sum / count).setScale(2, RoundingMode.HALF_EVEN));
        summary.put("maxWaitSeconds", longest);
        summary.put("zeroWaitPercent", BigDecimal.valueOf(100 * atOnce / count).setScale(2, RoundingMode.HALF_EVEN));
        return summary;
    }

    /** Mean over all jobs of (wait + run) / run, no run counted as shorter than 10 s and no quotient as below 1. */
    public double boundedSlowdown()
    {
        double sum = 0;
        for (final JobRun job : jobs)
        {
            final double run = job.job.runSeconds();
            sum += Math.max(1, (job.waitSeconds() + run) / Math.max(run, SHORTEST_RUN_SECONDS));
        }
        return sum / Math.max(1, jobs.size());
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

    private static final class JobRun
    {
        private final SwfJob job;
        private long id;
        private VirtualKernel kernel;
        private long startNs = -1;
        private long startNumber;

        private JobRun(final SwfJob job)
        {
            this.job = job;
        }

        private long submitNs()
        {
            return job.submitSeconds() * SECOND_NS;
        }

        private long waitSeconds()
        {
            return startNs < 0 ? -1 : startNs / SECOND_NS - job.submitSeconds();
        }
    }
}
