package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.allocation.Affinity;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of processes are used again: what is not the kernel's is left alone. And what is, is not left over. */
class NothingForeignTest
{
    private static final long SECOND_LOOK_NS = TimeUnit.SECONDS.toNanos(6);

    @TempDir
    private Path directory;
    private Processes processes;
    private Process foreign;

    @BeforeEach
    void before() throws IOException
    {
        processes = new Processes(directory);
        foreign = new ProcessBuilder("setsid", "sleep", "1000").start();
    }

    @AfterEach
    void after()
    {
        foreign.destroyForcibly();
        processes.close();
    }

    /** With the start of another process, and as written by versions that did not keep it. */
    @ParameterizedTest
    @ValueSource(strings = {"%d 12345\n", "%d\n"})
    void shouldNotKillWhoHasTheNumberOfAKernelThatIsGone(final String pid) throws IOException
    {
        final KernelKey key = processes.launch(Assignments.of(1).command("sleep", "1000").make());
        processes.awaitStarted(key);
        final int workload = processes.number(key, KernelDirectory.PID);
        Libc.kill(processes.number(key, KernelDirectory.STARTED), Libc.SIGKILL);
        Libc.kill(workload, Libc.SIGKILL);
        Await.until("its death", () -> !Processes.isAlive(workload));
        Files.writeString(processes.file(key, KernelDirectory.PID), pid.formatted(foreign.pid()));

        processes.restart();
        processes.kill(key, 0);
        assertEquals(ReportReason.SUPERVISOR_DIED, processes.awaitEnd(key).reason());
        assertTrue(foreign.isAlive());
    }

    @Test
    void shouldNotKillWhoHasTheNumberOnceTheWalltimeIsOver() throws IOException
    {
        // A second for the kernel, and five more before its supervisor, or the watcher that outlives it, kills.
        final KernelKey key = processes.launch(Assignments.of(1).walltime(1, 0).command("sleep", "1000").make());
        processes.awaitStarted(key);
        final int workload = processes.number(key, KernelDirectory.PID);
        Libc.kill(processes.number(key, KernelDirectory.STARTED), Libc.SIGKILL);
        Libc.kill(workload, Libc.SIGKILL);
        Files.writeString(processes.file(key, KernelDirectory.PID), foreign.pid() + " 12345\n");
        Await.until("its watcher to be over", () -> ProcessTable.supervisors(script()).isEmpty());
        assertTrue(foreign.isAlive());
    }

    private String script()
    {
        return directory.resolve("supervisor.sh").toString();
    }

    private Leftovers leftovers(final DockerOptions.LeftoverPolicy policy, final Trash trash)
    {
        return new Leftovers(
            new ProcessRuntimeOptions(
                directory, processes.kernels, "plimsoll-test-" + ProcessHandle.current().pid(), true, false, 1,
                1, null, ServicePorts.RANGE_DEFAULT, ProcessOptions.defaults().withLeftovers(policy),
                Affinity.NEAREST),
            trash, script(), KernelCgroups.detect("plimsoll-test-" + ProcessHandle.current().pid(), false),
            name -> false);
    }

    @Test
    void shouldReportOrRemoveWhatNoKernelAccountsFor() throws IOException
    {
        final KernelKey key = processes.launch(
            Assignments.of(1).shell("echo ready >ready; sleep 1000").make());
        processes.awaitText(key, "work/ready");
        final int workload = processes.number(key, KernelDirectory.PID);
        final int supervisor = processes.number(key, KernelDirectory.STARTED);
        try (Trash trash = new Trash(directory.resolve("trash-of-test")))
        {
            final Leftovers reported = leftovers(DockerOptions.LeftoverPolicy.REPORT, trash);
            assertEquals(1, reported.poll(0));
            assertEquals(0, reported.poll(1));
            assertEquals(1, reported.poll(SECOND_LOOK_NS));
            assertTrue(Processes.isAlive(workload) && Processes.isAlive(supervisor));

            final Leftovers removed = leftovers(DockerOptions.LeftoverPolicy.REMOVE, trash);
            removed.poll(0);
            assertTrue(Processes.isAlive(workload), "what is just about to end is none");
            removed.poll(SECOND_LOOK_NS);
            Await.until("its end", () -> !Processes.isAlive(workload));
            assertTrue(foreign.isAlive());
        }
    }

    @Test
    void shouldLeaveDirectoryOfStartedKernelWhoseAssignmentIsBroken() throws IOException
    {
        final KernelKey key = processes.launch(
            Assignments.of(1).shell("echo ready >ready; sleep 1000").make());
        processes.awaitText(key, "work/ready");
        final int workload = processes.number(key, KernelDirectory.PID);
        final byte[] assignment = Files.readAllBytes(processes.file(key, KernelDirectory.ASSIGNMENT));
        Files.write(processes.file(key, KernelDirectory.ASSIGNMENT), new byte[]{1, 2, 3});
        try (Trash trash = new Trash(directory.resolve("trash-of-test")))
        {
            processes.store.load((found, what, verdict, acknowledged) -> assertEquals(null, found));
            assertTrue(Files.exists(processes.file(key, KernelDirectory.UNREADABLE)));
            Files.write(processes.file(key, KernelDirectory.ASSIGNMENT), assignment);

            final Leftovers removed = leftovers(DockerOptions.LeftoverPolicy.REMOVE, trash);
            removed.poll(0);
            removed.poll(SECOND_LOOK_NS);
            Await.until("its end", () -> !Processes.isAlive(workload));
            assertFalse(Files.exists(processes.file(key, KernelDirectory.UNREADABLE)));
        }
    }
}
