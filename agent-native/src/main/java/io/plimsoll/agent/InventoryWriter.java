package io.plimsoll.agent;

import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.InventoryEncoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.uplink.UplinkSender;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/** Sends what the agent holds, in parts. What changes meanwhile is reported afterwards. */
final class InventoryWriter
{
    static final int KERNELS_PER_PART = 256;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final InventoryEncoder encoder = new InventoryEncoder();
    private List<Kernel> kernels = List.of();
    private long connection;
    private long highestAssignment;
    private int part;

    /** Begins anew. */
    void begin(final long ofConnection, final long highest, final List<Kernel> named)
    {
        connection = ofConnection;
        highestAssignment = highest;
        kernels = named;
        part = 0;
    }

    /** Sends the next part; false: it could not be sent now. */
    boolean trySendPart(final UplinkSender uplink)
    {
        final int from = part * KERNELS_PER_PART;
        final int count = Math.min(KERNELS_PER_PART, kernels.size() - from);
        encoder.wrapAndApplyHeader(buffer, 0, header)
            .connection(connection)
            .part(part)
            .last(from + count == kernels.size() ? BooleanType.T : BooleanType.F)
            .highestAssignment(highestAssignment);
        final InventoryEncoder.KernelsEncoder group = encoder.kernelsCount(count);
        for (int i = from; i < from + count; i++)
        {
            write(group.next(), kernels.get(i));
        }
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
        if (!uplink.trySend(UplinkSender.REPORT_STREAM, buffer, 0, length))
        {
            return false;
        }
        part++;
        return true;
    }

    boolean isComplete()
    {
        return part > 0 && part * KERNELS_PER_PART >= kernels.size();
    }

    private static void write(final InventoryEncoder.KernelsEncoder group, final Kernel kernel)
    {
        group
            .kernelId(kernel.key.kernelId())
            .term(kernel.key.term())
            .termNonce(null == kernel.assignment ? 0 : kernel.assignment.termNonce())
            .attempt(kernel.key.attempt())
            .sequence(null == kernel.assignment ? 0 : kernel.assignment.sequence())
            .clusterIdHi(kernel.key.clusterIdHi())
            .clusterIdLo(kernel.key.clusterIdLo())
            .kind(kernel.kind)
            .reason(kernel.isEnded() ? kernel.end.reason() : ReportReason.NONE)
            .exitCode(kernel.isEnded() ? kernel.end.exitCode() : KernelEnd.NO_EXIT_CODE);
    }
}
