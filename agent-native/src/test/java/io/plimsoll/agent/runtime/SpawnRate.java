package io.plimsoll.agent.runtime;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.kernel.KernelKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures, when run by hand, how many kernels of {@code /bin/true} the runtime gets through, and how long one takes on
 * an idle host: {@code java -cp … io.plimsoll.agent.runtime.SpawnRate COUNT UNDER_WAY CPU_MILLIS MEMORY_BYTES}.
 */
public final class SpawnRate
{
    private static final Logger LOG = LoggerFactory.getLogger(SpawnRate.class);

    private SpawnRate()
    {
    }

    public static void main(final String[] args) throws IOException
    {
        final int count = Integer.parseInt(args[0]);
        final int underWayMax = Integer.parseInt(args[1]);
        final Path directory = Files.createTempDirectory("plimsoll-spawn-rate");
        try (Processes processes = new Processes(directory, 1 << 20, true))
        {
            final long[] latencyNs = new long[count];
            final KernelKey[] keys = new KernelKey[count];
            int launched = 0;
            final long startNs = System.nanoTime();
            while (processes.ends.size() < count)
            {
                final int before = processes.ends.size();
                while (launched < count && launched - processes.ends.size() < underWayMax)
                {
                    latencyNs[launched] = System.nanoTime();
                    keys[launched] = processes.launch(Assignments.of(launched + 1L)
                        .cpu(Long.parseLong(args[2])).memory(Long.parseLong(args[3])).make());
                    launched++;
                }
                processes.poll();
                for (int i = 0; i < launched && processes.ends.size() > before; i++)
                {
                    if (null != keys[i] && processes.ends.containsKey(keys[i]))
                    {
                        latencyNs[i] = System.nanoTime() - latencyNs[i];
                        keys[i] = null;
                    }
                }
                LockSupport.parkNanos(100_000);
            }
            final long durationNs = System.nanoTime() - startNs;
            Arrays.sort(latencyNs);
            LOG.info("rate={}/s p50={}us p99={}us notes={}",
                count * TimeUnit.SECONDS.toNanos(1) / durationNs, latencyNs[count / 2] / 1000,
                latencyNs[count * 99 / 100] / 1000, processes.runtime.notes());
        }
    }
}
