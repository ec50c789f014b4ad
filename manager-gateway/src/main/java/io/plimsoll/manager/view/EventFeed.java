package io.plimsoll.manager.view;

import java.util.List;
import java.util.function.Consumer;

/** Released events for readers, resumable from any sequence that the journal still holds. */
public interface EventFeed
{
    /** All types of events. */
    List<String> TYPES = List.of(
        "manager.started", "manager.lost-tail", "session.queued", "session.state", "session.updated",
        "session.forgotten", "kernel.state", "agent.attached", "agent.state", "agent.orphan");

    /**
     * Starts a subscription.
     *
     * @param afterSequence last sequence that the reader has; 0 from the oldest kept, -1 from now.
     * @param onEvent       called on a feed thread, in order, never twice, none left out.
     * @param onGone        called once if the reader fell behind further than can be served, or the feed stops.
     * @return closes the subscription; idempotent.
     * @throws IllegalArgumentException if the sequence is pruned; its message names the oldest kept.
     */
    Subscription subscribe(long afterSequence, Consumer<FeedEvent> onEvent, Consumer<String> onGone);

    /**
     * Makes sure that a reader can go on from where it is.
     *
     * @param sequence of the last event that it has, at least 1.
     * @param whole    whether it has all events of that sequence.
     * @param reign    of that event, empty if it does not know.
     * @throws UnknownSequenceException if this journal has not, or has not any more, what the reader has seen.
     * @throws IllegalArgumentException if what follows is pruned; its message names the oldest kept.
     */
    void check(long sequence, boolean whole, String reign);

    /** Which reign of a manager wrote a sequence: eight hexadecimal digits, empty if that is not known. Any thread. */
    String reign(long sequence);

    /**
     * One change that a user can see.
     *
     * @param sequence journal sequence.
     * @param index    of the event within its sequence.
     * @param timeNs   epoch nanoseconds.
     * @param type     such as {@code session.queued}, {@code session.state}, {@code kernel.state}, {@code agent.state}.
     * @param json     fields of the event as one JSON object.
     */
    record FeedEvent(long sequence, int index, long timeNs, String type, String json)
    {
    }

    /** A reader's hold on the feed: it is called no faster than it asks. */
    interface Subscription extends AutoCloseable
    {
        /** Allows that many more events. */
        void request(long events);

        /** The sequence after which it began. */
        long after();

        @Override
        void close();
    }
}
