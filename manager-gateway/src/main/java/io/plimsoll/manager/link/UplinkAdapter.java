package io.plimsoll.manager.link;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.AgentInventoryEncoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.KernelReportEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.usage.UsageStore;
import io.plimsoll.transport.sbe.DeviceUsageDecoder;
import io.plimsoll.transport.sbe.HeartbeatDecoder;
import io.plimsoll.transport.sbe.InventoryDecoder;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.ReportDecoder;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.sbe.UsageDecoder;
import io.plimsoll.transport.uplink.UplinkReceiver;
import io.plimsoll.transport.uplink.UplinkSender;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Translates what agents report into commands, and hands heartbeats to the tracker. A duty cycle on the thread of the
 * links. Frames are authentic but not trusted: one that the core could stumble over closes its agent's link, and
 * nothing that comes in can stop the cycle. When the ring is full, the uplink is not polled further and nothing is
 * lost.
 */
public final class UplinkAdapter implements Agent, UplinkReceiver.Handler
{
    /**
     * Fragments in a cycle, of which each subscription has its share. A cycle that has handshakes to do takes
     * milliseconds: with a share of 64 no more than some ten thousand heartbeats a second came through while agents
     * connected, and those that had connected were suspected, kept without a lease, and gave their links up.
     */
    private static final int POLL_LIMIT = 4_096;
    /** Fewer fragments in a poll than each of its streams may have: none of them had more. */
    private static final int DRAINED_BELOW = POLL_LIMIT / UplinkReceiver.STREAMS_MAX;
    private static final int KERNELS_MAX = 1_000;
    private static final int EXIT_CODE_MAX = 255;
    private static final int DETAIL_LENGTH_MAX = 4 * 1024;
    private static final int LIST_LENGTH_MAX = 16 * 1024;
    private static final int USAGE_MAX = 64;

    private static final FrameShape HEARTBEAT =
        FrameShape.flat(HeartbeatDecoder.TEMPLATE_ID, HeartbeatDecoder.BLOCK_LENGTH, 0);
    private static final FrameShape REPORT =
        FrameShape.flat(ReportDecoder.TEMPLATE_ID, ReportDecoder.BLOCK_LENGTH, 3);
    private static final FrameShape INVENTORY =
        FrameShape.flat(InventoryDecoder.TEMPLATE_ID, InventoryDecoder.BLOCK_LENGTH, 0)
            .withGroup(InventoryDecoder.KernelsDecoder.sbeBlockLength(), 0, KERNELS_MAX);

    private static final FrameShape USAGE =
        FrameShape.flat(UsageDecoder.TEMPLATE_ID, UsageDecoder.BLOCK_LENGTH, 0)
            .withGroup(UsageDecoder.KernelsDecoder.sbeBlockLength(), 0, USAGE_MAX);
    private static final FrameShape DEVICE_USAGE =
        FrameShape.flat(DeviceUsageDecoder.TEMPLATE_ID, DeviceUsageDecoder.BLOCK_LENGTH, 0)
            .withGroup(DeviceUsageDecoder.DevicesDecoder.sbeBlockLength(), 1, USAGE_MAX);

    private final UplinkReceiver receiver;
    private final CommandIngress ingress;
    private final LivenessTracker liveness;
    private final AgentLinks links;
    private final UsageAdapter usage;
    private final Counters counters;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
    private final ReportDecoder report = new ReportDecoder();
    private final InventoryDecoder inventory = new InventoryDecoder();
    private final MessageHeaderEncoder commandHeader = new MessageHeaderEncoder();
    private final KernelReportEncoder kernelReport = new KernelReportEncoder();
    private final AgentInventoryEncoder agentInventory = new AgentInventoryEncoder();
    private final NanoClock clock;
    private final AtomicLong arrivedNs;
    private final UnsafeBuffer command = new UnsafeBuffer(new byte[2 * CommandIngress.COMMAND_LENGTH_MAX]);
    private boolean isRefused;

    /**
     * Of one manager.
     *
     * @param receiver  that opens frames.
     * @param ingress   to the ring.
     * @param liveness  that gets heartbeats.
     * @param links     that closes the links of hostile agents.
     * @param usage     that keeps what agents use.
     * @param clock     monotonic.
     * @param arrivedNs is told up to when all that came in has been put into the ring.
     * @param counters  to count in.
     */
    public UplinkAdapter(
        final UplinkReceiver receiver,
        final CommandIngress ingress,
        final LivenessTracker liveness,
        final AgentLinks links,
        final UsageStore usage,
        final NanoClock clock,
        final AtomicLong arrivedNs,
        final Counters counters)
    {
        this.clock = clock;
        this.arrivedNs = arrivedNs;
        this.receiver = receiver;
        this.ingress = ingress;
        this.liveness = liveness;
        this.links = links;
        this.usage = new UsageAdapter(usage);
        this.counters = counters;
    }

    @Override
    public String roleName()
    {
        return "uplink";
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        isRefused = false;
        final int polled = receiver.poll(this, POLL_LIMIT);
        if (polled < DRAINED_BELOW && !isRefused)
        {
            arrivedNs.setRelease(nowNs);
        }
        return polled;
    }

    @Override
    public boolean onMessage(
        final int agentId,
        final long connection,
        final int streamId,
        final DirectBuffer buffer,
        final int offset,
        final int length)
    {
        final boolean reports = UplinkSender.REPORT_STREAM == streamId;
        if (!reports && HEARTBEAT.fits(buffer, offset, length))
        {
            return onHeartbeat(agentId, connection, buffer, offset);
        }
        if (!reports && (USAGE.fits(buffer, offset, length) || DEVICE_USAGE.fits(buffer, offset, length)))
        {
            counters.increment(Counter.USAGE);
            return usage.onUsage(agentId, connection, buffer, offset) ||
                hostile(agentId, connection, "usage of another connection");
        }
        if (reports && REPORT.fits(buffer, offset, length))
        {
            return onReport(agentId, connection, buffer, offset);
        }
        if (reports && INVENTORY.fits(buffer, offset, length))
        {
            return onInventory(agentId, connection, buffer, offset);
        }
        return hostile(agentId, connection, "broken or unexpected frame");
    }

    private boolean hostile(final int agentId, final long connection, final String reason)
    {
        links.onHostileUplink(agentId, connection, reason);
        return true;
    }

    private boolean onHeartbeat(
        final int agentId, final long connection, final DirectBuffer buffer, final int offset)
    {
        heartbeat.wrapAndApplyHeader(buffer, offset, header);
        if (heartbeat.connection() != connection || heartbeat.heartbeatNo() < 1)
        {
            return hostile(agentId, connection, "heartbeat of another connection");
        }
        liveness.onHeartbeat(agentId, connection, heartbeat.heartbeatNo());
        return true;
    }

    private boolean onReport(final int agentId, final long connection, final DirectBuffer buffer, final int offset)
    {
        report.wrapAndApplyHeader(buffer, offset, header);
        final ReportKind kind = ReportKind.get(report.kindRaw());
        final Reason reason = reason(report.reason());
        final boolean plausible =
            report.connection() == connection && report.reportNo() > 0 &&
            isEpoch(report.kernelId(), report.term(), report.attempt()) &&
            isOutcome(kind, reason, report.exitCode());
        if (!plausible)
        {
            return hostile(agentId, connection, "impossible report");
        }
        kernelReport.wrapAndApplyHeader(command, 0, commandHeader)
            .agentId(agentId)
            .connection(connection)
            .reportNo(report.reportNo())
            .kernelId(report.kernelId())
            .term(report.term())
            .attempt(report.attempt())
            .kind(kind)
            .reason(reason)
            .exitCode(report.exitCode())
            .followed(BooleanType.F);
        copyTexts();
        return publish(kernelReport.encodedLength());
    }

    /** Texts are for people only: what is too long is cut, at a byte, and shown with a replacement character. */
    private void copyTexts()
    {
        final int cpusLength = report.cpusLength();
        kernelReport.putCpus(
            report.buffer(), textOffset(ReportDecoder.cpusHeaderLength()), Math.min(cpusLength, LIST_LENGTH_MAX));
        report.skipCpus();
        final int devicesLength = report.devicesLength();
        kernelReport.putDevices(
            report.buffer(),
            textOffset(ReportDecoder.devicesHeaderLength()),
            Math.min(devicesLength, LIST_LENGTH_MAX));
        report.skipDevices();
        final int detailLength = report.detailLength();
        kernelReport.putDetail(
            report.buffer(),
            textOffset(ReportDecoder.detailHeaderLength()),
            Math.min(detailLength, DETAIL_LENGTH_MAX));
    }

    private int textOffset(final int headerLength)
    {
        return report.limit() + headerLength;
    }

    private boolean onInventory(
        final int agentId, final long connection, final DirectBuffer buffer, final int offset)
    {
        inventory.wrapAndApplyHeader(buffer, offset, header);
        if (inventory.connection() != connection || inventory.part() < 0 || inventory.highestAssignment() < 0)
        {
            return hostile(agentId, connection, "impossible inventory");
        }
        final InventoryDecoder.KernelsDecoder kernels = inventory.kernels();
        agentInventory.wrapAndApplyHeader(command, 0, commandHeader)
            .agentId(agentId)
            .connection(connection)
            .part(inventory.part())
            .last(io.plimsoll.transport.sbe.BooleanType.T == inventory.last() ? BooleanType.T : BooleanType.F)
            .highestAssignment(inventory.highestAssignment());
        final AgentInventoryEncoder.KernelsEncoder entries = agentInventory.kernelsCount(kernels.count());
        for (final InventoryDecoder.KernelsDecoder kernel : kernels)
        {
            final ReportKind kind = ReportKind.get(kernel.kindRaw());
            final Reason reason = reason(kernel.reason());
            if (!isEpoch(kernel.kernelId(), kernel.term(), kernel.attempt()) ||
                !isOutcome(kind, reason, kernel.exitCode()))
            {
                return hostile(agentId, connection, "impossible kernel in an inventory");
            }
            entries.next()
                .kernelId(kernel.kernelId())
                .term(kernel.term())
                .termNonce(kernel.termNonce())
                .attempt(kernel.attempt())
                .sequence(kernel.sequence())
                .clusterIdHi(kernel.clusterIdHi())
                .clusterIdLo(kernel.clusterIdLo())
                .kind(kind)
                .reason(reason)
                .exitCode(kernel.exitCode());
        }
        return publish(agentInventory.encodedLength());
    }

    private static boolean isEpoch(final long kernelId, final long term, final int attempt)
    {
        return kernelId > 0 && term > 0 && attempt > 0;
    }

    private static boolean isOutcome(final ReportKind kind, final Reason reason, final int exitCode)
    {
        return ReportKind.NULL_VAL != kind && ReportKind.SBE_UNKNOWN != kind && null != reason &&
            exitCode >= -1 && exitCode <= EXIT_CODE_MAX;
    }

    private static Reason reason(final ReportReason reported)
    {
        return ReportReason.NULL_VAL == reported || ReportReason.SBE_UNKNOWN == reported ?
            null : Reason.get(reported.value());
    }

    private boolean publish(final int bodyLength)
    {
        final boolean taken = ingress.tryPublish(command, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
        counters.increment(taken ? Counter.REPORTS : Counter.UPLINK_BACK_PRESSURED);
        isRefused |= !taken;
        return taken;
    }
}
