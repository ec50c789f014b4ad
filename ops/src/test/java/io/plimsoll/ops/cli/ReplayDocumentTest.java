package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of docs/REPLAY.md, in their order, and holds what they print to what the page shows. A line with
 * nothing but dots on the page stands for the rest.
 */
class ReplayDocumentTest
{
    private static final Path DOCS = Path.of("..", "docs", "REPLAY.md");
    private static final Path SCENARIO = Path.of("examples", "incident", "incident.yaml");
    private static final String REST = "…";

    @TempDir
    private Path directory;

    @Test
    void shouldPrintWhatThePageShows() throws IOException
    {
        Files.copy(SCENARIO, directory.resolve("incident.yaml"));
        int commands = 0;
        final List<String> lines = Files.readAllLines(DOCS);
        for (int i = 0; i < lines.size(); i++)
        {
            if (lines.get(i).startsWith("$ "))
            {
                final List<String> shown = new ArrayList<>();
                for (int j = i + 1; !lines.get(j).startsWith("```") && !lines.get(j).startsWith("$ "); j++)
                {
                    shown.add(lines.get(j));
                }
                check(lines.get(i).substring(2), shown);
                commands++;
            }
        }
        assertTrue(commands >= 8, "commands=" + commands);
    }

    private void check(final String command, final List<String> shown)
    {
        final List<String> printed = new ArrayList<>(run(command).lines().toList());
        if (!shown.isEmpty() && REST.equals(shown.get(shown.size() - 1)))
        {
            shown.remove(shown.size() - 1);
            assertTrue(printed.size() > shown.size(), command);
            assertEquals(shown, printed.subList(0, shown.size()), command);
        }
        else
        {
            assertEquals(String.join("\n", shown), String.join("\n", printed), command);
        }
    }

    /** {@code plimsoll …}, or {@code printf '…' | plimsoll …}. */
    private String run(final String command)
    {
        final Matcher piped = Pattern.compile("printf '(.*)' \\| (.*)").matcher(command);
        final String input = piped.matches() ? piped.group(1).replace("\\n", "\n") : "";
        final List<String> words = PromptLines.words(piped.matches() ? piped.group(2) : command);
        assertEquals("plimsoll", words.get(0), command);
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final Terminal terminal = new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            directory,
            directory);
        final InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try
        {
            assertEquals(
                ExitCode.OK,
                new CommandRunner(terminal).run(words.subList(1, words.size()).toArray(new String[0])),
                () -> command + ": " + err.toString(StandardCharsets.UTF_8));
        }
        finally
        {
            System.setIn(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
