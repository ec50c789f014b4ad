package io.plimsoll.agent;

import io.plimsoll.agent.topology.HostDevice;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * Tells in labels how slots of devices are had, so that nobody is promised what this agent would not give: {@code
 * npu.quantum=0.25} is the least share of a device of slot {@code npu.device}, and {@code fpga.slice.unique=1} says
 * that a kernel has one at most.
 */
final class SlotLabels
{
    private static final String DEVICES = ".device";
    private static final int MILLI_DIGITS = 3;
    private static final int KEY_LENGTH_MAX = 64;

    private SlotLabels()
    {
    }

    static void put(final Map<String, String> labels, final List<HostDevice> devices)
    {
        for (final HostDevice device : devices)
        {
            final String slot = device.slot();
            if (slot.endsWith(DEVICES) && device.quantumMillis() > 0)
            {
                final long quantum = devices.stream().filter(one -> one.slot().equals(slot))
                    .mapToLong(HostDevice::quantumMillis).max().orElse(0);
                put(labels, slot.substring(0, slot.length() - DEVICES.length()) + ".quantum",
                    BigDecimal.valueOf(quantum, MILLI_DIGITS).stripTrailingZeros().toPlainString());
            }
            else if (!slot.endsWith(DEVICES) && device.unique())
            {
                put(labels, slot + ".unique", "1");
            }
        }
    }

    private static void put(final Map<String, String> labels, final String key, final String value)
    {
        // A label that is too long would keep the agent out; without it, this agent refuses by itself.
        if (key.length() <= KEY_LENGTH_MAX)
        {
            labels.put(key, value);
        }
    }
}
