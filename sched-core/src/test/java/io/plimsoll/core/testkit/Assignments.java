package io.plimsoll.core.testkit;

import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.testkit.Commands.Epoch;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/** What agents would know from the events: connections, and the latest assignment of each kernel. */
public final class Assignments
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private final AgentAttachedDecoder attached = new AgentAttachedDecoder();
    private final Map<Long, Assignment> byKernel = new TreeMap<>();
    private final Map<Integer, Long> connections = new TreeMap<>();
    private final Map<Integer, Long> highest = new TreeMap<>();
    private int lastAgent;

    /** One assignment. */
    public record Assignment(Epoch epoch, int agent, long assignmentNo, long sequence)
    {
    }

    void onEvent(final DirectBuffer buffer, final int offset, final long sequence)
    {
        header.wrap(buffer, offset);
        if (KernelAssignedDecoder.TEMPLATE_ID == header.templateId())
        {
            assigned.wrapAndApplyHeader(buffer, offset, header);
            final Epoch epoch = new Epoch(assigned.kernelId(), assigned.term(), assigned.attempt());
            final long number = assigned.assignmentNo();
            byKernel.put(
                assigned.kernelId(), new Assignment(epoch, assigned.agentId(), number, sequence));
            highest.put(assigned.agentId(), number);
        }
        else if (AgentAttachedDecoder.TEMPLATE_ID == header.templateId())
        {
            attached.wrapAndApplyHeader(buffer, offset, header);
            lastAgent = attached.agentId();
            connections.put(lastAgent, attached.connection());
        }
    }

    public int lastAgent()
    {
        return lastAgent;
    }

    public long connection(final int agent)
    {
        return connections.getOrDefault(agent, 0L);
    }

    public long highest(final int agent)
    {
        return highest.getOrDefault(agent, 0L);
    }

    public boolean isAssigned(final long kernelId)
    {
        return byKernel.containsKey(kernelId);
    }

    public Assignment of(final long kernelId)
    {
        return byKernel.get(kernelId);
    }

    public Epoch epoch(final long kernelId)
    {
        return byKernel.get(kernelId).epoch();
    }

    public int agent(final long kernelId)
    {
        return byKernel.get(kernelId).agent();
    }

    /** A kernel as its agent would name it in an inventory. */
    public HeldKernel held(final long kernelId, final ReportKind kind)
    {
        final Assignment assignment = byKernel.get(kernelId);
        return new HeldKernel(
            kernelId,
            assignment.epoch().term(),
            CoreHarness.NONCE,
            assignment.epoch().attempt(),
            assignment.sequence(),
            Commands.CLUSTER_HI,
            Commands.CLUSTER_LO,
            kind,
            Reason.NONE,
            0);
    }
}
