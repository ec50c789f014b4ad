package io.plimsoll.core;

import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.AgentClaimedDecoder;
import io.plimsoll.core.sbe.AssignmentRepeatedDecoder;
import io.plimsoll.core.sbe.CancelAcceptedDecoder;
import io.plimsoll.core.sbe.CancelProgressedDecoder;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.DeadlinesMovedDecoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.InventoryMarkedDecoder;
import io.plimsoll.core.sbe.InventoryReceivedDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.KeyForgottenDecoder;
import io.plimsoll.core.sbe.KillRequestedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MixConfiguredDecoder;
import io.plimsoll.core.sbe.OrphanFoundDecoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.SelectionFoundDecoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionReservedDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import io.plimsoll.core.sbe.ShadowSteppedDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.SpecAddedDecoder;
import io.plimsoll.core.sbe.SpecDroppedDecoder;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import io.plimsoll.core.sbe.UpdateAcceptedDecoder;
import org.agrona.DirectBuffer;

/**
 * The one door through which state changes, while deciding and while restoring. Start reading here: each kind of event
 * is handed to the class that keeps what it is about.
 */
final class EventApplier
{
    private final EventHeader header = new EventHeader();
    private final MessageHeaderDecoder rare = new MessageHeaderDecoder();
    private final CoreState state;
    private final SessionApplier sessions;
    private final KernelApplier kernels;
    private final AgentApplier agents;
    private final ClusterApplier cluster;
    private final ReservationApplier reservations;
    private final UpdateApplier updates;

    EventApplier(final CoreState state)
    {
        this.state = state;
        sessions = new SessionApplier(state);
        kernels = new KernelApplier(state);
        agents = new AgentApplier(state);
        cluster = new ClusterApplier(state);
        reservations = new ReservationApplier(state);
        updates = new UpdateApplier(state, sessions, kernels);
    }

    /** Applies the event whose header is at an offset. */
    void apply(final DirectBuffer buffer, final int offset)
    {
        header.read(buffer, offset);
        state.events++;
        switch (header.templateId())
        {
            case KernelAdvancedDecoder.TEMPLATE_ID -> kernels.onAdvanced(buffer, offset, header);
            case SessionAdvancedDecoder.TEMPLATE_ID -> sessions.onAdvanced(buffer, offset, header);
            case KernelAssignedDecoder.TEMPLATE_ID -> kernels.onAssigned(buffer, offset, header);
            case SessionQueuedDecoder.TEMPLATE_ID -> sessions.onQueued(buffer, offset, header);
            case SessionForgottenDecoder.TEMPLATE_ID -> sessions.onForgotten(buffer, offset, header);
            case SubmissionAcceptedDecoder.TEMPLATE_ID -> sessions.onSubmissionAccepted(buffer, offset, header);
            case SpecAddedDecoder.TEMPLATE_ID -> sessions.onSpecAdded(buffer, offset, header);
            case SpecDroppedDecoder.TEMPLATE_ID -> sessions.onSpecDropped(buffer, offset, header);
            case KernelReleasedDecoder.TEMPLATE_ID -> kernels.onReleased(buffer, offset, header);
            case KillRequestedDecoder.TEMPLATE_ID, AssignmentRepeatedDecoder.TEMPLATE_ID,
                CommandRejectedDecoder.TEMPLATE_ID, CancelAcceptedDecoder.TEMPLATE_ID,
                UpdateAcceptedDecoder.TEMPLATE_ID ->
            {
                // Told to others; nothing here depends on it.
            }
            default -> applyRare(buffer, offset);
        }
    }

    /* Events that every session brings, while deciding: the same as from bytes, without reading them. */

    void submissionAccepted(
        final Submission submission, final long firstId, final long count, final boolean repeated)
    {
        state.events++;
        if (!repeated && submission.hasKey())
        {
            sessions.accept(submission, firstId, count);
        }
    }

    /** A session of a shape that is known. */
    void sessionQueued(final SubmissionEntry entry, final long sessionId, final int spec)
    {
        state.events++;
        sessions.queue(entry, sessionId, spec);
    }

    void sessionAdvanced(
        final long sessionId,
        final int next,
        final int result,
        final int reason,
        final int attempt,
        final int exitCode,
        final long notBeforeNs)
    {
        state.events++;
        sessions.advance(sessionId, next, result, reason, attempt, exitCode, notBeforeNs);
    }

    void sessionForgotten(final int session)
    {
        state.events++;
        sessions.forget(session);
    }

    /** A kernel that has nothing but cpu and mem. */
    void kernelAssigned(
        final long kernelId,
        final int agent,
        final int attempt,
        final long assignmentNo,
        final long cpuMillis,
        final long memoryBytes)
    {
        state.events++;
        kernels.assign(kernelId, agent, attempt, assignmentNo, cpuMillis, memoryBytes);
    }

    void kernelAdvanced(
        final int kernel, final LifeState next, final Reason reason, final int exitCode, final boolean held)
    {
        state.events++;
        kernels.advance(kernel, next.value(), reason, exitCode, held);
    }

    private void applyRare(final DirectBuffer buffer, final int offset)
    {
        rare.wrap(buffer, offset);
        switch (header.templateId())
        {
            case InventoryMarkedDecoder.TEMPLATE_ID -> kernels.onMarked(buffer, offset, header);
            case AgentAttachedDecoder.TEMPLATE_ID -> agents.onAttached(buffer, offset, rare);
            case AgentChangedDecoder.TEMPLATE_ID -> agents.onChanged(buffer, offset, rare);
            case InventoryReceivedDecoder.TEMPLATE_ID -> agents.onInventoryReceived(buffer, offset, rare);
            case OrphanFoundDecoder.TEMPLATE_ID -> cluster.onOrphanFound(buffer, offset, rare);
            case TermBeganDecoder.TEMPLATE_ID -> cluster.onTermBegan(buffer, offset, rare);
            case LostTailChangedDecoder.TEMPLATE_ID -> cluster.onLostTailChanged(buffer, offset, rare);
            case GroupConfiguredDecoder.TEMPLATE_ID -> cluster.onGroupConfigured(buffer, offset, rare);
            case SlotDefinedDecoder.TEMPLATE_ID -> cluster.onSlotDefined(buffer, offset, rare);
            case AccountConfiguredDecoder.TEMPLATE_ID -> cluster.onAccountConfigured(buffer, offset, rare);
            case MixConfiguredDecoder.TEMPLATE_ID -> cluster.onMixConfigured(buffer, offset, rare);
            case DeadlinesMovedDecoder.TEMPLATE_ID -> cluster.onDeadlinesMoved(buffer, offset, rare);
            case SelectionFoundDecoder.TEMPLATE_ID -> cluster.onSelectionFound(buffer, offset, rare);
            case SessionReservedDecoder.TEMPLATE_ID -> reservations.onReserved(buffer, offset, rare);
            case AgentClaimedDecoder.TEMPLATE_ID -> agents.onClaimed(buffer, offset, rare);
            case ShadowSteppedDecoder.TEMPLATE_ID -> state.shadows.onStepped(buffer, offset, rare);
            case SessionUpdatedDecoder.TEMPLATE_ID -> updates.onUpdated(buffer, offset, rare);
            case KeyForgottenDecoder.TEMPLATE_ID -> cluster.onKeyForgotten();
            case CancelProgressedDecoder.TEMPLATE_ID -> cluster.onCancelProgressed(buffer, offset, rare);
            default -> throw new IllegalStateException("unknown event templateId=" + header.templateId());
        }
    }
}
