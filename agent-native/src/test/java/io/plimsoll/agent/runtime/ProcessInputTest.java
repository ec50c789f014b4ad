package io.plimsoll.agent.runtime;

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
import io.plimsoll.agent.terminal.TerminalSink;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.StdinMode;
import io.plimsoll.transport.sbe.TerminalCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The standard input of real processes. */
class ProcessInputTest implements TerminalSink
{
    private static final String READER =
        "echo up; while read line; do echo got $line; [ $line = end ] && exit 4; done; echo eof; exit 5";

    @TempDir
    private Path directory;
    private Processes processes;
    private int taken;

    @BeforeEach
    void start() throws IOException
    {
        processes = new Processes(directory);
    }

    @AfterEach
    void end()
    {
        processes.close();
    }

    private KernelKey launch(final StdinMode mode, final String script)
    {
        return launch(mode, Assignments.of(1), script);
    }

    private KernelKey launch(final StdinMode mode, final Assignments assignment, final String script)
    {
        final KernelKey key = processes.launch(assignment.spec(new LaunchSpec(
            List.of("/bin/sh", "-c", script), null, null, null, 0, 0, ContainerSpec.NONE, null, mode)).make());
        processes.awaitStarted(key);
        return key;
    }

    private KernelTerminal open(final KernelKey key) throws TerminalException
    {
        return processes.runtime.openInput(key, System.nanoTime());
    }

    private static void type(final KernelTerminal input, final String text)
    {
        input.input(text.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitOutput(final KernelTerminal input, final KernelKey key, final String text)
    {
        Await.until(() -> text + " in " + processes.text(key, KernelDirectory.STDOUT), () ->
        {
            processes.poll();
            input.poll(this, 0, System.nanoTime());
            return processes.text(key, KernelDirectory.STDOUT).contains(text);
        });
    }

    @Test
    void shouldGoOnThroughClientsAndAgents() throws IOException, TerminalException
    {
        final KernelKey key = launch(StdinMode.OPEN, READER);
        final KernelTerminal first = open(key);
        type(first, "one\ntw");
        awaitOutput(first, key, "got one\n");
        // Neither the end of a client's input nor its leaving ends the kernel's.
        first.endInput();
        first.poll(this, 0, System.nanoTime());
        first.close(System.nanoTime());
        assertTrue(first.pollGone(System.nanoTime()));
        processes.restart();
        processes.startedOn.clear();
        processes.awaitStarted(key);
        final KernelTerminal second = open(key);
        type(second, "o\n");
        awaitOutput(second, key, "got two\n");
        type(second, "end\n");
        awaitOutput(second, key, "got end\n");
        assertEquals(KernelEnd.exited(4), processes.awaitEnd(key));
        second.close(System.nanoTime());
    }

    @Test
    void shouldEndWithItsFirstClientIfItIsToBeReadOnce() throws TerminalException
    {
        final KernelKey key = launch(StdinMode.ONCE, "wc -c");
        final KernelTerminal input = open(key);
        for (int i = 0; i < 40; i++)
        {
            type(input, "x".repeat(10_000));
        }
        input.endInput();
        awaitOutput(input, key, "400000\n");
        assertEquals(400_000, taken);
        assertEquals(KernelEnd.exited(0), processes.awaitEnd(key));
    }

    @Test
    void shouldEndWhenItsFirstClientLeavesIfItIsToBeReadOnce() throws TerminalException
    {
        final KernelKey key = launch(StdinMode.ONCE, "cat; echo eof; exec sleep 600");
        final KernelTerminal input = open(key);
        type(input, "some\n");
        awaitOutput(input, key, "some\n");
        input.close(System.nanoTime());
        awaitOutput(input, key, "eof\n");
        // Whoever comes later has nobody to give it to, and is taken it from.
        final KernelTerminal late = open(key);
        type(late, "late\n");
        late.poll(this, 0, System.nanoTime());
        assertEquals("some\nlate\n".length(), taken);
    }

    @Test
    void shouldHaveInputOfTheMainKernelOnlyIfItIsToBeReadOnce()
    {
        final KernelKey key = launch(StdinMode.ONCE, Assignments.of(1).among(1, "a", "a"), READER);
        assertEquals(KernelEnd.exited(5), processes.awaitEnd(key));
    }

    @Test
    void shouldRefuseWhatWasNotMadeToTakeAny()
    {
        final KernelKey key = launch(StdinMode.NONE, "sleep 600");
        assertEquals(
            TerminalCode.UNSUPPORTED, assertThrows(TerminalException.class, () -> open(key)).code());
    }

    @Test
    void shouldNotLeaveAnythingBehindASupervisorThatWasKilled()
    {
        final KernelKey key = launch(StdinMode.OPEN, READER);
        final int supervisor = processes.number(key, KernelDirectory.STARTED);
        Libc.kill(supervisor, Libc.SIGKILL);
        processes.awaitEnd(key);
        Await.until("the end of what held the input", () -> ProcessHandle.allProcesses().noneMatch(
            process -> process.info().commandLine().orElse("").contains(directory.toString())));
    }

    @Override
    public void onOutput(final boolean stderr, final byte[] content, final int length)
    {
        throw new IllegalStateException("an input has no output");
    }

    @Override
    public void onInputTaken(final int bytes)
    {
        taken += bytes;
    }

    @Override
    public void onExit(final int exitCode)
    {
        throw new IllegalStateException("an input has no exit code");
    }

    @Override
    public void onFailure(final TerminalException failure)
    {
        throw new IllegalStateException(failure);
    }
}
