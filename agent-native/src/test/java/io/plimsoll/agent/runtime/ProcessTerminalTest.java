package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.terminal.TerminalSink;
import io.plimsoll.transport.sbe.TerminalCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, pipes and pseudo-terminals. */
class ProcessTerminalTest implements TerminalSink
{
    /** By which processes are found; other runs of this test on this host have others. */
    private static final String WORD = "WORD=hi" + ProcessHandle.current().pid() + ".";
    private static final int PLENTY = 1 << 20;

    @TempDir
    private Path directory;
    private Processes processes;
    private KernelKey key;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private int taken;
    private int exitCode = -1;

    @BeforeEach
    void startKernel() throws IOException
    {
        processes = new Processes(directory);
        key = processes.launch(Assignments.of(1).command("sleep", "600").cpu(1000).make());
        processes.awaitStarted(key);
    }

    @AfterEach
    void end()
    {
        processes.close();
    }

    private KernelTerminal open(final boolean tty, final String... command) throws TerminalException
    {
        return processes.runtime.openTerminal(
            key, new TerminalRequest(List.of(command), List.of(WORD), "", "", tty, true, 30, 100), now());
    }

    private static long now()
    {
        return System.nanoTime();
    }

    private int awaitExit(final KernelTerminal terminal)
    {
        Await.until(() -> "the end, out=" + out + " err=" + err, () ->
        {
            terminal.poll(this, PLENTY, now());
            return exitCode >= 0;
        });
        close(terminal);
        return exitCode;
    }

    private void close(final KernelTerminal terminal)
    {
        terminal.close(now());
        Await.until(
            () -> "the end of " + ProcessTable.carrying(WORD) + ", out=" + out + " err=" + err,
            () -> terminal.pollGone(now()));
    }

    private void awaitOut(final KernelTerminal terminal, final String text)
    {
        Await.until(() -> text + ", not " + out, () ->
        {
            terminal.poll(this, PLENTY, now());
            return out.toString(StandardCharsets.UTF_8).contains(text);
        });
    }

    private static void type(final KernelTerminal terminal, final String text)
    {
        terminal.input(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldRunBesideKernelWithItsEnvironmentAndDirectory() throws TerminalException
    {
        final KernelTerminal terminal = open(
            false, "sh", "-c", "echo $WORD $PLIMSOLL_KERNEL_ID $PLIMSOLL_CPUS; echo oops >&2; pwd; exit 7");
        assertEquals(7, awaitExit(terminal));
        assertEquals(
            WORD.substring(5) + " " + key.kernelId() + " " + processes.startedOn.get(key) + "\n" +
                processes.file(key, "work") + "\n",
            out.toString(StandardCharsets.UTF_8));
        assertEquals("oops\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldBeOnTheCoresOfItsKernel() throws TerminalException
    {
        final KernelTerminal terminal = open(false, "grep", "Cpus_allowed_list", "/proc/self/status");
        assertEquals(0, awaitExit(terminal));
        assertTrue(
            out.toString(StandardCharsets.UTF_8).endsWith("\t" + processes.startedOn.get(key) + "\n"), out.toString());
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
    void shouldTakeInputThatNobodyReads() throws TerminalException
    {
        final KernelTerminal terminal = open(false, "sh", "-c", "exec <&-; sleep 0.2; exit 4");
        terminal.input(new byte[PLENTY]);
        assertEquals(4, awaitExit(terminal));
        assertEquals(PLENTY, taken);
    }

    @Test
    void shouldNotWaitForWhatHoldsTheOutputOpen() throws TerminalException
    {
        final KernelTerminal terminal = open(false, "sh", "-c", "sleep 600 & echo $!");
        assertEquals(0, awaitExit(terminal));
        assertEquals(List.of(), ProcessTable.carrying(WORD));
    }

    @Test
    void shouldHaveTerminalOfThatSizeAndOfAnother() throws TerminalException
    {
        final KernelTerminal terminal = open(
            true, "sh", "-c", "trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done");
        awaitOut(terminal, "30 100\r\n");
        terminal.size(41, 121);
        awaitOut(terminal, "41 121\r\n");
        type(terminal, "\003");
        assertEquals(130, awaitExit(terminal));
    }

    @Test
    void shouldInterruptByKeyAndEndByKey() throws TerminalException
    {
        final KernelTerminal terminal = open(true, "sh", "-i");
        // What is not yet in the foreground is not interrupted.
        type(terminal, "sh -c 'echo go\"\"ing; exec sleep 600'\r");
        awaitOut(terminal, "going");
        type(terminal, "\003");
        type(terminal, "echo code=$(($? + 1000))\r");
        awaitOut(terminal, "code=1130");
        terminal.endInput();
        awaitExit(terminal);
    }

    @Test
    void shouldEndAllThatItStartedWhenReaderGoes() throws TerminalException
    {
        final KernelTerminal terminal = open(
            false, "sh", "-c", "trap '' HUP TERM; setsid sleep 600 & echo started; wait; wait");
        awaitOut(terminal, "started");
        // One that is just being executed shows no environment.
        Await.until(
            () -> "two processes, not " + ProcessTable.carrying(WORD),
            () -> 2 == ProcessTable.carrying(WORD).size());
        close(terminal);
        assertEquals(List.of(), ProcessTable.carrying(WORD));
        assertTrue(Processes.isAlive(processes.number(key, "pid")));
    }

    @Test
    void shouldEndWhatAnEarlierLifeOfTheAgentLeft() throws TerminalException, IOException
    {
        final KernelTerminal terminal = open(false, "sh", "-c", "trap '' HUP; echo started; exec sleep 600");
        awaitOut(terminal, "started");
        processes.restart();
        Await.until(() -> "the end of " + ProcessTable.carrying(WORD), () ->
        {
            processes.poll();
            return ProcessTable.carrying(WORD).isEmpty();
        });
        terminal.pollGone(now());
        assertTrue(Processes.isAlive(processes.number(key, "pid")));
    }

    @Test
    void shouldSayWhatCannotBeStarted() throws TerminalException, IOException
    {
        assertTrue(assertThrows(TerminalException.class, () -> open(false, "nosuch")).getMessage()
            .startsWith("command not found: nosuch"));
        Files.createFile(processes.file(key, "work").resolve("plain"));
        assertTrue(assertThrows(TerminalException.class, () -> open(false, "./plain")).getMessage()
            .contains("not executable"));
        final TerminalException user = assertThrows(TerminalException.class, () -> processes.runtime.openTerminal(
            key, new TerminalRequest(List.of("ls"), List.of(), "", "nobody", false, false, 1, 1), now()));
        assertEquals(TerminalCode.UNSUPPORTED, user.code());
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
    public void onFailure(final TerminalException failure)
    {
        throw new AssertionError(failure);
    }
}
