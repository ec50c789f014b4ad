package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The life of containers, on a real engine. */
class DockerKernelIT
{
    private static final long GRACE_NS = TimeUnit.MILLISECONDS.toNanos(300);
    @RegisterExtension
    static final EngineOfTests ENGINE = new EngineOfTests();

    private final DockerDaemon daemon = ENGINE.daemon();

    @TempDir
    private Path directory;
    private Containers containers;

    @BeforeEach
    void start() throws IOException
    {
        containers = new Containers(directory, Containers.options(daemon));
    }

    @AfterEach
    void stop()
    {
        containers.close();
    }

    @Test
    void shouldCopyOutputByteForByte() throws IOException
    {
        final byte[] random = new byte[200_000];
        new Random(5).nextBytes(random);
        final String lines = "y".repeat(16 * 1024) + "\n" + "z".repeat(40_000) + "\nend\n";
        final KernelKey key = containers.launch(
            1, "until [ -e in ]; do sleep 0.1; done; cat in in; cat lines >&2; cat lines");
        containers.awaitStarted(key);
        Files.write(containers.file(key, "work/lines"), lines.getBytes(StandardCharsets.US_ASCII));
        Files.write(containers.file(key, "work/.in"), random);
        Files.move(containers.file(key, "work/.in"), containers.file(key, "work/in"));
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(key));
        final ByteArrayOutputStream wanted = new ByteArrayOutputStream();
        wanted.writeBytes(random);
        wanted.writeBytes(random);
        wanted.writeBytes(lines.getBytes(StandardCharsets.US_ASCII));
        assertArrayEquals(wanted.toByteArray(), Files.readAllBytes(containers.file(key, KernelDirectory.STDOUT)));
        assertEquals(lines, containers.text(key, KernelDirectory.STDERR));
    }

    @Test
    void shouldTellOutputAndCodeAndLeaveNothing()
    {
        final KernelKey key = containers.launch(1, "echo out; echo err >&2; exit 3");
        assertEquals(KernelEnd.exited(3), containers.awaitEnd(key));
        assertEquals("out\n", containers.text(key, KernelDirectory.STDOUT));
        assertEquals("err\n", containers.text(key, KernelDirectory.STDERR));
        assertEquals(List.of(ReportKind.PREPARING), containers.steps.get(key));
        assertEquals(1, containers.startsTold.get(key));
        containers.awaitRemoval(daemon);
    }

    @Test
    void shouldSayWhoseAContainerIs()
    {
        final KernelKey key = containers.launch(1025, "echo $PLIMSOLL_KERNEL_ID $PLIMSOLL_CLUSTER_ROLE; pwd; sleep 99");
        containers.awaitText(key, KernelDirectory.STDOUT, "/home/work");
        assertEquals("1025 main\n/home/work\n", containers.text(key, KernelDirectory.STDOUT));
        final String labels = daemon.ask("inspect -f '{{json .Config.Labels}}' plimsoll-" + key.directoryName());
        assertTrue(labels.contains("\"io.plimsoll.session\":\"1\""), labels);
        assertTrue(labels.contains("\"io.plimsoll.cluster\":\"0123456789abcdef7edcba9876543210\""), labels);
    }

    @Test
    void shouldEndWithGraceAndThenWithout()
    {
        final KernelKey meek = containers.launch(
            1, "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.1; done");
        final KernelKey stubborn = containers.launch(2, "trap '' TERM; echo up; while :; do sleep 0.1; done");
        containers.awaitText(meek, KernelDirectory.STDOUT, "up");
        containers.awaitText(stubborn, KernelDirectory.STDOUT, "up");
        containers.kill(meek, TimeUnit.MINUTES.toNanos(1));
        containers.kill(stubborn, GRACE_NS);
        assertEquals(KernelEnd.exited(7), containers.awaitEnd(meek));
        assertEquals(137, containers.awaitEnd(stubborn).exitCode());
        assertTrue(containers.text(meek, KernelDirectory.STDOUT).endsWith("bye\n"));
    }

    @Test
    void shouldTakeUpWhatRunsAndTellWhatHasEnded() throws IOException
    {
        final KernelKey running = containers.launch(
            1, "echo one; until [ -e go ]; do sleep 0.1; done; echo two; exit 4");
        final KernelKey ending = containers.launch(2, "echo one; sleep 0.5; echo two; exit 5");
        containers.awaitText(running, KernelDirectory.STDOUT, "one");
        containers.awaitStarted(ending);
        containers.runtime.close();
        final String name = "plimsoll-" + ending.directoryName();
        daemon.ask("wait " + name);
        containers.startedOn.clear();
        containers.restart();
        assertEquals(KernelEnd.exited(5), containers.awaitEnd(ending));
        assertEquals("one\ntwo\n", containers.text(ending, KernelDirectory.STDOUT));
        containers.awaitStarted(running);
        Files.writeString(containers.file(running, "work/go"), "\n");
        assertEquals(KernelEnd.exited(4), containers.awaitEnd(running));
        assertEquals("one\ntwo\n", containers.text(running, KernelDirectory.STDOUT));
        containers.awaitRemoval(daemon);
    }

    @Test
    void shouldCopyOutputOnceThroughRestarts() throws IOException
    {
        final KernelKey key = containers.launch(1, "i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i + 1)); " +
            "[ $((i % 300)) != 0 ] || sleep 0.3; done");
        for (int i = 250; i < 2500; i += 400)
        {
            containers.awaitText(key, KernelDirectory.STDOUT, i + "\n");
            containers.restart();
        }
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(key));
        final StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 3000; i++)
        {
            expected.append(i).append('\n');
        }
        assertEquals(expected.toString(), containers.text(key, KernelDirectory.STDOUT));
    }

    @Test
    void shouldNotStartAgainWhatMayHaveRunAlready() throws IOException
    {
        final KernelKey key = Assignments.key(1, 1, 1);
        final String script = "echo run >>/home/work/runs";
        containers.store.tryStore(Assignments.of(1).spec(Containers.shell(script)).make());
        Files.createDirectories(containers.file(key, "work"));
        Files.writeString(containers.file(key, KernelDirectory.STARTED), "1\n");
        daemon.ask("create --name plimsoll-" + key.directoryName() + labels(key) + " -v " +
            containers.file(key, "work") + ":/home/work " + DockerDaemon.IMAGE + " sh -c '" + script + "'");
        containers.restart();
        assertEquals(ReportReason.KERNEL_MISSING, containers.awaitEnd(key).reason());
        assertEquals("", containers.text(key, "work/runs"));
        // The one that was about to start it in the earlier life comes too late.
        assertFalse(0 == daemon.docker("start plimsoll-" + key.directoryName()).exitCode());
        containers.awaitRemoval(daemon);
    }

    /** Its engine knows nothing of its start, and it has ended long ago: what it has left says that it ran. */
    @Test
    void shouldTellThatARunTookPlaceOfWhichOnlyTracesAreLeft() throws IOException
    {
        for (final boolean ran : new boolean[]{true, false})
        {
            final KernelKey key = Assignments.key(ran ? 1 : 2, 1, 1);
            containers.store.tryStore(Assignments.of(key.kernelId()).spec(Containers.shell("true")).make());
            Files.createDirectories(containers.file(key, "work"));
            if (ran)
            {
                Files.writeString(containers.file(key, "work/result"), "");
            }
            Files.writeString(containers.file(key, KernelDirectory.STARTED), "1\n");
            daemon.ask(
                "create --name plimsoll-" + key.directoryName() + labels(key) + " " + DockerDaemon.IMAGE + " true");
            containers.restart();
            assertEquals(
                ran ? ReportReason.SUPERVISOR_DIED : ReportReason.KERNEL_MISSING, containers.awaitEnd(key).reason());
            assertEquals(ran, containers.startedOn.containsKey(key), "else it would be started again");
        }
        containers.awaitRemoval(daemon);
    }

    /** What sets a container up is not its command, and has done nothing yet. */
    @Test
    void shouldTellCommandsFromWhatSetsContainersUp()
    {
        for (final boolean ran : new boolean[]{true, false})
        {
            final String container = daemon.ask("run -di " + DockerDaemon.IMAGE + " sh -c 'echo \"" +
                (ran ? "runc" : "runc:[2:INIT]") + "\" >/proc/$$/comm; echo up; read x'");
            Await.until("it to be up", () -> "up".equals(daemon.ask("logs " + container)));
            assertEquals(ran, ContainerProcesses.running(Set.of(container)).contains(container));
            assertEquals(ran, ContainerProcesses.kill(container));
            Await.until("its end", () -> "false".equals(daemon.ask("inspect -f {{.State.Running}} " + container)));
        }
    }

    @Test
    void shouldMakeAnewWhatWasCreatedAndNotMarked() throws IOException
    {
        final KernelKey key = Assignments.key(1, 1, 1);
        containers.store.tryStore(Assignments.of(1).spec(Containers.shell("echo right")).make());
        daemon.ask("create --name plimsoll-" + key.directoryName() + labels(key) + " " + DockerDaemon.IMAGE +
            " echo wrong");
        containers.restart();
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(key));
        assertEquals("right\n", containers.text(key, KernelDirectory.STDOUT));
        containers.awaitRemoval(daemon);
    }

    @Test
    void shouldLeaveWhatIsNotOurs() throws IOException
    {
        containers.close();
        final DockerOptions options = Containers.options(daemon).withPolicies(
            DockerOptions.PullPolicy.NEVER, DockerOptions.LeftoverPolicy.REMOVE);
        containers = new Containers(directory, options);
        final KernelKey unknown = Assignments.key(77, 1, 1);
        daemon.ask("run -d --name foreign " + DockerDaemon.IMAGE + " sleep 1000");
        daemon.ask("run -d --name other --label io.plimsoll.agent=another " + DockerDaemon.IMAGE + " sleep 1000");
        daemon.ask("run -d --name ours" + labels(unknown) + " " + DockerDaemon.IMAGE + " sleep 1000");
        containers.awaitRemoval(daemon);
        assertEquals(2, daemon.ask("ps -q").lines().count());
    }

    @Test
    void shouldReportLeftoversAndLeaveThemUnlessTold()
    {
        daemon.ask("run -d --name ours" + labels(Assignments.key(77, 1, 1)) + " " + DockerDaemon.IMAGE + " sleep 1000");
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(containers.launch(1, "true")));
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(containers.launch(2, "true")));
        assertEquals("ours", daemon.ask("ps --format {{.Names}}"));
    }

    @Test
    void shouldSayWhyAContainerCannotStart()
    {
        final KernelKey directoryIsAFile = containers.launch(Assignments.of(1).spec(new LaunchSpec(
            List.of("true"), Map.of(), "/bin/sh", DockerDaemon.IMAGE, 0, 0)).make());
        final KernelEnd end = containers.awaitEnd(directoryIsAFile);
        assertEquals(ReportReason.LAUNCH_FAILED, end.reason());
        assertTrue(end.detail().contains("not a directory"), end.detail());
        assertTrue(containers.text(directoryIsAFile, KernelDirectory.STDERR).contains("not a directory"));
        containers.awaitRemoval(daemon);
    }

    @Test
    void shouldNeverStartWhatWasKilledBefore()
    {
        final KernelKey key = containers.launch(1, "echo started");
        containers.kill(key, 0);
        final KernelEnd end = containers.awaitEnd(key);
        assertEquals(ReportReason.NEVER_STARTED, end.reason());
        assertEquals("", containers.text(key, KernelDirectory.STDOUT));
        containers.awaitRemoval(daemon);
    }

    @Test
    void shouldTellThatSomebodyRemovedIt()
    {
        final KernelKey key = containers.launch(1, "sleep 1000");
        containers.awaitStarted(key);
        daemon.ask("rm -f plimsoll-" + key.directoryName());
        assertEquals(ReportReason.KERNEL_MISSING, containers.awaitEnd(key).reason());
    }

    private static String labels(final KernelKey key)
    {
        final StringBuilder labels = new StringBuilder();
        ContainerLabels.of(Assignments.of(key.kernelId()).make(), Containers.AGENT, "").forEach(
            (name, value) -> labels.append(" --label ").append(name).append('=').append(value));
        return labels.toString();
    }
}
