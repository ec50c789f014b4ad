package io.plimsoll.manager.bed;

import io.plimsoll.transport.sbe.AssignDecoder;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.DeviceUsageEncoder;
import io.plimsoll.transport.sbe.DiscardDecoder;
import io.plimsoll.transport.sbe.HeartbeatEncoder;
import io.plimsoll.transport.sbe.HelloEncoder;
import io.plimsoll.transport.sbe.HostPartEncoder;
import io.plimsoll.transport.sbe.InventoryEncoder;
import io.plimsoll.transport.sbe.KillDecoder;
import io.plimsoll.transport.sbe.LeaseGrantDecoder;
import io.plimsoll.transport.sbe.LimitDecoder;
import io.plimsoll.transport.sbe.LogCloseDecoder;
import io.plimsoll.transport.sbe.LogCreditDecoder;
import io.plimsoll.transport.sbe.LogDataEncoder;
import io.plimsoll.transport.sbe.LogEnd;
import io.plimsoll.transport.sbe.LogOpenDecoder;
import io.plimsoll.transport.sbe.LogStream;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.PeerPortsDecoder;
import io.plimsoll.transport.sbe.RefusalCode;
import io.plimsoll.transport.sbe.RefusedDecoder;
import io.plimsoll.transport.sbe.ReportAckDecoder;
import io.plimsoll.transport.sbe.ReportEncoder;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.sbe.SlotKind;
import io.plimsoll.transport.sbe.TerminalCode;
import io.plimsoll.transport.sbe.TerminalCreditEncoder;
import io.plimsoll.transport.sbe.TerminalDataEncoder;
import io.plimsoll.transport.sbe.TerminalEndEncoder;
import io.plimsoll.transport.sbe.TerminalStream;
import io.plimsoll.transport.sbe.UsageEncoder;
import io.plimsoll.transport.sbe.WelcomeDecoder;
import io.plimsoll.transport.uplink.UplinkSender;
import io.plimsoll.transport.usage.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;

/** An agent played by the test: it says what it is told to say, and remembers what it was told. */
public class TestAgent
{
    public static final int PROTOCOL_VERSION = 1;

    public final List<Assigned> assigned = new ArrayList<>();
    public final List<Long> killed = new ArrayList<>();
    public final List<Long> discarded = new ArrayList<>();
    public final List<LogRequest> logRequests = new ArrayList<>();
    public final List<Long> closedLogs = new ArrayList<>();
    /** What it was told of terminals, a line each. */
    public final List<String> terminals = new ArrayList<>();
    public final List<Integer> frameOrder = new ArrayList<>();
    public String joinToken = "";
    public String credential = "";
    public long cpuMillis = 4_000;
    public long memoryBytes = 4L << 30;
    public int protocolVersion = PROTOCOL_VERSION;
    public long linkId;
    public int agentId;
    public long connection;
    /** Who was told where a port of which other is. */
    public final List<String> peerPorts = new ArrayList<>();
    /** Which kernel may run for how long from now on. */
    public final List<String> limits = new ArrayList<>();
    /** Of the hosts of each assignment. */
    public final List<String> addresses = new ArrayList<>();
    public final List<String> requests = new ArrayList<>();
    public long term;
    public long termNonce;
    public long clusterIdHi;
    public long clusterIdLo;
    public long seenTerm;
    public long seenSequence;
    public byte[] reportKey;
    public final List<String> grants = new ArrayList<>();
    public RefusalCode refused;
    /** Null: something that names it. */
    public String detail;
    public String labels = "";
    public long devices;
    public int kernelsMax = -1;
    public long ackedReportNo;
    public long grantedHeartbeatNo;
    public long creditBytes;
    public long reportNo;
    public long heartbeatNo;

    private final MemoryLinks links;
    private final MemoryUplink uplink;
    private final UUID uuid;
    private final String name;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 * 1024]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    public TestAgent(final MemoryLinks links, final MemoryUplink uplink, final String name)
    {
        this.links = links;
        this.uplink = uplink;
        this.name = name;
        uuid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    public UUID uuid()
    {
        return uuid;
    }

    /** Opens a link and says Hello; the answer comes with {@link #receive}. */
    public void connect()
    {
        linkId = links.open();
        links.receive(linkId, 0, hello());
        refused = null;
        reportNo = 0;
        heartbeatNo = 0;
        grantedHeartbeatNo = 0;
        ackedReportNo = 0;
    }

    /** The same, as a build without labels says it. */
    public void connectAsOfVersion2()
    {
        final UnsafeBuffer now = new UnsafeBuffer(hello());
        final int cut = MessageHeaderEncoder.ENCODED_LENGTH + HelloEncoder.BLOCK_LENGTH;
        final byte[] then = new byte[now.capacity() - Integer.BYTES - Short.BYTES];
        now.getBytes(0, then, 0, cut - Integer.BYTES);
        now.getBytes(cut, then, cut - Integer.BYTES, now.capacity() - cut - Short.BYTES);
        header.wrap(new UnsafeBuffer(then), 0).blockLength(HelloEncoder.BLOCK_LENGTH - Integer.BYTES).version(2);
        linkId = links.open();
        links.receive(linkId, 0, then);
    }

    public byte[] hello()
    {
        final HelloEncoder hello = new HelloEncoder();
        hello.wrapAndApplyHeader(buffer, 0, header)
            .protocolVersion(protocolVersion)
            .uuidHi(uuid().getMostSignificantBits())
            .uuidLo(uuid().getLeastSignificantBits())
            .clusterIdHi(clusterIdHi)
            .clusterIdLo(clusterIdLo)
            .seenTerm(seenTerm)
            .seenTermNonce(termNonce)
            .seenSequence(seenSequence)
            .kernelsMax(kernelsMax);
        final HelloEncoder.SlotsEncoder slots = hello.slotsCount(0 == devices ? 2 : 3)
            .next().kind(SlotKind.COUNT).capacity(cpuMillis).slotName("cpu")
            .next().kind(SlotKind.COUNT).capacity(memoryBytes).slotName("mem");
        if (0 != devices)
        {
            slots.next().kind(SlotKind.DEVICE).capacity(devices).slotName("cuda.device");
        }
        hello.credential(credential).joinToken(joinToken).agentName(name).groupName("default")
            .arch("x86_64").build("test").runtime("test").labels(labels);
        return copy(hello.encodedLength());
    }

    private byte[] copy(final int bodyLength)
    {
        final byte[] bytes = new byte[MessageHeaderEncoder.ENCODED_LENGTH + bodyLength];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    /** Takes what was sent to it. */
    public void receive()
    {
        for (final byte[] frame : links.take(linkId))
        {
            onFrame(new UnsafeBuffer(frame));
        }
    }

    private void onFrame(final UnsafeBuffer frame)
    {
        final MessageHeaderDecoder decoded = new MessageHeaderDecoder();
        final int templateId = decoded.wrap(frame, 0).templateId();
        frameOrder.add(templateId);
        switch (templateId)
        {
            case WelcomeDecoder.TEMPLATE_ID -> onWelcome(new WelcomeDecoder().wrapAndApplyHeader(frame, 0, decoded));
            case RefusedDecoder.TEMPLATE_ID ->
                refused = new RefusedDecoder().wrapAndApplyHeader(frame, 0, decoded).code();
            case AssignDecoder.TEMPLATE_ID -> onAssign(new AssignDecoder().wrapAndApplyHeader(frame, 0, decoded));
            case KillDecoder.TEMPLATE_ID ->
                killed.add(new KillDecoder().wrapAndApplyHeader(frame, 0, decoded).kernelId());
            case DiscardDecoder.TEMPLATE_ID ->
                discarded.add(new DiscardDecoder().wrapAndApplyHeader(frame, 0, decoded).kernelId());
            case ReportAckDecoder.TEMPLATE_ID ->
                ackedReportNo = new ReportAckDecoder().wrapAndApplyHeader(frame, 0, decoded).reportNo();
            case LeaseGrantDecoder.TEMPLATE_ID ->
                grantedHeartbeatNo = new LeaseGrantDecoder().wrapAndApplyHeader(frame, 0, decoded).heartbeatNo();
            case LogCreditDecoder.TEMPLATE_ID ->
                creditBytes += new LogCreditDecoder().wrapAndApplyHeader(frame, 0, decoded).creditBytes();
            case LogCloseDecoder.TEMPLATE_ID ->
                closedLogs.add(new LogCloseDecoder().wrapAndApplyHeader(frame, 0, decoded).requestId());
            case LogOpenDecoder.TEMPLATE_ID -> onLogOpen(new LogOpenDecoder().wrapAndApplyHeader(frame, 0, decoded));
            case LimitDecoder.TEMPLATE_ID -> onLimit(new LimitDecoder().wrapAndApplyHeader(frame, 0, decoded));
            case PeerPortsDecoder.TEMPLATE_ID ->
                onPeerPorts(new PeerPortsDecoder().wrapAndApplyHeader(frame, 0, decoded));
            default -> terminals.add(TerminalText.of(frame));
        }
    }

    private void onWelcome(final WelcomeDecoder welcome)
    {
        agentId = (int)welcome.agentId();
        connection = welcome.connection();
        term = welcome.term();
        termNonce = welcome.termNonce();
        clusterIdHi = welcome.clusterIdHi();
        clusterIdLo = welcome.clusterIdLo();
        seenTerm = term;
        seenSequence = welcome.sequence();
        welcome.skipHeartbeatKey();
        reportKey = new byte[welcome.reportKeyLength()];
        welcome.getReportKey(reportKey, 0, reportKey.length);
        welcome.skipUplinkChannel();
        final String given = welcome.credential();
        if (!given.isEmpty())
        {
            credential = given;
            joinToken = "";
        }
    }

    private void onLimit(final LimitDecoder told)
    {
        limits.add(told.kernelId() + " attempt " + told.attempt() + ": " + told.walltimeNs());
    }

    private void onPeerPorts(final PeerPortsDecoder told)
    {
        for (final PeerPortsDecoder.PeersDecoder peer : told.peers())
        {
            peerPorts.add(told.kernelId() + " attempt " + told.attempt() + ": " + peer.kernelIndex() + " at " +
                peer.published());
        }
    }

    private void onAssign(final AssignDecoder assign)
    {
        for (final AssignDecoder.SlotsDecoder slot : assign.slots())
        {
            final SlotKind kind = slot.kind();
            final long mask = slot.devices();
            grants.add(slot.slotName() + " " + kind + " " + mask);
        }
        final List<String> hosts = new ArrayList<>();
        for (final AssignDecoder.HostsDecoder host : assign.hosts())
        {
            hosts.add(host.host());
        }
        final byte[] spec = new byte[assign.specLength()];
        assign.getSpec(spec, 0, spec.length);
        addresses.add(assign.addresses());
        requests.add(assign.request());
        assigned.add(
            new Assigned(
                assign.kernelId(),
                assign.assignmentNo(),
                assign.sequence(),
                assign.term(),
                assign.attempt(),
                assign.arrayIndex(),
                hosts,
                new String(spec, StandardCharsets.UTF_8)));
        seenSequence = Math.max(seenSequence, assign.sequence());
    }

    private void onLogOpen(final LogOpenDecoder open)
    {
        logRequests.add(
            new LogRequest(open.requestId(), open.kernelId(), LogStream.STDERR == open.stream(), open.fromOffset()));
        creditBytes = open.creditBytes();
    }

    public void heartbeat()
    {
        final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
        heartbeat.wrapAndApplyHeader(buffer, 0, header)
            .connection(connection)
            .heartbeatNo(++heartbeatNo)
            .kernels(0)
            .load1Milli(0)
            .memoryAvailableBytes(1L << 30);
        uplink.send(agentId, connection, UplinkSender.HEARTBEAT_STREAM, copy(heartbeat.encodedLength()));
    }

    /** Sends a part of what describes its host. */
    public void hostPart(final int part, final boolean last, final byte[] content)
    {
        final HostPartEncoder encoder = new HostPartEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, header)
            .part(part)
            .last(last ? BooleanType.T : BooleanType.F)
            .putContent(content, 0, content.length);
        links.receive(linkId, agentId, copy(encoder.encodedLength()));
    }

    /** Tells of its host and of one attempt at a kernel. */
    public void usage(final Usage host, final long kernelId, final int attempt, final Usage kernel)
    {
        uplink.send(
            agentId, connection, UplinkSender.HEARTBEAT_STREAM,
            encodeUsage(connection, host, kernelId, attempt, kernel));
    }

    public byte[] encodeUsage(
        final long ofConnection, final Usage host, final long kernelId, final int attempt, final Usage kernel)
    {
        final UsageEncoder usage = new UsageEncoder();
        usage.wrapAndApplyHeader(buffer, 0, header)
            .connection(ofConnection)
            .hasHost(BooleanType.T)
            .processors(4)
            .memoryTotalBytes(1L << 33);
        host.encode(usage.host());
        final UsageEncoder.KernelsEncoder entry = usage.kernelsCount(1).next().kernelId(kernelId).attempt(attempt);
        kernel.encode(entry.values());
        return copy(usage.encodedLength());
    }

    /** Tells of a device. */
    public byte[] encodeDeviceUsage(final String device, final int percent)
    {
        final DeviceUsageEncoder usage = new DeviceUsageEncoder();
        usage.wrapAndApplyHeader(buffer, 0, header).connection(connection);
        usage.devicesCount(1).next().utilisationPercent(percent).memoryUsedBytes(5).temperatureCelsius(40)
            .powerMilliwatt(61_500).uncorrectableErrors(0).device(device);
        return copy(usage.encodedLength());
    }

    /** Sends that. */
    public void deviceUsage(final String device, final int percent)
    {
        uplink.send(agentId, connection, UplinkSender.HEARTBEAT_STREAM, encodeDeviceUsage(device, percent));
    }

    /** Sends a whole inventory of the kernels that it was assigned and told of here. */
    public void inventory(final long highestAssignment, final ReportKind kind, final Assigned... kernels)
    {
        final InventoryEncoder inventory = new InventoryEncoder();
        inventory.wrapAndApplyHeader(buffer, 0, header)
            .connection(connection)
            .part(0)
            .last(BooleanType.T)
            .highestAssignment(highestAssignment);
        final InventoryEncoder.KernelsEncoder entries = inventory.kernelsCount(kernels.length);
        for (final Assigned kernel : kernels)
        {
            entries.next()
                .kernelId(kernel.kernelId())
                .term(kernel.term())
                .termNonce(termNonce)
                .attempt(kernel.attempt())
                .sequence(kernel.sequence())
                .clusterIdHi(clusterIdHi)
                .clusterIdLo(clusterIdLo)
                .kind(kind)
                .reason(ReportReason.NONE)
                .exitCode(-1);
        }
        uplink.send(agentId, connection, UplinkSender.REPORT_STREAM, copy(inventory.encodedLength()));
    }

    public void report(final Assigned kernel, final ReportKind kind, final ReportReason reason, final int exitCode)
    {
        uplink.send(
            agentId, connection, UplinkSender.REPORT_STREAM, encodeReport(++reportNo, kernel, kind, reason, exitCode));
    }

    public byte[] encodeReport(
        final long number,
        final Assigned kernel,
        final ReportKind kind,
        final ReportReason reason,
        final int exitCode)
    {
        final ReportEncoder report = new ReportEncoder();
        report.wrapAndApplyHeader(buffer, 0, header)
            .connection(connection)
            .reportNo(number)
            .kernelId(kernel.kernelId())
            .term(kernel.term())
            .attempt(kernel.attempt())
            .kind(kind)
            .reason(reason)
            .exitCode(exitCode);
        report.cpus("0-1").devices("").detail(null == detail ? "said by " + name : detail);
        return copy(report.encodedLength());
    }

    public void logData(final long requestId, final long offset, final String content, final LogEnd end)
    {
        final byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        final LogDataEncoder data = new LogDataEncoder();
        data.wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId)
            .stream(LogStream.STDOUT)
            .end(end)
            .startOffset(offset);
        data.putContent(bytes, 0, bytes.length);
        links.receive(linkId, agentId, copy(data.encodedLength()));
    }

    public void terminalOutput(final long requestId, final boolean stderr, final String content)
    {
        final byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        final TerminalDataEncoder data = new TerminalDataEncoder().wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId)
            .stream(stderr ? TerminalStream.STDERR : TerminalStream.STDOUT)
            .last(BooleanType.F)
            .putContent(bytes, 0, bytes.length);
        links.receive(linkId, agentId, copy(data.encodedLength()));
    }

    public void terminalCredit(final long requestId, final int bytes)
    {
        final TerminalCreditEncoder credit = new TerminalCreditEncoder().wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId)
            .creditBytes(bytes);
        links.receive(linkId, agentId, copy(credit.encodedLength()));
    }

    public void terminalEnd(final long requestId, final TerminalCode code, final int exitCode)
    {
        final TerminalEndEncoder end = new TerminalEndEncoder().wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId)
            .code(code)
            .exitCode(exitCode)
            .detail("");
        links.receive(linkId, agentId, copy(end.encodedLength()));
    }

    /**
     * What it was told to start.
     *
     * @param kernelId     of the kernel.
     * @param assignmentNo numbered per agent.
     * @param sequence     of the journal record.
     * @param term         of the epoch.
     * @param attempt      of the epoch.
     * @param arrayIndex   -1: not of an array.
     * @param hosts        of the gang.
     * @param spec         JSON.
     */
    public record Assigned(
        long kernelId,
        long assignmentNo,
        long sequence,
        long term,
        int attempt,
        int arrayIndex,
        List<String> hosts,
        String spec)
    {
    }

    /**
     * A log that it was asked for.
     *
     * @param requestId  of the manager.
     * @param kernelId   of the kernel.
     * @param stderr     which stream.
     * @param fromOffset in the whole output.
     */
    public record LogRequest(long requestId, long kernelId, boolean stderr, long fromOffset)
    {
    }
}
