package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills an agent at random moments while it starts, holds and ends kernels: nothing is lost, nothing runs twice, exit
 * codes and outputs are right, no port is handed out twice, and nobody is left. Long with
 * {@code -Dplimsoll.agent-kills=20}, and other moments with {@code -Dplimsoll.seed=N}.
 */
class AgentKillCampaignTest
{
    private static final int KERNELS = 30;
    private static final int ROUNDS = Integer.getInteger("plimsoll.agent-kills", 2);
    private static final long SEED = Long.getLong("plimsoll.seed", 5);
    private static final int CODES = 200;

    @TempDir
    private Path directory;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private RealManager real;
    private TestManager manager;
    private Process process;

    @BeforeEach
    void before() throws IOException
    {
        real = new RealManager(directory.resolve("ca"));
        manager = real.manager;
        Files.createDirectory(directory.resolve("ports"));
    }

    @AfterEach
    void after()
    {
        if (null != process)
        {
            kill();
        }
        real.close();
    }

    private Assignment kernel(final int id)
    {
        final int millis = random.nextInt(2000);
        // Whoever is told a port that somebody has cannot make its directory.
        final String script = "echo " + id + " >>" + directory + "/runs; port=" + directory +
            "/ports/${PLIMSOLL_PORTS#*=}; mkdir $port || echo " + id + " >>" + directory + "/twice; echo begin; " +
            "sleep " + millis / 1000.0 + "; rmdir $port; echo end; exit " + id % CODES;
        return Assignments.of(id).ports(script, 8080).make();
    }

    @Test
    void shouldLoseAndDoubleNothing() throws IOException
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final Map<KernelKey, Assignment> open = new HashMap<>();
            final List<Assignment> assignments = new ArrayList<>();
            for (int i = 1; i <= KERNELS; i++)
            {
                final Assignment assignment = kernel(round * KERNELS + i);
                assignments.add(assignment);
                open.put(assignment.key(), assignment);
            }
            while (!open.isEmpty())
            {
                start();
                // What the manager does not know to be there, or to have ended, it sends again.
                assignments.stream().filter(one -> open.containsKey(one.key())).forEach(manager::assign);
                final boolean toTheEnd = random.nextInt(3) == 0;
                final long killNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(1500));
                real.await("ends of " + open.keySet() + ", seed=" + SEED + " round=" + round, () ->
                {
                    takeEnds(open);
                    return open.isEmpty() || !toTheEnd && System.nanoTime() - killNs > 0;
                });
                kill();
            }
            verify(assignments, round);
        }
        assertEquals(ROUNDS * KERNELS, Files.readAllLines(directory.resolve("runs")).size());
        assertFalse(Files.exists(directory.resolve("twice")), "ports handed out twice");
    }

    private void takeEnds(final Map<KernelKey, Assignment> open)
    {
        for (final TestManager.Report report : manager.reports)
        {
            final KernelKey key = Assignments.key(report.kernelId(), report.term(), report.attempt());
            if (ReportKind.EXITED == report.kind() || ReportKind.FAILED == report.kind())
            {
                assertEquals(ReportKind.EXITED, report.kind(), report.toString());
                assertEquals(report.kernelId() % CODES, report.exitCode(), report.toString());
                open.remove(key);
            }
        }
        manager.reports.clear();
    }

    private void verify(final List<Assignment> assignments, final int round) throws IOException
    {
        final List<String> runs = Files.readAllLines(directory.resolve("runs"));
        assertEquals((round + 1) * KERNELS, runs.size());
        assertEquals(runs.size(), runs.stream().distinct().count());
        for (final Assignment assignment : assignments)
        {
            final Path kernel = directory.resolve("agent/kernels").resolve(assignment.key().directoryName());
            assertEquals("begin\nend\n", Files.readString(kernel.resolve("stdout")));
        }
        Await.until("the end of all processes", () -> ProcessHandle.allProcesses().noneMatch(
            one -> one.info().commandLine().orElse("").contains(directory.toString())));
    }

    private void start() throws IOException
    {
        manager.inventory.clear();
        process = AgentProcess.start(directory.resolve("agent"), real.port(), real.token);
        real.awaitInventory();
    }

    /** Until it is gone: the next one has to find the directory unlocked. */
    private void kill()
    {
        process.destroyForcibly();
        real.await("its death", () -> !process.isAlive());
    }
}
