package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.Liveness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Copies rows of agents into what readers get. Any thread. */
final class AgentViews
{
    private final ViewLock lock;
    private final AgentTable agents;
    private final SlotTable slots;
    private final GroupTable groups;

    AgentViews(final ViewLock lock, final AgentTable agents, final SlotTable slots, final GroupTable groups)
    {
        this.lock = lock;
        this.agents = agents;
        this.slots = slots;
        this.groups = groups;
    }

    List<AgentView> list()
    {
        final int highestId = agents.highestId();
        final List<AgentView> list = new ArrayList<>();
        for (int i = 1; i <= highestId; i++)
        {
            final int id = i;
            final AgentView view = agent(() -> agents.row(id));
            if (null != view)
            {
                list.add(view);
            }
        }
        return list;
    }

    /** The agent that is found, under the lock; null if there is none, or it has never attached. */
    AgentView agent(final Supplier<AgentRow> find)
    {
        return lock.read(
            () ->
            {
                final AgentRow row = find.get();
                return null == row || row.uuid.isEmpty() ? null : row.view(slots, groups);
            });
    }

    /** By ordinal of the liveness. Without a view of each: who watches a cluster asks every second. */
    long[] byLiveness()
    {
        final long[] counts = new long[Liveness.values().length];
        for (int id = 1; id <= agents.highestId(); id++)
        {
            final AgentRow row = agents.row(id);
            if (null != row)
            {
                counts[row.liveness.ordinal()]++;
            }
        }
        return counts;
    }

    /** Without a view of each, as well. */
    AgentCounts counts()
    {
        long away = 0;
        long drained = 0;
        long quarantined = 0;
        for (int id = 1; id <= agents.highestId(); id++)
        {
            final AgentRow row = agents.row(id);
            if (null != row)
            {
                away += Liveness.LOST != row.liveness && !row.connected ? 1 : 0;
                drained += row.drained ? 1 : 0;
                quarantined += row.quarantined ? 1 : 0;
            }
        }
        return new AgentCounts(byLiveness(), away, drained, quarantined);
    }
}
