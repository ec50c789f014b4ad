package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.terminal.TerminalSink;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process with a pseudo-terminal, or with three pipes, whose near ends never make anybody wait: so the agent's thread
 * reads and writes itself, and needs no other to do so. Once the process has ended, what is left in the pipes is read;
 * whoever else holds them open is not waited for.
 */
final class ProcessTerminal implements KernelTerminal
{
    private static final int CHUNK_LENGTH = 32 * 1024;
    private static final int CLOSED = -1;
    private static final byte END_OF_INPUT = 4;
    private static final long DRAIN_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final boolean tty;
    private final String mark;
    private final ArrayDeque<byte[]> pending = new ArrayDeque<>();
    private final Memory chunk = new Memory(CHUNK_LENGTH);
    private final Memory status = new Memory(Integer.BYTES);
    private final byte[] bytes = new byte[CHUNK_LENGTH];
    private int pid;
    private int inputFd = CLOSED;
    private int outputFd = CLOSED;
    private int errorFd = CLOSED;
    private int pendingOffset;
    private boolean inputEnds;
    private boolean reaped;
    private int exitCode;
    private long quietSinceNs;
    private boolean told;
    private boolean closed;
    private long killAtNs;
    private long nextLookNs;
    private int emptyLooks;

    private ProcessTerminal(final boolean tty, final String mark)
    {
        this.tty = tty;
        this.mark = mark;
    }

    /** Starts a process; the mark is in its environment. */
    static ProcessTerminal start(final TerminalRequest request, final String mark, final Starter starter)
        throws IOException
    {
        final ProcessTerminal terminal = new ProcessTerminal(request.tty(), mark);
        try
        {
            if (request.tty())
            {
                terminal.startInTerminal(request, starter);
            }
            else
            {
                terminal.startWithPipes(request, starter);
            }
        }
        catch (final IOException e)
        {
            terminal.closeAll();
            throw e;
        }
        return terminal;
    }

    private void startInTerminal(final TerminalRequest request, final Starter starter) throws IOException
    {
        outputFd = TerminalLibc.openTerminal();
        inputFd = outputFd;
        TerminalLibc.size(outputFd, request.rows(), request.columns());
        pid = starter.start(new ProcessSpawner.ChildStreams(TerminalLibc.nameOf(outputFd), CLOSED, CLOSED, CLOSED));
    }

    private void startWithPipes(final TerminalRequest request, final Starter starter) throws IOException
    {
        final int[] far = {CLOSED, CLOSED, CLOSED};
        try
        {
            if (request.input())
            {
                final int[] input = TerminalLibc.pipe();
                far[0] = input[0];
                inputFd = input[1];
                TerminalLibc.doNotWait(inputFd);
            }
            final int[] output = TerminalLibc.pipe();
            outputFd = output[0];
            far[1] = output[1];
            TerminalLibc.doNotWait(outputFd);
            final int[] error = TerminalLibc.pipe();
            errorFd = error[0];
            far[2] = error[1];
            TerminalLibc.doNotWait(errorFd);
            pid = starter.start(new ProcessSpawner.ChildStreams(null, far[0], far[1], far[2]));
        }
        finally
        {
            for (final int fd : far)
            {
                if (CLOSED != fd)
                {
                    Libc.close(fd);
                }
            }
        }
    }

    @Override
    public void input(final byte[] content)
    {
        if (!closed && !inputEnds)
        {
            pending.add(content);
        }
    }

    @Override
    public void endInput()
    {
        if (!inputEnds && tty)
        {
            pending.add(new byte[]{END_OF_INPUT});
        }
        inputEnds = true;
    }

    @Override
    public void size(final int rows, final int columns)
    {
        if (tty && CLOSED != outputFd)
        {
            TerminalLibc.size(outputFd, rows, columns);
        }
    }

    @Override
    public int poll(final TerminalSink sink, final int bytesMax, final long nowNs)
    {
        if (closed || told)
        {
            return 0;
        }
        int workCount = write(sink);
        // In this order: what it wrote before it went is read.
        reap();
        int left = bytesMax;
        if (left > 0 && CLOSED != outputFd)
        {
            left -= read(sink, false, left);
        }
        if (left > 0 && CLOSED != errorFd)
        {
            left -= read(sink, true, left);
        }
        if (left < bytesMax || !reaped || 0 == bytesMax)
        {
            quietSinceNs = nowNs;
            workCount += left < bytesMax ? 1 : 0;
        }
        final boolean drained = CLOSED == outputFd && CLOSED == errorFd || nowNs - quietSinceNs >= DRAIN_NS;
        if (reaped && drained)
        {
            told = true;
            sink.onExit(exitCode);
            workCount++;
        }
        return workCount;
    }

    private int write(final TerminalSink sink)
    {
        int written = 0;
        while (!pending.isEmpty())
        {
            final byte[] first = pending.peek();
            final int length = Math.min(CHUNK_LENGTH, first.length - pendingOffset);
            int done = length;
            if (CLOSED != inputFd)
            {
                chunk.write(0, first, pendingOffset, length);
                final long result = TerminalLibc.write(inputFd, chunk, length);
                if (result < 0 && isLater(Native.getLastError()))
                {
                    break;
                }
                if (result < 0)
                {
                    // Nobody reads any more: the rest is for nobody.
                    closeInput();
                }
                done = result < 0 ? length : (int)result;
            }
            written += done;
            pendingOffset += done;
            if (pendingOffset == first.length)
            {
                pendingOffset = 0;
                pending.poll();
            }
        }
        if (inputEnds && pending.isEmpty() && !tty)
        {
            closeInput();
        }
        if (written > 0)
        {
            sink.onInputTaken(written);
        }
        return written > 0 ? 1 : 0;
    }

    private static boolean isLater(final int errno)
    {
        return Libc.EAGAIN == errno || TerminalLibc.EINTR == errno;
    }

    private int read(final TerminalSink sink, final boolean stderr, final int bytesMax)
    {
        final int fd = stderr ? errorFd : outputFd;
        final int length = (int)Libc.read(fd, chunk, Math.min(CHUNK_LENGTH, bytesMax));
        if (length > 0)
        {
            chunk.read(0, bytes, 0, length);
            sink.onOutput(stderr, bytes, length);
            return length;
        }
        if (0 == length || !isLater(Native.getLastError()))
        {
            // The end: of a terminal it is an error, since nobody holds its far end.
            closeOutput(stderr);
        }
        return 0;
    }

    private void closeInput()
    {
        if (CLOSED != inputFd && inputFd != outputFd)
        {
            Libc.close(inputFd);
        }
        inputFd = CLOSED;
    }

    private void closeOutput(final boolean stderr)
    {
        if (stderr)
        {
            Libc.close(errorFd);
            errorFd = CLOSED;
            return;
        }
        if (inputFd == outputFd)
        {
            inputFd = CLOSED;
        }
        Libc.close(outputFd);
        outputFd = CLOSED;
    }

    private void closeAll()
    {
        closeInput();
        if (CLOSED != outputFd)
        {
            closeOutput(false);
        }
        if (CLOSED != errorFd)
        {
            closeOutput(true);
        }
    }

    private void reap()
    {
        if (!reaped && 0 != Libc.waitpid(pid, status, Libc.WNOHANG))
        {
            reaped = true;
            exitCode = TerminalLibc.exitCode(status.getInt(0));
        }
    }

    @Override
    public void close(final long nowNs)
    {
        if (!closed)
        {
            closed = true;
            pending.clear();
            closeAll();
            final List<Integer> members = ProcessTable.carrying(mark);
            members.forEach(member -> Libc.kill(member, TerminalLibc.SIGHUP));
            members.forEach(member -> Libc.kill(member, Libc.SIGTERM));
            killAtNs = nowNs + GRACE_NS;
            nextLookNs = nowNs;
        }
    }

    @Override
    public boolean pollGone(final long nowNs)
    {
        reap();
        if (nowNs < nextLookNs)
        {
            return false;
        }
        nextLookNs = nowNs + LOOK_INTERVAL_NS;
        final List<Integer> members = ProcessTable.carrying(mark);
        if (nowNs >= killAtNs)
        {
            members.forEach(member -> Libc.kill(member, Libc.SIGKILL));
            if (!reaped)
            {
                // It may have thrown its environment away.
                Libc.kill(pid, Libc.SIGKILL);
            }
        }
        // One that is just being executed shows no environment: a second look does not find it so again.
        emptyLooks = members.isEmpty() ? emptyLooks + 1 : 0;
        return reaped && emptyLooks > 1;
    }

    /** Starts the process and gives its id. */
    @FunctionalInterface
    interface Starter
    {
        int start(ProcessSpawner.ChildStreams streams) throws IOException;
    }
}
