package io.plimsoll.manager.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.OverloadedException;
import io.plimsoll.manager.view.TerminalSource;
import io.plimsoll.transport.sbe.TerminalCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TerminalStreamsTest implements TerminalSource.Listener
{
    private static final TerminalSource.Request REQUEST = new TerminalSource.Request(
        List.of("sh", "-c", "true"), List.of("A=b"), "", "", true, true, 30, 100);

    private final ManagerBed bed = new ManagerBed().start();
    private final List<String> told = new ArrayList<>();
    private TestAgent agent;
    private long kernelId;

    @BeforeEach
    void placeKernel()
    {
        agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        kernelId = agent.assigned.get(0).kernelId();
    }

    private TerminalSource.Stream open(final int attempt)
    {
        return bed.stages.terminals().open(kernelId, attempt, REQUEST, 10, this);
    }

    @Test
    void shouldCarryBothWays()
    {
        final TerminalSource.Stream stream = open(1);
        agent.receive();
        assertEquals(List.of("open 1 " + kernelId + " [sh, -c, true] [A=b] 30x100 10"), agent.terminals);
        agent.terminals.clear();
        agent.terminalCredit(1, 5);
        agent.terminalOutput(1, false, "hello");
        agent.terminalOutput(1, true, "oops!");
        bed.run();
        assertEquals(List.of("credit 5", "out hello", "err oops!"), told);
        assertTrue(stream.input("words".getBytes(StandardCharsets.UTF_8), false));
        assertTrue(stream.input(new byte[0], true));
        stream.size(40, 120);
        stream.request(false, 7);
        agent.receive();
        assertEquals(List.of("input 1 words F", "input 1  T", "size 1 40x120", "credit 1 7"), agent.terminals);
        agent.terminalEnd(1, TerminalCode.EXITED, 3);
        bed.run();
        assertEquals("end exited 3", told.get(3));
        assertEquals(0, bed.stages.terminals().size());
    }

    @Test
    void shouldRefuseInputBeyondCreditAndEndTheCommand()
    {
        final TerminalSource.Stream stream = open(1);
        agent.terminalCredit(1, 4);
        bed.run();
        assertFalse(stream.input("words".getBytes(StandardCharsets.UTF_8), false));
        agent.receive();
        assertEquals("close 1", agent.terminals.get(1));
    }

    @Test
    void shouldCloseLinkOfAgentThatSendsMoreThanAsked()
    {
        open(1);
        agent.terminalOutput(1, false, "hello world");
        bed.run();
        assertFalse(bed.links.isOpen(agent.linkId));
        assertEquals(List.of("end agent-unreachable 0"), told);
    }

    @Test
    void shouldEndWithLinkAndSayWhenThereIsNone()
    {
        open(1);
        bed.links.drop(agent.linkId);
        bed.run();
        assertEquals(List.of("end agent-unreachable 0"), told);
        open(1);
        assertEquals(2, told.size());
        open(2);
        assertEquals("end unknown-kernel 0", told.get(2));
    }

    /** A machine that has lost its power closes no connection, and input on its way keeps the connection waiting. */
    @Test
    void shouldEndWhenAgentIsNotHeardOfThoughItsLinkIsOpen()
    {
        open(1);
        bed.pass(60, TimeUnit.SECONDS, agent);
        assertEquals(List.of(), told);
        bed.pass(29, TimeUnit.SECONDS);
        assertEquals(List.of(), told);
        // Whoever sends on the link is there.
        agent.terminalOutput(1, false, "here");
        bed.pass(29, TimeUnit.SECONDS);
        assertEquals(List.of("out here"), told);
        bed.pass(3, TimeUnit.SECONDS);
        assertEquals(List.of("out here", "end agent-unreachable 0"), told);
        assertEquals(0, bed.stages.terminals().size());
        agent.receive();
        assertTrue(agent.terminals.contains("close 1"), agent.terminals.toString());
    }

    @Test
    void shouldTellAgentThatClientHasGoneOnce()
    {
        final TerminalSource.Stream stream = open(1);
        stream.close();
        stream.close();
        agent.receive();
        assertEquals(2, agent.terminals.size());
        assertEquals("close 1", agent.terminals.get(1));
        // What was on its way is nobody's fault.
        agent.terminalOutput(1, false, "late");
        agent.terminalEnd(1, TerminalCode.EXITED, 0);
        bed.run();
        assertTrue(bed.links.isOpen(agent.linkId));
        assertEquals(List.of(), told);
    }

    /** A client learns of the end on another thread than that which sends. */
    @Test
    void shouldForgetWhatComesAfterTheEnd()
    {
        final TerminalSource.Stream never = open(2);
        assertTrue(never.input(new byte[1], false));
        assertTrue(never.input(new byte[0], true));
        never.size(40, 120);
        never.request(false, 7);
        assertEquals(List.of("end unknown-kernel 0"), told);

        final TerminalSource.Stream stream = open(1);
        agent.terminalCredit(2, 5);
        agent.terminalEnd(2, TerminalCode.EXITED, 3);
        bed.run();
        assertEquals("end exited 3", told.get(2));
        agent.receive();
        agent.terminals.clear();
        assertTrue(stream.input(new byte[5], false));
        assertTrue(stream.input(new byte[5], true));
        stream.close();
        agent.receive();
        assertEquals(List.of(), agent.terminals);
    }

    @Test
    void shouldHaveNoMoreThanItsMaximum()
    {
        for (int i = 0; i < TerminalStreams.OPEN_MAX; i++)
        {
            open(1);
        }
        assertThrows(OverloadedException.class, () -> open(1));
    }

    @Override
    public void onInputCredit(final int bytes)
    {
        told.add("credit " + bytes);
    }

    @Override
    public void onData(final boolean stderr, final byte[] content)
    {
        told.add((stderr ? "err " : "out ") + new String(content, StandardCharsets.UTF_8));
    }

    @Override
    public void onEnd(final TerminalSource.End end)
    {
        told.add("end " + end.code() + " " + end.exitCode());
    }
}
