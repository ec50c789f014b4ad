package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long containers take to start, beside those that are started by hand with the same options in the same run, one
 * of each in turn. The figures are in target/docker-latency.txt. With few starts only their ratio is held to something;
 * -Dplimsoll.docker.starts=200 holds the overhead to its limit.
 */
class DockerLatencyIT
{
    private static final int STARTS = Integer.getInteger("plimsoll.docker.starts", 20);
    private static final int STARTS_THAT_TELL = 200;
    private static final double OVERHEAD_MS_MAX = 20;
    private static final double RATIO_MAX = 2;
    private static final double NS_PER_MS = 1e6;

    @TempDir
    private Path directory;
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> byHand = new ArrayList<>();

    @Test
    void shouldStartAboutAsFastAsByHandAndPinAsReported() throws IOException
    {
        try (DockerDaemon daemon = DockerDaemon.launch();
            Containers containers = new Containers(directory, Containers.options(daemon)))
        {
            run(containers, 1);
            byHand(daemon, 0, "0");
            ours.clear();
            byHand.clear();
            for (int i = 1; i <= STARTS; i++)
            {
                byHand(daemon, i, run(containers, i + 1));
            }
            containers.awaitRemoval(daemon);
        }
        Collections.sort(ours);
        Collections.sort(byHand);
        final double overhead = at(ours, 0.5) - at(byHand, 0.5);
        final String figures = String.format(
            Locale.ROOT,
            "%d starts, from assignment to running: median %.1f ms, p99 %.1f ms; docker run by hand: median %.1f ms, " +
                "p99 %.1f ms; overhead %.1f ms",
            STARTS, at(ours, 0.5), at(ours, 0.99), at(byHand, 0.5), at(byHand, 0.99), overhead);
        Files.writeString(Path.of("target", "docker-latency.txt"), figures + "\n");
        assertTrue(
            STARTS < STARTS_THAT_TELL ?
            at(ours, 0.5) < RATIO_MAX * at(byHand, 0.5) :
            overhead < OVERHEAD_MS_MAX,
            figures);
    }

    private static double at(final List<Double> sorted, final double quantile)
    {
        return sorted.get((int)Math.ceil(quantile * sorted.size()) - 1);
    }

    /** Cores that it was told to have. */
    private String run(final Containers containers, final long kernelId)
    {
        final long beginNs = System.nanoTime();
        final KernelKey key = containers.launch(Assignments.of(kernelId).cpu(1000).memory(64 << 20).spec(
            Containers.shell("grep Cpus_allowed_list /proc/self/status")).make());
        Await.until(() -> "the start of " + key, () ->
        {
            containers.poll();
            return containers.startedOn.containsKey(key);
        });
        ours.add((System.nanoTime() - beginNs) / NS_PER_MS);
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(key));
        final String cpus = containers.startedOn.get(key);
        assertEquals(
            "Cpus_allowed_list:\t" + cpus + "\n", containers.text(key, KernelDirectory.STDOUT), "pinned as reported");
        return cpus;
    }

    private void byHand(final DockerDaemon daemon, final int number, final String cpus)
    {
        final String options = "--init --cpuset-cpus " + cpus + " --memory 64m --memory-swap 64m --pids-limit 4096 " +
            "-v " + directory + ":/home/work -w /home/work ";
        final long beginNs = System.nanoTime();
        daemon.ask("run -d --name hand" + number + " " + options + DockerDaemon.IMAGE +
            " grep Cpus_allowed_list /proc/self/status");
        byHand.add((System.nanoTime() - beginNs) / NS_PER_MS);
        daemon.ask("wait hand" + number);
        daemon.ask("rm hand" + number);
    }
}
