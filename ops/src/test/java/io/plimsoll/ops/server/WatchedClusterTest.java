package io.plimsoll.ops.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.plimsoll.ops.cli.Terminal;
import io.plimsoll.ops.e2e.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager and an agent that ran a few sessions: what dashboard, alerts and traces say of them. */
class WatchedClusterTest
{
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Path OPS = Path.of("").toAbsolutePath();
    /** There with TLS, etcd or a database, or from Prometheus itself; tests of those ask for them. */
    private static final Set<String> ELSEWHERE = Set.of(
        "up", "plimsoll_etcd_up", "plimsoll_config_refused", "plimsoll_config_restart_needed",
        "plimsoll_tls_certificate_expiry_seconds", "plimsoll_tls_files_refused", "plimsoll_history_failing",
        "plimsoll_history_lag_seconds");

    @TempDir
    private static Path directory;
    private static OtlpReceiver receiver;
    private static Node node;
    private static HttpClient client;
    private static String url;
    private static String token;
    private static String metrics;

    @BeforeAll
    static void runAFewSessions() throws Exception
    {
        receiver = new OtlpReceiver();
        final Map<String, String> environment = Map.of(
            "PLIMSOLL_TELEMETRY_OTLP_ENDPOINT", receiver.endpoint(),
            "PLIMSOLL_DATABASE_URL", "none",
            "PLIMSOLL_LISTEN", "127.0.0.1:0",
            "PLIMSOLL_AGENT_NAME", "node1",
            "PLIMSOLL_AGENT_DOCKER_HOST", "none",
            "PLIMSOLL_AGENT_USAGE_INTERVAL", "1s",
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
        send("PUT", "/v1/accounts/alice", "{\"level\": \"user\", \"limits\": {\"cpu\": \"2\"}}");
        final long first = submit(
            "{\"name\": \"followed\", \"command\": [\"/bin/true\"], \"cpu\": \"0.1\", \"mem\": \"16m\"}");
        submit("{\"command\": [\"/bin/false\"], \"cpu\": \"0.1\", \"mem\": \"16m\", \"account\": \"alice\"}");
        final long never = submit("{\"command\": [\"/bin/true\"], \"startAt\": \"2099-01-01T00:00:00Z\"}");
        assertEquals(404, send("GET", "/v1/sessions/999", null).statusCode());
        assertEquals(200, send("GET", "/v1/sessions/" + first + "/wait?timeout=60", null).statusCode());
        assertEquals(200, send("GET", "/v1/sessions/" + (first + 1) + "/wait?timeout=60", null).statusCode());
        until(() -> send("GET", "/metrics", null).body().contains("plimsoll_agent_cpu_cores{"));
        metrics = send("GET", "/metrics", null).body();
        assertTrue(never > first);
    }

    @AfterAll
    static void end()
    {
        if (null != node)
        {
            node.close();
        }
        receiver.close();
    }

    @Test
    void shouldHaveEveryMetricThatTheDashboardAsksFor() throws IOException
    {
        final JsonNode dashboard = new ObjectMapper().readTree(OPS.resolve("grafana/plimsoll.json").toFile());
        assertEquals("Plimsoll", dashboard.path("title").asText());
        assertTrue(dashboard.path("schemaVersion").asInt() >= 36);
        final Set<Integer> ids = new HashSet<>();
        final Set<String> variables = new HashSet<>(Set.of("__rate_interval"));
        dashboard.path("templating").path("list").forEach(variable -> variables.add(variable.path("name").asText()));
        int expressions = 0;
        for (final JsonNode panel : dashboard.path("panels"))
        {
            final String title = panel.path("title").asText();
            assertFalse(title.isEmpty());
            assertTrue(ids.add(panel.path("id").asInt()), title);
            final JsonNode place = panel.path("gridPos");
            assertTrue(place.path("x").asInt() + place.path("w").asInt() <= 24 && place.path("h").asInt() > 0, title);
            assertTrue(List.of("row", "stat", "timeseries", "table").contains(panel.path("type").asText()), title);
            for (final JsonNode target : panel.path("targets"))
            {
                assertKnown(title, substituted(target.path("expr").asText(), variables));
                expressions++;
            }
        }
        assertTrue(expressions > 50);
        for (final JsonNode variable : dashboard.path("templating").path("list"))
        {
            final String query = variable.path("definition").asText();
            if (!query.isEmpty())
            {
                assertTrue(query.matches("label_values\\([a-z_]+, [a-z]+\\)"), query);
                assertKnown(query, query.substring(query.indexOf('(') + 1, query.indexOf(',')));
            }
        }
    }

    @Test
    void shouldHaveEveryMetricThatAlertsAskFor() throws IOException
    {
        final JsonNode alerts = new ObjectMapper(new YAMLFactory()).readTree(
            OPS.resolve("prometheus/alerts.yml").toFile());
        final String runbook = Files.readString(OPS.resolve("../docs/WATCHING.md"));
        final Set<String> names = new TreeSet<>();
        for (final JsonNode group : alerts.path("groups"))
        {
            assertFalse(group.path("name").asText().isEmpty());
            for (final JsonNode rule : group.path("rules"))
            {
                final String name = rule.path("alert").asText();
                assertTrue(name.matches("Plimsoll[A-Z][A-Za-z]+") && names.add(name), name);
                assertKnown(name, rule.path("expr").asText());
                assertTrue(rule.path("for").asText("1m").matches("[0-9]+[smhd]"), name);
                assertTrue(
                    List.of("critical", "warning", "info").contains(rule.path("labels").path("severity").asText()),
                    name);
                assertFalse(rule.path("annotations").path("summary").asText().isEmpty(), name);
                assertFalse(rule.path("annotations").path("description").asText().isEmpty(), name);
                assertTrue(runbook.contains("### " + name + "\n"), "no word in docs/WATCHING.md of " + name);
            }
        }
        final Set<String> explained = runbook.lines().filter(line -> line.startsWith("### Plimsoll"))
            .map(line -> line.substring(4)).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(names, explained);
    }

    @Test
    void shouldReadExpressionsAsStrictlyAsPrometheusDoes()
    {
        assertEquals(Set.of("a", "b"), PromQl.metrics("sum by (x) (rate(a{y=~\"z.*\"}[5m])) / on (x) b > bool 1e3"));
        for (final String wrong : new String[]
        {
            "rate(a)", "sum(a[5m])", "a[5m]", "a{b=c}", "a{b=~\"(\"}", "rates(a[5m])", "a +", "(a", "sum by x (a)",
            "a b", "a{", "rate(a[5])"
        })
        {
            assertThrows(IllegalArgumentException.class, () -> PromQl.metrics(wrong), wrong);
        }
    }

    @Test
    void shouldSendOneWholeTraceFromTheRequestToTheStartOfTheKernel() throws Exception
    {
        until(() -> null != receiver.named("kernel 0") && null != receiver.named("session") &&
            null != receiver.named("POST /v1/sessions"));
        final OtlpReceiver.Span request = receiver.spans.values().stream()
            .filter(span -> "00f067aa0ba902b7".equals(span.parentId())).findFirst().orElseThrow();
        assertEquals("POST /v1/sessions", request.name());
        final OtlpReceiver.Span session = child(request, "session");
        assertEquals("queue", child(session, "queue").name());
        final OtlpReceiver.Span kernel = child(session, "kernel 0");
        assertEquals("deliver", child(kernel, "deliver").name());
        assertEquals("prepare", child(kernel, "prepare").name());
        assertEquals(TRACE, kernel.traceId());
        assertTrue(metrics.contains("plimsoll_trace_spans_total "));
    }

    private static OtlpReceiver.Span child(final OtlpReceiver.Span parent, final String name) throws Exception
    {
        final OtlpReceiver.Span[] found = new OtlpReceiver.Span[1];
        until(() ->
        {
            found[0] = receiver.spans.values().stream()
                .filter(span -> span.parentId().equals(parent.spanId()) && span.name().equals(name))
                .findFirst().orElse(null);
            return null != found[0];
        });
        assertEquals(parent.traceId(), found[0].traceId());
        return found[0];
    }

    private static void assertKnown(final String where, final String expression)
    {
        final Set<String> asked = PromQl.metrics(expression);
        for (final String name : asked)
        {
            final String family = name.replaceAll("_(bucket|sum|count)$", "");
            final boolean isThere = metrics.contains("\n" + name + "{") || metrics.contains("\n" + name + " ") ||
                metrics.contains("# TYPE " + name + " ") || metrics.contains("# TYPE " + family + " histogram\n") ||
                metrics.contains("# TYPE " + family + " summary\n");
            assertTrue(isThere || ELSEWHERE.contains(name), where + " asks for " + name + ", which nobody has");
        }
    }

    private static String substituted(final String expression, final Set<String> variables)
    {
        String text = expression;
        for (final String variable : variables)
        {
            text = text.replace("$" + variable, "__rate_interval".equals(variable) ? "5m" : ".*");
        }
        assertFalse(text.contains("$"), expression);
        return text;
    }

    private static long submit(final String body) throws Exception
    {
        final HttpResponse<String> response = send("POST", "/v1/sessions", body);
        assertEquals(201, response.statusCode(), response.body());
        return new ObjectMapper().readTree(response.body()).path("id").asLong();
    }

    private static HttpResponse<String> send(final String method, final String path, final String body)
        throws Exception
    {
        final HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(90))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method,
                null == body ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (null != body && body.contains("followed"))
        {
            request.header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void until(final Callable<Boolean> condition)
    {
        Await.until(Duration.ofSeconds(120), "what is waited for", condition);
    }
}
