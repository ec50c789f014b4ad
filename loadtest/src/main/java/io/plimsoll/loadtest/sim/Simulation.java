package io.plimsoll.loadtest.sim;

import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.JournalDamagedException;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalFullException;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.loadtest.workload.ClusterAudit;
import io.plimsoll.manager.link.AgentAuthority;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * One run of one plan: a time in which things go wrong, then a time in which everything works and all that was promised
 * has to come true. {@link Invariants} says what is checked, at every step and at the end. The same plan gives the same
 * run, to the last byte and message.
 */
public final class Simulation
{
    private static final long MILLISECOND_NS = SimTime.MILLISECOND_NS;
    private static final long SECOND_NS = SimTime.SECOND_NS;
    private static final long LIVENESS_NS = 3_600 * SECOND_NS;
    private static final long IDLE_STEP_NS = 50 * MILLISECOND_NS;
    private static final long JITTER_NS = 2 * MILLISECOND_NS;
    private static final int OPERATOR_ACTS_ONE_IN = 40;

    private final FaultPlan plan;
    private final SplittableRandom random;
    private final SimTime time = new SimTime();
    private final SimWorld world;
    private final KernelWorld kernels = new KernelWorld();
    private final Trace trace = new Trace();
    private final SimClient client;
    private final List<SimHost> hosts = new ArrayList<>();
    private final Invariants invariants;
    private final FaultInjector injector;
    private final Map<UUID, String> credentials = new HashMap<>();
    private final Map<FaultKind, Integer> faultCounts = new EnumMap<>(FaultKind.class);
    private final PriorityQueue<Ending> endings = new PriorityQueue<>();
    private final long startNs = time.nowNs();
    private SimManager manager;
    private long managerBackNs;
    private boolean healed;
    private int nextFault;
    private int nextWork;
    private long refusedStarts;
    private long losses;

    /**
     * Prepares the run of a seed.
     *
     * @param seed of the plan.
     */
    public Simulation(final long seed)
    {
        this(FaultPlan.of(seed));
    }

    /**
     * Prepares the run of a plan.
     *
     * @param plan to follow.
     */
    public Simulation(final FaultPlan plan)
    {
        this(plan, new SimWiring());
    }

    Simulation(final FaultPlan plan, final SimWiring wiring)
    {
        this.plan = plan;
        random = new SplittableRandom(plan.seed());
        final SimNetwork network = new SimNetwork(time, random.split(), plan.hosts(), trace);
        final SimUplink uplink = new SimUplink(time, network, random.split(), trace);
        world = new SimWorld(
            new SimClock(time, 5_000 * SECOND_NS), new SimDisk(), new Ledger(trace), network, uplink, wiring,
            random.split());
        client = new SimClient(time, wiring, world.ledger());
        for (int i = 0; i < plan.hosts(); i++)
        {
            final SimHost host = new SimHost(i, time, network, uplink, kernels, wiring, random.split());
            wiring.prepare(uplink, host.kernels());
            hosts.add(host);
        }
        invariants = new Invariants(world.ledger(), kernels, client);
        injector = new FaultInjector(this, world, hosts, time);
    }

    /**
     * Runs it.
     *
     * @return what happened.
     * @throws SimulationException if a rule was broken.
     */
    public Outcome run()
    {
        try
        {
            hosts.forEach(SimHost::start);
            while (sinceStartMs() < plan.safetyMs())
            {
                faultsAndWork();
                step();
            }
            heal();
            final long livenessEndNs = time.nowNs() + LIVENESS_NS;
            while (!isQuiet() || !trySettle())
            {
                if (time.nowNs() > livenessEndNs)
                {
                    throw new SimulationException("not over: " + describe());
                }
                step();
            }
            invariants.atEnd(manager, plan.seed());
            return outcome();
        }
        catch (final RuntimeException ex)
        {
            throw new SimulationException(
                "at " + sinceStartMs() + " ms, sequence " + world.ledger().committed() + ": " + ex.getMessage(), ex);
        }
    }

    /** Records that were committed; for looking into a failure. */
    public RecordTape tape()
    {
        return world.ledger().tape();
    }

    private Outcome outcome()
    {
        return new Outcome(
            world.ledger().committed(), manager.core().stateHash(), tape().hash(), trace.hash(), client.promises(),
            kernels.starts(), Map.copyOf(faultCounts), refusedStarts, losses, time.nowNs() - startNs);
    }

    private long sinceStartMs()
    {
        return (time.nowNs() - startNs) / MILLISECOND_NS;
    }

    private void step()
    {
        time.advance(nextStepNs());
        while (!endings.isEmpty() && endings.peek().atNs <= time.nowNs())
        {
            endings.poll().action.run();
        }
        if (null == manager)
        {
            startManager();
        }
        if (null != manager && time.nowNs() >= managerBackNs)
        {
            stepManager();
        }
        for (final SimHost host : hosts)
        {
            if (!host.isUp() && time.nowNs() >= host.backNs())
            {
                startAgent(host);
            }
            if (0 != random.nextInt(4))
            {
                host.step();
            }
            host.keepCopy();
        }
        invariants.atStep(manager);
    }

    /** To the next thing that happens, or a little past it, but never far. */
    private long nextStepNs()
    {
        final long dueNs = Math.min(world.network().nextDueNs(), world.uplink().nextDueNs());
        final long idleNs = Math.min(dueNs - time.nowNs(), IDLE_STEP_NS);
        return Math.max(0, idleNs) + 1 + random.nextLong(JITTER_NS);
    }

    private void startAgent(final SimHost host)
    {
        try
        {
            host.start();
        }
        catch (final ProcessEnd end)
        {
            host.crash(time.nowNs() + SECOND_NS);
        }
    }

    private void startManager()
    {
        if (time.nowNs() < managerBackNs)
        {
            return;
        }
        try
        {
            manager = new SimManager(world, plan.commitMode(), new Authority(), mayHaveLost());
        }
        catch (final ProcessEnd end)
        {
            endManager(time.nowNs() + random.nextLong(SECOND_NS));
            return;
        }
        catch (final JournalDamagedException ex)
        {
            onRefused(ex);
            return;
        }
        catch (final JournalFullException | java.io.UncheckedIOException ex)
        {
            endManager(time.nowNs() + SECOND_NS);
            return;
        }
        // Whoever has read them all has seen that they are not torn.
        injector.takesTorn();
        trace.add(time.nowNs(), -1, world.ledger().committed());
        if (manager.lostSome())
        {
            losses++;
            client.onLost(world.ledger().committed());
            invariants.onLost();
        }
        invariants.onManagerUp();
        world.network().onManagerUp();
    }

    /** A start that is refused is right if the files are not as they were written, and only then. */
    private void onRefused(final JournalException ex)
    {
        if (ex.getCause() instanceof RuntimeException cause)
        {
            // The files are as they were written, and what was read broke its reader.
            throw cause;
        }
        if (injector.takesTorn())
        {
            world.disk().cut();
        }
        else if (world.disk().isDamaged())
        {
            world.disk().repair();
        }
        else
        {
            throw new SimulationException("a start was refused although the files are good: " + ex.getMessage(), ex);
        }
        refusedStarts++;
        endManager(time.nowNs() + SECOND_NS);
    }

    CommitMode commitMode()
    {
        return plan.commitMode();
    }

    private boolean mayHaveLost()
    {
        return world.disk().mayBeDamaged() || injector.hasCutAsync();
    }

    private void stepManager()
    {
        try
        {
            if (manager.hasBegun())
            {
                client.retry(manager.stages());
                operate();
            }
            manager.step(injector.diskIsSlow());
        }
        catch (final ProcessEnd end)
        {
            endManager(time.nowNs() + random.nextLong(10 * SECOND_NS));
        }
    }

    /** The last that is written may be where a process was to end: then it starts once more. */
    private boolean trySettle()
    {
        try
        {
            manager.settle();
            return true;
        }
        catch (final ProcessEnd end)
        {
            endManager(time.nowNs() + SECOND_NS);
            return false;
        }
    }

    /** What operators do when they are asked to. */
    private void operate()
    {
        if (0 != random.nextInt(OPERATOR_ACTS_ONE_IN))
        {
            return;
        }
        if (manager.stages().view().lostTail())
        {
            if (0 == losses)
            {
                throw new SimulationException("the journal counts as cut short, but has lost nothing");
            }
            manager.stages().control().acceptLoss();
        }
        if (healed)
        {
            client.undrain(manager.stages());
            manager.stages().failovers().heldGroups().forEach(manager.stages().failovers()::release);
            invariants.askAboutOpen(manager.stages());
        }
    }

    private void faultsAndWork()
    {
        final long nowMs = sinceStartMs();
        while (nextFault < plan.faults().size() && plan.faults().get(nextFault).atMs() <= nowMs)
        {
            final Fault fault = plan.faults().get(nextFault++);
            faultCounts.merge(fault.kind(), 1, Integer::sum);
            trace.add(time.nowNs(), fault.kind().ordinal(), fault.parameter());
            injector.inject(fault);
        }
        while (nextWork < plan.work().size() && plan.work().get(nextWork).atMs() <= nowMs)
        {
            final Work work = plan.work().get(nextWork);
            if (null == manager || !manager.hasBegun())
            {
                // Nobody answers: they come back later.
                break;
            }
            nextWork++;
            client.act(work, manager.stages());
        }
    }

    /** The manager's process is gone; it starts again at that time. */
    void endManager(final long untilNs)
    {
        manager = null;
        world.disk().onProcessEnd();
        world.network().onManagerDown();
        world.uplink().onManagerDown();
        managerBackNs = untilNs;
    }

    /** The manager's process gets no time until then. */
    void pauseManager(final long untilNs)
    {
        managerBackNs = Math.max(managerBackNs, untilNs);
    }

    SimManager manager()
    {
        return manager;
    }

    /** Does something at that time. */
    void later(final long atNs, final Runnable action)
    {
        endings.add(new Ending(atNs, endings.size() + (long)nextFault << 20, action));
    }

    private void heal()
    {
        healed = true;
        while (!endings.isEmpty())
        {
            endings.poll().action.run();
        }
        world.disk().heal();
        managerBackNs = time.nowNs();
        for (final SimHost host : hosts)
        {
            host.freeze(0);
            host.kernels().failures(false);
            if (!host.isUp())
            {
                startAgent(host);
            }
        }
    }

    private boolean isQuiet()
    {
        return null != manager && manager.hasBegun() && hosts.stream().allMatch(SimHost::isActive) &&
            invariants.isQuiet() && client.isIdle() && !manager.stages().view().lostTail();
    }

    private String describe()
    {
        final ClusterAudit audit = invariants.audit();
        return "open=" + audit.openCount() + " " + audit.openIds(5) + " held=" + audit.heldCount() + " alive=" +
            kernels.alive() + " active=" + hosts.stream().filter(SimHost::isActive).count() + " of " + hosts.size() +
            (null == manager ? " no manager" : "");
    }

    private record Ending(long atNs, long number, Runnable action) implements Comparable<Ending>
    {
        @Override
        public int compareTo(final Ending that)
        {
            final int byTime = Long.compare(atNs, that.atNs);
            return 0 == byTime ? Long.compare(number, that.number) : byTime;
        }
    }

    private final class Authority implements AgentAuthority
    {
        @Override
        public boolean admits(final UUID uuid, final String credential)
        {
            return credential.equals(credentials.get(uuid));
        }

        @Override
        public String join(final UUID uuid, final String joinToken)
        {
            if (!SimHost.JOIN_TOKEN.equals(joinToken))
            {
                return null;
            }
            final String credential = "credential-" + uuid;
            credentials.put(uuid, credential);
            return credential;
        }
    }

    /**
     * What happened in a run.
     *
     * @param records       in the journal.
     * @param stateHash     of the core at the end.
     * @param journalHash   over all bytes of the journal.
     * @param traceHash     over all that was seen to happen.
     * @param promised      sessions accepted.
     * @param starts        of kernels.
     * @param faults        injected, by kind.
     * @param refusedStarts of the manager, on damaged files.
     * @param losses        that the manager noticed and nobody could have prevented.
     * @param simulatedNs   simulated time.
     */
    public record Outcome(
        long records,
        long stateHash,
        long journalHash,
        long traceHash,
        long promised,
        long starts,
        Map<FaultKind, Integer> faults,
        long refusedStarts,
        long losses,
        long simulatedNs)
    {
    }
}
