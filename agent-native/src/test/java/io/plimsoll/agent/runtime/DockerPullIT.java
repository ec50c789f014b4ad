package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images from a registry on loopback that is there, is not, hangs, or serves what is broken. */
class DockerPullIT
{
    private static DockerDaemon daemon;
    private static DockerRegistry registry;

    @TempDir
    private Path directory;
    private Containers containers;
    private String image;
    private static int images;

    @BeforeAll
    static void startEngine() throws IOException
    {
        daemon = DockerDaemon.launch();
        registry = DockerRegistry.launch(daemon.directory());
    }

    @AfterAll
    static void stopEngine()
    {
        if (null != registry)
        {
            registry.close();
        }
        if (null != daemon)
        {
            daemon.close();
        }
    }

    @BeforeEach
    void start() throws IOException
    {
        containers = new Containers(directory, Containers.options(daemon).withPullTimes(
            TimeUnit.SECONDS.toNanos(2), TimeUnit.MINUTES.toNanos(1)));
        images++;
        image = registry.image("test" + images + ":1");
        registry.push(daemon, image, "image " + images);
    }

    @AfterEach
    void stop()
    {
        containers.close();
        daemon.clear();
    }

    private KernelKey launch(final long kernelId, final String name)
    {
        return containers.launch(Assignments.of(kernelId).spec(new LaunchSpec(
            List.of("cat", "/mark"), Map.of(), null, name, 0, 0)).make());
    }

    @Test
    void shouldPullOnceForAllThatWait()
    {
        final long since = Instant.now().getEpochSecond();
        final List<KernelKey> keys = new ArrayList<>();
        for (int i = 1; i <= 5; i++)
        {
            keys.add(launch(i, image));
        }
        for (final KernelKey key : keys)
        {
            assertEquals(KernelEnd.exited(0), containers.awaitEnd(key));
            assertEquals("image " + images + "\n", containers.text(key, "stdout"));
            assertEquals(List.of(ReportKind.PULLING, ReportKind.PREPARING), containers.steps.get(key));
        }
        assertEquals(1, daemon.ask("events --filter event=pull --since " + since + " --until " +
            (Instant.now().getEpochSecond() + 1)).lines().count());
    }

    @Test
    void shouldAskTheRegistryEachTimeIfTold() throws IOException
    {
        containers.close();
        containers = new Containers(directory, Containers.options(daemon).withPolicies(
            DockerOptions.PullPolicy.DIGEST, DockerOptions.LeftoverPolicy.REPORT));
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(launch(1, image)));
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(launch(2, image)));
        assertTrue(containers.steps.get(Assignments.key(2, 1, 1)).contains(ReportKind.PULLING));
    }

    @Test
    void shouldNotPullIfTold() throws IOException
    {
        containers.close();
        containers = new Containers(directory, Containers.options(daemon).withPolicies(
            DockerOptions.PullPolicy.NEVER, DockerOptions.LeftoverPolicy.REPORT));
        failed(launch(1, image), ReportReason.PULL_FAILED, "configured not to pull");
    }

    @Test
    void shouldSayThatAnImageIsUnknown()
    {
        failed(launch(1, registry.image("nowhere:1")), ReportReason.PULL_FAILED, "nowhere");
    }

    @Test
    void shouldSayThatTheRegistryIsDownOrHangs() throws IOException
    {
        registry.signal("STOP");
        failed(launch(1, image), ReportReason.PULL_TIMEOUT, "no progress");
        registry.close();
        failed(launch(2, image), ReportReason.PULL_FAILED, "connection refused");
        registry.start();
        Await.until("the registry", () -> 0 == daemon.docker("pull " + image).exitCode());
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(launch(3, image)));
    }

    @Test
    void shouldSayThatALayerIsBroken()
    {
        registry.breakLayers(daemon.directory().resolve("rootfs/mark"));
        final KernelEnd end = containers.awaitEnd(launch(1, image));
        assertTrue(
            ReportReason.PULL_FAILED == end.reason() || ReportReason.PULL_TIMEOUT == end.reason(), end::toString);
    }

    @Test
    void shouldRemoveOnlyWhatItHasBroughtAndNobodyNeeds() throws IOException
    {
        final String mine = image.replace(":1", ":2");
        daemon.ask("tag " + DockerDaemon.IMAGE + " " + mine);
        containers.close();
        containers = new Containers(directory, Containers.options(daemon).withImages(1, 0));
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(launch(1, image)));
        final KernelKey user = containers.launch(Assignments.of(2).spec(new LaunchSpec(
            List.of("sleep", "1000"), Map.of(), null, image, 0, 0)).make());
        containers.awaitStarted(user);
        // In use, and through the end of the agent.
        containers.restart();
        awaitLook();
        assertEquals(image, images(image));
        containers.kill(user, 0);
        containers.awaitEnd(user);
        containers.restart();
        Await.until(() -> "the removal of " + image + " of " + images(""), () ->
        {
            containers.poll();
            return images(image).isEmpty();
        });
        assertEquals(mine, images(mine), "what was there before");
        // Needed again, it comes again.
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(launch(3, image)));
        assertEquals("image " + images + "\n", containers.text(Assignments.key(3, 1, 1), "stdout"));
    }

    @Test
    void shouldRemoveWhatNobodyHasUsedForLong() throws IOException
    {
        containers.close();
        containers = new Containers(directory, Containers.options(daemon).withImages(0, 1));
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(launch(1, image)));
        Await.until(() -> "the removal of " + image, () ->
        {
            containers.poll();
            return images(image).isEmpty();
        });
        assertFalse(daemon.ask("images -q " + DockerDaemon.IMAGE).isEmpty());
    }

    /** Goes on until the agent has looked at its images, and has come to what it does with them. */
    private void awaitLook() throws IOException
    {
        final Path kept = directory.resolve("images");
        Files.delete(kept);
        Await.until("a look at the images", () ->
        {
            containers.poll();
            return Files.exists(kept);
        });
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(containers.launch(
            Assignments.of(9).spec(Containers.shell("true")).make())));
    }

    private static String images(final String reference)
    {
        return daemon.ask("images --format {{.Repository}}:{{.Tag}} " + reference);
    }

    private void failed(final KernelKey key, final ReportReason reason, final String detail)
    {
        final KernelEnd end = containers.awaitEnd(key);
        assertEquals(reason, end.reason(), end::toString);
        assertTrue(end.detail().contains(detail), end::toString);
        assertEquals("", containers.text(key, "stdout"));
    }
}
