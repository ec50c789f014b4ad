package io.plimsoll.agent.runtime;

import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.transport.StdinMode;
import java.util.List;
import java.util.Map;

/**
 * A container to make. Amounts of 0 and empty texts: nothing is said to the engine.
 *
 * @param name        of it.
 * @param image       to make it from.
 * @param command     after the entry point of the image.
 * @param environment as NAME=value.
 * @param labels      by which it is found again.
 * @param user        name or number, with or without group.
 * @param directory   to work in.
 * @param hostName    it sees.
 * @param limits      of it.
 * @param binds       directories of the host.
 * @param network     it is in.
 * @param access      that comes with its devices.
 * @param stdin       its standard input.
 * @param tty         whether it has a terminal.
 */
record ContainerPlan(
    String name,
    String image,
    List<String> command,
    List<String> environment,
    Map<String, String> labels,
    String user,
    String directory,
    String hostName,
    Limits limits,
    List<Bind> binds,
    Network network,
    DeviceAccess access,
    StdinMode stdin,
    boolean tty)
{
    /**
     * What it may use.
     *
     * @param cpus        cores as a list.
     * @param memoryNodes as a list.
     * @param cpuQuotaUs  of each 100 ms.
     * @param memoryBytes without swap.
     * @param shmBytes    of /dev/shm.
     * @param pidsMax     processes and threads.
     * @param ulimits     by name.
     * @param gpus        device numbers, and slices by UUID.
     * @param logBytesMax kept by the engine of its output.
     */
    record Limits(
        String cpus,
        String memoryNodes,
        long cpuQuotaUs,
        long memoryBytes,
        long shmBytes,
        long pidsMax,
        Map<String, Long> ulimits,
        List<String> gpus,
        long logBytesMax)
    {
    }

    /**
     * A directory of the host.
     *
     * @param source   on the host.
     * @param target   in the container.
     * @param readOnly whether it cannot be written to.
     */
    record Bind(String source, String target, boolean readOnly)
    {
    }

    /**
     * Whom it can reach, and who can reach it.
     *
     * @param name       of a network of the engine; empty: the engine's own.
     * @param alias      by which others in that network find it.
     * @param domain     of these aliases, in which names are looked for; empty: none.
     * @param hosts      further names as NAME:ADDRESS.
     * @param published  ports of the container by those of the host.
     */
    record Network(
        String name, String alias, String domain, List<String> hosts, Map<Integer, Integer> published)
    {
        static final Network NONE = new Network("", "", "", List.of(), Map.of());
    }
}
