package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import java.io.IOException;

/**
 * Refuses amounts in which the devices of this host are not had: by the same words as {@code plimsoll agent allocate}.
 * The manager refuses them before, as far as it knows this host already.
 */
final class SlotCheck
{
    private SlotCheck()
    {
    }

    static void check(final Assignment assignment, final HostTopology host) throws IOException
    {
        for (final SlotGrant slot : assignment.slots())
        {
            if (slot.name().endsWith(HostDevice.SHARES))
            {
                checkShare(slot, host);
            }
            else if (!slot.device() && slot.amount() > 1 && host.devices().stream()
                .anyMatch(device -> device.unique() && device.slot().equals(slot.name())))
            {
                throw new IOException("InvalidResourceArgument: " +
                    slot.amount() + " of " + slot.name() + ", of which a kernel has one at most");
            }
        }
    }

    private static void checkShare(final SlotGrant slot, final HostTopology host) throws IOException
    {
        final String whole =
            slot.name().substring(0, slot.name().length() - HostDevice.SHARES.length()) + HostDevice.DEVICES;
        final long quantum = host.devices().stream().filter(device -> device.slot().equals(whole))
            .mapToLong(HostDevice::quantumMillis).max().orElse(0);
        final long devices = Math.max(1, Long.bitCount(slot.devices()));
        if (quantum > 0 && 0 != slot.amount() % (devices * quantum))
        {
            throw new IOException("NotMultipleOfQuantum: " + slot.amount() +
                " thousandths of " + slot.name() + ", which are had in multiples of " + devices * quantum);
        }
    }
}
