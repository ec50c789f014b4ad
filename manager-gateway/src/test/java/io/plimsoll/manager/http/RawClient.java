package io.plimsoll.manager.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection that sends exactly the bytes it is given and reads answers strictly. */
final class RawClient implements AutoCloseable
{
    private static final int TIMEOUT_MS = 120_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    RawClient(final int port) throws IOException
    {
        this(port, 0);
    }

    RawClient(final int port, final int receiveBufferBytes) throws IOException
    {
        if (receiveBufferBytes > 0)
        {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    /** An authenticated request with an optional JSON body. */
    Response call(final String method, final String target, final String body) throws IOException
    {
        send(request(method, target, body, ""));
        return read("HEAD".equals(method));
    }

    static String request(final String method, final String target, final String body, final String headers)
    {
        final String content = null == body ?
            "" :
            "Content-Type: application/json\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length +
                "\r\n";
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + FakeManager.TOKEN +
            "\r\n" + headers + content + "\r\n" + (null == body ? "" : body);
    }

    void send(final String text) throws IOException
    {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(final byte[] bytes) throws IOException
    {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    void shutdownOutput() throws IOException
    {
        socket.shutdownOutput();
    }

    Response read() throws IOException
    {
        return read(false);
    }

    /** A whole answer; null at the end of the connection. */
    private Response read(final boolean head) throws IOException
    {
        final Response response = readHead();
        if (null == response || head || 204 == response.status() || 304 == response.status())
        {
            return response;
        }
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        if ("chunked".equals(response.header("transfer-encoding")))
        {
            byte[] chunk = readChunk();
            while (null != chunk)
            {
                body.write(chunk);
                chunk = readChunk();
            }
        }
        else
        {
            body.write(readBytes(Integer.parseInt(response.header("content-length"))));
        }
        return new Response(response.status(), response.headers(), body.toByteArray());
    }

    /** Status line and headers; null at the end of the connection. */
    Response readHead() throws IOException
    {
        final String statusLine = readLine();
        if (null == statusLine)
        {
            return null;
        }
        if (!statusLine.startsWith("HTTP/1."))
        {
            throw new IOException("not HTTP: " + statusLine);
        }
        final Map<String, String> headers = new TreeMap<>();
        String line = readLine();
        while (null != line && !line.isEmpty())
        {
            final int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
            line = readLine();
        }
        return new Response(Integer.parseInt(statusLine.substring(9, 12)), headers, new byte[0]);
    }

    /** Null for the last one. */
    byte[] readChunk() throws IOException
    {
        final String size = readLine();
        if (null == size)
        {
            throw new EOFException("cut off");
        }
        final byte[] chunk = readBytes(Integer.parseInt(size, 16));
        readLine();
        return 0 == chunk.length ? null : chunk;
    }

    private byte[] readBytes(final int length) throws IOException
    {
        final byte[] bytes = in.readNBytes(length);
        if (bytes.length < length)
        {
            throw new EOFException("cut off");
        }
        return bytes;
    }

    private String readLine() throws IOException
    {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = in.read();
        if (octet < 0)
        {
            return null;
        }
        while (octet >= 0 && '\n' != octet)
        {
            line.write(octet);
            octet = in.read();
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Override
    public void close() throws IOException
    {
        socket.close();
    }

    /** An answer. */
    record Response(int status, Map<String, String> headers, byte[] body)
    {
        String header(final String name)
        {
            return headers.get(name);
        }

        String text()
        {
            return new String(body, StandardCharsets.UTF_8);
        }
    }
}
