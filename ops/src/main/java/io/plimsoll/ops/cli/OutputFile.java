package io.plimsoll.ops.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that an option names, opened before the work begins, so that a wrong name is told at once. It is written
 * beside its place and takes it when it is whole: a failure leaves what was there before.
 */
final class OutputFile implements AutoCloseable
{
    private static final int BUFFER_LENGTH = 1 << 16;

    /** Files that are being written: none twice, as the one that is whole last would take the place of the other. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final String option;
    private final Path path;
    private final Path part;
    private final OutputStream stream;
    private boolean isKept;

    private OutputFile(final String option, final Path path) throws IOException
    {
        this.option = option;
        this.path = path;
        if (Files.isDirectory(path))
        {
            throw new FileSystemException(path.toString(), null, "it is a directory");
        }
        // Pipes and devices are written as they are.
        final boolean isFile = !Files.exists(path) || Files.isRegularFile(path);
        part = isFile ? path.resolveSibling(path.getFileName() + ".part") : path;
        stream = new BufferedOutputStream(Files.newOutputStream(part), BUFFER_LENGTH);
    }

    /**
     * Opens a file.
     *
     * @param option   that names it, for messages.
     * @param name     of the file; null: none was named.
     * @param terminal whose directory it is relative to.
     * @param inputs   that are read, so that none of them is written over; null: none.
     * @return null if none was named.
     */
    static OutputFile open(
        final String option, final String name, final Terminal terminal, final Collection<Path> inputs)
    {
        if (null == name)
        {
            return null;
        }
        final Path path = terminal.path(name);
        if (null != inputs)
        {
            spare(option, path, inputs);
        }
        final Path place = path.toAbsolutePath().normalize();
        if (!OPEN.add(place))
        {
            throw new CliException(
                ExitCode.USAGE, option + ": " + path + " is what another option writes; name a file for each");
        }
        try
        {
            return new OutputFile(option, path);
        }
        catch (final IOException ex)
        {
            OPEN.remove(place);
            throw notWritten(option, path, ex);
        }
    }

    /** The same where nothing is read. */
    static OutputFile open(final String option, final String name, final Terminal terminal)
    {
        return open(option, name, terminal, null);
    }

    /**
     * Refuses to write over what is read.
     *
     * @param option that names the file, for messages.
     * @param path   of the file.
     * @param inputs that are read: files, and directories of which every file may be.
     */
    static void spare(final String option, final Path path, final Collection<Path> inputs)
    {
        for (final Path input : inputs)
        {
            if (isSame(path, input))
            {
                throw new CliException(
                    ExitCode.USAGE, option + ": " + path + " is what is read, and would be lost; name another file");
            }
            if (isInside(path, input))
            {
                throw new CliException(ExitCode.USAGE,
                    option + ": " + path + " is in " + input + ", which is read; name a file that is elsewhere");
            }
        }
    }

    private static boolean isInside(final Path path, final Path directory)
    {
        try
        {
            return Files.isDirectory(directory) && Files.isRegularFile(path) &&
                path.toRealPath().startsWith(directory.toRealPath());
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    private static boolean isSame(final Path path, final Path input)
    {
        try
        {
            return Files.isRegularFile(path) && Files.exists(input) && Files.isSameFile(path, input);
        }
        catch (final IOException ex)
        {
            // Whoever reads it says what is wrong with it.
            return false;
        }
    }

    private static CliException notWritten(final String option, final Path path, final IOException cause)
    {
        final String why = cause instanceof NoSuchFileException ? "its folder does not exist" :
            cause instanceof AccessDeniedException ? "that is not allowed" :
            cause instanceof FileSystemException system && null != system.getReason() ? system.getReason() :
            cause.getMessage();
        return new CliException(ExitCode.USAGE, option + ": " + path + " cannot be written: " + why);
    }

    /** Writes to a stream. */
    interface Content
    {
        /** All of it. */
        void write(OutputStream stream) throws IOException;
    }

    void write(final Content content)
    {
        try
        {
            content.write(stream);
        }
        catch (final IOException ex)
        {
            throw notWritten(option, path, ex);
        }
        catch (final UncheckedIOException ex)
        {
            throw notWritten(option, path, ex.getCause());
        }
    }

    /** It is whole, and takes its place. */
    void keep()
    {
        try
        {
            stream.close();
            isKept = true;
            if (!part.equals(path))
            {
                Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        catch (final IOException ex)
        {
            throw notWritten(option, path, ex);
        }
    }

    @Override
    public void close()
    {
        OPEN.remove(path.toAbsolutePath().normalize());
        if (isKept)
        {
            return;
        }
        try
        {
            stream.close();
            if (!part.equals(path))
            {
                Files.deleteIfExists(part);
            }
        }
        catch (final IOException ex)
        {
            throw notWritten(option, path, ex);
        }
    }
}
