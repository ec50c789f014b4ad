package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts processes as leaders of their own sessions, by {@code posix_spawn}: the child shares the memory of this
 * process until its exec, so the cost does not grow with the heap, and there is no helper process as
 * {@link ProcessBuilder} has. Descriptors beyond the standard ones are closed, signals are back to their defaults.
 * One thread.
 */
final class ProcessSpawner
{
    private static final int OPAQUE_LENGTH = 1024;
    private static final int FIRST_CLOSED_FD = 3;
    private static final String NULL_DEVICE = "/dev/null";

    private final Memory pid = new Memory(Integer.BYTES);
    private final Memory attributes = new Memory(OPAQUE_LENGTH);
    private final Memory actions = new Memory(OPAQUE_LENGTH);
    private final boolean closeFrom = hasCloseFrom();
    private Memory vectors = new Memory(16 * 1024);

    ProcessSpawner()
    {
        final Memory signals = new Memory(OPAQUE_LENGTH);
        check(Libc.posix_spawnattr_init(attributes));
        Libc.sigfillset(signals);
        check(Libc.posix_spawnattr_setsigdefault(attributes, signals));
        Libc.sigemptyset(signals);
        check(Libc.posix_spawnattr_setsigmask(attributes, signals));
        schedule(Scheduling.OTHER);
    }

    /** Puts the processes that are started from now on into a class; {@link Scheduling#OTHER}: that of this thread. */
    void schedule(final Scheduling scheduling)
    {
        int flags = Libc.POSIX_SPAWN_SETSID | Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK;
        if (!scheduling.equals(Scheduling.OTHER))
        {
            final Memory priority = new Memory(Integer.BYTES);
            priority.setInt(0, scheduling.priority());
            check(Libc.posix_spawnattr_setschedpolicy(attributes, scheduling.policy()));
            check(Libc.posix_spawnattr_setschedparam(attributes, priority));
            flags |= Libc.POSIX_SPAWN_SETSCHEDULER | Libc.POSIX_SPAWN_SETSCHEDPARAM;
        }
        check(Libc.posix_spawnattr_setflags(attributes, (short)flags));
    }

    /**
     * Starts a process.
     *
     * @param argv        path of the program, and its arguments from the zeroth on.
     * @param environment as {@code NAME=value}.
     * @return its id.
     * @throws AccessDeniedException if the host does not permit it.
     * @throws IOException           if it cannot be started.
     */
    int spawn(final List<String> argv, final List<String> environment) throws IOException
    {
        return spawn(argv, environment, null);
    }

    /**
     * The same with standard descriptors of its own.
     *
     * @param streams what its standard descriptors are; null: they are empty.
     */
    int spawn(final List<String> argv, final List<String> environment, final ChildStreams streams) throws IOException
    {
        final byte[][] strings = new byte[argv.size() + environment.size()][];
        int length = (strings.length + 2) * Native.POINTER_SIZE;
        for (int i = 0; i < strings.length; i++)
        {
            final String string = i < argv.size() ? argv.get(i) : environment.get(i - argv.size());
            strings[i] = string.getBytes(StandardCharsets.UTF_8);
            length += strings[i].length + 1;
        }
        if (vectors.size() < length)
        {
            vectors = new Memory(2L * length);
        }
        final long environmentOffset = write(strings, argv.size());

        check(Libc.posix_spawn_file_actions_init(actions));
        try
        {
            addStandard(streams);
            closeOthers();
            final int error = Libc.posix_spawn(
                pid, argv.get(0), actions, attributes, vectors, vectors.share(environmentOffset));
            if (Libc.EPERM == error)
            {
                throw new AccessDeniedException(argv.get(0));
            }
            if (0 != error)
            {
                throw new IOException("cannot start " + argv.get(0) + ": errno=" + error);
            }
            return pid.getInt(0);
        }
        finally
        {
            Libc.posix_spawn_file_actions_destroy(actions);
        }
    }

    /** Both vectors of pointers, each ended by a null, then the strings; gives the offset of the second. */
    private long write(final byte[][] strings, final int argvCount)
    {
        final long environmentOffset = (long)(argvCount + 1) * Native.POINTER_SIZE;
        long textOffset = (long)(strings.length + 2) * Native.POINTER_SIZE;
        for (int i = 0; i < strings.length; i++)
        {
            vectors.setPointer((long)(i < argvCount ? i : i + 1) * Native.POINTER_SIZE, vectors.share(textOffset));
            vectors.write(textOffset, strings[i], 0, strings[i].length);
            vectors.setByte(textOffset + strings[i].length, (byte)0);
            textOffset += strings[i].length + 1;
        }
        vectors.setPointer((long)argvCount * Native.POINTER_SIZE, Pointer.NULL);
        vectors.setPointer((long)(strings.length + 1) * Native.POINTER_SIZE, Pointer.NULL);
        return environmentOffset;
    }

    private void addStandard(final ChildStreams streams)
    {
        if (null != streams && null != streams.terminal())
        {
            // The leader of a session that opens a terminal has it as its own from then on.
            check(Libc.posix_spawn_file_actions_addopen(actions, 0, streams.terminal(), Libc.O_RDWR, 0));
            check(TerminalLibc.posix_spawn_file_actions_adddup2(actions, 0, 1));
            check(TerminalLibc.posix_spawn_file_actions_adddup2(actions, 0, 2));
            return;
        }
        for (int fd = 0; fd < FIRST_CLOSED_FD; fd++)
        {
            final int source = null == streams ? ChildStreams.NONE : streams.descriptor(fd);
            check(ChildStreams.NONE == source ?
                Libc.posix_spawn_file_actions_addopen(actions, fd, NULL_DEVICE, Libc.O_RDWR, 0) :
                TerminalLibc.posix_spawn_file_actions_adddup2(actions, source, fd));
        }
    }

    private void closeOthers() throws IOException
    {
        if (closeFrom)
        {
            check(LibcCloseFrom.posix_spawn_file_actions_addclosefrom_np(actions, FIRST_CLOSED_FD));
            return;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd")))
        {
            for (final Path descriptor : descriptors)
            {
                final int fd = Integer.parseInt(descriptor.getFileName().toString());
                if (fd >= FIRST_CLOSED_FD)
                {
                    check(Libc.posix_spawn_file_actions_addclose(actions, fd));
                }
            }
        }
    }

    private static boolean hasCloseFrom()
    {
        try
        {
            final Memory probe = new Memory(OPAQUE_LENGTH);
            check(Libc.posix_spawn_file_actions_init(probe));
            check(LibcCloseFrom.posix_spawn_file_actions_addclosefrom_np(probe, FIRST_CLOSED_FD));
            Libc.posix_spawn_file_actions_destroy(probe);
            return true;
        }
        catch (final UnsatisfiedLinkError e)
        {
            return false;
        }
    }

    /**
     * Standard descriptors of a child.
     *
     * @param terminal path of the terminal that all three are; null: they are descriptors.
     * @param input    of this process, NONE: empty.
     * @param output   of this process.
     * @param error    of this process.
     */
    record ChildStreams(String terminal, int input, int output, int error)
    {
        static final int NONE = -1;

        int descriptor(final int fd)
        {
            return 0 == fd ? input : 1 == fd ? output : error;
        }
    }

    private static void check(final int error)
    {
        if (0 != error)
        {
            throw new IllegalStateException("posix_spawn set-up: errno=" + error);
        }
    }
}
