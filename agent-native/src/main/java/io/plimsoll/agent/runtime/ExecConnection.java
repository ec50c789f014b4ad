package io.plimsoll.agent.runtime;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A connection to a Docker Engine that has become the streams of a command, or the input of a container. Not through
 * docker-java, which cannot tell the engine that the input has ended: the command would wait for more for ever. One
 * thread reads, another writes, anyone may close.
 */
final class ExecConnection implements Closeable
{
    private static final String UNIX = "unix";
    private static final int HEAD_LENGTH_MAX = 16 * 1024;
    private static final int SWITCHING = 101;
    private static final int OK = 200;
    private static final int FRAME_HEADER_LENGTH = 8;
    private static final int LENGTH_AT = 4;
    private static final int STDERR = 2;
    private static final int BUFFER_LENGTH = 32 * 1024;

    private final SocketChannel channel;
    /** Null without TLS. */
    private final SSLSocket secured;
    private final boolean tty;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_LENGTH).limit(0);
    private boolean stderr;
    private int left;

    private ExecConnection(final SocketChannel channel, final SSLSocket secured, final boolean tty)
    {
        this.channel = channel;
        this.secured = secured;
        this.tty = tty;
    }

    /**
     * Connects; {@link #start} follows. Apart, so that it can be closed meanwhile.
     *
     * @param host of the engine.
     * @param tls  to be used over TCP; null: none.
     * @param tty  whether the command has a terminal.
     */
    static ExecConnection connect(final String host, final SSLContext tls, final boolean tty) throws IOException
    {
        final URI uri = URI.create(host);
        final boolean isUnix = UNIX.equals(uri.getScheme());
        final SocketChannel channel = isUnix ?
            SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try
        {
            channel.connect(isUnix ?
                UnixDomainSocketAddress.of(uri.getPath()) : new InetSocketAddress(uri.getHost(), uri.getPort()));
            return new ExecConnection(channel, isUnix || null == tls ? null : secure(channel, tls, uri), tty);
        }
        catch (final IOException | RuntimeException e)
        {
            channel.close();
            throw e instanceof IOException io ? io : new IOException("cannot reach " + host + ": " + e, e);
        }
    }

    private static SSLSocket secure(final SocketChannel channel, final SSLContext tls, final URI uri)
        throws IOException
    {
        final SSLSocket socket = (SSLSocket)tls.getSocketFactory().createSocket(
            channel.socket(), uri.getHost(), uri.getPort(), true);
        final SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** Starts the command; from here on the connection is its streams. */
    void start(final String exec) throws IOException
    {
        upgrade("/exec/" + exec + "/start", "{\"Detach\":false,\"Tty\":" + tty + "}");
    }

    /** From here on the connection is the standard input of a container. */
    void attachInput(final String container) throws IOException
    {
        // The engine has keys of its own to detach from a terminal, and keeps the first back. Nobody types these.
        upgrade("/containers/" + container + "/attach?stream=1&stdin=1&detachKeys=%FF,%FF,%FF,%FF,%FF,%FF,%FF,%FF", "");
    }

    /** From here on the connection is what a container writes. */
    void attachOutput(final String container) throws IOException
    {
        upgrade("/containers/" + container + "/attach?stream=1&stdout=1&stderr=1", "");
    }

    private void upgrade(final String path, final String body) throws IOException
    {
        write(ByteBuffer.wrap((
            "POST " + path + " HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n" +
            "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
            .getBytes(StandardCharsets.US_ASCII)));
        final String head = head();
        final String[] status = head.split(" ", 3);
        final int code = status.length < 2 ? 0 : Integer.parseInt(status[1]);
        if (SWITCHING != code && OK != code)
        {
            throw new IOException("the Docker Engine does not start it: " + rest());
        }
    }

    private String head() throws IOException
    {
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4)
        {
            if (!fill() || head.size() > HEAD_LENGTH_MAX)
            {
                throw new EOFException("the Docker Engine has closed the connection");
            }
            final byte next = in.get();
            head.write(next);
            matched = "\r\n\r\n".charAt(matched) == next ? matched + 1 : '\r' == next ? 1 : 0;
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    /** What the engine says of a refusal; it closes behind it, or says no more than it has sent. */
    private String rest()
    {
        final String text = StandardCharsets.UTF_8.decode(in.slice()).toString();
        final String key = "\"message\":\"";
        final int start = text.indexOf(key);
        final int end = text.lastIndexOf('"');
        return start < 0 || end <= start + key.length() ? text.strip() : text.substring(start + key.length(), end);
    }

    /**
     * Reads output.
     *
     * @param sink takes it; may wait.
     * @return false at the end.
     */
    boolean read(final Sink sink) throws IOException
    {
        if (!fill())
        {
            return false;
        }
        if (!tty && 0 == left)
        {
            final ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER_LENGTH);
            while (frame.hasRemaining())
            {
                if (!fill())
                {
                    throw new EOFException("the output breaks off");
                }
                frame.put(in.get());
            }
            stderr = STDERR == frame.get(0);
            left = frame.getInt(LENGTH_AT);
            if (left < 0)
            {
                throw new IOException("not a frame of output: length=" + left);
            }
            return true;
        }
        final byte[] content = new byte[tty ? in.remaining() : Math.min(left, in.remaining())];
        in.get(content);
        left -= tty ? 0 : content.length;
        sink.onOutput(stderr, content);
        return true;
    }

    private boolean fill() throws IOException
    {
        if (in.hasRemaining())
        {
            return true;
        }
        in.clear();
        final int length = null == secured ? channel.read(in) : readSecured();
        in.flip();
        return length > 0;
    }

    private int readSecured() throws IOException
    {
        final int length = secured.getInputStream().read(in.array());
        in.position(Math.max(0, length));
        return length;
    }

    void write(final ByteBuffer content) throws IOException
    {
        if (null != secured)
        {
            secured.getOutputStream().write(content.array(), content.position(), content.remaining());
            content.position(content.limit());
        }
        while (content.hasRemaining())
        {
            channel.write(content);
        }
    }

    /** There is no more input. */
    void endInput() throws IOException
    {
        if (null == secured)
        {
            channel.shutdownOutput();
        }
        else
        {
            secured.shutdownOutput();
        }
    }

    @Override
    public void close()
    {
        try
        {
            channel.close();
        }
        catch (final IOException e)
        {
            // What does not close cleanly is of no interest any more.
            left = 0;
        }
    }

    /** Takes output. */
    @FunctionalInterface
    interface Sink
    {
        void onOutput(boolean stderr, byte[] content);
    }
}
