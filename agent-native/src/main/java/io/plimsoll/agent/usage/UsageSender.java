package io.plimsoll.agent.usage;

import io.plimsoll.agent.gpu.GpuSample;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.DeviceUsageEncoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.UsageEncoder;
import io.plimsoll.transport.uplink.UplinkSender;
import io.plimsoll.transport.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/**
 * Sends reports on the stream of heartbeats, cut so that each frame fits into one packet. A report that could not be
 * sent whole before the next one comes is dropped: that says more. Of the agent's thread.
 */
public final class UsageSender
{
    /** First version of the messages at which a manager knows these; an older one would take them for an attack. */
    public static final int VERSION_MIN = 4;

    private static final int KERNELS_PER_FRAME = 8;
    private static final int DEVICES_PER_FRAME = 16;
    private static final int FRAMES_PER_CYCLE = 4;
    private static final int DEVICE_ID_LENGTH_MAX = 64;

    private final UsageFeed feed;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(2048);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final UsageEncoder usage = new UsageEncoder();
    private final DeviceUsageEncoder deviceUsage = new DeviceUsageEncoder();
    private UsageReport report;
    private List<UsageReport.OfKernel> kernels = List.of();
    private boolean hostSent;
    private int kernelsSent;
    private int devicesSent;
    private long nextSubjectsNs = Long.MIN_VALUE;

    /** Of that. */
    public UsageSender(final UsageFeed feed)
    {
        this.feed = feed;
    }

    /** Whether it is time to say who runs. */
    public boolean wantsSubjects(final long nowNs)
    {
        if (0 == feed.subjectsIntervalNs() || nowNs < nextSubjectsNs)
        {
            return false;
        }
        nextSubjectsNs = nowNs + feed.subjectsIntervalNs();
        return true;
    }

    /** Who runs. */
    public void subjects(final List<UsageSubject> running)
    {
        feed.subjects(running);
    }

    /**
     * Sends some of what there is.
     *
     * @param uplink      of the connection.
     * @param connection  number of it.
     * @param clusterIdHi whose kernels may be told of.
     * @param clusterIdLo the same.
     * @return frames sent.
     */
    public int send(
        final UplinkSender uplink, final long connection, final long clusterIdHi, final long clusterIdLo)
    {
        final UsageReport newer = feed.poll();
        if (null != newer)
        {
            report = newer;
            hostSent = null == newer.host();
            kernelsSent = 0;
            devicesSent = 0;
            kernels = new ArrayList<>(newer.kernels());
            kernels.removeIf(
                kernel -> kernel.key().clusterIdHi() != clusterIdHi || kernel.key().clusterIdLo() != clusterIdLo);
        }
        int frames = 0;
        while (null != report && frames < FRAMES_PER_CYCLE)
        {
            if (isDone())
            {
                report = null;
            }
            else if (hostSent && kernelsSent == kernels.size() ?
                !trySendDevices(uplink, connection) : !trySendUsage(uplink, connection))
            {
                break;
            }
            else
            {
                frames++;
            }
        }
        return frames;
    }

    private boolean isDone()
    {
        return hostSent && kernelsSent == kernels.size() && devicesSent == report.gpus().size();
    }

    private boolean trySendUsage(final UplinkSender uplink, final long connection)
    {
        final int count = Math.min(KERNELS_PER_FRAME, kernels.size() - kernelsSent);
        usage.wrapAndApplyHeader(buffer, 0, header)
            .connection(connection)
            .hasHost(hostSent ? BooleanType.F : BooleanType.T)
            .processors(report.processors())
            .memoryTotalBytes(report.memoryTotalBytes());
        (hostSent ? Usage.NONE : report.host()).encode(usage.host());
        final UsageEncoder.KernelsEncoder group = usage.kernelsCount(count);
        for (int i = kernelsSent; i < kernelsSent + count; i++)
        {
            final UsageReport.OfKernel kernel = kernels.get(i);
            group.next().kernelId(kernel.key().kernelId()).attempt(kernel.key().attempt());
            kernel.usage().encode(group.values());
        }
        if (!uplink.trySend(
            UplinkSender.HEARTBEAT_STREAM, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + usage.encodedLength()))
        {
            return false;
        }
        hostSent = true;
        kernelsSent += count;
        return true;
    }

    private boolean trySendDevices(final UplinkSender uplink, final long connection)
    {
        final int count = Math.min(DEVICES_PER_FRAME, report.gpus().size() - devicesSent);
        deviceUsage.wrapAndApplyHeader(buffer, 0, header).connection(connection);
        final DeviceUsageEncoder.DevicesEncoder group = deviceUsage.devicesCount(count);
        for (int i = devicesSent; i < devicesSent + count; i++)
        {
            final GpuSample device = report.gpus().get(i);
            final String id = device.id();
            group.next()
                .utilisationPercent(device.utilisationPercent())
                .memoryUsedBytes(device.memoryUsedBytes())
                .temperatureCelsius(device.temperatureCelsius())
                .powerMilliwatt(device.powerMilliwatt())
                .uncorrectableErrors(device.uncorrectableErrors())
                .device(id.length() > DEVICE_ID_LENGTH_MAX ? id.substring(0, DEVICE_ID_LENGTH_MAX) : id);
        }
        if (!uplink.trySend(
            UplinkSender.HEARTBEAT_STREAM, buffer, 0,
            MessageHeaderEncoder.ENCODED_LENGTH + deviceUsage.encodedLength()))
        {
            return false;
        }
        devicesSent += count;
        return true;
    }
}
