package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.usage.UsageReport;
import io.plimsoll.agent.usage.UsageSampler;
import io.plimsoll.agent.usage.UsageSubject;
import io.plimsoll.transport.usage.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What containers of a real engine use, and a process beside them. */
class DockerUsageIT
{
    private static final long MEBIBYTE = 1L << 20;

    @TempDir
    private Path directory;

    @Test
    void shouldTellWhatContainersUse() throws IOException
    {
        try (DockerDaemon daemon = DockerDaemon.launch();
            Containers containers = new Containers(directory, Containers.options(daemon)))
        {
            final KernelKey busy = containers.launch(1024, "while :; do :; done");
            // The shell becomes its last command, and would forget what it holds.
            final KernelKey large = containers.launch(Assignments.of(2048).memory(256 * MEBIBYTE).spec(
                Containers.shell("a=$(head -c 30000000 /dev/zero | tr '\\0' x); sleep 1000; :")).make());
            containers.awaitStarted(busy);
            containers.awaitStarted(large);
            final UsageSampler sampler =
                new UsageSampler(containers.clock, TimeUnit.SECONDS.toNanos(1), List::of);
            final Map<KernelKey, Usage> latest = new HashMap<>();
            Await.until(() -> "usage of both: " + latest, () ->
            {
                containers.poll();
                final List<UsageSubject> subjects = new ArrayList<>();
                containers.runtime.subjects(subjects::add);
                sampler.subjects(subjects);
                sampler.doWork();
                final UsageReport report = sampler.poll();
                if (null != report)
                {
                    report.kernels().forEach(kernel -> latest.put(kernel.key(), kernel.usage()));
                }
                return latest.containsKey(large) && latest.get(large).memoryBytes() > 25 * MEBIBYTE &&
                    latest.containsKey(busy) && latest.get(busy).cpuMillis() > 0;
            });
            assertTrue(latest.get(busy).cpuNs() > 0, latest.toString());
            assertTrue(latest.get(busy).memoryBytes() < 25 * MEBIBYTE, "nobody else's: " + latest);
            assertTrue(latest.get(large).memoryPeakBytes() >= latest.get(large).memoryBytes(), latest.toString());
            assertTrue(latest.get(busy).receivedBytes() >= 0, "of a network of its own: " + latest);
            assertTrue(latest.get(busy).processes() < 10, latest.toString());
        }
    }
}
