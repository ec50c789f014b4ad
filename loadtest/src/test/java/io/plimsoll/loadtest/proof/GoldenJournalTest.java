package io.plimsoll.loadtest.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.StateImage;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.journal.Retention;
import io.plimsoll.loadtest.workload.CoreWorkload;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.snapshot.DecisionCheck;
import io.plimsoll.manager.snapshot.RecordCompactor;
import io.plimsoll.manager.snapshot.RestoredManager;
import io.plimsoll.manager.snapshot.SnapshotWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal that an earlier release wrote and pruned, so that nothing but its snapshot leads to its state, is read by
 * this one, and amounts to the same. The files stand in {@code golden} as text: a line for each file with its path,
 * then its bytes, packed, in Base64. A new format gets a new golden journal; the old ones stay.
 */
class GoldenJournalTest
{
    private static final String WRITE_PROPERTY = "plimsoll.golden.write";
    private static final CoreOptions OPTIONS =
        CoreOptions.defaults().withForgetting(20_000_000_000L, 50).withWorkPerCommandMax(7);
    private static final int COMMANDS = 400;

    @TempDir
    private Path directory;

    @Test
    void shouldReadTheFirstRelease() throws IOException
    {
        check(read("/golden/journal-1.txt"));
    }

    /** Of a build from before version 3 of the schema, which lets managers tell their limits. */
    @Test
    void shouldReadVersionTwoOfTheSchema() throws IOException
    {
        check(read("/golden/journal-0.txt"));
    }

    /** It is of another version, so it is applied as it is, and nothing in it counts as decided otherwise. */
    @Test
    void shouldVerifyVersionTwoOfTheSchema() throws IOException
    {
        final Path journalPath = directory.resolve("journal");
        final List<String> lines = read("/golden/journal-0.txt");
        unpack(lines.subList(1, lines.size()), journalPath);
        try (JournalReader reader = JournalReader.open(journalPath))
        {
            final DecisionCheck check = new DecisionCheck(reader, Set.of());
            assertTrue(JournalInspector.inspect(journalPath, check).isIntact());
            assertEquals(List.of(), check.problems());
            assertEquals(0, check.decided());
            assertTrue(check.applied() > 0);
            assertTrue(lines.get(0).contains("stateHash=" + Long.toHexString(check.stateHash())), lines.get(0));
        }
    }

    private void check(final List<String> lines) throws IOException
    {
        final Path journalPath = directory.resolve("journal");
        unpack(lines.subList(1, lines.size()), journalPath);
        assertTrue(JournalInspector.inspect(journalPath).isIntact());
        final RestoredManager<RestoredView> restored =
            new RestoredManager<>(OPTIONS, RestoredView::new, RestoredView::onRecord);
        try (Journal journal = Journal.open(context(journalPath)))
        {
            journal.restore(restored);
            journal.startWriting();
        }
        assertTrue(restored.snapshotSequence() > 1, "from the snapshot");
        assertTrue(restored.core().sequence() > restored.snapshotSequence(), "and on");
        assertEquals(lines.get(0), facts(restored));
    }

    /** What the release that wrote it knew of it, in one line. */
    private static String facts(final RestoredManager<RestoredView> restored)
    {
        return "sequence=" + restored.core().sequence() +
            " stateHash=" + Long.toHexString(restored.core().stateHash()) +
            " sessions=" + restored.view().view().counts() +
            " agents=" + restored.view().view().agents().size() +
            " accounts=" + restored.view().view().accounts().size();
    }

    private static JournalContext context(final Path path)
    {
        return new JournalContext()
            .directory(path)
            .commitMode(CommitMode.ASYNC)
            .blockLength(2 << 20)
            .segmentLength(1 << 20)
            .reserveLength(0)
            .reserveFileLength(0);
    }

    /** What this one writes, it reads; {@code mvn ... -Dplimsoll.golden.write=FILE} keeps it, for a new format. */
    @Test
    void shouldReadWhatThisReleaseWrites() throws IOException
    {
        final RecordTape tape =
            OwnedLife.record(new HostedCore(new SchedulerCore(OPTIONS)), new CoreWorkload(7, 12), COMMANDS);
        final Path path = directory.resolve("written");
        final RestoredManager<RecordCompactor> told =
            new RestoredManager<>(OPTIONS, RecordCompactor::new, RecordCompactor::onRecord);
        final RestoredManager<RestoredView> whole =
            new RestoredManager<>(OPTIONS, RestoredView::new, RestoredView::onRecord);
        int next = append(path, tape, 0, COMMANDS, told);
        try (Journal journal = Journal.open(context(path)))
        {
            journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            final StateImage image = new StateImage();
            told.core().writeState(image);
            journal.snapshots().keep(SnapshotWriter.snapshot(
                told.core().sequence(), told.core().timestampNs(), image, told.view()));
            final RecordFlyweight record = new RecordFlyweight();
            final int end = next + COMMANDS / 10;
            while (next < end)
            {
                writer.append(tape.wrap(next++, record));
            }
            writer.commit();
            assertTrue(journal.snapshots().prune(new Retention(1, 0, 0), Long.MAX_VALUE) > 0);
        }
        try (Journal journal = Journal.open(context(path)))
        {
            journal.restore(whole);
        }
        final List<String> lines = pack(facts(whole), path);
        final String file = System.getProperty(WRITE_PROPERTY);
        if (null != file)
        {
            Files.write(Path.of(file), lines, StandardCharsets.US_ASCII);
        }
        check(lines);
    }

    private static int append(
        final Path path,
        final RecordTape tape,
        final int from,
        final int to,
        final RestoredManager<RecordCompactor> told)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (Journal journal = Journal.open(context(path)))
        {
            journal.restore(each -> {});
            final JournalWriter writer = journal.startWriting();
            for (int i = from; i < to; i++)
            {
                writer.append(tape.wrap(i, record));
                told.onRecord(record);
            }
            writer.commit();
        }
        return to;
    }

    private static List<String> read(final String resource) throws IOException
    {
        return new String(
            GoldenJournalTest.class.getResourceAsStream(resource).readAllBytes(), StandardCharsets.US_ASCII)
            .lines().toList();
    }

    private static void unpack(final List<String> lines, final Path root) throws IOException
    {
        Path file = null;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= lines.size(); i++)
        {
            if (i == lines.size() || lines.get(i).startsWith("file "))
            {
                if (null != file)
                {
                    Files.createDirectories(file.getParent());
                    final byte[] packed = Base64.getDecoder().decode(text.toString());
                    Files.write(file, new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes());
                }
                file = i == lines.size() ? null : root.resolve(lines.get(i).substring("file ".length()));
                text = new StringBuilder();
            }
            else
            {
                text.append(lines.get(i));
            }
        }
    }

    private static List<String> pack(final String facts, final Path root) throws IOException
    {
        final List<String> lines = new ArrayList<>(List.of(facts));
        try (Stream<Path> walk = Files.walk(root))
        {
            for (final Path file : walk.filter(Files::isRegularFile).sorted().toList())
            {
                final String name = root.relativize(file).toString();
                if (name.startsWith("segment-") || name.startsWith("snapshot-") || name.equals("manifest.json"))
                {
                    final ByteArrayOutputStream packed = new ByteArrayOutputStream();
                    try (GZIPOutputStream out = new GZIPOutputStream(packed))
                    {
                        out.write(Files.readAllBytes(file));
                    }
                    lines.add("file " + name);
                    lines.addAll(List.of(
                        Base64.getEncoder().encodeToString(packed.toByteArray()).split("(?<=\\G.{100})")));
                }
            }
        }
        return lines;
    }
}
