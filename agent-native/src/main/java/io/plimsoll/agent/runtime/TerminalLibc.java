package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Calls of the C library for pseudo-terminals and pipes, bound directly. Safe for any thread. */
final class TerminalLibc
{
    static final int EIO = 5;
    static final int EINTR = 4;
    static final int SIGHUP = 1;
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_SETFL = 4;
    private static final long TIOCSWINSZ = 0x5414;
    private static final int NAME_LENGTH = 128;
    private static final int SIGNAL_MASK = 0x7F;

    static
    {
        Native.register(TerminalLibc.class, Platform.C_LIBRARY_NAME);
    }

    private TerminalLibc()
    {
    }

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    static native long write(int fd, Pointer buffer, long length);

    private static native int pipe2(Pointer descriptors, int flags);

    private static native int fcntl(int fd, int command, long argument);

    private static native int ioctl(int fd, long request, Pointer argument);

    private static native int posix_openpt(int flags);

    private static native int grantpt(int fd);

    private static native int unlockpt(int fd);

    private static native int ptsname_r(int fd, Pointer buffer, long length);

    /** A pipe that no child inherits by itself: where to read, where to write. */
    static int[] pipe() throws IOException
    {
        final Memory ends = new Memory(2L * Integer.BYTES);
        if (0 != pipe2(ends, O_CLOEXEC))
        {
            throw failed("pipe2");
        }
        return new int[]{ends.getInt(0), ends.getInt(Integer.BYTES)};
    }

    /** From now on neither reading nor writing waits. It holds for this end alone. */
    static void doNotWait(final int fd) throws IOException
    {
        if (0 != fcntl(fd, F_SETFL, O_NONBLOCK))
        {
            throw failed("fcntl");
        }
    }

    /** The near end of a new pseudo-terminal; neither reading nor writing waits. */
    static int openTerminal() throws IOException
    {
        final int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0)
        {
            throw failed("posix_openpt");
        }
        if (0 != grantpt(fd) || 0 != unlockpt(fd))
        {
            final IOException failure = failed("grantpt");
            Libc.close(fd);
            throw failure;
        }
        return fd;
    }

    /** Path of the far end. */
    static String nameOf(final int fd) throws IOException
    {
        final Memory name = new Memory(NAME_LENGTH);
        if (0 != ptsname_r(fd, name, NAME_LENGTH))
        {
            throw failed("ptsname_r");
        }
        return name.getString(0, StandardCharsets.US_ASCII.name());
    }

    /** Sets the size of the screen; whoever runs in it gets SIGWINCH. */
    static void size(final int fd, final int rows, final int columns)
    {
        final Memory size = new Memory(4L * Short.BYTES);
        size.clear();
        size.setShort(0, (short)rows);
        size.setShort(Short.BYTES, (short)columns);
        ioctl(fd, TIOCSWINSZ, size);
    }

    /** What a shell would say of a status that waitpid gave. */
    static int exitCode(final int status)
    {
        final int signal = status & SIGNAL_MASK;
        return 0 == signal ? status >> 8 & 0xFF : 128 + signal;
    }

    private static IOException failed(final String call)
    {
        return new IOException(call + ": errno=" + Native.getLastError());
    }
}
