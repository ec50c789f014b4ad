package io.plimsoll.transport.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * An answer that is read as it comes. Closing it ends the connection, from any thread: a reader that waits then gets
 * an {@link ApiProtocolException}.
 */
public final class ApiStream implements AutoCloseable
{
    private final HttpConnection connection;
    private final HttpConnection.Head head;
    private final InputStream body;

    ApiStream(final HttpConnection connection, final HttpConnection.Head head, final InputStream body)
    {
        this.connection = connection;
        this.head = head;
        this.body = body;
    }

    /** HTTP status. */
    public int status()
    {
        return head.status();
    }

    /** Names in lower case. */
    public Map<String, String> headers()
    {
        return head.headers();
    }

    /**
     * Reads what is there, waiting for at least one byte.
     *
     * @param buffer to fill.
     * @return bytes read, -1 at the end of the answer.
     * @throws ApiException if it breaks off before its end.
     */
    public int read(final byte[] buffer)
    {
        try
        {
            return body.read(buffer, 0, buffer.length);
        }
        catch (final IOException ex)
        {
            throw connection.broken(ex);
        }
    }

    /**
     * Reads the next line.
     *
     * @return the line without its end; null at the end of the answer.
     * @throws ApiException if it breaks off before its end, or a line is longer than one MiB.
     */
    public String readLine()
    {
        try
        {
            return HttpConnection.readLine(body, HttpConnection.LINE_LENGTH_MAX);
        }
        catch (final IOException ex)
        {
            throw connection.broken(ex);
        }
    }

    /** Reader of server-sent events on this answer. */
    public ServerSentEvents events()
    {
        return new ServerSentEvents(this);
    }

    @Override
    public void close()
    {
        connection.close();
    }
}
