package io.plimsoll.journal.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Where the checkpoints of a journal are kept: one file each, named by its number and so in order. */
public final class CheckpointDirectory
{
    private static final String PREFIX = "checkpoint-";
    private static final String UNFINISHED_SUFFIX = ".new";

    private final Path directory;

    /** One that is there, or will be with the first checkpoint. */
    public CheckpointDirectory(final Path directory)
    {
        this.directory = directory;
    }

    /** The files, oldest checkpoint first. */
    public List<Path> files()
    {
        if (!Files.isDirectory(directory))
        {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory))
        {
            return files
                .filter(file -> isCheckpoint(file.getFileName().toString()))
                .sorted()
                .toList();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("cannot list " + directory, ex);
        }
    }

    private static boolean isCheckpoint(final String name)
    {
        return name.startsWith(PREFIX) && !name.endsWith(UNFINISHED_SUFFIX);
    }

    /** File of the newest checkpoint, null if there is none. */
    public Path newest()
    {
        final List<Path> files = files();
        return files.isEmpty() ? null : files.get(files.size() - 1);
    }

    /**
     * Reads a checkpoint from any file.
     *
     * @throws CheckpointException if it cannot be read, or is none.
     */
    public static SignedCheckpoint read(final Path file)
    {
        try
        {
            return SignedCheckpoint.parse(Files.readAllBytes(file), "checkpoint " + file);
        }
        catch (final IOException ex)
        {
            throw new CheckpointException("checkpoint " + file + " cannot be read", ex);
        }
    }

    /**
     * Keeps a checkpoint, durably.
     *
     * @param checkpoint newer than those that are there.
     * @param keptMax    the oldest beyond that number go.
     * @return its file.
     */
    public Path keep(final SignedCheckpoint checkpoint, final int keptMax)
    {
        final Path file = directory.resolve(
            String.format(Locale.ROOT, "%s%012d.txt", PREFIX, checkpoint.checkpoint().number()));
        final Path written = directory.resolve(file.getFileName() + UNFINISHED_SUFFIX);
        try
        {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))
            {
                final ByteBuffer bytes = ByteBuffer.wrap(checkpoint.text().getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining())
                {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
            {
                channel.force(true);
            }
            final List<Path> files = files();
            for (final Path old : files.subList(0, Math.max(0, files.size() - keptMax)))
            {
                Files.delete(old);
            }
            return file;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("cannot write " + file, ex);
        }
    }
}
