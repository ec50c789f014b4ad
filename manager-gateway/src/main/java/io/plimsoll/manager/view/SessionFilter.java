package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import java.util.Set;

/**
 * Which sessions a list holds; a null field does not filter.
 *
 * @param states  any of these.
 * @param group   of this resource group.
 * @param name    with exactly this name.
 * @param arrayId elements of this job array.
 * @param agentId with a kernel on this agent.
 */
public record SessionFilter(Set<LifeState> states, String group, String name, Long arrayId, Integer agentId)
{
}
