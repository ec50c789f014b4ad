package io.plimsoll.transport.link;

import io.plimsoll.transport.CounterConsumer;
import java.util.concurrent.atomic.LongAdder;

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

    /** Names all. */
    public void forEach(final CounterConsumer consumer)
    {
        consumer.accept("connections_accepted", "Connections accepted", connectionsAccepted::sum);
        consumer.accept("connections_refused", "Connections beyond a limit, closed at once", connectionsRefused::sum);
        consumer.accept("connects_failed", "Attempts to connect that failed", connectsFailed::sum);
        consumer.accept("handshakes_failed", "TLS handshakes that failed", handshakesFailed::sum);
        consumer.accept("links_opened", "Links that stood", linksOpened::sum);
        consumer.accept("links_closed", "Links that stood and are gone", linksClosed::sum);
        consumer.accept("frames_in", "Frames received", framesIn::sum);
        consumer.accept("frames_out", "Frames queued to be sent", framesOut::sum);
        consumer.accept("bytes_in", "Bytes received within TLS", bytesIn::sum);
        consumer.accept("bytes_out", "Bytes sent within TLS", bytesOut::sum);
        consumer.accept("bad_frames", "Frames with an impossible length", badFrames::sum);
        consumer.accept(
            "outbox_overflows", "Links closed because the other side read too slowly", outboxOverflows::sum);
        consumer.accept(
            "timeouts", "Connections closed because the other side did nothing for too long", timeouts::sum);
        consumer.accept(
            "inbound_stalls", "Times that a socket was not read because the queue was full", inboundStalls::sum);
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
