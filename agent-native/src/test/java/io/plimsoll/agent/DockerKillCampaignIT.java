package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.runtime.DockerDaemon;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent's process, then its engine, then both are killed at random moments while containers are started, run and
 * end: nothing is lost, nothing runs twice, exit codes and outputs are right, and no container is left. But for what a
 * killed engine has lost of containers that end just then: what it had read of their output and not written down, and
 * now and then the code, which is told to be lost. Long with
 * {@code -Dplimsoll.docker.rounds=20 -Dplimsoll.docker.kernels=30}, and at other moments with
 * {@code -Dplimsoll.docker.seed=N}.
 */
class DockerKillCampaignIT
{
    private static final int KERNELS = Integer.getInteger("plimsoll.docker.kernels", 6);
    private static final int ROUNDS = Integer.getInteger("plimsoll.docker.rounds", 3);
    private static final long SEED = Long.getLong("plimsoll.docker.seed", 7);
    /** As long as it takes to start one, on a busy machine: so they are at every stage when somebody is killed. */
    private static final int MOMENT_MS_PER_KERNEL = 250;
    private static final int CODES = 200;
    private static final int CODE_LOST = 255;
    private static final String OUTPUT = "begin\nend\n";

    @TempDir
    private Path directory;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<Long, ReportKind> ends = new HashMap<>();
    private final Map<ReportReason, Integer> failures = new EnumMap<>(ReportReason.class);
    private final Map<Long, KernelKey> attempts = new HashMap<>();
    private final Map<Long, LaunchSpec> specs = new HashMap<>();
    private final Set<KernelKey> running = new HashSet<>();
    /** For whoever waits in vain. */
    private final Map<KernelKey, ReportKind> steps = new HashMap<>();
    private final Set<Long> open = new HashSet<>();
    private final String mark = "kills-" + ProcessHandle.current().pid();
    private final StringBuilder summary = new StringBuilder();
    private DockerDaemon daemon;
    private RealManager real;
    private TestManager manager;
    private Process process;
    private long assignmentNo;
    private boolean engineKilled;
    private int codesLost;
    private int outputsCut;
    private int knownRan;
    private int mayHaveRun;
    private int unknownRan;

    @BeforeEach
    void before() throws IOException
    {
        daemon = DockerDaemon.launchApart();
        real = new RealManager(directory.resolve("ca"));
        manager = real.manager;
        startAgent();
    }

    @AfterEach
    void after()
    {
        if (null != process)
        {
            killAgent();
        }
        if (null != real)
        {
            real.close();
            daemon.close();
        }
    }

    @Test
    void shouldLoseAndDoubleNothingWhoeverIsKilled() throws IOException
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            for (int i = 1; i <= KERNELS; i++)
            {
                launch(round * KERNELS + i);
            }
            final int moment = random.nextInt(KERNELS * MOMENT_MS_PER_KERNEL);
            final long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(moment);
            real.await("the moment", () -> takeEnds() && System.nanoTime() - untilNs > 0);
            final int left = open.size();
            killInTurn(round);
            awaitEnds(round);
            awaitNothingLeft();
            engineKilled = false;
            summary.append("round ").append(round).append(": killed ")
                .append(List.of("agent", "engine", "both").get(round % 3)).append(" after ").append(moment)
                .append(" ms with ").append(left).append(" of ").append(KERNELS)
                .append(" not ended; attempts that failed so far: ").append(failures)
                .append(", exit codes lost: ").append(codesLost)
                .append(", outputs cut: ").append(outputsCut)
                .append(", unknown to the engine and run: ").append(knownRan)
                .append(", told as if they had and not run: ").append(mayHaveRun)
                .append(", not seen and run: ").append(unknownRan).append('\n');
        }
        assertEquals(ROUNDS * KERNELS, ends.size());
        Files.writeString(Path.of("target/docker-kills.txt"), summary);
    }

    private void awaitEnds(final int round)
    {
        steps.clear();
        Await.until(() -> "the ends of " + open + ", seed=" + SEED + " round=" + round + ", heard of " + steps, () ->
        {
            manager.poll();
            takeEnds();
            return open.isEmpty();
        });
    }

    /** The agent, then the engine, then both, one right after the other. */
    private void killInTurn(final int round) throws IOException
    {
        if (1 != round % 3)
        {
            killAgent();
        }
        engineKilled = 0 != round % 3;
        if (engineKilled)
        {
            daemon.kill();
            daemon.start();
        }
        if (1 != round % 3)
        {
            startAgent();
            // What the manager does not know to have been received it sends again.
            List.copyOf(open).forEach(this::assign);
        }
    }

    private void launch(final long id)
    {
        final int millis = random.nextInt(KERNELS * MOMENT_MS_PER_KERNEL);
        specs.put(id, new LaunchSpec(
            List.of("sh", "-c", ": " + mark + "; echo run >>/home/work/runs; echo begin; sleep " + millis / 1000.0 +
                "; echo end; exit " + id % CODES),
            Map.of(), null, DockerDaemon.IMAGE, 0, 0));
        attempts.put(id, Assignments.key(id, 1, 1));
        open.add(id);
        assign(id);
    }

    private void assign(final long id)
    {
        manager.assign(Assignments.of(id).epoch(1, attempts.get(id).attempt()).number(++assignmentNo)
            .spec(specs.get(id)).make());
    }

    private boolean takeEnds()
    {
        // What an agent has found out before it was connected is in its inventory only.
        manager.inventory.forEach(part -> part.entries().stream()
            .filter(entry -> ReportKind.RUNNING == entry.kind())
            .forEach(entry -> running.add(Assignments.key(entry.kernelId(), 1, entry.attempt()))));
        for (final TestManager.Report report : List.copyOf(manager.reports))
        {
            final KernelKey key = Assignments.key(report.kernelId(), report.term(), report.attempt());
            steps.put(key, report.kind());
            if (ReportKind.RUNNING == report.kind())
            {
                running.add(key);
            }
            final boolean isEnd = ReportKind.EXITED == report.kind() || ReportKind.FAILED == report.kind();
            if (isEnd && key.equals(attempts.get(report.kernelId())) && open.contains(report.kernelId()))
            {
                onEnd(key, report);
            }
        }
        manager.reports.clear();
        return true;
    }

    private void onEnd(final KernelKey key, final TestManager.Report report)
    {
        final String runs = text(key, "work/runs");
        if (ReportKind.EXITED == report.kind())
        {
            final boolean isLost = engineKilled && report.detail().contains("exit code");
            assertEquals(isLost ? CODE_LOST : report.kernelId() % CODES, report.exitCode(), report::toString);
            codesLost += isLost ? 1 : 0;
            assertEquals("run\n", runs, report::toString);
            final String output = text(key, "stdout");
            assertTrue(
                OUTPUT.equals(output) || engineKilled && OUTPUT.startsWith(output),
                () -> report + ", output=" + output);
            outputsCut += OUTPUT.equals(output) ? 0 : 1;
            assertNull(ends.put(report.kernelId(), report.kind()), report::toString);
            open.remove(report.kernelId());
            return;
        }
        failures.merge(report.reason(), 1, Integer::sum);
        if (running.contains(key) || ReportReason.SUPERVISOR_DIED == report.reason())
        {
            // It ran, and its engine knew nothing of it: told, and nobody starts it again.
            assertTrue(
                ReportReason.KERNEL_MISSING == report.reason() || ReportReason.SUPERVISOR_DIED == report.reason(),
                report::toString);
            knownRan += runs.isEmpty() ? 0 : 1;
            mayHaveRun += runs.isEmpty() ? 1 : 0;
            assertNull(ends.put(report.kernelId(), report.kind()), report::toString);
            open.remove(report.kernelId());
            return;
        }
        unknownRan += runs.isEmpty() ? 0 : 1;
        // Nobody knows of one whose start the engine did not outlive; of all others it is known that they never ran.
        assertTrue(
            runs.isEmpty() || ReportReason.KERNEL_MISSING == report.reason() && "run\n".equals(runs),
            () -> report + ", runs=" + runs);
        attempts.put(report.kernelId(), Assignments.key(report.kernelId(), 1, report.attempt() + 1));
        assign(report.kernelId());
    }

    private String text(final KernelKey key, final String name)
    {
        final Path file = directory.resolve("agent/kernels").resolve(key.directoryName()).resolve(name);
        try
        {
            return Files.exists(file) ? Files.readString(file) : "";
        }
        catch (final IOException e)
        {
            throw new AssertionError(e);
        }
    }

    /** No container, and no process of one of which its engine does not know. */
    private void awaitNothingLeft()
    {
        real.await("the removal of all containers", () -> daemon.ask("ps -aq").isEmpty());
        Await.until(() -> "the end of " + processes(), () -> processes().isEmpty());
    }

    private List<String> processes()
    {
        return ProcessHandle.allProcesses()
            .map(one -> one.info().commandLine().orElse("")).filter(line -> line.contains(mark)).toList();
    }

    private void startAgent() throws IOException
    {
        manager.inventory.clear();
        process = AgentProcess.start(directory.resolve("agent"), real.port(), real.token, daemon.host());
        real.awaitInventory();
    }

    /** Until it is gone: the next one has to find the directory unlocked. */
    private void killAgent()
    {
        process.destroyForcibly();
        real.await("its death", () -> !process.isAlive());
    }
}
