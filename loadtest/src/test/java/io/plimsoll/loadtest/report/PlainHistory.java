package io.plimsoll.loadtest.report;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.view.AgentView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The same questions answered the plain way: all is kept, and the view of the manager is asked at every record. */
final class PlainHistory implements RecordListener
{
    record Waited(long sessionId, int groupId, int ownerId, long sinceNs, long untilNs, LifeState end)
    {
        long lengthNs()
        {
            return untilNs - sinceNs;
        }
    }

    record Ran(long kernelId, int attempt, int agentId, long sinceNs, long untilNs)
    {
    }

    record Usage(long fromNs, long toNs, Map<String, Double> used, Map<String, Double> capacity)
    {
    }

    final List<Waited> waits = new ArrayList<>();
    final List<Ran> runs = new ArrayList<>();
    final List<Usage> usages = new ArrayList<>();
    final List<Long> placedKernelsNs = new ArrayList<>();
    final List<Long> submittedNs = new ArrayList<>();
    final List<Long> lostNs = new ArrayList<>();
    final List<Long> recordsNs = new ArrayList<>();
    private final RestoredView view = new RestoredView();
    private final Map<Long, long[]> sessions = new TreeMap<>();
    private final Map<Long, LifeState> states = new HashMap<>();
    private final Map<Long, Long> sinceNs = new HashMap<>();
    private final Map<String, Long> runningSinceNs = new HashMap<>();
    private final Map<Integer, Liveness> liveness = new HashMap<>();

    PlainHistory(final RecordTape tape)
    {
        final RecordFlyweight record = new RecordFlyweight();
        final RecordDispatcher dispatcher = new RecordDispatcher(this);
        long lastNs = 0;
        for (int i = 0; i < tape.size(); i++)
        {
            tape.wrap(i, record);
            if (lastNs > 0 && record.timestampNs() > lastNs)
            {
                usages.add(usage(lastNs, record.timestampNs()));
            }
            lastNs = record.timestampNs();
            recordsNs.add(lastNs);
            dispatcher.dispatch(record);
            view.onRecord(record);
            for (final AgentView agent : view.view().agents())
            {
                final Liveness before = liveness.put(agent.id(), agent.liveness());
                if (Liveness.LOST == agent.liveness() && Liveness.LOST != before)
                {
                    lostNs.add(lastNs);
                }
            }
        }
    }

    private Usage usage(final long fromNs, final long toNs)
    {
        final Map<String, Double> used = new TreeMap<>();
        final Map<String, Double> capacity = new TreeMap<>();
        for (final AgentView agent : view.view().agents())
        {
            if (Liveness.LOST != agent.liveness())
            {
                agent.used().forEach(
                    (slot, amount) -> used.merge(agent.group() + " " + slot, (double)amount, Double::sum));
                agent.capacity().forEach(
                    (slot, amount) -> capacity.merge(agent.group() + " " + slot, (double)amount, Double::sum));
            }
        }
        return new Usage(fromNs, toNs, used, capacity);
    }

    /** Sessions that wait behind the last record. */
    List<Waited> open(final long atNs)
    {
        final List<Waited> open = new ArrayList<>();
        states.forEach((id, state) ->
        {
            if (LifeState.PENDING == state)
            {
                final long[] owner = sessions.get(id);
                open.add(new Waited(id, (int)owner[0], (int)owner[1], sinceNs.get(id), atNs, state));
            }
        });
        return open;
    }

    @Override
    public void onSessionQueued(final SessionQueuedDecoder event, final ReleasedRecord record)
    {
        for (long id = event.sessionId(); id < event.sessionId() + event.elementCount(); id++)
        {
            sessions.put(id, new long[]{event.groupId(), event.ownerId()});
            states.put(id, LifeState.PENDING);
            sinceNs.put(id, Math.max(record.timestampNs(), event.startsAtNs()));
            submittedNs.add(record.timestampNs());
        }
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        final long id = event.sessionId();
        final LifeState before = states.put(id, event.state());
        if (LifeState.PENDING == before)
        {
            final long[] owner = sessions.get(id);
            waits.add(new Waited(
                id, (int)owner[0], (int)owner[1], sinceNs.get(id), record.timestampNs(), event.state()));
        }
        sinceNs.put(id, record.timestampNs());
    }

    @Override
    public void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
        placedKernelsNs.add(record.timestampNs());
    }

    @Override
    public void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
        final String key = event.kernelId() + "." + event.attempt();
        if (LifeState.RUNNING == event.state())
        {
            runningSinceNs.put(key, record.timestampNs());
        }
        else if (runningSinceNs.containsKey(key))
        {
            runs.add(new Ran(
                event.kernelId(), event.attempt(), event.agentId(), runningSinceNs.remove(key), record.timestampNs()));
        }
    }
}
