package io.plimsoll.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.RecordFlyweight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots beside the segments: kept, read back, damaged, pruned. The state is a list of sequences. */
class JournalSnapshotTest
{
    private static final int KIND = 7;
    private static final Retention SHORT = new Retention(2, 0, 0);

    @TempDir
    private Path directory;

    private JournalContext context()
    {
        return TestJournal.context(directory).segmentLength(1 << 17);
    }

    /** What a manager would be: it knows each record that it stands for, by its sequence. */
    private static final class State implements JournalRestorer
    {
        private final List<Long> sequences = new ArrayList<>();
        private final List<Long> snapshots = new ArrayList<>();
        private final List<Long> seen = new ArrayList<>();

        @Override
        public void onSnapshot(final SnapshotReader snapshot)
        {
            sequences.clear();
            while (snapshot.next())
            {
                assertEquals(KIND, snapshot.kind());
                for (int at = 0; at < snapshot.length(); at += Long.BYTES)
                {
                    sequences.add(snapshot.content().getLong(at));
                }
            }
            snapshots.add(snapshot.sequence());
        }

        @Override
        public void begin()
        {
            sequences.clear();
        }

        @Override
        public void onRecord(final RecordFlyweight record)
        {
            seen.add(record.sequence());
            sequences.add(record.sequence());
        }

        Snapshot snapshot(final long sequence)
        {
            final UnsafeBuffer piece = new UnsafeBuffer(new byte[(int)sequence * Long.BYTES]);
            for (int i = 0; i < sequence; i++)
            {
                piece.putLong(i * Long.BYTES, i + 1);
            }
            final int cut = (int)sequence / 3 * Long.BYTES;
            return new Snapshot(sequence, 5, 1, List.of(
                new SnapshotPiece(KIND, piece, 0, cut),
                new SnapshotPiece(KIND, piece, cut, piece.capacity() - cut)));
        }

        void checkWhole(final long last)
        {
            assertEquals(Stream.iterate(1L, i -> i + 1).limit(last).toList(), sequences);
        }
    }

    /** Goes on to a sequence, with snapshots on the way, and closes. */
    private void write(final long lastSequence, final long... snapshots)
    {
        try (Journal journal = Journal.open(context()))
        {
            final State state = new State();
            long last = journal.restore(state);
            final JournalWriter writer = journal.startWriting();
            for (final long sequence : snapshots)
            {
                TestJournal.append(writer, last, sequence, 10);
                journal.snapshots().keep(state.snapshot(sequence));
                last = sequence;
            }
            TestJournal.append(writer, last, lastSequence, 10);
        }
    }

    private State restore(final long lastSequence)
    {
        final State state = new State();
        try (Journal journal = Journal.open(context()))
        {
            assertEquals(lastSequence, journal.restore(state));
        }
        state.checkWhole(lastSequence);
        return state;
    }

    private Path file(final long sequence)
    {
        return directory.resolve(String.format(Locale.ROOT, "snapshot-%020d", sequence));
    }

    @Test
    void shouldGoOnFromTheNewestSnapshot()
    {
        write(4_000, 1_000, 3_500);
        final State state = restore(4_000);
        assertEquals(List.of(3_500L), state.snapshots);
        assertEquals(3_501L, state.seen.get(0));
        assertEquals(500, state.seen.size());
    }

    @Test
    void shouldTakeTheOlderSnapshotWhenTheNewestIsDamagedAndAllRecordsWhenNoneIsLeft() throws IOException
    {
        write(4_000, 1_000, 3_500);
        Files.write(file(3_500), new byte[]{1, 2, 3});
        assertEquals(List.of(1_000L), restore(4_000).snapshots);
        Files.delete(file(1_000));
        final State state = restore(4_000);
        assertEquals(List.of(), state.snapshots);
        assertEquals(4_000, state.seen.size());
    }

    @Test
    void shouldFindEveryChangedByte() throws IOException
    {
        write(300, 200);
        final byte[] whole = Files.readAllBytes(file(200));
        final SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 500; i++)
        {
            final byte[] damaged = whole.clone();
            final int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte)(1 << random.nextInt(8));
            Files.write(file(200), damaged);
            assertEquals(List.of(), restore(300).snapshots, () -> "byte " + at);
        }
        Files.write(file(200), whole);
        assertEquals(List.of(200L), restore(300).snapshots);
    }

    @Test
    void shouldPruneWhatSnapshotsStandFor()
    {
        write(6_000, 1_000, 3_000, 5_000);
        final long oldest;
        try (Journal journal = Journal.open(context()))
        {
            journal.restore(new State());
            journal.startWriting();
            assertTrue(journal.snapshots().prune(SHORT, Long.MAX_VALUE) > 1);
            assertArrayEquals(new long[]{3_000, 5_000}, journal.snapshots().sequences());
            final JournalCursor cursor = journal.cursor(() -> Long.MAX_VALUE);
            oldest = cursor.oldestSequence();
            assertTrue(oldest > 1 && oldest <= 3_001, () -> "oldest=" + oldest);
            final JournalPrunedException pruned =
                assertThrows(JournalPrunedException.class, () -> cursor.seek(oldest - 1));
            assertEquals(oldest, pruned.oldestSequence());
            assertThrows(JournalPrunedException.class, () -> cursor.next(new RecordFlyweight()));
            cursor.close();
        }
        assertFalse(Files.exists(file(1_000)));
        assertEquals(List.of(5_000L), restore(6_000).snapshots);
    }

    @Test
    void shouldPruneByItselfOnlyWhenThereAreAsManyGoodSnapshotsAsShallBe() throws IOException
    {
        write(6_000, 3_000, 5_000);
        final byte[] good = Files.readAllBytes(file(3_000));
        try (Journal journal = Journal.open(context()))
        {
            journal.restore(new State());
            journal.startWriting();
            Files.write(file(3_000), new byte[]{1, 2, 3});
            assertEquals(0, journal.snapshots().prune(SHORT, Long.MAX_VALUE));
            assertArrayEquals(new long[]{3_000, 5_000}, journal.snapshots().sequences());
            assertTrue(journal.snapshots().plan(SHORT, Long.MAX_VALUE).segments().size() > 0, "who asks for it, may");
            Files.write(file(3_000), good);
            assertTrue(journal.snapshots().prune(SHORT, Long.MAX_VALUE) > 0);
        }
        assertEquals(List.of(5_000L), restore(6_000).snapshots);
    }

    @Test
    void shouldFallBackToTheOlderSnapshotThatPruningKept() throws IOException
    {
        shouldPruneWhatSnapshotsStandFor();
        Files.write(file(5_000), new byte[0]);
        assertEquals(List.of(3_000L), restore(6_000).snapshots);
        Files.write(file(3_000), new byte[0]);
        try (Journal journal = Journal.open(context()))
        {
            final String message =
                assertThrows(JournalDamagedException.class, () -> journal.restore(new State())).getMessage();
            assertTrue(message.contains("no snapshot can be read, and the records before sequence"), message);
        }
    }

    @Test
    void shouldKeepWhatThePeriodAndTheBytesSay()
    {
        write(6_000, 5_000);
        try (Journal journal = Journal.open(context()))
        {
            journal.restore(new State());
            journal.startWriting();
            assertEquals(0, journal.snapshots().prune(new Retention(1, Long.MAX_VALUE, 0), 1L << 40));
            assertEquals(0, journal.snapshots().prune(new Retention(1, 0, Long.MAX_VALUE), Long.MAX_VALUE));
            assertTrue(journal.snapshots().prune(new Retention(1, 0, 0), Long.MAX_VALUE) > 0);
        }
    }

    @Test
    void shouldFinishARemovalThatWasInterrupted() throws IOException
    {
        write(6_000, 1_000, 3_000, 5_000);
        final byte[] manifest = Files.readAllBytes(directory.resolve(DirectoryStorage.MANIFEST_FILE));
        final Manifest before = Manifest.decode(manifest, "test");
        final SegmentEntry first = before.segments().remove(0);
        before.leaving().add(first.name());
        before.leaving().add(before.snapshots().remove(0).name());
        Files.write(directory.resolve(DirectoryStorage.MANIFEST_FILE), before.encode());
        assertEquals(List.of(5_000L), restore(6_000).snapshots);
        assertFalse(Files.exists(directory.resolve(first.name())));
        assertFalse(Files.exists(file(1_000)));
        final byte[] after = Files.readAllBytes(directory.resolve(DirectoryStorage.MANIFEST_FILE));
        assertEquals(List.of(), Manifest.decode(after, "test").leaving());
    }

    @Test
    void shouldNotTrustASnapshotOfAnotherJournal() throws IOException
    {
        write(300, 200);
        final byte[] snapshot = Files.readAllBytes(file(200));
        Files.write(file(200), new byte[0]);
        write(400, 350);
        Files.write(file(350), snapshot);
        assertEquals(List.of(), restore(400).snapshots);
    }

    @Test
    void shouldForgetASnapshotThatTheManifestDoesNotKnow() throws IOException
    {
        write(300, 200);
        Files.copy(file(200), file(250));
        Files.copy(file(200), directory.resolve("snapshot-00000000000000000260.new"));
        assertEquals(List.of(200L), restore(300).snapshots);
        assertFalse(Files.exists(file(250)));
        assertFalse(Files.exists(directory.resolve("snapshot-00000000000000000260.new")));
    }

    @Test
    void shouldRefuseAJournalThatEndsBeforeItsSnapshot()
    {
        final MemoryStorage storage = new MemoryStorage();
        final Journal journal = Journal.open(context().commitMode(CommitMode.SYNC), storage);
        final State state = new State();
        journal.restore(state);
        TestJournal.append(journal.startWriting(), 0, 100, 10);
        journal.snapshots().keep(state.snapshot(100));
        final MemoryStorage.MemoryLog log = storage.logs.lastEntry().getValue();
        log.excerpts.subList(50, 100).clear();
        log.marked = 0;
        final Journal next = Journal.open(context(), storage);
        final String message =
            assertThrows(JournalDamagedException.class, () -> next.restore(new State())).getMessage();
        assertTrue(message.contains("before that of the snapshot"), message);
    }

    @Test
    void shouldForceWhatASnapshotStandsForBeforeItIsKept()
    {
        final MemoryStorage storage = new MemoryStorage();
        final Journal journal = Journal.open(context(), storage);
        final State state = new State();
        journal.restore(state);
        TestJournal.append(journal.startWriting(), 0, 100, 10);
        assertEquals(0, storage.logs.lastEntry().getValue().synced);
        journal.snapshots().keep(state.snapshot(100));
        storage.powerCut(new SplittableRandom(1));
        final State after = new State();
        assertEquals(100, Journal.open(context(), storage).restore(after));
        assertEquals(List.of(100L), after.snapshots);
    }

    /** The disk may have forgotten records behind which others come: whoever makes snapshots may not pass it over. */
    @Test
    void shouldSayThatRecordsCouldNotBeForced()
    {
        for (final RuntimeException cause : List.of(
            new UncheckedIOException("planted", new IOException("Input/output error")),
            new JournalFullException("planted")))
        {
            final MemoryStorage storage = new MemoryStorage();
            final Journal journal = Journal.open(context(), storage);
            final State state = new State();
            journal.restore(state);
            TestJournal.append(journal.startWriting(), 0, 100, 10);
            storage.failForce = cause;

            final Snapshot snapshot = state.snapshot(100);
            final JournalUnforcedException thrown =
                assertThrows(JournalUnforcedException.class, () -> journal.snapshots().keep(snapshot));
            assertEquals("records of segment-00000001 were not forced: planted", thrown.getMessage());
            assertEquals(cause, thrown.getCause());
            assertEquals(0, journal.snapshots().sequences().length);
        }
    }

    @Test
    void shouldDropASnapshotThatProvedBad()
    {
        write(300, 100, 200);
        try (Journal journal = Journal.open(context()))
        {
            journal.restore(new State());
            journal.startWriting();
            journal.snapshots().drop(200);
            assertArrayEquals(new long[]{100}, journal.snapshots().sequences());
        }
        assertEquals(List.of(100L), restore(300).snapshots);
    }

    private static Snapshot ofPieces(final long sequence, final int pieces, final int length)
    {
        final List<SnapshotPiece> result = new ArrayList<>();
        for (int i = 0; i < pieces; i++)
        {
            final UnsafeBuffer piece = new UnsafeBuffer(new byte[length]);
            piece.setMemory(0, length, (byte)(i + 1));
            result.add(new SnapshotPiece(KIND, piece, 0, length));
        }
        return new Snapshot(sequence, 5, 1, result);
    }

    @Test
    void shouldReadPiecesIntoTheSameMemoryUnlessOneIsKept()
    {
        try (Journal journal = Journal.open(context()))
        {
            journal.restore(new State());
            TestJournal.append(journal.startWriting(), 0, 10, 10);
            journal.snapshots().keep(ofPieces(10, 4, 100_001));
            try (SnapshotReader reader = journal.snapshots().open(10))
            {
                assertTrue(reader.next());
                final DirectBuffer first = reader.content();
                assertTrue(reader.next());
                assertSame(first, reader.content());
                assertSame(first, reader.keepContent());
                assertTrue(reader.next());
                assertNotSame(first, reader.content());
                assertEquals(3, reader.content().getByte(100_000));
                assertEquals(2, first.getByte(100_000), "it is kept until the reader is closed");
                assertTrue(reader.next());
                assertFalse(reader.next());
            }
        }
    }

    @Test
    void shouldReadBackWhatWasWrittenAndNothingElse()
    {
        try (Journal journal = Journal.open(context()))
        {
            journal.restore(new State());
            TestJournal.append(journal.startWriting(), 0, 10, 10);
            journal.snapshots().keep(ofPieces(10, 3, 100_001));
            journal.snapshots().verify(ofPieces(10, 3, 100_001));
            for (final Snapshot other : List.of(
                ofPieces(10, 2, 100_001), ofPieces(10, 4, 100_001), ofPieces(10, 3, 100_000)))
            {
                assertThrows(JournalDamagedException.class, () -> journal.snapshots().verify(other));
            }
            final Snapshot changed = ofPieces(10, 3, 100_001);
            final SnapshotPiece last = ((List<SnapshotPiece>)changed.pieces()).get(2);
            ((UnsafeBuffer)last.buffer()).putByte(100_000, (byte)9);
            assertTrue(assertThrows(JournalDamagedException.class, () -> journal.snapshots().verify(changed))
                .getMessage().contains("piece 2 is not as it was written"));
        }
    }

    @Test
    void shouldFindDamageAnywhereWhenItReadsBack() throws IOException
    {
        try (Journal journal = Journal.open(context()))
        {
            journal.restore(new State());
            TestJournal.append(journal.startWriting(), 0, 10, 10);
            final Snapshot snapshot = ofPieces(10, 2, 1_001);
            journal.snapshots().keep(snapshot);
            final byte[] good = Files.readAllBytes(file(10));
            for (int i = 0; i < good.length; i += 7)
            {
                final byte[] damaged = good.clone();
                damaged[i] ^= 4;
                Files.write(file(10), damaged);
                assertThrows(JournalException.class, () -> journal.snapshots().verify(snapshot), "byte " + i);
            }
        }
    }
}
