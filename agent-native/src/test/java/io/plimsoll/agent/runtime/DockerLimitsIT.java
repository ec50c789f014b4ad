package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What containers may use, read inside of them and tried to exceed, on a real engine. */
class DockerLimitsIT
{
    private static final long MEBIBYTE = 1L << 20;
    @RegisterExtension
    static final EngineOfTests ENGINE = new EngineOfTests();

    private final DockerDaemon daemon = ENGINE.daemon();

    @TempDir
    private Path directory;
    private Containers containers;

    @BeforeEach
    void start() throws IOException
    {
        Files.createDirectories(directory.resolve("read/only"));
        Files.createDirectories(directory.resolve("write"));
        Files.writeString(directory.resolve("read/only/text"), "from the host\n");
        containers = new Containers(directory.resolve("agent"), Containers.options(daemon)
            .withMounts(List.of(directory.resolve("read")), List.of(directory.resolve("write")))
            .withLimits(40, Map.of("nofile", 1234L)));
    }

    @AfterEach
    void stop()
    {
        containers.close();
    }

    private String output(final Assignments assignment)
    {
        final KernelKey key = containers.launch(assignment.make());
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(key));
        return containers.text(key, KernelDirectory.STDOUT);
    }

    @Test
    void shouldBindToTheCoresThatItTells()
    {
        final KernelKey key = containers.launch(Assignments.of(1).cpu(1000).memory(64 * MEBIBYTE).spec(Containers.shell(
            "grep Cpus_allowed_list /proc/self/status; echo $PLIMSOLL_CPUS; ulimit -n; df -k /dev/shm | tail -1"))
            .make());
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(key));
        final String cpus = containers.startedOn.get(key);
        final List<String> lines = containers.text(key, KernelDirectory.STDOUT).lines().toList();
        assertEquals(1, CpuList.parse(cpus).cardinality());
        assertEquals("Cpus_allowed_list:\t" + cpus, lines.get(0));
        assertEquals(cpus, lines.get(1));
        assertEquals("1234", lines.get(2));
    }

    @Test
    void shouldSetWhatTheEngineIsToldOfLimits()
    {
        final KernelKey key = containers.launch(Assignments.of(1).cpu(250).memory(64 * MEBIBYTE).spec(new LaunchSpec(
            List.of("sleep", "1000"), Map.of(), null, DockerDaemon.IMAGE, 0, 0,
            new ContainerSpec("1000:1001", 32 * MEBIBYTE, List.of(), List.of()))).make());
        containers.awaitStarted(key);
        assertEquals(
            "67108864 67108864 25000/100000 40 33554432 true 1000:1001",
            daemon.ask("inspect -f '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.CpuQuota}}/" +
                "{{.HostConfig.CpuPeriod}} {{.HostConfig.PidsLimit}} {{.HostConfig.ShmSize}} {{.HostConfig.Init}} " +
                "{{.Config.User}}' plimsoll-" + key.directoryName()));
    }

    @Test
    void shouldSayThatMemoryRanOut()
    {
        final KernelKey key = containers.launch(Assignments.of(1).memory(16 * MEBIBYTE).spec(Containers.shell(
            "echo up; exec head -c 200000000 /dev/zero | tail")).make());
        final KernelEnd end = containers.awaitEnd(key);
        assertEquals(ReportReason.OUT_OF_MEMORY, end.reason(), end::toString);
        assertEquals("up\n", containers.text(key, KernelDirectory.STDOUT));
    }

    @Test
    void shouldHoldOneThatForksWithoutEnd()
    {
        final KernelKey key = containers.launch(Assignments.of(1).spec(Containers.shell(
            "i=0; while [ $i -lt 200 ]; do sleep 1000 & i=$((i + 1)); done")).make());
        containers.awaitText(key, KernelDirectory.STDERR, "can't fork");
    }

    /** As that of a process; where the file system has quotas it is held by one. */
    @Test
    void shouldLimitScratchAndRemoveItAWhileAfterTheEnd() throws IOException
    {
        containers.close();
        try (QuotaDisk disk = new QuotaDisk(Files.createDirectories(directory.resolve("disk"))))
        {
            containers = new Containers(disk.place(), Containers.options(daemon));
            containers.restart(ProcessOptions.defaults().withScratch(8 * MEBIBYTE, 0));
            final KernelKey one = containers.launch(1, "head -c 9000000 /dev/zero >file && echo fits; sleep 1000");
            containers.awaitText(
                one, disk.hasQuota() ? KernelDirectory.STDERR : KernelDirectory.STDOUT,
                disk.hasQuota() ? "quota" : "fits");
            final KernelKey two = containers.launch(2, "head -c 4000000 /dev/zero >file && echo fits");
            assertEquals(KernelEnd.exited(0), containers.awaitEnd(two));
            assertEquals("fits\n", containers.text(two, KernelDirectory.STDOUT));
            containers.kill(one, 0);
            containers.awaitEnd(one);
            containers.poll();
            assertFalse(Files.exists(containers.file(one, KernelDirectory.WORK)));
            assertFalse(Files.exists(containers.file(two, KernelDirectory.WORK)));
            containers.awaitRemoval(daemon);
            containers.close();
        }
    }

    @Test
    void shouldMountWhatItMayAndNothingElse() throws IOException
    {
        final ContainerSpec.Mount read =
            new ContainerSpec.Mount(directory.resolve("read/only").toString(), "/in", true);
        final ContainerSpec.Mount write = new ContainerSpec.Mount(directory.resolve("write").toString(), "/out", false);
        final LaunchSpec spec = new LaunchSpec(
            List.of("sh", "-c", "cat /in/text | tee /out/copy mine; id -u; ! touch /in/x 2>/dev/null"),
            Map.of(), null, DockerDaemon.IMAGE, 0, 0,
            new ContainerSpec("1000", 0, List.of(read, write), List.of()));
        Files.setPosixFilePermissions(
            directory.resolve("write"), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals("from the host\n1000\n", output(Assignments.of(1).spec(spec)));
        assertEquals("from the host\n", Files.readString(directory.resolve("write/copy")));
        assertEquals("from the host\n", containers.text(Assignments.key(1, 1, 1), "work/mine"));

        // A link out of what is allowed is not allowed, nor is writing to what is read only.
        Files.createSymbolicLink(directory.resolve("read/link"), Path.of("/etc"));
        refused(2, new ContainerSpec.Mount(directory.resolve("read/link").toString(), "/in", true));
        refused(3, new ContainerSpec.Mount(directory.resolve("read").toString(), "/in", false));
        refused(4, new ContainerSpec.Mount("/", "/in", true));
    }

    /** An image may say that its containers are somebody's. */
    @Test
    void shouldLetTheUserOfAnImageWriteToItsDirectory() throws IOException
    {
        assertEquals(0, DockerDaemon.shell("tar c -C " + daemon.directory() + "/rootfs . | docker -H " + daemon.host() +
            " import --change 'USER 1000' - busy:user").exitCode());
        final LaunchSpec spec = new LaunchSpec(
            List.of("sh", "-c", "echo x >mine && id -u"), Map.of(), null, "busy:user", 0, 0);
        assertEquals("1000\n", output(Assignments.of(1).spec(spec)));
        assertEquals("x\n", containers.text(Assignments.key(1, 1, 1), "work/mine"));
    }

    private void refused(final long kernelId, final ContainerSpec.Mount mount)
    {
        final KernelEnd end = containers.awaitEnd(containers.launch(Assignments.of(kernelId).spec(new LaunchSpec(
            List.of("true"), Map.of(), null, DockerDaemon.IMAGE, 0, 0,
            new ContainerSpec(null, 0, List.of(mount), List.of()))).make()));
        assertEquals(ReportReason.LAUNCH_FAILED, end.reason());
        assertTrue(end.detail().contains("this agent allows"), end.detail());
    }
}
