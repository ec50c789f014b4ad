package io.plimsoll.manager.link;

import io.plimsoll.manager.ManagerDefaults;

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
    private static final int LEASE_SHARE_DIVISOR = 4;
    private static final int HEARTBEATS_PER_GRANT_MAX = 8;

    /**
     * How long after a heartbeat that was granted the next one is. An answer to each would cost the manager more than
     * all else that heartbeats cost, and of a lease of many heartbeats nobody needs the whole: a quarter may be used
     * up. Agents take the grants for a sign of life, so they come every eighth heartbeat at least. What is left when
     * the next one comes still outlasts a late one; a lease that is too short for that is granted with each heartbeat.
     */
    public long grantAfterNs()
    {
        final long spareNs = leaseNs - 2 * heartbeatIntervalNs - ManagerDefaults.LEASE_SLACK_MIN_NS;
        // Half an interval less, so that a heartbeat that comes a little early is not one too early.
        final long heartbeatsNs = HEARTBEATS_PER_GRANT_MAX * heartbeatIntervalNs - heartbeatIntervalNs / 2;
        return Math.max(0, Math.min(spareNs, Math.min(heartbeatsNs, leaseNs / LEASE_SHARE_DIVISOR)));
    }

    /** What agents are told: while their heartbeats come, one is answered at least this often. */
    public long grantIntervalNs()
    {
        return grantAfterNs() + heartbeatIntervalNs;
    }

    /** Same with other times. */
    public AgentSideOptions withTimes(
        final long heartbeatInterval, final long lease, final long suspect, final long lost)
    {
        return new AgentSideOptions(
            heartbeatInterval, lease, suspect, lost, handshakeTimeoutNs, attachTimeoutNs, unauthenticatedMax,
            logStreamsMax);
    }
}
