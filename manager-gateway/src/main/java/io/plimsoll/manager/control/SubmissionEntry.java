package io.plimsoll.manager.control;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.link.LinkEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A session of a request, with its texts as bytes and everything checked that would not fit a message. */
final class SubmissionEntry
{
    static final int NAME_LENGTH_MAX = 256;

    private static final int GROUP_LENGTH_MAX = 64;
    private static final int SLOT_LENGTH_MAX = 64;
    private static final int SLOTS_MAX = 64;
    private static final int KERNELS_MAX = 1 << 10;
    private static final int PARTS_MAX = 64;
    private static final int PRIORITY_MAX = 100;
    private static final int DEPENDENCIES_MAX = 1_024;
    /** A host's name in an assignment, with its length. */
    private static final int HOST_LENGTH = 66;
    /** All of an assignment but its spec and its hosts. */
    private static final int ASSIGNMENT_OVERHEAD = 8 * 1024;
    private static final int DEPENDENCY_LENGTH = Long.BYTES + Byte.BYTES;
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int TEXT_HEADER_LENGTH = 2;
    private static final int AMOUNT_LENGTH = Long.BYTES;
    /** Of all constraints of a session, as the core keeps them. */
    private static final int CONSTRAINTS_LENGTH_MAX = 4_096;

    private final SessionRequest request;
    private final EncodedSpec spec;
    private final byte[] name;
    private final byte[] group;
    private final byte[] parts;
    private final List<Slot> slots = new ArrayList<>();
    private final List<EncodedConstraint> constraints = new ArrayList<>();

    /**
     * Checks and translates.
     *
     * @throws CommandRejectedException with the field that is wrong.
     * @throws IllegalArgumentException if the spec is none; the message is for people.
     */
    SubmissionEntry(final SessionRequest request, final int index)
    {
        this(request, index, null);
    }

    /** The same; a spec that is known already is not encoded again. */
    SubmissionEntry(final SessionRequest request, final int index, final EncodedSpec known)
    {
        this.request = request;
        checkRange(index, "kernels", request.kernels(), 1, KERNELS_MAX);
        checkRange(index, "count", request.count(), 1, request.array() ? Integer.MAX_VALUE : 1);
        checkRange(index, "priority", request.priority(), 0, PRIORITY_MAX);
        checkRange(index, "slots", request.slots().size(), 0, SLOTS_MAX);
        final int dependencyCount = request.dependencies().size() + request.terms().afterAny().size();
        if (dependencyCount > DEPENDENCIES_MAX)
        {
            throw new CommandRejectedException(
                RejectCode.TOO_MANY_DEPENDENCIES, "dependencies", index, 0, dependencyCount, DEPENDENCIES_MAX);
        }
        name = bytes(index, "name", null == request.name() ? "" : request.name(), NAME_LENGTH_MAX);
        group = bytes(index, "group", request.group(), GROUP_LENGTH_MAX);
        for (final Map.Entry<String, Long> slot : request.slots().entrySet())
        {
            slots.add(new Slot(bytes(index, "slots", slot.getKey(), SLOT_LENGTH_MAX), slot.getValue()));
        }
        encodeConstraints(index);
        final int kernels = checkParts(index);
        parts = SessionPart.encode(request.terms().parts());
        // The command first: that is where they differ, and records compare all that they have before they say so.
        spec = null != known && known.spec().command().equals(request.spec().command()) &&
            known.spec().equals(request.spec()) ? known : EncodedSpec.of(request.spec());
        final int specMax = Math.min(
            LaunchSpec.LENGTH_MAX,
            LinkEndpoint.FRAME_LENGTH_MAX - ASSIGNMENT_OVERHEAD - HOST_LENGTH * kernels);
        checkRange(index, "spec", spec.bytes().length, 0, specMax);
    }

    /** Returns how many kernels there are in all. */
    private int checkParts(final int index)
    {
        int kernels = request.kernels();
        checkRange(index, "kernels", request.terms().parts().size(), 0, PARTS_MAX - 1);
        for (final SessionPart part : request.terms().parts())
        {
            checkRange(index, "kernels", part.kernels(), 1, KERNELS_MAX);
            checkRange(index, "slots", part.slots().size(), 0, SLOTS_MAX);
            part.slots().keySet().forEach(slot -> bytes(index, "slots", slot, SLOT_LENGTH_MAX));
            kernels += part.kernels();
        }
        checkRange(index, "kernels", kernels, 1, KERNELS_MAX);
        return kernels;
    }

    private void encodeConstraints(final int index)
    {
        int length = 0;
        for (final Constraint constraint : request.terms().constraints())
        {
            final EncodedConstraint encoded = new EncodedConstraint(
                constraint.kind(),
                bytes(index, "constraints", constraint.key(), CONSTRAINTS_LENGTH_MAX),
                bytes(index, "constraints", constraint.values(), CONSTRAINTS_LENGTH_MAX));
            constraints.add(encoded);
            length += encoded.length();
        }
        checkRange(index, "constraints", length, 0, CONSTRAINTS_LENGTH_MAX);
    }

    private static void checkRange(
        final int index, final String field, final long value, final long min, final long max)
    {
        if (value < min || value > max)
        {
            throw new CommandRejectedException(
                RejectCode.OUT_OF_RANGE, field, index, 0, value, value < min ? min : max);
        }
    }

    private static byte[] bytes(final int index, final String field, final String text, final int lengthMax)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        checkRange(index, field, bytes.length, 0, lengthMax);
        return bytes;
    }

    SessionRequest request()
    {
        return request;
    }

    byte[] spec()
    {
        return spec.bytes();
    }

    Hash128 specHash()
    {
        return spec.hash();
    }

    EncodedSpec encodedSpec()
    {
        return spec;
    }

    /** Bytes of the entry in the sessions of the message. */
    int sessionLength()
    {
        int length = SubmitSessionsEncoder.SessionsEncoder.sbeBlockLength() + 3 * GROUP_HEADER_LENGTH +
            (request.dependencies().size() + request.terms().afterAny().size()) * DEPENDENCY_LENGTH +
            3 * TEXT_HEADER_LENGTH + name.length + group.length + parts.length;
        for (final Slot slot : slots)
        {
            length += AMOUNT_LENGTH + TEXT_HEADER_LENGTH + slot.name().length;
        }
        for (final EncodedConstraint constraint : constraints)
        {
            length += constraint.length();
        }
        return length;
    }

    /** Bytes of its spec in the specs of the message. */
    int specLength()
    {
        return SubmitSessionsEncoder.SpecsEncoder.sbeBlockLength() + TEXT_HEADER_LENGTH + spec.bytes().length;
    }

    void encode(final SubmitSessionsEncoder.SessionsEncoder encoder, final int specIndex)
    {
        encoder.next()
            .specIndex(specIndex)
            .sessionType(request.type())
            .onLoss(request.onLoss())
            .priority((short)request.priority())
            .kernels(request.kernels())
            .elementCount(request.count())
            .array(request.array() ? BooleanType.T : BooleanType.F)
            .cpuMillis(request.cpuMillis())
            .memoryBytes(request.memoryBytes())
            .walltimeNs(request.walltimeNs())
            .graceNs(request.graceNs())
            .startsAtNs(request.terms().startsAtNs())
            .failurePolicy(request.terms().failurePolicy())
            .preemptible(request.terms().preemptible() ? BooleanType.T : BooleanType.F);
        final SubmitSessionsEncoder.SessionsEncoder.SlotsEncoder slotsEncoder = encoder.slotsCount(slots.size());
        for (final Slot slot : slots)
        {
            slotsEncoder.next().amount(slot.amount()).putSlotName(slot.name(), 0, slot.name().length);
        }
        encodeDependencies(encoder);
        final SubmitSessionsEncoder.SessionsEncoder.ConstraintsEncoder constraintsEncoder =
            encoder.constraintsCount(constraints.size());
        for (final EncodedConstraint constraint : constraints)
        {
            constraintsEncoder.next()
                .kind(constraint.kind())
                .putKey(constraint.key(), 0, constraint.key().length)
                .putValues(constraint.values(), 0, constraint.values().length);
        }
        encoder.putGroupName(group, 0, group.length);
        encoder.putSessionName(name, 0, name.length);
        encoder.putParts(parts, 0, parts.length);
    }

    private void encodeDependencies(final SubmitSessionsEncoder.SessionsEncoder encoder)
    {
        final List<Long> afterAny = request.terms().afterAny();
        final SubmitSessionsEncoder.SessionsEncoder.DependenciesEncoder dependencies =
            encoder.dependenciesCount(request.dependencies().size() + afterAny.size());
        for (final Long id : request.dependencies())
        {
            dependencies.next().sessionId(id).anyEnd(BooleanType.F);
        }
        for (final Long id : afterAny)
        {
            dependencies.next().sessionId(id).anyEnd(BooleanType.T);
        }
    }

    /** A launch as agents get it, with its hash. */
    record EncodedSpec(LaunchSpec spec, byte[] bytes, Hash128 hash)
    {
        static EncodedSpec of(final LaunchSpec spec)
        {
            final byte[] bytes = LaunchSpecCodec.encode(spec);
            return new EncodedSpec(spec, bytes, Hash128.of(bytes));
        }
    }

    private record EncodedConstraint(ConstraintKind kind, byte[] key, byte[] values)
    {
        int length()
        {
            return Byte.BYTES + 2 * TEXT_HEADER_LENGTH + key.length + values.length;
        }
    }

    private record Slot(byte[] name, long amount)
    {
    }
}
