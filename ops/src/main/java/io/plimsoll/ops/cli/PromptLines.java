package io.plimsoll.ops.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.SyntaxError;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.TerminalBuilder;

/** Where lines of a prompt come from. */
interface PromptLines extends AutoCloseable
{
    /** The next line, null at the end. */
    String next(String prompt);

    /** Whether a person types them. */
    boolean isInteractive();

    @Override
    void close();

    /** From this process's terminal, with history and completion, or from whatever its standard input is. */
    static PromptLines ofProcess(final List<String> completions)
    {
        return Terminal.isScreen(0) ? new Typed(completions) :
            new Piped(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    }

    /** Words as a shell would take them; what stands in quotes is one. */
    static List<String> words(final String line)
    {
        try
        {
            return new DefaultParser().parse(line, 0).words().stream().filter(word -> !word.isEmpty()).toList();
        }
        catch (final SyntaxError ex)
        {
            throw new CliException(ExitCode.USAGE, "a quote is not closed");
        }
    }

    /** From a pipe or a file. */
    final class Piped implements PromptLines
    {
        private final BufferedReader reader;

        Piped(final BufferedReader reader)
        {
            this.reader = reader;
        }

        @Override
        public String next(final String prompt)
        {
            try
            {
                return reader.readLine();
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        }

        @Override
        public boolean isInteractive()
        {
            return false;
        }

        @Override
        public void close()
        {
            // Standard input stays open, as it was.
        }
    }

    /** From a person. */
    final class Typed implements PromptLines
    {
        private final org.jline.terminal.Terminal terminal;
        private final LineReader reader;

        Typed(final List<String> completions)
        {
            try
            {
                terminal = TerminalBuilder.builder().system(true).dumb(true).build();
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
            reader = LineReaderBuilder.builder().terminal(terminal).completer(new StringsCompleter(completions))
                .build();
        }

        @Override
        public String next(final String prompt)
        {
            try
            {
                return reader.readLine(prompt);
            }
            catch (final EndOfFileException | UserInterruptException ex)
            {
                return null;
            }
        }

        @Override
        public boolean isInteractive()
        {
            return true;
        }

        @Override
        public void close()
        {
            try
            {
                terminal.close();
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        }
    }
}
