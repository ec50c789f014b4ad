package io.plimsoll.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.TamperReport.Finding;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.CheckpointKey;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Journals that are whole and right by their own checksums, but not those that were signed. */
class TamperCheckTest
{
    private static final long[] ENDS = {100, 200, 300};
    private static final Retention SHORT = new Retention(1, 0, 0);

    @TempDir
    private Path data;
    private final TestRecords records = new TestRecords();
    private SignedJournal journal;
    private SignedCheckpoint signed;

    @BeforeEach
    void setUp()
    {
        journal = new SignedJournal(data.resolve("true"));
        for (final long end : ENDS)
        {
            signed = journal.write(end);
        }
    }

    /** A journal of the same shape with other records, all checksums right, put in the place of the true one. */
    private void forge(final LongFunction<RecordFlyweight> content, final boolean withHashes) throws IOException
    {
        final SignedJournal forged = new SignedJournal(data.resolve("forged"));
        for (final long end : ENDS)
        {
            forged.writeUnsigned(end, content);
        }
        for (int i = 1; withHashes && i <= ENDS.length; i++)
        {
            final String segment = "segment-0000000" + i;
            Files.copy(LeafFile.of(journal.directory(), segment), LeafFile.of(forged.directory(), segment));
        }
        journal.replaceBy(forged);
        try (Journal open = journal.open())
        {
            assertEquals(ENDS[2], open.startWriting().lastSequence());
        }
    }

    private Finding first(final SignedCheckpoint... given)
    {
        final TamperReport report = journal.check(given);
        assertTrue(report.findings().size() > 0, "nothing was found");
        return report.findings().get(0);
    }

    private static void assertPlace(
        final String place, final long index, final long sequence, final Finding finding)
    {
        assertEquals(place, finding.place(), finding.toString());
        assertEquals(index, finding.index(), finding.toString());
        assertEquals(sequence, finding.sequence(), finding.toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 99, 100, 101, 150, 200, 201, 299, 300})
    void shouldNameTheRecordThatWasChanged(final long changed) throws IOException
    {
        forge(sequence -> sequence == changed ? records.record(sequence, 17, 3) : records.record(sequence), true);
        final Finding finding = first(signed);
        final int segment = (int)((changed - 1) / 100);
        assertPlace("segment-0000000" + (segment + 1), changed - 1 - segment * 100, changed, finding);
        assertTrue(finding.position() > 0);
        assertTrue(finding.what().contains("not the record that was signed"), finding.toString());
    }

    @Test
    void shouldNameWhereARecordWasLeftOut() throws IOException
    {
        forge(sequence -> like(sequence, sequence < 130 ? sequence : sequence + 1), true);
        assertPlace("segment-00000002", 29, 130, first(signed));
    }

    @Test
    void shouldNameWhereARecordWasPutIn() throws IOException
    {
        forge(sequence -> 130 == sequence ? records.record(130, 1, 0) :
            like(sequence, sequence < 130 ? sequence : sequence - 1), true);
        assertPlace("segment-00000002", 29, 130, first(signed));
    }

    @Test
    void shouldNameWhereRecordsWereExchanged() throws IOException
    {
        forge(sequence -> like(sequence, 131 == sequence ? 230 : 230 == sequence ? 131 : sequence), true);
        final TamperReport report = journal.check(signed);
        assertPlace("segment-00000002", 30, 131, report.findings().get(0));
        // Each names the checksum of the one before, so from the first on none is what it was.
        assertPlace("segment-00000003", 0, 201, report.findings().get(1));
    }

    private RecordFlyweight like(final long sequence, final long other)
    {
        return records.record(sequence, (int)(other % 40), (int)(other % 3));
    }

    /** Each start made a checkpoint, so what lies between two of them can still be told apart. */
    @Test
    void shouldNameARangeWhenHashesOfRecordsAreGone() throws IOException
    {
        forge(sequence -> 150 == sequence ? records.record(sequence, 17, 3) : records.record(sequence), false);
        final TamperReport report = journal.check(signed);
        final Finding finding = report.findings().get(0);
        assertPlace("segment-00000002", 0, 101, finding);
        assertTrue(finding.what().contains("from here to sequence 200"), finding.toString());
        assertPlace("segment-00000003", 0, 201, report.findings().get(1));
        assertEquals(3, report.notes().size());
    }

    @Test
    void shouldNarrowARangeByEarlierCheckpoints() throws IOException
    {
        final SignedJournal other = new SignedJournal(data.resolve("other"));
        SignedCheckpoint last = null;
        try (Journal open = other.open())
        {
            final JournalWriter writer = open.startWriting();
            for (long end = 10; end <= 100; end += 10)
            {
                SignedJournal.append(writer, end, records::record);
                last = other.sign(open, end);
            }
        }
        final SignedJournal forged = new SignedJournal(data.resolve("forged"));
        try (Journal open = forged.open())
        {
            final JournalWriter writer = open.startWriting();
            for (long end = 10; end <= 100; end += 10)
            {
                SignedJournal.append(writer, end, sequence ->
                    45 == sequence ? records.record(sequence, 17, 3) : records.record(sequence));
            }
        }
        other.replaceBy(forged);
        final Finding finding = other.check(last).findings().get(0);
        assertPlace("segment-00000001", 40, 41, finding);
        assertTrue(finding.what().contains("from here to sequence 50"), finding.toString());
    }

    @Test
    void shouldFindThatTheEndIsMissing() throws IOException
    {
        final SignedJournal forged = new SignedJournal(data.resolve("forged"));
        forged.writeUnsigned(100, records::record);
        forged.writeUnsigned(160, records::record);
        journal.replaceBy(forged);
        final TamperReport report = journal.check(signed);
        assertPlace("segment-00000003", 0, 201, report.findings().get(0));
        assertPlace("segment-00000002", 60, 161, report.findings().get(1));
        assertTrue(report.findings().get(1).what().contains("up to sequence 200 were signed, but there is none here"));
        assertEquals(160, report.lastSequence());
    }

    @Test
    void shouldTellATornEndFromTampering() throws IOException
    {
        final Path live = data.resolve("live");
        final SignedJournal torn = new SignedJournal(live);
        final SignedCheckpoint checkpoint;
        final Path copy = data.resolve("copy");
        try (Journal open = torn.open())
        {
            SignedJournal.append(open.startWriting(), 50, records::record);
            checkpoint = torn.sign(open, 50);
            Files.createDirectory(copy);
            SignedJournal.copy(torn.directory(), copy.resolve("journal"));
        }
        final SignedJournal crashed = new SignedJournal(copy);
        final Path file = crashed.directory().resolve("segment-00000001").resolve(ChronicleRecordLog.FILE);
        final byte[] content = Files.readAllBytes(file);
        final int end;
        final int lastStart;
        try (ChronicleLogReader reader = new ChronicleLogReader(file, null))
        {
            while (reader.next())
            {
                // To the end.
            }
            end = (int)reader.endPosition();
            lastStart = (int)reader.position();
        }
        System.arraycopy(new byte[]{0, 1, 0, (byte)0x80, 9, 9, 9}, 0, content, end, 7);
        Files.write(file, content);
        final TamperReport honest = crashed.check(checkpoint);
        assertTrue(honest.isIntact(), honest.toString());
        assertTrue(honest.notes().get(0).contains("torn end behind sequence 50"), honest.toString());

        Files.delete(file.resolveSibling(ChronicleRecordLog.MARK_FILE));
        content[lastStart + 60] ^= 1;
        Files.write(file, content);
        final Finding finding = crashed.check(checkpoint).findings().get(0);
        assertPlace("segment-00000001", 49, 50, finding);
        assertTrue(finding.what().contains("not whole (wrong checksum)"), finding.toString());
    }

    @Test
    void shouldTellPrunedFromLost() throws IOException
    {
        final SignedCheckpoint[] later = new SignedCheckpoint[1];
        try (Journal open = journal.open())
        {
            SignedJournal.append(open.startWriting(), 400, records::record);
            SignedJournal.keepSnapshot(open, 350);
            try (CheckpointTailer tailer = journal.tailer(open, 400))
            {
                later[0] = tailer.checkpoint();
                assertEquals(3, open.snapshots().prune(SHORT, journal.nowNs()));
            }
        }
        for (final SignedCheckpoint each : List.of(signed, later[0]))
        {
            final TamperReport report = journal.check(each);
            assertTrue(report.isIntact(), report.toString());
            assertEquals(301, report.keptFrom());
        }
        final Path newest = journal.checkpoints().newest();
        final byte[] saying = Files.readAllBytes(newest);
        Files.delete(newest);
        final Finding finding = first(later[0]);
        assertPlace("segment-00000001", 0, 1, finding);
        assertTrue(finding.what().contains("no checkpoint says that they were to be pruned"), finding.toString());
        Files.write(newest, saying);
        assertTrue(journal.check(signed).isIntact());

        final Path snapshot = journal.directory().resolve("snapshot-00000000000000000350");
        final byte[] content = Files.readAllBytes(snapshot);
        content[content.length - 5] ^= 1;
        Files.write(snapshot, content);
        final TamperReport report = journal.check(signed);
        assertTrue(report.findings().get(0).what().contains("not the one that was signed"), report.toString());
        assertTrue(report.findings().get(1).what().contains("records before sequence 301 are gone"));
    }

    @Test
    void shouldFindASegmentThatIsMissing() throws IOException
    {
        SignedJournal.remove(journal.directory().resolve("segment-00000002"));
        final TamperReport report = journal.check(signed);
        assertEquals(1, report.findings().size(), report.toString());
        assertTrue(report.findings().get(0).place().contains("segment-00000002"));
    }

    @Test
    void shouldHoldCheckpointsAgainstEachOther() throws IOException
    {
        final List<Path> files = journal.checkpoints().files();
        final byte[] second = Files.readAllBytes(files.get(1));
        Files.delete(files.get(1));
        assertTrue(first(signed).what().contains("checkpoints are missing between 1 and 3"));
        final byte[] damaged = second.clone();
        damaged[30] ^= 1;
        Files.write(files.get(1), damaged);
        assertTrue(first(signed).place().contains("checkpoint-000000000002"));
        Files.write(files.get(1), second);
        assertTrue(journal.check(signed).isIntact());

        final SignedJournal fork = new SignedJournal(data.resolve("fork"));
        Files.createDirectory(data.resolve("fork"));
        for (final String name : List.of("checkpoint-key", "checkpoint-key.pub"))
        {
            Files.copy(data.resolve("true").resolve(name), data.resolve("fork").resolve(name));
        }
        SignedCheckpoint forged = null;
        for (final long end : ENDS)
        {
            forged = fork.write(end, sequence -> records.record(sequence, 3, 1), open -> {});
        }
        final TamperReport report = journal.check(forged);
        assertTrue(report.findings().get(0).what().contains("has the number of another"), report.toString());
    }

    @Test
    void shouldBelieveNobodyElsesCheckpoints()
    {
        final CheckpointKey key = CheckpointKey.generate();
        final TamperReport report = TamperCheck.check(
            journal.directory(), journal.options().directory(), Map.of("F", signed), key.publicKey());
        assertEquals(1, report.findings().size());
        assertTrue(report.findings().get(0).what().contains("signed with another key"));
        final SignedCheckpoint foreign = SignedCheckpoint.sign(signed.checkpoint(), key);
        final TamperReport other = journal.check(foreign);
        assertTrue(other.isIntact());
        assertEquals(1, other.checkpoints());
        assertEquals(3, other.notes().size(), other.toString());
    }

    @Test
    void shouldNotTakeTheJournalOfAnotherCluster()
    {
        final SignedJournal other = new SignedJournal(data.resolve("other"));
        try (Journal open = Journal.open(other.context().newClusterId(new java.util.UUID(8, 9))))
        {
            open.restore(record -> {});
            SignedJournal.append(open.startWriting(), 300, records::record);
        }
        assertTrue(other.check(signed).findings().get(0).what().contains("this is the journal of cluster"));
    }

    @Test
    void shouldLookAtAJournalThatIsBeingWritten()
    {
        try (Journal open = journal.open())
        {
            final JournalWriter writer = open.startWriting();
            SignedJournal.append(writer, 350, records::record);
            final SignedCheckpoint now = journal.sign(open, 350);
            SignedJournal.append(writer, 380, records::record);
            final TamperReport report = journal.check(signed, now);
            assertTrue(report.isIntact(), report.toString());
            assertEquals(380, report.lastSequence());
        }
    }

    @Test
    void shouldProveEachRecordAndNothingElse() throws IOException
    {
        for (long sequence = 1; sequence <= ENDS[2]; sequence += 13)
        {
            final byte[] file = EventProof.make(journal.directory(), signed, sequence).encode();
            final RecordFlyweight record = EventProof.decode(file, "F").check(signed.key());
            TestJournal.assertSame(records.record(sequence), record);
        }
        assertThrows(CheckpointException.class, () -> EventProof.make(journal.directory(), signed, 301));
        final byte[] file = EventProof.make(journal.directory(), signed, 77).encode();
        final EventProof proof = EventProof.decode(file, "F");
        assertSays("not signed with this key", () -> proof.check(CheckpointKey.generate().publicKey()));
        assertSays("does not lead from its record", () ->
            new EventProof(78, proof.excerpt(), proof.path(), proof.checkpoint()).check(signed.key()));
        assertSays("does not cover sequence 400", () ->
            new EventProof(400, proof.excerpt(), proof.path(), proof.checkpoint()).check(signed.key()));
        for (int at = 0; at < proof.excerpt().length; at += 5)
        {
            final byte[] changed = proof.excerpt().clone();
            changed[at] ^= 1;
            assertSays("does not lead", () ->
                new EventProof(77, changed, proof.path(), proof.checkpoint()).check(signed.key()));
        }
        assertSays("is no proof", () -> EventProof.decode("{}".getBytes(StandardCharsets.UTF_8), "F"));
        final String noJson = assertThrows(
            CheckpointException.class, () -> EventProof.decode("two\nlines".getBytes(StandardCharsets.UTF_8), "F"))
            .getMessage();
        assertEquals("F is no proof: it is not JSON", noJson);
        assertSays("is no proof", () -> EventProof.decode(new byte[]{1, 2}, "F"));
        assertSays("is no proof", () -> EventProof.decode(new byte[0], "F"));

        forge(sequence -> 150 == sequence ? records.record(sequence, 17, 3) : records.record(sequence), true);
        assertThrows(
            JournalDamagedException.class, () -> EventProof.make(journal.directory(), signed, 120));
    }

    private static void assertSays(final String expected, final org.junit.jupiter.api.function.Executable action)
    {
        final String message = assertThrows(CheckpointException.class, action).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
