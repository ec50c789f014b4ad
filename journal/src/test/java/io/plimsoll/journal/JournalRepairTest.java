package io.plimsoll.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.RecordFlyweight;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged journal is never touched, and of what is good a new one is made that stands every check. */
class JournalRepairTest
{
    private static final int LAST = 3_000;
    private static final int SNAPSHOT = 2_000;

    @TempDir
    private Path directory;

    private Path damaged()
    {
        return directory.resolve("journal");
    }

    private void write()
    {
        try (Journal journal = Journal.open(TestJournal.context(damaged()).segmentLength(1 << 17)))
        {
            journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            TestJournal.append(writer, 0, SNAPSHOT, 10);
            final UnsafeBuffer piece = new UnsafeBuffer(new byte[800]);
            journal.snapshots().keep(
                new Snapshot(SNAPSHOT, 5, 1, List.of(new SnapshotPiece(1, piece, 0, piece.capacity()))));
            TestJournal.append(writer, SNAPSHOT, LAST, 10);
        }
    }

    private RepairReport repair()
    {
        final RepairReport report = JournalRepair.repair(damaged(), directory.resolve("repaired"));
        final List<Long> sequences = new ArrayList<>();
        final JournalInspection found =
            JournalInspector.inspect(directory.resolve("repaired"), record -> sequences.add(record.sequence()));
        assertTrue(found.isIntact(), found.toString());
        assertEquals(report.lastSequence() - report.firstSequence() + 1, sequences.size());
        try (Journal journal = Journal.open(TestJournal.context(directory.resolve("repaired"))))
        {
            assertEquals(report.lastSequence(), journal.restore(new CountingRestorer()));
            TestJournal.append(journal.startWriting(), report.lastSequence(), report.lastSequence() + 10, 1);
        }
        return report;
    }

    private static Path fileOf(final Path journal, final JournalInspection.SegmentReport segment)
    {
        return journal.resolve(segment.name()).resolve(ChronicleRecordLog.FILE);
    }

    /** Overwrites a byte in the middle of what a segment holds. */
    private void damage(final JournalInspection.SegmentReport segment) throws IOException
    {
        try (RandomAccessFile file = new RandomAccessFile(fileOf(damaged(), segment).toFile(), "rw"))
        {
            file.seek(segment.bytes() * 9 / 10);
            final int value = file.read();
            file.seek(segment.bytes() * 9 / 10);
            file.write(value ^ 0x55);
        }
    }

    private List<JournalInspection.SegmentReport> segments()
    {
        return JournalInspector.list(damaged()).segments();
    }

    @Test
    void shouldWriteNothingIntoTheJournalThatIsDamaged() throws IOException
    {
        write();
        final Path link = Files.createSymbolicLink(directory.resolve("link"), damaged());
        for (final Path within : List.of(damaged().resolve("new/one"), link.resolve("new"), damaged()))
        {
            final JournalException refused =
                assertThrows(JournalException.class, () -> JournalRepair.repair(damaged(), within));
            assertTrue(refused.getMessage().contains("is within the journal"), refused.getMessage());
            assertTrue(Files.notExists(damaged().resolve("new")));
        }
    }

    @Test
    void shouldCopyAJournalThatIsIntact()
    {
        write();
        final RepairReport report = repair();
        assertEquals(1, report.firstSequence());
        assertEquals(LAST, report.lastSequence());
        assertEquals(List.of(), report.leftOut());
        assertEquals(1, report.snapshots().size());
    }

    @Test
    void shouldGoOnFromASnapshotBehindTheDamage() throws IOException
    {
        write();
        damage(segments().get(0));
        final RepairReport report = repair();
        assertEquals(LAST, report.lastSequence());
        assertEquals(SNAPSHOT, report.snapshot());
        assertTrue(report.firstSequence() > 1 && report.firstSequence() <= SNAPSHOT, report.toString());
        assertTrue(report.leftOut().stream().anyMatch(text -> text.contains("segment-00000001, position ")),
            report.toString());
        assertTrue(report.leftOut().stream().anyMatch(text -> text.startsWith("sequences 1 to ")), report.toString());
    }

    @Test
    void shouldEndBeforeDamageBehindTheLastSnapshot() throws IOException
    {
        write();
        final List<JournalInspection.SegmentReport> segments = segments();
        damage(segments.get(segments.size() - 1));
        final RepairReport report = repair();
        assertEquals(1, report.firstSequence());
        assertTrue(report.lastSequence() >= segments.get(segments.size() - 1).firstSequence(), report.toString());
        assertTrue(report.lastSequence() < LAST, report.toString());
        final String rest = "to " + LAST + ": whole, but nothing leads to them";
        assertTrue(report.leftOut().stream().anyMatch(text -> text.endsWith(rest)), report.toString());
    }

    @Test
    void shouldDoWithoutManifest() throws IOException
    {
        write();
        final JournalInspection before = JournalInspector.list(damaged());
        Files.writeString(damaged().resolve(DirectoryStorage.MANIFEST_FILE), "{}");
        final RepairReport report = repair();
        assertEquals(LAST, report.lastSequence());
        assertEquals(1, report.snapshots().size());
        assertEquals(1, report.leftOut().size(), report.toString());
        assertEquals(
            before.segments().size(), JournalInspector.list(directory.resolve("repaired")).segments().size() - 1);
    }

    @Test
    void shouldTakeEveryRecordThatCanBeUsedWhereverAByteIsChanged() throws IOException
    {
        write();
        final List<JournalInspection.SegmentReport> segments = segments();
        final SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 6; i++)
        {
            damage(segments.get(random.nextInt(segments.size())));
        }
        final RepairReport report = repair();
        assertTrue(report.lastSequence() >= SNAPSHOT, report.toString());
    }

    @Test
    void shouldNotWriteIntoAFolderThatHoldsSomething() throws IOException
    {
        write();
        Files.createDirectories(directory.resolve("repaired"));
        Files.writeString(directory.resolve("repaired/other"), "x");
        final String message = assertThrows(JournalException.class, this::repair).getMessage();
        assertTrue(message.contains("is not empty"), message);
    }

    /** Takes whatever comes. */
    private static final class CountingRestorer implements JournalRestorer
    {
        @Override
        public void onSnapshot(final SnapshotReader snapshot)
        {
            while (snapshot.next())
            {
                // Only read.
            }
        }

        @Override
        public void begin()
        {
            // Nothing to forget.
        }

        @Override
        public void onRecord(final RecordFlyweight record)
        {
            // Not counted either: the last sequence says it.
        }
    }
}
