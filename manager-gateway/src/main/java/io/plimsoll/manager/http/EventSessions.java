package io.plimsoll.manager.http;

/**
 * Sessions that an event is of, as its JSON says before anything that users have written: one, or of a job array all
 * from the first on.
 *
 * @param firstId 0: it is of none.
 * @param count   of them.
 */
record EventSessions(long firstId, long count)
{
    private static final EventSessions NONE = new EventSessions(0, 0);
    private static final String SESSION_MARK = "\"sessionId\":";
    private static final String COUNT_MARK = ",\"count\":";

    static EventSessions of(final String json)
    {
        final int start = json.indexOf(SESSION_MARK);
        if (start < 0)
        {
            return NONE;
        }
        final int idEnd = digitsEnd(json, start + SESSION_MARK.length());
        final long firstId = IdRanges.id(json.substring(start + SESSION_MARK.length(), idEnd));
        if (!json.startsWith(COUNT_MARK, idEnd))
        {
            return new EventSessions(firstId, 1);
        }
        final int countStart = idEnd + COUNT_MARK.length();
        return new EventSessions(firstId, IdRanges.id(json.substring(countStart, digitsEnd(json, countStart))));
    }

    private static int digitsEnd(final String json, final int start)
    {
        int end = start;
        while (end < json.length() && Character.isDigit(json.charAt(end)))
        {
            end++;
        }
        return end;
    }

    /** Whether they are those that are asked for; 0: any. */
    boolean isWanted(final long id)
    {
        return 0 == id ? count > 0 : contains(id);
    }

    boolean contains(final long id)
    {
        return id >= firstId && id - firstId < count;
    }
}
