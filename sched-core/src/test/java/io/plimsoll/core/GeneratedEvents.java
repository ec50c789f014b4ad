package io.plimsoll.core;

import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAdvancedEncoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelAssignedEncoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionAdvancedEncoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionForgottenEncoder;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import io.plimsoll.core.sbe.SubmissionAcceptedEncoder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Holds events that the core writes by the places of their fields against the generated encoders: the same values must
 * give the same bytes, padding and all.
 */
final class GeneratedEvents
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final UnsafeBuffer expected = new UnsafeBuffer(new byte[4 * 1024]);
    private int checked;

    /** Events that were looked at so far. */
    int checked()
    {
        return checked;
    }

    void check(final byte[] block)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(block);
        int position = 0;
        while (position < block.length)
        {
            final int length = buffer.getInt(position);
            final int offset = position + RecordFlyweight.EVENT_HEADER_LENGTH;
            final int end = offset + (length + 7 & ~7);
            if (write(buffer, offset))
            {
                checked++;
                final byte[] wanted = Arrays.copyOf(expected.byteArray(), end - offset);
                final byte[] found = Arrays.copyOfRange(block, offset, end);
                if (!Arrays.equals(wanted, found))
                {
                    throw new AssertionError("templateId=" + header.templateId() + " is written as " +
                        Arrays.toString(found) + ", is to be " + Arrays.toString(wanted));
                }
            }
            position = end;
        }
    }

    private boolean write(final UnsafeBuffer buffer, final int offset)
    {
        expected.setMemory(0, expected.capacity(), (byte)0);
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case SubmissionAcceptedDecoder.TEMPLATE_ID -> writeAccepted(buffer, offset);
            case SessionAdvancedDecoder.TEMPLATE_ID -> writeSession(buffer, offset);
            case SessionForgottenDecoder.TEMPLATE_ID -> new SessionForgottenEncoder()
                .wrapAndApplyHeader(expected, 0, headerEncoder)
                .sessionId(new SessionForgottenDecoder().wrapAndApplyHeader(buffer, offset, header).sessionId());
            case KernelAdvancedDecoder.TEMPLATE_ID -> writeKernel(buffer, offset);
            case KernelAssignedDecoder.TEMPLATE_ID -> writeAssigned(buffer, offset);
            default ->
            {
                return false;
            }
        }
        return true;
    }

    private void writeAccepted(final UnsafeBuffer buffer, final int offset)
    {
        final SubmissionAcceptedDecoder event =
            new SubmissionAcceptedDecoder().wrapAndApplyHeader(buffer, offset, header);
        new SubmissionAcceptedEncoder().wrapAndApplyHeader(expected, 0, headerEncoder)
            .correlationId(event.correlationId())
            .firstId(event.firstId())
            .count(event.count())
            .repeated(event.repeated())
            .keyHashHi(event.keyHashHi())
            .keyHashLo(event.keyHashLo())
            .bodyHashHi(event.bodyHashHi())
            .bodyHashLo(event.bodyHashLo())
            .ownerId(event.ownerId());
    }

    private void writeSession(final UnsafeBuffer buffer, final int offset)
    {
        final SessionAdvancedDecoder event = new SessionAdvancedDecoder().wrapAndApplyHeader(buffer, offset, header);
        new SessionAdvancedEncoder().wrapAndApplyHeader(expected, 0, headerEncoder)
            .sessionId(event.sessionId())
            .state(event.state())
            .result(event.result())
            .reason(event.reason())
            .attempt(event.attempt())
            .exitCode(event.exitCode())
            .notBeforeNs(event.notBeforeNs());
    }

    private void writeKernel(final UnsafeBuffer buffer, final int offset)
    {
        final KernelAdvancedDecoder event = new KernelAdvancedDecoder().wrapAndApplyHeader(buffer, offset, header);
        new KernelAdvancedEncoder().wrapAndApplyHeader(expected, 0, headerEncoder)
            .kernelId(event.kernelId())
            .agentId(event.agentId())
            .state(event.state())
            .reason(event.reason())
            .attempt(event.attempt())
            .exitCode(event.exitCode())
            .held(event.held());
    }

    private void writeAssigned(final UnsafeBuffer buffer, final int offset)
    {
        final KernelAssignedDecoder event = new KernelAssignedDecoder().wrapAndApplyHeader(buffer, offset, header);
        final KernelAssignedEncoder encoder = new KernelAssignedEncoder()
            .wrapAndApplyHeader(expected, 0, headerEncoder)
            .kernelId(event.kernelId())
            .agentId(event.agentId())
            .term(event.term())
            .attempt(event.attempt())
            .assignmentNo(event.assignmentNo())
            .kernelCount(event.kernelCount())
            .cpuMillis(event.cpuMillis())
            .memoryBytes(event.memoryBytes());
        final KernelAssignedDecoder.SlotsDecoder slots = event.slots();
        final KernelAssignedEncoder.SlotsEncoder written = encoder.slotsCount(slots.count());
        while (slots.hasNext())
        {
            slots.next();
            written.next().slotId(slots.slotId()).amount(slots.amount()).devices(slots.devices());
        }
    }
}
