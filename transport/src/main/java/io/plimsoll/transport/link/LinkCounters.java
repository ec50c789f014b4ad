package io.plimsoll.transport.link;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/**
 * What happened on the links of an endpoint. Garbage from the network is counted here and nowhere logged, so that
 * nobody outside can fill a disk. Any thread.
 */
public final class LinkCounters
{
    final LongAdder connectionsAccepted = new LongAdder();
    final LongAdder connectionsRefused = new LongAdder();
    final LongAdder connectsFailed = new LongAdder();
    final LongAdder handshakesFailed = new LongAdder();
    final LongAdder linksOpened = new LongAdder();
    final LongAdder linksClosed = new LongAdder();
    final LongAdder framesIn = new LongAdder();
    final LongAdder framesOut = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder badFrames = new LongAdder();
    final LongAdder outboxOverflows = new LongAdder();
    final LongAdder timeouts = new LongAdder();
    final LongAdder inboundStalls = new LongAdder();

    LinkCounters()
    {
    }

    /**
     * Reads all.
     *
     * @param consumer of name (snake case, without prefix) and value.
     */
    public void forEach(final ObjLongConsumer<String> consumer)
    {
        consumer.accept("connections_accepted", connectionsAccepted.sum());
        consumer.accept("connections_refused", connectionsRefused.sum());
        consumer.accept("connects_failed", connectsFailed.sum());
        consumer.accept("handshakes_failed", handshakesFailed.sum());
        consumer.accept("links_opened", linksOpened.sum());
        consumer.accept("links_closed", linksClosed.sum());
        consumer.accept("frames_in", framesIn.sum());
        consumer.accept("frames_out", framesOut.sum());
        consumer.accept("bytes_in", bytesIn.sum());
        consumer.accept("bytes_out", bytesOut.sum());
        consumer.accept("bad_frames", badFrames.sum());
        consumer.accept("outbox_overflows", outboxOverflows.sum());
        consumer.accept("timeouts", timeouts.sum());
        consumer.accept("inbound_stalls", inboundStalls.sum());
    }

    /** Connections beyond a limit, closed at once. */
    public long connectionsRefused()
    {
        return connectionsRefused.sum();
    }

    /** TLS handshakes that failed. */
    public long handshakesFailed()
    {
        return handshakesFailed.sum();
    }

    /** Links that stood. */
    public long linksOpened()
    {
        return linksOpened.sum();
    }

    /** Links that stood and are gone. */
    public long linksClosed()
    {
        return linksClosed.sum();
    }

    /** Frames with an impossible length. */
    public long badFrames()
    {
        return badFrames.sum();
    }

    /** Links closed because the other side read too slowly. */
    public long outboxOverflows()
    {
        return outboxOverflows.sum();
    }

    /** Connections closed because the other side did nothing for too long. */
    public long timeouts()
    {
        return timeouts.sum();
    }

    /** Times that a socket was not read because the queue was full. */
    public long inboundStalls()
    {
        return inboundStalls.sum();
    }
}
