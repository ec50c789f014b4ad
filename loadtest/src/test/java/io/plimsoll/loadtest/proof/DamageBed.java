package io.plimsoll.loadtest.proof;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.journal.CheckpointOptions;
import io.plimsoll.journal.CheckpointTailer;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import io.plimsoll.loadtest.workload.CoreWorkload;
import io.plimsoll.loadtest.workload.WorkloadTape;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.snapshot.RecordCompactor;
import io.plimsoll.manager.snapshot.RestoredManager;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A small real journal with snapshots and checkpoints, of which every byte and every state is known; its files are
 * damaged where they are, and made good again.
 */
final class DamageBed
{
    static final String LEAVES = "leaves.sha256";
    static final String MARK = "committed";
    static final String SEGMENT_FILE = "19700101F.cq4";

    private static final int AGENTS = 8;
    private static final int COMMANDS = 350;
    private static final int STARTS = 4;
    /** Records at the end that a crash found written and not committed. */
    private static final int UNCOMMITTED = 3;
    private static final String LOCK = "writer.lock";

    private final Path data;
    private final CoreOptions options =
        CoreOptions.defaults().withForgetting(20_000_000_000L, 50).withSessionsInitial(1 << 10);
    private final long[] hashes;
    private final TreeMap<Path, byte[]> pristine = new TreeMap<>();
    private final TreeMap<String, SegmentBytes> segments = new TreeMap<>();
    private final List<byte[]> oldManifests = new ArrayList<>();
    private final long promised;
    private final SignedCheckpoint kept;
    private long nowNs = TimeUnit.DAYS.toNanos(20_000);

    /**
     * A journal.
     *
     * @param directory empty.
     * @param seed      of what happens in it.
     * @param isCrashed whether its manager was killed in the end, or ended.
     */
    DamageBed(final Path directory, final long seed, final boolean isCrashed) throws IOException
    {
        final RecordTape tape = WorkloadTape.record(
            new HostedCore(new SchedulerCore(options)), new CoreWorkload(seed, AGENTS), COMMANDS);
        hashes = new long[tape.size() + 1];
        final Path live = directory.resolve("live");
        data = isCrashed ? directory.resolve("crashed") : live;
        final RestoredManager<RecordCompactor> told = RestoredManager.compacting(options);
        hashes[0] = told.core().stateHash();
        for (int start = 1; start <= STARTS; start++)
        {
            final int end = tape.size() * start / STARTS;
            write(live, tape, told, end, isCrashed && start == STARTS);
        }
        promised = isCrashed ? tape.size() - UNCOMMITTED : tape.size();
        load();
        kept = CheckpointDirectory.read(new CheckpointDirectory(data.resolve("checkpoints")).newest());
    }

    private void write(
        final Path live,
        final RecordTape tape,
        final RestoredManager<RecordCompactor> told,
        final int end,
        final boolean isLastAndCrashes) throws IOException
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (Journal journal = Journal.open(context(live)))
        {
            journal.restore(new RestoredManager<>(options, RestoredView::new, RestoredView::onRecord));
            final JournalWriter writer = journal.startWriting();
            final int first = (int)told.core().sequence();
            for (int i = first; i < end; i++)
            {
                told.onRecord(tape.wrap(i, record));
                hashes[i + 1] = told.core().stateHash();
                writer.append(tape.wrap(i, record));
                if (i + 1 == end - UNCOMMITTED || i + 1 == end && !isLastAndCrashes || 0 == i % 5 && i < end - 10)
                {
                    writer.commit();
                }
                if (i == (first + end) / 2 && first > 0)
                {
                    writer.commit();
                    journal.snapshots().keep(RestoredManager.snapshot(told));
                    sign(live, journal, i + 1);
                }
            }
            sign(live, journal, writer.committedSequence());
            oldManifests.add(Files.readAllBytes(live.resolve("journal/manifest.json")));
            if (isLastAndCrashes)
            {
                copy(live, data);
            }
        }
    }

    private void sign(final Path live, final Journal journal, final long released)
    {
        nowNs += 1_000_000;
        try (CheckpointTailer tailer = new CheckpointTailer(
            journal, CheckpointOptions.beside(live.resolve("journal")), () -> released, () -> nowNs, () -> nowNs))
        {
            tailer.checkpoint();
        }
    }

    private static JournalContext context(final Path root)
    {
        return new JournalContext()
            .directory(root.resolve("journal"))
            .commitMode(CommitMode.ASYNC)
            .segmentLength(1 << 17)
            .blockLength(2 << 20)
            .reserveLength(0)
            .reserveFileLength(0);
    }

    private static void copy(final Path from, final Path to) throws IOException
    {
        try (Stream<Path> files = Files.walk(from))
        {
            for (final Path file : files.toList())
            {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private void load() throws IOException
    {
        for (final Path file : files())
        {
            pristine.put(file, Files.readAllBytes(file));
            if (file.endsWith(SEGMENT_FILE))
            {
                segments.put(file.getParent().getFileName().toString(), new SegmentBytes(pristine.get(file)));
            }
        }
    }

    private List<Path> files() throws IOException
    {
        try (Stream<Path> files = Files.walk(data))
        {
            return files.filter(Files::isRegularFile).filter(file -> !file.endsWith(LOCK)).sorted().toList();
        }
    }

    JournalContext context()
    {
        return context(data);
    }

    CoreOptions options()
    {
        return options;
    }

    Path journal()
    {
        return data.resolve("journal");
    }

    Path checkpoints()
    {
        return data.resolve("checkpoints");
    }

    /** A checkpoint as somebody else kept it: the newest. */
    SignedCheckpoint kept()
    {
        return kept;
    }

    /** Of all records that were written. */
    long lastSequence()
    {
        return hashes.length - 1;
    }

    /** Of the last record that somebody may count on. */
    long promised()
    {
        return promised;
    }

    long hash(final long sequence)
    {
        return hashes[(int)sequence];
    }

    Map<Path, byte[]> pristine()
    {
        return pristine;
    }

    TreeMap<String, SegmentBytes> segments()
    {
        return segments;
    }

    Path file(final String segment)
    {
        return journal().resolve(segment).resolve(SEGMENT_FILE);
    }

    /** Manifests as they were after each start. */
    List<byte[]> oldManifests()
    {
        return oldManifests;
    }

    /** Changes files: only what differs is written. */
    void apply(final Map<Path, byte[]> changed)
    {
        try
        {
            for (final Map.Entry<Path, byte[]> change : changed.entrySet())
            {
                if (null == change.getValue())
                {
                    Files.delete(change.getKey());
                }
                else
                {
                    write(change.getKey(), pristine.get(change.getKey()), change.getValue());
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Makes all as it was. */
    void undo(final Map<Path, byte[]> changed)
    {
        try
        {
            for (final Path file : files())
            {
                if (!pristine.containsKey(file))
                {
                    Files.delete(file);
                }
            }
            for (final Map.Entry<Path, byte[]> each : pristine.entrySet())
            {
                final Path file = each.getKey();
                final byte[] was = changed.get(file);
                if (!Files.exists(file) || Files.size(file) != (null == was ? each.getValue() : was).length)
                {
                    Files.createDirectories(file.getParent());
                    Files.write(file, each.getValue());
                }
                else if (null != was)
                {
                    write(file, was, each.getValue());
                }
            }
            removeEmptyDirectories();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void removeEmptyDirectories() throws IOException
    {
        try (Stream<Path> found = Files.list(journal()))
        {
            for (final Path directory : found.filter(Files::isDirectory).toList())
            {
                if (!segments.containsKey(directory.getFileName().toString()))
                {
                    Files.delete(directory);
                }
            }
        }
    }

    /** Whether all is as it was. */
    boolean isPristine() throws IOException
    {
        for (final Map.Entry<Path, byte[]> each : pristine.entrySet())
        {
            if (!Arrays.equals(each.getValue(), Files.readAllBytes(each.getKey())))
            {
                return false;
            }
        }
        return files().size() == pristine.size();
    }

    private static void write(final Path file, final byte[] from, final byte[] to) throws IOException
    {
        final int first = Arrays.mismatch(from, to);
        if (first < 0)
        {
            return;
        }
        int last = to.length;
        while (from.length == to.length && last > first && from[last - 1] == to[last - 1])
        {
            last--;
        }
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw"))
        {
            access.setLength(to.length);
            access.seek(first);
            access.write(to, first, last - first);
        }
    }
}
