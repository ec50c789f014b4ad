package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example of docs/REPORT.md is run as it stands there, and what it prints is what stands there. */
class ReportCommandTest
{
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private List<String> commands;
    private String expected;

    @TempDir
    private Path home;

    @BeforeEach
    void simulate() throws IOException
    {
        final String page = Files.readString(Path.of(System.getProperty("plimsoll.root"), "docs", "REPORT.md"));
        Files.writeString(home.resolve("incident.yaml"), block(page, "yaml"));
        commands = block(page, "sh").lines().toList();
        expected = block(page, "text");
        assertEquals(4, commands.size());
        assertEquals(ExitCode.OK, line(commands.get(0)), err());
        out.reset();
    }

    @Test
    void shouldSayWhoHadToYieldAndToWhom() throws IOException
    {
        Files.writeString(home.resolve("yield.yaml"), """
            groups: [{name: default, preemption: {mode: reschedule}}]
            agents: [{name: a, cpu: 4}]
            owners: {users: [{name: alice, project: p, domain: d}, {name: bob, project: p, domain: d}]}
            sessions:
              - {name: low, user: alice, priority: 1, kernels: [{cpu: 4}], duration: 100s}
              - {name: high, at: 10s, user: bob, priority: 20, kernels: [{cpu: 4}], duration: 10s}
            """);
        assertEquals(ExitCode.OK, run("simulate", "yield.yaml", "--journal", "y"), err());
        out.reset();
        assertEquals(ExitCode.OK, run("replay", "y", "report"), err());
        assertTrue(out().contains("session 1 (low) of alice had to yield at "), out());
        assertTrue(out().contains(" to session 2 (high) of bob\n"), out());
        out.reset();
        assertEquals(ExitCode.OK, run("replay", "y", "report", "-o", "json", "--html", "y.html"), err());
        final JsonNode yielded = new ObjectMapper().readTree(out()).path("preemptions").path("sessions").path(0);
        assertEquals(2, yielded.path("toSessionId").asLong());
        assertEquals("bob", yielded.path("toOwner").asText());
    }

    private static String block(final String page, final String language)
    {
        final Matcher matcher = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertTrue(matcher.find(), language);
        return matcher.group(1);
    }

    private int line(final String command)
    {
        final String[] words = command.split(" +");
        assertEquals("plimsoll", words[0]);
        return run(List.of(words).subList(1, words.length).toArray(String[]::new));
    }

    private int run(final String... args)
    {
        final Terminal terminal = new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(), home, home);
        return new CommandRunner(terminal).run(args);
    }

    private String out()
    {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err()
    {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldPrintWhatTheDocumentationShows() throws IOException
    {
        assertEquals(ExitCode.OK, line(commands.get(1)), err());
        assertEquals(expected, out());
        assertTrue(Files.readString(home.resolve("incident.html")).contains("\"name\":\"gang\""));
        assertTrue(Files.readString(home.resolve("incident-trace.json")).contains("session 102 gang"));
        assertEquals(ExitCode.OK, line(commands.get(3)), err());
    }

    /** The scenario of the page, counted by hand. */
    @Test
    void shouldCountAsOneDoesByHand() throws IOException
    {
        assertEquals(ExitCode.OK, line(commands.get(2)), err());
        final JsonNode report = new ObjectMapper().readTree(out());
        final JsonNode totals = report.get("totals");
        // The burst, the gang and the broken ones come in the last 40 minutes, and two of the burst start anew.
        assertEquals(48 + 1 + 6, totals.get("sessionsSubmitted").asLong());
        assertEquals(48 + 1 + 6 + 2, totals.get("sessionsPlaced").asLong());
        assertEquals(48 + 4 + 6 + 2, totals.get("kernelsPlaced").asLong());
        assertEquals(6, totals.get("sessionsFailed").asLong());
        assertEquals(6 + 2, totals.get("kernelsFailed").asLong());
        assertEquals(1, totals.get("agentsLost").asLong());
        assertEquals(0, totals.get("sessionsPendingAtEnd").asLong());
        final JsonNode loss = report.get("agents").get("losses").get(0);
        assertEquals("a-3", loss.get("agent").asText());
        assertEquals(2, loss.get("kernels").asLong());
        // Before the range nobody waited: 9, 8, 10, 9, 8 and 9 sessions of alice's found room at once.
        final JsonNode group = report.get("waits").get("groups").get(0);
        assertEquals(0.0, group.get("baseline").get("maxSeconds").asDouble());
        final JsonNode longest = report.get("waits").get("longest").get(0);
        assertEquals("gang", longest.get("name").asText());
        assertEquals(27 * 60.0, longest.get("waitSeconds").asDouble());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--from 5 --to 4 | --to is an earlier record than --from",
        "--from -10m --to -20m | --to must be later than --from, and is 10m before it",
        "--from 2040-01-01T00:00:00Z --to +1h | --from is behind the end of the journal, at ",
        "--to 1980-01-01T00:00:00Z --from 1979-01-01T00:00:00Z | --to is before what is kept of the journal, from ",
        "--from +106000d | --to must be later than --from, and is ",
        "--from 2999-01-01T00:00:00Z --to +1h | --to must be later than --from, and is the same",
        "--from 100000000 | the journal has no record 100000000 that can be read",
        "--to 100000000 | the journal has no record 100000000 that can be read",
        "--from soon | 'soon' is no place in a journal: right is a sequence",
        "--html missing/page.html | cannot be written: its folder does not exist",
        "--perfetto . | cannot be written: it is a directory",
        "--html same --perfetto same | is what another option writes; name a file for each",
        "--against long | '--against': "})
    void shouldSayInOneSentenceWhatIsWrong(final String options, final String sentence) throws IOException
    {
        assertEquals(ExitCode.USAGE, line("plimsoll replay incident report " + options), err());
        assertTrue(err().contains(sentence), err());
        assertEquals("", out());
        assertFalse(err().contains("Exception"), err());
        assertFalse(Files.exists(home.resolve("same")));
        assertFalse(Files.exists(home.resolve("same.part")));
    }

    @Test
    void shouldSayThatThereIsNoJournal()
    {
        assertEquals(ExitCode.JOURNAL, line("plimsoll replay elsewhere report"), err());
        assertTrue(err().contains("no journal in "), err());
    }

    @Test
    void shouldSayThatNothingHappened()
    {
        assertEquals(ExitCode.OK, line("plimsoll replay incident report --from -70s --to -65s"), err());
        assertTrue(out().contains("nothing happened in this time"), out());
    }

    @Test
    void shouldLeaveWhatIsThereIfItFails() throws IOException
    {
        Files.writeString(home.resolve("page.html"), "before");
        assertEquals(ExitCode.USAGE, line("plimsoll replay incident report --from 5 --to 4 --html page.html"));
        assertEquals("before", Files.readString(home.resolve("page.html")));
        assertFalse(Files.exists(home.resolve("page.html.part")));
    }
}
