package io.plimsoll.transport.client;

import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.client.sbe.BooleanType;
import io.plimsoll.transport.client.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.client.sbe.SubmitEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** A submission as it goes over the wire, as often as it has to. Immutable. */
final class SubmitFrame
{
    private static final int TEXT_LENGTH_MAX = 1024;
    private static final int SLOTS_MAX = 64;

    private final UnsafeBuffer buffer;

    private SubmitFrame(final UnsafeBuffer buffer)
    {
        this.buffer = buffer;
    }

    /** Throws IllegalArgumentException for what fits no frame. */
    static SubmitFrame of(
        final ClientSession session, final long correlationId, final long keyHi, final long keyLo, final boolean watch)
    {
        final byte[] spec = LaunchSpecCodec.encode(session.spec());
        final byte[] terms = session.terms().encode();
        final byte[] group = text("group", session.group());
        final byte[] name = text("name", session.name());
        if (session.slots().size() > SLOTS_MAX)
        {
            throw new IllegalArgumentException("slots: " + session.slots().size() + ", at most " + SLOTS_MAX);
        }
        int length = MessageHeaderEncoder.ENCODED_LENGTH + SubmitEncoder.BLOCK_LENGTH + 16 +
            spec.length + group.length + name.length + terms.length;
        final List<byte[]> slots = new ArrayList<>();
        for (final String slot : session.slots().keySet())
        {
            slots.add(text("slots", slot));
            length += Long.BYTES + Short.BYTES + slots.get(slots.size() - 1).length;
        }
        if (length > ClientFrames.FRAME_LENGTH_MAX)
        {
            throw new IllegalArgumentException(
                "spec and terms: with the rest " + length + " bytes, at most " + ClientFrames.FRAME_LENGTH_MAX);
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        final SubmitEncoder encoder = new SubmitEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(correlationId)
            .keyHi(keyHi)
            .keyLo(keyLo)
            .watch(watch ? BooleanType.T : BooleanType.F)
            .sessionType((short)session.type())
            .onLoss((short)(session.restart() ? 1 : 0))
            .priority((short)session.priority())
            .kernels(session.kernels())
            .elementCount(session.count())
            .array(session.array() ? BooleanType.T : BooleanType.F)
            .cpuMillis(session.cpuMillis())
            .memoryBytes(session.memoryBytes())
            .walltimeNs(session.walltimeNs())
            .graceNs(session.graceNs());
        final SubmitEncoder.SlotsEncoder slotsEncoder = encoder.slotsCount(slots.size());
        int index = 0;
        for (final Map.Entry<String, Long> slot : session.slots().entrySet())
        {
            final byte[] slotName = slots.get(index++);
            slotsEncoder.next().amount(slot.getValue()).putSlotName(slotName, 0, slotName.length);
        }
        encoder.putGroupName(group, 0, group.length);
        encoder.putSessionName(name, 0, name.length);
        encoder.putSpec(spec, 0, spec.length);
        encoder.putTerms(terms, 0, terms.length);
        return new SubmitFrame(
            new UnsafeBuffer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength()));
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    private static byte[] text(final String field, final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > TEXT_LENGTH_MAX)
        {
            throw new IllegalArgumentException(
                field + ": " + bytes.length + " bytes, at most " + TEXT_LENGTH_MAX);
        }
        return bytes;
    }
}
