package io.plimsoll.core.testkit;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.AssignmentRepeatedDecoder;
import io.plimsoll.core.sbe.BooleanType;
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
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.OrphanFoundDecoder;
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
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Events as short lines for assertions, such as {@code session 7 RUNNING} or {@code kernel 7.0 agent 2 SCHEDULED}. */
public final class EventText
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /** All events of a block. */
    public List<String> describe(final byte[] block)
    {
        final List<String> lines = new ArrayList<>();
        final UnsafeBuffer buffer = new UnsafeBuffer(block);
        int position = 0;
        while (position < block.length)
        {
            final int length = buffer.getInt(position);
            lines.add(describe(buffer, position + RecordFlyweight.EVENT_HEADER_LENGTH));
            position += RecordFlyweight.EVENT_HEADER_LENGTH + ((length + 7) & ~7);
        }
        return lines;
    }

    public String describe(final DirectBuffer buffer, final int offset)
    {
        header.wrap(buffer, offset);
        return switch (header.templateId())
        {
            case SessionAdvancedDecoder.TEMPLATE_ID -> session(buffer, offset);
            case KernelAssignedDecoder.TEMPLATE_ID -> assigned(buffer, offset);
            case KernelAdvancedDecoder.TEMPLATE_ID -> kernel(buffer, offset);
            case SessionQueuedDecoder.TEMPLATE_ID -> queued(buffer, offset);
            case SubmissionAcceptedDecoder.TEMPLATE_ID -> accepted(buffer, offset);
            case CommandRejectedDecoder.TEMPLATE_ID -> rejected(buffer, offset);
            case KillRequestedDecoder.TEMPLATE_ID -> kill(buffer, offset);
            case KernelReleasedDecoder.TEMPLATE_ID -> released(buffer, offset);
            case AgentChangedDecoder.TEMPLATE_ID -> changed(buffer, offset);
            case AgentAttachedDecoder.TEMPLATE_ID -> attached(buffer, offset);
            case SessionReservedDecoder.TEMPLATE_ID -> reserved(buffer, offset);
            case SessionForgottenDecoder.TEMPLATE_ID ->
                "forgotten " + new SessionForgottenDecoder().wrapAndApplyHeader(buffer, offset, header).sessionId();
            case CancelAcceptedDecoder.TEMPLATE_ID -> cancelled(buffer, offset);
            case SessionUpdatedDecoder.TEMPLATE_ID -> updated(buffer, offset);
            case UpdateAcceptedDecoder.TEMPLATE_ID -> updates(buffer, offset);
            case OrphanFoundDecoder.TEMPLATE_ID ->
                "orphan " + id(new OrphanFoundDecoder().wrapAndApplyHeader(buffer, offset, header).kernelId());
            case AssignmentRepeatedDecoder.TEMPLATE_ID -> "repeated " +
                id(new AssignmentRepeatedDecoder().wrapAndApplyHeader(buffer, offset, header).kernelId());
            case InventoryMarkedDecoder.TEMPLATE_ID ->
                "marked " + id(new InventoryMarkedDecoder().wrapAndApplyHeader(buffer, offset, header).kernelId());
            case LostTailChangedDecoder.TEMPLATE_ID -> lostTail(buffer, offset);
            case SelectionFoundDecoder.TEMPLATE_ID -> selection(buffer, offset);
            case ShadowSteppedDecoder.TEMPLATE_ID -> shadow(buffer, offset);
            default -> rare(header.templateId());
        };
    }

    private String selection(final DirectBuffer buffer, final int offset)
    {
        final SelectionFoundDecoder event = new SelectionFoundDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "selection of " + event.groupId() + (BooleanType.T == event.found() ? " found" : " not found");
    }

    private String reserved(final DirectBuffer buffer, final int offset)
    {
        final SessionReservedDecoder event = new SessionReservedDecoder().wrapAndApplyHeader(buffer, offset, header);
        final StringBuilder places = new StringBuilder();
        final long sessionId = event.sessionId();
        final int number = event.number();
        final long startNs = event.startNs();
        for (final SessionReservedDecoder.PlacesDecoder place : event.places())
        {
            places.append(' ').append(place.kernels()).append('@').append(place.agentId());
        }
        return "reserved " + sessionId + "+" + number + " at " + startNs + places;
    }

    private static String rare(final int templateId)
    {
        return switch (templateId)
        {
            case SpecAddedDecoder.TEMPLATE_ID -> "spec-added";
            case SpecDroppedDecoder.TEMPLATE_ID -> "spec-dropped";
            case DeadlinesMovedDecoder.TEMPLATE_ID -> "deadlines-moved";
            case TermBeganDecoder.TEMPLATE_ID -> "term-began";
            case GroupConfiguredDecoder.TEMPLATE_ID -> "group-configured";
            case AccountConfiguredDecoder.TEMPLATE_ID -> "account-configured";
            case SlotDefinedDecoder.TEMPLATE_ID -> "slot-defined";
            case KeyForgottenDecoder.TEMPLATE_ID -> "key-forgotten";
            case InventoryReceivedDecoder.TEMPLATE_ID -> "inventory-received";
            case CancelProgressedDecoder.TEMPLATE_ID -> "cancel-progressed";
            default -> "event " + templateId;
        };
    }

    private static String id(final long kernelId)
    {
        return (kernelId >> 10) + "." + (kernelId & 1023);
    }

    private String shadow(final DirectBuffer buffer, final int offset)
    {
        final ShadowSteppedDecoder event = new ShadowSteppedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "shadow " + event.groupId() + " " + event.step() + " " + event.sessionId() + " at " + event.atNs();
    }

    private String session(final DirectBuffer buffer, final int offset)
    {
        final SessionAdvancedDecoder event =
            new SessionAdvancedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "session " + event.sessionId() + " " + event.state() + " " + event.result() + " " + event.reason() +
            " attempt " + event.attempt() + " exit " + event.exitCode();
    }

    private String assigned(final DirectBuffer buffer, final int offset)
    {
        final KernelAssignedDecoder event = new KernelAssignedDecoder().wrapAndApplyHeader(buffer, offset, header);
        final StringBuilder text = new StringBuilder("assigned " + id(event.kernelId()) + " agent " + event.agentId());
        text.append(" no ").append(event.assignmentNo()).append(" attempt ").append(event.attempt());
        for (final KernelAssignedDecoder.SlotsDecoder slot : event.slots())
        {
            text.append(" slot ").append(slot.slotId()).append('=').append(slot.amount());
            text.append('/').append(Long.toHexString(slot.devices()));
        }
        return text.toString();
    }

    private String kernel(final DirectBuffer buffer, final int offset)
    {
        final KernelAdvancedDecoder event = new KernelAdvancedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "kernel " + id(event.kernelId()) + " " + event.state() + " " + event.reason() + " exit " +
            event.exitCode() + (BooleanType.T == event.held() ? " held" : "");
    }

    private String queued(final DirectBuffer buffer, final int offset)
    {
        final SessionQueuedDecoder event = new SessionQueuedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "queued " + event.sessionId() + " x " + event.elementCount();
    }

    private String accepted(final DirectBuffer buffer, final int offset)
    {
        final SubmissionAcceptedDecoder event =
            new SubmissionAcceptedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "accepted " + event.firstId() + " x " + event.count() +
            (BooleanType.T == event.repeated() ? " repeated" : "");
    }

    private String rejected(final DirectBuffer buffer, final int offset)
    {
        final CommandRejectedDecoder event = new CommandRejectedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "rejected " + event.code() + " entry " + event.entryIndex() + " subject " + event.subject() +
            " requested " + event.requested() + " limit " + event.limitValue() + " field " + event.field();
    }

    private String kill(final DirectBuffer buffer, final int offset)
    {
        final KillRequestedDecoder event = new KillRequestedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "kill " + id(event.kernelId()) + " agent " + event.agentId() + " " + event.reason();
    }

    private String released(final DirectBuffer buffer, final int offset)
    {
        final KernelReleasedDecoder event = new KernelReleasedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "released " + id(event.kernelId()) + " agent " + event.agentId();
    }

    private String changed(final DirectBuffer buffer, final int offset)
    {
        final AgentChangedDecoder event = new AgentChangedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "agent " + event.agentId() + (BooleanType.T == event.connected() ? " connected" : " disconnected") +
            (BooleanType.T == event.reconciled() ? " reconciled" : "") + " " + event.liveness() +
            (BooleanType.T == event.drained() ? " drained" : "") +
            (BooleanType.T == event.quarantined() ? " quarantined" : "");
    }

    private String attached(final DirectBuffer buffer, final int offset)
    {
        final AgentAttachedDecoder event = new AgentAttachedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "attached " + event.agentId() + " connection " + event.connection() +
            (BooleanType.T == event.lostTail() ? " lost-tail" : "");
    }

    private String cancelled(final DirectBuffer buffer, final int offset)
    {
        final CancelAcceptedDecoder event = new CancelAcceptedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "cancelled " + event.cancelled() + " ended " + event.alreadyEnded() + " unknown " + event.unknown();
    }

    private String updated(final DirectBuffer buffer, final int offset)
    {
        final SessionUpdatedDecoder event = new SessionUpdatedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "updated " + event.sessionId() + " x " + event.elementCount() + " changes " + event.changes() +
            " priority " + event.priority() + " walltime " + event.walltimeNs() + " name " + event.sessionName();
    }

    private String updates(final DirectBuffer buffer, final int offset)
    {
        final UpdateAcceptedDecoder event = new UpdateAcceptedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "updates " + event.updated() + " ended " + event.alreadyEnded() + " unknown " + event.unknown() +
            " next " + event.nextId();
    }

    private String lostTail(final DirectBuffer buffer, final int offset)
    {
        final LostTailChangedDecoder event = new LostTailChangedDecoder().wrapAndApplyHeader(buffer, offset, header);
        return "lost-tail " + event.lostTail() + " term " + event.term();
    }
}
