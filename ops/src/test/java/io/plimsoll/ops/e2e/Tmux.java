package io.plimsoll.ops.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real terminal with a screen that can be read: a tmux server of its own, with one window. */
final class Tmux implements AutoCloseable
{
    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    private final String socket;

    Tmux(final Path directory, final int columns, final int rows, final String command)
    {
        socket = directory.resolve("tmux").toString();
        Shell.run(
            "tmux", "-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", Integer.toString(columns), "-y",
            Integer.toString(rows), command);
    }

    /** Types text as it is. */
    void type(final String text)
    {
        Shell.run("tmux", "-S", socket, "send-keys", "-l", text);
    }

    /** Presses a key, such as {@code Enter} or {@code C-c}. */
    void press(final String key)
    {
        Shell.run("tmux", "-S", socket, "send-keys", key);
    }

    void enter(final String line)
    {
        type(line);
        press("Enter");
    }

    void resize(final int columns, final int rows)
    {
        Shell.run(
            "tmux", "-S", socket, "resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
    }

    String screen()
    {
        return Shell.run("tmux", "-S", socket, "capture-pane", "-p");
    }

    /** Waits until a line of the screen is exactly that, but for blanks behind it. */
    void awaitLine(final String line)
    {
        Await.until(TIMEOUT, () -> "the line '" + line + "' on\n" + screen(), () ->
            List.of(screen().split("\n")).stream().anyMatch(shown -> shown.stripTrailing().equals(line)));
    }

    void awaitText(final String text)
    {
        Await.until(TIMEOUT, () -> "'" + text + "' on\n" + screen(), () -> screen().contains(text));
    }

    @Override
    public void close()
    {
        Shell.exec("tmux", "-S", socket, "kill-server");
    }
}
