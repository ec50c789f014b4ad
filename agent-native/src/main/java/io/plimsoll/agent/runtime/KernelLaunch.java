package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.transport.LaunchSpec;
import java.nio.file.Path;

/**
 * What to start.
 *
 * @param assignment of the kernel.
 * @param spec       decoded from it.
 * @param leaseFile  that the kernel must end with; null: it needs no lease.
 */
public record KernelLaunch(Assignment assignment, LaunchSpec spec, Path leaseFile)
{
}
