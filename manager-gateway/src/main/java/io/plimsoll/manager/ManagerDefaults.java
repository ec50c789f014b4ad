package io.plimsoll.manager;

import java.util.concurrent.TimeUnit;

/** Defaults of {@link ManagerContext}. Nanoseconds unless the name says otherwise. */
public final class ManagerDefaults
{
    /** Port of the API; agents connect to the next one, by TCP and UDP. */
    public static final int API_PORT = 7077;
    /** Resource group that every cluster has. */
    public static final String GROUP = "default";

    /** Silence after which an agent gets no new work. */
    public static final long SUSPECT_NS = TimeUnit.SECONDS.toNanos(3);
    /** Silence after which what an agent ran may be restarted elsewhere. */
    public static final long LOST_NS = TimeUnit.SECONDS.toNanos(60);
    /** Heartbeats: three of them fit the time to suspicion, so that one may be lost. */
    public static final long HEARTBEAT_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    /** How long an agent may start and hold kernels after it sent a heartbeat. */
    public static final long LEASE_NS = TimeUnit.SECONDS.toNanos(30);
    /** What must lie between the end of a lease and the loss: the supervisor looks every second, then kills. */
    public static final long KILL_MARGIN_NS = TimeUnit.SECONDS.toNanos(15);
    /** Supervisors look once a second and count whole seconds. */
    public static final long KILL_MARGIN_MIN_NS = TimeUnit.SECONDS.toNanos(2);
    /** What a lease must be longer than the time between heartbeats, for the same reason. */
    public static final long LEASE_SLACK_MIN_NS = TimeUnit.SECONDS.toNanos(2);
    /** From the opening of a link to its Hello; a busy machine with a thousand agents at once takes its time. */
    public static final long HANDSHAKE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(15);
    /** From a Hello to the core's answer: only a journal that does not get on makes it late. */
    public static final long ATTACH_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    /** From a call to its answer. */
    public static final long REPLY_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    static final int UNAUTHENTICATED_MAX = 1_024;
    static final int LOG_STREAMS_MAX = 1_024;
    static final int REPLIES_MAX = 65_536;
    /** Some milliseconds from the ring to the answers, in commands enough that no stage waits for another. */
    static final int OWNER_IN_FLIGHT_MAX = 1_000;
    static final int WAITERS_MAX = 100_000;
    static final int SUBSCRIPTIONS_MAX = 256;

    /** Machines with fewer cores run core, journal and egress on one thread: more threads only wait for each other. */
    static final int DEDICATED_CORES_MIN = 4;

    private ManagerDefaults()
    {
    }
}
