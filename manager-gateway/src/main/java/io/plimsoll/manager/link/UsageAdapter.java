package io.plimsoll.manager.link;

import io.plimsoll.manager.usage.DeviceLoad;
import io.plimsoll.manager.usage.UsageStore;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.DeviceUsageDecoder;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.UsageDecoder;
import io.plimsoll.transport.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Takes what agents use out of frames whose shape is right. On the thread of the links. */
final class UsageAdapter
{
    private static final int DEVICE_LENGTH_MAX = 64;

    private final UsageStore store;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UsageDecoder usage = new UsageDecoder();
    private final DeviceUsageDecoder devices = new DeviceUsageDecoder();

    UsageAdapter(final UsageStore store)
    {
        this.store = store;
    }

    /** False: it is of another connection than the one that it came by. */
    boolean onUsage(final int agentId, final long connection, final DirectBuffer buffer, final int offset)
    {
        return UsageDecoder.TEMPLATE_ID == header.wrap(buffer, offset).templateId() ?
            onKernels(agentId, connection, buffer, offset) : onDevices(agentId, connection, buffer, offset);
    }

    private boolean onKernels(final int agentId, final long connection, final DirectBuffer buffer, final int offset)
    {
        usage.wrapAndApplyHeader(buffer, offset, header);
        if (usage.connection() != connection)
        {
            return false;
        }
        if (BooleanType.T == usage.hasHost())
        {
            store.onHost(
                agentId,
                Math.max(0, usage.processors()),
                Math.max(0, usage.memoryTotalBytes()),
                Usage.decode(usage.host()));
        }
        for (final UsageDecoder.KernelsDecoder kernel : usage.kernels())
        {
            store.onKernel(agentId, kernel.kernelId(), kernel.attempt(), Usage.decode(kernel.values()));
        }
        return true;
    }

    private boolean onDevices(final int agentId, final long connection, final DirectBuffer buffer, final int offset)
    {
        devices.wrapAndApplyHeader(buffer, offset, header);
        if (devices.connection() != connection)
        {
            return false;
        }
        final List<DeviceLoad> loads = new ArrayList<>();
        for (final DeviceUsageDecoder.DevicesDecoder device : devices.devices())
        {
            final int percent = device.utilisationPercent();
            final long memoryBytes = device.memoryUsedBytes();
            final int celsius = device.temperatureCelsius();
            final int milliwatt = device.powerMilliwatt();
            final long errors = device.uncorrectableErrors();
            final String id = device.device();
            if (!id.isEmpty() && id.length() <= DEVICE_LENGTH_MAX)
            {
                loads.add(new DeviceLoad(
                    id, Math.max(Usage.UNKNOWN, percent), Math.max(Usage.UNKNOWN, memoryBytes),
                    Math.max(Usage.UNKNOWN, celsius), Math.max(Usage.UNKNOWN, milliwatt),
                    Math.max(Usage.UNKNOWN, errors), store.nowNs()));
            }
        }
        store.onDevices(agentId, loads);
        return true;
    }
}
