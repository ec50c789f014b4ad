package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.manager.database.DatabaseOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A whole manager over a real database, for tests of who may do what; every answer is held against its description. */
final class SharedManager implements AutoCloseable
{
    static final String TRUE = "{\"command\": [\"/bin/true\"], \"cpu\": 1}";

    final Manager manager;
    final String administrator;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(60)).build();

    SharedManager(final Path directory, final DatabaseOptions database) throws IOException
    {
        this(directory, database, UnaryOperator.identity());
    }

    SharedManager(
        final Path directory, final DatabaseOptions database, final UnaryOperator<ManagerContext> further)
        throws IOException
    {
        manager = Manager.launch(further.apply(new ManagerContext()
            .dataDirectory(directory)
            .apiAddress(new InetSocketAddress("127.0.0.1", 0))
            .commitMode(CommitMode.ASYNC)
            .database(database)
            .fatalHandler((exitCode, cause) ->
            {
                throw new IllegalStateException("exitCode=" + exitCode, cause);
            })));
        administrator = Files.readString(directory.resolve("token")).strip();
    }

    /** The JSON of an answer with this status. */
    JsonNode call(
        final int status, final String token, final String method, final String target, final String body)
        throws IOException
    {
        final HttpResponse<String> response = send(token, method, target, body);
        assertEquals(status, response.statusCode(), method + " " + target + ": " + response.body());
        final JsonNode json = ServedApi.MAPPER.readTree(response.body());
        final Map<String, String> headers = new HashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        OpenApiDescription.LOADED.check(method, target, status, headers, json);
        return json;
    }

    /** As somebody without a token, where that is null. */
    HttpResponse<String> send(final String token, final String method, final String target, final String body)
        throws IOException
    {
        return send(token, method, target, "application/json", body);
    }

    HttpResponse<String> send(
        final String token, final String method, final String target, final String type, final String body)
        throws IOException
    {
        final HttpRequest.Builder builder =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + manager.apiPort() + target));
        if (null != token)
        {
            builder.header("Authorization", "Bearer " + token);
        }
        final HttpRequest request = builder
            .timeout(Duration.ofSeconds(120))
            .header("Content-Type", type)
            .method(
                method,
                null == body ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
            .build();
        try
        {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException(ex);
        }
    }

    /** Lines of a stream, until it is closed. */
    BufferedReader events(final String token, final String target) throws IOException
    {
        final HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + manager.apiPort() + target))
            .header("Authorization", "Bearer " + token)
            .build();
        try
        {
            final HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(200, response.statusCode());
            return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException(ex);
        }
    }

    /** A problem with this code. */
    JsonNode problem(
        final int status,
        final String code,
        final String token,
        final String method,
        final String target,
        final String body) throws IOException
    {
        final JsonNode problem = call(status, token, method, target, body);
        assertEquals(code, problem.path("code").asText(), problem.toString());
        return problem;
    }

    JsonNode make(final String kind, final String body) throws IOException
    {
        return call(201, administrator, "POST", "/v1/" + kind + "s", body);
    }

    /** Token of a new keypair of a new user. */
    String user(final String name, final String rest) throws IOException
    {
        make("user", "{\"name\": \"" + name + "\"" + rest + "}");
        return keypair(name);
    }

    String keypair(final String user) throws IOException
    {
        return make("keypair", "{\"user\": \"" + user + "\"}").get("token").asText();
    }

    /** Id of a new session. */
    long submit(final String token, final String body) throws IOException
    {
        return call(201, token, "POST", "/v1/sessions", body).get("id").asLong();
    }

    @Override
    public void close()
    {
        manager.close();
    }
}
