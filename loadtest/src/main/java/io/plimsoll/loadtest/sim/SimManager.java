package io.plimsoll.loadtest.sim;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.FatalHandler;
import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.journal.ByteFileStorage;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalDamagedException;
import io.plimsoll.journal.JournalFullException;
import io.plimsoll.journal.JournalRestorer;
import io.plimsoll.journal.JournalUnforcedException;
import io.plimsoll.journal.Retention;
import io.plimsoll.journal.SnapshotReader;
import io.plimsoll.manager.ManagerClocks;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.manager.ManagerPorts;
import io.plimsoll.manager.ManagerStages;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.link.AgentAuthority;
import io.plimsoll.manager.snapshot.RestoredManager;
import io.plimsoll.manager.snapshot.SnapshotOptions;
import io.plimsoll.manager.snapshot.SnapshotStage;
import io.plimsoll.manager.view.JournalRecords;
import io.plimsoll.manager.view.RecordSource;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.agrona.concurrent.Agent;

/** One life of the manager's process: restored from the disk, then stepped until it ends. */
final class SimManager
{
    static final UUID CLUSTER_ID = new UUID(0x706c696dL, 0x736f6c6cL);

    private static final int RING_SIZE = 64;
    private static final int RECORD_BUFFER_LENGTH = 1 << 20;
    private static final int SEGMENT_LENGTH = 24 << 10;
    private static final int SETTLED_CYCLES = 100;
    private static final SnapshotOptions SNAPSHOTS =
        new SnapshotOptions(40 * SimTime.SECOND_NS, 120, new Retention(2, 0, 0));

    private final SchedulerCore core;
    private final Journal journal;
    private final ManagerStages stages;
    private final SnapshotStage snapshots;
    private final Agent[] cycles;
    private final SimDisk disk;
    private final SplittableRandom random;
    private boolean lostSome;
    private Throwable failure;
    private int exitCode;

    SimManager(
        final SimWorld world, final CommitMode commitMode, final AgentAuthority authority, final boolean mayLose)
    {
        random = world.random().split();
        disk = world.disk();
        journal = Journal.open(
            new JournalContext().commitMode(commitMode).segmentLength(SEGMENT_LENGTH).newClusterId(CLUSTER_ID),
            new ByteFileStorage(world.wiring().files(world.disk()), commitMode));
        final Restoring restoring = new Restoring(world);
        journal.restore(restoring);
        core = restoring.restored.core();
        restoring.compare();
        lostSome = world.ledger().endRestore(world.wiring().journal(journal.startWriting()), mayLose);
        final RestoredView view = restoring.restored.view();
        final RecordSource records = new JournalRecords(journal, view.view()::sequence);
        final SimClock clock = world.clock();
        stages = new ManagerStages(
            context(),
            new ManagerPorts(
                CLUSTER_ID,
                world.wiring().core(restoring.restored.hosted()),
                world.ledger(),
                records,
                journal::reserveKept,
                world.wiring().links(world.network()),
                world.wiring().uplink(world.uplink()),
                authority),
            view,
            new ManagerClocks(clock::epochNs, clock::nowNs, this::fill),
            () ->
            {
            },
            (code, cause) ->
            {
                exitCode = code;
                failure = cause;
            });
        snapshots = new SnapshotStage(
            SNAPSHOTS, SimWorld.CORE_OPTIONS, stages.pipeline(), journal.snapshots(), records,
            stages.view()::sequence, clock::epochNs, clock::nowNs);
        cycles = new Agent[]
        {
            stages.pipeline().coreStage(), stages.pipeline().journalStage(), stages.pipeline().egressStage(),
            stages.ioStage(), stages.feedStage(), snapshots
        };
    }

    /** Lost after 20 s of silence, suspect after 3 s. */
    private static ManagerContext context()
    {
        final ManagerContext context = new ManagerContext()
            .coreOptions(SimWorld.CORE_OPTIONS)
            .ringSize(RING_SIZE)
            .recordBufferLength(RECORD_BUFFER_LENGTH)
            .threadingMode(ThreadingMode.SHARED)
            .liveness(SimTime.SECOND_NS, 3 * SimTime.SECOND_NS, 20 * SimTime.SECOND_NS)
            .build("sim");
        context.groups().put(SimClient.GPU_GROUP, Map.of());
        return context;
    }

    SchedulerCore core()
    {
        return core;
    }

    boolean hasBegun()
    {
        return stages.hasBegun();
    }

    /** Whether something that was committed before was not there any more. */
    boolean lostSome()
    {
        return lostSome;
    }

    ManagerStages stages()
    {
        return stages;
    }

    /**
     * Every stage has its turn or not, in any order.
     *
     * @param diskIsSlow whether the journal mostly has none.
     * @throws ProcessEnd if the process ends, by itself or not.
     */
    void step(final boolean diskIsSlow)
    {
        for (int i = 0; i < cycles.length; i++)
        {
            final int chosen = random.nextInt(cycles.length);
            if (1 != chosen || !diskIsSlow || 0 == random.nextInt(40))
            {
                step(cycles[chosen]);
            }
        }
    }

    /** Every stage in its order, until there is nothing left to do at this moment. */
    void settle()
    {
        int idle = 0;
        for (int i = 0; i < SETTLED_CYCLES && idle < 2; i++)
        {
            int workCount = 0;
            for (final Agent cycle : cycles)
            {
                workCount += step(cycle);
            }
            idle = 0 == workCount ? idle + 1 : 0;
        }
    }

    /** Ends in order. */
    void close()
    {
        settle();
        journal.close();
    }

    private int step(final Agent cycle)
    {
        final int workCount;
        try
        {
            workCount = cycle.doWork();
        }
        catch (final JournalUnforcedException ex)
        {
            throw new ProcessEnd(ex.getMessage());
        }
        catch (final Exception ex)
        {
            throw new SimulationException("a stage of the manager threw: " + ex, ex);
        }
        if (null != failure)
        {
            end();
        }
        if (snapshots == cycle)
        {
            checkSnapshot();
        }
        return workCount;
    }

    /** A snapshot is given up where the disk does not take it, or is damaged; never for what was found in it. */
    private void checkSnapshot()
    {
        final RuntimeException cause = snapshots.lastFailure();
        final boolean isByDisk = cause instanceof UncheckedIOException || cause instanceof JournalFullException;
        // Whoever asked too late has no answer.
        final boolean isLate = cause instanceof CompletionException;
        if (null != cause && !isByDisk && !isLate && !disk.mayBeDamaged())
        {
            throw new SimulationException("a snapshot was given up: " + cause, cause);
        }
    }

    /** What the disk says ends the process, as it shall; anything else must not happen. */
    private void end()
    {
        final boolean byDisk = failure instanceof ProcessEnd || failure instanceof UncheckedIOException ||
            failure instanceof JournalFullException;
        if (!byDisk || FatalHandler.EXIT_JOURNAL != exitCode)
        {
            throw new SimulationException("the manager failed with exit code " + exitCode + ": " + failure, failure);
        }
        throw new ProcessEnd(failure.getMessage());
    }

    /** Restores a manager and holds all that it is shown against the true history. */
    private static final class Restoring implements JournalRestorer
    {
        private final SimWorld world;
        private final RestoredManager<RestoredView> restored =
            new RestoredManager<>(SimWorld.CORE_OPTIONS, RestoredView::new, RestoredView::onRecord);

        Restoring(final SimWorld world)
        {
            this.world = world;
            world.ledger().beginRestore(0);
        }

        @Override
        public void onSnapshot(final SnapshotReader snapshot)
        {
            try
            {
                restored.onSnapshot(snapshot);
            }
            catch (final JournalDamagedException ex)
            {
                throw null == ex.getCause() ? ex : new SimulationException(ex.getMessage(), ex);
            }
            world.ledger().beginRestore(snapshot.sequence());
        }

        @Override
        public void begin()
        {
            restored.begin();
            world.ledger().beginRestore(0);
        }

        @Override
        public void onRecord(final RecordFlyweight record)
        {
            if (world.wiring().isRestored(record))
            {
                restored.onRecord(record);
            }
            world.ledger().onRestored(record);
        }

        /** What began with a snapshot is what all records say. */
        void compare()
        {
            if (0 != restored.snapshotSequence() &&
                world.ledger().hashOfRestored(SimWorld.CORE_OPTIONS) != restored.core().stateHash())
            {
                throw new SimulationException("from the snapshot of sequence " + restored.snapshotSequence() +
                    " on, another state is restored than from all records");
            }
        }
    }

    private void fill(final byte[] bytes)
    {
        for (int i = 0; i < bytes.length; i++)
        {
            bytes[i] = (byte)random.nextInt();
        }
    }
}
