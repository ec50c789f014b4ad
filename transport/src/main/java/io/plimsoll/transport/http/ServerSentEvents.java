package io.plimsoll.transport.http;

/** Reads server-sent events, line by line as the HTML standard describes them. Comments are skipped. */
public final class ServerSentEvents
{
    private static final int DATA_LENGTH_MAX = 16 * 1024 * 1024;

    private final ApiStream stream;
    private final StringBuilder data = new StringBuilder();
    private String id = "";
    /** Of what is being read: it counts when that is whole. */
    private String nextId = "";
    private String event = "";

    ServerSentEvents(final ApiStream stream)
    {
        this.stream = stream;
    }

    /**
     * Waits for the next event.
     *
     * @return false at the end of the stream; an event that broke off is not given.
     */
    public boolean next()
    {
        data.setLength(0);
        event = "";
        boolean hasData = false;
        String line = stream.readLine();
        while (null != line)
        {
            if (line.isEmpty())
            {
                id = nextId;
                if (hasData)
                {
                    return true;
                }
                event = "";
            }
            else
            {
                hasData |= onLine(line, hasData);
            }
            line = stream.readLine();
        }
        return false;
    }

    /**
     * Where to resume: id of the event, or of the last that had one, or of what came whole since and is no event. After
     * {@link #next} has said that there is no more, or thrown, an event that broke off does not count.
     */
    public String id()
    {
        return id;
    }

    /** Type of the event; the empty string if it has none. */
    public String event()
    {
        return event;
    }

    /** Data of the event, its lines joined by newlines. */
    public String data()
    {
        return data.toString();
    }

    private boolean onLine(final String line, final boolean hasData)
    {
        final int colon = line.indexOf(':');
        final String name = colon < 0 ? line : line.substring(0, colon);
        final int begin = colon < 0 ? line.length() : line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
        final String value = line.substring(begin);
        switch (name)
        {
            case "data" ->
            {
                if (data.length() + value.length() > DATA_LENGTH_MAX)
                {
                    throw new ApiProtocolException("an event is longer than " + DATA_LENGTH_MAX + " characters", null);
                }
                if (hasData)
                {
                    data.append('\n');
                }
                data.append(value);
                return true;
            }
            case "id" -> nextId = value;
            case "event" -> event = value;
            default ->
            {
                // Comments have no name, and "retry" does not concern a reader that its user restarts.
            }
        }
        return false;
    }
}
