package io.plimsoll.agent;

import io.plimsoll.agent.runtime.KernelWatch;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.uplink.UplinkSenderFactory;

/**
 * How to launch virtual agents.
 *
 * @param count       of them.
 * @param first       number of the first of them: others may be stepped by other threads.
 * @param connectingMax of them that connect at the same time; a manager turns those away that are too many at once.
 * @param namePrefix  of their names, before a number.
 * @param group       resource group to join.
 * @param managerHost where the manager listens for agents.
 * @param managerPort of it.
 * @param joinToken   to join with.
 * @param cpuMillis   that each offers.
 * @param memoryBytes that each offers.
 * @param cudaDevices that each offers.
 * @param seed        of their uuids: the same seed gives the same agents, which a manager that keeps them knows again.
 * @param uplinks     to use; null: those of a media driver of their own.
 * @param watch       told of their kernels.
 */
public record SimulatedAgentsContext(
    int count,
    int first,
    int connectingMax,
    String namePrefix,
    String group,
    String managerHost,
    int managerPort,
    JoinToken joinToken,
    long cpuMillis,
    long memoryBytes,
    int cudaDevices,
    long seed,
    UplinkSenderFactory uplinks,
    KernelWatch watch)
{
    /** What a manager admits at the same time, with some to spare. */
    public static final int CONNECTING_MAX = 768;
}
