package io.plimsoll.manager.egress;

import io.plimsoll.core.RecordFlyweight;
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
import io.plimsoll.core.sbe.MessageHeaderDecoder;
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
import org.agrona.DirectBuffer;

/**
 * Decodes a record once and shows each event to all listeners, in the order in which they were given: event by event,
 * so that a later listener has not seen an event yet when an earlier one acts on it. One thread at a time.
 */
public final class RecordDispatcher
{
    private final RecordListener[] listeners;
    private final ReleasedRecord record = new ReleasedRecord();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final RecordFlyweight.EventConsumer onEvent = this::onEvent;
    private final TermBeganDecoder termBegan = new TermBeganDecoder();
    private final SpecAddedDecoder specAdded = new SpecAddedDecoder();
    private final SpecDroppedDecoder specDropped = new SpecDroppedDecoder();
    private final SubmissionAcceptedDecoder submissionAccepted = new SubmissionAcceptedDecoder();
    private final CommandRejectedDecoder commandRejected = new CommandRejectedDecoder();
    private final SessionQueuedDecoder sessionQueued = new SessionQueuedDecoder();
    private final SessionAdvancedDecoder sessionAdvanced = new SessionAdvancedDecoder();
    private final KernelAssignedDecoder kernelAssigned = new KernelAssignedDecoder();
    private final KernelAdvancedDecoder kernelAdvanced = new KernelAdvancedDecoder();
    private final KernelReleasedDecoder kernelReleased = new KernelReleasedDecoder();
    private final KillRequestedDecoder killRequested = new KillRequestedDecoder();
    private final AssignmentRepeatedDecoder assignmentRepeated = new AssignmentRepeatedDecoder();
    private final AgentAttachedDecoder agentAttached = new AgentAttachedDecoder();
    private final AgentChangedDecoder agentChanged = new AgentChangedDecoder();
    private final AgentClaimedDecoder agentClaimed = new AgentClaimedDecoder();
    private final OrphanFoundDecoder orphanFound = new OrphanFoundDecoder();
    private final SessionForgottenDecoder sessionForgotten = new SessionForgottenDecoder();
    private final GroupConfiguredDecoder groupConfigured = new GroupConfiguredDecoder();
    private final AccountConfiguredDecoder accountConfigured = new AccountConfiguredDecoder();
    private final SlotDefinedDecoder slotDefined = new SlotDefinedDecoder();
    private final CancelAcceptedDecoder cancelAccepted = new CancelAcceptedDecoder();
    private final SessionUpdatedDecoder sessionUpdated = new SessionUpdatedDecoder();
    private final UpdateAcceptedDecoder updateAccepted = new UpdateAcceptedDecoder();
    private final LostTailChangedDecoder lostTailChanged = new LostTailChangedDecoder();
    private int eventCount;

    /**
     * For these listeners.
     *
     * @param listeners in the order in which they see each event.
     */
    public RecordDispatcher(final RecordListener... listeners)
    {
        this.listeners = listeners.clone();
    }

    /**
     * Shows one record.
     *
     * @param flyweight that holds it.
     * @return number of its events.
     */
    public int dispatch(final RecordFlyweight flyweight)
    {
        eventCount = 0;
        record.wrap(flyweight);
        for (final RecordListener listener : listeners)
        {
            listener.onRecordBegin(record);
        }
        flyweight.forEachEvent(onEvent);
        for (final RecordListener listener : listeners)
        {
            listener.onRecordEnd(record);
        }
        return eventCount;
    }

    private void onEvent(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        record.eventIndex(eventCount++);
        // Events that nobody outside the core needs (InventoryMarked, KeyForgotten) and those of later versions pass.
        if (!dispatchKernel(buffer, offset) && !dispatchSession(buffer, offset) &&
            !dispatchUpdate(buffer, offset) && !dispatchCluster(buffer, offset))
        {
            dispatchConfiguration(buffer, offset);
        }
    }

    private boolean dispatchSession(final DirectBuffer buffer, final int offset)
    {
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        final int blockLength = header.blockLength();
        final int version = header.version();
        switch (header.templateId())
        {
            case SessionQueuedDecoder.TEMPLATE_ID:
                sessionQueued.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    sessionQueued.sbeRewind();
                    listener.onSessionQueued(sessionQueued, record);
                }
                break;
            case SessionAdvancedDecoder.TEMPLATE_ID:
                sessionAdvanced.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    sessionAdvanced.sbeRewind();
                    listener.onSessionAdvanced(sessionAdvanced, record);
                }
                break;
            case SessionForgottenDecoder.TEMPLATE_ID:
                sessionForgotten.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    sessionForgotten.sbeRewind();
                    listener.onSessionForgotten(sessionForgotten, record);
                }
                break;
            case SpecAddedDecoder.TEMPLATE_ID:
                specAdded.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    specAdded.sbeRewind();
                    listener.onSpecAdded(specAdded, record);
                }
                break;
            case SpecDroppedDecoder.TEMPLATE_ID:
                specDropped.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    specDropped.sbeRewind();
                    listener.onSpecDropped(specDropped, record);
                }
                break;
            case SubmissionAcceptedDecoder.TEMPLATE_ID:
                submissionAccepted.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    submissionAccepted.sbeRewind();
                    listener.onSubmissionAccepted(submissionAccepted, record);
                }
                break;
            case CancelAcceptedDecoder.TEMPLATE_ID:
                cancelAccepted.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    cancelAccepted.sbeRewind();
                    listener.onCancelAccepted(cancelAccepted, record);
                }
                break;
            default:
                return false;
        }
        return true;
    }

    private boolean dispatchUpdate(final DirectBuffer buffer, final int offset)
    {
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        final int blockLength = header.blockLength();
        final int version = header.version();
        switch (header.templateId())
        {
            case SessionUpdatedDecoder.TEMPLATE_ID:
                sessionUpdated.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    sessionUpdated.sbeRewind();
                    listener.onSessionUpdated(sessionUpdated, record);
                }
                break;
            case UpdateAcceptedDecoder.TEMPLATE_ID:
                updateAccepted.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    updateAccepted.sbeRewind();
                    listener.onUpdateAccepted(updateAccepted, record);
                }
                break;
            default:
                return false;
        }
        return true;
    }

    private boolean dispatchKernel(final DirectBuffer buffer, final int offset)
    {
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        final int blockLength = header.blockLength();
        final int version = header.version();
        switch (header.templateId())
        {
            case KernelAssignedDecoder.TEMPLATE_ID:
                kernelAssigned.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    kernelAssigned.sbeRewind();
                    listener.onKernelAssigned(kernelAssigned, record);
                }
                break;
            case KernelAdvancedDecoder.TEMPLATE_ID:
                kernelAdvanced.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    kernelAdvanced.sbeRewind();
                    listener.onKernelAdvanced(kernelAdvanced, record);
                }
                break;
            case KernelReleasedDecoder.TEMPLATE_ID:
                kernelReleased.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    kernelReleased.sbeRewind();
                    listener.onKernelReleased(kernelReleased, record);
                }
                break;
            case KillRequestedDecoder.TEMPLATE_ID:
                killRequested.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    killRequested.sbeRewind();
                    listener.onKillRequested(killRequested, record);
                }
                break;
            case AssignmentRepeatedDecoder.TEMPLATE_ID:
                assignmentRepeated.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    assignmentRepeated.sbeRewind();
                    listener.onAssignmentRepeated(assignmentRepeated, record);
                }
                break;
            case OrphanFoundDecoder.TEMPLATE_ID:
                orphanFound.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    orphanFound.sbeRewind();
                    listener.onOrphanFound(orphanFound, record);
                }
                break;
            default:
                return false;
        }
        return true;
    }

    private boolean dispatchCluster(final DirectBuffer buffer, final int offset)
    {
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        final int blockLength = header.blockLength();
        final int version = header.version();
        switch (header.templateId())
        {
            case TermBeganDecoder.TEMPLATE_ID:
                termBegan.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    termBegan.sbeRewind();
                    listener.onTermBegan(termBegan, record);
                }
                break;
            case CommandRejectedDecoder.TEMPLATE_ID:
                commandRejected.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    commandRejected.sbeRewind();
                    listener.onCommandRejected(commandRejected, record);
                }
                break;
            case AgentAttachedDecoder.TEMPLATE_ID:
                agentAttached.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    agentAttached.sbeRewind();
                    listener.onAgentAttached(agentAttached, record);
                }
                break;
            case AgentChangedDecoder.TEMPLATE_ID:
                agentChanged.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    agentChanged.sbeRewind();
                    listener.onAgentChanged(agentChanged, record);
                }
                break;
            case AgentClaimedDecoder.TEMPLATE_ID:
                agentClaimed.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    agentClaimed.sbeRewind();
                    listener.onAgentClaimed(agentClaimed, record);
                }
                break;
            case LostTailChangedDecoder.TEMPLATE_ID:
                lostTailChanged.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    lostTailChanged.sbeRewind();
                    listener.onLostTailChanged(lostTailChanged, record);
                }
                break;
            default:
                return false;
        }
        return true;
    }

    private void dispatchConfiguration(final DirectBuffer buffer, final int offset)
    {
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        final int blockLength = header.blockLength();
        final int version = header.version();
        switch (header.templateId())
        {
            case GroupConfiguredDecoder.TEMPLATE_ID:
                groupConfigured.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    groupConfigured.sbeRewind();
                    listener.onGroupConfigured(groupConfigured, record);
                }
                break;
            case AccountConfiguredDecoder.TEMPLATE_ID:
                accountConfigured.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    accountConfigured.sbeRewind();
                    listener.onAccountConfigured(accountConfigured, record);
                }
                break;
            case SlotDefinedDecoder.TEMPLATE_ID:
                slotDefined.wrap(buffer, body, blockLength, version);
                for (final RecordListener listener : listeners)
                {
                    slotDefined.sbeRewind();
                    listener.onSlotDefined(slotDefined, record);
                }
                break;
            default:
                break;
        }
    }
}
