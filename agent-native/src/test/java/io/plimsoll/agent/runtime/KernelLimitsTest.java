package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of real kernels by real cgroups of whichever version this host has, if it permits. */
class KernelLimitsTest
{
    private static final long MEMORY = 32 << 20;
    private static final String TOO_MUCH = "x=$(head -c 100000000 /dev/zero | tr '\\0' x); echo ${#x}";
    /** In vain once its limit is reached, but who fails to fork tries again: a shell would end. */
    private static final String FORK_BOMB =
        "$SIG{TERM} = 'IGNORE'; while (1) { fork; select undef, undef, undef, .01 }";

    @TempDir
    private Path directory;
    private Processes processes;

    @BeforeEach
    void before() throws IOException
    {
        processes = new Processes(directory, 1 << 20, true);
        Assumptions.assumeTrue(
            processes.runtime.notes().stream().noneMatch(note -> note.startsWith("no memory limits")),
            () -> processes.runtime.notes().toString());
    }

    @AfterEach
    void after()
    {
        processes.close();
    }

    @Test
    void shouldEndKernelThatNeedsTooMuch()
    {
        final KernelKey big = processes.launch(Assignments.of(1).memory(MEMORY).shell(TOO_MUCH).make());
        final KernelKey small = processes.launch(Assignments.of(2).memory(MEMORY).shell("exit 3").make());

        assertEquals(KernelEnd.exited(3), processes.awaitEnd(small));
        assertOutOfMemory(processes.awaitEnd(big));
    }

    private static void assertOutOfMemory(final KernelEnd end)
    {
        assertEquals(ReportReason.OUT_OF_MEMORY, end.reason());
        assertEquals("needed more memory than 33554432 bytes", end.detail());
    }

    @Test
    void shouldTellThatMemoryRanOutWhileTheAgentWasDead() throws IOException
    {
        final KernelKey key = processes.launch(Assignments.of(1).memory(MEMORY).shell(TOO_MUCH).make());
        // Nobody polls, as if nobody were there.
        Await.until("its exit file", () -> processes.text(key, KernelDirectory.EXIT).endsWith(".\n"));
        processes.restart();
        assertOutOfMemory(processes.awaitEnd(key));
    }

    @Test
    void shouldHoldKernelThatForksWithoutEnd() throws IOException
    {
        processes.restart(ProcessOptions.defaults().withPidsMax(40));
        final KernelKey bomb = processes.launch(Assignments.of(1).command("perl", "-e", FORK_BOMB).make());
        processes.awaitStarted(bomb);
        final Path pids = processes.runtime.cgroup(bomb).directory("pids");
        Await.until("its limit", () -> 40 == number(pids.resolve("pids.current")));

        final KernelKey other = processes.launch(Assignments.of(2).shell("exit $(echo 6)").make());
        assertEquals(KernelEnd.exited(6), processes.awaitEnd(other));
        assertTrue(number(pids.resolve("pids.current")) <= 40);
        processes.kill(bomb, 0);
        assertEquals(ReportReason.SIGNALLED, processes.awaitEnd(bomb).reason());
        assertFalse(Files.exists(pids), "nobody is left in it");
    }

    private static int number(final Path file)
    {
        return Integer.parseInt(KernelFiles.text(file).strip());
    }

    @Test
    void shouldKeepKernelOnItsCores()
    {
        final KernelKey key = processes.launch(Assignments.of(1).cpu(1000).shell(
            "taskset -p ffff $$ >/dev/null 2>&1; grep Cpus_allowed_list /proc/self/status").make());
        processes.awaitEnd(key);
        assertEquals(
            "Cpus_allowed_list:\t" + processes.startedOn.get(key) + '\n',
            processes.text(key, KernelDirectory.STDOUT));
    }

    @Test
    void shouldEndWhatLeftTheSessionButNotTheCgroup()
    {
        final KernelKey key = processes.launch(
            Assignments.of(1).shell("setsid sleep 1000 & echo $! >left; sleep 0.2").make());
        processes.awaitEnd(key);
        final long left = Long.parseLong(processes.text(key, "work/left").strip());
        Await.until("the end of what was left", () -> !Processes.isAlive(left));
    }

    @Test
    void shouldEndWhatLeftTheSessionWithTheLeaseAndWithoutAgent() throws IOException
    {
        final Path lease = directory.resolve("lease");
        Files.writeString(lease, TimeUnit.NANOSECONDS.toSeconds(processes.clock.nanoTime()) + 1000 + "\n");
        final KernelKey key = processes.launch(Assignments.of(1).restartOnLoss().shell(
            "setsid sleep 1000 & echo $! >left; sleep 1000").make(), lease);
        processes.awaitStarted(key);
        final long left = Long.parseLong(processes.awaitText(key, "work/left"));
        Files.writeString(lease, "1\n");
        // Nobody polls any more.
        Await.until("the end of what was left", () -> !Processes.isAlive(left));
        assertEquals(ReportReason.LEASE_EXPIRED, processes.awaitEnd(key).reason());
    }
}
