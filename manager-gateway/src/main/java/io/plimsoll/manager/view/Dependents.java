package io.plimsoll.manager.view;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Who depends on a session: sessions by their id, arrays by their first one, as long as the view has them. One writer,
 * any readers; it holds nothing for those on which nobody depends.
 */
final class Dependents
{
    private final Map<Long, ConcurrentSkipListMap<Long, SessionForm>> byTarget = new ConcurrentHashMap<>();

    void copyFrom(final Dependents other)
    {
        byTarget.clear();
        other.byTarget.forEach((id, forms) -> byTarget.put(id, new ConcurrentSkipListMap<>(forms)));
    }

    void add(final SessionForm form)
    {
        for (final long target : form.dependencies())
        {
            add(target, form);
        }
        for (final long target : form.terms().afterAny())
        {
            add(target, form);
        }
    }

    private void add(final long target, final SessionForm form)
    {
        byTarget.computeIfAbsent(target, id -> new ConcurrentSkipListMap<>()).put(form.firstId(), form);
    }

    void remove(final SessionForm form)
    {
        for (final long target : form.dependencies())
        {
            remove(target, form);
        }
        for (final long target : form.terms().afterAny())
        {
            remove(target, form);
        }
    }

    private void remove(final long target, final SessionForm form)
    {
        byTarget.computeIfPresent(target, (id, forms) ->
        {
            forms.remove(form.firstId());
            return forms.isEmpty() ? null : forms;
        });
    }

    /** By first id; may change while it is read. */
    Map<Long, SessionForm> of(final long target)
    {
        final Map<Long, SessionForm> forms = byTarget.get(target);
        return null == forms ? Map.of() : forms;
    }
}
