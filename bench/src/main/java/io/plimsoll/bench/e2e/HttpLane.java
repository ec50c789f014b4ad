package io.plimsoll.bench.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One keep-alive connection that sends prepared requests one at a time: as little client as possible, because it runs
 * on the cores of the server that it measures. One thread.
 */
final class HttpLane implements AutoCloseable
{
    private static final int TIMEOUT_MS = 60_000;
    private static final String LENGTH_FIELD = "content-length:";
    private static final String CHUNKED = "transfer-encoding: chunked";

    private final Socket socket = new Socket();
    private final OutputStream out;
    private final InputStream in;
    private final byte[] line = new byte[8_192];
    private int status;
    private byte[] body = new byte[0];

    HttpLane(final int port)
    {
        try
        {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            out = socket.getOutputStream();
            in = new BufferedInputStream(socket.getInputStream(), 16_384);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** A request as it goes over the wire. */
    static byte[] request(final String method, final String path, final String token, final String json)
    {
        return request(method, path, token, "application/json", json);
    }

    /** A request with a body of some type, null for none. */
    static byte[] request(
        final String method, final String path, final String token, final String type, final String json)
    {
        final StringBuilder text = new StringBuilder(256)
            .append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
        if (null != token)
        {
            text.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        if (null != json)
        {
            text.append("Content-Type: ").append(type).append("\r\nContent-Length: ")
                .append(json.getBytes(StandardCharsets.UTF_8).length)
                .append("\r\n\r\n")
                .append(json);
        }
        else
        {
            text.append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Sends one request and waits for the whole answer; returns the status. */
    int call(final byte[] request)
    {
        try
        {
            out.write(request);
            out.flush();
            return read();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** The same, and anything but success is an error. */
    void require(final byte[] request)
    {
        call(request);
        if (status / 100 != 2)
        {
            throw new IllegalStateException("status=" + status + " " + body());
        }
    }

    /** Body of the last answer. */
    String body()
    {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public void close()
    {
        try
        {
            socket.close();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private int read() throws IOException
    {
        final String first = readLine();
        status = Integer.parseInt(first.substring(9, 12));
        int length = 0;
        boolean chunked = false;
        String field = readLine();
        while (!field.isEmpty())
        {
            if (field.toLowerCase(Locale.ROOT).startsWith(LENGTH_FIELD))
            {
                length = Integer.parseInt(field.substring(LENGTH_FIELD.length()).trim());
            }
            chunked |= CHUNKED.equalsIgnoreCase(field);
            field = readLine();
        }
        body = chunked ? readChunks() : in.readNBytes(length);
        return status;
    }

    private byte[] readChunks() throws IOException
    {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = readChunk();
        while (chunk.length > 0)
        {
            all.writeBytes(chunk);
            chunk = readChunk();
        }
        return all.toByteArray();
    }

    private byte[] readChunk() throws IOException
    {
        final byte[] chunk = in.readNBytes(Integer.parseInt(readLine(), 16));
        readLine();
        return chunk;
    }

    private String readLine() throws IOException
    {
        int length = 0;
        int next = in.read();
        while ('\n' != next)
        {
            if (next < 0)
            {
                throw new IOException("the server closed the connection");
            }
            if ('\r' != next)
            {
                line[length++] = (byte)next;
            }
            next = in.read();
        }
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }
}
