package io.plimsoll.agent.plugin;

import io.plimsoll.agent.device.DeviceAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A kernel as its runtime is told of it. In later lives of the agent than the one that started it, nodes of memory and
 * entrances of cgroups are left out, and the rest is the same.
 *
 * @param name       that nothing else on this host has; letters, digits and hyphens.
 * @param directory  of it, in which the agent keeps its own files too: those of a runtime begin with its name and a
 *                   dot.
 * @param stdout     file that its output is appended to, and that the agent shortens at its beginning meanwhile.
 * @param stderr     the same for its errors.
 * @param command    program and arguments.
 * @param variables  of its environment, all of them.
 * @param workDirectory to start in.
 * @param image      to start from; null: the host as it is.
 * @param limits     of it.
 * @param ports      of the kernel by those of the host that stand for them.
 * @param leaseFile  null: none is needed. Else it holds the second of {@code /proc/uptime} from which on the kernel
 *                   must not run; later and later ones are written to it.
 */
public record PluginKernel(
    String name,
    Path directory,
    Path stdout,
    Path stderr,
    List<String> command,
    Map<String, String> variables,
    Path workDirectory,
    String image,
    Limits limits,
    Map<Integer, Integer> ports,
    Path leaseFile)
{
    /**
     * What a kernel may use. Whatever a runtime starts as a process is bound to the cores already.
     *
     * @param cpuMillis        thousandths of a core.
     * @param cpus             cores as a list such as {@code 0-3,8}; empty: all.
     * @param memoryNodes      the same for nodes of memory.
     * @param memoryBytes      0: no limit.
     * @param devices          ids of its devices.
     * @param access           what comes with these: a runtime whose kernels do not see the files of the host has to
     *                         show them those that are named here, or to refuse.
     * @param cgroupEntrances  files to write 0 to, for a process that wants to be held to these limits with all that it
     *                         starts; empty: the host has none.
     */
    public record Limits(
        long cpuMillis,
        String cpus,
        String memoryNodes,
        long memoryBytes,
        List<String> devices,
        DeviceAccess access,
        List<Path> cgroupEntrances)
    {
    }

    /** A file of the runtime's own in the directory. */
    public Path file(final String runtime, final String suffix)
    {
        return directory.resolve(runtime + '.' + suffix);
    }
}
