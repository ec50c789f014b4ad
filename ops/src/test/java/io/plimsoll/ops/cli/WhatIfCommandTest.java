package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Does what docs/WHAT_IF.md does, and what it does not. */
class WhatIfCommandTest extends CommandTester
{
    private static final Path DOCUMENT = Path.of("..", "docs", "WHAT_IF.md");


    /** The text of every fenced block, with its language in the first line. */
    private static List<String> blocks() throws IOException
    {
        final List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        for (final String line : Files.readAllLines(DOCUMENT))
        {
            if (line.startsWith("```"))
            {
                if (null == block)
                {
                    block = new StringBuilder(line.substring(3)).append('\n');
                }
                else
                {
                    blocks.add(block.toString());
                    block = null;
                }
            }
            else if (null != block)
            {
                block.append(line).append('\n');
            }
        }
        return blocks;
    }

    @BeforeEach
    void writeFiles() throws IOException
    {
        for (final String block : blocks())
        {
            final String[] lines = block.split("\n", 3);
            if ("yaml".equals(lines[0]))
            {
                Files.writeString(home.resolve(lines[1].substring(2)), lines[2]);
            }
        }
        assertEquals(ExitCode.OK, run("simulate", "afternoon.yaml", "--journal", "afternoon"), err());
    }

    @Test
    void shouldAnswerAsTheDocumentSays() throws IOException
    {
        int answers = 0;
        String answer = "";
        for (final String block : blocks())
        {
            if (block.startsWith("sh\n"))
            {
                answer = commands(block);
            }
            else if (block.startsWith("text\n"))
            {
                assertInOrder(block.lines().skip(1).toList(), answer);
                answers++;
            }
        }
        assertEquals(2, answers);
    }

    /** Runs those that are about the journal that is here; the answer to the last. */
    private String commands(final String block)
    {
        String answer = "";
        for (final String command : block.lines().filter(line -> line.contains(" afternoon ")).toList())
        {
            final String[] args = command.replaceFirst("^plimsoll ", "").split(" +");
            assertEquals(ExitCode.OK, run(args), command + ": " + err());
            assertFalse(out().isEmpty(), command);
            answer = out();
        }
        return answer;
    }

    private static void assertInOrder(final List<String> expected, final String answer)
    {
        final Iterator<String> lines = answer.lines().iterator();
        for (final String line : expected)
        {
            boolean found = line.isBlank();
            while (!found && lines.hasNext())
            {
                found = line.equals(lines.next());
            }
            assertTrue(found, "there is no line " + line + "\n in " + answer);
        }
    }

    @Test
    void shouldAnswerAsJson() throws IOException
    {
        assertEquals(
            ExitCode.OK, run("replay", "afternoon", "what-if", "--change", "growth.yaml", "-o", "json"), err());
        final JsonValue answer = json();
        assertEquals("6", answer.text("sessionsAdded"));
        assertEquals("14", answer.field("whatIf").text("sessions"));
        assertEquals("8", answer.field("record").text("sessions"));
        assertFalse(answer.isTrue("same"));
        assertEquals("bob", answer.field("won").items().get(0).text("owner"));
    }

    @Test
    void shouldSayThatNothingIsDifferentFromAnyPlace() throws IOException
    {
        for (final String from : List.of("start", "1", "20", "-1h", "2001-09-09T03:00:00Z"))
        {
            assertEquals(ExitCode.OK, run("replay", "afternoon", "what-if", "--from", from, "-o", "json"), err());
            assertTrue(json().isTrue("same"), from + ": " + out());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
        "--from 99999 # --from: the journal ends before it; its last record is 40",
        "--from 20 --to 10 # --to: it is before --from",
        "--from soon # --from: 'soon' is no place in a journal",
        "--from +3s # --from: +3s counts from where a replay stands",
        "--change nowhere.yaml # --change: nowhere.yaml cannot be read",
        "--change bad.yaml # bad.yaml: line 1: groups[0].order: fifi is none of"})
    void shouldNameWhatIsWrong(final String args, final String message) throws IOException
    {
        Files.writeString(home.resolve("bad.yaml"), "groups: [{name: default, order: fifi}]\n");
        final List<String> all = new ArrayList<>(List.of("replay", "afternoon", "what-if"));
        all.addAll(List.of(args.split(" ")));

        assertEquals(ExitCode.USAGE, run(all.toArray(new String[0])), out());
        assertTrue(err().contains(message), err());
        assertEquals(1, err().lines().count(), err());
    }
}
