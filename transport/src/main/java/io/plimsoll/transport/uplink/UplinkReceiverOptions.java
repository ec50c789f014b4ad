package io.plimsoll.transport.uplink;

/**
 * How the manager receives.
 *
 * @param host           address to bind, such as 0.0.0.0.
 * @param port           to bind; 0: a free one.
 * @param advertisedHost that agents send to; empty: the one by which each agent reached the manager.
 * @param isIpcToo       whether agents within this process may send without UDP.
 * @param termLengthMax  longest terms that senders may use, in bytes; each sender costs three of them in memory, once
 *                       it has filled them.
 */
public record UplinkReceiverOptions(
    String host, int port, String advertisedHost, boolean isIpcToo, int termLengthMax)
{

    /**
     * Receives by UDP and from within this process; agents send to the host by which they reached the manager.
     *
     * @param host address to bind.
     * @param port to bind; 0: a free one.
     */
    public static UplinkReceiverOptions of(final String host, final int port)
    {
        return new UplinkReceiverOptions(host, port, "", true, BoundedReceiveEndpoint.TERM_LENGTH_MAX);
    }

    /** Same with a host that agents send to. */
    public UplinkReceiverOptions withAdvertisedHost(final String other)
    {
        return new UplinkReceiverOptions(host, port, other, isIpcToo, termLengthMax);
    }
}
