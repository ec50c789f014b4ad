package io.plimsoll.transport.http;

import io.plimsoll.transport.auth.PinnedAuthority;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** One HTTP/1.1 connection: writes requests, reads heads, lines and bodies. One thread at a time; anyone may close. */
final class HttpConnection implements AutoCloseable
{
    static final int LINE_LENGTH_MAX = 1024 * 1024;
    private static final int HEAD_LINE_LENGTH_MAX = 16 * 1024;
    private static final int HEADERS_MAX = 200;
    private static final int CONTINUE_MAX = 10;
    private static final int OK = 200;

    private final ApiTarget target;
    private final Socket socket;
    private final InputStream in;

    private HttpConnection(final ApiTarget target, final Socket socket) throws IOException
    {
        this.target = target;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static HttpConnection open(final ApiTarget target)
    {
        final Socket socket = new Socket();
        try
        {
            socket.setTcpNoDelay(true);
            final InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
            if (address.isUnresolved())
            {
                throw new UnknownHostException(target.host());
            }
            socket.connect(address, target.connectTimeoutMs());
            return new HttpConnection(target, target.isTls() ? secure(target, socket) : socket);
        }
        catch (final IOException ex)
        {
            closeQuietly(socket);
            throw new CannotConnectException(
                "cannot reach a manager at " + target.url() + ": " + describe(target, ex), ex);
        }
    }

    void write(final byte[] request) throws IOException
    {
        socket.getOutputStream().write(request);
        socket.getOutputStream().flush();
    }

    void readTimeout(final int timeoutMs) throws IOException
    {
        socket.setSoTimeout(timeoutMs);
    }

    Head readHead() throws IOException
    {
        for (int i = 0; i < CONTINUE_MAX; i++)
        {
            final Head head = readOneHead();
            if (head.status() >= OK)
            {
                return head;
            }
        }
        throw new IOException("too many interim answers");
    }

    /** The body that follows a head; it ends where the body ends. */
    InputStream body(final String method, final Head head) throws IOException
    {
        if ("HEAD".equals(method) || 204 == head.status() || 304 == head.status())
        {
            return HttpBody.ofLength(in, 0);
        }
        final String encoding = head.headers().get("transfer-encoding");
        if (null != encoding)
        {
            if (!"chunked".equalsIgnoreCase(encoding))
            {
                throw new IOException("unknown transfer encoding " + encoding);
            }
            return HttpBody.chunked(in);
        }
        final String length = head.headers().get("content-length");
        return null == length ? HttpBody.untilClosed(in) : HttpBody.ofLength(in, parseLength(length, 10));
    }

    /** What a failure within an exchange means. */
    ApiException broken(final IOException ex)
    {
        close();
        return ex instanceof SocketTimeoutException ?
            new ApiTimeoutException("the manager at " + target.url() + " did not answer in time", ex) :
            new ApiProtocolException("the answer of " + target.url() + " is broken: " + describe(target, ex), ex);
    }

    @Override
    public void close()
    {
        closeQuietly(socket);
    }

    static long parseLength(final String text, final int radix) throws IOException
    {
        try
        {
            final long length = Long.parseLong(text.strip(), radix);
            if (length >= 0)
            {
                return length;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw new IOException("a length is not a number", ex);
        }
        throw new IOException("a length is negative");
    }

    /** Next line without its end (LF or CR LF); null at the end. */
    static String readLine(final InputStream in, final int lengthMax) throws IOException
    {
        final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int next = in.read();
        if (next < 0)
        {
            return null;
        }
        while (next >= 0 && '\n' != next)
        {
            if (line.size() >= lengthMax)
            {
                throw new IOException("a line is longer than " + lengthMax + " bytes");
            }
            line.write(next);
            next = in.read();
        }
        final String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Silence is bounded by the socket; a head that comes letter by letter is by the time since its first line. */
    private Head readOneHead() throws IOException
    {
        final String statusLine = readLine(in, HEAD_LINE_LENGTH_MAX);
        if (null == statusLine)
        {
            throw new NoAnswerException();
        }
        final InputStream hasty = new HastyStream(in, target.readTimeoutMs());
        final String[] parts = statusLine.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-5][0-9][0-9]"))
        {
            throw new IOException("it is not HTTP");
        }
        final Map<String, String> headers = new LinkedHashMap<>();
        int count = 0;
        String line = readLine(hasty, HEAD_LINE_LENGTH_MAX);
        while (null != line && !line.isEmpty())
        {
            final int colon = line.indexOf(':');
            if (colon <= 0 || ++count > HEADERS_MAX)
            {
                throw new IOException("it has bad headers");
            }
            final String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            final String value = line.substring(colon + 1).strip();
            final String earlier = headers.put(name, value);
            if (null != earlier && !earlier.equals(value) && isFraming(name))
            {
                throw new IOException("it says twice how long it is, and differently");
            }
            line = readLine(hasty, HEAD_LINE_LENGTH_MAX);
        }
        if (null == line)
        {
            throw new EOFException("it ends within its headers");
        }
        final boolean isKept = "HTTP/1.1".equals(parts[0]) &&
            !"close".equalsIgnoreCase(headers.getOrDefault("connection", ""));
        return new Head(Integer.parseInt(parts[1]), parts.length > 2 ? parts[2] : "", headers, isKept);
    }

    private static boolean isFraming(final String name)
    {
        return "content-length".equals(name) || "transfer-encoding".equals(name);
    }

    private static Socket secure(final ApiTarget target, final Socket plain) throws IOException
    {
        final SSLSocket socket = (SSLSocket)socketFactory(target).createSocket(
            plain, target.host(), target.port(), true);
        if (null == target.caSha256())
        {
            final SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.setSoTimeout(target.connectTimeoutMs());
        socket.startHandshake();
        return socket;
    }

    private static SSLSocketFactory socketFactory(final ApiTarget target) throws IOException
    {
        return context(target).getSocketFactory();
    }

    /** Whom a target's files and authority make one trust. */
    static SSLContext context(final ApiTarget target) throws IOException
    {
        try
        {
            final SSLContext context = SSLContext.getInstance("TLS");
            final ClientTls files = null == target.tls() ? new ClientTls(null, null, null) : target.tls();
            context.init(
                files.keyManagers(),
                null == target.caSha256() ?
                    files.trustManagers() : new TrustManager[]{new PinnedAuthority(target.caSha256())},
                null);
            return context;
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IOException("TLS cannot be set up", ex);
        }
    }

    private static String describe(final ApiTarget target, final IOException ex)
    {
        if (ex instanceof UnknownHostException)
        {
            return "the host " + target.host() + " is not known";
        }
        if (ex instanceof SocketTimeoutException)
        {
            return "no answer";
        }
        final boolean hasCertificate = null != target.tls() && null != target.tls().certificate();
        final String certificates = TlsFailures.explained(ex, hasCertificate);
        if (null != certificates)
        {
            return certificates;
        }
        final String message = null == ex.getMessage() ? "" : TlsFailures.withoutAlert(ex.getMessage());
        final String said = message.isEmpty() ?
            ex.getClass().getSimpleName() : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
        // Whose certificate is refused may find the connection closed before it can read why.
        return target.isTls() && ex instanceof SocketException && !(ex instanceof ConnectException) ?
            said + TlsFailures.guess(hasCertificate) : said;
    }

    private static void closeQuietly(final Socket socket)
    {
        try
        {
            socket.close();
        }
        catch (final IOException ex)
        {
            // A socket that does not even close cleanly is of no interest any more.
            assert null != ex;
        }
    }

    /** Status line and headers. */
    record Head(int status, String reasonPhrase, Map<String, String> headers, boolean isKept)
    {
    }

    /** The other side closed instead of answering: a kept connection had timed out there. */
    static final class NoAnswerException extends EOFException
    {
        private static final long serialVersionUID = 1L;

        NoAnswerException()
        {
            super("the connection was closed without an answer");
        }
    }
}
