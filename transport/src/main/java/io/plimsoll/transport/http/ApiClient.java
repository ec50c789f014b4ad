package io.plimsoll.transport.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Talks to the manager's HTTP API. Blocking and for one thread; it keeps one connection for requests that may be
 * repeated safely. Every failure is an {@link ApiException}: {@link CannotConnectException} if nobody listens,
 * {@link ApiProblemException} if the manager refuses, {@link ApiTimeoutException} if it does not answer, and
 * {@link ApiProtocolException} if the answer breaks off or makes no sense.
 */
public final class ApiClient implements AutoCloseable
{
    /** Longest answer that {@link #send} gathers, in bytes; longer ones are for {@link #open}. */
    public static final int BODY_LENGTH_MAX = 256 * 1024 * 1024;
    private static final int PROBLEM_STATUS_MIN = 400;
    private static final int BUFFER_LENGTH = 16 * 1024;
    private static final byte[] NOTHING = {};

    private final ApiTarget target;
    private HttpConnection kept;

    /**
     * Makes a client; connects with the first request.
     *
     * @param target where and how.
     */
    public ApiClient(final ApiTarget target)
    {
        this.target = target;
    }

    /** Where it talks to. */
    public ApiTarget target()
    {
        return target;
    }

    /**
     * Reads something.
     *
     * @param path with query, such as {@code /v1/sessions?limit=10}.
     * @return the answer.
     */
    public ApiResponse get(final String path)
    {
        return send("GET", path, null, Map.of());
    }

    /**
     * Sends JSON.
     *
     * @param path with query.
     * @param json text.
     * @return the answer.
     */
    public ApiResponse post(final String path, final String json)
    {
        return send("POST", path, json.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /**
     * Sends a request and gathers the answer.
     *
     * @param method  such as POST.
     * @param path    with query.
     * @param body    JSON; null: none.
     * @param headers beyond those that every request has.
     * @return the answer, with a status below 400.
     */
    public ApiResponse send(
        final String method, final String path, final byte[] body, final Map<String, String> headers)
    {
        final boolean isRepeatable = !"POST".equals(method) || headers.containsKey("Idempotency-Key");
        final HttpConnection reused = isRepeatable ? kept : null;
        if (null != reused)
        {
            kept = null;
            try
            {
                return exchange(reused, method, request(method, path, body, headers));
            }
            catch (final IOException ex)
            {
                // The manager may have closed it while it was idle, or have been restarted: once more, anew.
                reused.close();
            }
        }
        // Made anew: what is signed is let in once.
        final byte[] request = request(method, path, body, headers);
        final HttpConnection connection = HttpConnection.open(target);
        try
        {
            return exchange(connection, method, request);
        }
        catch (final IOException ex)
        {
            throw connection.broken(ex);
        }
    }

    /**
     * Sends a request and leaves the answer to be read as it comes, on a connection of its own.
     *
     * @param method        such as GET.
     * @param path          with query.
     * @param body          JSON; null: none.
     * @param headers       beyond those that every request has.
     * @param readTimeoutMs longest silence within the answer; 0: none.
     * @return the answer, with a status below 400; the caller closes it.
     */
    public ApiStream open(
        final String method, final String path, final byte[] body, final Map<String, String> headers,
        final int readTimeoutMs)
    {
        final byte[] request = request(method, path, body, headers);
        final HttpConnection connection = HttpConnection.open(target);
        try
        {
            connection.readTimeout(readTimeoutMs);
            connection.write(request);
            final HttpConnection.Head head = connection.readHead();
            final InputStream content = connection.body(method, head);
            if (head.status() >= PROBLEM_STATUS_MIN)
            {
                final byte[] problem = readAll(new HastyStream(content, target.readTimeoutMs()));
                connection.close();
                throw ApiProblemException.of(head.status(), head.reasonPhrase(), problem);
            }
            return new ApiStream(connection, head, content);
        }
        catch (final IOException ex)
        {
            throw connection.broken(ex);
        }
    }

    @Override
    public void close()
    {
        if (null != kept)
        {
            kept.close();
            kept = null;
        }
    }

    private ApiResponse exchange(final HttpConnection connection, final String method, final byte[] request)
        throws IOException
    {
        connection.readTimeout(target.readTimeoutMs());
        connection.write(request);
        final HttpConnection.Head head = connection.readHead();
        final InputStream content = connection.body(method, head);
        final byte[] body = readAll(new HastyStream(content, target.readTimeoutMs()));
        if (head.isKept() && null == kept && content instanceof HttpBody read && read.isReusable())
        {
            kept = connection;
        }
        else
        {
            connection.close();
        }
        if (head.status() >= PROBLEM_STATUS_MIN)
        {
            throw ApiProblemException.of(head.status(), head.reasonPhrase(), body);
        }
        return new ApiResponse(head.status(), head.headers(), body);
    }

    private byte[] request(
        final String method, final String path, final byte[] body, final Map<String, String> headers)
    {
        if (!path.startsWith("/") || hasBreak(path) || path.indexOf(' ') >= 0)
        {
            throw new IllegalArgumentException("path=" + path);
        }
        final StringBuilder head = new StringBuilder()
            .append(method).append(' ').append(path).append(" HTTP/1.1\r\n")
            .append("Host: ").append(target.hostHeader()).append("\r\n")
            .append("User-Agent: plimsoll\r\n");
        if (!headers.containsKey("Accept"))
        {
            head.append("Accept: application/json, */*;q=0.5\r\n");
        }
        final byte[] content = null == body ? NOTHING : body;
        if (null != target.credential())
        {
            target.credential().headers(method, path, target.hostHeader(), content)
                .forEach((name, value) -> appendHeader(head, name, value));
        }
        for (final Map.Entry<String, String> header : headers.entrySet())
        {
            appendHeader(head, header.getKey(), header.getValue());
        }
        if (null != body)
        {
            if (!headers.containsKey("Content-Type"))
            {
                head.append("Content-Type: application/json\r\n");
            }
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        else if (!"GET".equals(method))
        {
            head.append("Content-Length: 0\r\n");
        }
        final byte[] headBytes = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        final byte[] request = new byte[headBytes.length + content.length];
        System.arraycopy(headBytes, 0, request, 0, headBytes.length);
        System.arraycopy(content, 0, request, headBytes.length, content.length);
        return request;
    }

    private static void appendHeader(final StringBuilder head, final String name, final String value)
    {
        if (hasBreak(name) || hasBreak(value))
        {
            throw new IllegalArgumentException("header " + name + " has a line break");
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private static boolean hasBreak(final String text)
    {
        return text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0;
    }

    private static byte[] readAll(final InputStream content) throws IOException
    {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        final byte[] buffer = new byte[BUFFER_LENGTH];
        int count = content.read(buffer, 0, buffer.length);
        while (count >= 0)
        {
            if (all.size() + count > BODY_LENGTH_MAX)
            {
                throw new IOException("it is longer than " + BODY_LENGTH_MAX + " bytes");
            }
            all.write(buffer, 0, count);
            count = content.read(buffer, 0, buffer.length);
        }
        return all.toByteArray();
    }
}
