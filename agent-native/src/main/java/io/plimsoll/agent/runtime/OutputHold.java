package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.usage.ControlGroups;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a container writes goes through pipes that its engine reads. An engine that is dead reads nothing, and pipes
 * that nobody has open any more are gone with what is in them: those of a container that ends before its engine is
 * back. So a process of the host, {@code hold.sh}, has them open besides, and what is still in them when the container
 * has ended and the engine has given all it has is moved from there to the files of the kernel. It sees to it as well
 * that {@link ProcessAccounts} are written. Takes root and an engine on this host whose containers have a shim of
 * containerd's; elsewhere nothing is held.
 */
final class OutputHold
{
    private static final Logger LOG = LoggerFactory.getLogger(OutputHold.class);
    private static final String HOLDER = "holder";
    private static final String SCRIPT = "hold.sh";
    private static final String SHIM = "containerd-shim";
    private static final String STDOUT_PIPE = "/init-stdout";
    private static final String STDERR_PIPE = "/init-stderr";
    private static final String NONE = "-";
    private static final int CHUNK = 64 * 1024;
    private static final int MODE = 0600;
    private static final int O_CREAT = 0x40;
    private static final int EINVAL = 22;

    private OutputHold()
    {
    }

    /**
     * Finds who has the pipes of some containers, as it is now.
     *
     * @param containers ids.
     * @return the process id of the shim of each that has one.
     */
    static Map<String, Long> shims(final Set<String> containers)
    {
        final Map<String, Long> shims = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*"))
        {
            for (final Path process : processes)
            {
                final String name = KernelFiles.text(process.resolve("comm"));
                final String command =
                    null != name && name.startsWith(SHIM) ? KernelFiles.text(process.resolve("cmdline")) : null;
                if (null != command)
                {
                    for (final String argument : command.split("\0"))
                    {
                        if (containers.contains(argument))
                        {
                            shims.put(argument, Long.parseLong(process.getFileName().toString()));
                        }
                    }
                }
            }
        }
        catch (final IOException e)
        {
            LOG.debug("cannot look at the processes", e);
        }
        return shims;
    }

    /**
     * Begins to hold the output of a container, unless somebody does.
     *
     * @param script    of the holder.
     * @param groups    of the host, in one of which its memory is counted.
     * @param kernel    whose container it is.
     * @param container id.
     * @param shim      process id.
     * @throws IOException if it cannot be held.
     */
    static void begin(
        final SupervisorScript script,
        final ControlGroups groups,
        final DockerKernel kernel,
        final String container,
        final long shim) throws IOException
    {
        if (holder(kernel.directory) > 0)
        {
            return;
        }
        final String stdout = pipe(shim, container + STDOUT_PIPE);
        if (NONE.equals(stdout))
        {
            throw new IOException("process " + shim + " has no pipe of container " + container);
        }
        final ProcessAccounts.First first = ProcessAccounts.first(shim);
        if (first.isKnown())
        {
            ContainerMemory.note(kernel.directory, groups.ofMemory(Integer.parseInt(first.pid()), container));
        }
        new ProcessBuilder(List.of(
            script.setsid(),
            script.shell(),
            script.path(),
            kernel.assignment.key().directoryName(),
            kernel.directory.toAbsolutePath().toString(),
            stdout,
            pipe(shim, container + STDERR_PIPE),
            first.pid(),
            first.namespace()))
            .directory(Path.of("/").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    }

    /** By the descriptor, and not by its name: what is opened so is never made anew. */
    private static String pipe(final long process, final String end) throws IOException
    {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + process + "/fd")))
        {
            for (final Path descriptor : descriptors)
            {
                // Of one that was removed it ends with a remark that it is.
                if (Files.readSymbolicLink(descriptor).toString().contains(end))
                {
                    return descriptor.toString();
                }
            }
        }
        return NONE;
    }

    /** Process id of the holder of a kernel; 0: there is none. */
    private static int holder(final Path directory)
    {
        final int pid = KernelFiles.number(directory, HOLDER);
        final String command = pid <= 0 ? null : KernelFiles.text(Path.of("/proc/" + pid + "/cmdline"));
        return null != command && command.contains('/' + SCRIPT + '\0') &&
            command.contains('\0' + directory.getFileName().toString() + '\0') ? pid : 0;
    }

    /** Whether anything may be held for a kernel. */
    static boolean isHeld(final Path directory)
    {
        return KernelFiles.exists(directory, HOLDER);
    }

    /**
     * Moves what is left in the pipes of a container that has ended to the files of its kernel. What is there once it
     * fails is moved by the next call.
     *
     * @param kernel    of that container; nobody else writes to its files any more.
     * @param container id.
     * @return how many bytes that were.
     * @throws IOException if a file cannot be written.
     */
    static long drain(final DockerKernel kernel, final String container) throws IOException
    {
        synchronized (kernel.log)
        {
            final int holder = holder(kernel.directory);
            if (0 == holder)
            {
                return 0;
            }
            return drain(holder, container + STDOUT_PIPE, kernel.directory.resolve(KernelDirectory.STDOUT)) +
                drain(holder, container + STDERR_PIPE, kernel.directory.resolve(KernelDirectory.STDERR));
        }
    }

    private static long drain(final long holder, final String end, final Path file) throws IOException
    {
        final String descriptor = pipe(holder, end);
        final int from = NONE.equals(descriptor) ? -1 :
            Libc.open(descriptor, Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (from < 0)
        {
            return 0;
        }
        final int to = Libc.open(file.toString(), Libc.O_WRONLY | O_CREAT | Libc.O_CLOEXEC, MODE);
        try
        {
            if (to < 0)
            {
                throw new IOException("cannot open " + file + ": errno=" + Native.getLastError());
            }
            return move(from, to, file);
        }
        finally
        {
            Libc.close(from);
            if (to >= 0)
            {
                Libc.close(to);
            }
        }
    }

    /** By the system, from pipe to file: who is killed meanwhile has not taken what is not written. */
    private static long move(final int from, final int to, final Path file) throws IOException
    {
        final Memory offset = new Memory(Long.BYTES);
        offset.setLong(0, Files.size(file));
        long moved = 0;
        while (true)
        {
            final long length = Libc.splice(from, Pointer.NULL, to, offset, CHUNK, Libc.SPLICE_F_NONBLOCK);
            if (length > 0)
            {
                moved += length;
            }
            else if (0 == length || Libc.EAGAIN == Native.getLastError())
            {
                return moved;
            }
            else if (EINVAL == Native.getLastError())
            {
                return moved + copy(from, file);
            }
            else
            {
                throw new IOException("cannot write to " + file + ": errno=" + Native.getLastError());
            }
        }
    }

    /** For file systems that cannot take it from the pipe. */
    private static long copy(final int from, final Path file) throws IOException
    {
        final Memory chunk = new Memory(CHUNK);
        long moved = 0;
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND))
        {
            for (long length = Libc.read(from, chunk, CHUNK); length > 0; length = Libc.read(from, chunk, CHUNK))
            {
                final ByteBuffer bytes = chunk.getByteBuffer(0, length);
                while (bytes.hasRemaining())
                {
                    moved += to.write(bytes);
                }
            }
        }
        return moved;
    }

    /** Nothing is held any more, of a kernel that has ended. */
    static void release(final Path directory)
    {
        final int holder = holder(directory);
        if (holder > 0)
        {
            // What it waits for as well.
            Libc.kill(-holder, Libc.SIGKILL);
        }
    }
}
