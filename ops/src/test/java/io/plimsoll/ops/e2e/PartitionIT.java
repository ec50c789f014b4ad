package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent is cut off for longer than {@code lost}, and healed. Kernels that wait go on where they are, kernels that
 * restart do so elsewhere, and a lock that each kernel holds while it lives shows that two of one never ran at once.
 */
class PartitionIT
{
    private static final int SESSIONS_OF_EACH_KIND = 6;
    private static final Duration TIMEOUT = Duration.ofSeconds(180);
    private static final Duration LOST = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Namespaces namespaces;
    private Path data;
    private ClusterProcess manager;
    private Cli cli;

    @BeforeEach
    void setUp() throws IOException
    {
        Requirement.root();
        Requirement.command("ip", "iproute2");
        Requirement.command("flock", "util-linux");
        workspace = new Workspace("partition", directory);
        namespaces = new Namespaces(2);
        data = workspace.path("manager");
        final Path config = workspace.path("manager.yaml");
        Files.writeString(config, "liveness: {heartbeat: 500ms, suspect: 5s, lost: " + LOST.toSeconds() + "s}\n");
        manager = workspace.start(
            "manager", namespaces.manager(),
            "manager", "--data", data.toString(), "--config", config.toString(),
            "--agent-listen", Namespaces.MANAGER_ADDRESS + ":7078");
        cli = new Cli(workspace, namespaces.manager().toArray(new String[0]));
        Await.until(TIMEOUT, "the manager answers", () -> 0 == plimsoll("agents").exitCode());
        for (int agent = 1; agent <= 2; agent++)
        {
            workspace.start(
                "agent-" + agent, namespaces.agent(agent),
                "agent", "--data", workspace.path("agent-" + agent).toString(), "--name", "agent-" + agent,
                "--manager", Namespaces.MANAGER_ADDRESS + ":7078", "--cpu", "4",
                "--join-token-file", data.resolve("join-token").toString());
        }
        Await.until(TIMEOUT, "both agents are ready", () -> 2 == readyAgents());
    }

    @AfterEach
    void tearDown()
    {
        if (null != workspace)
        {
            workspace.close();
        }
        if (null != namespaces)
        {
            namespaces.close();
        }
    }

    @Test
    void shouldNeverRunTwoOfOneKernelAtOnce() throws IOException, InterruptedException
    {
        final String script = "f=" + directory + "/marks-$PLIMSOLL_SESSION_ID; exec 9>>$f.lock; " +
            "flock -n 9 || echo $PLIMSOLL_SESSION_ID $PLIMSOLL_ATTEMPT >> " + directory + "/overlaps; " +
            "echo start $PLIMSOLL_ATTEMPT >> $f; " +
            "while [ ! -e " + directory + "/go ]; do sleep 0.1; done; echo end $PLIMSOLL_ATTEMPT >> $f";
        for (int i = 0; i < SESSIONS_OF_EACH_KIND; i++)
        {
            submit("wait", script);
            submit("restart", script);
        }
        Await.until(TIMEOUT, () -> "all run: " + sessions(), () ->
            sessions().values().stream().allMatch(session -> "RUNNING".equals(session.path("state").asText())));
        final Map<Long, JsonNode> before = sessions();
        // Work is concentrated, so the first agent has some of each kind, and the second has room for what restarts.
        final String cutAgent = agent(before.values().iterator().next());
        final int cut = Integer.parseInt(cutAgent.substring("agent-".length()));

        namespaces.cut(cut);
        Await.until(TIMEOUT.plus(LOST), () -> "restarted elsewhere: " + sessions(), () ->
            sessions().entrySet().stream().allMatch(
                entry -> isWhereItBelongs(before.get(entry.getKey()), entry.getValue(), cutAgent)));
        namespaces.heal(cut);
        Await.until(TIMEOUT, () -> "the agent is back: " + plimsoll("agents").out(), () -> 2 == readyAgents());

        Files.createFile(directory.resolve("go"));
        Await.until(TIMEOUT, () -> "all ended: " + sessions(), () ->
            sessions().values().stream().allMatch(session -> "success".equals(session.path("result").asText())));
        assertFalse(Files.exists(directory.resolve("overlaps")), "two kernels of one session ran at once");
        for (final Map.Entry<Long, JsonNode> entry : before.entrySet())
        {
            final boolean hasMoved = isRestart(entry.getValue()) && cutAgent.equals(agent(entry.getValue()));
            final List<String> expected =
                hasMoved ? List.of("start 1", "start 2", "end 2") : List.of("start 1", "end 1");
            final List<String> marks = Files.readAllLines(directory.resolve("marks-" + entry.getKey()));
            assertEquals(expected, marks, entry.getValue().toString());
        }
        manager.terminate();
        workspace.proveJournal(data, "cut");
    }

    private static boolean isWhereItBelongs(final JsonNode before, final JsonNode now, final String cutAgent)
    {
        final boolean isRunning = "RUNNING".equals(now.path("state").asText());
        if (isRestart(before) && cutAgent.equals(agent(before)))
        {
            return isRunning && 2 == now.path("attempt").asInt() && !cutAgent.equals(agent(now));
        }
        return isRunning && 1 == now.path("attempt").asInt() && agent(before).equals(agent(now));
    }

    private void submit(final String onLoss, final String script)
    {
        final List<String> words = new ArrayList<>(List.of("submit", "--data", data.toString()));
        words.addAll(List.of("--cpu", "0.5", "--mem", "16m", "--on-loss", onLoss, "--", "sh", "-c", script));
        cli.ok(words.toArray(new String[0]));
    }

    private int readyAgents()
    {
        return plimsoll("agents").out().split(" ready ", -1).length - 1;
    }

    private Cli.Outcome plimsoll(final String command)
    {
        return cli.run(command, "--data", data.toString());
    }

    private Map<Long, JsonNode> sessions()
    {
        final Map<Long, JsonNode> sessions = new TreeMap<>();
        for (final JsonNode session : cli.json("ps", "--all", "--data", data.toString(), "-o", "json"))
        {
            sessions.put(session.path("id").asLong(), session);
        }
        return sessions;
    }

    private static boolean isRestart(final JsonNode session)
    {
        return "restart".equals(session.path("onLoss").asText());
    }

    private static String agent(final JsonNode session)
    {
        return session.path("kernels").path(0).path("agent").asText();
    }
}
