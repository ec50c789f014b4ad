package io.plimsoll.manager.http;

import io.plimsoll.manager.view.IdRange;

/** Session ids as users write them: <code>5</code> or <code>5-204</code>. */
final class IdRanges
{
    private static final int DIGITS_MAX = 18;

    private IdRanges()
    {
    }

    /** Null if it is neither. */
    static IdRange parse(final String text)
    {
        final int dash = text.indexOf('-');
        final long firstId = id(dash < 0 ? text : text.substring(0, dash));
        final long lastId = dash < 0 ? firstId : id(text.substring(dash + 1));
        return firstId < 1 || lastId < firstId ? null : new IdRange(firstId, lastId);
    }

    /** Id, or 0 if the text is not one. */
    static long id(final String text)
    {
        if (text.isEmpty() || text.length() > DIGITS_MAX)
        {
            return 0;
        }
        long id = 0;
        for (int i = 0; i < text.length(); i++)
        {
            final int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9)
            {
                return 0;
            }
            id = id * 10 + digit;
        }
        return id;
    }

    static String format(final long firstId, final long lastId)
    {
        return firstId == lastId ? Long.toString(firstId) : firstId + "-" + lastId;
    }
}
