package io.plimsoll.loadtest.csv;

import io.plimsoll.loadtest.simulate.ScenarioException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Files, compressed or not: their first bytes say which, not their names. */
public final class TextSource
{
    private static final int BUFFER_LENGTH = 1 << 16;
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextSource()
    {
    }

    /** The bytes of a file. */
    public static InputStream bytes(final Path file) throws IOException
    {
        final InputStream in = new BufferedInputStream(ReadProgress.open(file), BUFFER_LENGTH);
        try
        {
            in.mark(2);
            final boolean compressed = GZIP_FIRST == in.read() && GZIP_SECOND == in.read();
            in.reset();
            return compressed ? new GZIPInputStream(in, BUFFER_LENGTH) : in;
        }
        catch (final IOException ex)
        {
            in.close();
            throw ex;
        }
    }

    /** The text of a file, in UTF-8. */
    public static BufferedReader text(final Path file) throws IOException
    {
        return new BufferedReader(new InputStreamReader(bytes(file), StandardCharsets.UTF_8));
    }

    /** The first lines of a file, without those that are blank. */
    public static List<String> firstLines(final Path file, final int most)
    {
        final List<String> lines = new ArrayList<>();
        try (BufferedReader reader = text(file))
        {
            for (String line = reader.readLine(); null != line && lines.size() < most; line = reader.readLine())
            {
                if (!line.isBlank())
                {
                    lines.add(lines.isEmpty() ? withoutMark(line) : line);
                }
            }
            return lines;
        }
        catch (final IOException ex)
        {
            throw problem(file, ex);
        }
    }

    /** All of a file. */
    public static String all(final Path file)
    {
        final StringWriter text = new StringWriter();
        try (BufferedReader reader = text(file))
        {
            reader.transferTo(text);
        }
        catch (final IOException ex)
        {
            throw problem(file, ex);
        }
        return text.toString();
    }

    /**
     * A name for what a file holds.
     *
     * @param endings of files that are no part of it, as a regular expression.
     */
    public static String name(final Path file, final String endings)
    {
        final Path last = file.getFileName();
        return null == last ? file.toString() : last.toString().replaceFirst(endings, "");
    }

    static String withoutMark(final String text)
    {
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** What is wrong with a file that cannot be read, in one sentence. */
    public static ScenarioException problem(final Path file, final IOException ex)
    {
        if (ex instanceof EOFException || ex instanceof ZipException)
        {
            return new ScenarioException(file + ": is compressed, but broken off or damaged");
        }
        return new ScenarioException(file + ": cannot be read; is it there, and yours to read?");
    }
}
