package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The everyday commands and the everyday mistakes against a real manager and agent. */
class CommandLineIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path data;
    private ApiProbe api;
    private Cli cli;
    private Cli client;

    @BeforeEach
    void setUp() throws IOException
    {
        workspace = new Workspace("command-line", directory);
        data = workspace.path("data");
        final int port = Workspace.freePort();
        final ClusterProcess process = workspace.start(
            "up", "up", "--data", data.toString(), "--listen", "127.0.0.1:" + port, "--cpu", "4", "--name", "local");
        api = new ApiProbe(port, data).awaitReady(process).awaitAgents(1);
        cli = new Cli(workspace);
        client = new Cli(workspace).on(data);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldRunSubmitShowWaitAndCancel() throws IOException
    {
        final Cli.Outcome run = run("run", "--", "sh", "-c", "echo out; echo err >&2; pwd; exit 7");
        assertEquals(7, run.exitCode(), run.toString());
        assertEquals("out\n" + directory.toRealPath() + "\n", run.out());
        assertEquals("err\n", run.err());

        final Cli.Outcome pair =
            run("run", "--kernels", "2", "--cpu", "0.5", "--env", "WORD=hi", "--", "sh", "-c", "echo $WORD");
        assertEquals(0, pair.exitCode(), pair.toString());
        assertTrue(pair.out().contains("0: hi\n") && pair.out().contains("1: hi\n"), pair.toString());

        final String[] elements = ok("submit", "--count", "3", "--cpu", "0.5", "--", "true").split("\n");
        assertEquals(3, elements.length);
        final String array = elements[0] + "-" + elements[2];
        final String after = ok("submit", "--after", array, "--name", "last", "--", "echo", "done");
        assertEquals("", ok("wait", "--timeout", "5m", array, after));
        assertEquals("done", ok("logs", after));
        assertTrue(ok("show", after).contains("completed"), after);

        final String failing = ok("submit", "--", "sh", "-c", "exit 3");
        assertEquals(1, run("wait", failing).exitCode());
        final String sleeping = ok("submit", "--", "sleep", "600");
        api.awaitState(Long.parseLong(sleeping), "RUNNING", TIMEOUT);
        assertEquals(124, run("wait", "--timeout", "200ms", sleeping).exitCode());
        assertTrue(ok("ps").contains("sleep 600"));
        ok("cancel", sleeping);
        assertEquals(1, run("wait", sleeping).exitCode());
        assertEquals(6, run("cancel", sleeping).exitCode());
        assertFalse(ok("ps").contains("sleep 600"));
        assertTrue(ok("ps", "--all").contains("sleep 600"));
    }

    @Test
    void shouldAnswerJsonWithTheNamesOfTheApi() throws IOException
    {
        final JsonNode submitted = client.json("submit", "-o", "json", "--", "true");
        final String id = submitted.path("id").asText();
        final JsonNode waited = client.json("wait", "-o", "json", id);
        assertTrue(waited.isArray() && "success".equals(waited.path(0).path("result").asText()), waited.toString());
        final JsonNode all = client.json("ps", "--all", "-o", "json");
        assertTrue(all.isArray() && 1 == all.size(), all.toString());
        assertEquals(id, client.json("show", "-o", "json", id).path("id").asText());
        final JsonNode agents = client.json("agents", "-o", "json");
        assertEquals("local", agents.path(0).path("name").asText());
        assertTrue(client.json("drain", "-o", "json", "local").path("drained").asBoolean());
        assertFalse(client.json("resume", "-o", "json", "1").path("drained").asBoolean());
        final Path file = workspace.path("sessions.yaml");
        Files.writeString(
            file, "sessions:\n  - command: [\"true\"]\n    name: first\n  - {command: [\"true\"], count: 2}\n");
        final JsonNode many = client.json("submit", "-f", file.toString(), "-o", "json");
        assertTrue(many.isArray() && 2 == many.size(), many.toString());
    }

    @Test
    void shouldExplainMistakesWithDistinctExitCodes() throws IOException
    {
        assertMistake(2, "1x is not a size", "run", "--mem", "1x", "--", "true");
        assertMistake(4, "there is no session 4711", "show", "4711");
        assertMistake(4, "4711", "logs", "4711");
        assertMistake(4, "one id is not that of a session", "cancel", "4711");
        assertMistake(4, "nobody", "drain", "nobody");
        assertMistake(5, "largest agent has 4", "run", "--cpu", "64", "--", "true");
        assertMistake(5, "no resource group", "submit", "--group", "nowhere", "--", "true");
        assertMistake(5, "license", "submit", "--slot", "license=1", "--", "true");
        assertMistake(4, "there is no session 4711", "submit", "--after", "4711", "--", "true");
        assertMistake(6, "lost nothing", "recover", "--accept-loss");
        assertMistake(6, "in use by another manager", "up", "--listen", "127.0.0.1:0");
        final Cli.Outcome unauthenticated =
            new Cli(workspace).with("PLIMSOLL_TOKEN", "wrong").run("ps", "--url", api.url());
        assertEquals(8, unauthenticated.exitCode(), unauthenticated.toString());
        final Cli.Outcome nobody = cli.run("ps", "--url", "http://127.0.0.1:" + Workspace.freePort());
        assertEquals(3, nobody.exitCode(), nobody.toString());
        final Cli.Outcome taken = cli.run(
            "up", "--data", workspace.path("other").toString(), "--listen", api.url().substring("http://".length()));
        assertEquals(6, taken.exitCode(), taken.toString());
        final Path config = workspace.path("plimsoll.yaml");
        Files.writeString(config, "liveness:\n  suspekt: 3s\n");
        final Cli.Outcome wrong = cli.run("up", "--config", config.toString());
        assertEquals(2, wrong.exitCode(), wrong.toString());
        assertTrue(wrong.err().contains("liveness.suspekt: unknown key"), wrong.toString());
    }

    @Test
    void shouldCancelTheSessionOfAnInterruptedRun() throws IOException, InterruptedException
    {
        final Path out = workspace.path("run.out");
        final Process run = cli.start(
            out, workspace.path("run.err"), "run", "--data", data.toString(), "--", "sh", "-c", "echo up; sleep 600");
        // Its output, not its state: only what shows output has learnt which session is its own.
        Await.until(TIMEOUT, "the session is followed", () -> "up\n".equals(Files.readString(out)));
        run.destroy();
        assertTrue(run.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        Await.until(TIMEOUT, () -> "cancelled: " + api.sessions(), () ->
            api.sessions().values().stream()
                .allMatch(session -> "user-requested".equals(session.path("reason").asText())));
    }

    private Cli.Outcome run(final String... args)
    {
        return client.run(args);
    }

    private String ok(final String... args)
    {
        return client.ok(args);
    }

    private void assertMistake(final int exitCode, final String expected, final String... args)
    {
        final Cli.Outcome outcome = run(args);
        assertEquals(exitCode, outcome.exitCode(), outcome.toString());
        assertTrue(outcome.err().contains(expected), outcome.toString());
        assertEquals("", outcome.out(), outcome.toString());
        assertFalse(outcome.err().contains("\tat "), outcome.toString());
        assertEquals(1, outcome.err().lines().count(), outcome.toString());
    }
}
