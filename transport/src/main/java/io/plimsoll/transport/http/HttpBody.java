package io.plimsoll.transport.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body within a connection's stream. Closing it does not close the connection. */
final class HttpBody extends InputStream
{
    private static final int CHUNK_LINE_LENGTH_MAX = 1024;
    private static final int RADIX = 16;
    private static final int TRAILERS_MAX = 200;

    private enum Kind
    {
        LENGTH, CHUNKED, UNTIL_CLOSED
    }

    private final InputStream in;
    private final Kind kind;
    private long remaining;
    private boolean isFirstChunk = true;
    private boolean isAtEnd;

    private HttpBody(final InputStream in, final Kind kind, final long remaining)
    {
        this.in = in;
        this.kind = kind;
        this.remaining = remaining;
    }

    static HttpBody ofLength(final InputStream in, final long length)
    {
        return new HttpBody(in, Kind.LENGTH, length);
    }

    static HttpBody chunked(final InputStream in)
    {
        return new HttpBody(in, Kind.CHUNKED, 0);
    }

    static HttpBody untilClosed(final InputStream in)
    {
        return new HttpBody(in, Kind.UNTIL_CLOSED, Long.MAX_VALUE);
    }

    /** Whether it was read to its end, so that the connection can serve another request. */
    boolean isReusable()
    {
        return isAtEnd && Kind.UNTIL_CLOSED != kind;
    }

    @Override
    public int read() throws IOException
    {
        final byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(final byte[] buffer, final int offset, final int length) throws IOException
    {
        if (0 == length)
        {
            return 0;
        }
        if (!isAtEnd && 0 == remaining)
        {
            nextPart();
        }
        if (isAtEnd)
        {
            return -1;
        }
        final int count = in.read(buffer, offset, (int)Math.min(length, remaining));
        if (count < 0)
        {
            if (Kind.UNTIL_CLOSED == kind)
            {
                isAtEnd = true;
                return -1;
            }
            throw new EOFException("it ends within its body");
        }
        if (Kind.UNTIL_CLOSED != kind)
        {
            remaining -= count;
            if (0 == remaining && Kind.LENGTH == kind)
            {
                isAtEnd = true;
            }
        }
        return count;
    }

    private void nextPart() throws IOException
    {
        if (Kind.CHUNKED != kind)
        {
            isAtEnd = true;
            return;
        }
        if (!isFirstChunk && !line().isEmpty())
        {
            throw new IOException("a chunk does not end where it should");
        }
        isFirstChunk = false;
        final String size = line();
        final int extension = size.indexOf(';');
        remaining = HttpConnection.parseLength(extension < 0 ? size : size.substring(0, extension), RADIX);
        if (0 == remaining)
        {
            int trailers = 0;
            while (!line().isEmpty())
            {
                if (++trailers > TRAILERS_MAX)
                {
                    throw new IOException("it does not end after its body");
                }
            }
            isAtEnd = true;
        }
    }

    private String line() throws IOException
    {
        final String line = HttpConnection.readLine(in, CHUNK_LINE_LENGTH_MAX);
        if (null == line)
        {
            throw new EOFException("it ends between chunks");
        }
        return line;
    }
}
