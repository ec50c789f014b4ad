package io.plimsoll.manager.link;

/**
 * Times and bounds of the agents' side; checked by the manager's context validator. Nanoseconds.
 *
 * @param heartbeatIntervalNs   that agents are told.
 * @param leaseNs               how long an agent may start and hold kernels after it sent a heartbeat.
 * @param suspectNs             silence after which an agent gets no new work.
 * @param lostNs                silence after which what it ran may be restarted elsewhere.
 * @param handshakeTimeoutNs    from the opening of a link to its Hello.
 * @param attachTimeoutNs       from the Hello to the core's answer.
 * @param unauthenticatedMax    links that have not said Hello, at a time.
 * @param logStreamsMax         log streams open at a time.
 */
public record AgentSideOptions(
    long heartbeatIntervalNs,
    long leaseNs,
    long suspectNs,
    long lostNs,
    long handshakeTimeoutNs,
    long attachTimeoutNs,
    int unauthenticatedMax,
    int logStreamsMax)
{
    /** Same with other times. */
    public AgentSideOptions withTimes(
        final long heartbeatInterval, final long lease, final long suspect, final long lost)
    {
        return new AgentSideOptions(
            heartbeatInterval, lease, suspect, lost, handshakeTimeoutNs, attachTimeoutNs, unauthenticatedMax,
            logStreamsMax);
    }
}
