package io.plimsoll.core;

import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.KernelAdvancedEncoder;
import io.plimsoll.core.sbe.KernelAssignedEncoder;
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
    private final SpecAddedEncoder specAdded = new SpecAddedEncoder();
    private final SpecDroppedEncoder specDropped = new SpecDroppedEncoder();
    private final SubmissionAcceptedEncoder submissionAccepted = new SubmissionAcceptedEncoder();
    private final SessionQueuedEncoder sessionQueued = new SessionQueuedEncoder();
    private final SessionAdvancedEncoder sessionAdvanced = new SessionAdvancedEncoder();
    private final SessionForgottenEncoder sessionForgotten = new SessionForgottenEncoder();
    private final KernelAssignedEncoder kernelAssigned = new KernelAssignedEncoder();
    private final KernelAdvancedEncoder kernelAdvanced = new KernelAdvancedEncoder();
    private final KernelReleasedEncoder kernelReleased = new KernelReleasedEncoder();
    private final KillRequestedEncoder killRequested = new KillRequestedEncoder();
    private final SessionReservedEncoder sessionReserved = new SessionReservedEncoder();
    private final KeyForgottenEncoder keyForgotten = new KeyForgottenEncoder();

    Emitter(final CoreState state, final EventWriter writer)
    {
        this.state = state;
        this.writer = writer;
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
        submissionAccepted.wrap(writer.buffer(), writer.begin(SUBMISSION_ACCEPTED_HEADER))
            .correlationId(submission.correlationId)
            .firstId(firstId)
            .count(count)
            .repeated(bool(repeated))
            .keyHashHi(submission.keyHi)
            .keyHashLo(submission.keyLo)
            .bodyHashHi(submission.bodyHi)
            .bodyHashLo(submission.bodyLo)
            .ownerId(submission.ownerId);
        writer.end(submissionAccepted.limit());
    }

    void sessionQueued(final SubmissionEntry entry, final long sessionId, final int ownerId, final long specId)
    {
        if (entry.queuedLength > 0)
        {
            repeatQueued(entry, sessionId, ownerId, specId);
            return;
        }
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
        final int length = sessionQueued.limit() - writer.next();
        if (length <= entry.queuedEvent.capacity())
        {
            entry.queuedEvent.putBytes(0, writer.buffer(), writer.next(), length);
            entry.queuedLength = length;
        }
        writer.end(sessionQueued.limit());
    }

    /** Sessions that ask for the same differ in these fields alone. */
    private void repeatQueued(
        final SubmissionEntry entry, final long sessionId, final int ownerId, final long specId)
    {
        final int offset = writer.next();
        writer.buffer().putBytes(offset, entry.queuedEvent, 0, entry.queuedLength);
        sessionQueued.wrap(writer.buffer(), offset + MessageHeaderEncoder.ENCODED_LENGTH)
            .sessionId(sessionId)
            .entryIndex(entry.index)
            .specId(specId)
            .ownerId(ownerId);
        writer.end(offset + entry.queuedLength);
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
        sessionAdvanced.wrap(writer.buffer(), writer.begin(SESSION_ADVANCED_HEADER))
            .sessionId(sessionId)
            .state(next)
            .result(result)
            .reason(reason)
            .attempt(attempt)
            .exitCode(exitCode)
            .notBeforeNs(notBeforeNs);
        writer.end(sessionAdvanced.limit());
    }

    void sessionForgotten(final long sessionId)
    {
        sessionForgotten.wrap(writer.buffer(), writer.begin(SESSION_FORGOTTEN_HEADER)).sessionId(sessionId);
        writer.end(sessionForgotten.limit());
    }

    void sessionReserved(final ReservationPlan plan)
    {
        sessionReserved.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .sessionId(state.sessions.nextId.get(plan.session))
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
        final int furtherMask = shapes.furtherMask.get(shape);
        final Placement placement = state.schedule.placement;
        if (0 != furtherMask)
        {
            placement.pickDevices(agent, whole, KernelTable.index(kernelId));
        }
        kernelAssigned.wrap(writer.buffer(), writer.begin(KERNEL_ASSIGNED_HEADER))
            .kernelId(kernelId)
            .agentId(agent)
            .term(state.term)
            .attempt(attempt)
            .assignmentNo(state.agents.nextAssignment.get(agent))
            .kernelCount(shapes.kernelsInAll.get(whole))
            .cpuMillis(shapes.amount(shape, SlotTable.CPU))
            .memoryBytes(shapes.amount(shape, SlotTable.MEM));
        final KernelAssignedEncoder.SlotsEncoder slots = kernelAssigned.slotsCount(Integer.bitCount(furtherMask));
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            final long devices = placement.pickedDevices(slot);
            final long amount = state.slots.isShare(slot) ?
                shapes.need(shape, slot) * Long.bitCount(devices) :
                shapes.amount(shape, slot);
            slots.next().slotId(slot).amount(amount).devices(devices);
        }
        writer.end(kernelAssigned.limit());
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
        kernelAdvanced.wrap(writer.buffer(), writer.begin(KERNEL_ADVANCED_HEADER))
            .kernelId(kernels.kernelId.get(kernel))
            .agentId(kernels.agent.get(kernel))
            .state(next)
            .reason(reason)
            .attempt(kernels.attempt.get(kernel))
            .exitCode(exitCode)
            .held(bool(held));
        writer.end(kernelAdvanced.limit());
    }

    void kernelReleased(final int kernel)
    {
        final KernelTable kernels = state.kernels;
        kernelReleased.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .kernelId(kernels.kernelId.get(kernel))
            .agentId(kernels.agent.get(kernel))
            .term(kernels.term.get(kernel))
            .attempt(kernels.attempt.get(kernel));
        writer.end(kernelReleased.limit());
    }

    /** Tells the agent of a kernel that we know to end it. */
    void killRequested(final int kernel, final Reason reason)
    {
        final KernelTable kernels = state.kernels;
        killRequested(
            kernels.kernelId.get(kernel),
            kernels.agent.get(kernel),
            kernels.term.get(kernel),
            kernels.attempt.get(kernel),
            kernels.graceNs.get(kernel),
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
            .ownerId(keys.owner.get(key))
            .keyHashHi(keys.keyHi.get(key))
            .keyHashLo(keys.keyLo.get(key));
        writer.end(keyForgotten.limit());
    }
}
