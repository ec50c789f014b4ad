package io.plimsoll.ops.cli;

import io.plimsoll.transport.http.ApiClient;
import io.plimsoll.transport.http.ApiException;
import io.plimsoll.transport.http.ApiResponse;
import io.plimsoll.transport.http.ApiSocket;
import io.plimsoll.transport.http.ApiStream;
import io.plimsoll.transport.http.ApiTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * The manager as the commands see it: JSON in, JSON out, and every failure a {@link CliException} with the exit code
 * that belongs to it. For one thread; {@link #copy} is for any.
 */
public final class Api implements AutoCloseable
{
    private static final long WAIT_SLICE_MS = 30_000;
    private static final long NS_PER_MS = 1_000_000;
    private static final long OUTAGE_MAX_NS = 60_000 * NS_PER_MS;
    private static final long RETRY_NS = 200 * NS_PER_MS;
    private static final int BUFFER_LENGTH = 8 * 1024;
    private static final int PAGE = 1_000;

    private final ApiTarget target;
    private final ApiClient client;
    private final String startHint;
    private final InstantSource clock;
    private final Runnable onClose;

    /**
     * A manager that may or may not be there.
     *
     * @param target    where it is, and what opens its door.
     * @param startHint how to start one, for the message that it does not listen.
     */
    public Api(final ApiTarget target, final String startHint)
    {
        this(target, startHint, InstantSource.system(), () ->
        {
            // Nothing else ends with it.
        });
    }

    /**
     * One whose time is not that of this machine.
     *
     * @param target    where it is, and what opens its door.
     * @param startHint how to start one, for the message that it does not listen.
     * @param clock     says what time it is there.
     * @param onClose   ends what ends with it.
     */
    Api(final ApiTarget target, final String startHint, final InstantSource clock, final Runnable onClose)
    {
        this.onClose = onClose;
        this.target = target;
        this.client = new ApiClient(target);
        this.startHint = startHint;
        this.clock = clock;
    }

    /** The time that ages and waits are measured to. */
    Instant now()
    {
        return clock.instant();
    }

    static String encode(final String text)
    {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Submits one session or job array.
     *
     * @param session as the API takes it.
     * @return the reply: {@code id}, or {@code firstId}, {@code lastId} and {@code ids} of an array.
     */
    public JsonValue submit(final Map<String, Object> session)
    {
        return post("/v1/sessions", session, randomKey());
    }

    /** Submits many; the reply has a list {@code sessions} in their order. */
    public JsonValue submit(final List<?> sessions)
    {
        return post("/v1/sessions", Map.of("sessions", sessions), randomKey());
    }

    /**
     * Submits sessions that stand one a line.
     *
     * @param lines as the API takes them.
     * @param key   with which they may be sent again; null: none.
     * @return one line for each, and a last one with the sum.
     */
    public String submitLines(final byte[] lines, final String key)
    {
        final Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/x-ndjson");
        headers.put("Accept", "application/x-ndjson");
        if (null != key)
        {
            headers.put("Idempotency-Key", key);
        }
        try
        {
            return client.send("POST", "/v1/sessions", lines, headers).text();
        }
        catch (final ApiException ex)
        {
            throw Problems.exception(ex, startHint);
        }
    }

    /** Cancels ranges of ids. */
    public JsonValue cancel(final IdRanges ids)
    {
        return post("/v1/sessions/cancel", Map.of("ids", ids.texts()));
    }

    /** Cancels what has not ended of the sessions that match conditions, as a list has them, at most so many. */
    public JsonValue cancel(final Map<String, Object> conditions, final long limit)
    {
        return post("/v1/sessions/cancel", Map.of("select", conditions, "limit", limit));
    }

    /** Waits until a session has ended. */
    public JsonValue awaitEnd(final long id)
    {
        return awaitEnd(id, Long.MAX_VALUE);
    }

    /**
     * Waits until a session has ended, also across a restart of the manager; null if it has not within so many
     * nanoseconds.
     */
    public JsonValue awaitEnd(final long id, final long timeoutNs)
    {
        final JsonValue session = patiently(
            timeoutNs, sliceMs -> get("/v1/sessions/" + id + "/wait?timeout=" + sliceMs + "ms"), Sessions::hasEnded);
        return Sessions.hasEnded(session) ? session : null;
    }

    /**
     * Waits until at least one slice of the time is over, or all sessions have ended, also across a restart of the
     * manager.
     *
     * @param body      as the API takes it, but for the timeout.
     * @param timeoutNs that it may take at most, from now on.
     * @return the reply, whose {@code waiting} names those that have not ended.
     */
    JsonValue awaitMany(final Map<String, Object> body, final long timeoutNs)
    {
        return patiently(
            timeoutNs,
            sliceMs ->
            {
                final Map<String, Object> timed = new HashMap<>(body);
                timed.put("timeout", sliceMs + "ms");
                return post("/v1/sessions/wait", timed);
            },
            reply -> true);
    }

    /** Asks again and again until there is an answer that is enough, or the time is over. */
    private static JsonValue patiently(
        final long timeoutNs, final LongFunction<JsonValue> question, final Predicate<JsonValue> isEnough)
    {
        final long startNs = System.nanoTime();
        long heardNs = startNs;
        while (true)
        {
            final long leftNs = timeoutNs - (System.nanoTime() - startNs);
            final long sliceMs = Math.max(0, Math.min(WAIT_SLICE_MS, leftNs / NS_PER_MS));
            try
            {
                final JsonValue answer = question.apply(sliceMs);
                heardNs = System.nanoTime();
                if (leftNs <= 0 || isEnough.test(answer))
                {
                    return answer;
                }
            }
            catch (final CliException ex)
            {
                final boolean isOutage = ExitCode.UNREACHABLE == ex.exitCode() || ExitCode.OVERLOADED == ex.exitCode();
                if (!isOutage || System.nanoTime() - heardNs > OUTAGE_MAX_NS || leftNs <= 0)
                {
                    throw ex;
                }
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    public List<JsonValue> agents()
    {
        return agents(List.of());
    }

    /** Agents for which all of these conditions on labels hold. */
    public List<JsonValue> agents(final List<String> labels)
    {
        final String query = labels.isEmpty() ? "" : "?label=" + encode(String.join(",", labels));
        return get("/v1/agents" + query).field("agents").items();
    }

    /**
     * Lists sessions, page by page.
     *
     * @param query parameters, each with a leading {@code &amp;}.
     * @param max   at most so many.
     */
    public List<JsonValue> sessions(final String query, final long max)
    {
        final List<JsonValue> items = new ArrayList<>();
        String cursor = "";
        do
        {
            final long limit = Math.max(1, Math.min(PAGE, max - items.size()));
            final JsonValue page = get("/v1/sessions?limit=" + limit + query + cursor);
            items.addAll(page.field("sessions").items());
            final String next = page.text("nextCursor");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        }
        while (!cursor.isEmpty() && items.size() < max);
        return items;
    }

    public JsonValue get(final String path)
    {
        return json(exchange("GET", path, null, null));
    }

    public JsonValue post(final String path, final Object body)
    {
        return post(path, body, null);
    }

    /** Sends a change; the answer is what it has become. */
    public JsonValue change(final String method, final String path, final Object body)
    {
        return json(exchange(method, path, JsonValue.of(body).toString().getBytes(StandardCharsets.UTF_8), null));
    }

    /** Removes something; the answer is what it was. */
    public JsonValue delete(final String path)
    {
        return json(exchange("DELETE", path, null, null));
    }

    /** The body of an answer as text. */
    public String text(final String path)
    {
        return exchange("GET", path, null, null).text();
    }

    /**
     * Passes the body of an answer on as it comes, on a connection of its own; from any thread.
     *
     * @throws IOException if the target does not take it.
     */
    public void copy(final String path, final OutputStream target) throws IOException
    {
        final byte[] buffer = new byte[BUFFER_LENGTH];
        try (ApiStream stream = client.open("GET", path, null, Map.of(), 0))
        {
            int length = stream.read(buffer);
            while (length >= 0)
            {
                target.write(buffer, 0, length);
                target.flush();
                length = stream.read(buffer);
            }
        }
        catch (final ApiException ex)
        {
            throw Problems.exception(ex, startHint);
        }
    }

    /** Opens a WebSocket. */
    ApiSocket socket(final String path, final ApiSocket.Listener listener)
    {
        try
        {
            return ApiSocket.open(target, path, listener);
        }
        catch (final ApiException ex)
        {
            throw Problems.exception(ex, startHint);
        }
    }

    /** The same manager for another thread. */
    public Api another()
    {
        return new Api(target, startHint);
    }

    @Override
    public void close()
    {
        client.close();
        onClose.run();
    }

    private JsonValue post(final String path, final Object body, final String idempotencyKey)
    {
        final byte[] bytes = null == body ? null : JsonValue.of(body).toString().getBytes(StandardCharsets.UTF_8);
        return json(exchange("POST", path, bytes, idempotencyKey));
    }

    private JsonValue json(final ApiResponse response)
    {
        try
        {
            return JsonValue.parse(response.body());
        }
        catch (final IOException ex)
        {
            throw new CliException(ExitCode.UNREACHABLE, "what listens at " + target + " is not a Plimsoll manager");
        }
    }

    private ApiResponse exchange(
        final String method, final String path, final byte[] body, final String idempotencyKey)
    {
        final Map<String, String> headers =
            null == idempotencyKey ? Map.of() : Map.of("Idempotency-Key", idempotencyKey);
        try
        {
            return client.send(method, path, body, headers);
        }
        catch (final ApiException ex)
        {
            throw Problems.exception(ex, startHint);
        }
    }

    /** Not a secret, only not used before; the generator of secrets takes longer to start than a short command runs. */
    private static String randomKey()
    {
        final long seed = System.nanoTime() ^ ProcessHandle.current().pid() << 40 ^ System.currentTimeMillis();
        return Long.toHexString(seed) + "-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }
}
