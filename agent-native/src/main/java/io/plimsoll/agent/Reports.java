package io.plimsoll.agent;

import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.ReportEncoder;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.uplink.UplinkSender;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.agrona.ExpandableArrayBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports on their way to the manager. Numbered per connection; at most so many are under way, and what does not fit
 * waits at its kernel as a bit, so that nothing is lost and nothing grows. A kernel's steps are sent in order; those
 * before RUNNING are skipped once it runs, since only the latest of them tells anything. Of the agent's thread.
 */
final class Reports
{
    /** Name of the logger that has a line for every step of every kernel, with the id of its request. */
    static final String LOG = "io.plimsoll.kernels";

    private static final Logger LOGGER = LoggerFactory.getLogger(LOG);
    private static final int SEND_LIMIT = 64;
    private static final int DETAIL_LENGTH_MAX = 1024;
    private static final int RUNNING_BIT = 1 << ReportKind.RUNNING.ordinal();

    private final int underWayMax;
    private final Consumer<Kernel> onEndAcknowledged;
    private final ArrayDeque<Kernel> unsent = new ArrayDeque<>();
    private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ReportEncoder encoder = new ReportEncoder();
    private long connection;
    private long lastReportNo;

    /**
     * Empty.
     *
     * @param underWayMax       not acknowledged at a time.
     * @param onEndAcknowledged told of each kernel whose end the manager has journalled.
     */
    Reports(final int underWayMax, final Consumer<Kernel> onEndAcknowledged)
    {
        this.underWayMax = underWayMax;
        this.onEndAcknowledged = onEndAcknowledged;
    }

    /** A new connection: numbers begin anew, and what was under way is told by its inventory. */
    void connected(final long number)
    {
        connection = number;
        lastReportNo = 0;
        underWay.clear();
        for (final Kernel kernel : unsent)
        {
            kernel.unsentKinds = 0;
            kernel.queued = false;
        }
        unsent.clear();
    }

    /** Whether something is to be sent. */
    boolean areUnsent()
    {
        return !unsent.isEmpty();
    }

    /** Whether the manager has yet to acknowledge something. */
    boolean areUnderWay()
    {
        return !underWay.isEmpty();
    }

    /** Queues the latest step of a kernel. */
    void add(final Kernel kernel)
    {
        final int bit = 1 << kernel.kind.ordinal();
        if (LOGGER.isDebugEnabled())
        {
            final KernelEnd end = kernel.end;
            LOGGER.debug(
                "{} is {}{}", kernel.key, kernel.kind,
                null == end ? "" : " reason=" + end.reason() + " exitCode=" + end.exitCode());
        }
        if (bit >= RUNNING_BIT)
        {
            kernel.unsentKinds &= -RUNNING_BIT;
        }
        kernel.unsentKinds |= bit;
        if (!kernel.queued)
        {
            kernel.queued = true;
            unsent.add(kernel);
        }
    }

    /** Sends what can be sent. */
    int send(final UplinkSender uplink)
    {
        int workCount = 0;
        while (workCount < SEND_LIMIT && !unsent.isEmpty() && underWay.size() < underWayMax)
        {
            final Kernel kernel = unsent.peek();
            final int bit = Integer.lowestOneBit(kernel.unsentKinds);
            final ReportKind kind = ReportKind.get((short)Integer.numberOfTrailingZeros(bit));
            if (!uplink.trySend(UplinkSender.REPORT_STREAM, buffer, 0, encode(kernel, kind)))
            {
                return workCount;
            }
            lastReportNo++;
            workCount++;
            underWay.add(new Sent(lastReportNo, kernel, kind));
            kernel.unsentKinds &= ~bit;
            if (0 == kernel.unsentKinds)
            {
                kernel.queued = false;
                unsent.poll();
            }
        }
        return workCount;
    }

    /** The manager has journalled all reports up to that number of that connection. */
    void onAck(final long ofConnection, final long reportNo)
    {
        while (ofConnection == connection && !underWay.isEmpty() && underWay.peek().reportNo <= reportNo)
        {
            final Sent sent = underWay.poll();
            if (sent.kernel.isEnded() && sent.kind == sent.kernel.kind && !sent.kernel.acknowledged)
            {
                onEndAcknowledged.accept(sent.kernel);
            }
        }
    }

    private int encode(final Kernel kernel, final ReportKind kind)
    {
        final KernelEnd end = kind == kernel.kind ? kernel.end : null;
        encoder.wrapAndApplyHeader(buffer, 0, header)
            .connection(connection)
            .reportNo(lastReportNo + 1)
            .kernelId(kernel.key.kernelId())
            .term(kernel.key.term())
            .attempt(kernel.key.attempt())
            .kind(kind)
            .reason(null == end ? ReportReason.NONE : end.reason())
            .exitCode(null == end ? KernelEnd.NO_EXIT_CODE : end.exitCode())
            .cpus(kernel.cpus)
            .devices(kernel.devices)
            .detail(null == end ? ports(kernel, kind) : clipped(end.detail()));
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private static String ports(final Kernel kernel, final ReportKind kind)
    {
        return ReportKind.RUNNING == kind && !kernel.ports.isEmpty() ?
            clipped(ContainerSpec.PORTS_DETAIL + kernel.ports) : "";
    }

    private static String clipped(final String text)
    {
        return text.length() <= DETAIL_LENGTH_MAX ? text : text.substring(0, DETAIL_LENGTH_MAX);
    }

    private record Sent(long reportNo, Kernel kernel, ReportKind kind)
    {
    }
}
