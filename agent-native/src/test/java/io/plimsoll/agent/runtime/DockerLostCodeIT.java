package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that ends between forgetting a container's processes and writing down how they have ended. */
class DockerLostCodeIT
{
    @TempDir
    private Path directory;
    private DockerDaemon daemon;
    private Containers containers;

    @BeforeEach
    void start() throws IOException
    {
        daemon = DockerDaemon.launchApart();
        containers = new Containers(directory, Containers.options(daemon));
    }

    @AfterEach
    void stop()
    {
        if (null != containers)
        {
            containers.close();
            daemon.close();
        }
    }

    private String containerd(final String command)
    {
        final DockerDaemon.Output output =
            DockerDaemon.shell("ctr -a " + daemon.directory().resolve("c.sock") + " -n moby " + command);
        assertEquals(0, output.exitCode(), output.text());
        return output.text();
    }

    /** Such an engine says 0, as if all were well; gives the kernel, before the engine is started again. */
    private KernelKey lose(final String wanted) throws IOException
    {
        final KernelKey key = containers.launch(1, "echo up; until [ -e go ]; do sleep 0.1; done; exit 22");
        containers.awaitText(key, KernelDirectory.STDOUT, "up");
        containers.awaitStarted(key);
        final String id = daemon.ask("inspect -f {{.Id}} plimsoll-" + key.directoryName());
        Await.until("that it is held", () ->
        {
            containers.poll();
            return containers.file(key, "holder").toFile().length() > 0 &&
                containers.file(key, wanted).toFile().length() > 0;
        });
        daemon.kill();
        Files.createFile(containers.file(key, "work/go"));
        Await.until("its end", () -> containerd("task ls").contains("STOPPED"));
        containerd("task delete " + id + " || true");
        containerd("container delete " + id);
        return key;
    }

    @Test
    void shouldKeepTheCodeThatItsEngineLoses() throws IOException
    {
        final KernelKey key = lose(ProcessAccounts.FILE);
        daemon.start();
        assertEquals(KernelEnd.exited(22), containers.awaitEnd(key));
        assertFalse(Files.exists(containers.file(key, ProcessAccounts.FILE)));
    }

    /** Where Linux does not write down how processes end. */
    @Test
    void shouldNotTakeACodeThatWasLostForSuccess() throws IOException
    {
        final KernelKey key = lose("holder");
        Files.deleteIfExists(containers.file(key, ProcessAccounts.FILE));
        daemon.start();
        final KernelEnd end = containers.awaitEnd(key);
        assertEquals(ReportReason.EXIT_CODE, end.reason(), end::toString);
        assertEquals(255, end.exitCode(), end::toString);
        assertTrue(end.detail().contains("lost an exit code"), end::toString);
    }
}
