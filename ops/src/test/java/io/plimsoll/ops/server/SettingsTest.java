package io.plimsoll.ops.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.allocation.Affinity;
import io.plimsoll.agent.runtime.DockerOptions;
import io.plimsoll.agent.runtime.ProcessOptions;
import io.plimsoll.agent.runtime.Scheduling;
import io.plimsoll.journal.CheckpointOptions;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.manager.database.DatabaseOptions;
import io.plimsoll.manager.http.FixedLimits;
import io.plimsoll.manager.trace.TracingOptions;
import io.plimsoll.ops.cli.CliException;
import io.plimsoll.ops.cli.ExitCode;
import io.plimsoll.ops.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest
{
    private static final ServerOptions NO_OPTIONS = root -> root.override("data", null);

    @TempDir
    private Path home;

    @Test
    void shouldNeedNoFile()
    {
        final Settings settings = Settings.read(terminal(), null, NO_OPTIONS);
        assertEquals(home.resolve(".plimsoll"), settings.data());
        assertEquals(7077, settings.manager().apiAddress().getPort());
        assertEquals(CommitMode.SYNC, settings.manager().commitMode());
    }

    @Test
    void shouldReadEveryKeyOfTheDocumentedExample() throws IOException
    {
        Files.writeString(home.resolve("plimsoll.yaml"), """
            data: ~/cluster
            listen: 127.0.0.1:8077
            agent-listen: 127.0.0.1:8078
            uplink-listen: 127.0.0.1:8079
            uplink-advertise: ""
            durability: async
            reply-timeout: 10s
            liveness: {heartbeat: 500ms, suspect: 2s, lost: 20s, lease: 5s}
            threads: {mode: dedicated, idle: yielding}
            journal:
              {segment: 256m, reserve: 32m, reserve-file: 32m, checkpoint-interval: 30s, checkpoint-key: ~/keys/mine,
               keep-checkpoints: 12}
            limits: {ring: 4096, owner-in-flight: 500, ended: 1000, forget-after: 1m}
            http: {connections: 99, headers: 8k, body: 1m, idle-timeout: 5s, requests-per-minute: 600}
            telemetry: {otlp: {endpoint: "https://otlp.example.org/", ratio: 0.25, authorization: Bearer x}}
            agent:
              name: worker-7
              group: gpu
              cpu: 8
              mem: 32g
              slots: {license.matlab: 2}
              manager: 127.0.0.1:8078
              pinning: false
              placement: prefer-single-node
              reserved-cpus: 0
              reserved-mem: 2g
              memory-limits: false
              log-max: 1m
              idle: backoff
            """);
        final Settings settings = Settings.read(terminal(), "plimsoll.yaml", NO_OPTIONS);
        assertEquals(home.resolve("cluster"), settings.data());
        assertEquals(8078, settings.manager().agentAddress().getPort());
        assertEquals(CommitMode.ASYNC, settings.manager().commitMode());
        assertEquals(5_000_000_000L, settings.manager().agentSide().leaseNs());
        assertEquals(4096, settings.manager().ringSize());
        assertEquals(500, settings.manager().ownerInFlightMax());
        assertEquals(
            new CheckpointOptions(
                home.resolve("cluster/checkpoints"), home.resolve("keys/mine"), 30_000_000_000L, 12),
            settings.manager().checkpoints());
        final FixedLimits http = settings.limits().now();
        assertEquals(99, http.connectionsMax());
        assertEquals(8_192, http.headerBytesMax());
        assertEquals(1 << 20, http.bodyBytesMax());
        assertEquals(5_000, http.idleTimeoutMs());
        assertEquals(600, http.requestsPerMinute());
        assertEquals(512, http.streamsMax());
        assertEquals(
            new TracingOptions("https://otlp.example.org/", 0.25, Map.of("Authorization", "Bearer x")),
            settings.manager().tracing());
        assertEquals("worker-7", settings.agent().name());
        assertEquals(
            Map.of("cpu", 8_000L, "mem", 32L << 30, "license.matlab", 2L), settings.agent().capacities());
        assertEquals(Affinity.PREFER_SINGLE_NODE, settings.agent().placement());
        assertEquals("{0}", settings.agent().reserved().cpus().toString());
        assertEquals(2L << 30, settings.agent().reserved().memoryBytes());
        assertEquals("127.0.0.1:8078", settings.managerAddress());
    }

    @Test
    void shouldPutOptionsOverTheFile() throws IOException
    {
        Files.writeString(home.resolve("plimsoll.yaml"), "listen: 127.0.0.1:8077\nagent: {cpu: 2}\n");
        final Settings settings = Settings.read(terminal(), "plimsoll.yaml", root ->
        {
            root.override("listen", "127.0.0.1:0");
            root.section("agent").override("cpu", "0.5");
        });
        assertEquals(0, settings.manager().apiAddress().getPort());
        assertEquals(500L, settings.agent().capacities().get("cpu"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "liveness: {suspekt: 3s}, suspect; did you mean",
        "http: {conections: 5}, wait-timeout; did you mean",
        "http: 5, http: expected keys with values below",
        "- a, the file: expected keys with values below",
        "http: {connections: [5]}, http.connections: expected a whole number",
        "http: {connections: 99999999999999999999}, http.connections: expected a whole number",
        "http: {connections: 5.5}, http.connections: expected a whole number",
        "http: {connections: '5'}, http.connections: expected a whole number",
        "http: {header-timeout: 10parsecs}, http.header-timeout: 10parsecs is not a duration",
        "http: {header-timeout: -1s}, http.header-timeout: ",
        "http: {body: 8q}, http.body: 8q is not a size",
        "history: {enabled: maybe}, history.enabled: expected true or false",
        "limits: {ring: 1000}, limits.ring: use a power of two such as 1024",
        "limits: {ring: 32}, limits.ring: expected a whole number from 64",
        "callbacks: {ca: none.pem}, callbacks.ca: ",
        "callbacks: {timeout: 1ms}, callbacks.timeout: use 100ms to 2m",
        "callbacks: {allow: [300.1.1.1/8]}, callbacks: ",
        "http: *all, line 1: *all",
        "colour: red, colour: unknown key; there are agent",
        "listen: nowhere, listen: 'nowhere' is not HOST:PORT",
        "listen: 127.0.0.1:99999, is not HOST:PORT",
        "durability: maybe, \"durability: expected one of sync, async, found 'maybe'\"",
        "liveness: {lost: soon}, liveness.lost: soon is not a duration",
        "threads: [a], \"threads: expected keys with values below, found a list\"",
        "limits: {ring: many}, limits.ring: expected a whole number",
        "agent: {mem: 1x}, agent.mem: 1x is not a size",
        "agent: {ports: 30001-30000}, agent.ports: the ports 30001-30000 are no range",
        "agent: {process: {scheduling: fast}}, \"agent.process.scheduling: use other, fifo:N or rr:N\"",
        "agent: {process: {leftovers: maybe}}, agent.process.leftovers",
        "agent: {process: {pids-max: -1}}, agent.process.pids-max",
        "agent: {pinning: perhaps}, agent.pinning: expected true or false",
        "agent: {placement: far}, \"agent.placement: expected one of nearest, prefer-single-node, interleaved\"",
        "agent: {reserved-cpus: 0-x}, agent.reserved-cpus: not a list of processors; write such as 0",
        "tls: {certificate: a.pem}, tls: give both certificate and key",
        "journal: {reserve-file: 1m}, journal.reserve-file: use 0",
        "groups: {gpu: {oder: fifo}}, groups.gpu.oder: unknown key; there are order",
        "groups: {gpu: {preemption: {mode: maybe}}}, groups.gpu.preemption.mode: use off",
        "groups: {gpu: {lostTimeout: 20s}}, groups.gpu.lostTimeout: use more than 45s",
        "database: somewhere, \"database.url: expected own, none, or the address of a PostgreSQL\"",
        "database: {url: 'r2dbc:postgresql://h/d'}, database.url: it names no user",
        "database: {user: plimsoll}, database: user and password belong to a url",
        "database: {url: 'r2dbc:postgresql://u:p@h/d'}, database.url: leave the password out",
        "database: {colour: red}, database.colour: unknown key",
        "history: {retention: soon}, history.retention: ",
        "\"history: {retention: 30d, usage-retention: 7d}\", history.usage-retention: use 0",
        "\"history: {retention: 0s, usage-retention: 7d}\", history.usage-retention: use 0",
        "http: {connections: 0}, http.connections: expected a whole number from 1",
        "http: {body: 1}, http.body: use 1k to 1024m",
        "http: {bodies: 4m}, http.bodies: use at least http.body",
        "http: {idle-timeout: 0s}, http.idle-timeout: use 1ms or more",
        "http: {requests-per-minute: -1}, http.requests-per-minute",
        "telemetry: {otlp: {endpoint: nowhere}}, telemetry.otlp.endpoint: use the URL of a receiver",
        "telemetry: {otlp: {ratio: 2}}, telemetry.otlp.ratio: use a number from 0 to 1",
        "telemetry: {otlp: {ratio: half}}, \"telemetry.otlp.ratio: 'half' is no number\"",
        "\"data: [\", line "})
    void shouldNameThePlaceOfAMistake(final String yaml, final String expected) throws IOException
    {
        Files.writeString(home.resolve("plimsoll.yaml"), yaml);
        final CliException mistake =
            assertThrows(CliException.class, () -> Settings.read(terminal(), "plimsoll.yaml", NO_OPTIONS));
        assertEquals(ExitCode.USAGE, mistake.exitCode());
        assertTrue(mistake.getMessage().startsWith("configuration plimsoll.yaml: "), mistake.getMessage());
        assertTrue(mistake.getMessage().contains(expected), mistake.getMessage());
    }

    @Test
    void shouldReadGroupsAndLabels() throws IOException
    {
        Files.writeString(home.resolve("plimsoll.yaml"), """
            groups:
              gpu: {order: drf, preemption: {mode: terminate, minRuntime: 90}, allowedTypes: [batch, system]}
            agent: {labels: {zone: z1, rack: 7}, max-kernels: 12}
            """);
        final Settings settings = Settings.read(
            terminal(), "plimsoll.yaml", root -> root.section("agent").section("labels").override("rack", "r8"));
        assertEquals(
            Map.of(
                "order", "drf",
                "preemption.mode", "terminate",
                "preemption.minRuntime", "90",
                "allowedTypes", "batch,system"),
            settings.manager().groups().get("gpu"));
        assertEquals(Map.of("zone", "z1", "rack", "r8"), settings.agent().labels());
        assertEquals(12, settings.agent().kernelsMax());
    }

    @Test
    void shouldReadHowProcessesRun() throws IOException
    {
        Files.writeString(home.resolve("plimsoll.yaml"), """
            agent:
              ports: 20000-20009
              process: {pids-max: 99, scratch-max: 2g, scratch-keep: 5m, leftovers: remove, scheduling: "rr:10"}
            """);
        final Settings settings = Settings.read(terminal(), "plimsoll.yaml", NO_OPTIONS);
        assertEquals("20000-20009", settings.agent().ports());
        assertEquals(
            new ProcessOptions(
                99, 2L << 30, 300_000_000_000L, DockerOptions.LeftoverPolicy.REMOVE, Scheduling.parse("rr:10")),
            settings.agent().process());
    }

    @Test
    void shouldReadWhereIdentitiesAreKept() throws IOException
    {
        assertEquals(DatabaseOptions.OWN, Settings.read(terminal(), null, NO_OPTIONS).manager().database());
        assertEquals(DatabaseOptions.NONE, database("database: none"));
        assertEquals(DatabaseOptions.OWN, database("database: {url: own}"));
        assertEquals(
            DatabaseOptions.OWN.withBinaries(home.resolve("programs")), database("database: {programs: programs}"));
        Files.writeString(home.resolve("secret"), "s3cret\n");
        final String url = "r2dbc:postgresql://db.example.org:5433/plimsoll?sslMode=verify-full";
        assertEquals(
            DatabaseOptions.given(url, "plimsoll", "s3cret"),
            database("database: {url: '" + url + "', user: plimsoll, password-file: secret}"));
    }

    private DatabaseOptions database(final String yaml) throws IOException
    {
        Files.writeString(home.resolve("plimsoll.yaml"), yaml);
        return Settings.read(terminal(), "plimsoll.yaml", NO_OPTIONS).manager().database();
    }

    private Terminal terminal()
    {
        return new Terminal(System.out, System.err, Map.of(), home, home);
    }
}
