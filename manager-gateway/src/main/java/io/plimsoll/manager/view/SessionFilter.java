package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Which sessions a list holds; a null field does not filter.
 *
 * @param states  any of these.
 * @param group   of this resource group.
 * @param name    with exactly this name.
 * @param arrayId elements of this job array.
 * @param agentId with a kernel on this agent.
 * @param owners  of accounts that it holds for.
 */
public record SessionFilter(
    Set<LifeState> states, String group, String name, Long arrayId, Integer agentId, IntPredicate owners)
{
    /** Of all owners. */
    public SessionFilter(
        final Set<LifeState> states, final String group, final String name, final Long arrayId, final Integer agentId)
    {
        this(states, group, name, arrayId, agentId, null);
    }
}
