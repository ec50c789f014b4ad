package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.terminal.TerminalSink;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.StdinMode;
import io.plimsoll.transport.sbe.TerminalCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands in containers, on a real engine. */
class DockerTerminalIT implements TerminalSink
{
    /** By which processes are found; other runs of this test on this host have others. */
    private static final String WORD = "WORD=hi" + ProcessHandle.current().pid() + ".";
    private static final int PLENTY = 1 << 16;
    private static DockerDaemon daemon;

    @TempDir
    private Path directory;
    private Containers containers;
    private KernelKey key;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private int taken;
    private int exitCode = -1;
    private TerminalException failure;

    @BeforeAll
    static void startEngine() throws IOException
    {
        daemon = DockerDaemon.launch();
    }

    @AfterAll
    static void stopEngine()
    {
        if (null != daemon)
        {
            daemon.close();
        }
    }

    @BeforeEach
    void startKernel() throws IOException
    {
        containers = new Containers(directory, Containers.options(daemon));
        key = containers.launch(1, "echo up; sleep 600");
        containers.awaitText(key, KernelDirectory.STDOUT, "up");
        containers.awaitStarted(key);
    }

    @AfterEach
    void stop()
    {
        containers.close();
        daemon.clear();
    }

    private KernelTerminal open(final boolean tty, final String... command) throws TerminalException
    {
        return containers.runtime.openTerminal(
            key, new TerminalRequest(List.of(command), List.of(WORD), "", "", tty, true, 30, 100), now());
    }

    private static long now()
    {
        return System.nanoTime();
    }

    private void poll(final KernelTerminal terminal)
    {
        containers.poll();
        terminal.poll(this, PLENTY, now());
    }

    private int awaitExit(final KernelTerminal terminal)
    {
        Await.until(() -> "the end, out=" + out + " err=" + err, () ->
        {
            poll(terminal);
            return exitCode >= 0 || null != failure;
        });
        close(terminal);
        return exitCode;
    }

    private void close(final KernelTerminal terminal)
    {
        terminal.close(now());
        Await.until("nothing left", () -> terminal.pollGone(now()));
    }

    private void awaitOut(final KernelTerminal terminal, final String text)
    {
        Await.until(() -> text + ", not " + out + failure, () ->
        {
            poll(terminal);
            return out.toString(StandardCharsets.UTF_8).contains(text);
        });
    }

    private static void type(final KernelTerminal terminal, final String text)
    {
        terminal.input(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldRunInContainerWithItsEnvironment() throws TerminalException
    {
        assertEquals(7, awaitExit(open(
            false, "sh", "-c", "echo $WORD $PLIMSOLL_KERNEL_ID; echo oops >&2; pwd; exit 7")));
        assertEquals(WORD.substring(5) + " 1\n/home/work\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("oops\n", err.toString(StandardCharsets.UTF_8));
    }

    /** Its streams end long before it does. */
    @Test
    void shouldTellTheCodeOfACommandThatClosesItsStreams() throws TerminalException
    {
        assertEquals(7, awaitExit(open(false, "sh", "-c", "exec >&- 2>&-; sleep 1.5; exit 7")), () -> "" + failure);
    }

    @Test
    void shouldPassBinaryInputThroughAndSayThatItHasEnded() throws TerminalException
    {
        final KernelTerminal terminal = open(false, "cat");
        final byte[] random = new byte[3_000_000];
        new Random(1).nextBytes(random);
        terminal.input(random);
        terminal.endInput();
        assertEquals(0, awaitExit(terminal));
        assertArrayEquals(random, out.toByteArray());
        assertEquals(random.length, taken);
    }

    @Test
    void shouldHaveTerminalThatIsResizedAndInterrupted() throws TerminalException
    {
        final KernelTerminal terminal = open(true, "sh");
        Await.until(() -> "30 100, not " + out, () ->
        {
            type(terminal, "stty size\r");
            poll(terminal);
            return out.toString(StandardCharsets.UTF_8).contains("30 100");
        });
        terminal.size(41, 121);
        Await.until(() -> "41 121, not " + out, () ->
        {
            type(terminal, "stty size\r");
            poll(terminal);
            return out.toString(StandardCharsets.UTF_8).contains("41 121");
        });
        type(terminal, "sh -c 'echo go\"\"ing; exec sleep 600'\r");
        awaitOut(terminal, "going");
        type(terminal, "\003");
        type(terminal, "echo code=$(($? + 1000))\r");
        awaitOut(terminal, "code=1130");
        type(terminal, "exit 9\r");
        assertEquals(9, awaitExit(terminal));
    }

    private KernelKey launch(final long kernelId, final StdinMode mode, final String script)
    {
        final KernelKey reader = containers.launch(Assignments.of(kernelId).spec(new LaunchSpec(
            List.of("sh", "-c", script), Map.of(), null, DockerDaemon.IMAGE, 0, 0, ContainerSpec.NONE, mode))
            .make());
        containers.awaitText(reader, KernelDirectory.STDOUT, "up");
        containers.awaitStarted(reader);
        return reader;
    }

    private void awaitOutputOf(final KernelKey reader, final KernelTerminal input, final String text)
    {
        Await.until(() -> text + " in " + containers.text(reader, KernelDirectory.STDOUT) + failure, () ->
        {
            poll(input);
            return containers.text(reader, KernelDirectory.STDOUT).contains(text);
        });
    }

    /** An agent that has just started does not know its containers yet. */
    private KernelTerminal awaitInput(final KernelKey reader)
    {
        final KernelTerminal[] input = new KernelTerminal[1];
        Await.until(() -> "an input, not " + failure, () ->
        {
            containers.poll();
            try
            {
                input[0] = containers.runtime.openInput(reader, now());
            }
            catch (final TerminalException e)
            {
                failure = e;
            }
            return null != input[0];
        });
        failure = null;
        return input[0];
    }

    @Test
    void shouldGiveContainerInputThroughClientsAndAgents() throws IOException, TerminalException
    {
        final KernelKey reader = launch(
            2, StdinMode.OPEN, "echo up; while read line; do echo got $line; [ $line = end ] && exit 4; done; exit 5");
        final KernelTerminal first = containers.runtime.openInput(reader, now());
        type(first, "one\ntw");
        awaitOutputOf(reader, first, "got one\n");
        first.endInput();
        poll(first);
        first.close(now());
        containers.restart();
        final KernelTerminal second = awaitInput(reader);
        type(second, "o\n");
        awaitOutputOf(reader, second, "got two\n");
        type(second, "end\n");
        awaitOutputOf(reader, second, "got end\n");
        assertEquals(KernelEnd.exited(4), containers.awaitEnd(reader));
        second.close(now());
        assertEquals(
            TerminalCode.UNSUPPORTED,
            assertThrows(TerminalException.class, () -> containers.runtime.openInput(key, now())).code());
    }

    @Test
    void shouldEndInputOfContainerThatReadsItOnce() throws TerminalException
    {
        final KernelKey reader = launch(2, StdinMode.ONCE, "echo up; wc -c");
        final KernelTerminal input = containers.runtime.openInput(reader, now());
        for (int i = 0; i < 40; i++)
        {
            type(input, "x".repeat(10_000));
        }
        input.endInput();
        awaitOutputOf(reader, input, "400000\n");
        assertEquals(400_000, taken);
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(reader));
        input.close(now());
    }

    @Test
    void shouldEndAllThatItStartedWhenReaderGoes() throws TerminalException
    {
        final KernelTerminal terminal = open(
            false, "sh", "-c", "trap '' HUP TERM; sleep 600 & echo started; wait; wait");
        awaitOut(terminal, "started");
        assertTrue(ProcessTable.carrying(WORD).size() > 1);
        close(terminal);
        assertEquals(List.of(), ProcessTable.carrying(WORD));
        assertTrue(daemon.ask("ps -q").lines().count() > 0);
    }

    @Test
    void shouldSayWhatCannotBeStartedInOurWords() throws TerminalException
    {
        for (final boolean tty : List.of(false, true))
        {
            assertRefused("command not found: nosuch (in the container)", open(tty, "nosuch"));
            assertRefused("command not found: /no/such (in the container)", open(tty, "/no/such"));
            assertRefused("command is not executable: /etc/passwd", open(tty, "/etc/passwd"));
            assertRefused("working directory cannot be entered: /no/where (for the command ls)", open("/no/where", ""));
            assertRefused(
                "the Docker Engine cannot start ls: unable to find user nobody: no matching entries in passwd file",
                open("", "nobody"));
        }
    }

    private KernelTerminal open(final String cwd, final String user) throws TerminalException
    {
        return containers.runtime.openTerminal(
            key, new TerminalRequest(List.of("ls"), List.of(), cwd, user, false, true, 30, 100), now());
    }

    private void assertRefused(final String message, final KernelTerminal terminal)
    {
        failure = null;
        awaitExit(terminal);
        assertEquals(message, null == failure ? null : failure.getMessage());
        assertEquals(TerminalCode.CANNOT_START, failure.code());
        assertEquals("", out + "" + err);
    }

    /** The words alone do not make it one of the engine's. */
    @Test
    void shouldPassOnWhatOnlyLooksLikeAMessageOfTheEngine() throws TerminalException
    {
        assertEquals(126, awaitExit(open(
            false, "sh", "-c", "echo OCI runtime exec failed: I was made up; exit 126")));
        assertEquals("OCI runtime exec failed: I was made up\n", out.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void onOutput(final boolean stderr, final byte[] content, final int length)
    {
        (stderr ? err : out).write(content, 0, length);
    }

    @Override
    public void onInputTaken(final int bytes)
    {
        taken += bytes;
    }

    @Override
    public void onExit(final int code)
    {
        exitCode = code;
    }

    @Override
    public void onFailure(final TerminalException why)
    {
        failure = why;
    }
}
