package io.plimsoll.ops.server;

import io.plimsoll.agent.runtime.DockerOptions;
import io.plimsoll.agent.runtime.ProcessOptions;
import io.plimsoll.agent.runtime.Scheduling;

/** The section agent.process of the configuration. */
final class ProcessSettings
{
    private ProcessSettings()
    {
    }

    static ProcessOptions read(final ConfigNode node, final ProcessOptions otherwise)
    {
        return otherwise
            .withPidsMax(node.number("pids-max", otherwise.pidsMax(), 0, Integer.MAX_VALUE))
            .withScratch(
                node.size("scratch-max", otherwise.scratchMax()),
                node.duration("scratch-keep", otherwise.scratchKeepNs()))
            .withLeftovers(node.choice("leftovers", otherwise.leftovers(), DockerOptions.LeftoverPolicy.class))
            .withScheduling(scheduling(node, otherwise));
    }

    private static Scheduling scheduling(final ConfigNode node, final ProcessOptions otherwise)
    {
        try
        {
            return Scheduling.parse(node.text("scheduling", otherwise.scheduling().toString()));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ConfigException("agent.process.scheduling", ex.getMessage());
        }
    }
}
