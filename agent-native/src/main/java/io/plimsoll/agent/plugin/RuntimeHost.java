package io.plimsoll.agent.plugin;

import io.plimsoll.agent.topology.HostTopology;
import java.nio.file.Path;

/**
 * Where a runtime is.
 *
 * @param directory for whatever it keeps from one life of the agent to the next; nobody else's.
 * @param topology  of the host.
 */
public record RuntimeHost(Path directory, HostTopology topology)
{
}
