package io.plimsoll.manager;

import io.plimsoll.manager.link.AgentSideOptions;

/** Checks a {@link ManagerContext}; messages say what is wrong and what would be right. */
public final class ManagerContextValidator
{
    private static final int PORT_MAX = 65_535;
    private static final int BUILD_LENGTH_MAX = 256;

    private ManagerContextValidator()
    {
    }

    /**
     * Says whether a manager could be configured so.
     *
     * @throws IllegalArgumentException if not; the message is for people.
     */
    public static void validate(final ManagerContext context)
    {
        check(null != context.dataDirectory(), "dataDirectory is not set");
        check(
            context.apiAddress().getPort() < PORT_MAX,
            "the API's port is " + context.apiAddress().getPort() + ": use one below " + PORT_MAX +
                ", agents connect to the next");
        check(context.build().length() <= BUILD_LENGTH_MAX, "build is longer than " + BUILD_LENGTH_MAX);
        check(context.replyTimeoutNs() > 0, "replyTimeoutNs=" + context.replyTimeoutNs() + ": use a positive one");
        check(
            context.ownerInFlightMax() > 0, "ownerInFlightMax=" + context.ownerInFlightMax() + ": use 1 or more");
        validate(context.agentSide(), context.killMarginNs());
    }

    /** The times on which it rests that nothing runs twice. */
    static void validate(final AgentSideOptions options, final long killMarginNs)
    {
        check(
            options.heartbeatIntervalNs() > 0 && options.heartbeatIntervalNs() * 2 <= options.suspectNs(),
            "heartbeatIntervalNs=" + options.heartbeatIntervalNs() + " suspectNs=" + options.suspectNs() +
                ": an agent must be able to send two heartbeats before it is suspect");
        check(
            options.suspectNs() < options.lostNs(),
            "suspectNs=" + options.suspectNs() + " lostNs=" + options.lostNs() +
                ": an agent is suspect before it is lost");
        check(
            options.leaseNs() >= options.heartbeatIntervalNs() + ManagerDefaults.LEASE_SLACK_MIN_NS,
            "leaseNs=" + options.leaseNs() + " heartbeatIntervalNs=" + options.heartbeatIntervalNs() +
                ": a lease must outlast a heartbeat by " + ManagerDefaults.LEASE_SLACK_MIN_NS +
                ", or a late one ends kernels");
        check(
            killMarginNs >= ManagerDefaults.KILL_MARGIN_MIN_NS,
            "killMarginNs=" + killMarginNs + ": supervisors need " + ManagerDefaults.KILL_MARGIN_MIN_NS);
        check(
            options.leaseNs() + killMarginNs < options.lostNs(),
            "leaseNs=" + options.leaseNs() + " killMarginNs=" + killMarginNs + " lostNs=" + options.lostNs() +
                ": lease and margin together must be shorter than the time to loss, or a kernel could run twice");
        check(
            options.handshakeTimeoutNs() > 0 && options.attachTimeoutNs() > 0 &&
                options.unauthenticatedMax() > 0 && options.logStreamsMax() > 0,
            "timeouts and bounds of links must be positive: " + options);
    }

    private static void check(final boolean condition, final String message)
    {
        if (!condition)
        {
            throw new IllegalArgumentException(message);
        }
    }
}
