package io.plimsoll.bench.pipeline;

import io.plimsoll.bench.core.CorePolicy;
import io.plimsoll.bench.core.CoreRig;
import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Runs;
import io.plimsoll.bench.harness.Scratch;
import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.loadtest.workload.AgentShape;
import io.plimsoll.loadtest.workload.SessionShape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;

/** The journal by itself: appends and group commits against raw Chronicle, and the way back from disk to state. */
public final class JournalBench
{
    private static final int SAMPLE = 8_192;
    private static final int[] BATCHES = {1, 10, 100, 1_000};
    private static final double EVENTS_TARGET = 2_000_000;
    private static final double LIVE_TARGET_S = 5;
    private static final int CHUNK = 64;

    private final Budget budget;
    private final List<Figure> figures = new ArrayList<>();

    /**
     * A benchmark.
     *
     * @param budget of time.
     */
    public JournalBench(final Budget budget)
    {
        this.budget = budget;
    }

    /** Measures everything. */
    public List<Figure> run()
    {
        final SampleRecords sample = new SampleRecords(budget.isSmoke() ? 256 : SAMPLE);
        final RawLimits raw = new RawLimits(sample);
        compare(sample, raw, 0);
        for (final int batch : BATCHES)
        {
            compare(sample, raw, batch);
        }
        restore();
        return figures;
    }

    private void compare(final SampleRecords sample, final RawLimits raw, final int batch)
    {
        final long durationNs = budget.measureNs();
        final Runs<Double> ours = Runs.of(
            budget.runs(),
            () ->
            {
                try (Scratch scratch = new Scratch())
                {
                    return append(scratch.resolve("journal"), sample.records(), durationNs, batch);
                }
            },
            value -> value);
        final Runs<Double> theirs = Runs.of(
            budget.runs(),
            () ->
            {
                try (Scratch scratch = new Scratch())
                {
                    return raw.append(scratch.directory(), durationNs, batch);
                }
            },
            value -> value);
        figures.add(
            Figure.of(
                "",
                0 == batch ? "append, async" : "append, sync, group commit of " + batch,
                ours.median(),
                "records/s")
                .against(theirs.median(), "raw Chronicle, the same bytes and batches")
                .with("runs", ours.values())
                .with("limit runs", theirs.values())
                .with("bytesPerRecord", sample.bytesPerRecord()));
    }

    private static double append(
        final Path directory, final List<UnsafeBuffer> records, final long durationNs, final int batch)
    {
        final CommitMode commitMode = 0 == batch ? CommitMode.ASYNC : CommitMode.SYNC;
        final int group = 0 == batch ? 1_000 : batch;
        try (Journal journal = Journal.open(new JournalContext().directory(directory).commitMode(commitMode)))
        {
            journal.restore(record ->
            {
            });
            final JournalWriter writer = journal.startWriting();
            final RecordFlyweight record = new RecordFlyweight();
            final long startNs = System.nanoTime();
            long count = 0;
            while (System.nanoTime() - startNs < durationNs)
            {
                for (int i = 0; i < group; i++)
                {
                    final UnsafeBuffer buffer = records.get((int)(count % records.size()));
                    buffer.putLong(RecordFlyweight.SEQUENCE_OFFSET, ++count);
                    writer.append(record.wrap(buffer, 0));
                }
                writer.commit();
            }
            return count * 1e9 / (System.nanoTime() - startNs);
        }
    }

    /** Writes the journal of a cluster with many placed sessions, then comes back from it several times. */
    private void restore()
    {
        final int sessions = budget.isSmoke() ? 2_000 : 1_000_000;
        try (Scratch scratch = new Scratch())
        {
            final JournalContext context = context(scratch.resolve("journal"));
            final long events = write(context, sessions);
            final Runs<Double> runs = Runs.of(budget.runs(), () -> restoreSeconds(context), value -> value);
            figures.add(
                Figure.of(
                    "8", String.format(Locale.ROOT, "journal and core, %,d live sessions back", sessions),
                    runs.median(), "s")
                    .target("< 5 s", runs.median() < LIVE_TARGET_S)
                    .with("runs", runs.values()));
            figures.add(
                Figure.of("8", "the same, events restored from disk", events / runs.median(), "events/s")
                    .target(">= 2,000,000/s", events / runs.median() >= EVENTS_TARGET)
                    .with("events", events));
        }
    }

    /** Of the cluster that {@link CoreRig} plays. */
    private static JournalContext context(final Path directory)
    {
        return new JournalContext()
            .directory(directory)
            .commitMode(CommitMode.ASYNC)
            .newClusterId(CoreRig.CLUSTER_ID);
    }

    private static long write(final JournalContext context, final int sessions)
    {
        final long[] events = new long[1];
        try (Journal journal = Journal.open(context))
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
                    writer.commit();
                    record.forEachEvent((buffer, offset, length) -> events[0]++);
                });
            rig.attach(Math.max(8, sessions / 200), index -> AgentShape.of("default", 128_000, 512L << 30));
            final List<byte[]> specs = List.of("{\"command\":[\"sleep\",\"1d\"]}".getBytes(StandardCharsets.UTF_8));
            final List<SessionShape> chunk = Collections.nCopies(CHUNK, SessionShape.single(500, 1L << 30));
            for (int i = 0; i < sessions; i += CHUNK)
            {
                final int length = rig.encoder().submit(i, specs, chunk);
                rig.feed(rig.encoder().buffer(), 0, length);
                while (rig.core().continueNeeded())
                {
                    rig.proceed();
                }
            }
        }
        return events[0];
    }

    /**
     * Writes the journal of a cluster with many placed sessions.
     *
     * @param directory of the journal.
     * @param sessions  placed.
     */
    public static void writeLiveSessions(final Path directory, final int sessions)
    {
        write(context(directory), sessions);
    }

    /**
     * Mean of committing one record to the disk by raw Chronicle, one after the other.
     *
     * @param durationNs of the measurement.
     * @return nanoseconds.
     */
    public static double rawCommitNs(final long durationNs)
    {
        try (Scratch scratch = new Scratch())
        {
            return 1e9 / new RawLimits(new SampleRecords(256)).append(scratch.directory(), durationNs, 1);
        }
    }

    private static double restoreSeconds(final JournalContext context)
    {
        final long startNs = System.nanoTime();
        try (Journal journal = Journal.open(context))
        {
            final SchedulerCore core = new SchedulerCore(CoreOptions.defaults());
            journal.restore(new HostedCore(core)::restore);
            if (0 == core.sequence())
            {
                throw new IllegalStateException("nothing was restored");
            }
        }
        return (System.nanoTime() - startNs) / 1e9;
    }
}
