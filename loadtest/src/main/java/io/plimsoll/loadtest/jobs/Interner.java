package io.plimsoll.loadtest.jobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers for equal values, in the order in which they first came. */
final class Interner<T>
{
    private final Map<T, Integer> ids = new HashMap<>();
    private final List<T> values = new ArrayList<>();

    int id(final T value)
    {
        final Integer known = ids.putIfAbsent(value, values.size());
        if (null != known)
        {
            return known;
        }
        values.add(value);
        return values.size() - 1;
    }

    T value(final int id)
    {
        return values.get(id);
    }

    List<T> values()
    {
        return values;
    }
}
