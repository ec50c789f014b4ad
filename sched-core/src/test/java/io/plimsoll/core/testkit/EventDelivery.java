package io.plimsoll.core.testkit;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AssignmentRepeatedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KillRequestedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.testkit.Commands.Epoch;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes what a core has decided to whom it concerns: assignments and kills to agents, unless their link breaks on the
 * way, and what becomes of sessions to those who submitted them. It throws when a session goes a way that there is not,
 * or is forgotten while another waits for it.
 */
final class EventDelivery
{
    private final SeededRandom random;
    private final Map<Integer, FakeAgent> byId = new TreeMap<>();
    private final Map<Long, OnLoss> onLoss = new TreeMap<>();
    private final Map<Long, LifeState> states = new TreeMap<>();
    /** What sessions that have not left the queue yet depend on. */
    private final Map<Long, long[]> waitingFor = new TreeMap<>();
    private final Map<Long, Long> nonces = new TreeMap<>();
    private final Map<Long, Long> assignedAt = new TreeMap<>();
    private final Map<String, Long> numberOf = new TreeMap<>();
    private FakeAgent connecting;
    private long sequence;
    private int sessionsMade;
    private int ended;

    EventDelivery(final SeededRandom random)
    {
        this.random = random;
    }

    int sessionsMade()
    {
        return sessionsMade;
    }

    int ended()
    {
        return ended;
    }

    void onManagerStart(final long term, final long nonce)
    {
        nonces.put(term, nonce);
    }

    long nonce(final long term)
    {
        return nonces.get(term);
    }

    /** The agent that is attached by what comes next; null: none. */
    void connecting(final FakeAgent agent)
    {
        connecting = agent;
    }

    /** Delivers all events of a block, which came of the command of a sequence number. */
    void deliver(final byte[] block, final long commandSequence)
    {
        sequence = commandSequence;
        final UnsafeBuffer buffer = new UnsafeBuffer(block);
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        int position = 0;
        while (position < block.length)
        {
            final int length = buffer.getInt(position);
            final int offset = position + RecordFlyweight.EVENT_HEADER_LENGTH;
            header.wrap(buffer, offset);
            onEvent(header, buffer, offset);
            position = offset + ((length + 7) & ~7);
        }
    }

    private void onEvent(final MessageHeaderDecoder header, final UnsafeBuffer buffer, final int offset)
    {
        switch (header.templateId())
        {
            case SessionQueuedDecoder.TEMPLATE_ID ->
                onQueued(new SessionQueuedDecoder().wrapAndApplyHeader(buffer, offset, header));
            case SessionAdvancedDecoder.TEMPLATE_ID ->
                onAdvanced(new SessionAdvancedDecoder().wrapAndApplyHeader(buffer, offset, header));
            case SessionForgottenDecoder.TEMPLATE_ID ->
                onForgotten(new SessionForgottenDecoder().wrapAndApplyHeader(buffer, offset, header).sessionId());
            case KernelAssignedDecoder.TEMPLATE_ID ->
                onAssigned(new KernelAssignedDecoder().wrapAndApplyHeader(buffer, offset, header));
            case AssignmentRepeatedDecoder.TEMPLATE_ID ->
                onRepeated(new AssignmentRepeatedDecoder().wrapAndApplyHeader(buffer, offset, header));
            case KillRequestedDecoder.TEMPLATE_ID ->
                onKill(new KillRequestedDecoder().wrapAndApplyHeader(buffer, offset, header));
            case AgentAttachedDecoder.TEMPLATE_ID ->
                onAttached(new AgentAttachedDecoder().wrapAndApplyHeader(buffer, offset, header));
            default ->
            {
                // Nothing that an agent or a user of this cluster acts on.
            }
        }
    }

    private void onQueued(final SessionQueuedDecoder event)
    {
        final SessionQueuedDecoder.SlotsDecoder slots = event.slots();
        while (slots.hasNext())
        {
            slots.next();
        }
        final SessionQueuedDecoder.DependenciesDecoder group = event.dependencies();
        final long[] dependencies = new long[group.count()];
        for (int i = 0; i < dependencies.length; i++)
        {
            dependencies[i] = group.next().sessionId();
        }
        for (long id = event.sessionId(); id < event.sessionId() + event.elementCount(); id++)
        {
            onLoss.put(id, event.onLoss());
            states.put(id, LifeState.PENDING);
            waitingFor.put(id, dependencies);
            sessionsMade++;
        }
    }

    private void onForgotten(final long sessionId)
    {
        for (final Map.Entry<Long, long[]> waiting : waitingFor.entrySet())
        {
            if (LongStream.of(waiting.getValue()).anyMatch(id -> id == sessionId))
            {
                throw new IllegalStateException(
                    "forgot sessionId=" + sessionId + " while " + waiting.getKey() + " waits for it");
            }
        }
    }

    private void onAdvanced(final SessionAdvancedDecoder event)
    {
        final LifeState previous = states.put(event.sessionId(), event.state());
        waitingFor.remove(event.sessionId());
        if (null == previous || previous.value() >= LifeState.TERMINATED.value())
        {
            throw new IllegalStateException("sessionId=" + event.sessionId() + " " + previous + " -> " + event.state());
        }
        ended += event.state().value() >= LifeState.TERMINATED.value() ? 1 : 0;
    }

    private void onAssigned(final KernelAssignedDecoder event)
    {
        final Epoch epoch = new Epoch(event.kernelId(), event.term(), event.attempt());
        assignedAt.put(event.kernelId(), sequence);
        numberOf.put(epoch + "@" + event.agentId(), event.assignmentNo());
        deliver(byId.get(event.agentId()), epoch, event.assignmentNo());
    }

    private void onRepeated(final AssignmentRepeatedDecoder event)
    {
        final FakeAgent agent = byId.get(event.agentId());
        for (final Map.Entry<String, Long> entry : numberOf.entrySet())
        {
            if (entry.getKey().endsWith("@" + event.agentId()) && event.assignmentNo() == entry.getValue())
            {
                final String[] parts = entry.getKey().replaceAll("[^0-9,@]", "").split("[,@]");
                final Epoch epoch = new Epoch(
                    Long.parseLong(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
                deliver(agent, epoch, event.assignmentNo());
                return;
            }
        }
    }

    /** What is on its way when a link breaks is lost, and the manager learns of the break later. */
    private void deliver(final FakeAgent agent, final Epoch epoch, final long assignmentNo)
    {
        if (!agent.connected || losesLink(agent))
        {
            return;
        }
        final FakeKernel kernel = new FakeKernel(
            epoch,
            nonces.get(epoch.term()),
            assignedAt.get(epoch.kernelId()),
            OnLoss.RESTART == onLoss.get(epoch.sessionId()));
        agent.onAssigned(kernel, assignmentNo);
    }

    private boolean losesLink(final FakeAgent agent)
    {
        if (random.percent(2))
        {
            agent.connected = false;
            agent.inventoryPart = -1;
        }
        return !agent.connected;
    }

    private void onKill(final KillRequestedDecoder event)
    {
        final FakeAgent agent = byId.get(event.agentId());
        if (agent.connected && !losesLink(agent))
        {
            final Long at = assignedAt.get(event.kernelId());
            agent.onKill(
                new Epoch(event.kernelId(), event.term(), event.attempt()),
                nonces.getOrDefault(event.term(), 0L),
                null == at ? 0 : at);
        }
    }

    private void onAttached(final AgentAttachedDecoder event)
    {
        final FakeAgent agent = connecting;
        byId.put(event.agentId(), agent);
        agent.onAttached(event.agentId(), event.connection());
    }
}
