package io.plimsoll.loadtest.workload;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AssignmentRepeatedDecoder;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KillRequestedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/** Scripted agents, fed with the events of a core as if each had a perfect link while it is connected. One thread. */
public final class ScriptedFleet
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AgentAttachedDecoder attached = new AgentAttachedDecoder();
    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private final AssignmentRepeatedDecoder repeated = new AssignmentRepeatedDecoder();
    private final KillRequestedDecoder kill = new KillRequestedDecoder();
    private final TermBeganDecoder termBegan = new TermBeganDecoder();
    private final CommandRejectedDecoder rejected = new CommandRejectedDecoder();
    private final RecordFlyweight.EventConsumer onEvent = this::onEvent;
    private final List<ScriptedAgent> agents = new ArrayList<>();
    private final Map<Integer, ScriptedAgent> agentById = new TreeMap<>();
    private final Map<Long, ScriptedAgent> connectingByCorrelation = new HashMap<>();
    private final Map<Long, HeldKernel> assignmentByKernel = new HashMap<>();
    private long sequence;
    private long term;
    private long clusterIdLo;

    /**
     * Adds an agent that has never been connected.
     *
     * @param shape of it.
     * @return the agent.
     */
    public ScriptedAgent add(final AgentShape shape)
    {
        final ScriptedAgent agent = new ScriptedAgent(agents.size() + 1, shape);
        agents.add(agent);
        return agent;
    }

    public List<ScriptedAgent> agents()
    {
        return agents;
    }

    public long term()
    {
        return term;
    }

    void onConnecting(final long correlationId, final ScriptedAgent agent)
    {
        agent.onConnecting();
        connectingByCorrelation.put(correlationId, agent);
    }

    /**
     * Lets the agents see what was decided.
     *
     * @param record with the events.
     */
    public void onRecord(final RecordFlyweight record)
    {
        sequence = record.sequence();
        record.forEachEvent(onEvent);
    }

    private void onEvent(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case TermBeganDecoder.TEMPLATE_ID -> onTermBegan(termBegan.wrapAndApplyHeader(buffer, offset, header));
            case AgentAttachedDecoder.TEMPLATE_ID -> onAttached(attached.wrapAndApplyHeader(buffer, offset, header));
            case CommandRejectedDecoder.TEMPLATE_ID ->
                onRejected(rejected.wrapAndApplyHeader(buffer, offset, header).correlationId());
            case KernelAssignedDecoder.TEMPLATE_ID -> onAssigned(assigned.wrapAndApplyHeader(buffer, offset, header));
            case AssignmentRepeatedDecoder.TEMPLATE_ID ->
                onRepeated(repeated.wrapAndApplyHeader(buffer, offset, header));
            case KillRequestedDecoder.TEMPLATE_ID -> onKill(kill.wrapAndApplyHeader(buffer, offset, header));
            default ->
            {
                // Nothing that an agent is told of.
            }
        }
    }

    private void onTermBegan(final TermBeganDecoder event)
    {
        term = event.term();
        clusterIdLo = event.clusterIdLo();
        agents.forEach(ScriptedAgent::disconnect);
    }

    private void onAttached(final AgentAttachedDecoder event)
    {
        final ScriptedAgent agent = connectingByCorrelation.remove(event.correlationId());
        if (null != agent)
        {
            agent.onAttached(event.agentId(), event.connection());
            agent.onSeen(clusterIdLo, term, sequence);
            agentById.put(event.agentId(), agent);
        }
    }

    private void onRejected(final long correlationId)
    {
        final ScriptedAgent agent = connectingByCorrelation.remove(correlationId);
        if (null != agent)
        {
            agent.onRefused();
        }
    }

    private void onAssigned(final KernelAssignedDecoder event)
    {
        final HeldKernel kernel =
            new HeldKernel(event.kernelId(), event.term(), event.attempt(), sequence, clusterIdLo);
        assignmentByKernel.put(event.kernelId(), kernel.copy());
        assign(agentById.get(event.agentId()), kernel, event.assignmentNo());
    }

    private void onRepeated(final AssignmentRepeatedDecoder event)
    {
        assign(
            agentById.get(event.agentId()), assignmentByKernel.get(event.kernelId()).copy(), event.assignmentNo());
    }

    private void assign(final ScriptedAgent agent, final HeldKernel kernel, final long assignmentNo)
    {
        agent.onAssigned(kernel, assignmentNo);
        agent.onSeen(clusterIdLo, term, sequence);
    }

    private void onKill(final KillRequestedDecoder event)
    {
        final HeldKernel target =
            new HeldKernel(event.kernelId(), event.term(), event.attempt(), sequence, clusterIdLo);
        agentById.get(event.agentId()).onKill(target, event.reason());
    }
}
