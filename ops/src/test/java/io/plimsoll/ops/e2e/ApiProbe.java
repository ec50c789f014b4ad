package io.plimsoll.ops.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The HTTP API of a running manager, for what would take too long as one process per call. */
final class ApiProbe
{
    static final Duration READY_TIMEOUT = Duration.ofSeconds(180);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(60))
        .build();
    private final String url;
    private final Path data;

    /**
     * A probe.
     *
     * @param port of the API on loopback.
     * @param data directory of the manager, with its token.
     */
    ApiProbe(final int port, final Path data)
    {
        this.url = "http://127.0.0.1:" + port;
        this.data = data;
    }

    String url()
    {
        return url;
    }

    /** Until the manager answers that it is ready. */
    ApiProbe awaitReady(final ClusterProcess process)
    {
        Await.until(READY_TIMEOUT, () -> "manager ready\n" + process.output(), () ->
        {
            if (!process.isAlive())
            {
                throw new AssertionError("the process has exited: " + process.output());
            }
            return 200 == send("GET", "/health/ready", null, null).statusCode();
        });
        return this;
    }

    /** Until so many agents may get work. */
    ApiProbe awaitAgents(final int count)
    {
        Await.until(READY_TIMEOUT, () -> count + " agents reconciled: " + get("/v1/agents"), () ->
        {
            int ready = 0;
            for (final JsonNode agent : get("/v1/agents").path("agents"))
            {
                final boolean mayWork = agent.path("connected").asBoolean() && agent.path("reconciled").asBoolean();
                ready += mayWork && "ALIVE".equals(agent.path("state").asText()) ? 1 : 0;
            }
            return ready >= count;
        });
        return this;
    }

    JsonNode get(final String path)
    {
        return expect(send("GET", path, null, null), path);
    }

    JsonNode post(final String path, final Object body)
    {
        return expect(send("POST", path, body, null), path);
    }

    /** Any answer, also an error. */
    HttpResponse<String> send(final String method, final String path, final Object body, final String idempotencyKey)
    {
        try
        {
            final HttpRequest.BodyPublisher publisher = null == body ?
                HttpRequest.BodyPublishers.noBody() :
                HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(body));
            final HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(180))
                .header("Authorization", "Bearer " + Files.readString(data.resolve("token")).strip())
                .header("Content-Type", "application/json")
                .method(method, publisher);
            if (null != idempotencyKey)
            {
                request.header("Idempotency-Key", idempotencyKey);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    JsonNode session(final long id)
    {
        return get("/v1/sessions/" + id);
    }

    /** All sessions by id, page by page. */
    Map<Long, JsonNode> sessions()
    {
        final Map<Long, JsonNode> sessions = new LinkedHashMap<>();
        String cursor = "";
        do
        {
            final JsonNode page = get("/v1/sessions?all=true&limit=1000" + cursor);
            for (final JsonNode session : page.path("sessions"))
            {
                sessions.put(session.path("id").asLong(), session);
            }
            final JsonNode next = page.path("nextCursor");
            cursor = next.isMissingNode() || next.isNull() ? "" : "&cursor=" + next.asText();
        }
        while (!cursor.isEmpty());
        return sessions;
    }

    static boolean hasEnded(final JsonNode session)
    {
        return switch (session.path("state").asText())
        {
            case "TERMINATED", "CANCELLED", "ERROR" -> true;
            default -> false;
        };
    }

    /** Until the session has come to the state. */
    JsonNode awaitState(final long id, final String state, final Duration timeout)
    {
        Await.until(
            timeout,
            () -> "session " + id + " in " + state + ": " + session(id),
            () -> state.equals(session(id).path("state").asText()));
        return session(id);
    }

    private static JsonNode expect(final HttpResponse<String> response, final String path)
    {
        if (response.statusCode() >= 300)
        {
            throw new IllegalStateException(path + ": status " + response.statusCode() + ": " + response.body());
        }
        return parse(response.body());
    }

    static JsonNode parse(final String json)
    {
        try
        {
            return MAPPER.readTree(json);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
