package io.plimsoll.agent;

import java.util.List;
import java.util.Map;

/**
 * What an agent says that it has; immutable.
 *
 * @param capacities by slot.
 * @param labels     that sessions can ask for.
 * @param out        ids of devices that kernels are not given any more.
 * @param document   that describes the host, deflated; empty: there is none.
 */
record Offer(List<Capacity> capacities, Map<String, String> labels, List<String> out, byte[] document)
{
    /** With nothing taken out. */
    Offer(final List<Capacity> capacities, final Map<String, String> labels)
    {
        this(capacities, labels, List.of(), new byte[0]);
    }
}
