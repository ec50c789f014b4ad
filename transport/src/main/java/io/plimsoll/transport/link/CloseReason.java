package io.plimsoll.transport.link;

/**
 * Reasons that {@link LinkListener#onClosed} gives and that decide what an agent does next; all others are for logs.
 * A reason may go on after these words with details.
 */
public final class CloseReason
{
    /** The port speaks something else, most likely HTTP: ask {@link ManagerDiscovery} for the agents' port. */
    public static final String NOT_TLS = "the peer does not speak TLS";
    /** TLS, but not our protocol: another service of the manager's host, such as its HTTPS port. */
    public static final String NOT_AGENT_PORT = "the peer does not speak the agent protocol";
    /** The certificate is not of the authority that the join token names. */
    public static final String WRONG_CA = "the peer's certificate is not of the expected authority";
    /** No TCP connection came about. */
    public static final String CANNOT_CONNECT = "cannot connect";
    /** The other side closed. */
    public static final String BY_PEER = "closed by peer";
    /** This side's outbox was full: the other side reads too slowly. */
    public static final String OUTBOX_OVERFLOW = "outbox overflow";
    /** What came in breaks the framing. */
    public static final String BAD_FRAME = "bad frame";
    /** The other side did not finish a step of the protocol, or took no bytes, for too long. */
    public static final String TIMED_OUT = "timed out";
    /** The endpoint was closed. */
    public static final String ENDPOINT_CLOSED = "endpoint closed";

    private CloseReason()
    {
    }
}
