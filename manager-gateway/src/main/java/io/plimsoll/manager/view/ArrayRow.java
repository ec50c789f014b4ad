package io.plimsoll.manager.view;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** A job array, from which elements get rows of their own when they are placed or cancelled. */
final class ArrayRow
{
    /** As it was submitted. */
    final SessionForm form;
    /** Elements forgotten; the array goes with the last. */
    long forgotten;
    /** What is asked for from an id on, up to the next of these; null: everywhere what was submitted. */
    private volatile ConcurrentSkipListMap<Long, SessionForm> changed;

    ArrayRow(final SessionForm form)
    {
        this.form = form;
    }

    ArrayRow copy()
    {
        final ArrayRow copy = new ArrayRow(form);
        copy.forgotten = forgotten;
        final ConcurrentSkipListMap<Long, SessionForm> present = changed;
        copy.changed = null == present ? null : new ConcurrentSkipListMap<>(present);
        return copy;
    }

    boolean contains(final long id)
    {
        return id >= form.firstId() && id - form.firstId() < form.count();
    }

    long lastId()
    {
        return form.firstId() + form.count() - 1;
    }

    /** What an element that waits asks for. */
    SessionForm form(final long id)
    {
        final ConcurrentSkipListMap<Long, SessionForm> present = changed;
        final Map.Entry<Long, SessionForm> entry = null == present ? null : present.floorEntry(id);
        return null == entry ? form : entry.getValue();
    }

    /** Elements of a range ask for something else from now on; the writer's. */
    void update(final long firstId, final long count, final String name, final int priority, final long walltimeNs)
    {
        if (null == changed)
        {
            changed = new ConcurrentSkipListMap<>();
        }
        final long end = firstId + count;
        if (contains(end))
        {
            changed.putIfAbsent(end, form(end));
        }
        changed.putIfAbsent(firstId, form(firstId));
        changed.subMap(firstId, end).replaceAll((id, before) -> before.updated(name, priority, walltimeNs));
    }
}
