package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.agent.topology.DeviceDetails;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.SysfsTopology;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessKernelRuntimeTest
{
    private static final long SHORT_GRACE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONG_GRACE_NS = TimeUnit.MINUTES.toNanos(5);

    @TempDir
    private Path directory;
    private Processes processes;

    @BeforeEach
    void before() throws IOException
    {
        processes = new Processes(directory);
    }

    @AfterEach
    void after()
    {
        processes.close();
    }

    @Test
    void shouldReportExitCodeOfKernelThatEndsByItself()
    {
        final KernelKey good = processes.launch(Assignments.of(1).command("/bin/true").make());
        final KernelKey bad = processes.launch(Assignments.of(2).shell("echo oops >&2; exit 3").make());

        assertEquals(KernelEnd.exited(0), processes.awaitEnd(good));
        assertEquals(KernelEnd.exited(3), processes.awaitEnd(bad));
        assertEquals("oops\n", processes.text(bad, KernelDirectory.STDERR));
        assertTrue(processes.startedOn.containsKey(bad));
    }

    @Test
    void shouldReportSignalThatEndedKernel()
    {
        final KernelKey key = processes.launch(Assignments.of(1).shell("kill -KILL $$").make());

        final KernelEnd end = processes.awaitEnd(key);
        assertEquals(137, end.exitCode());
        assertEquals(ReportReason.SIGNALLED, end.reason());
    }

    @Test
    void shouldGiveKernelItsEnvironmentAndArguments()
    {
        final LaunchSpec spec = new LaunchSpec(
            List.of("/bin/sh", "-c", "printf '%s|' \"$@\"; env", "zero", "a b", "$HOME", "'", "ü"),
            Map.of("MINE", "yes\nno", "PLIMSOLL_ATTEMPT", "99"), null, null, 0, 0);
        final KernelKey key = processes.launch(Assignments.of(5 << 10).spec(spec)
            .slots(new SlotGrant("cuda.device", true, 2, 0b101)).make());

        assertEquals(0, processes.awaitEnd(key).exitCode());
        final String output = processes.text(key, KernelDirectory.STDOUT);
        assertTrue(output.startsWith("a b|$HOME|'|ü|"), output);
        for (final String line : List.of(
            "MINE=yes\nno\n", "PLIMSOLL_SESSION_ID=5\n", "PLIMSOLL_KERNEL_ID=5120\n", "PLIMSOLL_KERNEL_INDEX=0\n",
            "PLIMSOLL_KERNEL_COUNT=1\n", "PLIMSOLL_HOSTS=node-1\n", "PLIMSOLL_ATTEMPT=1\n",
            "PLIMSOLL_DEVICES=cuda.device=0,2\n", "CUDA_VISIBLE_DEVICES=0,2\n"))
        {
            assertTrue(output.contains(line), output);
        }
        assertFalse(output.contains("PLIMSOLL_ARRAY_INDEX"), output);
    }

    @Test
    void shouldStartKernelInItsDirectoryAndLeakNoDescriptors() throws IOException
    {
        final Path work = Files.createDirectory(directory.resolve("work place"));
        final LaunchSpec spec = new LaunchSpec(
            List.of("/bin/sh", "-c", "pwd; ls /proc/self/fd | tr '\\n' ' '"), null, work.toString(), null, 0, 0);
        final KernelKey key = processes.launch(Assignments.of(1).spec(spec).make());

        processes.awaitEnd(key);
        // The fourth is that of ls itself.
        assertEquals(work + "\n0 1 2 3 ", processes.text(key, KernelDirectory.STDOUT));
    }

    @Test
    void shouldLeaveSignalsAsAProcessExpectsThem()
    {
        final KernelKey key = processes.launch(
            Assignments.of(1).shell("grep -E 'SigBlk|SigIgn' /proc/self/status").make());

        processes.awaitEnd(key);
        for (final String line : processes.text(key, KernelDirectory.STDOUT).split("\n"))
        {
            // Less the two signals that the C library keeps for itself.
            final long signals = Long.parseUnsignedLong(line.substring(line.indexOf('\t') + 1), 16);
            assertEquals(0, signals & ~(1L << 31 | 1L << 32), line);
        }
    }

    @Test
    void shouldSayWhyKernelCannotBeLaunched() throws IOException
    {
        final Path text = Files.writeString(directory.resolve("text"), "no program");
        final KernelKey command = processes.launch(Assignments.of(1).command("no-such-command").make());
        final KernelKey path = processes.launch(Assignments.of(2).command(text.toString()).make());
        final KernelKey place = processes.launch(Assignments.of(3).spec(
            new LaunchSpec(List.of("true"), null, "/no/such/place", null, 0, 0)).make());

        for (final KernelKey key : List.of(command, path, place))
        {
            final KernelEnd end = processes.awaitEnd(key);
            assertEquals(ReportKind.FAILED, end.kind());
            assertEquals(ReportReason.LAUNCH_FAILED, end.reason());
            assertEquals(127, end.exitCode());
            assertTrue(processes.text(key, KernelDirectory.STDERR).contains(end.detail()));
        }
        assertTrue(processes.ends.get(command).detail().startsWith("command not found: no-such-command (PATH="));
        assertEquals("command is not executable: " + text, processes.ends.get(path).detail());
        assertEquals(
            "working directory not found: /no/such/place (for the command true)", processes.ends.get(place).detail());
    }

    @Test
    void shouldEndWholeProcessGroupWithTerm()
    {
        final KernelKey key = processes.launch(
            Assignments.of(1).shell("(sleep 1000 & echo $! >grandchild; wait) & wait").make());
        final long grandchild = Long.parseLong(processes.awaitText(key, "work/grandchild"));

        processes.kill(key, LONG_GRACE_NS);
        final KernelEnd end = processes.awaitEnd(key);
        assertEquals(143, end.exitCode());
        Await.until("the end of the grandchild", () -> !Processes.isAlive(grandchild));
    }

    @Test
    void shouldKillWhatIgnoresTermOnceGraceIsOver()
    {
        final KernelKey key = processes.launch(
            Assignments.of(1).shell("trap '' TERM; echo ready >ready; while :; do sleep 1; done").make());
        processes.awaitText(key, "work/ready");

        processes.kill(key, LONG_GRACE_NS);
        processes.poll();
        assertTrue(processes.ends.isEmpty());
        processes.kill(key, SHORT_GRACE_NS);
        assertEquals(137, processes.awaitEnd(key).exitCode());
        processes.kill(key, 0);
    }

    @Test
    void shouldEndWhatKernelLeavesBehind()
    {
        final KernelKey key = processes.launch(
            Assignments.of(1).shell("trap '' TERM; sleep 1000 & echo $! >left; exit 7").make());

        assertEquals(KernelEnd.exited(7), processes.awaitEnd(key));
        final long left = Long.parseLong(processes.text(key, "work/left").strip());
        Await.until("the end of what was left", () -> !Processes.isAlive(left));
    }

    @Test
    void shouldBindKernelToItsCores()
    {
        final KernelKey key = processes.launch(
            Assignments.of(1).cpu(1000).shell("grep Cpus_allowed_list /proc/self/status; echo $PLIMSOLL_CPUS").make());

        processes.awaitEnd(key);
        final String cpus = processes.startedOn.get(key);
        assertEquals("Cpus_allowed_list:\t" + cpus + '\n' + cpus + '\n', processes.text(key, KernelDirectory.STDOUT));
        assertEquals(1, CpuList.parse(cpus).cardinality());
        assertTrue(
            ProcessTable.cpus((int)ProcessHandle.current().pid()).cardinality() >=
                Runtime.getRuntime().availableProcessors(),
            "the agent itself is not bound");
    }

    @Test
    void shouldAdoptKernelsOfEarlierLife() throws IOException
    {
        final KernelKey running = processes.launch(
            Assignments.of(1).shell("while [ ! -e go ]; do sleep 0.01; done; exit 4").make());
        final KernelKey ended = processes.launch(Assignments.of(2).shell("exit 5").make());
        processes.awaitStarted(running);
        Await.until("its exit file", () -> processes.text(ended, KernelDirectory.EXIT).endsWith("\n"));

        processes.startedOn.clear();
        processes.restart();
        processes.awaitStarted(running);
        assertEquals(KernelEnd.exited(5), processes.awaitEnd(ended));
        assertFalse(processes.ends.containsKey(running));
        Files.createFile(processes.file(running, "work/go"));
        assertEquals(KernelEnd.exited(4), processes.awaitEnd(running));
    }

    @Test
    void shouldSeeStartOfKernelThatStartsAndEndsWhileItLooks() throws Exception
    {
        final KernelKey key = processes.launch(Assignments.of(1).command("sleep", "1000").make());
        processes.awaitStarted(key);
        final int workload = processes.number(key, KernelDirectory.PID);
        final Path pid = processes.file(key, KernelDirectory.PID);
        final Path written = processes.file(key, "pid.written");
        Files.move(pid, written);
        processes.restart();
        // Who reads this has looked for the start before there is one, and goes on when the kernel has ended.
        assertEquals(0, Libc.mkfifo(pid.toString(), 0600));
        final FutureTask<Void> startAndEnd = new FutureTask<>(() ->
        {
            try (OutputStream nothing = Files.newOutputStream(pid))
            {
                Files.move(written, pid, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                Libc.kill(workload, Libc.SIGKILL);
                Await.until("its exit file", () -> processes.text(key, KernelDirectory.EXIT).endsWith(".\n"));
                nothing.flush();
            }
            return null;
        });
        new Thread(startAndEnd).start();

        final KernelEnd end = processes.awaitEnd(key);
        startAndEnd.get(1, TimeUnit.MINUTES);
        assertEquals(ReportReason.SIGNALLED, end.reason());
        assertEquals(137, end.exitCode());
    }

    @Test
    void shouldKeepPhysicalDevicesOfKernelsAcrossRestarts() throws IOException
    {
        final HostTopology live = SysfsTopology.live();
        final HostTopology host = live.with(List.of(device("gpu4", live), device("gpu9", live)));
        try (Processes mapped = new Processes(directory.resolve("mapped"), 64 * 1024, false, host))
        {
            final String script = "echo $PLIMSOLL_DEVICES >devices; while [ ! -e go ]; do sleep 0.01; done";
            final KernelKey one = mapped.launch(
                Assignments.of(1).slots(new SlotGrant("x.device", true, 1, 0b10)).shell(script).make());
            assertEquals("x.device=4", mapped.awaitText(one, "work/devices"));
            mapped.awaitStarted(one);
            mapped.restart();

            // Another number stands for another device, whoever had been told about the first.
            final KernelKey two = mapped.launch(
                Assignments.of(2).slots(new SlotGrant("x.device", true, 2, 0b11)).shell(script).make());
            assertEquals("x.device=4,9", mapped.awaitText(two, "work/devices"));
            final KernelKey three = mapped.launch(
                Assignments.of(3).slots(new SlotGrant("x.device", true, 1, 0b1)).shell(script).make());
            assertEquals("x.device=9", mapped.awaitText(three, "work/devices"));
        }
    }

    private static HostDevice device(final String id, final HostTopology host)
    {
        return new HostDevice(
            id, "x.device", host.numa().get(0).id(), HostDevice.MILLIS, 0, false, "", "", List.of(),
            DeviceDetails.NONE);
    }

    @Test
    void shouldKillAdoptedKernel() throws IOException
    {
        final KernelKey key = processes.launch(Assignments.of(1).command("sleep", "1000").make());
        processes.awaitStarted(key);
        processes.restart();

        processes.kill(key, LONG_GRACE_NS);
        assertEquals(143, processes.awaitEnd(key).exitCode());
    }

    @Test
    void shouldFailKernelWhoseSupervisorDied() throws IOException
    {
        final KernelKey mine = processes.launch(Assignments.of(1).command("sleep", "1000").make());
        final KernelKey adopted = processes.launch(Assignments.of(2).command("sleep", "1000").make());
        processes.awaitStarted(mine);
        processes.awaitStarted(adopted);
        processes.restart();
        final KernelKey fresh = processes.launch(Assignments.of(3).command("sleep", "1000").make());
        processes.awaitStarted(fresh);

        for (final KernelKey key : List.of(mine, adopted, fresh))
        {
            final int workload = processes.number(key, KernelDirectory.PID);
            Libc.kill(processes.number(key, KernelDirectory.STARTED), Libc.SIGKILL);
            final KernelEnd end = processes.awaitEnd(key);
            assertEquals(ReportKind.FAILED, end.kind());
            assertEquals(ReportReason.SUPERVISOR_DIED, end.reason());
            Await.until("the end of the workload", () -> !Processes.isAlive(workload));
        }
    }

    @Test
    void shouldStartKernelOnceHoweverOftenItIsLaunched() throws IOException
    {
        final String script = "echo once >>runs; while [ ! -e go ]; do sleep 0.01; done";
        final KernelKey key = processes.launch(Assignments.of(1).shell(script).make());
        for (int i = 0; i < 5; i++)
        {
            // An agent that ends right after the spawn does not know that it has spawned.
            processes.launch(Assignments.of(1).shell(script).make());
        }
        processes.awaitStarted(key);
        Files.createFile(processes.file(key, "work/go"));
        assertEquals(KernelEnd.exited(0), processes.awaitEnd(key));
        assertEquals("once\n", processes.text(key, "work/runs"));
    }

    @Test
    void shouldNeverStartKernelThatWasForestalled()
    {
        final KernelKey key = Assignments.key(1, 1, 1);
        processes.store.tryStore(Assignments.of(1).make());
        assertTrue(processes.runtime.forestall(key));
        processes.launch(Assignments.of(1).shell("echo ran >ran").make());

        assertEquals(ReportReason.NEVER_STARTED, processes.awaitEnd(key).reason());
        assertEquals("", processes.text(key, "work/ran"));
    }

    @Test
    void shouldEndKernelWhoseLeaseRanOut() throws IOException
    {
        final Path lease = directory.resolve("lease");
        writeLease(lease, 1000);
        final KernelKey key = processes.launch(
            Assignments.of(1).restartOnLoss().shell("trap '' TERM; sleep 1000; sleep 1000").make(), lease);
        processes.awaitStarted(key);
        writeLease(lease, -1);

        final KernelEnd end = processes.awaitEnd(key);
        assertEquals(ReportReason.LEASE_EXPIRED, end.reason());
        assertEquals(ReportKind.EXITED, end.kind());
        assertEquals(137, end.exitCode());
    }

    @Test
    void shouldNotStartKernelWithoutLease()
    {
        final KernelKey key = processes.launch(
            Assignments.of(1).restartOnLoss().shell("echo ran >ran").make(), directory.resolve("none"));

        final KernelEnd end = processes.awaitEnd(key);
        assertEquals(ReportReason.LEASE_EXPIRED, end.reason());
        assertEquals(ReportKind.FAILED, end.kind());
        assertEquals("", processes.text(key, "work/ran"));
    }

    @Test
    void shouldEndKernelWhoseLeaseRanOutThoughNobodySupervisesIt() throws IOException
    {
        final Path lease = directory.resolve("lease");
        writeLease(lease, 1000);
        final KernelKey key = processes.launch(
            Assignments.of(1).restartOnLoss().command("sleep", "1000").make(), lease);
        processes.awaitStarted(key);
        final int workload = processes.number(key, KernelDirectory.PID);
        Libc.kill(processes.number(key, KernelDirectory.STARTED), Libc.SIGKILL);
        writeLease(lease, -1);

        Await.until("the end of the workload", () -> !Processes.isAlive(workload));
        assertTrue(List.of(ReportReason.LEASE_EXPIRED, ReportReason.SUPERVISOR_DIED)
            .contains(processes.awaitEnd(key).reason()));

        // Nobody is left once the kernel is discarded, not even the one who watched the lease.
        processes.store.remove(key);
        Await.until("the end of its watcher", () -> ProcessHandle.allProcesses().noneMatch(
            process -> process.info().commandLine().orElse("").contains(directory.toString())));
    }

    @Test
    void shouldHoldWalltimeWithoutAgent()
    {
        // The limit, the grace, and five seconds for an agent to do it better.
        final KernelKey key = processes.launch(
            Assignments.of(1).walltime(1, 0).shell("trap '' TERM; sleep 1000; sleep 1000").make());

        final KernelEnd end = processes.awaitEnd(key);
        assertEquals(ReportReason.WALLTIME, end.reason());
        assertEquals(137, end.exitCode());
    }

    private void writeLease(final Path lease, final long secondsFromNow) throws IOException
    {
        final Path fresh = lease.resolveSibling("lease.new");
        Files.writeString(
            fresh, TimeUnit.NANOSECONDS.toSeconds(processes.clock.nanoTime()) + secondsFromNow + "\n");
        Files.move(fresh, lease, StandardCopyOption.REPLACE_EXISTING);
    }
}
