package io.plimsoll.ops.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

/**
 * Sessions in a file, one a line, in parts that fit one request. It is read as it is sent, so that it may be of any
 * length and come from a pipe. Where a part ends depends on the lines alone.
 */
final class NdjsonFile implements AutoCloseable
{
    /** Most lines of a part. */
    static final int LINES_MAX = 20_000;

    /** A part ends with the line that passes it. */
    private static final int BYTES_MAX = 16 << 20;

    private final String file;
    private final InputStream in;
    private int lines;
    private boolean ended;

    private NdjsonFile(final String file, final InputStream in)
    {
        this.file = file;
        this.in = in;
    }

    static NdjsonFile open(final Terminal terminal, final String file)
    {
        try
        {
            return new NdjsonFile(
                file,
                new BufferedInputStream("-".equals(file) ? System.in : Files.newInputStream(terminal.path(file))));
        }
        catch (final IOException ex)
        {
            throw unreadable(file);
        }
    }

    /** The next lines; null at the end. */
    byte[] next()
    {
        if (ended)
        {
            return null;
        }
        final ByteArrayOutputStream part = new ByteArrayOutputStream();
        lines = 0;
        try
        {
            int octet = in.read();
            while (octet >= 0)
            {
                part.write(octet);
                if ('\n' == octet)
                {
                    lines++;
                    if (LINES_MAX == lines || part.size() > BYTES_MAX)
                    {
                        return part.toByteArray();
                    }
                }
                octet = in.read();
            }
        }
        catch (final IOException ex)
        {
            throw unreadable(file);
        }
        ended = true;
        return 0 == part.size() ? null : part.toByteArray();
    }

    /** How many lines the last part had. */
    int lines()
    {
        return lines;
    }

    @Override
    public void close()
    {
        try
        {
            in.close();
        }
        catch (final IOException ex)
        {
            throw unreadable(file);
        }
    }

    private static CliException unreadable(final String file)
    {
        return new CliException(ExitCode.USAGE, file + ": cannot be read; is it there, and yours to read?");
    }
}
