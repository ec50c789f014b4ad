package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups, accounts, constraints and shares from the command line, and why what waits waits. */
class PolicyIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path data;
    private ApiProbe api;
    private Cli cli;

    @BeforeEach
    void setUp() throws IOException
    {
        workspace = new Workspace("policy", directory);
        data = workspace.path("data");
        final Path config = workspace.path("plimsoll.yaml");
        Files.writeString(config, "groups: {default: {backfill: easy, quarantine: {after: 5}}}\n");
        final int port = Workspace.freePort();
        final ClusterProcess process = workspace.start(
            "up", "up", "--data", data.toString(), "--config", config.toString(), "--listen", "127.0.0.1:" + port,
            "--cpu", "4", "--name", "local", "--slot", "cuda.device=1", "--label", "zone=z1", "--rack", "r1",
            "--max-kernels", "8");
        api = new ApiProbe(port, data).awaitReady(process).awaitAgents(1);
        cli = new Cli(workspace).on(data);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldConfigureSubmitAndExplain() throws IOException
    {
        assertTrue(cli.ok("agents", "--label", "zone=z1,rack").contains("rack=r1"));
        assertEquals(1, cli.ok("agents", "--label", "zone!=z1").lines().count());
        assertTrue(cli.ok("group", "show", "default").contains("quarantine.after          5"));
        final String changed = cli.ok("group", "set", "default", "order=fair-share", "usageHalfLife=1h");
        assertTrue(changed.contains("order                     fair-share"), changed);
        assertTrue(changed.contains("backfill                  easy"), changed);
        cli.ok("account", "set", "research", "level=project", "limits.cpu=3");
        assertTrue(cli.ok("account", "set", "alice", "parent=research", "weight=2").contains("research"));

        final String half = cli.ok(
            "submit", "--account", "alice", "--gpu", "0.5", "--cpu", "1", "--label", "zone=z1|z2", "--",
            "sh", "-c", "echo $PLIMSOLL_DEVICES; sleep 600");
        api.awaitState(Long.parseLong(half), "RUNNING", TIMEOUT);
        Await.until(TIMEOUT, "its output is there", () -> "cuda.shares=0".equals(cli.ok("logs", half).strip()));
        final String whole = cli.ok("submit", "--gpu", "1", "--cpu", "1", "--", "true");
        final String explained = cli.ok("explain", whole);
        assertTrue(explained.contains("needs cuda.device 1 more on an agent"), explained);
        final String many = cli.ok("submit", "--account", "alice", "--cpu", "3", "--", "true");
        assertTrue(
            cli.ok("explain", many).contains("project research: cpu: used 1 + requested 3 > limit 3 (over by 1)"),
            many);
        assertTrue(cli.ok("account", "list").contains("research"));
        final String last = cli.ok("submit", "--after", "any:" + half, "--preemptible", "--cpu", "1", "--", "true");
        assertTrue(cli.ok("explain", last).contains("the end of session " + half), last);
        cli.ok("cancel", half);
        assertEquals("", cli.ok("wait", "--timeout", "5m", whole, many, last));
        assertTrue(cli.ok("explain", last).contains("ended TERMINATED (completed)"), last);
        final Cli.Outcome refused = cli.run("submit", "--label", "zone=z9", "--", "true");
        assertEquals(5, refused.exitCode(), refused.toString());
        assertTrue(refused.err().contains("no agent of the group is what is asked for"), refused.toString());
    }
}
