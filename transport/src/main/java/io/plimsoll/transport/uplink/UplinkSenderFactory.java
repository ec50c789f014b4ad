package io.plimsoll.transport.uplink;

/** Opens the agent's side of the uplink, anew for each connection. Called by one thread. */
@FunctionalInterface
public interface UplinkSenderFactory
{
    /**
     * Starts to open an uplink. Never waits: {@link UplinkSender#isConnected} says when it stands.
     *
     * @param welcome what the manager handed out for this connection.
     * @return sender for the connection; the caller closes it.
     */
    UplinkSender open(UplinkGrant welcome);
}
