package io.plimsoll.agent;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.AssignmentCodec;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.link.LinkListener;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.DiscardEncoder;
import io.plimsoll.transport.sbe.HeartbeatDecoder;
import io.plimsoll.transport.sbe.HelloDecoder;
import io.plimsoll.transport.sbe.HostPartDecoder;
import io.plimsoll.transport.sbe.InventoryDecoder;
import io.plimsoll.transport.sbe.KillEncoder;
import io.plimsoll.transport.sbe.LeaseGrantEncoder;
import io.plimsoll.transport.sbe.LimitEncoder;
import io.plimsoll.transport.sbe.LogCloseEncoder;
import io.plimsoll.transport.sbe.LogCreditEncoder;
import io.plimsoll.transport.sbe.LogDataDecoder;
import io.plimsoll.transport.sbe.LogEnd;
import io.plimsoll.transport.sbe.LogOpenEncoder;
import io.plimsoll.transport.sbe.LogStream;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.PeerPortsEncoder;
import io.plimsoll.transport.sbe.RefusalCode;
import io.plimsoll.transport.sbe.RefusedEncoder;
import io.plimsoll.transport.sbe.ReportAckEncoder;
import io.plimsoll.transport.sbe.ReportDecoder;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.sbe.TerminalCloseEncoder;
import io.plimsoll.transport.sbe.TerminalCreditEncoder;
import io.plimsoll.transport.sbe.TerminalDataEncoder;
import io.plimsoll.transport.sbe.TerminalOpenEncoder;
import io.plimsoll.transport.sbe.TerminalSizeEncoder;
import io.plimsoll.transport.sbe.TerminalStream;
import io.plimsoll.transport.sbe.UsageDecoder;
import io.plimsoll.transport.sbe.WelcomeEncoder;
import io.plimsoll.transport.uplink.UplinkReceiver;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** The manager's side, doing what it is told: remembers what agents say, and says what a test wants. */
final class TestManager implements LinkListener, UplinkReceiver.Handler
{
    static final int AGENT_ID = 7;
    static final long HEARTBEAT_INTERVAL_NS = 1_000_000_000L;
    static final long LEASE_NS = 30_000_000_000L;
    static final long GRANT_INTERVAL_NS = 8_500_000_000L;

    final List<Hello> hellos = new ArrayList<>();
    final List<Report> reports = new ArrayList<>();
    final List<Part> inventory = new ArrayList<>();
    final List<Long> heartbeats = new ArrayList<>();
    final List<String> hostParts = new ArrayList<>();
    final ByteArrayOutputStream host = new ByteArrayOutputStream();
    final List<Long> usageKernels = new ArrayList<>();
    int usageHosts;
    int version = MessageHeaderEncoder.SCHEMA_VERSION;
    final List<String> closes = new ArrayList<>();
    final ByteArrayOutputStream log = new ByteArrayOutputStream();
    final List<LogEnd> logEnds = new ArrayList<>();
    final TerminalLog terminals = new TerminalLog();
    final List<Long> logOffsets = new ArrayList<>();
    long clusterHi = Assignments.CLUSTER_HI;
    long clusterLo = Assignments.CLUSTER_LO;
    long term = 1;
    long termNonce = Assignments.NONCE;
    long sequence = 100;
    String credential = "credential-1";
    boolean welcomes = true;
    boolean grants = true;
    boolean acks = true;
    long linkId;
    long connection;

    private final LinkEndpoint links;
    private final UplinkReceiver uplink;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();

    TestManager(final LinkEndpoint links, final UplinkReceiver uplink)
    {
        this.links = links;
        this.uplink = uplink;
    }

    void poll()
    {
        links.poll(this, 1000);
        uplink.poll(this, 1000);
        links.flush();
    }

    @Override
    public void onOpened(final long openedLinkId, final String peer)
    {
        linkId = openedLinkId;
    }

    @Override
    public void onClosed(final long closedLinkId, final String reason)
    {
        closes.add(reason);
    }

    @Override
    public boolean onFrame(
        final long onLinkId, final long agentId, final DirectBuffer frame, final int offset, final int length)
    {
        headerDecoder.wrap(frame, offset);
        if (HelloDecoder.TEMPLATE_ID == headerDecoder.templateId())
        {
            hellos.add(Hello.of(new HelloDecoder().wrapAndApplyHeader(frame, offset, headerDecoder)));
            if (welcomes)
            {
                welcome();
            }
        }
        else if (HostPartDecoder.TEMPLATE_ID == headerDecoder.templateId())
        {
            final HostPartDecoder part = new HostPartDecoder().wrapAndApplyHeader(frame, offset, headerDecoder);
            hostParts.add(part.part() + (BooleanType.T == part.last() ? " last" : ""));
            final byte[] content = new byte[part.contentLength()];
            part.getContent(content, 0, content.length);
            host.writeBytes(content);
        }
        else if (LogDataDecoder.TEMPLATE_ID == headerDecoder.templateId())
        {
            final LogDataDecoder data = new LogDataDecoder().wrapAndApplyHeader(frame, offset, headerDecoder);
            logEnds.add(data.end());
            logOffsets.add(data.startOffset());
            final byte[] content = new byte[data.contentLength()];
            data.getContent(content, 0, content.length);
            log.writeBytes(content);
        }
        else
        {
            terminals.onFrame(frame, offset);
        }
        return true;
    }

    @Override
    public boolean onMessage(
        final int agentId, final long ofConnection, final int streamId, final DirectBuffer message, final int offset,
        final int length)
    {
        headerDecoder.wrap(message, offset);
        switch (headerDecoder.templateId())
        {
            case HeartbeatDecoder.TEMPLATE_ID:
                onHeartbeat(new HeartbeatDecoder().wrapAndApplyHeader(message, offset, headerDecoder));
                break;

            case InventoryDecoder.TEMPLATE_ID:
                inventory.add(Part.of(new InventoryDecoder().wrapAndApplyHeader(message, offset, headerDecoder)));
                break;

            case UsageDecoder.TEMPLATE_ID:
                onUsage(new UsageDecoder().wrapAndApplyHeader(message, offset, headerDecoder));
                break;

            case ReportDecoder.TEMPLATE_ID:
                onReport(new ReportDecoder().wrapAndApplyHeader(message, offset, headerDecoder));
                break;

            default:
                throw new AssertionError("templateId=" + headerDecoder.templateId());
        }
        return true;
    }

    private void onUsage(final UsageDecoder usage)
    {
        usageHosts += BooleanType.T == usage.hasHost() ? 1 : 0;
        for (final UsageDecoder.KernelsDecoder kernel : usage.kernels())
        {
            usageKernels.add(kernel.kernelId());
        }
    }

    private void onHeartbeat(final HeartbeatDecoder heartbeat)
    {
        heartbeats.add(heartbeat.heartbeatNo());
        if (grants)
        {
            grant(heartbeat.heartbeatNo(), LEASE_NS);
        }
    }

    private void onReport(final ReportDecoder report)
    {
        final Report received = Report.of(report);
        reports.add(received);
        if (acks)
        {
            ack(received.reportNo);
        }
    }

    void welcome()
    {
        connection++;
        final byte[] key = new byte[16];
        uplink.admit(AGENT_ID, connection, key, key);
        final WelcomeEncoder encoder = new WelcomeEncoder().wrapAndApplyHeader(buffer, 0, header)
            .agentId(AGENT_ID).connection(connection)
            .clusterIdHi(clusterHi).clusterIdLo(clusterLo)
            .term(term).termNonce(termNonce).sequence(sequence)
            .heartbeatIntervalNs(HEARTBEAT_INTERVAL_NS).leaseNs(LEASE_NS).grantIntervalNs(GRANT_INTERVAL_NS)
            .putHeartbeatKey(key, 0, key.length).putReportKey(key, 0, key.length)
            .uplinkChannel(uplink.channel()).credential(credential);
        header.wrap(buffer, 0).version(version);
        send(encoder.encodedLength());
    }

    void refuse(final RefusalCode code, final long retryAfterNs)
    {
        send(new RefusedEncoder().wrapAndApplyHeader(buffer, 0, header)
            .code(code).retryAfterNs(retryAfterNs).detail("because").encodedLength());
        links.closeLink(linkId, "refused");
    }

    void assign(final Assignment assignment)
    {
        final int length = new AssignmentCodec().encodeMessage(assignment, buffer, 0);
        links.trySend(linkId, AGENT_ID, buffer, 0, length);
        links.flush();
    }

    void kill(final KernelKey key, final long graceNs, final ReportReason reason)
    {
        send(new KillEncoder().wrapAndApplyHeader(buffer, 0, header)
            .kernelId(key.kernelId()).term(key.term()).attempt(key.attempt()).sequence(sequence)
            .graceNs(graceNs).reason(reason.value())
            .clusterIdHi(key.clusterIdHi()).clusterIdLo(key.clusterIdLo()).encodedLength());
    }

    void limit(final KernelKey key, final long walltimeNs)
    {
        send(new LimitEncoder().wrapAndApplyHeader(buffer, 0, header)
            .kernelId(key.kernelId()).term(key.term()).attempt(key.attempt()).walltimeNs(walltimeNs).encodedLength());
    }

    void tellPorts(final KernelKey key, final int index, final String published)
    {
        final PeerPortsEncoder told = new PeerPortsEncoder().wrapAndApplyHeader(buffer, 0, header)
            .kernelId(key.kernelId()).term(key.term()).attempt(key.attempt());
        told.peersCount(1).next().kernelIndex(index).published(published);
        send(told.encodedLength());
    }

    void ack(final long reportNo)
    {
        send(new ReportAckEncoder().wrapAndApplyHeader(buffer, 0, header)
            .connection(connection).reportNo(reportNo).sequence(++sequence).encodedLength());
    }

    void grant(final long heartbeatNo, final long leaseNs)
    {
        send(new LeaseGrantEncoder().wrapAndApplyHeader(buffer, 0, header)
            .connection(connection).heartbeatNo(heartbeatNo).leaseNs(leaseNs).term(term).sequence(sequence)
            .encodedLength());
    }

    void discard(final KernelKey key)
    {
        send(new DiscardEncoder().wrapAndApplyHeader(buffer, 0, header)
            .kernelId(key.kernelId()).term(key.term()).attempt(key.attempt()).encodedLength());
    }

    void openLog(
        final long requestId, final KernelKey key, final boolean follow, final long fromOffset, final int tailLines,
        final int credit)
    {
        send(new LogOpenEncoder().wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId).kernelId(key.kernelId()).attempt(key.attempt()).stream(LogStream.STDOUT)
            .follow(follow ? BooleanType.T : BooleanType.F).fromOffset(fromOffset).tailLines(tailLines)
            .creditBytes(credit).encodedLength());
    }

    /** Opens a terminal; what comes of it is in {@link #terminals}. */
    void openTerminal(final long requestId, final KernelKey key, final int credit, final String... command)
    {
        final TerminalOpenEncoder open = new TerminalOpenEncoder().wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId).kernelId(key.kernelId()).attempt(key.attempt())
            .tty(BooleanType.F).input(BooleanType.T).rows(24).columns(80).creditBytes(credit);
        final TerminalOpenEncoder.ArgumentsEncoder arguments = open.argumentsCount(command.length);
        for (final String word : command)
        {
            arguments.next().argument(word);
        }
        open.variablesCount(1).next().variable("A=b");
        open.directory("").user("");
        send(open.encodedLength());
    }

    void terminalInput(final long requestId, final byte[] content, final boolean last)
    {
        send(new TerminalDataEncoder().wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId).stream(TerminalStream.STDIN).last(last ? BooleanType.T : BooleanType.F)
            .putContent(content, 0, content.length).encodedLength());
    }

    void creditTerminal(final long requestId, final int bytes)
    {
        send(new TerminalCreditEncoder().wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId).creditBytes(bytes).encodedLength());
    }

    void sizeTerminal(final long requestId, final int rows, final int columns)
    {
        send(new TerminalSizeEncoder().wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId).rows(rows).columns(columns).encodedLength());
    }

    void closeTerminal(final long requestId)
    {
        send(new TerminalCloseEncoder().wrapAndApplyHeader(buffer, 0, header).requestId(requestId).encodedLength());
    }

    void creditLog(final long requestId, final int bytes)
    {
        send(new LogCreditEncoder().wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId).creditBytes(bytes).encodedLength());
    }

    void closeLog(final long requestId)
    {
        send(new LogCloseEncoder().wrapAndApplyHeader(buffer, 0, header).requestId(requestId).encodedLength());
    }

    void sendBroken(final byte[] bytes)
    {
        buffer.putBytes(0, bytes);
        links.trySend(linkId, AGENT_ID, buffer, 0, bytes.length);
        links.flush();
    }

    void closeLink()
    {
        links.closeLink(linkId, "test");
        links.flush();
    }

    private void send(final int encodedLength)
    {
        links.trySend(linkId, AGENT_ID, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encodedLength);
        links.flush();
    }

    /** Kinds of the reports about a kernel, in order. */
    List<ReportKind> kinds(final KernelKey key)
    {
        return reports.stream()
            .filter(report -> report.kernelId == key.kernelId() && report.attempt == key.attempt())
            .map(report -> report.kind)
            .toList();
    }

    Report lastReport()
    {
        return reports.get(reports.size() - 1);
    }

    record Hello(long seenTerm, long seenSequence, long clusterHi, String credential, String token, String name,
        int kernelsMax, List<String> slots, String labels)
    {
        static Hello of(final HelloDecoder hello)
        {
            final long seenTerm = hello.seenTerm();
            final long seenSequence = hello.seenSequence();
            final long hi = hello.clusterIdHi();
            final int kernelsMax = hello.kernelsMax();
            final List<String> slots = new ArrayList<>();
            for (final HelloDecoder.SlotsDecoder slot : hello.slots())
            {
                final long capacity = slot.capacity();
                slots.add(slot.slotName() + '=' + capacity);
            }
            final String credential = hello.credential();
            final String token = hello.joinToken();
            final String name = hello.agentName();
            hello.skipGroupName();
            hello.skipArch();
            hello.skipBuild();
            hello.skipRuntime();
            return new Hello(
                seenTerm, seenSequence, hi, credential, token, name, kernelsMax, slots, hello.labels());
        }
    }

    record Report(
        long connection, long reportNo, long kernelId, long term, int attempt, ReportKind kind, ReportReason reason,
        int exitCode, String cpus, String devices, String detail)
    {
        static Report of(final ReportDecoder report)
        {
            return new Report(
                report.connection(), report.reportNo(), report.kernelId(), report.term(), report.attempt(),
                report.kind(), report.reason(), report.exitCode(), report.cpus(), report.devices(), report.detail());
        }
    }

    record Part(int part, boolean last, long highestAssignment, List<Entry> entries)
    {
        static Part of(final InventoryDecoder inventory)
        {
            final List<Entry> entries = new ArrayList<>();
            final int part = inventory.part();
            final boolean last = BooleanType.T == inventory.last();
            final long highest = inventory.highestAssignment();
            for (final InventoryDecoder.KernelsDecoder kernel : inventory.kernels())
            {
                entries.add(new Entry(
                    kernel.kernelId(), kernel.clusterIdHi(), kernel.attempt(), kernel.kind(), kernel.reason(),
                    kernel.exitCode()));
            }
            return new Part(part, last, highest, entries);
        }
    }

    record Entry(long kernelId, long clusterHi, int attempt, ReportKind kind, ReportReason reason, int exitCode)
    {
    }
}
