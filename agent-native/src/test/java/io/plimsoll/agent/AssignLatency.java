package io.plimsoll.agent;

import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures, when run by hand, an agent on the real transport: how long after its assignment a kernel of
 * {@code /bin/true} is reported to run and to have ended, one at a time on an idle host; then how many per second with
 * many under way. {@code java -cp … io.plimsoll.agent.AssignLatency COUNT UNDER_WAY}.
 */
public final class AssignLatency
{
    private static final Logger LOG = LoggerFactory.getLogger(AssignLatency.class);
    private static final long PARK_NS = 50_000;

    private AssignLatency()
    {
    }

    public static void main(final String[] args) throws IOException
    {
        final int count = Integer.parseInt(args[0]);
        final int underWayMax = Integer.parseInt(args[1]);
        final Path directory = Files.createTempDirectory("plimsoll-assign-latency");
        try (RealManager real = new RealManager(directory.resolve("ca"));
            AgentNode node = AgentNode.launch(new AgentContext()
                .dataDirectory(directory.resolve("agent")).manager("127.0.0.1", real.port()).joinToken(real.token)))
        {
            real.awaitInventory();
            LOG.info("{}", node.status());
            oneAtATime(real, count);
            real.manager.reports.clear();
            manyAtATime(real, count, underWayMax);
        }
    }

    private static void oneAtATime(final RealManager real, final int count)
    {
        final long[] runningNs = new long[count];
        final long[] endedNs = new long[count];
        for (int i = 0; i < count; i++)
        {
            final KernelKey key = Assignments.key(i + 1L, 1, 1);
            final long startNs = System.nanoTime();
            real.manager.assign(Assignments.of(i + 1L).cpu(1000).make());
            awaitKind(real, key, ReportKind.RUNNING);
            runningNs[i] = System.nanoTime() - startNs;
            awaitKind(real, key, ReportKind.EXITED);
            endedNs[i] = System.nanoTime() - startNs;
            real.manager.reports.clear();
        }
        report("assign to RUNNING", runningNs);
        report("assign to EXITED", endedNs);
    }

    private static void manyAtATime(final RealManager real, final int count, final int underWayMax)
    {
        final long startNs = System.nanoTime();
        int assigned = 0;
        int ended = 0;
        int seen = 0;
        while (ended < count)
        {
            while (assigned < count && assigned - ended < underWayMax)
            {
                assigned++;
                real.manager.assign(Assignments.of(count + assigned).cpu(1000).make());
            }
            real.manager.poll();
            for (; seen < real.manager.reports.size(); seen++)
            {
                ended += ReportKind.EXITED == real.manager.reports.get(seen).kind() ? 1 : 0;
            }
            LockSupport.parkNanos(PARK_NS);
        }
        LOG.info("rate={}/s underWay={}", count * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - startNs),
            underWayMax);
    }

    private static void awaitKind(final RealManager real, final KernelKey key, final ReportKind kind)
    {
        while (!real.manager.kinds(key).contains(kind))
        {
            real.manager.poll();
            LockSupport.parkNanos(PARK_NS);
        }
    }

    private static void report(final String what, final long[] durationsNs)
    {
        Arrays.sort(durationsNs);
        LOG.info("{}: p50={}us p90={}us p99={}us max={}us", what,
            durationsNs[durationsNs.length / 2] / 1000, durationsNs[durationsNs.length * 9 / 10] / 1000,
            durationsNs[durationsNs.length * 99 / 100] / 1000, durationsNs[durationsNs.length - 1] / 1000);
    }
}
