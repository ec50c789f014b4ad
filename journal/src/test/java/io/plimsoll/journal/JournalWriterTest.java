package io.plimsoll.journal;

import io.plimsoll.core.sbe.AcceptLossEncoder;
import io.plimsoll.core.sbe.ManagerStartedEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the journal does with storage that fails, forgets and tears. */
class JournalWriterTest
{
    private final MemoryStorage storage = new MemoryStorage();
    private final TestRecords records = new TestRecords();
    private final JournalContext context =
        new JournalContext().directory(Path.of("memory")).commitMode(CommitMode.SYNC);

    @Test
    void shouldSyncOncePerGroup()
    {
        final JournalWriter writer = start();
        TestJournal.append(writer, 0, 100, 10);
        writer.commit();
        assertEquals(10, storage.syncs);
        assertEquals(100, writer.committedSequence());
    }

    @Test
    void shouldNotSyncInAsyncModeUnlessPoisonedOrATermBegins()
    {
        context.commitMode(CommitMode.ASYNC);
        final JournalWriter writer = start();
        TestJournal.append(writer, 0, 100, 10);
        assertEquals(0, storage.syncs);
        writer.append(records.poisoned(101));
        writer.commit();
        assertEquals(1, storage.syncs);
        TestJournal.append(writer, 101, 110, 10);
        assertEquals(1, storage.syncs);
        writer.append(records.command(111, ManagerStartedEncoder.TEMPLATE_ID));
        writer.commit();
        assertEquals(2, storage.syncs);
        writer.append(records.command(112, AcceptLossEncoder.TEMPLATE_ID));
        writer.commit();
        assertEquals(3, storage.syncs);
    }

    @Test
    void shouldHandOverPoisonedRecordsAtRestore()
    {
        final JournalWriter writer = start();
        writer.append(records.poisoned(1));
        writer.commit();
        final long[] poisoned = new long[1];
        assertEquals(1, open().restore(record -> poisoned[0] = record.commandLength()));
        assertEquals(records.poisoned(1).commandLength(), poisoned[0]);
    }

    @Test
    void shouldNotClaimWhatFailedToSync()
    {
        final Journal journal = open();
        journal.restore(record -> {});
        final JournalWriter writer = journal.startWriting();
        TestJournal.append(writer, 0, 10, 5);
        storage.failSync = true;
        writer.append(records.record(11));
        assertThrows(IllegalStateException.class, writer::commit);
        storage.failSync = false;
        journal.close();

        assertEquals(10, writer.committedSequence());
        assertFalse(new String(storage.manifest, StandardCharsets.UTF_8).contains("lastSequence"));
        assertEquals(10, storage.logs.firstEntry().getValue().marked);
    }

    @Test
    void shouldKeepWhatWasCommittedBeforeFailedAppend()
    {
        final JournalWriter writer = start();
        TestJournal.append(writer, 0, 10, 5);
        storage.failAppendIn = 1;
        writer.append(records.record(11));
        assertThrows(JournalFullException.class, () -> writer.append(records.record(12)));
        storage.crash();
        assertEquals(11, TestJournal.verify(open()));
    }

    @Test
    void shouldNotBeginSegmentWhileReserveIsShort()
    {
        context.segmentLength(1 << 17);
        storage.reserveKept = false;
        final JournalWriter writer = start();
        TestJournal.append(writer, 0, 4_000, 100);
        assertEquals(1, storage.logs.size());
        storage.reserveKept = true;
        TestJournal.append(writer, 4_000, 4_100, 100);
        assertEquals(2, storage.logs.size());
        assertEquals(4_100, TestJournal.verify(open()));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,7", "0,24", "1,0", "1,7", "1,-8", "2,-2147483648", "2,2147483647", "3,25", "3,1073741824"})
    void shouldRefuseARecordWhoseLengthsContradictEachOtherThoughItsChecksumIsRight(final int at, final int length)
    {
        final JournalWriter writer = start();
        TestJournal.append(writer, 0, 5, 1);
        writer.append(records.forged(6, at, length));
        writer.commit();
        final JournalDamagedException ex =
            assertThrows(JournalDamagedException.class, () -> open().restore(record -> {}));
        assertEquals(6, ex.sequence());
        assertTrue(ex.getMessage().contains("lengths that contradict each other"), ex.getMessage());
    }

    @Test
    void shouldNameTheRecordThatBreaksItsReader()
    {
        TestJournal.append(start(), 0, 10, 1);
        final JournalDamagedException ex = assertThrows(
            JournalDamagedException.class,
            () -> open().restore(record ->
            {
                if (7 == record.sequence())
                {
                    throw new IndexOutOfBoundsException("planted");
                }
            }));
        assertEquals(
            "journal damaged: a record with right checksums that this build can make nothing of" +
                " (java.lang.IndexOutOfBoundsException: planted) at segment-00000001 position=6 index=6 sequence=7",
            ex.getMessage());
    }

    @Test
    void shouldForceWhatTheManifestClosesAlsoInAsyncMode()
    {
        context.commitMode(CommitMode.ASYNC).segmentLength(1 << 17);
        storage.retiresLater = true;
        TestJournal.append(start(), 0, 4_000, 100);
        assertTrue(storage.logs.size() > 2, "segments=" + storage.logs.size());
        final long newest = Manifest.decode(storage.manifest, "memory").segments().get(storage.logs.size() - 1)
            .firstSequence();
        storage.logs.values().forEach(log ->
        {
            log.excerpts.subList(log.synced, log.excerpts.size()).clear();
            log.marked = 0;
        });
        assertEquals(newest - 1, TestJournal.verify(open()));
    }

    @Test
    void shouldEndWhenWhatIsToBeClosedCannotBeForced()
    {
        context.commitMode(CommitMode.ASYNC).segmentLength(1 << 17);
        final JournalWriter writer = start();
        storage.failSync = true;
        assertThrows(IllegalStateException.class, () -> TestJournal.append(writer, 0, 4_000, 100));
        assertEquals(1, storage.logs.size());
        assertTrue(writer.hasFailed());
    }

    @Test
    void shouldNeverLosePromisedRecordsInPowerCuts()
    {
        int refused = 0;
        for (int seed = 0; seed < 2_000; seed++)
        {
            refused += cutPower(seed);
        }
        assertTrue(refused > 0 && refused < 2_000, "refused=" + refused);
    }

    @Test
    void shouldFindFlippedBitsWhereverTheyAre()
    {
        TestJournal.append(start(), 0, 50, 7);
        final SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 5_000; i++)
        {
            final int number = random.nextInt(50);
            final byte[] excerpt = storage.logs.firstEntry().getValue().excerpts.get(number);
            final int position = random.nextInt(excerpt.length);
            final byte saved = excerpt[position];
            excerpt[position] ^= (byte)(1 << random.nextInt(Byte.SIZE));
            final Journal journal = open();
            final JournalDamagedException ex =
                assertThrows(JournalDamagedException.class, () -> journal.restore(record -> {}));
            assertEquals(number + 1, ex.sequence());
            excerpt[position] = saved;
        }
        assertEquals(50, TestJournal.verify(open()));
    }

    /** Several reigns on one storage, each ended by a power cut. Says whether a start was refused. */
    private int cutPower(final int seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final MemoryStorage disk = new MemoryStorage();
        long promised = 0;
        for (int reign = 0; reign < 4; reign++)
        {
            final Journal journal = Journal.open(context, disk);
            final long restored;
            try
            {
                restored = TestJournal.verify(journal);
            }
            catch (final JournalDamagedException ex)
            {
                // Good records behind a hole: it may not guess. It must not be about what was promised.
                assertTrue(ex.sequence() > promised, "seed=" + seed + " promised=" + promised + " " + ex);
                return 1;
            }
            assertTrue(restored >= promised, "seed=" + seed + " promised=" + promised + " restored=" + restored);
            final JournalWriter writer = journal.startWriting();
            long sequence = restored;
            promised = restored;
            for (int batch = random.nextInt(5); batch >= 0; batch--)
            {
                for (int i = random.nextInt(4); i >= 0; i--)
                {
                    writer.append(records.record(++sequence));
                }
                if (batch > 0 || random.nextBoolean())
                {
                    writer.commit();
                    promised = sequence;
                }
            }
            disk.powerCut(random);
        }
        return 0;
    }

    private JournalWriter start()
    {
        final Journal journal = open();
        journal.restore(record -> {});
        return journal.startWriting();
    }

    private Journal open()
    {
        return Journal.open(context, storage);
    }
}
