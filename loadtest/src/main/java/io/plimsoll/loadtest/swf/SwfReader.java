package io.plimsoll.loadtest.swf;

import io.plimsoll.loadtest.csv.ReadProgress;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * Reads a log line by line, compressed or not, so that one of any length can be read in constant memory: a line is 18
 * whole numbers, -1 for unknown; what follows the 18th is an extension of some archives and is left alone, as are the
 * fields that no scheduler asks for (average processor time is a fraction in some logs). Comments begin with ';', and
 * those of the form {@code ; Name: value} are the header.
 * <p>
 * {@link #jobs} is what most callers want. Used by one thread.
 */
public final class SwfReader implements AutoCloseable
{
    private static final int FIELDS = 18;
    private static final int GZIP_MAGIC_FIRST = 0x1f;
    private static final int GZIP_MAGIC_SECOND = 0x8b;
    /** As UTF-8 writes it, read as Latin-1. */
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";
    private static final int[] WANTED = {1, 2, 4, 5, 8, 9, 12};
    private static final String[] WANTED_NAMES =
    {
        "job number", "submit time", "run time", "allocated processors", "requested processors", "requested time",
        "user"
    };

    private final TreeMap<String, String> header = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final long[] values = new long[WANTED.length];
    private final String source;
    private final BufferedReader lines;
    private long lineNumber;
    private String lineText = "";

    private SwfReader(final String source, final InputStream input)
    {
        this.source = source;
        // Latin-1 never fails, and names of people in the comments of old logs are in whatever their machine spoke.
        lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.ISO_8859_1));
    }

    /**
     * Open a log.
     *
     * @param path of it; whether it is compressed is seen from its first bytes, not from its name.
     * @return the reader, to be closed.
     * @throws UncheckedIOException if it cannot be read.
     */
    public static SwfReader open(final Path path)
    {
        InputStream file = null;
        try
        {
            file = new BufferedInputStream(ReadProgress.open(path), 1 << 16);
            return new SwfReader(path.toString(), isCompressed(file) ? new GZIPInputStream(file, 1 << 16) : file);
        }
        catch (final IOException ex)
        {
            closeAfter(ex, file);
            throw new UncheckedIOException(path + " cannot be read: " + ex.getMessage(), ex);
        }
    }

    /**
     * All jobs of a log.
     *
     * @param path          of it.
     * @param dialect       which lines become jobs, and how.
     * @param processorsMax of the machine that shall run them.
     * @param order         of the jobs.
     * @return the jobs.
     * @throws SwfFormatException   if a line is wrong.
     * @throws UncheckedIOException if the log cannot be read.
     */
    public static List<SwfJob> jobs(
        final Path path, final SwfDialect dialect, final int processorsMax, final Comparator<SwfJob> order)
    {
        final List<SwfJob> jobs = new ArrayList<>();
        try (SwfReader reader = open(path))
        {
            for (SwfRecord line = reader.next(); null != line; line = reader.next())
            {
                final SwfJob job = dialect.job(line, processorsMax);
                if (null != job)
                {
                    jobs.add(job);
                }
            }
        }
        jobs.sort(order);
        return jobs;
    }

    /**
     * The next line that is not a comment.
     *
     * @return its fields, or null at the end of the log.
     * @throws SwfFormatException   if the line is wrong.
     * @throws UncheckedIOException if the log cannot be read.
     */
    public SwfRecord next()
    {
        for (String line = readLine(); null != line; line = readLine())
        {
            final String text = line.strip();
            if (text.startsWith(";"))
            {
                onComment(text);
            }
            else if (!text.isEmpty())
            {
                lineText = text;
                return parse(text);
            }
        }
        return null;
    }

    /**
     * A value of the header.
     *
     * @param name of it, as in {@code MaxProcs}; case does not matter.
     * @return the value, or null if no comment read so far has it.
     */
    public String header(final String name)
    {
        return header.get(name);
    }

    /**
     * Where the reader is.
     *
     * @return number of the last line read, from 1.
     */
    public long line()
    {
        return lineNumber;
    }

    /**
     * What the last record was made of, for those who want further fields or the extensions of an archive.
     *
     * @return the line, without blanks around it.
     */
    public String text()
    {
        return lineText;
    }

    @Override
    public void close()
    {
        try
        {
            lines.close();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private String readLine()
    {
        try
        {
            final String line = lines.readLine();
            lineNumber += null == line ? 0 : 1;
            return 1 == lineNumber && null != line && line.startsWith(BYTE_ORDER_MARK) ?
                line.substring(BYTE_ORDER_MARK.length()) : line;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(
                source + ", line " + (lineNumber + 1) + ": cannot be read: " + ex.getMessage(), ex);
        }
    }

    private void onComment(final String text)
    {
        final int colon = text.indexOf(':');
        if (colon > 0)
        {
            header.putIfAbsent(text.substring(1, colon).strip(), text.substring(colon + 1).strip());
        }
    }

    private SwfRecord parse(final String text)
    {
        int fields = 0;
        int wanted = 0;
        int position = 0;
        while (position < text.length() && fields < FIELDS)
        {
            final int end = endOfField(text, position);
            fields++;
            if (wanted < WANTED.length && WANTED[wanted] == fields)
            {
                values[wanted] = number(text, position, end, wanted);
                wanted++;
            }
            position = startOfField(text, end);
        }
        if (fields < FIELDS)
        {
            throw new SwfFormatException(source, lineNumber, 0, "has " + fields + " fields, not " + FIELDS);
        }
        return new SwfRecord(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
    }

    private long number(final String text, final int start, final int end, final int wanted)
    {
        try
        {
            return Long.parseLong(text, start, end, 10);
        }
        catch (final NumberFormatException ex)
        {
            throw new SwfFormatException(
                source, lineNumber, WANTED[wanted],
                WANTED_NAMES[wanted] + " '" + text.substring(start, end) + "' is not a whole number");
        }
    }

    private static int endOfField(final String text, final int start)
    {
        int end = start;
        while (end < text.length() && text.charAt(end) > ' ')
        {
            end++;
        }
        return end;
    }

    private static int startOfField(final String text, final int end)
    {
        int start = end;
        while (start < text.length() && text.charAt(start) <= ' ')
        {
            start++;
        }
        return start;
    }

    private static boolean isCompressed(final InputStream file) throws IOException
    {
        file.mark(2);
        final boolean compressed = GZIP_MAGIC_FIRST == file.read() && GZIP_MAGIC_SECOND == file.read();
        file.reset();
        return compressed;
    }

    private static void closeAfter(final IOException failure, final InputStream file)
    {
        if (null != file)
        {
            try
            {
                file.close();
            }
            catch (final IOException ex)
            {
                failure.addSuppressed(ex);
            }
        }
    }
}
