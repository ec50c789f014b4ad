package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalSink;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.SessionNotes;
import io.plimsoll.transport.StdinMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Containers in a terminal of their own, on a real engine. */
class DockerScreenIT implements TerminalSink
{
    @RegisterExtension
    static final EngineOfTests ENGINE = new EngineOfTests();
    private static final int PLENTY = 1 << 16;

    private final DockerDaemon daemon = ENGINE.daemon();

    @TempDir
    private Path directory;
    private Containers containers;
    private TerminalException failure;

    @BeforeEach
    void start() throws IOException
    {
        containers = new Containers(directory, Containers.options(daemon));
    }

    @AfterEach
    void stop()
    {
        containers.close();
    }

    private KernelKey launch(final StdinMode mode, final String... command)
    {
        final KernelKey key = containers.launch(Assignments.of(1).spec(new LaunchSpec(
            List.of(command), Map.of("PS1", "ready> "), null, DockerDaemon.IMAGE, 0, 0, ContainerSpec.NONE, null, mode,
            true,
            SessionNotes.NONE)).make());
        containers.awaitStarted(key);
        return key;
    }

    private static long now()
    {
        return System.nanoTime();
    }

    /** An agent that has just started does not know its containers yet. */
    private KernelTerminal open(final KernelKey key)
    {
        final KernelTerminal[] opened = new KernelTerminal[1];
        Await.until(() -> "an input, not " + failure, () ->
        {
            containers.poll();
            try
            {
                opened[0] = containers.runtime.openInput(key, now());
            }
            catch (final TerminalException e)
            {
                failure = e;
            }
            return null != opened[0];
        });
        failure = null;
        return opened[0];
    }

    private String output(final KernelKey key)
    {
        try
        {
            return Files.readString(containers.file(key, KernelDirectory.STDOUT), StandardCharsets.ISO_8859_1);
        }
        catch (final NoSuchFileException e)
        {
            return "";
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private void await(final KernelKey key, final KernelTerminal terminal, final String text)
    {
        Await.until(() -> text + " in " + output(key) + failure, () ->
        {
            containers.poll();
            terminal.poll(this, PLENTY, now());
            return output(key).contains(text);
        });
    }

    private static void type(final KernelTerminal terminal, final String text)
    {
        terminal.input(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldShowPromptAtOnceBeInterruptedAndResizedAndOutliveItsAgent() throws IOException
    {
        final KernelKey key = launch(StdinMode.OPEN, "sh");
        final KernelTerminal first = open(key);
        await(key, first, "ready> ");
        type(first, "stty size; echo $TERM.; tty\r");
        await(key, first, "24 80\r\nxterm.\r\n/dev/pts/0\r\nready> ");
        first.size(41, 121);
        type(first, "while [ \"$(stty size)\" != '41 121' ]; do :; done; echo re''sized; echo err''or >&2\r");
        await(key, first, "resized\r\nerror\r\n");
        type(first, "sh -c 'echo go\"\"ing; exec sleep 600'\r");
        await(key, first, "going");
        type(first, "\003");
        type(first, "echo code=$(($? + 1000))\r");
        await(key, first, "code=1130\r\n");
        // The line of before comes back at this key alone, for which the engine has a use of its own.
        type(first, "echo x-$((6 * 7))\r");
        await(key, first, "x-42\r\n");
        type(first, "\020");
        await(key, first, "ready> echo x-$((6 * 7))\033[J");
        type(first, "\025kept=here\r");
        await(key, first, "kept=here\r\n");
        first.close(now());
        containers.restart();
        final KernelTerminal second = open(key);
        type(second, "echo after=$kept; printf unfin''ished\r");
        await(key, second, "after=here\r\nunfinished");
        second.size(42, 122);
        type(second, "\r");
        type(second, "while [ \"$(stty size)\" != '42 122' ]; do :; done; exit 9\r");
        await(key, second, "exit 9");
        assertEquals(KernelEnd.exited(9), containers.awaitEnd(key));
        second.close(now());
        assertEquals("", containers.text(key, KernelDirectory.STDERR));
        final String all = output(key);
        for (final String once : List.of("24 80\r\n", "resized\r\n", "code=1130\r\n", "after=here\r\n"))
        {
            assertEquals(2, all.split(once, -1).length, once + " in " + all);
        }
    }

    @Test
    void shouldHaveAllThatItWroteOnceInOrder()
    {
        final KernelKey key = launch(
            StdinMode.OPEN, "sh", "-c",
            "seq 30000; head -c 40000 /dev/zero | tr '\\0' x; echo; printf 'bin\\377\\200.'");
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(key));
        final String wanted = IntStream.rangeClosed(1, 30_000).mapToObj(i -> i + "\r\n").collect(Collectors.joining());
        final String all = output(key);
        assertEquals(wanted, all.substring(0, Math.min(all.length(), wanted.length())));
        assertEquals("x".repeat(40_000) + "\r\nbin", all.substring(wanted.length(), wanted.length() + 40_005));
    }

    @Test
    void shouldMissNothingThatIsWrittenWhileItsAgentEndsAndBegins() throws IOException
    {
        final KernelKey key = launch(
            StdinMode.OPEN, "sh", "-c", "i=0; while [ $i -lt 400 ]; do i=$((i+1)); printf \"<$i\"; usleep 5000; " +
            "echo '>'; done; exit 3");
        final int[] lines = {20, 80, 200};
        for (final int line : lines)
        {
            Await.until(() -> "line " + line + " in " + output(key), () ->
            {
                containers.poll();
                return output(key).contains("<" + line);
            });
            containers.restart();
        }
        assertEquals(KernelEnd.exited(3), containers.awaitEnd(key));
        final String all = output(key);
        for (int i = 1; i <= 400; i++)
        {
            final String line = "<" + i + ">\r\n";
            assertEquals(true, all.contains(line), line + " in " + all);
        }
    }

    @Test
    void shouldGoOnWhenItsEngineWasKilled() throws IOException
    {
        final KernelKey key = launch(StdinMode.OPEN, "sh");
        final KernelTerminal first = open(key);
        await(key, first, "ready> ");
        type(first, "kept=here\r");
        await(key, first, "kept=here\r\nready> ");
        daemon.kill();
        containers.poll();
        daemon.start();
        first.close(now());
        // The engine of before may still count as this one for a moment.
        final KernelTerminal[] next = {open(key)};
        Await.until(() -> "after=here in " + output(key) + failure, () ->
        {
            containers.poll();
            if (null != failure)
            {
                failure = null;
                next[0] = open(key);
            }
            type(next[0], "echo af''ter=$kept\r");
            next[0].poll(this, PLENTY, now());
            return output(key).contains("after=here\r\nready> ");
        });
        type(next[0], "\rexit 4\r");
        assertEquals(KernelEnd.exited(4), containers.awaitEnd(key));
    }

    @Test
    void shouldEndInputOfOneThatTakesItOnce()
    {
        final KernelKey key = launch(StdinMode.ONCE, "sh", "-c", "echo up; cat; exit 5");
        final KernelTerminal terminal = open(key);
        type(terminal, "line\r");
        await(key, terminal, "line\r\nline\r\n");
        terminal.endInput();
        terminal.poll(this, PLENTY, now());
        assertEquals(KernelEnd.exited(5), containers.awaitEnd(key));
    }

    @Override
    public void onOutput(final boolean stderr, final byte[] content, final int length)
    {
        throw new AssertionError("output comes from the logs");
    }

    @Override
    public void onInputTaken(final int bytes)
    {
        // Nobody counts.
    }

    @Override
    public void onExit(final int code)
    {
        throw new AssertionError("the end comes from the kernel");
    }

    @Override
    public void onFailure(final TerminalException why)
    {
        failure = why;
    }
}
