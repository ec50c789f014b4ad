package io.plimsoll.manager.http;

import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.LiveView;
import java.util.List;
import java.util.Map;

/**
 * Names of slots in limits. Any may come with an agent one day, so none is wrong by itself; but a limit under a name by
 * which people mean another slot would be taken, shown, and never hold. Stateless.
 */
final class LimitNames
{
    private static final Map<String, String> MEANT = Map.of(
        "cpus", "cpu", "core", "cpu", "cores", "cpu", "memory", "mem", "ram", "mem",
        "gpu", "cuda.device (or cuda.shares, in thousandths)", "gpus", "cuda.device (or cuda.shares, in thousandths)");

    private LimitNames()
    {
    }

    /**
     * Looks at what a body says of limits.
     *
     * @param values fields of the body.
     * @param view   with the agents, one of which may have such a slot after all.
     * @throws ProblemException 400 that names the slot that is meant.
     */
    static void check(final Map<String, Object> values, final LiveView view)
    {
        for (final String field : List.of("limits", "pendingLimits"))
        {
            if (values.get(field) instanceof final Map<?, ?> limits)
            {
                limits.forEach((slot, limit) -> check(field, (String)slot, limit, view));
            }
        }
    }

    private static void check(final String field, final String slot, final Object limit, final LiveView view)
    {
        final String meant = null == limit ? null : MEANT.get(slot);
        if (null != meant && view.agents().stream().noneMatch(agent -> has(agent, slot)))
        {
            final String pointer = "/" + field + "/" + slot;
            throw new Problem(
                400, "unknown-slot", pointer + ": no agent has a slot of this name, so it would limit nothing; did" +
                    " you mean " + meant + "?").field(pointer).asException();
        }
    }

    private static boolean has(final AgentView agent, final String slot)
    {
        return agent.capacity().containsKey(slot);
    }
}
