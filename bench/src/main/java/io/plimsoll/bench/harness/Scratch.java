package io.plimsoll.bench.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory that is gone when the measurement is over. */
public final class Scratch implements AutoCloseable
{
    /** Property that names the parent directory: the disk to measure. */
    public static final String DIRECTORY_PROPERTY = "plimsoll.bench.dir";

    private final Path directory;

    /** Makes one. */
    public Scratch()
    {
        try
        {
            directory = Files.createTempDirectory(parent(), "plimsoll-bench");
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Where scratch directories are made. */
    public static Path parent()
    {
        return Path.of(System.getProperty(DIRECTORY_PROPERTY, System.getProperty("java.io.tmpdir")));
    }

    public Path directory()
    {
        return directory;
    }

    /**
     * A path inside.
     *
     * @param name of it.
     * @return the path; nothing is made.
     */
    public Path resolve(final String name)
    {
        return directory.resolve(name);
    }

    @Override
    public void close()
    {
        try (Stream<Path> walk = Files.walk(directory))
        {
            final List<Path> paths = new ArrayList<>(walk.toList());
            paths.sort(Comparator.reverseOrder());
            for (final Path path : paths)
            {
                Files.deleteIfExists(path);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
