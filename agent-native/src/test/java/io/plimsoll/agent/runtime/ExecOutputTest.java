package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Await;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Output of commands in containers between who reads it and who takes it. */
class ExecOutputTest implements TerminalSink
{
    private static final String REFUSAL = "OCI runtime exec failed: exec failed";

    private final ExecOutput output = new ExecOutput();
    private final List<String> taken = new ArrayList<>();

    @Override
    public void onOutput(final boolean stderr, final byte[] content, final int length)
    {
        taken.add((stderr ? "2 " : "1 ") + new String(content, 0, length, StandardCharsets.UTF_8));
    }

    @Override
    public void onInputTaken(final int bytes)
    {
        throw new AssertionError("there is no input");
    }

    @Override
    public void onExit(final int exitCode)
    {
        throw new AssertionError("nobody has said so");
    }

    @Override
    public void onFailure(final TerminalException failure)
    {
        throw new AssertionError(failure);
    }

    private void read(final boolean stderr, final String text)
    {
        output.onRead(stderr, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldGiveNoMoreThanIsAllowed()
    {
        read(false, "abc");
        read(true, "de");
        assertEquals(1, output.poll(this, 2));
        assertEquals(2, output.poll(this, 2));
        assertFalse(output.isEmpty());
        assertEquals(1, output.poll(this, 2));
        assertEquals(0, output.poll(this, 2));
        assertEquals(List.of("1 ab", "1 c", "2 d", "2 e"), taken);
        assertTrue(output.isEmpty());
    }

    /** Only where nothing was written before; and what follows shows that it was the command's. */
    @Test
    void shouldKeepBackWhatMayBeTheEnginesOwnWords()
    {
        read(false, REFUSAL);
        assertTrue(output.isEmpty());
        assertArrayEquals(REFUSAL.getBytes(StandardCharsets.UTF_8), output.refusal());
        read(false, "more");
        assertNull(output.refusal());
        read(false, REFUSAL);
        output.poll(this, 100);
        assertEquals(List.of("1 " + REFUSAL, "1 more", "1 " + REFUSAL), taken);
    }

    @Test
    void shouldHoldUpWhoReadsUntilSomebodyTakesOrNobodyWill()
    {
        output.onRead(false, new byte[256 * 1024 + 1]);
        final Thread first = reader();
        output.poll(this, 1);
        awaitState(first, Thread.State.TERMINATED);
        final Thread second = reader();
        output.close();
        awaitState(second, Thread.State.TERMINATED);
        assertTrue(output.isEmpty(), "what comes late is nobody's");
    }

    private Thread reader()
    {
        final Thread reader = new Thread(() -> read(true, "late"));
        reader.start();
        awaitState(reader, Thread.State.WAITING);
        return reader;
    }

    private static void awaitState(final Thread thread, final Thread.State state)
    {
        Await.until("its reader to be " + state, () -> state == thread.getState());
    }
}
