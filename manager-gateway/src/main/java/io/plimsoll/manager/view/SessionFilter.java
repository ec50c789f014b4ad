package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Which sessions a list holds; a null field does not filter.
 *
 * @param states   any of these.
 * @param group    of this resource group.
 * @param name     with exactly this name.
 * @param arrayId  elements of this job array.
 * @param agentId  with a kernel on this agent.
 * @param ownerIds of any of these accounts themselves.
 * @param sinceNs  submitted then or later; epoch nanoseconds.
 * @param untilNs  submitted before then; epoch nanoseconds.
 * @param owners   of accounts that it holds for.
 * @param lastId   with this id at most.
 */
public record SessionFilter(
    Set<LifeState> states,
    String group,
    String name,
    Long arrayId,
    Integer agentId,
    Set<Integer> ownerIds,
    Long sinceNs,
    Long untilNs,
    IntPredicate owners,
    Long lastId)
{
    /** All sessions. */
    public static final SessionFilter ALL = new SessionFilter(null, null, null, null, null);

    /** One without the conditions that came later. */
    public SessionFilter(
        final Set<LifeState> states,
        final String group,
        final String name,
        final Long arrayId,
        final Integer agentId)
    {
        this(states, group, name, arrayId, agentId, null, null, null, null, null);
    }

    /** All sessions of accounts, up to an id; no accounts: of all. */
    public static SessionFilter of(final IntPredicate owners, final long lastId)
    {
        return new SessionFilter(null, null, null, null, null, null, null, null, owners, lastId);
    }

    /** Whether a session is one of those. */
    public boolean matches(final SessionView view)
    {
        return
            (null == states || states.contains(view.state())) &&
            (null == group || group.equals(view.group())) &&
            (null == name || name.equals(view.name())) &&
            (null == arrayId || arrayId == view.arrayId()) &&
            (null == ownerIds || ownerIds.contains(view.ownerId())) &&
            (null == sinceNs || view.submittedNs() >= sinceNs) &&
            (null == untilNs || view.submittedNs() < untilNs) &&
            (null == owners || owners.test(view.ownerId())) &&
            (null == lastId || view.id() <= lastId) &&
            (null == agentId || isOn(view, agentId));
    }

    private static boolean isOn(final SessionView view, final int agentId)
    {
        for (final KernelView kernel : view.kernels())
        {
            if (kernel.agentId() == agentId)
            {
                return true;
            }
        }
        return false;
    }
}
