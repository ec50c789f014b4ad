package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A recorded submission, taken apart so that others can be made of it. */
final class Submission
{
    final int ownerId;
    final List<Entry> entries = new ArrayList<>();
    private final long correlationId;
    private final int source;
    private final long keyHi;
    private final long keyLo;
    private final long bodyHi;
    private final long bodyLo;
    private final List<Spec> specs = new ArrayList<>();

    Submission(final SubmitSessionsDecoder from)
    {
        correlationId = from.correlationId();
        source = from.source();
        ownerId = from.ownerId();
        keyHi = from.keyHashHi();
        keyLo = from.keyHashLo();
        bodyHi = from.bodyHashHi();
        bodyLo = from.bodyHashLo();
        for (final SubmitSessionsDecoder.SpecsDecoder spec : from.specs())
        {
            final long hashHi = spec.hashHi();
            final long hashLo = spec.hashLo();
            final byte[] bytes = new byte[spec.specLength()];
            spec.getSpec(bytes, 0, bytes.length);
            specs.add(new Spec(hashHi, hashLo, bytes));
        }
        for (final SubmitSessionsDecoder.SessionsDecoder session : from.sessions())
        {
            entries.add(new Entry(session));
        }
    }

    /**
     * Writes a submission of some of the sessions.
     *
     * @param pieces of entries, in their order.
     * @param keyed  whether it has the idempotency key of the recorded one.
     * @param ids    which session is which.
     * @return its length.
     */
    int encode(
        final MutableDirectBuffer buffer,
        final MessageHeaderEncoder header,
        final SubmitSessionsEncoder command,
        final List<Piece> pieces,
        final boolean keyed,
        final IdMap ids)
    {
        command.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(source)
            .ownerId(ownerId)
            .keyHashHi(keyed ? keyHi : 0)
            .keyHashLo(keyed ? keyLo : 0)
            .bodyHashHi(keyed ? bodyHi : 0)
            .bodyHashLo(keyed ? bodyLo : 0);
        final SubmitSessionsEncoder.SpecsEncoder known = command.specsCount(specs.size());
        for (final Spec spec : specs)
        {
            known.next().hashHi(spec.hashHi).hashLo(spec.hashLo).putSpec(spec.bytes, 0, spec.bytes.length);
        }
        final SubmitSessionsEncoder.SessionsEncoder sessions = command.sessionsCount(pieces.size());
        for (final Piece piece : pieces)
        {
            entries.get(piece.entry()).encode(sessions.next(), piece, ids);
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength();
    }

    /**
     * A part of an entry.
     *
     * @param entry  index of it.
     * @param offset of its first session in the entry.
     * @param count  of its sessions.
     * @param scale  by which it asks for more or less; null: as it was.
     */
    record Piece(int entry, long offset, long count, Scale scale)
    {
    }

    private record Spec(long hashHi, long hashLo, byte[] bytes)
    {
    }

    private record Slot(long amount, String name)
    {
    }

    private record Dependency(long sessionId, BooleanType anyEnd)
    {
    }

    private record Constraint(ConstraintKind kind, String key, String values)
    {
    }

    /** One session, or an array. */
    static final class Entry
    {
        /** A session that there is not. */
        private static final long NOBODY = 1L << 50;
        private static final int PART_HEADER_LENGTH = 19;

        final long count;
        final String group;
        private final int specIndex;
        private final SessionType type;
        private final OnLoss onLoss;
        private final short priority;
        private final int kernels;
        private final BooleanType array;
        private final long cpuMillis;
        private final long memoryBytes;
        private final long walltimeNs;
        private final long graceNs;
        private final long startsAtNs;
        private final FailurePolicy failurePolicy;
        private final BooleanType preemptible;
        private final List<Slot> slots = new ArrayList<>();
        private final List<Dependency> dependencies = new ArrayList<>();
        private final List<Constraint> constraints = new ArrayList<>();
        private final String name;
        private final byte[] parts;

        Entry(final SubmitSessionsDecoder.SessionsDecoder from)
        {
            specIndex = from.specIndex();
            type = from.sessionType();
            onLoss = from.onLoss();
            priority = from.priority();
            kernels = from.kernels();
            count = from.elementCount();
            array = from.array();
            cpuMillis = from.cpuMillis();
            memoryBytes = from.memoryBytes();
            walltimeNs = from.walltimeNs();
            graceNs = from.graceNs();
            startsAtNs = from.startsAtNs();
            failurePolicy = from.failurePolicy();
            preemptible = from.preemptible();
            for (final SubmitSessionsDecoder.SessionsDecoder.SlotsDecoder slot : from.slots())
            {
                final long amount = slot.amount();
                slots.add(new Slot(amount, slot.slotName()));
            }
            for (final SubmitSessionsDecoder.SessionsDecoder.DependenciesDecoder before : from.dependencies())
            {
                dependencies.add(new Dependency(before.sessionId(), before.anyEnd()));
            }
            for (final SubmitSessionsDecoder.SessionsDecoder.ConstraintsDecoder constraint : from.constraints())
            {
                final ConstraintKind kind = constraint.kind();
                final String key = constraint.key();
                constraints.add(new Constraint(kind, key, constraint.values()));
            }
            group = from.groupName();
            name = from.sessionName();
            parts = new byte[from.partsLength()];
            from.getParts(parts, 0, parts.length);
        }

        String name()
        {
            return name;
        }

        boolean hasDependencies()
        {
            return !dependencies.isEmpty();
        }

        void encode(final SubmitSessionsEncoder.SessionsEncoder to, final Piece piece, final IdMap ids)
        {
            final Scale scale = null == piece.scale() ? Scale.NONE : piece.scale();
            to.specIndex(specIndex)
                .sessionType(type)
                .onLoss(onLoss)
                .priority(priority)
                .kernels(kernels)
                .elementCount(piece.count())
                .array(array)
                .cpuMillis(scale.cpu(cpuMillis))
                .memoryBytes(scale.mem(memoryBytes))
                .walltimeNs(scale.limit(walltimeNs))
                .graceNs(graceNs)
                .startsAtNs(startsAtNs)
                .failurePolicy(failurePolicy)
                .preemptible(preemptible);
            final SubmitSessionsEncoder.SessionsEncoder.SlotsEncoder scaled = to.slotsCount(slots.size());
            for (final Slot slot : slots)
            {
                scaled.next().amount(scale.slot(slot.name, slot.amount)).slotName(slot.name);
            }
            final List<Dependency> kept = dependencies.stream().filter(before -> !ids.isRemoved(before.sessionId))
                .toList();
            final SubmitSessionsEncoder.SessionsEncoder.DependenciesEncoder before = to.dependenciesCount(kept.size());
            for (final Dependency dependency : kept)
            {
                final long id = ids.ours(dependency.sessionId);
                before.next().sessionId(IdMap.NONE == id ? NOBODY : id).anyEnd(dependency.anyEnd);
            }
            final SubmitSessionsEncoder.SessionsEncoder.ConstraintsEncoder conditions =
                to.constraintsCount(constraints.size());
            for (final Constraint constraint : constraints)
            {
                conditions.next().kind(constraint.kind).key(constraint.key).values(constraint.values);
            }
            to.groupName(group).sessionName(name);
            final byte[] scaledParts = scaledParts(scale);
            to.putParts(scaledParts, 0, scaledParts.length);
        }

        /** Layout of parts: see scheduler.xml. */
        private byte[] scaledParts(final Scale scale)
        {
            final byte[] bytes = parts.clone();
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            final ByteOrder order = ByteOrder.LITTLE_ENDIAN;
            int position = 0;
            while (position < bytes.length)
            {
                final int slotCount = bytes[position + 2];
                buffer.putLong(position + 3, scale.cpu(buffer.getLong(position + 3, order)), order);
                buffer.putLong(position + 11, scale.mem(buffer.getLong(position + 11, order)), order);
                position += PART_HEADER_LENGTH;
                for (int i = 0; i < slotCount; i++)
                {
                    final int length = bytes[position + Long.BYTES] & 0xFF;
                    final String slot = buffer.getStringWithoutLengthUtf8(position + Long.BYTES + 1, length);
                    buffer.putLong(position, scale.slot(slot, buffer.getLong(position, order)), order);
                    position += Long.BYTES + 1 + length;
                }
            }
            return bytes;
        }
    }

    /**
     * What is multiplied; null: nothing.
     *
     * @param whom     it is about.
     * @param count    of sessions.
     * @param duration of what they do.
     * @param limit    of their walltime.
     * @param cpu      of each kernel.
     * @param mem      of each kernel.
     * @param gpu      devices and shares of each kernel.
     */
    record Scale(
        Selector whom,
        BigDecimal count,
        BigDecimal duration,
        BigDecimal limit,
        BigDecimal cpu,
        BigDecimal mem,
        BigDecimal gpu)
    {
        static final Scale NONE = new Scale(null, null, null, null, null, null, null);

        /** Whether it leaves everything as it is. */
        boolean isNothing()
        {
            return isOne(count) && isOne(duration) && isOne(limit) && isOne(cpu) && isOne(mem) && isOne(gpu);
        }

        private static boolean isOne(final BigDecimal factor)
        {
            return null == factor || 0 == BigDecimal.ONE.compareTo(factor);
        }

        long cpu(final long millis)
        {
            return times(cpu, millis);
        }

        long mem(final long bytes)
        {
            return times(mem, bytes);
        }

        long limit(final long ns)
        {
            return times(limit, ns);
        }

        long slot(final String name, final long amount)
        {
            return name.endsWith(".device") || name.endsWith(".shares") ? times(gpu, amount) : amount;
        }

        /** Rounded up: nobody who asked for something asks for nothing. */
        private static long times(final BigDecimal factor, final long amount)
        {
            return null == factor ?
                amount :
                factor.multiply(BigDecimal.valueOf(amount)).setScale(0, RoundingMode.UP).longValue();
        }
    }
}
