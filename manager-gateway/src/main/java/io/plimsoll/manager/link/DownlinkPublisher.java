package io.plimsoll.manager.link;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.view.Assignment;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionForm;
import io.plimsoll.manager.view.SlotAmount;
import io.plimsoll.manager.view.SlotTable;
import io.plimsoll.manager.view.TermTable;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.sbe.AssignEncoder;
import io.plimsoll.transport.sbe.DiscardEncoder;
import io.plimsoll.transport.sbe.KillEncoder;
import io.plimsoll.transport.sbe.LeaseGrantEncoder;
import io.plimsoll.transport.sbe.LimitEncoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.OnLoss;
import io.plimsoll.transport.sbe.PeerPortsEncoder;
import io.plimsoll.transport.sbe.RefusalCode;
import io.plimsoll.transport.sbe.RefusedEncoder;
import io.plimsoll.transport.sbe.ReportAckEncoder;
import io.plimsoll.transport.sbe.SlotKind;
import io.plimsoll.transport.sbe.WelcomeEncoder;
import java.util.Map;
import java.util.StringJoiner;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encodes frames to agents and queues them on their links. Each thread that sends has one of its own. A frame that
 * cannot be queued is not kept: its link is closed then, and the reconnected agent is served from state.
 */
final class DownlinkPublisher
{
    private static final int KERNEL_BITS = 10;
    private static final int TEXT_LENGTH_MAX = 65_534;
    private static final int KERNEL_MASK = (1 << KERNEL_BITS) - 1;

    private final LinkEndpoint endpoint;
    private final Counters counters;
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[LinkEndpoint.FRAME_LENGTH_MAX]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final WelcomeEncoder welcome = new WelcomeEncoder();
    private final RefusedEncoder refused = new RefusedEncoder();
    private final AssignEncoder assign = new AssignEncoder();
    private final LimitEncoder limit = new LimitEncoder();
    private final PeerPortsEncoder peerPorts = new PeerPortsEncoder();
    private final KillEncoder kill = new KillEncoder();
    private final ReportAckEncoder reportAck = new ReportAckEncoder();
    private final LeaseGrantEncoder leaseGrant = new LeaseGrantEncoder();
    private final DiscardEncoder discard = new DiscardEncoder();

    DownlinkPublisher(final LinkEndpoint endpoint, final Counters counters)
    {
        this.endpoint = endpoint;
        this.counters = counters;
    }

    void flush()
    {
        endpoint.flush();
    }

    void close(final long linkId, final String reason)
    {
        endpoint.closeLink(linkId, reason);
    }

    void sendWelcome(
        final AgentLink link,
        final TermTable.Reign reign,
        final long sequence,
        final AgentSideOptions options,
        final UplinkAdmission admission,
        final String newCredential)
    {
        welcome.wrapAndApplyHeader(frame, 0, header)
            .agentId(link.agentId())
            .connection(link.connection())
            .clusterIdHi(reign.clusterIdHi())
            .clusterIdLo(reign.clusterIdLo())
            .term(reign.term())
            .termNonce(reign.nonce())
            .sequence(sequence)
            .heartbeatIntervalNs(options.heartbeatIntervalNs())
            .leaseNs(options.leaseNs())
            .grantIntervalNs(options.grantIntervalNs())
            .putHeartbeatKey(admission.heartbeatKey(), 0, admission.heartbeatKey().length)
            .putReportKey(admission.reportKey(), 0, admission.reportKey().length)
            .uplinkChannel(admission.channel())
            .credential(newCredential);
        send(link, welcome.encodedLength());
    }

    void sendRefused(final long linkId, final RefusalCode code, final long retryAfterNs, final String detail)
    {
        refused.wrapAndApplyHeader(frame, 0, header).code(code).retryAfterNs(retryAfterNs).detail(detail);
        endpoint.trySend(linkId, 0, frame, 0, MessageHeaderEncoder.ENCODED_LENGTH + refused.encodedLength());
    }

    /**
     * Sends an assignment.
     *
     * @param link         of its agent.
     * @param assignment   to send.
     * @param assignmentNo of this sending.
     * @param form         of its session.
     * @param addresses    of hosts, with the view that names them and slots; this is the thread of the records.
     */
    void sendAssign(
        final AgentLink link,
        final Assignment assignment,
        final long assignmentNo,
        final SessionForm form,
        final AgentAddresses addresses)
    {
        final LiveViewStore view = addresses.view();
        final long sessionId = assignment.kernelId() >> KERNEL_BITS;
        assign.wrapAndApplyHeader(frame, 0, header)
            .assignmentNo(assignmentNo)
            .sequence(assignment.sequence())
            .sessionId(sessionId)
            .kernelId(assignment.kernelId())
            .term(assignment.term())
            .termNonce(view.terms().nonce(assignment.term()))
            .attempt(assignment.attempt())
            .kernelIndex((int)assignment.kernelId() & KERNEL_MASK)
            .kernelCount(assignment.kernelCount())
            .arrayIndex(form.array() ? (int)(sessionId - form.firstId()) : -1)
            .onLoss(OnLoss.get(form.onLoss().value()))
            .cpuMillis(assignment.cpuMillis())
            .memoryBytes(assignment.memoryBytes())
            .walltimeNs(form.walltimeNs())
            .graceNs(form.graceNs());
        putSlots(assignment, view.slots());
        putHosts(sessionId, assignment.kernelCount(), view);
        assign.putSpec(form.spec().json(), 0, form.spec().json().length);
        final String known = addresses(sessionId, assignment, addresses);
        final String request = addresses.requestOf(sessionId);
        assign.addresses(fitting(known, frame.capacity() - assign.limit() - Short.BYTES - request.length()));
        assign.request(fitting(request, frame.capacity() - assign.limit()));
        counters.increment(
            send(link, assign.encodedLength()) ? Counter.ASSIGNMENTS_SENT : Counter.ASSIGNMENTS_UNSENT);
    }

    /**
     * A text as far as a message has room for it: hosts can do without, an assignment cannot do without its end.
     *
     * @param known text, ASCII.
     * @param space bytes left in the message.
     * @return the text, or none.
     */
    static String fitting(final String known, final int space)
    {
        return known.length() <= Math.min(TEXT_LENGTH_MAX, space - Short.BYTES) ? known : "";
    }

    /** To an agent, devices of which a kernel has a share are devices: their numbers are what it needs. */
    private static SlotKind kind(final io.plimsoll.core.sbe.SlotKind kind)
    {
        return io.plimsoll.core.sbe.SlotKind.COUNT == kind ? SlotKind.COUNT : SlotKind.DEVICE;
    }

    private void putSlots(final Assignment assignment, final SlotTable slots)
    {
        final AssignEncoder.SlotsEncoder group = assign.slotsCount(assignment.slots().length);
        for (final SlotAmount slot : assignment.slots())
        {
            group.next()
                .kind(kind(slots.kind(slot.slotId())))
                .amount(slot.amount())
                .devices(slot.devices())
                .slotName(slots.name(slot.slotId()));
        }
    }

    private void putHosts(final long sessionId, final int kernelCount, final LiveViewStore view)
    {
        final AssignEncoder.HostsEncoder group = assign.hostsCount(kernelCount);
        for (int i = 0; i < kernelCount; i++)
        {
            final Assignment sibling = view.newestAssignment(sessionId << KERNEL_BITS | i);
            group.next().host(null == sibling ? "" : view.agentName(sibling.agentId()));
        }
    }

    private static String addresses(
        final long sessionId, final Assignment assignment, final AgentAddresses addresses)
    {
        final StringJoiner text = new StringJoiner(",");
        final int kernelCount = assignment.kernelCount();
        for (int i = 0; i < kernelCount && kernelCount > 1; i++)
        {
            final Assignment sibling = addresses.view().newestAssignment(sessionId << KERNEL_BITS | i);
            text.add(null == sibling ? "" : addresses.of(sibling.agentId(), assignment.agentId()));
        }
        return text.toString();
    }

    /** Tells a kernel where ports of others are, by their indices. */
    void sendPeerPorts(final AgentLink link, final KernelView kernel, final long term, final Map<Integer, String> ports)
    {
        peerPorts.wrapAndApplyHeader(frame, 0, header)
            .kernelId(kernel.kernelId())
            .term(term)
            .attempt(kernel.attempt());
        final PeerPortsEncoder.PeersEncoder group = peerPorts.peersCount(ports.size());
        ports.forEach((index, published) -> group.next().kernelIndex(index).published(published));
        send(link, peerPorts.encodedLength());
    }

    /** A kernel may run for another time than its assignment said; 0: for ever. */
    void sendLimit(final AgentLink link, final Assignment assignment, final long walltimeNs)
    {
        limit.wrapAndApplyHeader(frame, 0, header)
            .kernelId(assignment.kernelId())
            .term(assignment.term())
            .attempt(assignment.attempt())
            .walltimeNs(walltimeNs);
        send(link, limit.encodedLength());
    }

    void sendKill(final AgentLink link, final KillOrder order, final TermTable.Reign reign)
    {
        kill.wrapAndApplyHeader(frame, 0, header)
            .kernelId(order.kernelId())
            .term(order.term())
            .attempt(order.attempt())
            .sequence(order.sequence())
            .graceNs(order.graceNs())
            .reason(order.reason())
            .clusterIdHi(reign.clusterIdHi())
            .clusterIdLo(reign.clusterIdLo());
        if (send(link, kill.encodedLength()))
        {
            counters.increment(Counter.KILLS_SENT);
        }
    }

    void sendReportAck(final AgentLink link, final long reportNo, final long sequence)
    {
        reportAck.wrapAndApplyHeader(frame, 0, header)
            .connection(link.connection())
            .reportNo(reportNo)
            .sequence(sequence);
        if (send(link, reportAck.encodedLength()))
        {
            counters.increment(Counter.REPORT_ACKS_SENT);
        }
    }

    void sendLeaseGrant(
        final AgentLink link, final long heartbeatNo, final long leaseNs, final long term, final long sequence)
    {
        leaseGrant.wrapAndApplyHeader(frame, 0, header)
            .connection(link.connection())
            .heartbeatNo(heartbeatNo)
            .leaseNs(leaseNs)
            .term(term)
            .sequence(sequence);
        if (send(link, leaseGrant.encodedLength()))
        {
            counters.increment(Counter.LEASES_GRANTED);
        }
    }

    void sendDiscard(final AgentLink link, final long kernelId, final long term, final int attempt)
    {
        discard.wrapAndApplyHeader(frame, 0, header).kernelId(kernelId).term(term).attempt(attempt);
        send(link, discard.encodedLength());
    }

    private boolean send(final AgentLink link, final int bodyLength)
    {
        return endpoint.trySend(
            link.linkId(), link.agentId(), frame, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
    }

    /**
     * What an agent needs to open its uplink.
     *
     * @param heartbeatKey of stream 10.
     * @param reportKey    of stream 11.
     * @param channel      Aeron channel.
     */
    record UplinkAdmission(byte[] heartbeatKey, byte[] reportKey, String channel)
    {
    }

    /**
     * A kernel to end.
     *
     * @param kernelId to end.
     * @param term     of its epoch.
     * @param attempt  of its epoch.
     * @param sequence of the order.
     * @param graceNs  between SIGTERM and SIGKILL.
     * @param reason   value of the scheduler's Reason.
     */
    record KillOrder(long kernelId, long term, int attempt, long sequence, long graceNs, short reason)
    {
    }
}
