package io.plimsoll.loadtest.virtual;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.jobs.Draws;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.simulate.AccountSpec;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.SessionSpec;
import io.plimsoll.loadtest.simulate.VirtualAgent;
import io.plimsoll.loadtest.simulate.VirtualCluster;
import io.plimsoll.loadtest.simulate.VirtualKernel;
import io.plimsoll.loadtest.virtual.Agenda.Entry;
import io.plimsoll.loadtest.virtual.Agenda.Kind;
import io.plimsoll.loadtest.virtual.MachineFaults.Renewal;
import io.plimsoll.loadtest.virtual.UsageCurve.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Runs a workload on a fleet under the real core in virtual time: the same input, the same output, on any machine. One
 * thread; runs do not know of each other, so that each may have a thread of its own.
 *
 * <p>At one instant kernels start, then what is to be ended ends, machines are repaired, kernels end, machines fail,
 * and sessions arrive, each in the order in which it was foreseen; the scheduler looks at its queue after each of
 * these. The kernels of a session do their work together: its duration begins when the last of them runs. When no
 * machine of the fleet names a group, all sessions share one pool, whatever groups their workload tells of.
 */
public final class ClusterRun implements VirtualCluster.Listener
{
    /** It runs until nothing more can happen. */
    public static final long TO_THE_END = Long.MAX_VALUE;
    private static final long SET_UP_NS = -2;
    private static final int EXIT_CODE_KILLED = 143;
    private static final int CURVE_INTERVALS = 400;
    private static final long CURVE_INTERVAL_MIN_NS = 1_000_000_000L;
    /** Hours of the day are to be told apart. */
    private static final long CURVE_INTERVAL_MAX_NS = 3_600_000_000_000L;
    /** Times that each machine may come back without anything else happening before the rest is given up. */
    private static final int ROUNDS_IN_VAIN = 3;
    /** Sessions that have ended before the core forgets them; their figures are kept elsewhere. */
    private static final int ENDED_REMEMBERED = 1000;
    /** Steps between two looks of those who watch; a power of two. */
    private static final int TELL_EVERY = 1 << 12;

    private final Workload workload;
    private final Fleet fleet;
    private final RunSetup setup;
    private final boolean isPool;
    private final VirtualCluster cluster;
    private final boolean isOwned;
    private final boolean isPredictive;
    private final Agenda agenda = new Agenda();
    private final SessionLog log = new SessionLog();
    private final RunUsage usage;
    private final RunMachines machines;
    private final Draws delays;
    private final Set<String> pulled = new HashSet<>();
    private final Owners owners = new Owners();
    private final Awaited awaited;
    private final Int2ObjectHashMap<Attempt> attempts = new Int2ObjectHashMap<>();
    /** By session: run time that need not be done again. */
    private final Map<Integer, Long> keptNs = new HashMap<>();
    private final List<VirtualKernel> assigned = new ArrayList<>();
    private final Map<String, Long> refusals = new HashMap<>();
    private int[] sessionById = new int[1024];
    private int submitting = -1;
    private int next;
    private long nowNs = SET_UP_NS;
    private int waiting;
    private int repairsInVain;
    private DoubleConsumer progress;
    private boolean isWatched;

    /**
     * A run that has not begun.
     *
     * @param workload that comes.
     * @param fleet    that it comes to.
     * @param setup    of the rest.
     */
    public ClusterRun(final Workload workload, final Fleet fleet, final RunSetup setup)
    {
        this.workload = setup.rules().isLog() ? Oversize.without(workload, fleet) : workload;
        this.fleet = fleet;
        this.setup = setup;
        isPool = fleet.machines().stream().allMatch(machine -> machine.kind().group().isEmpty());
        cluster = new VirtualCluster(this, ENDED_REMEMBERED);
        awaited = new Awaited(this.workload, log);
        isOwned = setup.isOwned();
        isPredictive = setup.policies().stream().anyMatch(policy -> Backfill.PREDICTIVE == policy.backfill());
        delays = new Draws(setup.seed(), -1);
        final long intervalNs = (workload.lastArrivalNs() + CURVE_INTERVALS) / CURVE_INTERVALS;
        usage = new RunUsage(Math.min(CURVE_INTERVAL_MAX_NS, Math.max(CURVE_INTERVAL_MIN_NS, intervalNs)));
        machines = new RunMachines(setup, cluster, agenda, usage);
        if (fleet.machines().isEmpty())
        {
            throw new IllegalArgumentException("fleet: has no machines");
        }
    }

    /** Keeps what it looks like over time too, which {@link RunSeries} tells; before it begins. */
    public ClusterRun watched()
    {
        isWatched = true;
        return this;
    }

    /** Tells somebody which part of its sessions have come, now and then; before it begins. */
    public ClusterRun telling(final DoubleConsumer listener)
    {
        progress = listener;
        return this;
    }

    /** Runs it to its end. */
    public ClusterRun run()
    {
        setUp();
        int steps = 0;
        while (step())
        {
            settle();
            if (null != progress && 0 == (++steps & TELL_EVERY - 1))
            {
                progress.accept((double)next / Math.max(1, workload.size()));
            }
        }
        return this;
    }

    /** What became of sessions. */
    public SessionLog sessions()
    {
        return log;
    }

    /** What was used. */
    public UsageCurve curve()
    {
        return usage.curve();
    }

    /** What was used, by group of machines; empty where all are one pool. */
    Map<String, UsageCurve> curves()
    {
        return usage.curves();
    }

    /** What it looked like over time; null unless it was watched. */
    RunWatch watch()
    {
        return usage.watch();
    }

    public Workload workload()
    {
        return workload;
    }

    public Fleet fleet()
    {
        return fleet;
    }

    /** When the last thing happened. */
    public long endNs()
    {
        return Math.max(0, nowNs);
    }

    /** Hash of the state of the core: equal runs, equal hashes. */
    public long stateHash()
    {
        return cluster.stateHash();
    }

    /** What the core takes: no more for sessions that ended long ago. */
    public long coreMemoryBytes()
    {
        return cluster.memoryBytes();
    }

    /** Sessions that were refused, by what the scheduler said. */
    public Map<String, Long> refusals()
    {
        return refusals;
    }

    /* Setting up. */

    private void setUp()
    {
        cluster.start(SET_UP_NS);
        final List<AgentSpec> agents = fleet.toAgents(GroupSpec.DEFAULT_NAME);
        if (isWatched)
        {
            usage.watch(new RunWatch(fleet, agents, workload, isPool, cluster::waitsFor));
        }
        final Set<String> groups = groups(agents);
        usage.split(groups);
        groups.forEach(group -> cluster.configure(setup.policiesOf(group), SET_UP_NS));
        agents.forEach(spec -> machines.add(spec, SET_UP_NS));
        if (isOwned)
        {
            workload.tenants().forEach(tenant -> owners.of(tenant, isPool));
            owners.accounts().forEach(account -> cluster.configure(account, SET_UP_NS));
        }
        machines.foresee();
    }

    private Set<String> groups(final List<AgentSpec> agents)
    {
        final Set<String> groups = new LinkedHashSet<>();
        agents.forEach(agent -> groups.add(agent.group()));
        if (!isPool)
        {
            workload.tenants().forEach(tenant -> groups.add(groupOf(tenant.group())));
        }
        return groups;
    }

    private String groupOf(final String told)
    {
        return isPool || told.isEmpty() ? GroupSpec.DEFAULT_NAME : told;
    }

    /* What happens. */

    /** Lets the next thing happen; false if nothing more will. */
    private boolean step()
    {
        final long arrivalNs = next < workload.size() ? workload.arrivalNs(next) : Agenda.NEVER;
        final long foreseenNs = Math.min(arrivalNs, agenda.nextNs());
        final long deadlineNs = cluster.nextDeadlineNs();
        final long atNs = Math.max(nowNs, Math.min(foreseenNs, deadlineNs));
        if (Agenda.NEVER == atNs || atNs > setup.untilNs() || isOver(arrivalNs, deadlineNs))
        {
            return false;
        }
        nowNs = atNs;
        usage.passTo(Math.max(0, nowNs));
        // What is due at the time of a command expires with that command.
        if (deadlineNs < foreseenNs)
        {
            cluster.wake(nowNs);
        }
        else if (setup.rules().isLog())
        {
            instant();
        }
        else if (agenda.nextNs() <= arrivalNs)
        {
            happen(agenda.poll());
        }
        else
        {
            arrive(next++);
        }
        return true;
    }

    /** Whether there is nothing left but machines that fail and come back, and those who wait cannot use them. */
    private boolean isOver(final long arrivalNs, final long deadlineNs)
    {
        return Agenda.NEVER == arrivalNs && Agenda.NEVER == deadlineNs && !agenda.hasKernels() &&
            (0 == waiting || repairsInVain > ROUNDS_IN_VAIN * machines.size() ||
                machines.areUp() && setup.faults() instanceof Renewal);
    }

    /**
     * An instant of a log: submissions in their order, then ends in the order of the starts, the scheduler looks at its
     * queue after each. But what has reached its limit is over before the first of these, and its machine gets nothing
     * until then. Not so under predictive backfill, whose definition has all ends after all submissions.
     */
    private void instant()
    {
        if (agenda.nextNs() == nowNs && Kind.END != agenda.nextKind())
        {
            happen(agenda.poll());
            return;
        }
        final List<Entry> ends = agenda.ends(nowNs);
        final List<Entry> expired = new ArrayList<>(ends);
        expired.removeIf(entry -> !((End)entry.subject()).isAtLimit);
        ends.removeAll(expired);
        if (!expired.isEmpty())
        {
            final Set<VirtualAgent> held = new LinkedHashSet<>();
            expired.forEach(entry -> held.add(((End)entry.subject()).kernel.agent()));
            held.forEach(machine -> cluster.suspect(machine, nowNs));
            expired.forEach(this::happen);
            if (isArrivalDue())
            {
                arrive(next++);
            }
            else if (!ends.isEmpty() && ends.get(0).number() < expired.get(0).number())
            {
                happen(ends.remove(0));
            }
            held.forEach(machine -> cluster.returned(machine, nowNs));
            settle();
        }
        while (isArrivalDue())
        {
            arrive(next++);
            settle();
        }
        for (final Entry end : ends)
        {
            happen(end);
            settle();
        }
    }

    private boolean isArrivalDue()
    {
        return next < workload.size() && workload.arrivalNs(next) == nowNs;
    }

    private void happen(final Entry entry)
    {
        switch (entry.kind())
        {
            case START -> start((VirtualKernel)entry.subject());
            case KILL -> kill((End)entry.subject());
            case END -> end((End)entry.subject());
            case REPAIR -> repair((VirtualAgent)entry.subject());
            case FAIL -> machines.fail((VirtualAgent)entry.subject(), nowNs);
            default -> throw new IllegalStateException("kind=" + entry.kind());
        }
    }

    private void arrive(final int index)
    {
        final Job job = workload.job(index);
        final int owner = isOwned ? owners.of(job.tenant(), isPool) : AccountSpec.NOBODY;
        final Awaited.Wait wait = setup.rules().isLog() ? Awaited.Wait.NONE : awaited.waitOf(job);
        repairsInVain = 0;
        if (wait.isInVain())
        {
            cancel(job, index);
            return;
        }
        final int first = log.size();
        final long[] ids = new long[job.elements()];
        for (int element = 0; element < job.elements(); element++)
        {
            final Job told = setup.rules().isRunTimeKnown() && job.life(element).durationNs() > 0 ?
                job.withLimit(job.life(element).durationNs()) : job;
            final SessionSpec spec =
                told.after(wait.open()).toSession(element, owner, GroupSpec.DEFAULT_NAME, 0)
                    .in(groupOf(job.tenant().group()));
            submitting = log.add(index, element, job.arrivalNs());
            countWaiting(submitting, 1);
            final long id = cluster.submit(spec, VirtualCluster.AT_ONCE, wait.ids(), nowNs);
            if (0 == id)
            {
                log.refused(submitting, nowNs);
                refusals.merge(cluster.rejectionCode(), 1L, Long::sum);
                countWaiting(submitting, -1);
            }
            else
            {
                remember(id, submitting);
                usage.waits(id, LifeState.PENDING == log.state(submitting));
            }
            ids[element] = id;
            submitting = -1;
        }
        awaited.came(job.name(), first, ids);
    }

    /** What it waits for has ended otherwise than it should, so long ago that the scheduler may have forgotten it. */
    private void cancel(final Job job, final int index)
    {
        final int first = log.size();
        for (int element = 0; element < job.elements(); element++)
        {
            log.advanced(log.add(index, element, job.arrivalNs()), LifeState.CANCELLED, 0, nowNs);
        }
        awaited.came(job.name(), first, new long[job.elements()]);
    }

    private void remember(final long id, final int session)
    {
        if (id >= sessionById.length)
        {
            sessionById = Arrays.copyOf(sessionById, Math.toIntExact(Math.max(id + 1, sessionById.length * 2L)));
        }
        sessionById[(int)id] = session + 1;
    }

    private int session(final long id)
    {
        final int known = id < sessionById.length ? sessionById[(int)id] - 1 : -1;
        return known < 0 ? submitting : known;
    }

    private void countWaiting(final int session, final int change)
    {
        waiting += change;
        usage.waiting(groupOf(workload.tenant(log.job(session)).group()), change);
    }

    /** What was placed starts, at once or after a while; that may lead to more. */
    private void settle()
    {
        for (int i = 0; i < assigned.size(); i++)
        {
            final VirtualKernel kernel = assigned.get(i);
            final long delayNs = delayNs(kernel);
            if (0 == delayNs)
            {
                start(kernel);
            }
            else
            {
                agenda.add(nowNs + delayNs, Kind.START, kernel);
            }
        }
        assigned.clear();
    }

    private long delayNs(final VirtualKernel kernel)
    {
        if (StartDelays.NONE == setup.delays())
        {
            return 0;
        }
        final String user = workload.tenant(log.job(session(kernel.sessionId()))).name();
        final boolean isFirst = pulled.add(kernel.agent().spec().name() + " " + user);
        return Agenda.nanos(setup.delays().start().draw(delays) + (isFirst ? setup.delays().pull().draw(delays) : 0));
    }

    private void start(final VirtualKernel kernel)
    {
        if (kernel.isGone())
        {
            return;
        }
        final int session = session(kernel.sessionId());
        log.started(session, nowNs);
        cluster.running(kernel, nowNs);
        final Job job = workload.job(log.job(session));
        final Attempt attempt = attempts.get(session);
        if (null != attempt && attempt.started(job.request().kernelCount(), nowNs))
        {
            foreseeEnd(session, job, attempt);
        }
    }

    private void foreseeEnd(final int session, final Job job, final Attempt attempt)
    {
        final long durationNs = job.life(log.element(session)).durationNs();
        final boolean isEndless = durationNs < 0 || Job.FOREVER == durationNs;
        final long againNs = log.attempts(session) > 1 ? setup.rework().restartNs() : 0;
        final long leftNs = isEndless ?
            Job.FOREVER : Math.max(0, durationNs - keptNs.getOrDefault(session, 0L)) + againNs;
        final boolean isCut = job.limitNs() > 0 && job.limitNs() < leftNs;
        if (isEndless && !isCut)
        {
            return;
        }
        final int exitCode = isCut ? EXIT_CODE_KILLED : job.life(log.element(session)).exitCode();
        for (final VirtualKernel kernel : attempt.kernels())
        {
            agenda.add(
                nowNs + (isCut ? job.limitNs() : leftNs),
                Kind.END,
                new End(kernel, isCut ? Reason.WALLTIME : Reason.NONE, exitCode, isAtLimit(job, leftNs)));
        }
    }

    private boolean isAtLimit(final Job job, final long leftNs)
    {
        return setup.rules().isLog() && !isPredictive &&
            (setup.rules().isRunTimeKnown() || job.limitNs() > 0 && job.limitNs() <= leftNs);
    }

    private void end(final End end)
    {
        if (!end.kernel.isGone())
        {
            repairsInVain = 0;
            usage.release(end.kernel);
            cluster.exited(end.kernel, end.reason, end.exitCode, nowNs);
        }
    }

    private void kill(final End end)
    {
        if (end.kernel.isGone())
        {
            return;
        }
        usage.release(end.kernel);
        if (end.kernel.hasStarted())
        {
            cluster.exited(end.kernel, end.reason, EXIT_CODE_KILLED, nowNs);
        }
        else
        {
            cluster.failed(end.kernel, Reason.NEVER_STARTED, nowNs);
        }
    }

    private void repair(final VirtualAgent machine)
    {
        repairsInVain++;
        machines.repair(machine, nowNs);
    }

    /* What the core decides. */

    @Override
    public void onAssigned(final VirtualKernel kernel)
    {
        usage.hold(kernel);
        assigned.add(kernel);
        final int session = session(kernel.sessionId());
        Attempt attempt = attempts.get(session);
        if (null == attempt)
        {
            attempt = new Attempt();
            attempts.put(session, attempt);
        }
        attempt.add(kernel);
    }

    @Override
    public void onSession(
        final long sessionId, final LifeState state, final Result result, final Reason reason, final int attempt)
    {
        final int session = session(sessionId);
        final LifeState before = log.state(session);
        final boolean waited = LifeState.PENDING == before;
        final boolean waits = LifeState.PENDING == state;
        if (waited != waits)
        {
            countWaiting(session, waits ? 1 : -1);
            usage.waits(sessionId, waits);
        }
        final boolean runs = !waits && !SessionLog.isTerminal(state);
        final boolean ran = !waited && !SessionLog.isTerminal(before);
        usage.change(Line.RUNNING, (runs ? 1 : 0) - (ran ? 1 : 0));
        log.advanced(session, state, attempt, nowNs);
        if (Result.SUCCESS == result && SessionLog.isTerminal(state))
        {
            awaited.succeeded(session);
        }
        if (!runs)
        {
            if (!waits)
            {
                keptNs.remove(session);
            }
            final Attempt over = attempts.remove(session);
            if (waits && null != over)
            {
                keptNs.merge(session, setup.rework().keptNs(over.ranNs(nowNs)), Long::sum);
            }
        }
    }

    @Override
    public void onKill(final VirtualKernel kernel, final Reason reason)
    {
        agenda.add(nowNs, Kind.KILL, new End(kernel, reason, EXIT_CODE_KILLED, false));
    }

    private record End(VirtualKernel kernel, Reason reason, int exitCode, boolean isAtLimit)
    {
    }
}
