package io.plimsoll.transport.link;

/** An endpoint that opens links itself: the agent's side. */
public interface LinkConnector extends LinkEndpoint, AutoCloseable
{
    /** What {@link #tryConnect} returns when no attempt was started. */
    long NO_LINK = 0;

    /**
     * Starts one connection attempt. Never blocks; how it went arrives as {@link LinkListener#onOpened} or
     * {@link LinkListener#onClosed} at a later poll. When to try again is the caller's affair, see
     * {@link ReconnectBackoff}.
     *
     * @param host name or address literal of the manager.
     * @param port of its agent listener.
     * @return id of the link to be, or {@link #NO_LINK} if this endpoint is closed or has as many links as it may.
     */
    long tryConnect(String host, int port);

    /**
     * Address literal of the other side, to send the uplink to when Welcome names no host.
     *
     * @param linkId of an open link.
     * @return address without port, IPv6 without brackets, or the empty string if the link is not open.
     */
    String peerHost(long linkId);

    @Override
    void close();
}
