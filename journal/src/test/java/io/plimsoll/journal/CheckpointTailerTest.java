package io.plimsoll.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plimsoll.journal.checkpoint.Checkpoint;
import io.plimsoll.journal.checkpoint.Checkpoint.SegmentRoot;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.MerkleHasher;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTailerTest
{
    private static final Retention SHORT = new Retention(1, 0, 0);

    @TempDir
    private Path data;
    private SignedJournal journal;

    @BeforeEach
    void setUp()
    {
        journal = new SignedJournal(data);
    }

    @Test
    void shouldCoverEverySegmentAndGoOnAfterEachStart()
    {
        final SignedCheckpoint first = journal.write(2_500);
        final Checkpoint one = first.checkpoint();
        assertEquals(1, one.number());
        assertNull(one.previous());
        assertEquals(SignedJournal.CLUSTER, one.clusterId());
        assertEquals(2_500, one.sequence());
        assertTrue(one.segments().size() > 2, one.toString());
        long next = 1;
        for (final SegmentRoot segment : one.segments())
        {
            assertEquals(next, segment.firstSequence());
            next += segment.size();
        }
        assertEquals(2_501, next);

        final SignedCheckpoint second = journal.write(2_600);
        assertEquals(2, second.checkpoint().number());
        assertEquals(first.hash(), second.checkpoint().previous());
        assertEquals(one.segments(), second.checkpoint().segments().subList(0, one.segments().size()));
        final TamperReport report = journal.check(first);
        assertTrue(report.isIntact(), report.toString());
        assertEquals(2, report.checkpoints());
        assertEquals(2_600, report.sequence());
        assertEquals(2_600, report.lastSequence());
        assertTrue(report.notes().isEmpty(), report.toString());
    }

    @Test
    void shouldSignAtEachIntervalWhatWasReleasedAndNothingTwice()
    {
        final AtomicLong released = new AtomicLong();
        final long intervalNs = journal.options().intervalNs();
        try (Journal open = journal.open())
        {
            final JournalWriter writer = open.startWriting();
            SignedJournal.append(writer, 300, new TestRecords()::record);
            final CheckpointTailer tailer =
                new CheckpointTailer(open, journal.options(), released::get, journal::nowNs, journal::nowNs);
            journal.advance(intervalNs);
            step(tailer);
            assertEquals(0, tailer.made(), "nothing is released yet");
            released.set(200);
            step(tailer);
            assertEquals(0, tailer.made(), "not due");
            journal.advance(intervalNs - 1);
            step(tailer);
            assertEquals(0, tailer.made(), "not due");
            journal.advance(1);
            step(tailer);
            assertEquals(1, tailer.made());
            assertEquals(200, tailer.signedSequence());
            journal.advance(intervalNs);
            step(tailer);
            assertEquals(1, tailer.made(), "nothing new");
            released.set(300);
            tailer.close();
            assertEquals(300, tailer.signedSequence(), "the rest when it ends");
            assertNull(tailer.failure());
        }
        assertEquals(2, journal.checkpoints().files().size());
    }

    private static void step(final CheckpointTailer tailer)
    {
        int count = 1;
        while (count > 0)
        {
            count = tailer.doWork();
        }
    }

    @Test
    void shouldSayWhatWillBePrunedBeforeItIs()
    {
        journal.write(2_500, new TestRecords()::record, open -> SignedJournal.keepSnapshot(open, 2_400));
        try (Journal open = journal.open())
        {
            final JournalWriter writer = open.startWriting();
            SignedJournal.append(writer, 2_600, new TestRecords()::record);
            final CheckpointTailer tailer = journal.tailer(open, 2_600);
            assertEquals(0, open.snapshots().prune(SHORT, journal.nowNs()), "it has not begun to read");
            step(tailer);
            final int pruned = open.snapshots().prune(SHORT, journal.nowNs());
            assertTrue(pruned > 0);
            final Checkpoint newest = CheckpointDirectory.read(journal.checkpoints().newest()).checkpoint();
            assertEquals(open.cursor(() -> 2_600).oldestSequence(), newest.keptFrom());
            assertTrue(newest.keptFrom() > 1);
            assertEquals(1, newest.segments().get(0).firstSequence(), "roots of what is gone stay");
            assertEquals(2_400, newest.snapshots().get(0).sequence());
            tailer.close();
        }
        final SignedCheckpoint after = journal.write(2_700);
        assertEquals(2_700, after.checkpoint().sequence());
        final TamperReport report = journal.check(after);
        assertTrue(report.isIntact(), report.toString());
        assertTrue(report.notes().get(0).contains("were pruned, as a checkpoint says"), report.toString());
    }

    @Test
    void shouldGoOnWhenItsLastSegmentWasPruned()
    {
        journal.write(2_500);
        try (Journal open = journal.open())
        {
            SignedJournal.append(open.startWriting(), 5_000, new TestRecords()::record);
            SignedJournal.keepSnapshot(open, 4_900);
            assertTrue(open.snapshots().prune(SHORT, journal.nowNs()) > 0, "nobody is asked without a tailer");
        }
        final SignedCheckpoint after = journal.write(5_100);
        assertEquals(5_100, after.checkpoint().sequence());
        final long covered = after.checkpoint().segments().stream().mapToLong(SegmentRoot::size).sum();
        assertTrue(covered < 5_100, "what was pruned unseen is not covered");
    }

    @Test
    void shouldStopAndKeepEverythingWhenItsLastSegmentIsNotWhatItSigned() throws IOException
    {
        final SignedCheckpoint signed =
            journal.write(2_500, new TestRecords()::record, open -> SignedJournal.keepSnapshot(open, 2_400));
        final SignedJournal forged = new SignedJournal(data.resolve("forged"));
        forged.writeUnsigned(2_499, new TestRecords()::record);
        forged.writeUnsigned(2_500, new TestRecords()::record);
        journal.replaceBy(forged);
        try (Journal open = journal.open())
        {
            SignedJournal.append(open.startWriting(), 2_600, new TestRecords()::record);
            final CheckpointTailer tailer = journal.tailer(open, 2_600);
            step(tailer);
            assertNotNull(tailer.failure());
            assertTrue(tailer.failure().contains("before sequence 2500 that checkpoint 1 covers"), tailer.failure());
            SignedJournal.keepSnapshot(open, 2_550);
            assertEquals(0, open.snapshots().prune(SHORT, journal.nowNs()));
            tailer.close();
        }
        assertEquals(signed.text(), CheckpointDirectory.read(journal.checkpoints().newest()).text());
    }

    @Test
    void shouldStopWhenTheEndOfTheJournalIsMissing() throws IOException
    {
        journal.write(300);
        final SignedJournal forged = new SignedJournal(data.resolve("forged"));
        forged.writeUnsigned(250, new TestRecords()::record);
        journal.replaceBy(forged);
        final String message = assertThrows(CheckpointException.class, () -> journal.write(260)).getMessage();
        assertTrue(message.contains("the end of the journal is missing"), message);
    }

    @Test
    void shouldStopWhenItsLastCheckpointIsDamaged() throws IOException
    {
        journal.write(300);
        final Path file = journal.checkpoints().newest();
        Files.writeString(file, Files.readString(file).replace("number 1", "number 2"));
        assertTrue(assertThrows(CheckpointException.class, () -> journal.write(400)).getMessage()
            .contains("not as it was signed"));
    }

    @Test
    void shouldMakeHashesOfRecordsAnewWhenTheyAreLostOrWrong() throws IOException
    {
        final SignedCheckpoint signed = journal.write(300);
        final Path file = LeafFile.of(journal.directory(), signed.checkpoint().segments().get(0).name());
        final byte[] right = Files.readAllBytes(file);
        assertEquals(300 * MerkleHasher.HASH_LENGTH, right.length);
        final byte[] wrong = right.clone();
        wrong[40] ^= 1;
        Files.write(file, wrong);
        assertTrue(journal.check(signed).notes().get(0).contains("hashes beside segment"));
        journal.write(400);
        assertEquals(0, java.util.Arrays.compare(right, Files.readAllBytes(file)));
        Files.delete(file);
        assertTrue(journal.check(signed).isIntact());
        assertFalse(Files.exists(file));
    }

    @Test
    void shouldSignOfflineAsTheOwnerOnly() throws IOException
    {
        journal.writeUnsigned(120, new TestRecords()::record);
        assertEquals(120, OfflineCheckpoints.make(journal.directory(), journal.options()).checkpoint().sequence());
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a directory away");
        Files.setAttribute(journal.directory(), "unix:uid", 12_345);
        final String message = assertThrows(JournalException.class, () ->
            OfflineCheckpoints.make(journal.directory(), journal.options())).getMessage();
        assertTrue(message.contains("belongs to 12345"), message);
    }

    @Test
    void shouldKeepReadingWhenHashesOfRecordsCannotBeWritten() throws IOException
    {
        final CheckpointOptions options = journal.options();
        try (Journal open = journal.open())
        {
            SignedJournal.append(open.startWriting(), 100, new TestRecords()::record);
            Files.createDirectory(LeafFile.of(journal.directory(), "segment-00000001"));
            try (CheckpointTailer tailer = journal.tailer(open, 100))
            {
                assertEquals(100, tailer.checkpoint().checkpoint().sequence());
            }
        }
        assertEquals(TimeUnit.MINUTES.toNanos(1), options.intervalNs());
    }
}
