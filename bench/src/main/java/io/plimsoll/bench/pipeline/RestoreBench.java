package io.plimsoll.bench.pipeline;

import com.sun.management.OperatingSystemMXBean;
import io.plimsoll.bench.core.CorePolicy;
import io.plimsoll.bench.core.CoreRig;
import io.plimsoll.bench.core.DecisionLoop;
import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Progress;
import io.plimsoll.bench.harness.Runs;
import io.plimsoll.bench.harness.Scratch;
import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.StateCopy;
import io.plimsoll.core.StateImage;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.journal.RecordRelay;
import io.plimsoll.journal.Retention;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.snapshot.DecisionCheck;
import io.plimsoll.manager.snapshot.RecordCompactor;
import io.plimsoll.manager.snapshot.RestoredManager;
import io.plimsoll.manager.snapshot.SnapshotWriter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The way back from disk: a long journal of a busy cluster restored and decided again, and a large cluster from its
 * snapshot, as well as how long a pipeline would stand still for that.
 */
public final class RestoreBench
{
    private static final int AGENTS = 10_000;
    private static final int COMMANDS = 10_000_000;
    private static final int COMMANDS_QUICK = 300_000;
    private static final int LIVE = 1_000_000;
    private static final int LIVE_QUICK = 50_000;
    private static final int COMMIT_BATCH = 256;
    private static final double EVENTS_TARGET = 2_000_000;
    private static final double COMMANDS_TARGET = 1_000_000;
    private static final double LIVE_TARGET_S = 5;
    private static final double PAUSE_TARGET = 2;

    private final Budget budget;
    private final Progress progress;
    private final List<Figure> figures = new ArrayList<>();

    /**
     * A benchmark.
     *
     * @param budget   of time; a glance takes a smaller journal.
     * @param progress is told what is being measured.
     */
    public RestoreBench(final Budget budget, final Progress progress)
    {
        this.budget = budget;
        this.progress = progress;
    }

    /** Measures everything. */
    public List<Figure> run()
    {
        busy(budget.isSmoke() ? COMMANDS_QUICK / 30 : budget.isQuick() ? COMMANDS_QUICK : COMMANDS);
        live(budget.isSmoke() ? LIVE_QUICK / 25 : budget.isQuick() ? LIVE_QUICK : LIVE);
        return figures;
    }

    /* A long journal. */

    private void busy(final int commands)
    {
        try (Scratch scratch = new Scratch())
        {
            final Path path = scratch.resolve("journal");
            progress.next(String.format(Locale.ROOT, "writing a journal of %,d commands", commands));
            final long events = write(path, commands);
            progress.next("restoring it");
            final List<Double> restoreCpu = new ArrayList<>();
            final Runs<Double> restored =
                Runs.of(budget.runs(), () -> timed(restoreCpu, () -> restoreSeconds(path)), value -> value);
            figures.add(Figure.of(
                "8",
                String.format(Locale.ROOT, "journal of %,d commands, events restored", commands),
                events / restored.median(),
                "events/s")
                .target(">= 2,000,000/s", events / restored.median() >= EVENTS_TARGET)
                .with("events", events)
                .with("seconds", restored.values())
                .with("cpuSeconds", restoreCpu));
            progress.next("deciding it again");
            final List<Double> verifyCpu = new ArrayList<>();
            final Runs<Double> verified = Runs.of(
                budget.runs(), () -> timed(verifyCpu, () -> verifySeconds(path, commands)), value -> value);
            figures.add(Figure.of(
                "8", "the same, commands verified", commands / verified.median(), "commands/s")
                .target(">= 1,000,000/s", commands / verified.median() >= COMMANDS_TARGET)
                .with("seconds", verified.values())
                .with("cpuSeconds", verifyCpu));
        }
    }

    /** Notes beside it what the whole process took of the processors: on a busy machine the better figure. */
    private static double timed(final List<Double> cpuSeconds, final Supplier<Double> run)
    {
        final OperatingSystemMXBean system =
            (OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();
        final long startNs = system.getProcessCpuTime();
        final double seconds = run.get();
        cpuSeconds.add((system.getProcessCpuTime() - startNs) / 1e9);
        return seconds;
    }

    private static JournalContext context(final Path directory)
    {
        return new JournalContext()
            .directory(directory).commitMode(CommitMode.ASYNC).newClusterId(CoreRig.CLUSTER_ID);
    }

    private static long write(final Path path, final int commands)
    {
        final long[] counts = new long[2];
        try (Journal journal = Journal.open(context(path)))
        {
            journal.restore(record ->
            {
            });
            final JournalWriter writer = journal.startWriting();
            final CoreRig rig = new CoreRig(
                CorePolicy.USUAL,
                record ->
                {
                    writer.append(record);
                    record.forEachEvent((buffer, offset, length) -> counts[0]++);
                    if (0 == ++counts[1] % COMMIT_BATCH)
                    {
                        writer.commit();
                    }
                });
            rig.attach(Math.min(AGENTS, commands / 20));
            final DecisionLoop loop = new DecisionLoop(rig, Math.min(AGENTS, commands / 20) * 6);
            while (counts[1] < commands)
            {
                loop.step();
            }
            writer.commit();
        }
        return counts[0];
    }

    private static double restoreSeconds(final Path path)
    {
        final long startNs = System.nanoTime();
        try (Journal journal = Journal.open(context(path)))
        {
            journal.restore(new HostedCore(new SchedulerCore(CoreOptions.defaults()))::restore);
            return (System.nanoTime() - startNs) / 1e9;
        }
    }

    private static double verifySeconds(final Path path, final int commands)
    {
        final long startNs = System.nanoTime();
        try (JournalReader reader = JournalReader.open(path))
        {
            final DecisionCheck check = new DecisionCheck(reader, Set.of());
            final boolean isIntact;
            try (RecordRelay relay = new RecordRelay(check))
            {
                isIntact = JournalInspector.inspect(path, relay).isIntact();
            }
            if (!isIntact || !check.problems().isEmpty() || check.decided() < commands)
            {
                throw new IllegalStateException("decided=" + check.decided() + " problems=" + check.problems());
            }
        }
        return (System.nanoTime() - startNs) / 1e9;
    }

    /* A large cluster. */

    private void live(final int sessions)
    {
        try (Scratch scratch = new Scratch())
        {
            final Path path = scratch.resolve("journal");
            progress.next(String.format(Locale.ROOT, "writing a snapshot of %,d live sessions", sessions));
            JournalBench.writeLiveSessions(path, sessions);
            final RestoredManager<RecordCompactor> whole =
                new RestoredManager<>(CoreOptions.defaults(), RecordCompactor::new, RecordCompactor::onRecord);
            try (Journal journal = Journal.open(context(path)))
            {
                journal.restore(whole);
                journal.startWriting();
                final StateImage image = new StateImage();
                whole.core().writeState(image);
                journal.snapshots().keep(
                    SnapshotWriter.snapshot(whole.core().sequence(), whole.core().timestampNs(), image, whole.view()));
                journal.snapshots().prune(new Retention(1, 0, 0), Long.MAX_VALUE);
            }
            progress.next("copying its state");
            pause(whole.core());
            progress.next("starting from it");
            final List<Double> cpu = new ArrayList<>();
            final Runs<Double> runs =
                Runs.of(budget.runs(), () -> timed(cpu, () -> startSeconds(path)), value -> value);
            figures.add(Figure.of(
                "8",
                String.format(Locale.ROOT, "manager's state and views, %,d live sessions back", sessions),
                runs.median(),
                "s")
                .target("< 5 s", runs.median() < LIVE_TARGET_S)
                .with("seconds", runs.values())
                .with("cpuSeconds", cpu));
        }
    }

    private static double startSeconds(final Path path)
    {
        final long startNs = System.nanoTime();
        try (Journal journal = Journal.open(context(path)))
        {
            final RestoredManager<RestoredView> restored =
                new RestoredManager<>(CoreOptions.defaults(), RestoredView::new, RestoredView::onRecord);
            journal.restore(restored);
            if (0 == restored.snapshotSequence())
            {
                throw new IllegalStateException("no snapshot was used");
            }
            return (System.nanoTime() - startNs) / 1e9;
        }
    }

    /** What the ring waits for, against copying as many bytes as the blocks of the state have, once, in one go. */
    private void pause(final SchedulerCore core)
    {
        final StateImage image = new StateImage();
        core.writeState(image);
        final long bytes = image.bytes();
        final List<Double> ours = new ArrayList<>();
        final List<Double> plain = new ArrayList<>();
        // In turn, so that what else the machine does meets both.
        for (int i = 0; i < 2 * budget.runs() + 1; i++)
        {
            ours.add(copyMillis(core));
            plain.add(plainMillis(image));
        }
        ours.sort(null);
        plain.sort(null);
        final double median = ours.get(ours.size() / 2);
        final double limit = plain.get(plain.size() / 2);
        figures.add(Figure.of("8", "pause of the ring for a snapshot", median, "ms")
            .against(limit, String.format(Locale.ROOT, "plain copy of the state's %,d bytes", bytes))
            .target("<= 2 x", median <= PAUSE_TARGET * limit)
            .with("runs", ours)
            .with("limit runs", plain));
    }

    private static double copyMillis(final SchedulerCore core)
    {
        final long startMeasureNs = System.nanoTime();
        final StateCopy.Measure measure = new StateCopy.Measure();
        core.writeState(measure);
        final long measureNs = System.nanoTime() - startMeasureNs;
        final StateCopy copy = new StateCopy(measure.bytes());
        final long startNs = System.nanoTime();
        core.writeState(copy);
        return (measureNs + System.nanoTime() - startNs) / 1e6;
    }

    private static double plainMillis(final StateImage image)
    {
        final List<UnsafeBuffer> targets = new ArrayList<>();
        for (int i = 0; i < image.chunks(); i++)
        {
            targets.add(new UnsafeBuffer(ByteBuffer.allocateDirect(image.chunkLength(i))));
        }
        final long startNs = System.nanoTime();
        for (int i = 0; i < image.chunks(); i++)
        {
            targets.get(i).putBytes(0, image.chunk(i), 0, image.chunkLength(i));
        }
        return (System.nanoTime() - startNs) / 1e6;
    }
}
