package io.plimsoll.agent.kernel;

import io.plimsoll.transport.sbe.AssignDecoder;
import io.plimsoll.transport.sbe.AssignEncoder;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.OnLoss;
import io.plimsoll.transport.sbe.SlotKind;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Assignments from frames, and as the bytes of a file. Called by the agent's thread.
 * <pre>
 *   0        8              16            24       28       32
 *   +--------+--------------+-------------+--------+--------+--------------------------+
 *   | magic  | cluster id hi| cluster id lo| length | CRC32C | Assign with its header   |
 *   +--------+--------------+-------------+--------+--------+--------------------------+
 * </pre>
 * All little-endian; length and check sum are of the message.
 */
public final class AssignmentCodec
{
    private static final long MAGIC = 0x314e_4749_5353_4c50L;
    private static final int CLUSTER_HI_OFFSET = 8;
    private static final int CLUSTER_LO_OFFSET = 16;
    private static final int LENGTH_OFFSET = 24;
    private static final int CRC_OFFSET = 28;
    private static final int MESSAGE_OFFSET = 32;

    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final AssignDecoder decoder = new AssignDecoder();
    private final AssignEncoder encoder = new AssignEncoder();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256);
    private final CRC32C crc = new CRC32C();

    /**
     * Reads a message.
     *
     * @param clusterIdHi of the cluster that sent it.
     * @param clusterIdLo of the cluster that sent it.
     * @param message     that holds Assign with its header.
     * @param offset      of the header.
     * @return what it says.
     * @throws IndexOutOfBoundsException if the message is shorter than it claims.
     */
    public Assignment decode(
        final long clusterIdHi, final long clusterIdLo, final DirectBuffer message, final int offset)
    {
        decoder.wrapAndApplyHeader(message, offset, headerDecoder);
        final long cpuMillis = decoder.cpuMillis();
        final List<SlotGrant> slots = new ArrayList<>();
        for (final AssignDecoder.SlotsDecoder slot : decoder.slots())
        {
            final boolean device = SlotKind.DEVICE == slot.kind();
            final long amount = slot.amount();
            final long devices = slot.devices();
            slots.add(new SlotGrant(slot.slotName(), device, amount, devices));
        }
        final List<String> hosts = new ArrayList<>();
        for (final AssignDecoder.HostsDecoder host : decoder.hosts())
        {
            hosts.add(host.host());
        }
        final byte[] spec = new byte[decoder.specLength()];
        decoder.getSpec(spec, 0, spec.length);
        final String addresses = decoder.addresses();
        final String request = decoder.request();

        return new Assignment(
            new KernelKey(clusterIdHi, clusterIdLo, decoder.kernelId(), decoder.term(), decoder.attempt(), request),
            decoder.termNonce(), decoder.assignmentNo(), decoder.sequence(), decoder.sessionId(),
            decoder.kernelIndex(), decoder.kernelCount(), decoder.arrayIndex(), OnLoss.RESTART == decoder.onLoss(),
            cpuMillis, decoder.memoryBytes(), decoder.walltimeNs(), decoder.graceNs(),
            List.copyOf(slots), List.copyOf(hosts),
            addresses.isEmpty() ? List.of() : List.of(addresses.split(",", -1)), spec);
    }

    /** Length of the message that was decoded last, with its header. */
    public int decodedLength()
    {
        return MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
    }

    /** Writes the message with its header; for tests of the protocol, too. */
    public int encodeMessage(final Assignment assignment, final MutableDirectBuffer target, final int offset)
    {
        encoder.wrapAndApplyHeader(target, offset, headerEncoder)
            .assignmentNo(assignment.assignmentNo())
            .sequence(assignment.sequence())
            .sessionId(assignment.sessionId())
            .kernelId(assignment.key().kernelId())
            .term(assignment.key().term())
            .termNonce(assignment.termNonce())
            .attempt(assignment.key().attempt())
            .kernelIndex(assignment.kernelIndex())
            .kernelCount(assignment.kernelCount())
            .arrayIndex(assignment.arrayIndex())
            .onLoss(assignment.restartOnLoss() ? OnLoss.RESTART : OnLoss.WAIT)
            .cpuMillis(assignment.cpuMillis())
            .memoryBytes(assignment.memoryBytes())
            .walltimeNs(assignment.walltimeNs())
            .graceNs(assignment.graceNs());
        final AssignEncoder.SlotsEncoder slots = encoder.slotsCount(assignment.slots().size());
        for (final SlotGrant slot : assignment.slots())
        {
            slots.next()
                .kind(slot.device() ? SlotKind.DEVICE : SlotKind.COUNT)
                .amount(slot.amount())
                .devices(slot.devices())
                .slotName(slot.name());
        }
        final AssignEncoder.HostsEncoder hosts = encoder.hostsCount(assignment.hosts().size());
        for (final String host : assignment.hosts())
        {
            hosts.next().host(host);
        }
        encoder.putSpec(assignment.spec(), 0, assignment.spec().length);
        encoder.addresses(String.join(",", assignment.addresses())).request(assignment.key().request());
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /** The bytes of the file. */
    public byte[] toFile(final Assignment assignment)
    {
        final int length = encodeMessage(assignment, buffer, MESSAGE_OFFSET);
        buffer.putLong(0, MAGIC, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(CLUSTER_HI_OFFSET, assignment.key().clusterIdHi(), ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(CLUSTER_LO_OFFSET, assignment.key().clusterIdLo(), ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(LENGTH_OFFSET, length, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(CRC_OFFSET, checksum(buffer.byteArray(), length), ByteOrder.LITTLE_ENDIAN);
        final byte[] bytes = new byte[MESSAGE_OFFSET + length];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    /**
     * Reads a file.
     *
     * @param bytes of the file.
     * @return what it says, or null if it is incomplete or damaged.
     */
    public Assignment fromFile(final byte[] bytes)
    {
        if (bytes.length < MESSAGE_OFFSET)
        {
            return null;
        }
        final UnsafeBuffer file = new UnsafeBuffer(bytes);
        final int length = file.getInt(LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (MAGIC != file.getLong(0, ByteOrder.LITTLE_ENDIAN) || bytes.length != MESSAGE_OFFSET + length ||
            checksum(bytes, length) != file.getInt(CRC_OFFSET, ByteOrder.LITTLE_ENDIAN))
        {
            return null;
        }
        return decode(
            file.getLong(CLUSTER_HI_OFFSET, ByteOrder.LITTLE_ENDIAN),
            file.getLong(CLUSTER_LO_OFFSET, ByteOrder.LITTLE_ENDIAN),
            file,
            MESSAGE_OFFSET);
    }

    private int checksum(final byte[] bytes, final int length)
    {
        crc.reset();
        crc.update(bytes, MESSAGE_OFFSET, length);
        return (int)crc.getValue();
    }
}
