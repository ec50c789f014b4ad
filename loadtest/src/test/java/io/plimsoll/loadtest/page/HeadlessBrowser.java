package io.plimsoll.loadtest.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Debian chromium without a screen, driven over its own protocol. It keeps what its console says and what it loads. */
public final class HeadlessBrowser implements AutoCloseable
{
    private static final long DEADLINE_S = 120;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What its console said. */
    public final List<String> complaints = new CopyOnWriteArrayList<>();
    /** Addresses that it asked for. */
    public final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Process process;
    private final WebSocket socket;
    private int nextId;

    /** Starts one; without chromium the test is skipped, and in CI it fails. */
    public static HeadlessBrowser start(final Path profile)
    {
        final String path = System.getenv("PATH");
        final boolean isThere = List.of(path.split(":")).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "chromium")));
        final String hint = "needs chromium (Debian: apt-get install chromium)";
        if (!isThere && "true".equals(System.getenv("CI")))
        {
            Assertions.fail(hint);
        }
        Assumptions.assumeTrue(isThere, hint);
        try
        {
            return new HeadlessBrowser(profile);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private HeadlessBrowser(final Path profile) throws IOException
    {
        final ProcessBuilder builder = new ProcessBuilder(
            "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-extensions", "--mute-audio",
            "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank")
            .redirectErrorStream(true).redirectOutput(profile.resolve("output").toFile());
        builder.environment().put("TMPDIR", profile.toString());
        process = builder.start();
        try
        {
            final Path portFile = profile.resolve("DevToolsActivePort");
            await(() -> Files.exists(portFile) && Files.readAllLines(portFile).size() >= 2, "its port");
            final String base = "http://127.0.0.1:" + Files.readAllLines(portFile).get(0);
            final HttpClient client = HttpClient.newHttpClient();
            final JsonNode[] target = new JsonNode[1];
            await(() ->
            {
                final String list = client.send(
                    java.net.http.HttpRequest.newBuilder(URI.create(base + "/json/list")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
                for (final JsonNode each : JSON.readTree(list))
                {
                    target[0] = "page".equals(each.get("type").asText()) ? each : target[0];
                }
                return null != target[0];
            }, "a page");
            socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(target[0].get("webSocketDebuggerUrl").asText()), new Listener()).join();
            for (final String domain : List.of("Page", "Runtime", "Log", "Network"))
            {
                call(domain + ".enable", Map.of());
            }
        }
        catch (final RuntimeException | IOException ex)
        {
            process.destroyForcibly();
            throw ex;
        }
    }

    private interface Condition
    {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(final Condition condition, final String what) throws IOException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        try
        {
            while (!condition.holds())
            {
                if (System.nanoTime() - deadlineNs > 0 || process.waitFor(20, TimeUnit.MILLISECONDS))
                {
                    throw new IllegalStateException("chromium does not tell " + what);
                }
            }
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /** Opens a page at a size, and waits until its script has run. */
    public void open(final URI page, final int width, final int height, final boolean isDark) throws IOException
    {
        call("Emulation.setDeviceMetricsOverride", Map.of(
            "width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        call("Emulation.setEmulatedMedia", Map.of("features", List.of(
            Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light"))));
        call("Page.navigate", Map.of("url", page.toString()));
        await(() -> page.toString().equals(evaluate("location.href").asText()) &&
            evaluate("!!document.body && 'ready' in document.body.dataset").asBoolean(), "that the page is drawn");
    }

    /** Value of an expression. */
    public JsonNode evaluate(final String expression)
    {
        final JsonNode answer = call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails"))
        {
            throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.get("result").has("value") ? answer.get("result").get("value") : JSON.nullNode();
    }

    /**
     * A picture of a part of the page.
     *
     * @param top    where it begins.
     * @param height of it.
     */
    public byte[] picture(final int top, final int height)
    {
        final Map<String, Object> clip = Map.of(
            "x", 0, "y", top, "width", evaluate("innerWidth").asInt(), "height", height, "scale", 1);
        return Base64.getDecoder().decode(call("Page.captureScreenshot",
            Map.of("format", "png", "captureBeyondViewport", true, "clip", clip)).get("data").asText());
    }

    private JsonNode call(final String method, final Map<String, Object> parameters)
    {
        final int id = ++nextId;
        final CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        final ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).join();
        try
        {
            return answer.get(DEADLINE_S, TimeUnit.SECONDS);
        }
        catch (final InterruptedException | TimeoutException | ExecutionException ex)
        {
            throw new IllegalStateException(method, ex);
        }
    }

    /** All of its processes are gone then: the last of them may still write to the profile when the first has ended. */
    @Override
    public void close()
    {
        socket.abort();
        final List<ProcessHandle> all = process.descendants().collect(Collectors.toCollection(ArrayList::new));
        all.add(process.toHandle());
        process.destroy();
        for (final ProcessHandle each : all)
        {
            try
            {
                each.onExit().get(DEADLINE_S, TimeUnit.SECONDS);
            }
            catch (final TimeoutException ex)
            {
                each.destroyForcibly();
            }
            catch (final InterruptedException | ExecutionException ex)
            {
                throw new IllegalStateException(ex);
            }
        }
    }

    private final class Listener implements WebSocket.Listener
    {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(final WebSocket webSocket, final CharSequence data, final boolean last)
        {
            text.append(data);
            if (last)
            {
                try
                {
                    onMessage(JSON.readTree(text.toString()));
                }
                catch (final IOException ex)
                {
                    complaints.add(ex.toString());
                }
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        private void onMessage(final JsonNode message)
        {
            if (message.has("id"))
            {
                answers.remove(message.get("id").asInt())
                    .complete(message.has("error") ? message : message.get("result"));
                return;
            }
            final JsonNode parameters = message.get("params");
            switch (message.get("method").asText())
            {
                case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
                    complaints.add(parameters.toString());
                case "Network.requestWillBeSent" -> requests.add(parameters.get("request").get("url").asText());
                default ->
                {
                    // Nothing of interest.
                }
            }
        }
    }
}
