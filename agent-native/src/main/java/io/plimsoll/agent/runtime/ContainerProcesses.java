package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Processes of containers, found without their engine: by the id of the container in their cgroups. Those that still
 * set a container up, and have not come to its command, go by a name of their own. Reads as many files as the host has
 * processes, so it is not called on the agent's thread.
 */
final class ContainerProcesses
{
    /** Of runc's own, as it names itself until it becomes the command; other runtimes' count as the command. */
    private static final String SETTING_UP = "runc:[";
    private static final String NUMBERS = "NSpid:";

    private ContainerProcesses()
    {
    }

    /** Kills all of a container. Gives whether any of them had come to its command. */
    static boolean kill(final String container)
    {
        final List<ProcessHandle> own = ProcessHandle.allProcesses()
            .filter(process -> cgroups(process).contains(container)).toList();
        // What is looked at must not become the command meanwhile.
        own.forEach(process -> Libc.kill((int)process.pid(), Libc.SIGSTOP));
        final boolean ran = own.stream().anyMatch(ContainerProcesses::isCommand);
        own.forEach(ProcessHandle::destroyForcibly);
        return ran;
    }

    /** Asks the first process of a container to end (SIGTERM), as its engine does; does nothing if there is none. */
    static void terminate(final String container)
    {
        ProcessHandle.allProcesses()
            .filter(process -> cgroups(process).contains(container) && isCommand(process))
            .filter(process -> numbers(process).endsWith("\t1"))
            // One that makes a namespace of its own in there has a first process too, with a number more.
            .min(Comparator.comparingLong(process -> numbers(process).chars().filter(c -> '\t' == c).count()))
            .ifPresent(process -> Libc.kill((int)process.pid(), Libc.SIGTERM));
    }

    /** Those of some containers that have come to their commands. */
    static Set<String> running(final Set<String> containers)
    {
        final String all = ProcessHandle.allProcesses().filter(ContainerProcesses::isCommand)
            .map(ContainerProcesses::cgroups).distinct().collect(Collectors.joining());
        return containers.stream().filter(all::contains).collect(Collectors.toSet());
    }

    private static boolean isCommand(final ProcessHandle process)
    {
        return !read(process, "comm").startsWith(SETTING_UP);
    }

    /** Its numbers in the namespaces that it is in, from ours to its own, a tab before each. */
    private static String numbers(final ProcessHandle process)
    {
        return read(process, "status").lines()
            .filter(line -> line.startsWith(NUMBERS)).map(line -> line.substring(NUMBERS.length()).stripTrailing())
            .findFirst().orElse("");
    }

    private static String cgroups(final ProcessHandle process)
    {
        return read(process, "cgroup");
    }

    private static String read(final ProcessHandle process, final String file)
    {
        try
        {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        }
        catch (final IOException e)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
