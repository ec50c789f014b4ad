package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;

/**
 * The standard input of a kernel that is a process: a FIFO in its directory, which a process of its supervisor holds
 * open, whoever comes and goes here. A word in a second FIFO ends that process, and with it the input. Of the agent's
 * thread, which nothing here makes wait.
 */
final class ProcessInput implements KernelTerminal
{
    private static final int MODE = 0600;
    private static final int CHUNK_LENGTH = 32 * 1024;
    private static final int CLOSED = -1;

    private final Path directory;
    private final boolean once;
    /** Process id of who holds the terminal; 0: there is none. */
    private final int holder;
    private final ArrayDeque<byte[]> pending = new ArrayDeque<>();
    private final Memory chunk = new Memory(CHUNK_LENGTH);
    private int fd;
    private int pendingOffset;
    private boolean ends;
    private boolean given;

    private ProcessInput(final Path directory, final boolean once, final int holder, final int fd)
    {
        this.directory = directory;
        this.once = once;
        this.holder = holder;
        this.fd = fd;
    }

    /** Makes what the supervisor of a kernel needs to hold its input. */
    static void prepare(final Path directory) throws IOException
    {
        for (final String name : new String[]{KernelDirectory.STDIN, KernelDirectory.STDIN_END})
        {
            final String path = directory.resolve(name).toString();
            if (0 != Libc.mkfifo(path, MODE) && Libc.EEXIST != Native.getLastError())
            {
                throw new IOException("cannot make " + path + ": errno=" + Native.getLastError());
            }
        }
    }

    /**
     * Joins one.
     *
     * @param directory of the kernel.
     * @param once      whether it ends with the first client that gives some.
     * @param holder    process id of who holds the terminal; 0: there is none.
     */
    static ProcessInput open(final Path directory, final boolean once, final int holder)
    {
        final int held = openToWrite(directory, KernelDirectory.STDIN_END);
        if (CLOSED == held)
        {
            // It has ended, and whatever else comes is for nobody; the output goes on.
            return new ProcessInput(directory, once, holder, CLOSED);
        }
        Libc.close(held);
        return new ProcessInput(directory, once, holder, openToWrite(directory, KernelDirectory.STDIN));
    }

    /** Ends the input of a kernel, or what holds it if the kernel has ended. */
    static void end(final Path directory)
    {
        final int fd = openToWrite(directory, KernelDirectory.STDIN_END);
        if (CLOSED != fd)
        {
            final Memory word = new Memory(1);
            word.setByte(0, (byte)'\n');
            TerminalLibc.write(fd, word, 1);
            Libc.close(fd);
        }
    }

    /** CLOSED: nobody reads, or there is none. */
    private static int openToWrite(final Path directory, final String name)
    {
        final int fd = Libc.open(
            directory.resolve(name).toString(), Libc.O_WRONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        return fd < 0 ? CLOSED : fd;
    }

    @Override
    public void input(final byte[] content)
    {
        given = true;
        pending.add(content);
    }

    /** What is kept open is for the next client. */
    @Override
    public void endInput()
    {
        ends = once;
    }

    @Override
    public void size(final int rows, final int columns)
    {
        if (0 != holder)
        {
            TerminalHolder.size(holder, rows, columns);
        }
    }

    @Override
    public int poll(final TerminalSink sink, final int bytesMax, final long nowNs)
    {
        int written = 0;
        while (!pending.isEmpty())
        {
            final byte[] first = pending.peek();
            final int length = Math.min(CHUNK_LENGTH, first.length - pendingOffset);
            final int done = write(first, length);
            if (0 == done)
            {
                break;
            }
            written += done;
            pendingOffset += done;
            if (pendingOffset == first.length)
            {
                pendingOffset = 0;
                pending.poll();
            }
        }
        if (written > 0)
        {
            sink.onInputTaken(written);
        }
        if (ends && pending.isEmpty() && CLOSED != fd)
        {
            leave();
            end(directory);
        }
        return written > 0 ? 1 : 0;
    }

    /** What nobody reads any more is for nobody. */
    private int write(final byte[] content, final int length)
    {
        if (CLOSED == fd)
        {
            return length;
        }
        chunk.write(0, content, pendingOffset, length);
        final long result = TerminalLibc.write(fd, chunk, length);
        if (result >= 0)
        {
            return (int)result;
        }
        final int errno = Native.getLastError();
        if (Libc.EAGAIN == errno || TerminalLibc.EINTR == errno)
        {
            return 0;
        }
        leave();
        return length;
    }

    private void leave()
    {
        if (CLOSED != fd)
        {
            Libc.close(fd);
            fd = CLOSED;
        }
    }

    @Override
    public void close(final long nowNs)
    {
        final boolean wasOpen = CLOSED != fd;
        pending.clear();
        leave();
        if (once && given && wasOpen)
        {
            end(directory);
        }
    }

    @Override
    public boolean pollGone(final long nowNs)
    {
        return true;
    }
}
