package io.plimsoll.manager.metrics;

import io.plimsoll.core.pipeline.PipelineCounter;
import io.plimsoll.core.pipeline.PipelineCounters;
import io.plimsoll.manager.Counters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How large the journal is, what room it has, and how far behind those are who follow it. Any thread. */
public final class JournalMeter
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JournalMeter.class);

    private final Path directory;
    private volatile long bytes;
    private volatile long freeBytes;

    private JournalMeter(final Path directory)
    {
        this.directory = directory;
    }

    /**
     * Has the figures of a journal shown.
     *
     * @param directory of the journal.
     * @param pipeline  that writes it.
     * @param counters  to show them in.
     */
    public static void register(final Path directory, final PipelineCounters pipeline, final Counters counters)
    {
        final JournalMeter meter = new JournalMeter(directory);
        counters.gauge("journal_bytes", "Bytes of the files of the journal, snapshots among them", meter::bytes);
        counters.gauge(
            "journal_free_bytes", "Bytes free on the file system of the journal", meter::freeBytes);
        counters.counter("journal_records_total", "Records that the core produced since the start", () ->
            pipeline.get(PipelineCounter.RECORDS));
        counters.counter("journal_batches_total", "Batches of records that were committed since the start", () ->
            pipeline.get(PipelineCounter.BATCHES));
        lag(counters, "egress", () -> Math.max(
            0, pipeline.get(PipelineCounter.RECORDS) - pipeline.get(PipelineCounter.RELEASED)));
    }

    /**
     * Has the lag of a follower shown.
     *
     * @param follower of the journal, a constant.
     * @param records  that it has yet to see.
     */
    public static void lag(final Counters counters, final String follower, final LongSupplier records)
    {
        counters.gauge(
            "journal_follower_lag_records{follower=\"" + follower + "\"}",
            "Records of the journal that a follower has yet to see", records);
    }

    private long bytes()
    {
        try
        {
            bytes = bytes(directory, 0);
        }
        catch (final IOException | UncheckedIOException ex)
        {
            // A segment that is pruned meanwhile: the next look sees the rest.
            LOGGER.debug("the journal's files change while they are counted", ex);
        }
        return bytes;
    }

    private static long bytes(final Path directory, final int depth) throws IOException
    {
        long sum = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory))
        {
            for (final Path entry : entries)
            {
                if (Files.isDirectory(entry))
                {
                    sum += depth < 3 ? bytes(entry, depth + 1) : 0;
                }
                else
                {
                    sum += Files.size(entry);
                }
            }
        }
        return sum;
    }

    private long freeBytes()
    {
        try
        {
            freeBytes = Files.getFileStore(directory).getUsableSpace();
        }
        catch (final IOException ex)
        {
            LOGGER.debug("nobody says how much is free", ex);
        }
        return freeBytes;
    }
}
