package io.plimsoll.manager.egress;

import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Who wants to know what becomes of a submission, from before it is offered on, so that nothing is missed that comes in
 * the same record. Told at the end of a record, when those that wait for its answers have been answered. Registering is
 * for any thread, the rest happens on the egress thread. How much is watched is bounded by those who register.
 */
public final class SessionWatches implements RecordListener
{
    private final Map<Long, SessionWatcher> expected = new ConcurrentHashMap<>();
    private final Long2ObjectHashMap<SessionWatcher> watchers = new Long2ObjectHashMap<>();
    private final List<Runnable> notices = new ArrayList<>();
    private volatile boolean hasGone;

    /** Watches what comes of a command; to be called before it is offered. */
    public void expect(final long correlationId, final SessionWatcher watcher)
    {
        expected.put(correlationId, watcher);
    }

    /** The command was not taken, or nobody waits for it any more. */
    public void forget(final long correlationId)
    {
        expected.remove(correlationId);
    }

    /** Somebody who watched has gone: its watches are dropped with the next record. */
    public void onGone()
    {
        hasGone = true;
    }

    /** Sessions being watched; egress thread only. */
    int size()
    {
        return watchers.size();
    }

    @Override
    public void onSubmissionAccepted(final SubmissionAcceptedDecoder event, final ReleasedRecord record)
    {
        final SessionWatcher watcher = expected.isEmpty() ? null : expected.remove(event.correlationId());
        if (null != watcher)
        {
            for (long id = event.firstId(); id < event.firstId() + event.count(); id++)
            {
                watchers.put(id, watcher);
            }
        }
    }

    @Override
    public void onCommandRejected(final CommandRejectedDecoder event, final ReleasedRecord record)
    {
        expected.remove(event.correlationId());
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        final long id = event.sessionId();
        final SessionWatcher watcher = watchers.isEmpty() ? null : watchers.get(id);
        if (null == watcher)
        {
            return;
        }
        final LifeState state = event.state();
        final int attempt = event.attempt();
        switch (state)
        {
            case SCHEDULED -> notices.add(() -> watcher.onAssigned(id, attempt));
            case TERMINATED, CANCELLED, ERROR ->
            {
                watchers.remove(id);
                final var result = event.result();
                final int exitCode = event.exitCode();
                notices.add(() -> watcher.onEnded(id, attempt, state, result, exitCode));
            }
            default ->
            {
                // What is between the two is not told.
            }
        }
    }

    @Override
    public void onRecordEnd(final ReleasedRecord record)
    {
        if (!notices.isEmpty())
        {
            notices.forEach(Runnable::run);
            notices.clear();
        }
        if (hasGone)
        {
            hasGone = false;
            watchers.values().removeIf(SessionWatcher::isGone);
            expected.values().removeIf(SessionWatcher::isGone);
        }
    }
}
