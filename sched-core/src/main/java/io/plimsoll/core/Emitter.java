package io.plimsoll.core;

import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.KernelAdvancedEncoder;
import io.plimsoll.core.sbe.GroupSizeEncodingEncoder;
import io.plimsoll.core.sbe.KernelAssignedEncoder;
import io.plimsoll.core.sbe.KernelAssignedEncoder.SlotsEncoder;
import io.plimsoll.core.sbe.KernelReleasedEncoder;
import io.plimsoll.core.sbe.KeyForgottenEncoder;
import io.plimsoll.core.sbe.KillRequestedEncoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionAdvancedEncoder;
import io.plimsoll.core.sbe.SessionForgottenEncoder;
import io.plimsoll.core.sbe.SessionQueuedEncoder;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.SessionReservedEncoder;
import io.plimsoll.core.sbe.SpecAddedEncoder;
import io.plimsoll.core.sbe.SpecDroppedEncoder;
import io.plimsoll.core.sbe.SubmissionAcceptedEncoder;

/** Events about sessions and kernels. Each method says that something happened; the applier makes it so. */
final class Emitter
{
    /** Most bytes of a KernelAssigned event without its slots, and of each slot. */
    private static final int KERNEL_ASSIGNED_LENGTH = 80;
    private static final int ASSIGNED_SLOT_LENGTH = 20;
    private static final int SLOTS_HEADER_LENGTH = GroupSizeEncodingEncoder.ENCODED_LENGTH;
    /** Most bytes that ending one kernel, with its session, can take. */
    static final int WORK_UNIT_LENGTH = 512;
    static final int RESERVED_PLACE_LENGTH = 8;
    static final int NO_EXIT_CODE = -1;

    /* Headers of the events that come with every session. */
    private static final long SUBMISSION_ACCEPTED_HEADER =
        header(SubmissionAcceptedEncoder.BLOCK_LENGTH, SubmissionAcceptedEncoder.TEMPLATE_ID);
    private static final long SESSION_ADVANCED_HEADER =
        header(SessionAdvancedEncoder.BLOCK_LENGTH, SessionAdvancedEncoder.TEMPLATE_ID);
    private static final long SESSION_FORGOTTEN_HEADER =
        header(SessionForgottenEncoder.BLOCK_LENGTH, SessionForgottenEncoder.TEMPLATE_ID);
    private static final long KERNEL_ASSIGNED_HEADER =
        header(KernelAssignedEncoder.BLOCK_LENGTH, KernelAssignedEncoder.TEMPLATE_ID);
    private static final long KERNEL_ADVANCED_HEADER =
        header(KernelAdvancedEncoder.BLOCK_LENGTH, KernelAdvancedEncoder.TEMPLATE_ID);

    private final CoreState state;
    private final EventWriter writer;
    private final EventApplier applier;
    private final SpecAddedEncoder specAdded = new SpecAddedEncoder();
    private final SpecDroppedEncoder specDropped = new SpecDroppedEncoder();
    private final SessionQueuedEncoder sessionQueued = new SessionQueuedEncoder();
    private final KernelAssignedEncoder kernelAssigned = new KernelAssignedEncoder();
    private final KernelReleasedEncoder kernelReleased = new KernelReleasedEncoder();
    private final KillRequestedEncoder killRequested = new KillRequestedEncoder();
    private final SessionReservedEncoder sessionReserved = new SessionReservedEncoder();
    private final KeyForgottenEncoder keyForgotten = new KeyForgottenEncoder();

    Emitter(final CoreState state, final EventWriter writer)
    {
        this.state = state;
        this.writer = writer;
        applier = writer.applier();
    }

    private static long header(final int blockLength, final int templateId)
    {
        return EventHeader.of(
            blockLength, templateId, MessageHeaderEncoder.SCHEMA_ID, MessageHeaderEncoder.SCHEMA_VERSION);
    }

    /** Most bytes of a KernelAssigned event with so many slots beyond mem. */
    static int assignedLength(final int furtherSlots)
    {
        return KERNEL_ASSIGNED_LENGTH + ASSIGNED_SLOT_LENGTH * furtherSlots;
    }

    int remaining()
    {
        return writer.remaining();
    }

    static BooleanType bool(final boolean value)
    {
        return value ? BooleanType.T : BooleanType.F;
    }

    void specAdded(final long specId, final long hashHi, final long hashLo, final int specIndex)
    {
        specAdded.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .specId(specId)
            .hashHi(hashHi)
            .hashLo(hashLo)
            .specIndex(specIndex);
        writer.end(specAdded.limit());
    }

    void specDropped(final long specId)
    {
        specDropped.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header).specId(specId);
        writer.end(specDropped.limit());
    }

    void submissionAccepted(final Submission submission, final long firstId, final long count, final boolean repeated)
    {
        final long at = writer.begin(SUBMISSION_ACCEPTED_HEADER, SubmissionAcceptedEncoder.BLOCK_LENGTH);
        writer.putLong(at + SubmissionAcceptedEncoder.correlationIdEncodingOffset(), submission.correlationId);
        writer.putLong(at + SubmissionAcceptedEncoder.firstIdEncodingOffset(), firstId);
        writer.putInt(at + SubmissionAcceptedEncoder.countEncodingOffset(), (int)count);
        writer.putByte(at + SubmissionAcceptedEncoder.repeatedEncodingOffset(), repeated ? 1 : 0);
        writer.putLong(at + SubmissionAcceptedEncoder.keyHashHiEncodingOffset(), submission.keyHi);
        writer.putLong(at + SubmissionAcceptedEncoder.keyHashLoEncodingOffset(), submission.keyLo);
        writer.putLong(at + SubmissionAcceptedEncoder.bodyHashHiEncodingOffset(), submission.bodyHi);
        writer.putLong(at + SubmissionAcceptedEncoder.bodyHashLoEncodingOffset(), submission.bodyLo);
        writer.putInt(at + SubmissionAcceptedEncoder.ownerIdEncodingOffset(), submission.ownerId);
        applier.submissionAccepted(submission, firstId, count, repeated);
    }

    /** A session waits, of a spec that is known. Sessions that ask for the same differ in few fields of the event. */
    void sessionQueued(final SubmissionEntry entry, final long sessionId, final int ownerId, final int spec)
    {
        final int offset = writer.next();
        if (0 == entry.queuedLength)
        {
            writeQueued(entry, sessionId, ownerId, state.specs.get(state.specs.specId, spec));
            final int length = sessionQueued.limit() - offset;
            writer.end(sessionQueued.limit());
            if (length <= entry.queuedEvent.length * Long.BYTES)
            {
                writer.copy(offset, entry.queuedEvent, length);
                entry.queuedLength = length;
                keepShape(entry, sessionId, ownerId);
            }
            return;
        }
        final long at = writer.repeat(entry.queuedEvent, entry.queuedLength);
        writer.putLong(at + SessionQueuedEncoder.sessionIdEncodingOffset(), sessionId);
        writer.putShort(at + SessionQueuedEncoder.entryIndexEncodingOffset(), entry.index);
        writer.putLong(at + SessionQueuedEncoder.specIdEncodingOffset(), state.specs.get(state.specs.specId, spec));
        writer.putInt(at + SessionQueuedEncoder.ownerIdEncodingOffset(), ownerId);
        if (ownerId == entry.shapeOwner && state.shapes.isStill(entry.shape, entry.shapeSerial))
        {
            applier.sessionQueued(entry, sessionId, spec);
        }
        else
        {
            writer.apply(offset);
            keepShape(entry, sessionId, ownerId);
        }
    }

    private void keepShape(final SubmissionEntry entry, final long sessionId, final int ownerId)
    {
        entry.shape = state.sessions.get(state.sessions.shape, state.sessions.find(sessionId));
        entry.shapeOwner = ownerId;
        entry.shapeSerial = state.shapes.serial(entry.shape);
    }

    private void writeQueued(
        final SubmissionEntry entry, final long sessionId, final int ownerId, final long specId)
    {
        final Request request = entry.request;
        sessionQueued.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .sessionId(sessionId)
            .elementCount(entry.count)
            .array(bool(entry.array))
            .entryIndex(entry.index)
            .specId(specId)
            .ownerId(ownerId)
            .groupId(request.group)
            .sessionType(SessionType.get(entry.type))
            .onLoss(OnLoss.get(entry.onLoss))
            .priority((short)request.priority)
            .kernels(request.kernels)
            .cpuMillis(request.amounts[SlotTable.CPU])
            .memoryBytes(request.amounts[SlotTable.MEM])
            .walltimeNs(entry.walltimeNs)
            .graceNs(entry.graceNs)
            .startsAtNs(entry.startsAtNs)
            .failurePolicy(FailurePolicy.get(entry.failurePolicy))
            .preemptible(bool(entry.preemptible));
        final SessionQueuedEncoder.SlotsEncoder slots = sessionQueued.slotsCount(entry.furtherSlots);
        for (int slot = SlotTable.MEM + 1; slot < state.slots.count(); slot++)
        {
            if (request.amounts[slot] > 0)
            {
                slots.next().slotId(slot).amount(request.amounts[slot]);
            }
        }
        final SessionQueuedEncoder.DependenciesEncoder dependencies =
            sessionQueued.dependenciesCount(entry.dependencyCount);
        for (int i = 0; i < entry.dependencyCount; i++)
        {
            dependencies.next().sessionId(entry.dependencies[i]).anyEnd(bool(entry.anyEnd[i]));
        }
        sessionQueued.putConstraint(entry.constraint, 0, entry.constraintLength);
        sessionQueued.putParts(entry.parts, 0, entry.partsLength);
    }

    /** Any change of a session that is neither an end by itself nor a wait for another attempt. */
    void sessionAdvanced(final long sessionId, final LifeState next, final Reason reason, final int attempt)
    {
        sessionAdvanced(sessionId, next, Result.UNDEFINED, reason, attempt, NO_EXIT_CODE);
    }

    void sessionAdvanced(
        final long sessionId,
        final LifeState next,
        final Result result,
        final Reason reason,
        final int attempt,
        final int exitCode)
    {
        write(sessionId, next, result, reason, attempt, exitCode, 0);
    }

    void sessionPendingAgain(final long sessionId, final Reason reason, final int attempt, final long notBeforeNs)
    {
        write(sessionId, LifeState.PENDING, Result.UNDEFINED, reason, attempt, NO_EXIT_CODE, notBeforeNs);
    }

    private void write(
        final long sessionId,
        final LifeState next,
        final Result result,
        final Reason reason,
        final int attempt,
        final int exitCode,
        final long notBeforeNs)
    {
        final long at = writer.begin(SESSION_ADVANCED_HEADER, SessionAdvancedEncoder.BLOCK_LENGTH);
        writer.putLong(at + SessionAdvancedEncoder.sessionIdEncodingOffset(), sessionId);
        writer.putByte(at + SessionAdvancedEncoder.stateEncodingOffset(), next.value());
        writer.putByte(at + SessionAdvancedEncoder.resultEncodingOffset(), result.value());
        writer.putByte(at + SessionAdvancedEncoder.reasonEncodingOffset(), reason.value());
        writer.putInt(at + SessionAdvancedEncoder.attemptEncodingOffset(), attempt);
        writer.putInt(at + SessionAdvancedEncoder.exitCodeEncodingOffset(), exitCode);
        writer.putLong(at + SessionAdvancedEncoder.notBeforeNsEncodingOffset(), notBeforeNs);
        applier.sessionAdvanced(
            sessionId, next.value(), result.value(), reason.value(), attempt, exitCode, notBeforeNs);
    }

    void sessionForgotten(final int session)
    {
        final long sessionId = state.sessions.get(state.sessions.nextId, session);
        final long at = writer.begin(SESSION_FORGOTTEN_HEADER, SessionForgottenEncoder.BLOCK_LENGTH);
        writer.putLong(at + SessionForgottenEncoder.sessionIdEncodingOffset(), sessionId);
        applier.sessionForgotten(session);
    }

    void sessionReserved(final ReservationPlan plan)
    {
        sessionReserved.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .sessionId(state.sessions.get(state.sessions.nextId, plan.session))
            .number(plan.number)
            .startNs(plan.startNs);
        final SessionReservedEncoder.PlacesEncoder places = sessionReserved.placesCount(plan.size());
        for (int i = 0; i < plan.size(); i++)
        {
            places.next().agentId(plan.agent(i)).kernels(plan.kernels(i));
        }
        writer.end(sessionReserved.limit());
    }

    /** Gives a kernel of a session of a shape to an agent; its devices are picked here. */
    void kernelAssigned(final long kernelId, final int agent, final int attempt, final int whole)
    {
        final ShapeTable shapes = state.shapes;
        final int shape = shapes.partOf(whole, KernelTable.index(kernelId));
        final int furtherMask = shapes.get(shapes.furtherMask, shape);
        if (0 != furtherMask)
        {
            state.schedule.placement.pickDevices(agent, whole, KernelTable.index(kernelId));
        }
        final int slots = Integer.bitCount(furtherMask);
        final int offset = writer.next();
        final long at = writer.begin(
            KERNEL_ASSIGNED_HEADER,
            KernelAssignedEncoder.BLOCK_LENGTH + SLOTS_HEADER_LENGTH + slots * SlotsEncoder.sbeBlockLength());
        final long assignmentNo = state.agents.get(state.agents.nextAssignment, agent);
        final long cpuMillis = shapes.amount(shape, SlotTable.CPU);
        final long memoryBytes = shapes.amount(shape, SlotTable.MEM);
        writer.putLong(at + KernelAssignedEncoder.kernelIdEncodingOffset(), kernelId);
        writer.putInt(at + KernelAssignedEncoder.agentIdEncodingOffset(), agent);
        writer.putLong(at + KernelAssignedEncoder.termEncodingOffset(), state.term);
        writer.putInt(at + KernelAssignedEncoder.attemptEncodingOffset(), attempt);
        writer.putLong(at + KernelAssignedEncoder.assignmentNoEncodingOffset(), assignmentNo);
        writer.putShort(at + KernelAssignedEncoder.kernelCountEncodingOffset(), shapes.get(shapes.kernelsInAll, whole));
        writer.putLong(at + KernelAssignedEncoder.cpuMillisEncodingOffset(), cpuMillis);
        writer.putLong(at + KernelAssignedEncoder.memoryBytesEncodingOffset(), memoryBytes);
        writer.putInt(at + KernelAssignedEncoder.BLOCK_LENGTH, SlotsEncoder.sbeBlockLength() | slots << Short.SIZE);
        if (0 == furtherMask)
        {
            applier.kernelAssigned(kernelId, agent, attempt, assignmentNo, cpuMillis, memoryBytes);
        }
        else
        {
            putSlots(at + KernelAssignedEncoder.BLOCK_LENGTH + SLOTS_HEADER_LENGTH, shape, furtherMask);
            writer.apply(offset);
        }
    }

    private void putSlots(final long firstAt, final int shape, final int furtherMask)
    {
        final ShapeTable shapes = state.shapes;
        long at = firstAt;
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            final long devices = state.schedule.placement.pickedDevices(slot);
            final long amount = state.slots.isShare(slot) ?
                shapes.need(shape, slot) * Long.bitCount(devices) :
                shapes.amount(shape, slot);
            writer.putInt(at + SlotsEncoder.slotIdEncodingOffset(), slot);
            writer.putLong(at + SlotsEncoder.amountEncodingOffset(), amount);
            writer.putLong(at + SlotsEncoder.devicesEncodingOffset(), devices);
            at += SlotsEncoder.sbeBlockLength();
        }
    }

    void kernelAdvanced(final int kernel, final LifeState next, final Reason reason, final int exitCode)
    {
        write(kernel, next, reason, exitCode, false);
    }

    /** A kernel counts as ended though nothing proves it: what it holds stays held. */
    void kernelHeld(final int kernel, final Reason reason)
    {
        write(kernel, LifeState.TERMINATED, reason, NO_EXIT_CODE, true);
    }

    private void write(
        final int kernel, final LifeState next, final Reason reason, final int exitCode, final boolean held)
    {
        final KernelTable kernels = state.kernels;
        final long at = writer.begin(KERNEL_ADVANCED_HEADER, KernelAdvancedEncoder.BLOCK_LENGTH);
        writer.putLong(at + KernelAdvancedEncoder.kernelIdEncodingOffset(), kernels.get(kernels.kernelId, kernel));
        writer.putInt(at + KernelAdvancedEncoder.agentIdEncodingOffset(), kernels.get(kernels.agent, kernel));
        writer.putByte(at + KernelAdvancedEncoder.stateEncodingOffset(), next.value());
        writer.putByte(at + KernelAdvancedEncoder.reasonEncodingOffset(), reason.value());
        writer.putInt(at + KernelAdvancedEncoder.attemptEncodingOffset(), kernels.get(kernels.attempt, kernel));
        writer.putInt(at + KernelAdvancedEncoder.exitCodeEncodingOffset(), exitCode);
        writer.putByte(at + KernelAdvancedEncoder.heldEncodingOffset(), held ? 1 : 0);
        applier.kernelAdvanced(kernel, next, reason, exitCode, held);
    }

    void kernelReleased(final int kernel)
    {
        final KernelTable kernels = state.kernels;
        kernelReleased.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .kernelId(kernels.get(kernels.kernelId, kernel))
            .agentId(kernels.get(kernels.agent, kernel))
            .term(kernels.get(kernels.term, kernel))
            .attempt(kernels.get(kernels.attempt, kernel));
        writer.end(kernelReleased.limit());
    }

    /** Tells the agent of a kernel that we know to end it. */
    void killRequested(final int kernel, final Reason reason)
    {
        final KernelTable kernels = state.kernels;
        killRequested(
            kernels.get(kernels.kernelId, kernel),
            kernels.get(kernels.agent, kernel),
            kernels.get(kernels.term, kernel),
            kernels.get(kernels.attempt, kernel),
            kernels.get(kernels.graceNs, kernel),
            reason);
    }

    /** Tells an agent to end a kernel that we may not know. */
    void killRequested(
        final long kernelId,
        final int agent,
        final long term,
        final int attempt,
        final long graceNs,
        final Reason reason)
    {
        killRequested.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .kernelId(kernelId)
            .agentId(agent)
            .term(term)
            .attempt(attempt)
            .graceNs(graceNs)
            .reason(reason);
        writer.end(killRequested.limit());
    }

    void keyForgotten(final int key)
    {
        final KeyTable keys = state.keys;
        keyForgotten.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .ownerId(keys.get(keys.owner, key))
            .keyHashHi(keys.get(keys.keyHi, key))
            .keyHashLo(keys.get(keys.keyLo, key));
        writer.end(keyForgotten.limit());
    }
}
