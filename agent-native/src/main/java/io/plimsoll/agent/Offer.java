package io.plimsoll.agent;

import java.util.List;
import java.util.Map;

/**
 * What an agent says that it has; immutable.
 *
 * @param capacities by slot.
 * @param labels     that sessions can ask for.
 */
record Offer(List<Capacity> capacities, Map<String, String> labels)
{
}
