package io.plimsoll.manager.http;

import io.plimsoll.manager.view.EventFeed;

/**
 * Last event that a reader has, as the id of a server-sent event spells it: <code>sequence.index</code>, or the
 * sequence alone for all of its events. One record of the journal may hold several events, so a sequence alone would
 * lose the rest of them when the connection breaks in between.
 *
 * @param sequence of the journal, -1 for now.
 * @param index    of the last event that the reader has of that sequence.
 */
record EventPosition(long sequence, int index)
{
    static final EventPosition NOW = new EventPosition(-1, Integer.MAX_VALUE);

    /** Null if it is no position. */
    static EventPosition parse(final String text)
    {
        if ("0".equals(text))
        {
            return new EventPosition(0, Integer.MAX_VALUE);
        }
        final int dot = text.indexOf('.');
        final String digits = dot < 0 ? text : text.substring(0, dot);
        final long sequence = IdRanges.id(digits);
        if (sequence < 1)
        {
            return null;
        }
        if (dot < 0)
        {
            return new EventPosition(sequence, Integer.MAX_VALUE);
        }
        final String indexDigits = text.substring(dot + 1);
        final long index = "0".equals(indexDigits) ? 0 : IdRanges.id(indexDigits);
        final boolean valid = "0".equals(indexDigits) || (index > 0 && index < Integer.MAX_VALUE);
        return valid ? new EventPosition(sequence, (int)index) : null;
    }

    /** What to subscribe after: the whole sequence is read again if it was not complete. */
    long afterSequence()
    {
        return Integer.MAX_VALUE == index ? sequence : sequence - 1;
    }

    boolean covers(final EventFeed.FeedEvent event)
    {
        return event.sequence() < sequence || (event.sequence() == sequence && event.index() <= index);
    }
}
