package io.plimsoll.manager.callback;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** How it is with the callbacks of sessions of which there is something to say. Any thread. */
final class CallbackLedger
{
    static final int SESSIONS_MAX = 100_000;

    private static final int KEPT_MAX = 1_000;
    private static final Entry NOTHING = new Entry(0, "", 0, 0);

    private final Map<Long, Entry> entryById = new ConcurrentHashMap<>();

    Entry entry(final long sessionId)
    {
        return entryById.getOrDefault(sessionId, NOTHING);
    }

    void waits(final long sessionId)
    {
        change(sessionId, entry -> new Entry(entry.pending + 1, entry.error, entry.errorNs, entry.givenUp));
    }

    void taken(final long sessionId)
    {
        change(sessionId, entry -> entry.givenUp > 0 ?
            new Entry(entry.pending - 1, entry.error, entry.errorNs, entry.givenUp) :
            new Entry(entry.pending - 1, "", 0, 0));
    }

    void failed(final long sessionId, final String error, final long atNs)
    {
        change(sessionId, entry -> new Entry(entry.pending, error, atNs, entry.givenUp));
    }

    void givenUp(final long sessionId, final int waiting, final String error, final long atNs)
    {
        change(sessionId, entry -> new Entry(
            entry.pending - waiting, error.isEmpty() ? entry.error : error, error.isEmpty() ? entry.errorNs : atNs,
            entry.givenUp + 1));
    }

    void forget(final long sessionId)
    {
        if (!entryById.isEmpty())
        {
            entryById.remove(sessionId);
        }
    }

    private void change(final long sessionId, final UnaryOperator<Entry> how)
    {
        final Entry next = how.apply(entry(sessionId));
        if (next.pending <= 0 && 0 == next.givenUp)
        {
            entryById.remove(sessionId);
        }
        else if (entryById.size() < SESSIONS_MAX || entryById.containsKey(sessionId))
        {
            entryById.put(sessionId, new Entry(Math.max(0, next.pending), next.error, next.errorNs, next.givenUp));
        }
    }

    int size()
    {
        return entryById.size();
    }

    /** What a restart should not lose. */
    Map<Long, CallbackPosition.GivenUp> kept()
    {
        final Map<Long, CallbackPosition.GivenUp> kept = new TreeMap<>();
        entryById.forEach((id, entry) ->
        {
            if (entry.givenUp > 0 && kept.size() < KEPT_MAX)
            {
                kept.put(id, new CallbackPosition.GivenUp(entry.givenUp, entry.error, entry.errorNs));
            }
        });
        return kept;
    }

    void restore(final Map<Long, CallbackPosition.GivenUp> kept)
    {
        kept.forEach((id, what) -> entryById.put(id, new Entry(0, what.error(), what.atNs(), what.count())));
    }

    /**
     * Of one session.
     *
     * @param pending that wait.
     * @param error   of the last attempt.
     * @param errorNs when that was.
     * @param givenUp that nobody waits for any more.
     */
    record Entry(int pending, String error, long errorNs, int givenUp)
    {
    }
}
