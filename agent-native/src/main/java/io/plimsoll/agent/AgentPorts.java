package io.plimsoll.agent;

import io.plimsoll.agent.kernel.KernelStore;
import io.plimsoll.agent.runtime.KernelRuntime;
import io.plimsoll.agent.usage.UsageFeed;
import io.plimsoll.transport.link.AgentPortLookup;
import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.uplink.UplinkSenderFactory;
import java.nio.file.Path;
import org.agrona.concurrent.NanoClock;

/**
 * The world as an agent sees it; tests and the simulator hand in their own.
 *
 * @param clock       of the leases.
 * @param links       to the manager.
 * @param lookup      finds the port of the manager's agent listener by the one of its API; null: that is known.
 * @param uplinks     to the manager.
 * @param memoryStore for what it must not forget.
 * @param kernelStore for its kernels.
 * @param runtime     that runs them.
 * @param leaseFile   that supervisors read.
 * @param load        of the host.
 * @param kernels     directory with the output of kernels; null: there is none.
 * @param usage       of the host and its kernels.
 */
public record AgentPorts(
    NanoClock clock,
    LinkConnector links,
    AgentPortLookup lookup,
    UplinkSenderFactory uplinks,
    AgentMemoryStore memoryStore,
    KernelStore kernelStore,
    KernelRuntime runtime,
    LeaseFile leaseFile,
    HostLoad load,
    Path kernels,
    UsageFeed usage)
{
}
