package io.plimsoll.agent.runtime;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Output of a container as the engine frames it: stream (1 byte, 2 is stderr), 3 bytes of nothing, length (4 bytes),
 * and an entry. Read here because docker-java cuts entries in pieces as they come off the socket, and then nobody can
 * tell where one ends that has no line feed. That of a terminal has no frames, see {@link LogLines}. On a thread of
 * its own, which waits in a read.
 */
final class LogStream implements Closeable
{
    private static final int STDERR = 2;
    private static final int PADDING = 3;
    private static final int ENTRY_LENGTH_MAX = 16 * 1024 * 1024;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final long STACK_BYTES = 256 * 1024;

    private final DockerHttpClient http;
    private final String path;
    private final boolean tty;
    private final Engine.LogSink sink;
    private DockerHttpClient.Response response;
    private boolean closed;

    private LogStream(
        final DockerHttpClient http, final String path, final boolean tty, final Engine.LogSink sink)
    {
        this.tty = tty;
        this.http = http;
        this.path = path;
        this.sink = sink;
    }

    /** Begins to read. */
    static LogStream open(
        final DockerHttpClient http,
        final String container,
        final int sinceS,
        final boolean tty,
        final Engine.LogSink sink)
    {
        final LogStream stream = new LogStream(
            http,
            "/containers/" + container + "/logs?stdout=1&stderr=1&timestamps=1&follow=1&since=" + sinceS,
            tty,
            sink);
        final Thread thread = new Thread(null, stream::run, "plimsoll-docker-log", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return stream;
    }

    private void run()
    {
        Throwable failure = null;
        try (DockerHttpClient.Response opened = http.execute(DockerHttpClient.Request.builder()
            .method(DockerHttpClient.Request.Method.GET)
            .path(path)
            .build()))
        {
            synchronized (this)
            {
                response = opened;
                if (closed)
                {
                    throw new EOFException("closed");
                }
            }
            if (NOT_FOUND != opened.getStatusCode())
            {
                read(opened);
            }
        }
        catch (final IOException | RuntimeException e)
        {
            failure = e;
        }
        sink.onEnd(failure);
    }

    private void read(final DockerHttpClient.Response opened) throws IOException
    {
        if (OK != opened.getStatusCode())
        {
            throw new IOException("status " + opened.getStatusCode());
        }
        try (InputStream body = opened.getBody(); DataInputStream in = new DataInputStream(body))
        {
            if (tty)
            {
                new LogLines(sink).read(new BufferedInputStream(body));
                return;
            }
            for (int stream = in.read(); stream >= 0; stream = in.read())
            {
                in.skipNBytes(PADDING);
                final int length = in.readInt();
                if (length < 0 || length > ENTRY_LENGTH_MAX)
                {
                    throw new EOFException("not a frame: length=" + length);
                }
                final byte[] entry = new byte[length];
                in.readFully(entry);
                sink.onEntry(STDERR == stream, entry);
            }
        }
    }

    @Override
    public void close()
    {
        final DockerHttpClient.Response open;
        synchronized (this)
        {
            closed = true;
            open = response;
        }
        if (null != open)
        {
            open.close();
        }
    }
}
