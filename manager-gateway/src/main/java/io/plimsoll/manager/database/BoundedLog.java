package io.plimsoll.manager.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a process says to a file, and begins a new one, keeping the one before, when it is long. */
final class BoundedLog
{
    private static final Logger LOG = LoggerFactory.getLogger(BoundedLog.class);
    private static final long LENGTH_MAX = 1 << 20;
    private static final int CHUNK_LENGTH = 8 << 10;
    private static final long LAST_WORD_MS = 1_000;

    private BoundedLog()
    {
    }

    /** On a thread of its own, until the process has closed its output. */
    static Thread follow(final InputStream output, final Path file)
    {
        final Thread thread = new Thread(() -> copy(output, file), "plimsoll-database-log");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits a moment for what a process said last. */
    static void await(final Thread thread)
    {
        try
        {
            thread.join(LAST_WORD_MS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(final InputStream output, final Path file)
    {
        final byte[] chunk = new byte[CHUNK_LENGTH];
        try (InputStream in = output)
        {
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk))
            {
                append(file, chunk, length);
            }
        }
        catch (final IOException ex)
        {
            LOG.debug("the output of PostgreSQL ended", ex);
        }
    }

    /** A full disk must not stop the reading, or the server would wait for us for ever. */
    private static void append(final Path file, final byte[] chunk, final int length)
    {
        try
        {
            if (Files.exists(file) && Files.size(file) > LENGTH_MAX)
            {
                Files.move(
                    file, file.resolveSibling(file.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
            }
            try (OutputStream out = Files.newOutputStream(
                file, StandardOpenOption.CREATE, StandardOpenOption.APPEND))
            {
                out.write(chunk, 0, length);
            }
        }
        catch (final IOException ex)
        {
            LOG.debug("cannot write {}", file, ex);
        }
    }
}
