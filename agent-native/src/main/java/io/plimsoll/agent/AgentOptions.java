package io.plimsoll.agent;

import java.util.List;
import java.util.Map;

/**
 * What an agent is told before it starts; durations in nanoseconds.
 *
 * @param name               for people.
 * @param group              resource group to join.
 * @param arch               such as {@code x86_64}.
 * @param build              of this software.
 * @param managerHost        name or address of the manager.
 * @param managerPort        of its agent listener, or of its API if that listener has to be looked up.
 * @param joinToken          {@code id.secret} to join with; empty: by the stored credential only.
 * @param caSha256           authority of the manager, to be remembered once it has welcomed this agent.
 * @param capacities         to offer.
 * @param labels             that sessions can ask for, such as rack, block, zone and {@code cuda.model}.
 * @param kernelsMax         at a time; negative: no limit.
 * @param reportsUnderWayMax reports not acknowledged at a time.
 * @param endedMax           ended kernels whose output is kept at most.
 * @param endedKeepNs        how long it is kept at most.
 * @param handshakeTimeoutNs for each step until the agent is active.
 * @param silenceMin         heartbeat intervals that the manager's next word may be late before the link is given up.
 * @param backoffFirstNs     before the second attempt to connect.
 * @param backoffMaxNs       between attempts.
 */
public record AgentOptions(
    String name,
    String group,
    String arch,
    String build,
    String managerHost,
    int managerPort,
    String joinToken,
    String caSha256,
    List<Capacity> capacities,
    Map<String, String> labels,
    int kernelsMax,
    int reportsUnderWayMax,
    int endedMax,
    long endedKeepNs,
    long handshakeTimeoutNs,
    int silenceMin,
    long backoffFirstNs,
    long backoffMaxNs)
{
}
