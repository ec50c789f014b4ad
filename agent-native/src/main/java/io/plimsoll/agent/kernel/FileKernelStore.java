package io.plimsoll.agent.kernel;

import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One directory per attempt, see {@link KernelDirectory}. Nothing is forced to disk: the page cache outlives the
 * process, and with the machine the kernels go as well. An end is a line {@code KIND REASON CODE DETAIL}.
 */
public final class FileKernelStore implements KernelStore
{
    private static final Logger LOG = LoggerFactory.getLogger(FileKernelStore.class);
    private static final int END_FIELDS = 4;

    private final Path kernels;
    private final AssignmentCodec codec = new AssignmentCodec();

    /** Keeps them below that directory, which must exist. */
    public FileKernelStore(final Path kernels)
    {
        this.kernels = kernels;
    }

    @Override
    public String tryStore(final Assignment assignment)
    {
        final Path directory = KernelDirectory.of(kernels, assignment.key());
        try
        {
            createDirectory(directory);
            Files.write(directory.resolve(KernelDirectory.ASSIGNMENT), codec.toFile(assignment));
            return null;
        }
        catch (final IOException e)
        {
            deleteTree(directory);
            return "the agent cannot store the assignment: " + e;
        }
    }

    @Override
    public void limit(final Assignment assignment)
    {
        final Path directory = KernelDirectory.of(kernels, assignment.key());
        final long backstop = assignment.backstopSeconds();
        final Path written = directory.resolve(KernelDirectory.LIMIT + ".new");
        try
        {
            Files.writeString(written, (0 == backstop ? "-" : backstop) + " " + assignment.walltimeNs() + "\n");
            // Who looks at it meanwhile, which is a shell, sees the old one or the new one.
            Files.move(written, directory.resolve(KernelDirectory.LIMIT), StandardCopyOption.ATOMIC_MOVE);
        }
        catch (final IOException e)
        {
            LOG.warn("cannot keep the limit of {}: {}", assignment.key(), e.toString());
        }
    }

    @Override
    public boolean tryFence(final KernelKey key, final KernelEnd end)
    {
        final Path directory = KernelDirectory.of(kernels, key);
        try
        {
            createDirectory(directory);
            Files.writeString(
                directory.resolve(KernelDirectory.FENCE),
                Long.toHexString(key.clusterIdHi()) + ' ' + Long.toHexString(key.clusterIdLo()) + ' ' + line(end));
            return true;
        }
        catch (final IOException e)
        {
            LOG.warn("cannot keep the fence of {}: {}", key, e.toString());
            deleteTree(directory);
            return false;
        }
    }

    @Override
    public void verdict(final KernelKey key, final KernelEnd end)
    {
        try
        {
            final Path file = KernelDirectory.of(kernels, key).resolve(KernelDirectory.VERDICT);
            Files.writeString(file, line(end));
        }
        catch (final IOException e)
        {
            LOG.warn("cannot keep the end of {}: {}", key, e.toString());
        }
    }

    @Override
    public void acknowledged(final KernelKey key)
    {
        try
        {
            Files.createFile(KernelDirectory.of(kernels, key).resolve(KernelDirectory.ACKNOWLEDGED));
        }
        catch (final FileAlreadyExistsException e)
        {
            LOG.debug("acknowledged before: {}", key);
        }
        catch (final IOException e)
        {
            // It is reported once more after a restart, which the manager takes for the repetition that it is.
            LOG.warn("cannot keep the acknowledgement of {}: {}", key, e.toString());
        }
    }

    @Override
    public void remove(final KernelKey key)
    {
        deleteTree(KernelDirectory.of(kernels, key));
    }

    @Override
    public void load(final Loader loader)
    {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(kernels))
        {
            for (final Path directory : directories)
            {
                if (Files.isDirectory(directory))
                {
                    load(directory, loader);
                }
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("cannot read " + kernels, e);
        }
    }

    private void load(final Path directory, final Loader loader) throws IOException
    {
        final boolean acknowledged = Files.exists(directory.resolve(KernelDirectory.ACKNOWLEDGED));
        final byte[] bytes = read(directory.resolve(KernelDirectory.ASSIGNMENT));
        final Assignment assignment = null == bytes ? null : codec.fromFile(bytes);
        if (null != assignment)
        {
            final byte[] verdict = read(directory.resolve(KernelDirectory.VERDICT));
            final byte[] limit = read(directory.resolve(KernelDirectory.LIMIT));
            final Assignment limited = null == limit ? assignment : limited(assignment, text(limit));
            loader.onKernel(assignment.key(), limited, null == verdict ? null : end(text(verdict)), acknowledged);
            return;
        }
        final byte[] fence = read(directory.resolve(KernelDirectory.FENCE));
        if (null == fence || !loadFence(directory, text(fence), acknowledged, loader))
        {
            discard(directory);
        }
    }

    private static Assignment limited(final Assignment assignment, final String limit)
    {
        try
        {
            return assignment.withWalltimeNs(Long.parseLong(limit.substring(limit.indexOf(' ') + 1).trim()));
        }
        catch (final NumberFormatException e)
        {
            LOG.warn("no limit: {} of {}", limit.trim(), assignment.key());
            return assignment;
        }
    }

    private static void discard(final Path directory) throws IOException
    {
        final Path unreadable = directory.resolve(KernelDirectory.UNREADABLE);
        if (!Files.exists(directory.resolve(KernelDirectory.STARTED)))
        {
            // Cut off while it was being stored: never accepted, so the manager sends it again.
            deleteTree(directory);
        }
        else if (!Files.exists(unreadable))
        {
            Files.createFile(unreadable);
        }
    }

    private boolean loadFence(
        final Path directory, final String fence, final boolean acknowledged, final Loader loader)
    {
        final String[] fields = fence.split(" ", 3);
        final String[] name = directory.getFileName().toString().split("-");
        if (fields.length < 3 || name.length < END_FIELDS)
        {
            return false;
        }
        final KernelEnd end = end(fields[2]);
        if (null == end)
        {
            return false;
        }
        final KernelKey key = new KernelKey(
            Long.parseUnsignedLong(fields[0], 16), Long.parseUnsignedLong(fields[1], 16),
            Long.parseLong(name[1]), Long.parseLong(name[2]), Integer.parseInt(name[3]));
        loader.onKernel(key, null, end, acknowledged);
        return true;
    }

    private static void createDirectory(final Path directory) throws IOException
    {
        try
        {
            Files.createDirectory(directory);
        }
        catch (final FileAlreadyExistsException e)
        {
            LOG.debug("left over from an assignment that was not completed: {}", directory);
        }
    }

    private static byte[] read(final Path file) throws IOException
    {
        try
        {
            return Files.readAllBytes(file);
        }
        catch (final NoSuchFileException e)
        {
            return null;
        }
    }

    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String line(final KernelEnd end)
    {
        return end.kind() + " " + end.reason() + ' ' + end.exitCode() + ' ' + end.detail().replace('\n', ' ') + '\n';
    }

    private static KernelEnd end(final String line)
    {
        final String[] fields = line.split(" ", END_FIELDS);
        if (fields.length < END_FIELDS || !line.endsWith("\n"))
        {
            return null;
        }
        return new KernelEnd(
            ReportKind.valueOf(fields[0]), ReportReason.valueOf(fields[1]), Integer.parseInt(fields[2]),
            fields[3].stripTrailing());
    }

    private static void deleteTree(final Path directory)
    {
        try
        {
            Files.walkFileTree(directory, new Deleter());
        }
        catch (final NoSuchFileException e)
        {
            LOG.debug("gone already: {}", directory);
        }
        catch (final IOException e)
        {
            LOG.warn("cannot delete {}: {}", directory, e.toString());
        }
    }

    /** Deletes files before their directory; does not follow links, which kernels may have made. */
    private static final class Deleter extends SimpleFileVisitor<Path>
    {
        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException
        {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(final Path directory, final IOException failure) throws IOException
        {
            if (null != failure)
            {
                throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
