package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of kernels' directories, mostly such as supervisors write. Each is written by one write and counts only when
 * whole.
 */
final class KernelFiles
{
    private static final Logger LOG = LoggerFactory.getLogger(KernelFiles.class);

    static final int ABSENT = -1;
    /** In {@code started}: the agent made it, so that nobody starts the kernel. */
    static final int FORESTALLED = 0;

    private KernelFiles()
    {
    }

    /** First number in a file; ABSENT if there is none, or it is not whole yet. */
    static int number(final Path directory, final String name)
    {
        return (int)number(directory, name, 0);
    }

    /** The same for another of its numbers. */
    static long number(final Path directory, final String name, final int index)
    {
        final String text = text(directory.resolve(name));
        if (null == text || !text.endsWith("\n"))
        {
            return ABSENT;
        }
        final String[] numbers = text.strip().split(" ");
        return index < numbers.length ? Long.parseLong(numbers[index]) : ABSENT;
    }

    static boolean exists(final Path directory, final String name)
    {
        return Files.exists(directory.resolve(name));
    }

    /** Fields of the exit file; null: not whole. */
    static String[] exit(final Path directory)
    {
        final String text = text(directory.resolve(KernelDirectory.EXIT));
        return null == text || !text.endsWith(" .\n") ? null : text.split(" ");
    }

    /** First line of a file; null: none. */
    static String line(final Path directory, final String name)
    {
        final String text = text(directory.resolve(name));
        return null == text ? null : text.strip();
    }

    /** Makes the marker that keeps supervisors from starting. Gives whether it was this call that made it. */
    static boolean forestall(final Path directory)
    {
        final Path marker = directory.resolve(KernelDirectory.STARTED);
        try
        {
            Files.createFile(marker);
        }
        catch (final IOException e)
        {
            return false;
        }
        try
        {
            Files.write(marker, (FORESTALLED + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        catch (final IOException e)
        {
            // On a full disk it stays empty, which keeps supervisors off as well.
            return true;
        }
        return true;
    }

    /** Writes a file that counts only when whole. */
    static void write(final Path directory, final String name, final String text)
    {
        try
        {
            Files.writeString(directory.resolve(name), text);
        }
        catch (final IOException e)
        {
            LOG.warn("cannot write to {}: {}", directory, e.toString());
        }
    }

    /** Tells whoever reads the output of a kernel that was not started why that is. */
    static void tellWhy(final Path directory, final String why)
    {
        try
        {
            Files.write(
                directory.resolve(KernelDirectory.STDERR),
                ("plimsoll: " + why + '\n').getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        catch (final IOException e)
        {
            LOG.warn("cannot write to {}: {}", directory, e.toString());
        }
    }

    /** Whether somebody has written what only the kernel writes: output, or anything in its own directory. */
    static boolean hasTraces(final Path directory)
    {
        try (DirectoryStream<Path> work = Files.newDirectoryStream(directory.resolve(KernelDirectory.WORK)))
        {
            return work.iterator().hasNext() ||
                length(directory.resolve(KernelDirectory.STDOUT)) > 0 ||
                length(directory.resolve(KernelDirectory.STDERR)) > 0;
        }
        catch (final IOException e)
        {
            return false;
        }
    }

    private static long length(final Path file) throws IOException
    {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** All of a file; null: none. */
    static String text(final Path file)
    {
        try
        {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        }
        catch (final IOException e)
        {
            return null;
        }
    }
}
