package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.proof.RecordTape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals of which the beginning or the end is not there, as somebody at a command line finds them. */
class ReplayKeptTest
{
    private static final String SCENARIO =
        """
        agents: [{name: a, cpu: 2}]
        owners: {users: [{name: alice, project: p, domain: d, limits: {cpu: 1}}]}
        sessions:
          - {name: one, user: alice, kernels: [{cpu: 1}], duration: 60s}
          - {name: two, at: 10s, user: alice, kernels: [{cpu: 1}], duration: 60s}
          - {name: three, at: 20s, user: alice, kernels: [{cpu: 1}], duration: 60s, after: [two]}
          - {name: four, at: 400s, user: alice, kernels: [{cpu: 1}], duration: 60s}
        """;
    /** One runs, two waits. */
    private static final int OLDER = 12;
    /** Three has ended, four has not come. */
    private static final int NEWER = 18;
    private static final String KEPT =
        "the records before sequence 13 are no longer kept; the oldest state that can be opened is that of 12, at " +
            "2001-09-09T01:46:50Z";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final RecordTape tape = KeptJournal.tape(SCENARIO);

    @TempDir
    private Path directory;

    private void pruned()
    {
        final Path journal = directory.resolve("j");
        KeptJournal.write(tape, journal, OLDER, NEWER);
        KeptJournal.prune(journal, 2);
    }

    private void torn() throws IOException
    {
        KeptJournal.write(tape, directory.resolve("j"), OLDER);
        KeptJournal.tear(directory.resolve("j"));
    }

    @Test
    void shouldStartFromTheOldestSnapshotIfWhatWasBeforeIsPruned()
    {
        pruned();
        assertEquals(ExitCode.OK, run("replay", "j", "--at", "start", "ps", "-o", "json"), err());
        assertTrue(out().contains("\"two\"") && out().contains("PENDING") && !out().contains("three"), out());
        assertTrue(err().contains("records up to sequence 12 are no longer kept; it starts from the snapshot"), err());
        assertEquals(1, err().lines().count(), err());
        assertEquals(ExitCode.OK, run("replay", "j", "--until", "session 2 RUNNING", "ps"), err());
        assertTrue(err().contains("it starts from the snapshot"), err());
        assertEquals(ExitCode.OK, run("replay", "j", "--at", "12", "ps"), err());
        assertEquals("", err());
        assertEquals(ExitCode.OK, run("replay", "j", "what-if"), err());
        assertTrue(out().contains("sequence 13 ") && out().contains("nothing is different: 10 commands"), out());
        assertEquals(ExitCode.OK, run("replay", "j", "report"), err());
        assertTrue(out().contains("10 commands"), out());
    }

    @Test
    void shouldNameWhatIsKept()
    {
        pruned();
        for (final String at : new String[]{"0", "1", "11", "2001-09-09T01:46:40Z", "-1h"})
        {
            assertEquals(ExitCode.USAGE, run("replay", "j", "--at", at, "ps"), out());
            assertEquals("plimsoll: " + KEPT, err().strip(), at);
        }
        assertEquals(ExitCode.USAGE, run("replay", "j", "what-if", "--from", "5"), out());
        assertTrue(err().contains("records before sequence 13 are no longer kept; use 13 or later"), err());
        assertEquals(ExitCode.USAGE, run("replay", "j", "report", "--from", "5"), out());
        assertTrue(err().contains("record 5 is no longer kept; the oldest is 13"), err());
        assertEquals(ExitCode.USAGE, run("journal", "export", "j", "--from", "5"), out());
        assertTrue(err().contains("--from: record 5 is no longer kept; the oldest is 13"), err());
        assertEquals(ExitCode.OK, run("journal", "export", "j", "--from", "2999-01-01T00:00:00Z"), err());
        assertEquals("", out());
    }

    @Test
    void shouldTakeTheNextSnapshotIfTheOldestCannotBeRead() throws IOException
    {
        pruned();
        final Path snapshot = directory.resolve("j/snapshot-00000000000000000012");
        final byte[] content = Files.readAllBytes(snapshot);
        content[content.length / 2] ^= 1;
        Files.write(snapshot, content);
        assertEquals(ExitCode.OK, run("replay", "j", "--at", "start", "ps", "-a"), err());
        assertTrue(err().contains("records up to sequence 18 are no longer kept"), err());
        assertTrue(out().contains("three"), out());
        assertEquals(ExitCode.OK, run("replay", "j", "why", "4"), err());
        assertEquals(ExitCode.USAGE, run("replay", "j", "--at", "14", "ps"), out());
        assertTrue(err().contains("the oldest state that can be opened is that of 18"), err());
        Files.delete(snapshot);
        Files.delete(directory.resolve("j/snapshot-00000000000000000018"));
        assertEquals(ExitCode.USAGE, run("replay", "j", "ps"), out());
        assertTrue(err().contains("no snapshot that can be read stands for them"), err());
    }

    @Test
    void shouldSayThatTheBeginningOfAStoryIsNotKept() throws IOException
    {
        pruned();
        assertEquals(ExitCode.OK, run("replay", "j", "why", "2"), err());
        assertTrue(
            out().contains("the beginning of its story is no longer kept: this one starts with sequence 12, " +
                "2001-09-09T01:46:50Z"), out());
        assertTrue(out().contains("is over a limit: user alice"), out());
        assertEquals(ExitCode.OK, run("replay", "j", "why", "2", "-o", "json"), err());
        assertEquals("12", JsonValue.parse(out.toByteArray()).text("from"));
        assertEquals(ExitCode.OK, run("replay", "j", "why", "3"), err());
        assertFalse(out().contains("no longer kept"), out());
        assertTrue(out().contains("placed in its group meanwhile: 1 session, 0 of them"), out());
        assertEquals(ExitCode.UNKNOWN, run("replay", "j", "why", "99"), out());
        assertTrue(err().contains("the journal has no session 99, or no longer: what was before sequence 12"), err());
        assertEquals(1, err().lines().count(), err());
    }

    @Test
    void shouldShowAllBeforeATornTailAndSayWhereItEnds() throws IOException
    {
        torn();
        final String ends = "plimsoll: the journal can be read up to sequence " + (tape.size() - 1) + " only (";
        assertEquals(ExitCode.OK, run("replay", "j", "show", "4"), err());
        assertTrue(out().contains("RUNNING"), out());
        assertTrue(err().startsWith(ends), err());
        assertEquals(ExitCode.OK, run("replay", "j", "why", "4"), err());
        assertTrue(out().contains("RUNNING"), out());
        assertTrue(err().startsWith(ends), err());
        assertEquals(ExitCode.OK, run("replay", "j", "what-if"), err());
        assertTrue(out().contains("nothing is different: " + (tape.size() - 1) + " commands"), out());
        assertTrue(err().startsWith(ends), err());
        assertEquals(ExitCode.OK, run("replay", "j", "report"), err());
        assertTrue(out().contains("note: journal damaged"), out());
        assertEquals(ExitCode.USAGE, run("replay", "j", "--at", tape.size() + "", "ps"), err());
        assertTrue(err().contains("the last that can be read is " + (tape.size() - 1)), err());
        assertEquals(ExitCode.OK, run("replay", "j", "--at", "-10s", "ps", "-o", "json"), err());
        assertFalse(out().contains("four"), out());
    }

    @Test
    void shouldNotReadWhatIsNoJournal() throws IOException
    {
        Files.writeString(directory.resolve("file"), "nothing");
        Files.createDirectories(directory.resolve("empty"));
        Files.createDirectories(directory.resolve("half"));
        Files.createDirectories(directory.resolve("half/manifest.json"));
        for (final String name : new String[]{"file", "empty", "half", "nowhere"})
        {
            assertEquals(ExitCode.USAGE, run("journal", "verify", name), name + ": " + err());
            assertEquals(1, err().lines().count(), err());
            assertEquals(ExitCode.JOURNAL, run("replay", name, "ps"), name + ": " + err());
            assertEquals(1, err().lines().count(), err());
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

    private String out()
    {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err()
    {
        return err.toString(StandardCharsets.UTF_8);
    }
}
