package io.plimsoll.agent;

import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.terminal.TerminalSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A command that does what it is told to. */
final class FakeTerminal implements KernelTerminal
{
    final TerminalRequest request;
    final ByteArrayOutputStream input = new ByteArrayOutputStream();
    byte[] output = new byte[0];
    int taken;
    int exitCode = -1;
    boolean inputEnded;
    boolean closed;
    boolean gone;
    String size = "";

    FakeTerminal(final TerminalRequest request)
    {
        this.request = request;
    }

    void write(final String text)
    {
        output = text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void input(final byte[] content)
    {
        input.writeBytes(content);
    }

    @Override
    public void endInput()
    {
        inputEnded = true;
    }

    @Override
    public void size(final int rows, final int columns)
    {
        size = rows + "x" + columns;
    }

    @Override
    public int poll(final TerminalSink sink, final int bytesMax, final long nowNs)
    {
        if (taken > 0)
        {
            sink.onInputTaken(taken);
            taken = 0;
        }
        final int length = Math.min(bytesMax, output.length);
        if (length > 0)
        {
            sink.onOutput(false, output, length);
            output = Arrays.copyOfRange(output, length, output.length);
        }
        if (0 == output.length && exitCode >= 0)
        {
            sink.onExit(exitCode);
        }
        return length;
    }

    @Override
    public void close(final long nowNs)
    {
        closed = true;
    }

    @Override
    public boolean pollGone(final long nowNs)
    {
        return gone;
    }
}
