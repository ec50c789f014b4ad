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
import io.plimsoll.transport.SessionNotes;
import io.plimsoll.transport.StdinMode;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.TerminalCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
            List.of("/bin/sh", "-c", script), null, null, null, 0, 0, ContainerSpec.NONE, mode)).make());
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
    void shouldHaveTerminalThatIsResizedAndInterruptedThroughARestartOfTheAgent() throws IOException, TerminalException
    {
        final KernelKey key = processes.launch(Assignments.of(1).spec(new LaunchSpec(
            List.of("/bin/sh", "-c", "echo \"it's\" \"$1\"; exec sh", "x", "a 'b' $c"), Map.of("SHELL", "/bin/false"),
            null, null, 0, 0, ContainerSpec.NONE, null, StdinMode.OPEN, true, SessionNotes.NONE)).make());
        processes.awaitStarted(key);
        final KernelTerminal first = open(key);
        awaitOutput(first, key, "it's a 'b' $c\r\n");
        type(first, "stty size; tty; echo $SHELL $TERM.\r");
        awaitOutput(first, key, "24 80\r\n/dev/pts/");
        awaitOutput(first, key, "/bin/false xterm.\r\n");
        first.size(41, 121);
        type(first, "stty size\r");
        awaitOutput(first, key, "41 121\r\n");
        type(first, "sh -c 'echo go\"\"ing; exec sleep 600'\r");
        awaitOutput(first, key, "going\r\n");
        first.close(System.nanoTime());
        processes.restart();
        processes.startedOn.clear();
        processes.awaitStarted(key);
        final KernelTerminal second = open(key);
        type(second, "\003");
        type(second, "echo code=$(($? + 1000))\r");
        awaitOutput(second, key, "code=1130\r\n");
        second.size(12, 34);
        type(second, "stty size\r");
        awaitOutput(second, key, "12 34\r\n");
        type(second, "exit 9\r");
        second.poll(this, 0, System.nanoTime());
        assertEquals(KernelEnd.exited(9), processes.awaitEnd(key));
    }

    @Test
    void shouldEndAllInTerminalThatIsKilled() throws TerminalException
    {
        final KernelKey key = processes.launch(Assignments.of(1).spec(new LaunchSpec(
            List.of("/bin/sh", "-c", "trap '' HUP TERM INT; echo up; while :; do sleep 0.1; done"), null,
            null, null, 0, 0, ContainerSpec.NONE, null, StdinMode.OPEN, true, SessionNotes.NONE)).make());
        processes.awaitStarted(key);
        awaitOutput(open(key), key, "up\r\n");
        processes.kill(key, 1_000_000);
        assertEquals(ReportKind.EXITED, processes.awaitEnd(key).kind());
        Await.until("the end of what was in the terminal", () -> ProcessHandle.allProcesses().noneMatch(process ->
            process.info().commandLine().orElse("").contains("trap '' HUP TERM INT")));
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
