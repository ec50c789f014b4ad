package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder.SessionsDecoder;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One entry of a recorded submission.
 *
 * @param type        of the session.
 * @param priority    0 to 100.
 * @param preemptible whether it may have to yield.
 * @param limitNs     walltime limit; 0: none.
 * @param request     what it asks for.
 * @param after       whether any end will do, by the session that has to end first.
 */
record RecordedSubmission(
    SessionType type, int priority, boolean preemptible, long limitNs, JobRequest request, Map<Long, Boolean> after)
{
    private static final int PART_HEADER_LENGTH = 19;

    /** All entries of a submission, in their order. */
    static List<RecordedSubmission> of(final SubmitSessionsDecoder command)
    {
        command.specs().forEach(spec -> spec.skipSpec());
        final List<RecordedSubmission> submissions = new ArrayList<>();
        for (final SessionsDecoder session : command.sessions())
        {
            submissions.add(of(session));
        }
        return submissions;
    }

    private static RecordedSubmission of(final SessionsDecoder session)
    {
        final List<SlotAmount> slots = new ArrayList<>();
        for (final SessionsDecoder.SlotsDecoder slot : session.slots())
        {
            final long amount = slot.amount();
            slots.add(new SlotAmount(slot.slotName(), amount));
        }
        final Map<Long, Boolean> after = new LinkedHashMap<>();
        for (final SessionsDecoder.DependenciesDecoder before : session.dependencies())
        {
            after.put(before.sessionId(), BooleanType.T == before.anyEnd());
        }
        final List<Constraint> constraints = new ArrayList<>();
        for (final SessionsDecoder.ConstraintsDecoder constraint : session.constraints())
        {
            final ConstraintKind kind = constraint.kind();
            final String key = constraint.key();
            constraints.add(new Constraint(kind, key, constraint.values()));
        }
        session.skipGroupName();
        session.skipSessionName();
        final byte[] parts = new byte[session.partsLength()];
        session.getParts(parts, 0, parts.length);
        final List<KernelSet> kernels = new ArrayList<>();
        kernels.add(new KernelSet(
            Math.max(1, session.kernels()), new Need(session.cpuMillis(), session.memoryBytes(), slots)));
        addParts(parts, kernels);
        return new RecordedSubmission(
            session.sessionType(), session.priority(), BooleanType.T == session.preemptible(), session.walltimeNs(),
            new JobRequest(kernels, constraints), after);
    }

    /** Layout of parts: see scheduler.xml. */
    private static void addParts(final byte[] bytes, final List<KernelSet> kernels)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        int position = 0;
        while (position < bytes.length)
        {
            final int count = buffer.getShort(position, ByteOrder.LITTLE_ENDIAN);
            final int slotCount = bytes[position + 2];
            final long cpuMillis = buffer.getLong(position + 3, ByteOrder.LITTLE_ENDIAN);
            final long memoryBytes = buffer.getLong(position + 11, ByteOrder.LITTLE_ENDIAN);
            position += PART_HEADER_LENGTH;
            final List<SlotAmount> slots = new ArrayList<>();
            for (int i = 0; i < slotCount; i++)
            {
                final int length = bytes[position + Long.BYTES] & 0xFF;
                slots.add(new SlotAmount(
                    buffer.getStringWithoutLengthUtf8(position + Long.BYTES + 1, length),
                    buffer.getLong(position, ByteOrder.LITTLE_ENDIAN)));
                position += Long.BYTES + 1 + length;
            }
            kernels.add(new KernelSet(count, new Need(cpuMillis, memoryBytes, slots)));
        }
    }
}
