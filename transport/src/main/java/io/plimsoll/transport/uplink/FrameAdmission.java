package io.plimsoll.transport.uplink;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Decides which frames are let through: those of an agent's present connection, sealed with its key, with a counter
 * beyond all before. It knows nothing of Aeron. Connections come and go from any thread through a queue; all else is
 * the polling thread's. The cheap checks come first, so that a stranger costs a look-up and not a decryption.
 */
final class FrameAdmission
{
    enum Verdict
    {
        TAKEN, REFUSED, DROPPED, BROKEN
    }

    private final UplinkCounters counters;
    private final FrameOpener opener = new FrameOpener();
    private final Int2ObjectHashMap<AdmittedAgent> agents = new Int2ObjectHashMap<>();
    private final Queue<Change> changes = new ConcurrentLinkedQueue<>();

    FrameAdmission(final UplinkCounters counters)
    {
        this.counters = counters;
    }

    /** Any thread. */
    void admit(final AdmittedAgent agent)
    {
        changes.add(new Change(agent.agentId(), agent.connection(), agent));
    }

    /** Any thread. */
    void dismiss(final int agentId, final long connection)
    {
        changes.add(new Change(agentId, connection, null));
    }

    /** Takes over what other threads asked for. */
    void applyChanges()
    {
        Change change = changes.poll();
        while (null != change)
        {
            apply(change);
            change = changes.poll();
        }
    }

    /**
     * Judges a frame and, if it is good, hands its message over.
     *
     * @param image that it came on.
     * @return REFUSED if the handler cannot take it now: judged again, the same frame is as good as before.
     */
    Verdict onFrame(
        final int streamId, final long image, final DirectBuffer frame, final int offset, final int length,
        final UplinkReceiver.Handler handler)
    {
        if (!UplinkFrame.isWellFormed(frame, offset, length, streamId))
        {
            counters.malformed.increment();
            return Verdict.DROPPED;
        }
        final AdmittedAgent agent = agent(UplinkFrame.agentId(frame, offset), UplinkFrame.connection(frame, offset));
        if (null == agent)
        {
            return Verdict.DROPPED;
        }
        final int stream = UplinkSender.REPORT_STREAM == streamId ? AdmittedAgent.REPORTS : AdmittedAgent.HEARTBEATS;
        final long counter = UplinkFrame.counter(frame, offset);
        if (!agent.isNew(stream, counter))
        {
            counters.replayed.increment();
            return Verdict.DROPPED;
        }
        final int messageLength = opener.open(agent.key(stream), streamId, frame, offset, length);
        if (FrameOpener.FORGED == messageLength)
        {
            counters.forged.increment();
            return Verdict.DROPPED;
        }
        if (AdmittedAgent.REPORTS == stream && !agent.tryBindReports(image))
        {
            counters.broken.increment();
            return Verdict.BROKEN;
        }
        if (!handler.onMessage(
            agent.agentId(), agent.connection(), streamId, opener.message(), 0, messageLength))
        {
            return Verdict.REFUSED;
        }
        agent.seen(stream, counter);
        counters.delivered.increment();
        return Verdict.TAKEN;
    }

    private AdmittedAgent agent(final int agentId, final long connection)
    {
        AdmittedAgent agent = agents.get(agentId);
        if (null == agent || agent.connection() != connection)
        {
            // It may have been admitted since this poll began: its first frames must not be lost.
            applyChanges();
            agent = agents.get(agentId);
        }
        if (null == agent)
        {
            counters.unknown.increment();
            return null;
        }
        if (agent.connection() != connection)
        {
            counters.stale.increment();
            return null;
        }
        return agent;
    }

    private void apply(final Change change)
    {
        final AdmittedAgent present = agents.get(change.agentId());
        if (null != change.agent())
        {
            if (null == present || present.connection() <= change.connection())
            {
                agents.put(change.agentId(), change.agent());
            }
        }
        else if (null != present && present.connection() == change.connection())
        {
            agents.remove(change.agentId());
        }
    }

    /** Agent null: dismissed. */
    private record Change(int agentId, long connection, AdmittedAgent agent)
    {
    }
}
