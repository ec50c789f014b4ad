package io.plimsoll.transport;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What kernels in containers have; of this, processes have ports only.
 *
 * @param user     to run as, {@code NAME|UID[:GROUP|GID]}; null: whom the image names.
 * @param shmBytes size of /dev/shm; 0: what the engine gives.
 * @param mounts   directories of the host; never null.
 * @param ports    of the kernel that are published on the host; never null.
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record ContainerSpec(String user, long shmBytes, List<Mount> mounts, List<Integer> ports)
{
    /** Label of agents that have an engine; sessions with an image are placed on no others. */
    public static final String ENGINE_LABEL = "container.engine";

    /** Label with which an agent names what it has, but not now; the core knows it as such. */
    public static final String DEGRADED_LABEL = "degraded";

    /** Label with the network of all hosts that the containers of an agent can be in; kernels find each other there. */
    public static final String NETWORK_LABEL = "container.network";

    /** Behind the address of a kernel's host, in an assignment: that kernel is in the network of the one assigned. */
    public static final String IN_NETWORK = "@";

    /** Before the ports of a kernel that runs, as {@code 8080=30000,8081=30001}, in the detail of its report. */
    public static final String PORTS_DETAIL = "ports: ";

    /** Nothing of it. */
    public static final ContainerSpec NONE = new ContainerSpec(null, 0, List.of(), List.of());

    /** Whether nothing is said but ports, which processes can have as well. */
    public boolean saysPortsAlone()
    {
        return null == user && NONE.shmBytes == shmBytes && mounts.isEmpty();
    }

    /** The same with other ports, which processes have as well. */
    public ContainerSpec withPorts(final List<Integer> newPorts)
    {
        return new ContainerSpec(user, shmBytes, mounts, newPorts);
    }

    /**
     * A directory of the host.
     *
     * @param source   absolute, on the host.
     * @param target   absolute, in the container.
     * @param readOnly whether it cannot be written to.
     */
    public record Mount(String source, String target, boolean readOnly)
    {
    }
}
