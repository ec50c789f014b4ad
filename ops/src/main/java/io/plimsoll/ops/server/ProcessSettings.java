package io.plimsoll.ops.server;

import io.plimsoll.agent.runtime.ProcessOptions;

/** The section agent.process of the configuration. */
final class ProcessSettings
{
    private ProcessSettings()
    {
    }

    static ProcessOptions read(final ConfigNode node, final ProcessOptions otherwise)
    {
        return otherwise
            .withPidsMax(node.number("pids-max", otherwise.pidsMax(), 0, Integer.MAX_VALUE));
    }
}
