package io.plimsoll.manager.http;

import io.plimsoll.manager.view.EventFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Events that a test emits, kept from the first on. Any thread. */
final class FakeFeed implements EventFeed
{
    final List<FeedEvent> kept = new ArrayList<>();
    final List<Reader> readers = new ArrayList<>();
    long oldest;
    /** What {@link #check} throws; null: nothing. */
    IllegalArgumentException unknown;
    String reign = "";

    synchronized void emit(final long sequence, final int index, final String type, final String json)
    {
        kept.add(new FeedEvent(sequence, index, FakeManager.NOW_NS, type, json));
        List.copyOf(readers).forEach(Reader::serve);
    }

    synchronized int openReaders()
    {
        return readers.size();
    }

    synchronized void dropAll(final String reason)
    {
        List.copyOf(readers).forEach(reader -> reader.onGone.accept(reason));
        readers.clear();
    }

    @Override
    public synchronized Subscription subscribe(
        final long afterSequence, final Consumer<FeedEvent> onEvent, final Consumer<String> onGone)
    {
        if (afterSequence >= 0 && afterSequence + 1 < oldest)
        {
            throw new IllegalArgumentException(
                "sequence " + afterSequence + " is pruned; the oldest kept is " + oldest);
        }
        int next = 0;
        while (next < kept.size() && (afterSequence < 0 || kept.get(next).sequence() <= afterSequence))
        {
            next++;
        }
        final Reader reader = new Reader(onEvent, onGone, next);
        readers.add(reader);
        return reader;
    }

    @Override
    public void check(final long sequence, final boolean whole, final String givenReign)
    {
        if (null != unknown)
        {
            throw unknown;
        }
    }

    @Override
    public String reign(final long sequence)
    {
        return reign;
    }

    final class Reader implements Subscription
    {
        private final Consumer<FeedEvent> onEvent;
        private final Consumer<String> onGone;
        private int next;
        private long allowed;

        Reader(final Consumer<FeedEvent> onEvent, final Consumer<String> onGone, final int next)
        {
            this.onEvent = onEvent;
            this.onGone = onGone;
            this.next = next;
        }

        @Override
        public void request(final long events)
        {
            synchronized (FakeFeed.this)
            {
                allowed = allowed + events < 0 ? Long.MAX_VALUE : allowed + events;
                serve();
            }
        }

        void serve()
        {
            while (allowed > 0 && next < kept.size())
            {
                allowed--;
                onEvent.accept(kept.get(next++));
            }
        }

        @Override
        public long after()
        {
            return 4711;
        }

        long unserved()
        {
            synchronized (FakeFeed.this)
            {
                return kept.size() - next;
            }
        }

        @Override
        public void close()
        {
            synchronized (FakeFeed.this)
            {
                readers.remove(this);
            }
        }
    }
}
