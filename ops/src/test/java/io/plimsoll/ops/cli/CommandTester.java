package io.plimsoll.ops.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands as a shell would, in a directory of their own, and keeps what the last of them said. */
abstract class CommandTester
{
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Current directory, and home. */
    @TempDir
    Path home;

    /** Returns the exit code. */
    final int run(final String... args)
    {
        out.reset();
        err.reset();
        return new CommandRunner(new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            home,
            home)).run(args);
    }

    /** Writes a file of lines. */
    final void write(final String name, final String... lines) throws IOException
    {
        Files.write(home.resolve(name), List.of(lines));
    }

    final String out()
    {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What was said, as one object. */
    final JsonValue json() throws IOException
    {
        return JsonValue.parse(out.toByteArray());
    }

    final String err()
    {
        return err.toString(StandardCharsets.UTF_8);
    }
}
