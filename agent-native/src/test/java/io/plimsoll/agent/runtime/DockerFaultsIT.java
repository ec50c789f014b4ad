package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.terminal.TerminalSink;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.sbe.TerminalCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that hang, engines that are killed, agents that are killed; on a real engine. */
class DockerFaultsIT implements TerminalSink
{
    private static final int EXIT_CODE_LOST = 255;
    private static final int KERNELS = Integer.getInteger("plimsoll.docker.kernels", 10);
    private static final int ROUNDS = Integer.getInteger("plimsoll.docker.rounds", 2);
    private static final long SEED = Long.getLong("plimsoll.docker.seed", 1);
    private static final String LAST_WORDS =
        "echo up; until [ -e go ]; do sleep 0.1; done; head -c 30000 /dev/zero | tr '\\0' x; echo last; " +
            "echo oops >&2; exit 9";

    @TempDir
    private Path directory;
    private DockerDaemon daemon;
    private Containers containers;
    private TerminalException said;

    @BeforeEach
    void start() throws IOException
    {
        daemon = DockerDaemon.launch();
        containers = new Containers(directory, Containers.options(daemon).withTimes(
            TimeUnit.SECONDS.toNanos(4), TimeUnit.MILLISECONDS.toNanos(250), TimeUnit.SECONDS.toNanos(8)));
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

    @Test
    void shouldRefuseWorkWhileTheEngineHangsAndGoOnWithWhatRuns()
    {
        final KernelKey running = containers.launch(1, "echo up; until [ -e go ]; do sleep 0.1; done; exit 6");
        containers.awaitText(running, KernelDirectory.STDOUT, "up");
        daemon.signal("STOP");
        final KernelEnd end = containers.awaitEnd(containers.launch(2, "echo never"));
        assertEquals(ReportReason.LAUNCH_FAILED, end.reason());
        assertTrue(end.detail().contains("does not answer"), end.detail());
        daemon.signal("CONT");
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(containers.launch(3, "true")));
        DockerDaemon.shell("touch " + containers.file(running, "work/go"));
        assertEquals(KernelEnd.exited(6), containers.awaitEnd(running));
        containers.awaitRemoval(daemon);
    }

    @Test
    void shouldKillWhileTheEngineHangs()
    {
        final KernelKey key = containers.launch(1, "trap '' TERM; echo up; while :; do sleep 0.1; done");
        containers.awaitText(key, KernelDirectory.STDOUT, "up");
        final long pid = Long.parseLong(daemon.ask("inspect -f {{.State.Pid}} plimsoll-" + key.directoryName()));
        daemon.signal("STOP");
        containers.kill(key, 0);
        Await.until("the end of its processes", () ->
        {
            containers.poll();
            return !Processes.isAlive(pid);
        });
        daemon.signal("CONT");
        assertEquals(137, containers.awaitEnd(key).exitCode());
        containers.awaitRemoval(daemon);
    }

    /** It has its grace, in which it can put things in order, whoever asks it to end. */
    @Test
    void shouldAskToEndWhileTheEngineIsDead() throws IOException
    {
        final KernelKey key = containers.launch(
            1, "trap 'echo bye >bye; exit 5' TERM; echo up; while :; do sleep 0.1; done");
        containers.awaitText(key, KernelDirectory.STDOUT, "up");
        daemon.kill();
        containers.kill(key, TimeUnit.MINUTES.toNanos(5));
        containers.awaitText(key, "work/bye", "bye");
        daemon.start();
        assertEquals(KernelEnd.exited(5), containers.awaitEnd(key));
        containers.awaitRemoval(daemon);
    }

    @Test
    void shouldTellWhatRanBeforeAndKillItWhileTheEngineHangs() throws IOException
    {
        final KernelKey key = containers.launch(
            Assignments.of(1).cpu(1000).spec(Containers.shell("trap '' TERM; echo up; while :; do sleep 0.1; done"))
                .make());
        containers.awaitText(key, KernelDirectory.STDOUT, "up");
        final String cpus = containers.startedOn.remove(key);
        final long pid = Long.parseLong(daemon.ask("inspect -f {{.State.Pid}} plimsoll-" + key.directoryName()));
        daemon.signal("STOP");
        containers.restart();
        containers.awaitStarted(key);
        assertEquals(cpus, containers.startedOn.get(key));
        containers.kill(key, 0);
        Await.until("the end of its processes", () ->
        {
            containers.poll();
            return !Processes.isAlive(pid);
        });
        daemon.signal("CONT");
        assertEquals(137, containers.awaitEnd(key).exitCode());
        assertEquals(2, containers.startsTold.get(key));
        containers.awaitRemoval(daemon);
    }

    @Test
    void shouldEndWithTheLeaseWithAgentAndEngineDead() throws IOException
    {
        containers.lease(3600);
        final KernelKey key = containers.launch(Assignments.of(1).restartOnLoss().spec(Containers.shell(
            "echo up; sleep 1000")).make());
        containers.awaitText(key, KernelDirectory.STDOUT, "up");
        final String pid = daemon.ask("inspect -f {{.State.Pid}} plimsoll-" + key.directoryName());
        containers.runtime.close();
        daemon.kill();
        assertTrue(Processes.isAlive(Long.parseLong(pid)));
        containers.lease(-1);
        Await.until("the end of the container", () -> !Processes.isAlive(Long.parseLong(pid)));
        daemon.start();
        containers.restart();
        final KernelEnd end = containers.awaitEnd(key);
        assertEquals(ReportReason.LEASE_EXPIRED, end.reason(), end::toString);
        containers.awaitRemoval(daemon);
    }

    /** By whoever is killed: its last output is in pipes that nobody has read. */
    @Test
    void shouldKeepWhatAContainerWritesThatEndsWhileItsEngineIsDead() throws IOException
    {
        final KernelKey alone = containers.launch(1, LAST_WORDS);
        final KernelKey both = containers.launch(2, LAST_WORDS);
        for (final KernelKey key : List.of(alone, both))
        {
            containers.awaitText(key, KernelDirectory.STDOUT, "up");
            Await.until("that its output is held", () ->
            {
                containers.poll();
                return !containers.text(key, "holder").isEmpty();
            });
        }
        final List<String> pids = List.of(alone, both).stream().map(key ->
            daemon.ask("inspect -f {{.State.Pid}} plimsoll-" + key.directoryName())).toList();
        daemon.kill();
        end(alone, pids.get(0));
        containers.runtime.close();
        end(both, pids.get(1));
        daemon.start();
        containers.restart();
        for (final KernelKey key : List.of(alone, both))
        {
            assertEquals(KernelEnd.exited(9), containers.awaitEnd(key));
            assertEquals("up\nlast\n", containers.text(key, KernelDirectory.STDOUT).replace("x".repeat(30_000), ""));
            assertEquals("oops\n", containers.text(key, KernelDirectory.STDERR));
            final String holder = containers.text(key, "holder").strip();
            Await.until("the end of its holder", () -> !Processes.isAlive(Long.parseLong(holder)));
        }
        containers.awaitRemoval(daemon);
    }

    /** No engine hears of it; the container's cgroup has counted it. */
    @Test
    void shouldSayThatMemoryRanOutWhileTheEngineWasDead() throws IOException
    {
        final KernelKey key = containers.launch(Assignments.of(1).memory(16 << 20).spec(Containers.shell(
            "echo up; until [ -e go ]; do sleep 0.1; done; head -c 200000000 /dev/zero | tail")).make());
        containers.awaitText(key, KernelDirectory.STDOUT, "up");
        awaitFile(key, ContainerMemory.GROUP);
        final String pid = daemon.ask("inspect -f {{.State.Pid}} plimsoll-" + key.directoryName());
        daemon.kill();
        end(key, pid);
        awaitFile(key, ContainerMemory.SHORT);
        daemon.start();
        assertEquals(
            KernelEnd.ended(ReportReason.OUT_OF_MEMORY, 137, "needed more memory than 16777216 bytes"),
            containers.awaitEnd(key));
        containers.awaitRemoval(daemon);
    }

    private void awaitFile(final KernelKey key, final String name)
    {
        Await.until("the file " + name, () ->
        {
            containers.poll();
            return !containers.text(key, name).isEmpty();
        });
    }

    private void end(final KernelKey key, final String pid) throws IOException
    {
        Files.createFile(containers.file(key, "work/go"));
        Await.until("its end", () -> !Processes.isAlive(Long.parseLong(pid)));
    }

    /** Asked before anybody has noticed; and once it is known. */
    @Test
    void shouldSayThatTheEngineHangsToWhoStartsACommand() throws TerminalException
    {
        final KernelKey key = containers.launch(1, "echo up; sleep 600");
        containers.awaitText(key, KernelDirectory.STDOUT, "up");
        containers.awaitStarted(key);
        daemon.signal("STOP");
        final KernelTerminal terminal = containers.runtime.openTerminal(
            key, new TerminalRequest(List.of("true"), List.of(), "", "", false, false, 1, 1), System.nanoTime());
        Await.until("a message", () ->
        {
            containers.poll();
            terminal.poll(this, 1, System.nanoTime());
            return null != said;
        });
        assertEquals(TerminalCode.FAILED, said.code());
        assertEquals(
            "the Docker Engine of the kernel's host hangs: within 4000 ms it has not started the command; " +
                "the kernel goes on", said.getMessage());
        terminal.close(System.nanoTime());
        daemon.signal("CONT");
        Await.until("its end", () -> terminal.pollGone(System.nanoTime()));
        containers.kill(key, 0);
        containers.awaitEnd(key);
    }

    @Override
    public void onOutput(final boolean stderr, final byte[] content, final int length)
    {
        throw new AssertionError("of a command that was not started");
    }

    @Override
    public void onInputTaken(final int bytes)
    {
        throw new AssertionError("of a command that was not started");
    }

    @Override
    public void onExit(final int exitCode)
    {
        throw new AssertionError("of a command that was not started");
    }

    @Override
    public void onFailure(final TerminalException failure)
    {
        said = failure;
    }

    @Test
    void shouldNotStartWithoutALease() throws IOException
    {
        containers.lease(-1);
        final KernelEnd end = containers.awaitEnd(containers.launch(
            Assignments.of(1).restartOnLoss().spec(Containers.shell("echo never")).make()));
        assertEquals(ReportReason.LEASE_EXPIRED, end.reason());
        containers.awaitRemoval(daemon);
    }

    /** All of them run once, whoever is killed when; -Dplimsoll.docker.rounds=20 -Dplimsoll.docker.kernels=30. */
    @Test
    void shouldLoseAndDoubleNothingWhoeverIsKilled() throws IOException
    {
        final Random random = new Random(SEED);
        long kernelId = 0;
        for (int round = 0; round < ROUNDS; round++)
        {
            final List<KernelKey> keys = new ArrayList<>();
            for (int i = 0; i < KERNELS; i++)
            {
                kernelId++;
                keys.add(containers.launch(
                    kernelId, "echo run >>runs; sleep 0." + random.nextInt(10) + "; exit " + kernelId % 100));
            }
            final long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(2000));
            Await.until("the moment", () ->
            {
                containers.poll();
                return System.nanoTime() - untilNs > 0;
            });
            final boolean engine = 0 != round % 3;
            if (engine)
            {
                daemon.kill();
            }
            if (1 != round % 3)
            {
                containers.restart();
            }
            if (engine)
            {
                daemon.start();
            }
            keys.forEach(key -> check(key, engine));
            containers.awaitRemoval(daemon);
        }
    }

    private void check(final KernelKey key, final boolean engine)
    {
        final KernelEnd end = containers.awaitEnd(key);
        final String runs = containers.text(key, "work/runs");
        if (ReportReason.LAUNCH_FAILED == end.reason() || ReportReason.NEVER_STARTED == end.reason())
        {
            // It is started elsewhere, so it must not have run here.
            assertEquals("", runs, () -> "seed=" + SEED + " " + key + end);
        }
        else if (ReportReason.KERNEL_MISSING == end.reason() || ReportReason.SUPERVISOR_DIED == end.reason())
        {
            // The engine ended in the middle of its start, and does not know; but not twice.
            assertTrue(runs.isEmpty() || "run\n".equals(runs), () -> "seed=" + SEED + " " + key + end);
        }
        else
        {
            assertEquals("run\n", runs, () -> "seed=" + SEED + " " + key + end);
            // An engine that was killed with its containers' keeper has lost the codes, and says 255.
            final boolean lost = engine && EXIT_CODE_LOST == end.exitCode();
            assertEquals(
                lost ? EXIT_CODE_LOST : (int)(key.kernelId() % 100),
                end.exitCode(),
                () -> "seed=" + SEED + " " + key + end);
        }
    }
}
