package io.plimsoll.transport.uplink;

import io.plimsoll.transport.CounterConsumer;
import java.util.concurrent.atomic.LongAdder;

/** What happened to frames at the receiver. What strangers send is counted here and nowhere logged. Any thread. */
public final class UplinkCounters
{
    final LongAdder delivered = new LongAdder();
    final LongAdder deferred = new LongAdder();
    final LongAdder heartbeatsRefused = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder unknown = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder replayed = new LongAdder();
    final LongAdder forged = new LongAdder();
    final LongAdder broken = new LongAdder();
    final LongAdder imagesAvailable = new LongAdder();
    final LongAdder imagesLost = new LongAdder();
    final LongAdder imagesRejected = new LongAdder();
    final LongAdder reopened = new LongAdder();

    UplinkCounters()
    {
    }

    /** Names all. */
    public void forEach(final CounterConsumer consumer)
    {
        consumer.accept("delivered", "Messages handed over", delivered::sum);
        consumer.accept("deferred", "Times that a report was left for the next poll", deferred::sum);
        consumer.accept("heartbeats_refused", "Heartbeats that could not be taken", heartbeatsRefused::sum);
        consumer.accept("malformed", "Frames with an impossible length, version or stream", malformed::sum);
        consumer.accept("unknown", "Frames of agents that have no connection here", unknown::sum);
        consumer.accept("stale", "Frames of another connection than the present one", stale::sum);
        consumer.accept("replayed", "Frames whose counter has been seen or passed", replayed::sum);
        consumer.accept("forged", "Frames not sealed with the key of the connection", forged::sum);
        consumer.accept("broken", "Reports that came on a second image", broken::sum);
        consumer.accept("images_available", "Images that came", imagesAvailable::sum);
        consumer.accept("images_lost", "Images that went away", imagesLost::sum);
        consumer.accept("images_rejected", "Images turned away", imagesRejected::sum);
        consumer.accept("reopened", "Times that the media driver had gone and was connected to anew", reopened::sum);
    }

    /** Messages handed over. */
    public long delivered()
    {
        return delivered.sum();
    }

    /** Times that a report could not be taken and was left for the next poll. */
    public long deferred()
    {
        return deferred.sum();
    }

    /** Frames with an impossible length, version or stream, or fragments that do not fit together. */
    public long malformed()
    {
        return malformed.sum();
    }

    /** Frames of agents that have no connection here. */
    public long unknown()
    {
        return unknown.sum();
    }

    /** Frames of an agent's other connection than the present one. */
    public long stale()
    {
        return stale.sum();
    }

    /** Frames whose counter has been seen or passed. */
    public long replayed()
    {
        return replayed.sum();
    }

    /** Frames that were not sealed with the connection's key, or were changed on the way. */
    public long forged()
    {
        return forged.sum();
    }

    /** Reports that came on a second image, so that some before them may be lost: the agent has to reconnect. */
    public long broken()
    {
        return broken.sum();
    }

    /** Images that went away. */
    public long imagesLost()
    {
        return imagesLost.sum();
    }

    /** Images turned away. */
    public long imagesRejected()
    {
        return imagesRejected.sum();
    }
}
