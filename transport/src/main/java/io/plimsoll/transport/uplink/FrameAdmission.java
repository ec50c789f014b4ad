package io.plimsoll.transport.uplink;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Decides which frames are let through: those of an agent's present connection, sealed with its key, with a counter
 * beyond all before. It knows nothing of Aeron. Connections come and go from any thread; what they change waits for the
 * polling thread, to which all else belongs. The cheap checks come first, so that a stranger costs a look-up and not a
 * decryption.
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
    /** The latest of each agent, which makes those before it moot: so there are no more of them than agents. */
    private final Map<Integer, Change> changeByAgentId = new ConcurrentHashMap<>();

    FrameAdmission(final UplinkCounters counters)
    {
        this.counters = counters;
    }

    /** Any thread. */
    void admit(final AdmittedAgent agent)
    {
        add(new Change(agent.agentId(), agent.connection(), agent));
    }

    /** Any thread. */
    void dismiss(final int agentId, final long connection)
    {
        add(new Change(agentId, connection, null));
    }

    private void add(final Change change)
    {
        changeByAgentId.merge(
            change.agentId(),
            change,
            (earlier, later) -> later.connection() >= earlier.connection() ? later : earlier);
    }

    /** Takes over what other threads asked for. */
    void applyChanges()
    {
        if (changeByAgentId.isEmpty())
        {
            return;
        }
        for (final Integer agentId : changeByAgentId.keySet())
        {
            final Change change = changeByAgentId.remove(agentId);
            if (null != change)
            {
                apply(change);
            }
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
        final int messageLength = opener.open(
            agent.cipher(stream), agent.key(stream), streamId, frame, offset, length);
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
        else if (null != present && present.connection() <= change.connection())
        {
            agents.remove(change.agentId());
        }
    }

    /** Agent null: dismissed, and with it the connections before it. */
    private record Change(int agentId, long connection, AdmittedAgent agent)
    {
    }
}
