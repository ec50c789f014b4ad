package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layouts of both versions on plain files, as the kernel has them; {@link KernelLimitsTest} is on real ones. */
class KernelCgroupsTest
{
    private static final String NAME = "plimsoll-test";

    @TempDir
    private Path directory;

    private String mount(final String place, final String kind, final String options)
    {
        return "35 24 0:30 / " + directory.resolve(place) + " rw,nosuid shared:9 - " + kind + " cgroup " + options;
    }

    private Path file(final String name, final String content) throws IOException
    {
        final Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private String text(final String name) throws IOException
    {
        return Files.readString(directory.resolve(name));
    }

    private static CgroupLimits limits(final String cpus)
    {
        return new CgroupLimits(4096, 64, CpuList.parse(cpus));
    }

    private KernelCgroups version2() throws IOException
    {
        file("user/agent/cgroup.controllers", "cpuset cpu io memory pids\n");
        file("user/agent/cgroup.subtree_control", "\n");
        return KernelCgroups.detect(List.of(mount("", "cgroup2", "rw")), List.of("0::/user/agent"), NAME, false);
    }

    @Test
    void shouldHandDownControllersOfVersion2() throws IOException
    {
        final KernelCgroups cgroups = version2();

        assertEquals(List.of(), cgroups.notes());
        assertEquals("0", text("user/agent/plimsoll-agent/cgroup.procs"));
        // Each is asked for by itself, the last of them is what a plain file keeps.
        assertEquals("+cpuset", text("user/agent/cgroup.subtree_control"));
        assertEquals("+cpuset", text("user/agent/" + NAME + "/cgroup.subtree_control"));

        final KernelCgroup cgroup = cgroups.create("kernel", limits("0-1,4"));
        final Path place = directory.resolve("user/agent/" + NAME + "/kernel");
        assertEquals(place.resolve("cgroup.procs").toString(), cgroup.entrances());
        assertEquals("4096", Files.readString(place.resolve("memory.max")));
        assertEquals("64", Files.readString(place.resolve("pids.max")));
        assertEquals("0-1,4", Files.readString(place.resolve("cpuset.cpus")));
        assertEquals(place, cgroups.find("kernel").directory("memory"));
        assertNull(cgroups.find("other"));
        assertEquals(Set.of("kernel"), cgroups.kernels());
        cgroup.join(17);
        assertEquals("17", Files.readString(place.resolve("cgroup.procs")));
    }

    @Test
    void shouldTellWhoRanOutOfMemoryOnVersion2() throws IOException
    {
        final KernelCgroup cgroup = version2().create("kernel", limits("0"));
        final String events = "user/agent/" + NAME + "/kernel/memory.events";
        file(events, "low 0\nhigh 0\nmax 3\noom 1\noom_kill 0\noom_group_kill 0\n");
        assertNull(cgroup.outOfMemory(4096));
        file(events, "low 0\nhigh 0\nmax 3\noom 1\noom_kill 2\noom_group_kill 0\n");
        assertEquals("needed more memory than 4096 bytes", cgroup.outOfMemory(4096));
        file(events, "low 0\nhigh 0\nmax 0\noom 0\noom_kill 1\noom_group_kill 0\n");
        assertEquals(
            "was killed because its host, or what the agent may use of it, had no more memory",
            cgroup.outOfMemory(4096));
    }

    @Test
    void shouldKillAtOnceWhereTheKernelCan() throws IOException
    {
        final KernelCgroup cgroup = version2().create("kernel", limits("0"));
        final String place = "user/agent/" + NAME + "/kernel/";
        assertTrue(cgroup.killAll());
        // Nobody has that number: what is written shows that it is not killed by number.
        file(place + "cgroup.procs", "2147483647\n");
        file(place + "cgroup.kill", "");
        assertFalse(cgroup.killAll());
        assertEquals("1", text(place + "cgroup.kill"));
        assertEquals("0", text(place + "pids.max"));
    }

    @Test
    void shouldStayInTheLeafThatItIsIn() throws IOException
    {
        file("user/agent/plimsoll-agent/cgroup.controllers", "memory pids cpuset\n");
        file("user/agent/cgroup.subtree_control", "memory pids cpuset\n");
        final KernelCgroups cgroups = KernelCgroups.detect(
            List.of(mount("", "cgroup2", "rw")), List.of("0::/user/agent/plimsoll-agent"), NAME, false);
        assertEquals(List.of(), cgroups.notes());
        cgroups.create("kernel", limits(""));
        assertEquals("4096", text("user/agent/" + NAME + "/kernel/memory.max"));
        assertFalse(Files.exists(directory.resolve("user/agent/plimsoll-agent/cgroup.procs")));
    }

    @Test
    void shouldTakeTheRootWhereItsOwnCgroupHasNothing() throws IOException
    {
        file("cgroup.controllers", "memory pids cpuset\n");
        file("cgroup.subtree_control", "\n");
        file("user/cgroup.controllers", "\n");
        final KernelCgroups cgroups =
            KernelCgroups.detect(List.of(mount("", "cgroup2", "rw")), List.of("0::/user"), NAME, false);
        assertEquals(List.of(), cgroups.notes());
        cgroups.create("kernel", limits(""));
        assertEquals("4096", text(NAME + "/kernel/memory.max"));

        // But never some of it: a process is in one cgroup of version 2.
        file("user/cgroup.controllers", "memory\n");
        file("user/cgroup.subtree_control", "\n");
        assertEquals(
            2, KernelCgroups.detect(List.of(mount("", "cgroup2", "rw")), List.of("0::/user"), NAME, false)
                .notes().size());
    }

    @Test
    void shouldSayWhatIsNotDelegatedOfVersion2() throws IOException
    {
        file("cgroup.controllers", "memory\n");
        file("cgroup.subtree_control", "\n");
        final KernelCgroups cgroups =
            KernelCgroups.detect(List.of(mount("", "cgroup2", "rw")), List.of("0::/"), NAME, false);
        assertEquals(
            List.of(
                "no limit of processes: this host has no controller for it",
                "kernels are able to leave their cores: this host has no controller for it"),
            cgroups.notes());
        cgroups.create("kernel", limits("0"));
        assertEquals("4096", text(NAME + "/kernel/memory.max"));
        assertFalse(Files.exists(directory.resolve(NAME + "/kernel/pids.max")));
    }

    @Test
    void shouldUseEachHierarchyOfVersion1() throws IOException
    {
        Files.createDirectories(directory.resolve("memory/jail/agent"));
        Files.createDirectories(directory.resolve("pids/jail/agent"));
        file("cpuset/cpuset.cpus", "0-7\n");
        file("cpuset/cpuset.mems", "0-1\n");
        final List<String> mounts = List.of(
            mount("memory", "cgroup", "rw,memory"),
            mount("pids", "cgroup", "rw,pids"),
            mount("cpuset", "cgroup", "rw,cpuset"),
            mount("unified", "cgroup2", "rw"));
        final KernelCgroups cgroups = KernelCgroups.detect(
            mounts, List.of("5:memory:/jail/agent", "4:pids:/jail/agent", "3:cpuset:/", "0::/"), NAME, false);

        assertEquals(List.of(), cgroups.notes());
        final KernelCgroup cgroup = cgroups.create("kernel", limits("2-3"));
        assertEquals("4096", text("memory/jail/agent/" + NAME + "/kernel/memory.limit_in_bytes"));
        assertEquals("64", text("pids/jail/agent/" + NAME + "/kernel/pids.max"));
        assertEquals("0-7", text("cpuset/" + NAME + "/cpuset.cpus"));
        assertEquals("2-3", text("cpuset/" + NAME + "/kernel/cpuset.cpus"));
        assertEquals("0-1", text("cpuset/" + NAME + "/kernel/cpuset.mems"));
        final List<String> entrances = new ArrayList<>();
        for (final String place : List.of("pids/jail/agent/", "memory/jail/agent/", "cpuset/"))
        {
            entrances.add(directory.resolve(place + NAME + "/kernel/cgroup.procs").toString());
        }
        assertEquals(String.join("\n", entrances), cgroup.entrances());

        final String place = "memory/jail/agent/" + NAME + "/kernel/";
        file(place + "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
        file(place + "memory.max_usage_in_bytes", "33550000\n");
        assertEquals("needed more memory than 33554432 bytes", cgroup.outOfMemory(32 << 20));
        file(place + "memory.max_usage_in_bytes", "12345\n");
        assertTrue(cgroup.outOfMemory(32 << 20).startsWith("was killed because its host"));
        assertEquals(cgroup.entrances(), KernelCgroup.of(cgroup.text()).entrances());
        assertNull(KernelCgroup.of("memory " + directory.resolve("gone") + '\n'));
        assertNull(KernelCgroup.of(null));
    }

    @Test
    void shouldKeepOffWhereRealTimeIsNotPermitted() throws IOException
    {
        Files.createDirectories(directory.resolve("cpu"));
        final List<String> mounts = List.of(mount("cpu", "cgroup", "rw,cpu,cpuacct"));
        final List<String> memberships = List.of("5:cpu,cpuacct:/");
        assertNull(KernelCgroups.detect(mounts, memberships, NAME, true).create("kernel", limits("")));
        assertEquals(
            directory.resolve("cpu/" + NAME + "/kernel"),
            KernelCgroups.detect(mounts, memberships, NAME, false).create("kernel", limits("")).directory("cpuacct"));
    }

    @Test
    void shouldMakeWhatWasTidiedAway() throws IOException
    {
        final KernelCgroups cgroups = version2();
        Files.delete(directory.resolve("user/agent/" + NAME + "/cgroup.subtree_control"));
        Files.delete(directory.resolve("user/agent/" + NAME));
        cgroups.create("kernel", limits(""));
        assertEquals("+cpuset", text("user/agent/" + NAME + "/cgroup.subtree_control"));
    }

    @Test
    void shouldSayOnceWhatThereIsNoLimitOf() throws IOException
    {
        assertEquals(
            List.of(
                "no limit of processes: this host has no controller for it",
                "no memory limits: this host has no controller for it",
                "kernels are able to leave their cores: this host has no controller for it"),
            KernelCgroups.detect(List.of(), List.of(), NAME, false).notes());

        file("agent/" + NAME, "in the way");
        final KernelCgroups cgroups =
            KernelCgroups.detect(List.of(mount("", "cgroup", "rw,memory")), List.of("5:memory:/agent"), NAME, false);
        assertEquals(3, cgroups.notes().size());
        assertTrue(
            cgroups.notes().get(2).startsWith("no memory limits: the agent may not make cgroups below"),
            cgroups.notes().toString());
        assertNull(cgroups.create("kernel", new CgroupLimits(1, 1, new BitSet())));
        assertNull(cgroups.find("kernel"));
    }
}
