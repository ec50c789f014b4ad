package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TerminalServerTest
{
    private static final int PLENTY = 1 << 20;

    private final AgentHarness harness = new AgentHarness();
    private final TestManager manager = harness.manager;
    private final KernelKey key = Assignments.key(1, 1, 1);
    private final List<String> said = manager.terminals.lines;

    @BeforeEach
    void before()
    {
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
        harness.runtime.start(key, 1);
        harness.step();
    }

    private FakeTerminal open(final int credit)
    {
        manager.openTerminal(1, key, credit, "sh", "-c", "true");
        harness.step();
        assertEquals(List.of("1 credit " + TerminalServer.INPUT_CREDIT), said);
        said.clear();
        return harness.runtime.terminals.get(harness.runtime.terminals.size() - 1);
    }

    @Test
    void shouldRunCommandAndPassOnWhatItWrites()
    {
        final FakeTerminal terminal = open(PLENTY);
        assertEquals(List.of("sh", "-c", "true"), terminal.request.command());
        assertEquals(List.of("A=b"), terminal.request.variables());
        terminal.write("hello");
        terminal.exitCode = 3;
        harness.step();
        assertEquals(List.of("1 STDOUT hello", "1 EXITED 3"), said);
        assertTrue(terminal.closed);
    }

    @Test
    void shouldSendNoMoreThanCredit()
    {
        final FakeTerminal terminal = open(3);
        terminal.write("hello");
        terminal.exitCode = 0;
        harness.step();
        assertEquals(List.of("1 STDOUT hel"), said);
        manager.creditTerminal(1, 2);
        harness.step();
        assertEquals(List.of("1 STDOUT hel", "1 STDOUT lo", "1 EXITED 0"), said);
    }

    @Test
    void shouldPassInputOnAndGrantMoreAsItIsTaken()
    {
        final FakeTerminal terminal = open(PLENTY);
        manager.terminalInput(1, "word".getBytes(StandardCharsets.UTF_8), false);
        manager.sizeTerminal(1, 40, 120);
        harness.step();
        assertEquals("word", terminal.input.toString(StandardCharsets.UTF_8));
        assertEquals("40x120", terminal.size);
        terminal.taken = TerminalServer.INPUT_CREDIT / 2;
        manager.terminalInput(1, new byte[0], true);
        harness.step();
        assertTrue(terminal.inputEnded);
        assertEquals(List.of("1 credit " + TerminalServer.INPUT_CREDIT / 2), said);
    }

    @Test
    void shouldEndTerminalThatGetsMoreInputThanAllowed()
    {
        final FakeTerminal terminal = open(PLENTY);
        for (int sent = 0; sent <= TerminalServer.INPUT_CREDIT; sent += 32 * 1024)
        {
            manager.terminalInput(1, new byte[32 * 1024], false);
        }
        harness.step();
        assertTrue(terminal.closed);
        assertEquals(List.of("1 FAILED 0"), said);
    }

    @Test
    void shouldEndWithKernelAndWithReaderAndWithLink()
    {
        final FakeTerminal left = open(PLENTY);
        manager.closeTerminal(1);
        harness.step();
        assertTrue(left.closed);
        assertEquals(List.of(), said);

        final FakeTerminal outlived = open(PLENTY);
        harness.runtime.end(key, KernelEnd.exited(0));
        harness.step();
        assertTrue(outlived.closed);
        assertEquals(List.of("1 KERNEL_ENDED 0"), said);
    }

    @Test
    void shouldEndWithLink()
    {
        final FakeTerminal terminal = open(PLENTY);
        manager.closeLink();
        harness.step();
        assertTrue(terminal.closed);
    }

    /** What kills a kernel kills what runs beside it, and may be seen there first. */
    @Test
    void shouldSayThatKernelHasEndedWhereCommandWasKilledWithIt()
    {
        final FakeTerminal terminal = open(PLENTY);
        terminal.exitCode = 137;
        harness.step();
        assertEquals(List.of(), said);
        harness.runtime.end(key, KernelEnd.exited(137));
        harness.step();
        assertEquals(List.of("1 KERNEL_ENDED 0"), said);
    }

    @Test
    void shouldSayThatCommandWasKilledWhereKernelGoesOn()
    {
        final FakeTerminal terminal = open(PLENTY);
        terminal.exitCode = 137;
        harness.step(600);
        assertEquals(List.of("1 EXITED 137"), said);
    }

    /** One without a command is the input of the kernel itself, which this runtime gives none. */
    @Test
    void shouldRefuseWhatCannotBe()
    {
        manager.openTerminal(1, Assignments.key(2, 1, 1), PLENTY, "ls");
        manager.openTerminal(2, key, PLENTY, "nosuch");
        manager.openTerminal(3, key, PLENTY);
        harness.step();
        assertEquals(List.of("1 UNKNOWN_KERNEL 127", "2 CANNOT_START 127", "3 UNSUPPORTED 127"), said);
        said.clear();
        harness.runtime.end(key, KernelEnd.exited(0));
        harness.step();
        manager.openTerminal(4, key, PLENTY, "ls");
        harness.step();
        assertEquals(List.of("4 NOT_RUNNING 127"), said);
    }

    @Test
    void shouldHaveNoMoreThanItsMaximum()
    {
        for (int i = 1; i <= TerminalServer.OPEN_MAX; i++)
        {
            manager.openTerminal(i, key, PLENTY, "sh");
        }
        harness.step();
        said.clear();
        manager.openTerminal(1000, key, PLENTY, "sh");
        harness.step();
        assertEquals(List.of("1000 TOO_MANY 127"), said);
        // One that is about to go still has processes.
        manager.closeTerminal(1);
        manager.openTerminal(1001, key, PLENTY, "sh");
        harness.step();
        assertEquals("1001 TOO_MANY 127", said.get(1));
        harness.runtime.terminals.get(0).gone = true;
        harness.step();
        manager.openTerminal(1002, key, PLENTY, "sh");
        harness.step();
        assertTrue(said.get(2).startsWith("1002 credit"), said.toString());
        assertFalse(harness.runtime.terminals.get(1).closed);
    }
}
