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
        cli = new Cli(workspace);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldConfigureSubmitAndExplain() throws IOException
    {
        assertTrue(ok("agents", "--label", "zone=z1,rack").contains("rack=r1"));
        assertEquals(1, ok("agents", "--label", "zone!=z1").lines().count());
        assertTrue(ok("group", "show", "default").contains("quarantine.after          5"));
        final String changed = ok("group", "set", "default", "order=fair-share", "usageHalfLife=1h");
        assertTrue(changed.contains("order                     fair-share"), changed);
        assertTrue(changed.contains("backfill                  easy"), changed);
        ok("account", "set", "research", "level=project", "limits.cpu=3");
        assertTrue(ok("account", "set", "alice", "parent=research", "weight=2").contains("research"));

        final String half = ok(
            "submit", "--account", "alice", "--gpu", "0.5", "--cpu", "1", "--label", "zone=z1|z2", "--",
            "sh", "-c", "echo $PLIMSOLL_DEVICES; sleep 600");
        api.awaitState(Long.parseLong(half), "RUNNING", TIMEOUT);
        Await.until(TIMEOUT, "its output is there", () -> "cuda.shares=0".equals(ok("logs", half).strip()));
        final String whole = ok("submit", "--gpu", "1", "--cpu", "1", "--", "true");
        final String explained = ok("explain", whole);
        assertTrue(explained.contains("needs cuda.device 1 more on an agent"), explained);
        final String many = ok("submit", "--account", "alice", "--cpu", "3", "--", "true");
        assertTrue(
            ok("explain", many).contains("project research: cpu: used 1 + requested 3 > limit 3 (over by 1)"), many);
        assertTrue(ok("account", "list").contains("research"));
        final String last = ok("submit", "--after", "any:" + half, "--preemptible", "--cpu", "1", "--", "true");
        assertTrue(ok("explain", last).contains("the end of session " + half), last);
        ok("cancel", half);
        assertEquals("", ok("wait", "--timeout", "5m", whole, many, last));
        assertTrue(ok("explain", last).contains("ended TERMINATED (completed)"), last);
        final Cli.Outcome refused = cli.run(withData("submit", "--label", "zone=z9", "--", "true"));
        assertEquals(5, refused.exitCode(), refused.toString());
        assertTrue(refused.err().contains("no agent of the group is what is asked for"), refused.toString());
    }

    private String ok(final String... args)
    {
        return cli.ok(withData(args));
    }

    private String[] withData(final String... args)
    {
        final String[] all = new String[args.length + 2];
        all[0] = args[0];
        all[1] = "--data";
        all[2] = data.toString();
        System.arraycopy(args, 1, all, 3, args.length - 1);
        return all;
    }
}
