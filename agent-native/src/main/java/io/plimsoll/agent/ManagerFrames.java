package io.plimsoll.agent;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.AssignmentCodec;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.AssignDecoder;
import io.plimsoll.transport.sbe.DiscardDecoder;
import io.plimsoll.transport.sbe.KillDecoder;
import io.plimsoll.transport.sbe.LeaseGrantDecoder;
import io.plimsoll.transport.sbe.LimitDecoder;
import io.plimsoll.transport.sbe.LogCloseDecoder;
import io.plimsoll.transport.sbe.LogCreditDecoder;
import io.plimsoll.transport.sbe.LogOpenDecoder;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.PeerPortsDecoder;
import io.plimsoll.transport.sbe.ReportAckDecoder;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a manager says once it has welcomed this agent: each message goes to the part that it is for. Of the agent's
 * thread. Start reading at {@link #on}.
 */
final class ManagerFrames
{
    private static final Logger LOG = LoggerFactory.getLogger(ManagerFrames.class);

    private final KernelKeeper keeper;
    private final Lease lease;
    private final LogServer logs;
    private final TerminalServer terminals;
    private final KeptMemory kept;
    private final KillDecoder kill = new KillDecoder();
    private final ReportAckDecoder reportAck = new ReportAckDecoder();
    private final LimitDecoder limit = new LimitDecoder();
    private final PeerPortsDecoder peerPorts = new PeerPortsDecoder();
    private final LeaseGrantDecoder leaseGrant = new LeaseGrantDecoder();
    private final DiscardDecoder discard = new DiscardDecoder();
    private final LogOpenDecoder logOpen = new LogOpenDecoder();
    private final LogCreditDecoder logCredit = new LogCreditDecoder();
    private final LogCloseDecoder logClose = new LogCloseDecoder();
    private final AssignmentCodec assignments = new AssignmentCodec();
    private AgentMemory.Cluster cluster;
    private long nowNs;

    ManagerFrames(
        final KernelKeeper keeper,
        final Lease lease,
        final LogServer logs,
        final TerminalServer terminals,
        final KeptMemory kept)
    {
        this.keeper = keeper;
        this.lease = lease;
        this.logs = logs;
        this.terminals = terminals;
        this.kept = kept;
    }

    /**
     * Takes one in.
     *
     * @param header of the message.
     * @param of     cluster of the manager.
     * @param frame  that holds it.
     * @param offset of the header.
     * @param length of the message.
     * @param now    now.
     * @return null, or what is broken about it.
     * @throws IndexOutOfBoundsException or IllegalArgumentException if it is broken otherwise.
     */
    String on(
        final MessageHeaderDecoder header,
        final AgentMemory.Cluster of,
        final DirectBuffer frame,
        final int offset,
        final int length,
        final long now)
    {
        cluster = of;
        nowNs = now;
        switch (header.templateId())
        {
            case AssignDecoder.TEMPLATE_ID:
                return onAssign(frame, offset, length);

            case KillDecoder.TEMPLATE_ID:
                onKill(kill.wrapAndApplyHeader(frame, offset, header));
                break;

            case ReportAckDecoder.TEMPLATE_ID:
                reportAck.wrapAndApplyHeader(frame, offset, header);
                keeper.reports().onAck(reportAck.connection(), reportAck.reportNo());
                seen(reportAck.sequence());
                break;

            case LeaseGrantDecoder.TEMPLATE_ID:
                leaseGrant.wrapAndApplyHeader(frame, offset, header);
                if (leaseGrant.term() >= cluster.term)
                {
                    lease.onGrant(leaseGrant.connection(), leaseGrant.heartbeatNo(), leaseGrant.leaseNs());
                    seen(leaseGrant.sequence());
                }
                break;

            case DiscardDecoder.TEMPLATE_ID:
                discard.wrapAndApplyHeader(frame, offset, header);
                keeper.onDiscard(key(discard.kernelId(), discard.term(), discard.attempt()));
                break;

            case PeerPortsDecoder.TEMPLATE_ID:
                onPeerPorts(peerPorts.wrapAndApplyHeader(frame, offset, header));
                break;

            case LimitDecoder.TEMPLATE_ID:
                limit.wrapAndApplyHeader(frame, offset, header);
                keeper.onLimit(key(limit.kernelId(), limit.term(), limit.attempt()), limit.walltimeNs(), nowNs);
                break;

            default:
                onLogFrame(header, frame, offset);
                break;
        }
        return null;
    }

    private String onAssign(final DirectBuffer frame, final int offset, final int length)
    {
        final Assignment assignment = assignments.decode(cluster.idHi, cluster.idLo, frame, offset);
        if (assignments.decodedLength() > length)
        {
            return "broken message: an assignment shorter than it says";
        }
        keeper.onAssign(assignment, nowNs);
        seen(keeper.highestSequence());
        return null;
    }

    private void onPeerPorts(final PeerPortsDecoder message)
    {
        final KernelKey key = key(message.kernelId(), message.term(), message.attempt());
        final Map<Integer, String> published = new TreeMap<>();
        for (final PeerPortsDecoder.PeersDecoder peer : message.peers())
        {
            published.put(peer.kernelIndex(), peer.published());
        }
        keeper.onPeerPorts(key, published);
    }

    private void onLogFrame(final MessageHeaderDecoder header, final DirectBuffer frame, final int offset)
    {
        switch (header.templateId())
        {
            case LogOpenDecoder.TEMPLATE_ID:
                logs.onOpen(logOpen.wrapAndApplyHeader(frame, offset, header), cluster);
                break;

            case LogCreditDecoder.TEMPLATE_ID:
                logCredit.wrapAndApplyHeader(frame, offset, header);
                logs.onCredit(logCredit.requestId(), logCredit.creditBytes());
                break;

            case LogCloseDecoder.TEMPLATE_ID:
                logs.onClose(logClose.wrapAndApplyHeader(frame, offset, header).requestId());
                break;

            default:
                if (!terminals.onFrame(header.templateId(), frame, offset, header, cluster))
                {
                    // A newer manager may say more than this agent understands.
                    LOG.debug("message not known: templateId={}", header.templateId());
                }
                break;
        }
    }

    private void onKill(final KillDecoder message)
    {
        if (message.clusterIdHi() != cluster.idHi || message.clusterIdLo() != cluster.idLo)
        {
            LOG.warn("kill refused: it names another cluster, kernelId={}", message.kernelId());
            return;
        }
        final ReportReason reason = ReportReason.get(message.reason());
        keeper.onKill(
            key(message.kernelId(), message.term(), message.attempt()),
            message.graceNs(),
            isReason(reason) ? reason : ReportReason.SIGNALLED,
            nowNs);
    }

    private static boolean isReason(final ReportReason reason)
    {
        return ReportReason.NULL_VAL != reason && ReportReason.SBE_UNKNOWN != reason && ReportReason.NONE != reason;
    }

    private KernelKey key(final long kernelId, final long term, final int attempt)
    {
        return new KernelKey(cluster.idHi, cluster.idLo, kernelId, term, attempt);
    }

    private void seen(final long sequence)
    {
        kept.seen(cluster, sequence, keeper.highestAssignment());
    }
}
