package io.plimsoll.transport.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A WebSocket of the manager's API. What comes in is told on a thread of its own, one message after the other, and the
 * next is not read before the listener has returned; sending waits until the socket has taken it. Failures are those of
 * {@link ApiClient}.
 */
public final class ApiSocket implements AutoCloseable
{
    private static final String LOST = "the connection to the manager was lost";
    /** What the JDK says where the other side said nothing. */
    private static final int WITHOUT_FAREWELL = 1006;
    private static final int TEXT_LENGTH_MAX = 1024 * 1024;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final byte[] NOTHING = {};

    private final Events events;
    private volatile WebSocket socket;
    /** Of the thread that keeps it alive. */
    private CompletableFuture<WebSocket> pong;

    private ApiSocket(final Listener listener)
    {
        events = new Events(listener);
    }

    /**
     * Opens one.
     *
     * @param target   where and how.
     * @param path     with query.
     * @param listener told of what comes in.
     * @return the open socket.
     */
    public static ApiSocket open(final ApiTarget target, final String path, final Listener listener)
    {
        final ApiSocket opened = new ApiSocket(listener);
        final URI uri = URI.create(
            (target.isTls() ? "wss://" : "ws://") + target.hostText() + ":" + target.port() + path);
        try
        {
            final WebSocket.Builder builder = client(target).newWebSocketBuilder()
                .connectTimeout(Duration.ofMillis(target.connectTimeoutMs()));
            if (null != target.credential())
            {
                // As the JDK's client writes it.
                final boolean isUsual = (target.isTls() ? HTTPS_PORT : HTTP_PORT) == target.port();
                final String host = isUsual ? target.hostText() : target.hostHeader();
                target.credential().headers("GET", path, host, NOTHING).forEach(builder::header);
            }
            opened.socket = builder.buildAsync(uri, opened.events).join();
            return opened;
        }
        catch (final CompletionException ex)
        {
            throw failure(target, ex.getCause());
        }
    }

    /** Sends a text message. Any thread. */
    public synchronized void send(final String text)
    {
        sent(() -> socket.sendText(text, true).join());
    }

    /** Sends a binary message. Any thread. */
    public synchronized void send(final ByteBuffer content)
    {
        sent(() -> socket.sendBinary(content, true).join());
    }

    /**
     * Says that this side is there, though it may be reading nothing just now. Any thread; does not wait.
     */
    public void keepAlive()
    {
        if (null == pong || pong.isDone())
        {
            pong = socket.sendPong(ByteBuffer.allocate(0));
        }
    }

    /**
     * How long the other side has been silent; a manager sends something every few seconds. While the listener is at
     * work nothing is read, and nobody is silent.
     *
     * @param nowNs of {@link System#nanoTime()}.
     * @return nanoseconds.
     */
    public long silentNs(final long nowNs)
    {
        return events.listening ? 0 : nowNs - events.heardNs;
    }

    private void sent(final Runnable sending)
    {
        try
        {
            sending.run();
        }
        catch (final CompletionException | IllegalStateException ex)
        {
            throw new ApiProtocolException(LOST, ex);
        }
    }

    @Override
    public void close()
    {
        events.closed.set(true);
        socket.abort();
    }

    private static HttpClient client(final ApiTarget target)
    {
        final HttpClient.Builder builder = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(target.connectTimeoutMs()));
        if (null == target.caSha256() && null == target.tls())
        {
            return builder.build();
        }
        try
        {
            return builder.sslContext(HttpConnection.context(target)).build();
        }
        catch (final IOException ex)
        {
            throw new CannotConnectException("TLS cannot be set up", ex);
        }
    }

    private static ApiException failure(final ApiTarget target, final Throwable cause)
    {
        if (cause instanceof WebSocketHandshakeException refused)
        {
            final HttpResponse<?> response = refused.getResponse();
            final byte[] body = response.body() instanceof String text ?
                text.getBytes(StandardCharsets.UTF_8) : new byte[0];
            return ApiProblemException.of(response.statusCode(), "", body);
        }
        final IOException io = cause instanceof IOException thrown ? thrown : new IOException(cause);
        return new CannotConnectException("cannot reach a manager at " + target.url() + ": " + describe(io), io);
    }

    private static String describe(final IOException ex)
    {
        return null == ex.getMessage() || ex.getMessage().isEmpty() ? "it does not answer" : ex.getMessage();
    }

    /** Told of what comes in. */
    public interface Listener
    {
        void onText(String text);

        /**
         * A message, or the next part of one.
         *
         * @param content valid during the call.
         * @param begins  whether a message begins here.
         */
        void onBinary(ByteBuffer content, boolean begins);

        /**
         * The last call; not made for a socket that was closed on this side.
         *
         * @param reason for people.
         */
        void onClosed(String reason);
    }

    private static final class Events implements WebSocket.Listener
    {
        private final Listener listener;
        private final AtomicBoolean closed = new AtomicBoolean();
        private final StringBuilder text = new StringBuilder();
        private boolean begins = true;
        private volatile boolean listening;
        private volatile long heardNs = System.nanoTime();

        Events(final Listener listener)
        {
            this.listener = listener;
        }

        @Override
        public CompletionStage<?> onText(final WebSocket socket, final CharSequence data, final boolean last)
        {
            if (text.length() + data.length() > TEXT_LENGTH_MAX)
            {
                closed("the manager sent a text of more than " + TEXT_LENGTH_MAX + " characters");
                socket.abort();
                return null;
            }
            text.append(data);
            if (last)
            {
                final String message = text.toString();
                text.setLength(0);
                tell(() -> listener.onText(message));
            }
            heardNs = System.nanoTime();
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(final WebSocket socket, final ByteBuffer data, final boolean last)
        {
            tell(() -> listener.onBinary(data, begins));
            begins = last;
            socket.request(1);
            return null;
        }

        /** It may take its time; nothing else is read meanwhile. */
        private void tell(final Runnable call)
        {
            listening = true;
            try
            {
                call.run();
            }
            finally
            {
                heardNs = System.nanoTime();
                listening = false;
            }
        }

        @Override
        public CompletionStage<?> onPing(final WebSocket socket, final ByteBuffer message)
        {
            heardNs = System.nanoTime();
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket socket, final int status, final String reason)
        {
            closed(WITHOUT_FAREWELL == status ?
                LOST : "the manager closed the connection" + (reason.isEmpty() ? "" : ": " + reason));
            return null;
        }

        @Override
        public void onError(final WebSocket socket, final Throwable error)
        {
            closed(LOST);
        }

        private void closed(final String reason)
        {
            if (closed.compareAndSet(false, true))
            {
                listener.onClosed(reason);
            }
        }
    }
}
