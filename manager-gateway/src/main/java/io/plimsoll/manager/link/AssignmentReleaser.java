package io.plimsoll.manager.link;

import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.AgentInventoryDecoder;
import io.plimsoll.core.sbe.AgentReturnedDecoder;
import io.plimsoll.core.sbe.AssignmentRepeatedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.KillRequestedDecoder;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.egress.RequestOrigins;
import io.plimsoll.manager.view.Assignment;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionForm;
import io.plimsoll.manager.view.TermTable;
import io.plimsoll.transport.sbe.RefusalCode;
import io.plimsoll.transport.uplink.UplinkReceiver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.collections.LongArrayList;

/**
 * Tells agents what has been journalled about them. Runs on the egress stage, and must be shown each event before the
 * live view, because it looks there for what a forgotten session had placed; assignments are sent at the end of their
 * record, when the view knows all siblings of a gang.
 */
public final class AssignmentReleaser implements RecordListener
{
    private static final int KERNEL_BITS = 10;
    private static final int KEY_LENGTH = 16;
    private static final long BUSY_RETRY_NS = TimeUnit.SECONDS.toNanos(30);

    private final DownlinkPublisher publisher;
    private final LiveViewStore view;
    private final LinkTable table;
    private final AgentAddresses addresses;
    private final PeerPorts peerPorts;
    private final ChangedLimits limits;
    private final Handshakes handshakes;
    private final UplinkReceiver uplink;
    private final AgentSideOptions options;
    private final Consumer<byte[]> random;
    private final Counters counters;
    private final KernelReportDecoder report = new KernelReportDecoder();
    private final AgentInventoryDecoder inventory = new AgentInventoryDecoder();
    private final AgentReturnedDecoder returned = new AgentReturnedDecoder();
    private final LongArrayList assignedKernelIds = new LongArrayList();
    private final LongArrayList assignmentNos = new LongArrayList();
    private final List<AgentLink> acksDue = new ArrayList<>();

    /**
     * Of one manager.
     *
     * @param parts    where frames go and links are known.
     * @param view     of the same records.
     * @param origins  of the same records, and shown each before this.
     * @param random   fills keys with unpredictable bytes.
     * @param counters to count in.
     */
    public AssignmentReleaser(
        final LinkParts parts,
        final LiveViewStore view,
        final RequestOrigins origins,
        final Consumer<byte[]> random,
        final Counters counters)
    {
        publisher = new DownlinkPublisher(parts.endpoint(), counters);
        table = parts.table();
        handshakes = parts.handshakes();
        uplink = parts.uplink();
        options = parts.options();
        this.view = view;
        addresses = new AgentAddresses(view, table, origins);
        peerPorts = new PeerPorts(publisher, view, table);
        limits = new ChangedLimits(publisher, view, table);
        this.random = random;
        this.counters = counters;
    }

    /** The last record of a batch was shown: what was queued goes out. */
    public void onBatchEnd(final long sequence)
    {
        for (int i = 0; i < acksDue.size(); i++)
        {
            final AgentLink link = acksDue.get(i);
            publisher.sendReportAck(link, link.takeReportNoDue(), sequence);
        }
        acksDue.clear();
        publisher.flush();
    }

    @Override
    public void onRecordBegin(final ReleasedRecord record)
    {
        switch (record.commandTemplateId())
        {
            case KernelReportDecoder.TEMPLATE_ID:
                onReport(record);
                break;
            case AgentInventoryDecoder.TEMPLATE_ID:
                onInventory(record);
                break;
            default:
                break;
        }
    }

    private void onReport(final ReleasedRecord record)
    {
        report.wrap(
            record.buffer(), record.commandBodyOffset(), record.commandBlockLength(), record.commandVersion());
        final AgentLink link = table.link(report.agentId(), report.connection());
        if (null != link && link.reportJournalled(report.reportNo()))
        {
            acksDue.add(link);
        }
    }

    /** An agent that was away when a session was forgotten still keeps its files: it is told now. */
    private void onInventory(final ReleasedRecord record)
    {
        inventory.wrap(
            record.buffer(), record.commandBodyOffset(), record.commandBlockLength(), record.commandVersion());
        final AgentLink link = table.link(inventory.agentId(), inventory.connection());
        if (null == link || view.lostTail())
        {
            return;
        }
        final TermTable.Reign reign = view.terms().current();
        for (final AgentInventoryDecoder.KernelsDecoder kernel : inventory.kernels())
        {
            final boolean ended = ReportKind.EXITED == kernel.kind() || ReportKind.FAILED == kernel.kind();
            final boolean ours =
                kernel.clusterIdHi() == reign.clusterIdHi() && kernel.clusterIdLo() == reign.clusterIdLo() &&
                view.terms().holds(kernel.term(), kernel.termNonce(), kernel.sequence());
            if (!ended && ours)
            {
                limits.onHeld(link, kernel.kernelId(), kernel.term(), kernel.attempt());
            }
            if (ended && ours && null == view.form(kernel.kernelId() >> KERNEL_BITS))
            {
                publisher.sendDiscard(link, kernel.kernelId(), kernel.term(), kernel.attempt());
            }
        }
    }

    @Override
    public void onRecordEnd(final ReleasedRecord record)
    {
        sendAssignments();
        if (KernelReportDecoder.TEMPLATE_ID == record.commandTemplateId())
        {
            report.wrap(
                record.buffer(), record.commandBodyOffset(), record.commandBlockLength(), record.commandVersion());
            if (ReportKind.RUNNING == report.kind())
            {
                peerPorts.onRunning(report.kernelId());
            }
        }
        if (AgentReturnedDecoder.TEMPLATE_ID == record.commandTemplateId())
        {
            returned.wrap(
                record.buffer(), record.commandBodyOffset(), record.commandBlockLength(), record.commandVersion());
            final AgentLink link = table.link(returned.agentId(), returned.connection());
            if (null != link)
            {
                link.onReturnReleased();
            }
        }
    }

    @Override
    public void onAgentAttached(final AgentAttachedDecoder event, final ReleasedRecord record)
    {
        final Handshake handshake = handshakes.take(event.correlationId());
        if (null == handshake)
        {
            return;
        }
        final AgentLink link =
            new AgentLink(
                handshake.linkId(), event.agentId(), event.connection(), event.groupId(), handshake.address());
        final byte[] heartbeatKey = new byte[KEY_LENGTH];
        final byte[] reportKey = new byte[KEY_LENGTH];
        random.accept(heartbeatKey);
        random.accept(reportKey);
        uplink.admit(link.agentId(), link.connection(), heartbeatKey, reportKey);
        final AgentLink older = table.attach(link);
        // Before the Welcome: what the agent answers to it must find the link attached.
        handshake.onAttached(link);
        if (null != older)
        {
            counters.increment(Counter.LINKS_SUPERSEDED);
            publisher.sendRefused(
                older.linkId(), RefusalCode.SUPERSEDED, 0, "the agent has opened a newer connection");
            publisher.close(older.linkId(), "superseded by linkId=" + link.linkId());
        }
        publisher.sendWelcome(
            link,
            view.terms().current(),
            record.sequence(),
            options,
            new DownlinkPublisher.UplinkAdmission(heartbeatKey, reportKey, uplink.channel()),
            handshake.newCredential());
    }

    @Override
    public void onCommandRejected(final CommandRejectedDecoder event, final ReleasedRecord record)
    {
        final Handshake handshake = handshakes.take(event.correlationId());
        if (null != handshake)
        {
            counters.increment(Counter.LINKS_REFUSED);
            final RejectCode code = event.code();
            final boolean later = RejectCode.TOO_MANY_AGENTS == code;
            publisher.sendRefused(
                handshake.linkId(), refusalCode(code), later ? BUSY_RETRY_NS : 0, "the cluster refused: " + code);
            publisher.close(handshake.linkId(), "refused: " + code);
            handshake.onRefused();
        }
    }

    private static RefusalCode refusalCode(final RejectCode code)
    {
        switch (code)
        {
            case NAME_IN_USE:
                return RefusalCode.NAME_IN_USE;
            case STALE_TERM:
                return RefusalCode.STALE_TERM;
            case TOO_MANY_AGENTS:
                return RefusalCode.BUSY;
            default:
                return RefusalCode.BAD_REQUEST;
        }
    }

    @Override
    public void onAgentChanged(final AgentChangedDecoder event, final ReleasedRecord record)
    {
        final AgentLink link = table.link(event.agentId(), event.connection());
        if (null != link)
        {
            // What the reconciliation kills is queued before the lease that could start it.
            sendAssignments();
            link.reconciled(BooleanType.T == event.reconciled());
        }
    }

    @Override
    public void onLostTailChanged(final LostTailChangedDecoder event, final ReleasedRecord record)
    {
        if (BooleanType.F == event.lostTail())
        {
            // A new reign: the core counts everyone as disconnected, and agents must learn its term.
            for (final AgentLink link : table.links())
            {
                publisher.close(link.linkId(), "the lost tail was accepted: connect anew");
            }
        }
    }

    @Override
    public void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
        assignedKernelIds.addLong(event.kernelId());
        assignmentNos.addLong(event.assignmentNo());
    }

    @Override
    public void onAssignmentRepeated(final AssignmentRepeatedDecoder event, final ReleasedRecord record)
    {
        assignedKernelIds.addLong(event.kernelId());
        assignmentNos.addLong(event.assignmentNo());
    }

    private void sendAssignments()
    {
        for (int i = 0; i < assignedKernelIds.size(); i++)
        {
            sendAssignment(assignedKernelIds.getLong(i), assignmentNos.getLong(i));
        }
        assignedKernelIds.clear();
        assignmentNos.clear();
    }

    private void sendAssignment(final long kernelId, final long assignmentNo)
    {
        final Assignment assignment = view.newestAssignment(kernelId);
        final SessionForm form = view.form(kernelId >> KERNEL_BITS);
        if (null == assignment || null == form)
        {
            throw new IllegalStateException("kernelId=" + kernelId + " is assigned, and unknown to the view");
        }
        final AgentLink link = table.link(assignment.agentId());
        if (null == link)
        {
            counters.increment(Counter.ASSIGNMENTS_UNSENT);
            return;
        }
        publisher.sendAssign(link, assignment, assignmentNo, form, addresses);
    }

    @Override
    public void onKillRequested(final KillRequestedDecoder event, final ReleasedRecord record)
    {
        sendAssignments();
        final AgentLink link = table.link(event.agentId());
        if (null != link)
        {
            publisher.sendKill(
                link,
                new DownlinkPublisher.KillOrder(
                    event.kernelId(),
                    event.term(),
                    event.attempt(),
                    record.sequence(),
                    event.graceNs(),
                    event.reason().value()),
                view.terms().current());
        }
    }

    @Override
    public void onSessionUpdated(final SessionUpdatedDecoder event, final ReleasedRecord record)
    {
        sendAssignments();
        if (0 != (event.changes() & ChangedLimits.WALLTIME) && 1 == event.elementCount())
        {
            limits.onUpdated(event.sessionId(), event.walltimeNs());
        }
    }

    @Override
    public void onSessionForgotten(final SessionForgottenDecoder event, final ReleasedRecord record)
    {
        final SessionForm form = view.form(event.sessionId());
        final int kernels = null == form ? 0 : form.kernels();
        for (int i = 0; i < kernels; i++)
        {
            Assignment assignment = view.newestAssignment(event.sessionId() << KERNEL_BITS | i);
            while (null != assignment)
            {
                final AgentLink link = table.link(assignment.agentId());
                if (null != link)
                {
                    publisher.sendDiscard(link, assignment.kernelId(), assignment.term(), assignment.attempt());
                }
                assignment = assignment.previous();
            }
        }
    }
}
