package io.plimsoll.manager.history;

import java.util.ArrayList;
import java.util.List;

/** A job array of which some elements have no row yet. For one thread. */
final class PastArray
{
    final Asked asked;
    /** Elements without a row. */
    long waiting;
    /** In order. */
    final List<Change> changes = new ArrayList<>();

    PastArray(final Asked asked)
    {
        this.asked = asked;
        waiting = asked.count();
    }

    boolean contains(final long id)
    {
        return id >= asked.firstId() && id - asked.firstId() < asked.count();
    }

    /** What an element that waits asks for. */
    Asked askedOf(final long id)
    {
        Asked result = asked;
        for (final Change change : changes)
        {
            if (id >= change.firstId && id - change.firstId < change.count)
            {
                result = result.changed(change.name, change.priority, change.walltimeNs);
            }
        }
        return result;
    }

    /**
     * Elements were changed while they waited.
     *
     * @param arrayId    of their array.
     * @param sequence   of the record.
     * @param eventIndex in the record.
     * @param firstId    first of them.
     * @param count      of them.
     * @param name       null: it stays.
     * @param priority   from then on.
     * @param walltimeNs from then on.
     */
    record Change(
        long arrayId,
        long sequence,
        int eventIndex,
        long firstId,
        long count,
        String name,
        int priority,
        long walltimeNs)
    {
    }
}
