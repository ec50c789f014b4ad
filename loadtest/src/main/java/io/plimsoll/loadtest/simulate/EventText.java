package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.AgentClaimedDecoder;
import io.plimsoll.core.sbe.AssignmentRepeatedDecoder;
import io.plimsoll.core.sbe.CancelAcceptedDecoder;
import io.plimsoll.core.sbe.CancelProgressedDecoder;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.InventoryMarkedDecoder;
import io.plimsoll.core.sbe.InventoryReceivedDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.KeyForgottenDecoder;
import io.plimsoll.core.sbe.KillRequestedDecoder;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MixConfiguredDecoder;
import io.plimsoll.core.sbe.OrphanFoundDecoder;
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

/** Any event of the core as text, by the codec's own account of it: so a new field shows without a line of code. */
final class EventText
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /**
     * Writes an event in the notation of the codecs.
     *
     * @param buffer that holds it.
     * @param offset of its header.
     * @param text   to append to.
     */
    void append(final DirectBuffer buffer, final int offset, final StringBuilder text)
    {
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case TermBeganDecoder.TEMPLATE_ID ->
                new TermBeganDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case SpecAddedDecoder.TEMPLATE_ID ->
                new SpecAddedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case SpecDroppedDecoder.TEMPLATE_ID ->
                new SpecDroppedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case SubmissionAcceptedDecoder.TEMPLATE_ID ->
                new SubmissionAcceptedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case CommandRejectedDecoder.TEMPLATE_ID ->
                new CommandRejectedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case SessionQueuedDecoder.TEMPLATE_ID ->
                new SessionQueuedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case SessionAdvancedDecoder.TEMPLATE_ID ->
                new SessionAdvancedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case KernelAssignedDecoder.TEMPLATE_ID ->
                new KernelAssignedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case KernelAdvancedDecoder.TEMPLATE_ID ->
                new KernelAdvancedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case KernelReleasedDecoder.TEMPLATE_ID ->
                new KernelReleasedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case KillRequestedDecoder.TEMPLATE_ID ->
                new KillRequestedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case AssignmentRepeatedDecoder.TEMPLATE_ID ->
                new AssignmentRepeatedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case AgentAttachedDecoder.TEMPLATE_ID ->
                new AgentAttachedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case AgentChangedDecoder.TEMPLATE_ID ->
                new AgentChangedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case OrphanFoundDecoder.TEMPLATE_ID ->
                new OrphanFoundDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            default -> appendMore(buffer, offset, text);
        }
    }

    private void appendMore(final DirectBuffer buffer, final int offset, final StringBuilder text)
    {
        switch (header.templateId())
        {
            case SessionForgottenDecoder.TEMPLATE_ID ->
                new SessionForgottenDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case GroupConfiguredDecoder.TEMPLATE_ID ->
                new GroupConfiguredDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case SlotDefinedDecoder.TEMPLATE_ID ->
                new SlotDefinedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case CancelAcceptedDecoder.TEMPLATE_ID ->
                new CancelAcceptedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case LostTailChangedDecoder.TEMPLATE_ID ->
                new LostTailChangedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case KeyForgottenDecoder.TEMPLATE_ID ->
                new KeyForgottenDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case InventoryMarkedDecoder.TEMPLATE_ID ->
                new InventoryMarkedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case InventoryReceivedDecoder.TEMPLATE_ID ->
                new InventoryReceivedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case SessionUpdatedDecoder.TEMPLATE_ID ->
                new SessionUpdatedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case UpdateAcceptedDecoder.TEMPLATE_ID ->
                new UpdateAcceptedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case CancelProgressedDecoder.TEMPLATE_ID ->
                new CancelProgressedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case AccountConfiguredDecoder.TEMPLATE_ID ->
                new AccountConfiguredDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case MixConfiguredDecoder.TEMPLATE_ID ->
                new MixConfiguredDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case SessionReservedDecoder.TEMPLATE_ID ->
                new SessionReservedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case AgentClaimedDecoder.TEMPLATE_ID ->
                new AgentClaimedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            case ShadowSteppedDecoder.TEMPLATE_ID ->
                new ShadowSteppedDecoder().wrapAndApplyHeader(buffer, offset, header).appendTo(text);
            default -> text.append("[Unknown](sbeTemplateId=").append(header.templateId()).append("):");
        }
    }
}
