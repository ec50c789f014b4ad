package io.plimsoll.transport.link;

/**
 * Bounds of a downlink endpoint. Times in milliseconds, lengths in bytes.
 *
 * @param inboundLength            of the queue of what came in, a power of two; when it is full, sockets are not read.
 * @param outboxLengthMax          queued for one link before it is closed.
 * @param linksMax                 open at the same time.
 * @param unauthenticatedMax       connections that have not been welcomed yet; those beyond are closed at once.
 * @param connectTimeoutMs         for TCP, at the client.
 * @param handshakeTimeoutMs       for TLS.
 * @param authenticationTimeoutMs  from accept to Welcome, at the server.
 * @param stallTimeoutMs           a link whose other side takes no bytes that long is closed.
 * @param threads                  event loops.
 */
public record LinkOptions(
    int inboundLength,
    int outboxLengthMax,
    int linksMax,
    int unauthenticatedMax,
    int connectTimeoutMs,
    int handshakeTimeoutMs,
    int authenticationTimeoutMs,
    int stallTimeoutMs,
    int threads)
{
    private static final int INBOUND_LENGTH_DEFAULT = 4 * 1024 * 1024;
    private static final int OUTBOX_LENGTH_MAX_DEFAULT = 8 * 1024 * 1024;
    private static final int LINKS_MAX_DEFAULT = 100_000;
    private static final int UNAUTHENTICATED_MAX_DEFAULT = 1024;
    private static final int CONNECT_TIMEOUT_MS_DEFAULT = 5_000;
    private static final int HANDSHAKE_TIMEOUT_MS_DEFAULT = 10_000;
    private static final int AUTHENTICATION_TIMEOUT_MS_DEFAULT = 30_000;
    private static final int STALL_TIMEOUT_MS_DEFAULT = 20_000;
    /** Agrona's rings take messages of up to an eighth of their length. */
    private static final int INBOUND_LENGTH_MIN = 8 * 2 * 64 * 1024;

    /** Checks the bounds. */
    public LinkOptions
    {
        if (inboundLength < INBOUND_LENGTH_MIN || 1 != Integer.bitCount(inboundLength))
        {
            throw new IllegalArgumentException(
                "inboundLength=" + inboundLength + ": use a power of two from " + INBOUND_LENGTH_MIN);
        }
        if (outboxLengthMax < LinkEndpoint.FRAME_LENGTH_MAX)
        {
            throw new IllegalArgumentException(
                "outboxLengthMax=" + outboxLengthMax + ": use at least " + LinkEndpoint.FRAME_LENGTH_MAX);
        }
        if (linksMax < 1 || unauthenticatedMax < 1 || threads < 1)
        {
            throw new IllegalArgumentException(
                "linksMax=" + linksMax + " unauthenticatedMax=" + unauthenticatedMax + " threads=" + threads +
                ": use at least 1");
        }
    }

    /** For one thread and up to 100,000 links. */
    public static LinkOptions defaults()
    {
        return new LinkOptions(
            INBOUND_LENGTH_DEFAULT,
            OUTBOX_LENGTH_MAX_DEFAULT,
            LINKS_MAX_DEFAULT,
            UNAUTHENTICATED_MAX_DEFAULT,
            CONNECT_TIMEOUT_MS_DEFAULT,
            HANDSHAKE_TIMEOUT_MS_DEFAULT,
            AUTHENTICATION_TIMEOUT_MS_DEFAULT,
            STALL_TIMEOUT_MS_DEFAULT,
            1);
    }

    /** For an agent, which has one link or a few: a queue of one MiB. */
    public static LinkOptions agentDefaults()
    {
        return defaults().withInboundLength(INBOUND_LENGTH_MIN);
    }

    /** Same with another queue. */
    public LinkOptions withInboundLength(final int length)
    {
        return new LinkOptions(
            length, outboxLengthMax, linksMax, unauthenticatedMax, connectTimeoutMs, handshakeTimeoutMs,
            authenticationTimeoutMs, stallTimeoutMs, threads);
    }

    /** Same with another outbox. */
    public LinkOptions withOutboxLengthMax(final int length)
    {
        return new LinkOptions(
            inboundLength, length, linksMax, unauthenticatedMax, connectTimeoutMs, handshakeTimeoutMs,
            authenticationTimeoutMs, stallTimeoutMs, threads);
    }

    /** Same with other limits of connections. */
    public LinkOptions withLinks(final int max, final int unauthenticated)
    {
        return new LinkOptions(
            inboundLength, outboxLengthMax, max, unauthenticated, connectTimeoutMs, handshakeTimeoutMs,
            authenticationTimeoutMs, stallTimeoutMs, threads);
    }

    /** Same with other times. */
    public LinkOptions withTimeouts(
        final int connectMs, final int handshakeMs, final int authenticationMs, final int stallMs)
    {
        return new LinkOptions(
            inboundLength, outboxLengthMax, linksMax, unauthenticatedMax, connectMs, handshakeMs, authenticationMs,
            stallMs, threads);
    }

    /** Same with another number of event loops. */
    public LinkOptions withThreads(final int count)
    {
        return new LinkOptions(
            inboundLength, outboxLengthMax, linksMax, unauthenticatedMax, connectTimeoutMs, handshakeTimeoutMs,
            authenticationTimeoutMs, stallTimeoutMs, count);
    }
}
