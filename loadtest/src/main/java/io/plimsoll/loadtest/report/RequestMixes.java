package io.plimsoll.loadtest.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What is asked for, by group. */
final class RequestMixes
{
    private final Map<Integer, RequestMix> byGroup = new TreeMap<>();

    RequestMix group(final int groupId)
    {
        return byGroup.computeIfAbsent(groupId, id -> new RequestMix());
    }

    /** Begins to count anew. */
    void clear()
    {
        byGroup.clear();
    }

    Map<Integer, RequestMix> byGroup()
    {
        return new LinkedHashMap<>(byGroup);
    }
}
