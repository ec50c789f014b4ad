package io.plimsoll.ops.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.ops.cli.Terminal;
import io.plimsoll.ops.e2e.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends what docs/API.md sends with curl, in its order, to a manager with one agent: all of it is taken, and answers
 * have the fields that the page shows. Session 17 of the page waits here; what has output is session 1.
 */
class ApiDocumentTest
{
    private static final Path PAGE = Path.of("..", "docs", "API.md");
    private static final Pattern BLOCK = Pattern.compile("(?m)^```(sh|json)\n(.*?)^```", Pattern.DOTALL);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int FIRST_OF_THE_PAGE = 17;

    @TempDir
    private static Path directory;
    private static Node node;
    private static HttpClient client;
    private static String url;
    private static String token;

    /** Of the keypair that the page makes. */
    private String accessKey;

    @BeforeAll
    static void start() throws Exception
    {
        final Map<String, String> environment = Map.of(
            "PLIMSOLL_LISTEN", "127.0.0.1:0",
            "PLIMSOLL_AGENT_NAME", "worker-7",
            "PLIMSOLL_AGENT_CPU", "1",
            "PLIMSOLL_AGENT_DOCKER_HOST", "none",
            "PLIMSOLL_JOURNAL_SEGMENT", "16m",
            "PLIMSOLL_JOURNAL_RESERVE", "4m",
            "PLIMSOLL_JOURNAL_RESERVE_FILE", "0");
        final Terminal terminal = new Terminal(System.out, System.err, environment, directory, directory);
        node = Node.start(
            new SettingsSource(terminal, null, environment, root -> root.override("data", directory.toString())),
            true, true);
        client = HttpClient.newHttpClient();
        url = String.valueOf(node.facts().get("url"));
        token = Files.readString(directory.resolve("token")).strip();
        Await.until(Duration.ofSeconds(120), "the database", () -> 200 == get("/v1/domains").statusCode());
    }

    @AfterAll
    static void close()
    {
        if (null != node)
        {
            node.close();
        }
    }

    private static HttpResponse<InputStream> get(final String path) throws Exception
    {
        return send(new Call("GET", url + path, List.of(), null));
    }

    private static void ok(final String method, final String path, final String body) throws Exception
    {
        final HttpResponse<InputStream> response =
            send(new Call(method, url + path, List.of("Content-Type: application/json"), body));
        assertTrue(response.statusCode() < 300, () -> method + " " + path + ": " + text(response));
    }

    private static String text(final HttpResponse<InputStream> response)
    {
        try (InputStream body = response.body())
        {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static HttpResponse<InputStream> send(final Call call) throws Exception
    {
        final HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(call.target()))
            .timeout(Duration.ofSeconds(90))
            .header("Authorization", "Bearer " + token)
            .method(call.method(), null == call.body() ?
                HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(call.body()));
        for (final String header : call.headers())
        {
            final String[] parts = header.split(": ", 2);
            request.header(parts[0], parts[1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** What the page takes for granted. */
    private static void prepare() throws Exception
    {
        ok("PATCH", "/v1/groups/default", "{\"acceptUnsatisfiable\": true}");
        ok("PUT", "/v1/accounts/alice", "{\"level\": \"user\"}");
        ok("POST", "/v1/sessions", "{\"command\": [\"/bin/echo\", \"hello\"]}");
        ok("POST", "/v1/sessions", "{\"command\": [\"/bin/true\"], \"startAt\": \"2099-01-01T00:00:00Z\", \"count\": " +
            (FIRST_OF_THE_PAGE - 2) + "}");
        ok("GET", "/v1/sessions/1/wait?timeout=60s", null);
    }

    @Test
    void shouldTakeWhatThePageSends() throws Exception
    {
        prepare();
        final Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
        int calls = 0;
        while (blocks.find())
        {
            if ("json".equals(blocks.group(1)))
            {
                if (blocks.group(2).contains("\"command\""))
                {
                    ok("POST", "/v1/sessions", blocks.group(2));
                    calls++;
                }
            }
            else if (!blocks.group(2).startsWith("URL="))
            {
                for (final ShellBlock.Command command : ShellBlock.commands(blocks.group(2)))
                {
                    check(command);
                    calls++;
                }
            }
        }
        assertTrue(calls >= 45, "calls=" + calls);
    }

    private void check(final ShellBlock.Command command) throws Exception
    {
        final Call call = Call.of(command.words(), accessKey);
        if (call.target().endsWith("/members"))
        {
            ok("POST", "/v1/users", "{\"name\": \"bo\", \"domain\": \"research\"}");
        }
        final HttpResponse<InputStream> response = send(call);
        if (response.headers().firstValue("content-type").orElse("").startsWith("text/event-stream"))
        {
            assertTrue(response.body().read() >= 0);
            response.body().close();
            return;
        }
        final String answer = text(response);
        assertTrue(response.statusCode() < 300, () -> command.words() + ": " + answer);
        if (call.target().endsWith("/v1/keypairs"))
        {
            accessKey = MAPPER.readTree(answer).path("accessKey").asText();
        }
        final List<String> answers = answer.lines().toList();
        assertTrue(command.answers().size() <= answers.size(), answer);
        for (int i = 0; i < command.answers().size(); i++)
        {
            final String shown = command.answers().get(i);
            final Set<String> given = names(MAPPER.readTree(answers.get(i)));
            final Set<String> told = names(MAPPER.readTree(shown.replace(",…", "")));
            assertEquals(told, given, shown);
        }
    }

    private static Set<String> names(final JsonNode object)
    {
        final Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** What the page's {@code api} does with its words: what curl does. */
    private record Call(String method, String target, List<String> headers, String body)
    {
        static Call of(final List<String> all, final String accessKey)
        {
            final int pipe = all.indexOf("|");
            final List<String> words = all.subList(pipe + 1, all.size());
            assertEquals("api", words.get(0), all.toString());
            String method = null;
            String target = null;
            String body = null;
            final List<String> headers = new ArrayList<>();
            for (int i = 1; i < words.size(); i++)
            {
                switch (words.get(i))
                {
                    case "-X" -> method = words.get(++i);
                    case "-H" -> headers.add(words.get(++i));
                    case "-d" -> body = words.get(++i);
                    case "--data-binary" ->
                    {
                        assertEquals("@-", words.get(++i));
                        assertEquals(List.of("printf", "%s\\n"), all.subList(0, 2));
                        body = String.join("\n", all.subList(2, pipe)) + "\n";
                    }
                    case "-N" ->
                    {
                        // It is read as it comes.
                    }
                    default -> target = words.get(i);
                }
            }
            return new Call(
                null != method ? method : null == body ? "GET" : "POST",
                target.replace("$URL", url).replace("17/logs", "1/logs").replace("timeout=30s", "timeout=1s")
                    .replace("PK7Q2M4XZ9TKWB", String.valueOf(accessKey)),
                headers,
                null == body ? null : body.replace("\"timeout\": \"30s\"", "\"timeout\": \"1s\""));
        }
    }
}
