package io.plimsoll.ops.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.ops.cli.CliException;
import io.plimsoll.ops.cli.CommandRunner;
import io.plimsoll.ops.cli.ExitCode;
import io.plimsoll.ops.cli.JsonValue;
import io.plimsoll.ops.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigSourcesTest
{
    private static final ServerOptions NO_OPTIONS = root -> root.override("data", null);
    private static final String TOKEN = "pj_not-to-be-seen";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    private Path home;

    @Test
    void shouldPutEnvironmentOverFileAndOptionsOverBoth() throws IOException
    {
        write("listen: 127.0.0.1:1111\nliveness: {lost: 90s, suspect: 5s}\njournal:\n  keep: 10d\n");
        environment.put("PLIMSOLL_LISTEN", "127.0.0.1:2222");
        environment.put("PLIMSOLL_LIVENESS_LOST", "70s");
        environment.put("PLIMSOLL_AGENT_PINNING", "false");
        environment.put("PLIMSOLL_LIMITS_RING", "1024");
        environment.put("PLIMSOLL_AGENT_DOCKER_MOUNTS", "/srv, /data");
        final Settings settings = Settings.read(
            terminal(), "plimsoll.yaml", root -> root.override("listen", "127.0.0.1:0"));
        assertEquals(0, settings.manager().apiAddress().getPort());
        assertEquals(1024, settings.manager().ringSize());
        assertEquals(List.of(Path.of("/srv"), Path.of("/data")), settings.agent().docker().mountsReadWrite());
        assertOrigin(settings, "listen", "127.0.0.1:0", "option --listen");
        assertOrigin(settings, "liveness.lost", "1m10s|70s", "environment PLIMSOLL_LIVENESS_LOST");
        assertOrigin(settings, "liveness.suspect", "5s", "plimsoll.yaml:2");
        assertOrigin(settings, "journal.keep", "10d", "plimsoll.yaml:4");
        assertOrigin(settings, "agent.pinning", "false", "environment PLIMSOLL_AGENT_PINNING");
        assertOrigin(settings, "durability", "sync", "default");
        assertEquals(List.of(), settings.warnings());
    }

    @Test
    void shouldTakeNamesOfTheUsersOwnFromTheEnvironment() throws IOException
    {
        write("groups: {gpu-big: {order: drf}}\nagent: {labels: {cuda.model: A100}}\n");
        environment.put("PLIMSOLL_GROUPS_GPU_BIG_PREEMPTION_MIN_RUNTIME", "90s");
        environment.put("PLIMSOLL_GROUPS_CPU_ORDER", "lifo");
        environment.put("PLIMSOLL_AGENT_LABELS_ZONE", "z1");
        environment.put("PLIMSOLL_AGENT_LABELS_CUDA_MODEL", "H100");
        environment.put("PLIMSOLL_AGENT_SLOTS", "{license.matlab: 2}");
        final Settings settings = read();
        assertEquals(
            Map.of(
                "gpu-big", Map.of("order", "drf", "preemption.minRuntime", "90s"),
                "cpu", Map.of("order", "lifo")),
            settings.manager().groups());
        assertEquals(Map.of("zone", "z1", "cuda.model", "H100"), settings.agent().labels());
        assertEquals(2L, settings.agent().capacities().get("license.matlab"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "PLIMSOLL_LIVENESS_LOST, soon, environment PLIMSOLL_LIVENESS_LOST: liveness.lost: soon is not a duration",
        "PLIMSOLL_LISTEN, nowhere, environment PLIMSOLL_LISTEN: listen: 'nowhere' is not HOST:PORT",
        "PLIMSOLL_JOURNAL_SEGMENT, 1k, environment PLIMSOLL_JOURNAL_SEGMENT: journal.segment: use 1m to 1g",
        "PLIMSOLL_AGENT_LABELS, [a], environment PLIMSOLL_AGENT_LABELS: agent.labels: expected keys",
        "PLIMSOLL_LIMITS_RING, \"0x7\", environment PLIMSOLL_LIMITS_RING: limits.ring: expected a whole number",
        "PLIMSOLL_GROUPS_A_ORDER, best, environment PLIMSOLL_GROUPS_A_ORDER: groups.a.order: use fifo"})
    void shouldNameTheVariableOfAMistake(final String name, final String value, final String expected)
    {
        environment.put(name, value);
        final CliException mistake =
            assertThrows(CliException.class, () -> Settings.read(terminal(), null, NO_OPTIONS));
        assertTrue(mistake.getMessage().startsWith(expected), mistake.getMessage());
    }

    @Test
    void shouldTellAllMistakesAtOnceWithTheirLines() throws IOException
    {
        write("listen: nowhere\nliveness:\n  lost: soon\nthreads: [a]\n\njournal: {keeep: 3d}\nagent:\n  ports: 9-1\n");
        assertEquals(ExitCode.USAGE, run("config", "check", "plimsoll.yaml"));
        assertEquals(
            List.of("line 1: listen", "line 3: liveness.lost", "line 4: threads", "line 8: agent.ports",
                "line 6: journal.keeep"),
            err().lines().map(line -> line.replaceFirst("plimsoll: configuration plimsoll.yaml: ", "")
                .replaceFirst("(line \\d+: [a-z.]+): .*", "$1")).toList(),
            err());
    }

    @Test
    void shouldRefuseAKeyThatStandsTwice() throws IOException
    {
        write("liveness:\n  lost: 9s\n  lost: 90s\n");
        assertEquals(ExitCode.USAGE, run("config", "check", "plimsoll.yaml"));
        assertTrue(err().contains("line 3: lost: it stands here a second time; the first is in plimsoll.yaml:2"),
            err());
    }

    @Test
    void shouldSayOfAnyFileWhetherItIsAConfiguration() throws IOException
    {
        for (final String nothing : new String[]{"", "# nothing\n", "---\n", "\uFEFFlisten: 127.0.0.1:1\n"})
        {
            write(nothing);
            assertEquals(ExitCode.OK, run("config", "check", "plimsoll.yaml"), err());
        }
        for (final String[] wrong : new String[][]{
            {"http:\n\tconnections: 5\n", "line 2"},
            {"listen: 127.0.0.1:1\n---\nlisten: 127.0.0.1:2\n", "a second document begins here"},
            {"\u0001\u0002\uFFFE", "plimsoll.yaml: "},
            {"http: &all {connections: 5}\nlimits: *all\n", "line 2: *all stands for something elsewhere"},
            {"http:\n  <<: *all\n", "line 2: *all stands for something elsewhere"},
            {"a: ".repeat(40), "line 1"}})
        {
            write(wrong[0]);
            assertEquals(ExitCode.USAGE, run("config", "check", "plimsoll.yaml"), wrong[0]);
            assertTrue(err().contains(wrong[1]), err());
            assertEquals(1, err().lines().count(), err());
        }
        for (final String none : new String[]{"nowhere.yaml", "."})
        {
            assertEquals(ExitCode.USAGE, run("config", "check", none));
            assertTrue(err().contains(none + ": cannot be read"), err());
        }
    }

    @Test
    void shouldWarnOfAVariableThatIsNoKey() throws IOException
    {
        write("listen: 127.0.0.1:7077\n");
        environment.put("PLIMSOLL_LIVENESS_LOSST", "3s");
        environment.put("PLIMSOLL_SERVICE_HOST", "10.0.0.1");
        environment.put("PLIMSOLL_TOKEN", "secret");
        environment.put("PLIMSOLL_DURABILITY", "");
        assertEquals(ExitCode.OK, run("config", "check", "plimsoll.yaml"));
        assertTrue(out().startsWith("plimsoll.yaml: nothing wrong"), out());
        assertEquals(1, err().lines().count(), err());
        assertTrue(err().contains("PLIMSOLL_LIVENESS_LOSST"), err());
        assertTrue(err().contains("PLIMSOLL_LIVENESS_LOST\""), err());
        assertEquals(ExitCode.OK, run("config", "check", "--file-only", "plimsoll.yaml"));
        assertEquals("", err());
    }

    @Test
    void shouldShowEveryKeyAndNoSecret() throws IOException
    {
        write("agent: {name: w7}\n");
        environment.put("PLIMSOLL_AGENT_JOIN_TOKEN", TOKEN);
        assertEquals(ExitCode.USAGE, run("config", "show", "--config", "plimsoll.yaml"));
        assertTrue(err().startsWith("plimsoll: environment PLIMSOLL_AGENT_JOIN_TOKEN: agent.join-token: "), err());
        assertFalse(err().contains(TOKEN), err());
        environment.remove("PLIMSOLL_AGENT_JOIN_TOKEN");
        assertEquals(ExitCode.OK, run("config", "show", "--config", "plimsoll.yaml", "-o", "json"), err());
        final List<JsonValue> keys = JsonValue.parse(out.toByteArray()).field("keys").items();
        final JsonValue name = keys.stream().filter(key -> "agent.name".equals(key.text("key"))).findFirst().get();
        assertEquals("w7", name.text("value"));
        assertEquals("file", name.text("source"));
        assertEquals("plimsoll.yaml", name.text("place"));
        assertEquals(1, name.number("line", 0));
        assertTrue(keys.size() > 60, keys.size() + " keys");
        assertEquals(ExitCode.OK, run("config", "show", "--config", "plimsoll.yaml", "--set"));
        assertEquals(2, out().lines().count(), out());
    }

    /** What the documentation shows is what there is. */
    @Test
    void shouldTakeEveryKeyFromTheEnvironment()
    {
        final Settings settings = Settings.read(terminal(), null, NO_OPTIONS);
        final List<ConfigTrace.Entry> entries = settings.trace().entries();
        assertEquals(
            entries.size(),
            entries.stream().map(entry -> ConfigEnvironment.name(entry.key())).distinct().count());
        for (final ConfigTrace.Entry entry : entries)
        {
            if (entry.value().isEmpty())
            {
                continue;
            }
            environment.clear();
            environment.put(ConfigEnvironment.name(entry.key()), entry.value());
            final Settings again = Settings.read(terminal(), null, NO_OPTIONS);
            assertEquals(
                "environment " + ConfigEnvironment.name(entry.key()),
                again.trace().origin(entry.key()).toString());
        }
    }

    private void assertOrigin(
        final Settings settings, final String key, final String values, final String origin)
    {
        final ConfigTrace.Entry entry = settings.trace().entry(key);
        assertTrue(List.of(values.split("\\|")).contains(entry.value()), entry.toString());
        assertEquals(origin, entry.origin().toString());
    }

    private Settings read()
    {
        return Settings.read(terminal(), "plimsoll.yaml", NO_OPTIONS);
    }

    private void write(final String yaml) throws IOException
    {
        Files.writeString(home.resolve("plimsoll.yaml"), yaml);
    }

    private int run(final String... args)
    {
        out.reset();
        err.reset();
        return new CommandRunner(terminal()).run(args);
    }

    private String out()
    {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err()
    {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Terminal terminal()
    {
        return new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            home,
            home);
    }
}
