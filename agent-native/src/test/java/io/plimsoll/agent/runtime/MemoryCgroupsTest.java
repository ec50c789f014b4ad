package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layouts of both versions on plain files; the limit itself where this host permits it. */
class MemoryCgroupsTest
{
    private static final String NAME = "plimsoll-test";

    @TempDir
    private Path directory;

    private List<String> mounts(final String kind, final String options)
    {
        return List.of(
            "24 30 0:22 / /proc rw,nosuid shared:12 - proc proc rw",
            "35 24 0:30 / " + directory + " rw,nosuid shared:9 - " + kind + " cgroup " + options);
    }

    private Path file(final String name, final String content) throws IOException
    {
        final Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @Test
    void shouldHandDownControllerOfVersion2() throws IOException
    {
        file("user/agent/cgroup.controllers", "cpu io memory pids\n");
        file("user/agent/cgroup.subtree_control", "\n");
        final MemoryCgroups cgroups =
            MemoryCgroups.detect(mounts("cgroup2", "rw"), List.of("0::/user/agent"), NAME);

        assertNull(cgroups.note());
        assertEquals("0", Files.readString(directory.resolve("user/agent/plimsoll-agent/cgroup.procs")));
        assertEquals("+memory", Files.readString(directory.resolve("user/agent/cgroup.subtree_control")));
        assertEquals("+memory", Files.readString(directory.resolve("user/agent/" + NAME + "/cgroup.subtree_control")));

        final Path cgroup = cgroups.create("kernel", 4096);
        assertEquals("4096", Files.readString(cgroup.resolve("memory.max")));
        file("user/agent/" + NAME + "/kernel/memory.events", "low 0\noom 1\noom_kill 0\n");
        assertFalse(cgroups.ranOut(cgroup));
        file("user/agent/" + NAME + "/kernel/memory.events", "low 0\noom 1\noom_kill 2\n");
        assertTrue(cgroups.ranOut(cgroup));
        assertEquals(cgroup, cgroups.find("kernel"));
    }

    @Test
    void shouldFallBackToVersion1() throws IOException
    {
        Files.createDirectories(directory.resolve("jail/agent"));
        final MemoryCgroups cgroups = MemoryCgroups.detect(
            mounts("cgroup", "rw,cpu,memory"), List.of("5:cpu,memory:/jail/agent", "0::/"), NAME);

        assertNull(cgroups.note());
        final Path cgroup = cgroups.create("kernel", 4096);
        assertEquals(directory.resolve("jail/agent/" + NAME + "/kernel"), cgroup);
        assertEquals("4096", Files.readString(cgroup.resolve("memory.limit_in_bytes")));
        file("jail/agent/" + NAME + "/kernel/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
        assertTrue(cgroups.ranOut(cgroup));
    }

    @Test
    void shouldSayWhyThereAreNoLimits() throws IOException
    {
        assertEquals(
            "no memory limits: this host has no memory controller",
            MemoryCgroups.detect(List.of(), List.of(), NAME).note());

        file("agent/" + NAME, "in the way");
        final MemoryCgroups cgroups =
            MemoryCgroups.detect(mounts("cgroup", "rw,memory"), List.of("5:memory:/agent"), NAME);
        assertNotNull(cgroups.note());
        assertTrue(cgroups.note().startsWith("no memory limits: the agent may not make cgroups below"));
        assertNull(cgroups.find("kernel"));
    }

    @Test
    void shouldEndKernelThatNeedsTooMuch() throws IOException
    {
        try (Processes processes = new Processes(directory, 1 << 20, true))
        {
            Assumptions.assumeTrue(
                processes.runtime.notes().stream().noneMatch(note -> note.startsWith("no memory limits")),
                () -> processes.runtime.notes().toString());
            final KernelKey big = processes.launch(Assignments.of(1).memory(32 << 20)
                .shell("x=$(head -c 100000000 /dev/zero | tr '\\0' x); echo ${#x}").make());
            final KernelKey small = processes.launch(Assignments.of(2).memory(32 << 20).shell("exit 3").make());

            assertEquals(KernelEnd.exited(3), processes.awaitEnd(small));
            final KernelEnd end = processes.awaitEnd(big);
            assertEquals(ReportReason.OUT_OF_MEMORY, end.reason());
            assertEquals("needed more memory than 33554432 bytes", end.detail());
        }
    }

    @Test
    void shouldEndWhatLeftTheSessionButNotTheCgroup() throws IOException
    {
        try (Processes processes = new Processes(directory, 1 << 20, true))
        {
            Assumptions.assumeTrue(
                processes.runtime.notes().stream().noneMatch(note -> note.startsWith("no memory limits")),
                () -> processes.runtime.notes().toString());
            final KernelKey key = processes.launch(Assignments.of(1).memory(32 << 20)
                .shell("setsid sleep 1000 & echo $! >left; sleep 0.2").make());
            processes.awaitEnd(key);
            final long left = Long.parseLong(processes.text(key, "work/left").strip());
            Await.until("the end of what was left", () -> !Processes.isAlive(left));
        }
    }
}
