package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads what supervisors say. Opened for reading and writing, so that no side ever waits for the other to open it. What
 * comes through it is a hint where to look, never a fact: anybody may write to it. One thread.
 */
final class NotifyFifo implements AutoCloseable
{
    private static final int MODE = 0600;
    private static final int BUFFER_LENGTH = 16 * 1024;
    private static final int NAME_LENGTH_MAX = 256;

    private final Memory buffer = new Memory(BUFFER_LENGTH);
    private final byte[] line = new byte[NAME_LENGTH_MAX];
    private final Memory descriptor = new Memory(2 * Integer.BYTES);
    private final Memory timeout = new Memory(2 * Long.BYTES);
    private final int fd;
    private int lineLength;

    NotifyFifo(final Path path) throws IOException
    {
        if (Files.isRegularFile(path))
        {
            // A shell makes one where it finds no FIFO.
            Files.delete(path);
        }
        if (0 != Libc.mkfifo(path.toString(), MODE) && Libc.EEXIST != Native.getLastError())
        {
            throw new IOException("cannot make " + path + ": errno=" + Native.getLastError());
        }
        fd = Libc.open(path.toString(), Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (fd < 0)
        {
            throw new IOException("cannot open " + path + ": errno=" + Native.getLastError());
        }
        descriptor.setInt(0, fd);
        descriptor.setShort(Integer.BYTES, Libc.POLLIN);
        timeout.setLong(0, 0);
    }

    /**
     * Reads once.
     *
     * @param hints is given each message.
     * @return messages read.
     */
    int poll(final Hints hints)
    {
        final long length = Libc.read(fd, buffer, BUFFER_LENGTH);
        int count = 0;
        for (int i = 0; i < length; i++)
        {
            final byte next = buffer.getByte(i);
            if ('\n' == next)
            {
                if (lineLength > 1)
                {
                    hints.onHint((char)line[0], new String(line, 1, lineLength - 1, StandardCharsets.US_ASCII));
                    count++;
                }
                lineLength = 0;
            }
            else if (lineLength < NAME_LENGTH_MAX)
            {
                line[lineLength++] = next;
            }
        }
        return count;
    }

    /** Waits until somebody has said something, or the time is over. Less than a second. */
    void await(final long durationNs)
    {
        timeout.setLong(Long.BYTES, durationNs);
        Libc.ppoll(descriptor, 1, timeout, Pointer.NULL);
    }

    @Override
    public void close()
    {
        Libc.close(fd);
    }

    /** Takes hints. */
    @FunctionalInterface
    interface Hints
    {
        /** A supervisor says that a kernel has started (+) or ended (-). */
        void onHint(char what, String kernelName);
    }
}
