package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.loadtest.workload.CoreWorkload;
import io.plimsoll.loadtest.workload.WorkloadTape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints, what is held against them, and proofs, as somebody at a command line has them. */
class JournalEvidenceTest
{
    private static final String SEGMENT = "data/journal/segment-00000001/19700101F.cq4";

    @TempDir
    private Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final RecordTape tape = WorkloadTape.record(
        new HostedCore(new SchedulerCore(CoreOptions.defaults())), new CoreWorkload(5, 4), 120);

    @BeforeEach
    void setUp()
    {
        write(tape.size());
    }

    private void write(final int end)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (Journal journal = Journal.open(new JournalContext()
            .directory(directory.resolve("data/journal"))
            .newClusterId(new UUID(3, 4))
            .commitMode(CommitMode.ASYNC)
            .reserveFileLength(0)))
        {
            final int first = (int)journal.restore(restored -> {});
            final JournalWriter writer = journal.startWriting();
            for (int i = first; i < end; i++)
            {
                writer.append(tape.wrap(i, record));
                writer.commit();
            }
        }
    }

    private int run(final String... args)
    {
        out.reset();
        err.reset();
        return new CommandRunner(new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            directory,
            directory)).run(args);
    }

    private String said()
    {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private void keepCheckpoint() throws IOException
    {
        assertEquals(ExitCode.OK, run("journal", "checkpoint", "data"), said());
        Files.write(directory.resolve("kept"), out.toByteArray());
        assertEquals(ExitCode.OK, run("journal", "checkpoint", "data", "--public-key"), said());
        Files.write(directory.resolve("key.pub"), out.toByteArray());
    }

    private int verify()
    {
        return run("journal", "verify", "data", "--no-decide", "--checkpoint", "kept", "--public-key", "key.pub");
    }

    private void flip(final String file, final long at) throws IOException
    {
        try (RandomAccessFile access = new RandomAccessFile(directory.resolve(file).toFile(), "rw"))
        {
            access.seek(at);
            final int value = access.read();
            access.seek(at);
            access.write(value ^ 1);
        }
    }

    @Test
    void shouldHoldAJournalAgainstACheckpointThatWasKept() throws IOException
    {
        keepCheckpoint();
        assertEquals(ExitCode.OK, verify(), said());
        assertTrue(said().contains("as signed: every record to " + tape.size()), said());
        final byte[] content = Files.readAllBytes(directory.resolve(SEGMENT));
        int middle = content.length;
        while (content[middle - 1] == 0)
        {
            middle--;
        }
        flip(SEGMENT, middle / 2);
        assertEquals(ExitCode.FAILED, verify(), said());
        assertTrue(said().contains("NOT AS SIGNED: the first that is not: segment-00000001"), said());
        run("journal", "verify", "data", "--no-decide", "--checkpoint", "kept", "-o", "json");
        final JsonValue signed = JsonValue.parse(out.toByteArray()).field("signed");
        assertFalse(signed.isTrue("asSigned"));
        assertTrue(signed.field("findings").items().get(0).number("sequence", 0) > 1);
    }

    @Test
    void shouldTellWhatIsWrongWithCheckpointsAndKeys() throws IOException
    {
        keepCheckpoint();
        flip("kept", 40);
        assertEquals(ExitCode.FAILED, verify(), said());
        Files.writeString(directory.resolve("kept"), "nothing\n");
        assertEquals(ExitCode.USAGE, verify(), said());
        Files.delete(directory.resolve("kept"));
        assertEquals(ExitCode.USAGE, verify(), said());
        assertEquals(ExitCode.USAGE, run("journal", "verify", "data", "--public-key", "key.pub"), said());
        keepCheckpoint();
        Files.writeString(directory.resolve("key.pub"), "nothing\n");
        assertEquals(ExitCode.USAGE, verify(), said());
        assertTrue(said().contains("--public-key: key"), said());
    }

    @Test
    void shouldFindThatTheEndWasTakenAway() throws IOException
    {
        keepCheckpoint();
        try (java.util.stream.Stream<Path> files = Files.walk(directory.resolve("data/journal")))
        {
            for (final Path file : files.sorted(java.util.Comparator.reverseOrder()).toList())
            {
                Files.delete(file);
            }
        }
        write(tape.size() / 2);
        assertEquals(ExitCode.FAILED, verify(), said());
        assertEquals(ExitCode.JOURNAL, run("journal", "checkpoint", "data"), said());
        assertTrue(said().contains("the end of the journal is missing"), said());
    }

    @Test
    void shouldProveOneRecordToSomebodyWithoutTheJournal() throws IOException
    {
        keepCheckpoint();
        assertEquals(ExitCode.OK, run("journal", "prove", "data", "--seq", "77", "--out", "77.proof"), said());
        assertEquals(ExitCode.OK, run("journal", "check-proof", "77.proof", "--public-key", "key.pub"), said());
        assertTrue(said().contains("proven: the record of sequence 77,"), said());
        assertEquals(
            ExitCode.OK, run("journal", "check-proof", "77.proof", "--public-key", "key.pub", "-o", "json"), said());
        assertEquals(77, JsonValue.parse(out.toByteArray()).number("sequence", 0));
        final String proof = Files.readString(directory.resolve("77.proof"));
        Files.writeString(directory.resolve("77.proof"), proof.replace("\"sequence\" : 77", "\"sequence\" : 78"));
        assertEquals(ExitCode.FAILED, run("journal", "check-proof", "77.proof", "--public-key", "key.pub"), said());
        assertEquals(ExitCode.USAGE, run("journal", "check-proof", "kept", "--public-key", "key.pub"), said());
        assertEquals(ExitCode.USAGE, run("journal", "check-proof", "none", "--public-key", "key.pub"), said());
        assertEquals(ExitCode.UNKNOWN, run("journal", "prove", "data", "--seq", "1000000"), said());
        assertEquals(ExitCode.USAGE, run("journal", "prove", "data", "--seq", "0"), said());
    }
}
