package io.plimsoll.manager.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.BareManager;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.http.HttpLimits;
import io.plimsoll.manager.http.RequestRates;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.client.ClientSession;
import io.plimsoll.transport.client.SubmitClient;
import io.plimsoll.transport.client.SubmitClientOptions;
import io.plimsoll.transport.client.SubmitRejectedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles the Java of docs/BINARY.md against the module that the page names alone, and runs it against a manager. */
class BinaryDocumentTest
{
    private static final Path PAGE = Path.of("..", "docs", "BINARY.md");
    private static final Pattern BLOCK = Pattern.compile("(?m)^```java\n(.*?)^```", Pattern.DOTALL);
    private static final int DEADLINE_S = 120;

    @TempDir
    Path directory;

    private Manager manager;
    private BinaryGateway gateway;
    private String program;
    private String terms;

    @BeforeEach
    void launch() throws IOException
    {
        final Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
        final List<String> found = new ArrayList<>();
        while (blocks.find())
        {
            found.add(blocks.group(1));
        }
        assertEquals(2, found.size(), "the page has examples that no test knows");
        program = found.get(0);
        terms = found.get(1);
        manager = BareManager.launch(directory.resolve("data"));
        gateway = BinaryGateway.launch(
            manager.services(), new InetSocketAddress("127.0.0.1", 0), null, IngressLimits.DEFAULTS,
            new RequestRates(HttpLimits.DEFAULTS, System::nanoTime));
    }

    @AfterEach
    void close()
    {
        gateway.close();
        manager.close();
    }

    private Path tokenFile()
    {
        return directory.resolve("data").resolve("token");
    }

    /** Of a class from its source; what it uses is in the module {@code transport}. */
    private URLClassLoader compiled(final String name, final String source) throws IOException, URISyntaxException
    {
        final Path file = Files.writeString(directory.resolve(name + ".java"), source);
        final Path transport = Path.of(
            SubmitClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        final ByteArrayOutputStream said = new ByteArrayOutputStream();
        final int result = ToolProvider.getSystemJavaCompiler().run(
            null, said, said, "-d", directory.toString(), "--release", "17", "-proc:none", "-cp",
            transport.toString(), file.toString());
        assertEquals(0, result, said.toString(StandardCharsets.UTF_8));
        return new URLClassLoader(new URL[]{directory.toUri().toURL()}, getClass().getClassLoader());
    }

    @Test
    void shouldSubmitAndHearOfTheEndAsThePageDoes() throws Exception
    {
        final String address = "\"127.0.0.1\", 7079";
        assertTrue(program.contains(address), program);
        final String moved = program.replace(address, "\"127.0.0.1\", " + gateway.port());
        try (URLClassLoader loader = compiled("Train", moved))
        {
            final Class<?> train = loader.loadClass("Train");
            final CompletableFuture<Object> run = CompletableFuture.supplyAsync(() -> run(train));
            final LiveView view = manager.services().view();
            final long startNs = System.nanoTime();
            while (null == view.session(1))
            {
                assertFalse(run.isDone(), () -> "it ended: " + run.join());
                assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(DEADLINE_S));
                Thread.onSpinWait();
            }
            assertEquals("train", view.session(1).name());
            assertEquals(1_000, view.session(1).cpuMillis());
            // There is no agent here that would end it.
            manager.services().control().cancel(List.of(new IdRange(1, 1))).get(DEADLINE_S, TimeUnit.SECONDS);
            run.get(DEADLINE_S, TimeUnit.SECONDS);
            assertEquals(LifeState.CANCELLED, view.session(1).state());
        }
    }

    private Object run(final Class<?> program)
    {
        try
        {
            return program.getMethod("main", String[].class).invoke(
                null, (Object)new String[]{tokenFile().toString()});
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void shouldUnderstandTheTermsOfThePage() throws Exception
    {
        final String source = "import io.plimsoll.transport.LaunchSpec;\nimport io.plimsoll.transport.client.*;\n" +
            "import java.util.List;\npublic final class Terms\n{\npublic static ClientSession of(LaunchSpec spec)" +
            "\n{\nreturn " + terms + ";\n}\n}\n";
        try (URLClassLoader loader = compiled("Terms", source);
            SubmitClient client = SubmitClient.launch(SubmitClientOptions.plain(
                "127.0.0.1", gateway.port(), Files.readString(tokenFile()).strip())))
        {
            final ClientSession session = (ClientSession)loader.loadClass("Terms")
                .getMethod("of", LaunchSpec.class)
                .invoke(null, new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0));
            final CompletionException refused = assertThrows(
                CompletionException.class,
                () -> client.submit(session).orTimeout(DEADLINE_S, TimeUnit.SECONDS).join());
            // All else is read before it is looked for whom.
            assertEquals(
                "unknown-project",
                assertInstanceOf(SubmitRejectedException.class, refused.getCause()).code());
        }
    }
}
