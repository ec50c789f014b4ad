package io.plimsoll.loadtest.swf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A log as an experiment sees it.
 *
 * @param jobs       of it, in the order asked for.
 * @param processors of the machine: what the caller said, or else the header of the log.
 * @param skipped    lines that are no job for the experiment, or none that the machine could hold.
 */
public record SwfLog(List<SwfJob> jobs, int processors, int skipped)
{
    /** The machine is the one that the header of the log tells of. */
    public static final int OF_THE_LOG = 0;
    /** A hundred years and more: logs may count from 1970. */
    private static final long SECONDS_MAX = 4_000_000_000L;
    private static final String[] HEADERS = {"MaxProcs", "MaxNodes"};

    /**
     * Reads a log.
     *
     * @param path       of it.
     * @param dialect    which lines become jobs, and how.
     * @param processors of the machine, or {@link #OF_THE_LOG}.
     * @param order      of the jobs.
     * @return it; its processors are 0 if neither the caller nor the log says how many there are.
     */
    public static SwfLog read(
        final Path path, final SwfDialect dialect, final int processors, final Comparator<SwfJob> order)
    {
        final List<SwfJob> jobs = new ArrayList<>();
        int known = processors;
        int lines = 0;
        try (SwfReader reader = SwfReader.open(path))
        {
            for (SwfRecord line = reader.next(); null != line; line = reader.next())
            {
                known = OF_THE_LOG == known ? ofHeader(reader) : known;
                final SwfJob job = dialect.job(line, known);
                lines++;
                if (null != job)
                {
                    check(path, reader.line(), 2, job.submitSeconds());
                    check(path, reader.line(), 4, job.runSeconds());
                    check(path, reader.line(), 9, job.requestedSeconds());
                    jobs.add(job);
                }
            }
            known = OF_THE_LOG == known ? ofHeader(reader) : known;
        }
        jobs.sort(order);
        return new SwfLog(jobs, known, lines - jobs.size());
    }

    private static void check(final Path path, final long line, final int field, final long seconds)
    {
        if (seconds > SECONDS_MAX)
        {
            throw new SwfFormatException(path.toString(), line, field, seconds + " seconds are beyond all clocks");
        }
    }

    private static int ofHeader(final SwfReader reader)
    {
        for (final String name : HEADERS)
        {
            final String text = reader.header(name);
            if (null != text && text.matches("[1-9][0-9]{0,8}"))
            {
                return Integer.parseInt(text);
            }
        }
        return OF_THE_LOG;
    }
}
