package io.plimsoll.agent.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the memory of a container is counted, on hosts of either version of cgroups and of both. */
class ControlGroupsTest
{
    private static final String ID = "0123abcd";

    @TempDir
    private Path root;

    private Path find(final String mounts, final String memberships) throws IOException
    {
        write("proc/self/mountinfo", mounts.replace("/sys", root.resolve("sys").toString()));
        write("proc/7/cgroup", memberships);
        return new ControlGroups(root.resolve("proc")).ofMemory(7, ID);
    }

    private Path write(final String name, final String text) throws IOException
    {
        final Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void shouldFindThatOfVersion2() throws IOException
    {
        final String mounts = "30 1 0:26 / /sys/fs rw - cgroup2 cgroup2 rw\n";
        final String memberships = "0::/system.slice/docker-" + ID + ".scope/inner\n";
        assertNull(find(mounts, memberships), "it is gone");
        final Path events = write("sys/fs/system.slice/docker-" + ID + ".scope/memory.events", "oom_kill 0\n");
        assertEquals(events.getParent(), find(mounts, memberships));
        assertNull(find(mounts, "0::/system.slice/another.scope\n"));
    }

    /** Version 2 is there as well, but has no memory. */
    @Test
    void shouldFindThatOfVersion1() throws IOException
    {
        final String mounts = "30 1 0:26 / /sys/unified rw - cgroup2 cgroup2 rw\n" +
            "31 1 0:27 / /sys/memory rw - cgroup cgroup rw,memory\n";
        final String memberships = "4:cpu,cpuacct:ID\n3:memory:ID\n0::ID\n".replace("ID", "/docker/" + ID);
        Files.createDirectories(root.resolve("sys/unified/docker/" + ID));
        assertNull(find(mounts, memberships));
        final Path control = write("sys/memory/docker/" + ID + "/memory.oom_control", "oom_kill 0\n");
        assertEquals(control.getParent(), find(mounts, memberships));
    }
}
