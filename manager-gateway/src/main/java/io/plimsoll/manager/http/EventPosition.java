package io.plimsoll.manager.http;

import io.plimsoll.manager.view.EventFeed;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Last event that a reader has, as the id of a server-sent event spells it: <code>sequence.index.reign</code>,
 * <code>sequence.index</code>, or the sequence alone for all of its events. One record of the journal may hold several
 * events, so a sequence alone would lose the rest of them when the connection breaks in between. The reign tells what
 * stood at that sequence before a journal lost its end from what stands there since.
 *
 * @param sequence of the journal, -1 for now.
 * @param index    of the last event that the reader has of that sequence.
 * @param reign    that wrote it, as {@link EventFeed#reign} spells it; empty: not known.
 */
record EventPosition(long sequence, int index, String reign)
{
    static final EventPosition NOW = new EventPosition(-1, Integer.MAX_VALUE, "");

    private static final Pattern ID =
        Pattern.compile("([1-9][0-9]{0,17})(?:\\.(0|[1-9][0-9]{0,9})(?:\\.([0-9a-f]{8}))?)?");

    /** Null if it is no position. */
    static EventPosition parse(final String text)
    {
        if ("0".equals(text))
        {
            return new EventPosition(0, Integer.MAX_VALUE, "");
        }
        final Matcher id = ID.matcher(text);
        if (!id.matches())
        {
            return null;
        }
        final long sequence = IdRanges.id(id.group(1));
        final long index = null == id.group(2) ? Integer.MAX_VALUE : Long.parseLong(id.group(2));
        if (null != id.group(2) && index >= Integer.MAX_VALUE)
        {
            return null;
        }
        return new EventPosition(sequence, (int)index, null == id.group(3) ? "" : id.group(3));
    }

    /** What to subscribe after: the whole sequence is read again if it was not complete. */
    long afterSequence()
    {
        return Integer.MAX_VALUE == index ? sequence : sequence - 1;
    }

    /** Whether it names something that a journal has to have. */
    boolean isGiven()
    {
        return sequence > 0;
    }

    boolean covers(final EventFeed.FeedEvent event)
    {
        return event.sequence() < sequence || (event.sequence() == sequence && event.index() <= index);
    }
}
