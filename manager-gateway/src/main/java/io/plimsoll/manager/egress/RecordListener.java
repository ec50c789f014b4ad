package io.plimsoll.manager.egress;

import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.AgentClaimedDecoder;
import io.plimsoll.core.sbe.AssignmentRepeatedDecoder;
import io.plimsoll.core.sbe.CancelAcceptedDecoder;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.KillRequestedDecoder;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.OrphanFoundDecoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.SpecAddedDecoder;
import io.plimsoll.core.sbe.SpecDroppedDecoder;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import io.plimsoll.core.sbe.UpdateAcceptedDecoder;

/**
 * Acts on records that the journal has passed. Called by the egress stage only (and by the restoring thread before
 * there is one), in order of sequence; decoders are valid during the call and may be read to their end.
 */
public interface RecordListener
{
    /**
     * Before the events of a record.
     *
     * @param record valid until its end.
     */
    default void onRecordBegin(final ReleasedRecord record)
    {
    }

    /**
     * After the events of a record.
     *
     * @param record valid during the call.
     */
    default void onRecordEnd(final ReleasedRecord record)
    {
    }

    default void onTermBegan(final TermBeganDecoder event, final ReleasedRecord record)
    {
    }

    default void onSpecAdded(final SpecAddedDecoder event, final ReleasedRecord record)
    {
    }

    default void onSpecDropped(final SpecDroppedDecoder event, final ReleasedRecord record)
    {
    }

    default void onSubmissionAccepted(final SubmissionAcceptedDecoder event, final ReleasedRecord record)
    {
    }

    default void onCommandRejected(final CommandRejectedDecoder event, final ReleasedRecord record)
    {
    }

    default void onSessionQueued(final SessionQueuedDecoder event, final ReleasedRecord record)
    {
    }

    default void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
    }

    default void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
    }

    default void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
    }

    default void onKernelReleased(final KernelReleasedDecoder event, final ReleasedRecord record)
    {
    }

    default void onKillRequested(final KillRequestedDecoder event, final ReleasedRecord record)
    {
    }

    default void onAssignmentRepeated(final AssignmentRepeatedDecoder event, final ReleasedRecord record)
    {
    }

    default void onAgentAttached(final AgentAttachedDecoder event, final ReleasedRecord record)
    {
    }

    default void onAgentChanged(final AgentChangedDecoder event, final ReleasedRecord record)
    {
    }

    default void onAgentClaimed(final AgentClaimedDecoder event, final ReleasedRecord record)
    {
    }

    default void onOrphanFound(final OrphanFoundDecoder event, final ReleasedRecord record)
    {
    }

    default void onSessionForgotten(final SessionForgottenDecoder event, final ReleasedRecord record)
    {
    }

    default void onGroupConfigured(final GroupConfiguredDecoder event, final ReleasedRecord record)
    {
    }

    default void onAccountConfigured(final AccountConfiguredDecoder event, final ReleasedRecord record)
    {
    }

    default void onSlotDefined(final SlotDefinedDecoder event, final ReleasedRecord record)
    {
    }

    default void onCancelAccepted(final CancelAcceptedDecoder event, final ReleasedRecord record)
    {
    }

    default void onLostTailChanged(final LostTailChangedDecoder event, final ReleasedRecord record)
    {
    }

    default void onSessionUpdated(final SessionUpdatedDecoder event, final ReleasedRecord record)
    {
    }

    default void onUpdateAccepted(final UpdateAcceptedDecoder event, final ReleasedRecord record)
    {
    }
}
