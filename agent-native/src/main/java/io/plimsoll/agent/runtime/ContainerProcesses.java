package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Processes of containers, found without their engine: by the id of the container in their cgroups. Reads as many files
 * as the host has processes, so it is not called on the agent's thread.
 */
final class ContainerProcesses
{
    private ContainerProcesses()
    {
    }

    /** Kills all of a container. Gives whether there were any. */
    static boolean kill(final String container)
    {
        final List<ProcessHandle> own = ProcessHandle.allProcesses()
            .filter(process -> cgroups(process).contains(container)).toList();
        own.forEach(ProcessHandle::destroyForcibly);
        return !own.isEmpty();
    }

    /** Those of some containers that have any. */
    static Set<String> running(final Set<String> containers)
    {
        final String all = ProcessHandle.allProcesses().map(ContainerProcesses::cgroups).distinct()
            .collect(Collectors.joining());
        return containers.stream().filter(all::contains).collect(Collectors.toSet());
    }

    private static String cgroups(final ProcessHandle process)
    {
        try
        {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cgroup"));
        }
        catch (final IOException e)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
