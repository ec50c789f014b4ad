package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayCommandTest
{
    private static final String SCENARIO =
        """
        agents: [{name: a, cpu: 2}]
        owners: {users: [{name: alice, project: p, domain: d, limits: {cpu: 1}}]}
        sessions:
          - {name: one, user: alice, kernels: [{cpu: 1}], duration: 60s}
          - {name: two, at: 10s, user: alice, kernels: [{cpu: 1}], duration: 60s}
          - {name: three, at: 20s, user: alice, kernels: [{cpu: 1}], duration: 60s, after: [two]}
        """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @BeforeEach
    void record() throws IOException
    {
        Files.writeString(directory.resolve("scenario.yaml"), SCENARIO);
        assertEquals(ExitCode.OK, run("simulate", "scenario.yaml", "--journal", "j"), err());
    }

    @Test
    void shouldAnswerAsALiveClusterWouldHaveThen() throws IOException
    {
        assertEquals(ExitCode.OK, run("replay", "j", "--until", "session 1 RUNNING", "ps", "-o", "json"), err());
        final JsonValue sessions = JsonValue.parse(out().getBytes(StandardCharsets.UTF_8));
        assertEquals(1, sessions.items().size());
        assertEquals("RUNNING", sessions.items().get(0).text("state"));
        assertEquals(ExitCode.OK, run("replay", "j", "--at", "2001-09-09T01:47:10Z", "queue"), err());
        assertTrue(out().contains("quota"), out());
        assertTrue(out().contains("dependencies"), out());
        assertEquals(ExitCode.OK, run("replay", "j", "--at", "2001-09-09T01:47:10Z", "top", "-o", "json"), err());
        final JsonValue top = JsonValue.parse(out().getBytes(StandardCharsets.UTF_8));
        assertEquals("2", top.field("groups").items().get(0).text("pending"));
        assertEquals("1", top.field("owners").items().get(0).field("used").text("cpu"));
        assertEquals("2", top.field("waiters").items().get(0).text("id"));
        assertEquals(ExitCode.OK, run("replay", "j", "agents"), err());
        assertTrue(out().contains("0 / 2"), out());
        assertEquals(ExitCode.OK, run("replay", "j", "why", "2", "-o", "json"), err());
        final JsonValue story = JsonValue.parse(out().getBytes(StandardCharsets.UTF_8));
        assertEquals("50", story.field("waitSeconds").number(0) + "", out());
        assertEquals("quota", story.field("waits").items().get(0).field("passages").items().get(0)
            .field("waitsFor").items().get(0).text());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', value = {
        "replay nowhere ps | 74 | no journal in",
        "replay j --at soon ps | 2 | is no place in a journal",
        "replay j --at 99999 ps | 2 | has no record 99999",
        "replay j --until nonsense ps | 2 | is no condition: right is",
        "replay j --until 'session 1 ASLEEP' ps | 2 | there is no state ASLEEP",
        "replay j --until 'pending ! 3' ps | 2 | does not compare",
        "replay j --until 'pending > three' ps | 2 | three is not a whole number",
        "replay j --until 'agent a asleep' ps | 2 | an agent is not asleep",
        "replay j --until 'event session-queud' ps | 2 | did you mean",
        "replay j --until 'agent a lost' ps | 1 | brings 'agent a lost'",
        "replay j show 17 | 4 | there is no session 17",
        "replay j why 17 | 4 | no session 17",
        "replay j frobnicate | 2 | there is no command 'frobnicate' in a replay; there are ps, agents, show, explain,",
        "replay j quue | 2 | did you mean",
        "replay j cancel 1 | 2 | 'cancel' is for live clusters: the past cannot be changed, only asked; there are ps,",
        "replay j --at 3 run -- sleep 1 | 2 | 'run' is for live clusters",
        "replay j drain a | 2 | 'drain' is for live clusters",
        "replay j group set default order=lifo | 2 | 'group' is for live clusters",
        "replay j account set alice cpu=8 | 2 | 'account set' is for live clusters: the past cannot be changed",
        "replay j why seventeen | 2 | is not a session id",
        "replay j queue nobody | 4 | nobody",
        "replay j queue --limit 0 | 2 | --limit",
        "replay j ps --data x | 2 | --data",
        "simulate scenario.yaml --journal j | 2 | there is a journal in"})
    void shouldSayWhatIsWrong(final String command, final int exitCode, final String expected)
    {
        assertEquals(exitCode, run(PromptLines.words(command).toArray(new String[0])), err());
        assertTrue(err().contains(expected), err());
        assertEquals(1, err().lines().count(), err());
    }

    @Test
    void shouldNameTheLinesThatFailAndGoOn()
    {
        final int exitCode = prompt(
            """
            at 3
            frobnicate
            # a remark

            show 99
            next 2
            back 4
            back 100
            until session 2 RUNNING
            show 2 -o json
            until "session 2 RUNNING"
            ps --stat X
            why
            at
            where now
            quit
            show 98
            """);
        assertEquals(ExitCode.USAGE, exitCode);
        final String complaints = err();
        assertEquals(7, complaints.lines().count(), complaints);
        assertTrue(complaints.contains("line 2: there is no command 'frobnicate' in a replay"), complaints);
        assertTrue(complaints.contains("line 5: there is no session 99"), complaints);
        assertTrue(complaints.contains("line 8: there is only 1 record before this place"), complaints);
        assertTrue(complaints.contains("line 12: Unknown option"), complaints);
        assertTrue(complaints.contains("line 13: Missing required parameter"), complaints);
        assertTrue(complaints.contains("line 14: '' is no place"), complaints);
        assertTrue(complaints.contains("line 15: where takes nothing"), complaints);
        assertTrue(out().contains("sequence 3 at 2001-"), out());
        assertTrue(out().contains("sequence 5 at 2001-"), out());
        assertTrue(out().contains("\"state\" : \"RUNNING\""), out());
        assertTrue(out().contains("it is so already"), out());
    }

    @Test
    void shouldSucceedWhenNoLineFails()
    {
        assertEquals(
            ExitCode.OK, prompt("at start\nnext\nps --help\nhelp\nuntil session 2 PENDING\nexplain 2\n"), err());
        assertTrue(out().contains("manager-started"), out());
        assertTrue(out().contains("TermBegan"), out());
    }

    private int prompt(final String lines)
    {
        out.reset();
        err.reset();
        final Terminal terminal = terminal();
        final ReplayCommand command = new ReplayCommand(terminal);
        ReplayCommand.line(terminal, List.of(), command).parseArgs("j");
        try (ReplaySession session = new ReplaySession(command.open()))
        {
            return new ReplayPrompt(terminal, session, command)
                .run(new PromptLines.Piped(new BufferedReader(new StringReader(lines))));
        }
    }

    private int run(final String... args)
    {
        out.reset();
        err.reset();
        return new CommandRunner(terminal()).run(args);
    }

    private Terminal terminal()
    {
        return new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            directory,
            directory);
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
