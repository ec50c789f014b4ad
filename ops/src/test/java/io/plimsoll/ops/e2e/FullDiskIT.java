package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal's file system fills up under a running manager: new work is refused, accepted work ends. */
class FullDiskIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(180);
    private static final int SESSIONS_MAX = 200_000;

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path disk;
    private Path data;
    private ApiProbe api;
    private ClusterProcess manager;
    private boolean mounted;

    @BeforeEach
    void setUp() throws IOException
    {
        Requirement.root();
        Requirement.command("mount", "mount");
        workspace = new Workspace("full-disk", directory);
        disk = Files.createDirectories(directory.resolve("disk"));
        final Shell.Outcome mount =
            Shell.exec("mount", "-t", "tmpfs", "-o", "size=192m", "plimsoll-test", disk.toString());
        Requirement.of(0 == mount.exitCode(), "mount a tmpfs: " + mount.output());
        mounted = true;
        data = disk.resolve("data");
        final Path config = workspace.path("manager.yaml");
        Files.writeString(config, "journal: {segment: 32m, reserve: 16m, reserve-file: 32m}\n");
        final int port = Workspace.freePort();
        manager = workspace.start(
            "manager", "manager", "--data", data.toString(), "--config", config.toString(),
            "--listen", "127.0.0.1:" + port);
        api = new ApiProbe(port, data).awaitReady(manager);
        workspace.start(
            "agent", "agent", "--data", workspace.path("agent").toString(), "--manager", "http://127.0.0.1:" + port,
            "--join-token-file", data.resolve("join-token").toString(), "--cpu", "4");
        api.awaitAgents(1);
    }

    @AfterEach
    void tearDown()
    {
        if (null != workspace)
        {
            workspace.close();
        }
        if (mounted)
        {
            // A process that has just gone may hold its files a moment longer.
            Await.until(TIMEOUT, "unmounted", () -> 0 == Shell.exec("umount", disk.toString()).exitCode());
        }
    }

    @Test
    void shouldRefuseNewWorkAndEndAcceptedWorkUntilThereIsSpaceAgain() throws IOException, InterruptedException
    {
        final Path go = workspace.path("go");
        final List<Long> accepted = new ArrayList<>();
        for (int i = 0; i < 8; i++)
        {
            final String script = "while [ ! -e " + go + " ]; do sleep 0.1; done";
            accepted.add(submit(List.of("sh", "-c", script)).path("id").asLong());
        }
        final Path filler = disk.resolve("filler");
        fill(filler);
        refuseSooner(accepted);

        Files.createFile(go);
        for (final long id : accepted)
        {
            Await.until(TIMEOUT, () -> "accepted work ends: " + api.session(id), () ->
                "success".equals(api.session(id).path("result").asText()));
        }
        assertTrue(manager.isAlive(), manager::output);

        Files.delete(filler);
        Await.until(TIMEOUT, "submissions are taken again", () -> 201 == trySubmit().statusCode());
        for (final long id : accepted)
        {
            assertEquals("success", api.session(id).path("result").asText());
        }
        manager.terminate();
        workspace.proveJournal(data, "full");
    }

    /** Submits until the reserve cannot be kept any more. What is accepted meanwhile counts as accepted. */
    private void refuseSooner(final List<Long> accepted)
    {
        for (int i = 0; i < SESSIONS_MAX; i++)
        {
            final HttpResponse<String> response = trySubmit();
            if (503 == response.statusCode())
            {
                assertTrue(response.body().contains("no-space"), response.body());
                assertTrue(response.headers().firstValue("Retry-After").isPresent(), response.toString());
                return;
            }
            assertEquals(201, response.statusCode(), response.body());
            accepted.add(ApiProbe.parse(response.body()).path("id").asLong());
        }
        throw new AssertionError("the disk is full and submissions are still accepted: " + accepted.size());
    }

    private HttpResponse<String> trySubmit()
    {
        final Map<String, Object> session = Map.of(
            "command", List.of("true"), "cpu", "0.1", "mem", "8m", "env", Map.of("PADDING", "x".repeat(16_000)));
        return api.send("POST", "/v1/sessions", session, null);
    }

    private JsonNode submit(final List<String> command)
    {
        return api.post("/v1/sessions", Map.of("command", command, "cpu", "0.1", "mem", "8m"));
    }

    private static void fill(final Path file) throws IOException
    {
        final byte[] block = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(file))
        {
            while (true)
            {
                out.write(block);
            }
        }
        catch (final IOException full)
        {
            assertTrue(Files.size(file) > 0, full::toString);
        }
    }
}
