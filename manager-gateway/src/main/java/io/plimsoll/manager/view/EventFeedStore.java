package io.plimsoll.manager.view;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.control.OverloadedException;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.egress.RequestOrigins;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds subscribers from the journal's files, each at its own pace and from its own place, so that a slow one costs
 * nobody anything. A duty cycle with a thread of its own; egress only wakes it. Subscribers come from any thread.
 */
public final class EventFeedStore implements EventFeed, Agent
{
    private static final Logger LOGGER = LoggerFactory.getLogger(EventFeedStore.class);
    private static final int RECORDS_PER_CYCLE = 256;
    private static final int RETRY_AFTER_SECONDS = 1;

    private final RecordSource source;
    private final LiveViewStore view;
    private final Runnable wakeUp;
    private final int subscriptionsMax;
    private final Counters counters;
    private final EventJson json;
    private final RecordDispatcher dispatcher;
    private final RecordFlyweight record = new RecordFlyweight();
    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /**
     * Of one manager.
     *
     * @param source           of released records.
     * @param view             that knows the sequence released last, and names.
     * @param origins          that knows which requests sessions came from.
     * @param wakeUp           ends the wait of the feed's thread; any thread.
     * @param subscriptionsMax at a time.
     * @param counters         to count in.
     */
    public EventFeedStore(
        final RecordSource source,
        final LiveViewStore view,
        final RequestOrigins origins,
        final Runnable wakeUp,
        final int subscriptionsMax,
        final Counters counters)
    {
        this.source = source;
        this.view = view;
        this.wakeUp = wakeUp;
        this.subscriptionsMax = subscriptionsMax;
        this.counters = counters;
        json = new EventJson(view, origins);
        dispatcher = new RecordDispatcher(json);
    }

    @Override
    public Subscription subscribe(
        final long afterSequence, final Consumer<FeedEvent> onEvent, final Consumer<String> onGone)
    {
        final long oldest = source.oldestSequence();
        final long first = -1 == afterSequence ? view.sequence() + 1 : 0 == afterSequence ? oldest : afterSequence + 1;
        requireKept(first, oldest);
        final Reader reader = new Reader(first, onEvent, onGone);
        synchronized (readers)
        {
            if (closed || readers.size() >= subscriptionsMax)
            {
                throw new OverloadedException(closed ? "shutting-down" : "too-many-subscriptions", RETRY_AFTER_SECONDS);
            }
            readers.add(reader);
        }
        return reader;
    }

    private static void requireKept(final long first, final long oldest)
    {
        if (first < oldest)
        {
            throw new IllegalArgumentException(
                "sequence " + first + " is no longer kept; the oldest kept is " + oldest);
        }
    }

    @Override
    public void check(final long sequence, final boolean whole, final String reign)
    {
        final long newest = view.sequence();
        if (sequence > newest)
        {
            throw new UnknownSequenceException(
                "sequence " + sequence + " is not in this journal, which ends with " + newest +
                    ": it has lost what followed, or is another one", newest);
        }
        final long common = reign.isEmpty() ? sequence : view.terms().common(reign, sequence);
        if (common != sequence)
        {
            throw new UnknownSequenceException(
                "sequence " + sequence + " is not what it was in reign " + reign + ": this journal has lost " +
                    (0 == common ? "that reign, or is another one" : "what followed " + common), common);
        }
        requireKept(whole ? sequence + 1 : sequence, source.oldestSequence());
    }

    @Override
    public String reign(final long sequence)
    {
        return view.terms().reign(sequence);
    }

    /** Records were released. Egress, at the end of a batch. */
    public void onReleased(final long sequence)
    {
        if (!readers.isEmpty())
        {
            wakeUp.run();
        }
    }

    @Override
    public String roleName()
    {
        return "event-feed";
    }

    @Override
    public int doWork()
    {
        int workCount = 0;
        for (final Reader reader : readers)
        {
            workCount += reader.step();
        }
        return workCount;
    }

    @Override
    public void onClose()
    {
        synchronized (readers)
        {
            closed = true;
        }
        for (final Reader reader : readers)
        {
            reader.gone("shutting-down");
        }
    }

    /** Subscriptions now. */
    public int size()
    {
        return readers.size();
    }

    private final class Reader implements Subscription
    {
        private final ArrayDeque<FeedEvent> events = new ArrayDeque<>();
        private final AtomicLong credit = new AtomicLong();
        private final Consumer<FeedEvent> onEvent;
        private final Consumer<String> onGone;
        private final long firstSequence;
        private RecordSource.Cursor cursor;
        private volatile boolean left;

        private Reader(final long firstSequence, final Consumer<FeedEvent> onEvent, final Consumer<String> onGone)
        {
            this.firstSequence = firstSequence;
            this.onEvent = onEvent;
            this.onGone = onGone;
        }

        @Override
        public void request(final long count)
        {
            if (count <= 0)
            {
                throw new IllegalArgumentException("events=" + count + " must be positive");
            }
            credit.accumulateAndGet(count, (held, more) -> held + more < 0 ? Long.MAX_VALUE : held + more);
            wakeUp.run();
        }

        @Override
        public long after()
        {
            return firstSequence - 1;
        }

        @Override
        public void close()
        {
            // The feed's thread owns the cursor and closes it with its next step.
            left = true;
            wakeUp.run();
        }

        /** The feed's thread. */
        private int step()
        {
            if (left)
            {
                leave();
                return 1;
            }
            try
            {
                return deliver();
            }
            catch (final RuntimeException e)
            {
                gone("cannot go on: " + e.getMessage());
                return 1;
            }
        }

        private int deliver()
        {
            int workCount = 0;
            while (credit.get() > 0 && !left && workCount < RECORDS_PER_CYCLE)
            {
                final FeedEvent event = events.poll();
                if (null != event)
                {
                    credit.decrementAndGet();
                    counters.increment(Counter.FEED_EVENTS);
                    onEvent.accept(event);
                }
                else if (!read())
                {
                    break;
                }
                workCount++;
            }
            return workCount;
        }

        private boolean read()
        {
            if (null == cursor)
            {
                cursor = source.open(firstSequence);
            }
            if (!cursor.next(record))
            {
                return false;
            }
            json.target(events);
            dispatcher.dispatch(record);
            return true;
        }

        private void gone(final String reason)
        {
            try
            {
                if (!left)
                {
                    left = true;
                    onGone.accept(reason);
                }
            }
            catch (final RuntimeException e)
            {
                LOGGER.warn("a reader of events could not be told \"{}\"", reason, e);
            }
            leave();
        }

        private void leave()
        {
            readers.remove(this);
            if (null != cursor)
            {
                cursor.close();
                cursor = null;
            }
        }
    }
}
