package io.plimsoll.ops.server;

import io.plimsoll.manager.ConfigurationView;
import java.util.List;

/** What others see of the configuration of a running manager; replaced as a whole. */
final class ShownConfiguration implements ConfigurationView
{
    private volatile List<Entry> entries = List.of();

    @Override
    public List<Entry> entries()
    {
        return entries;
    }

    void show(final List<Entry> current)
    {
        entries = List.copyOf(current);
    }

    /** As it was read: nothing else is wanted. */
    void show(final ConfigTrace trace)
    {
        show(trace.entries().stream().map(entry -> new Entry(
            entry.key(),
            entry.value(),
            entry.origin().toString(),
            entry.value(),
            entry.origin().toString(),
            false,
            "")).toList());
    }
}
