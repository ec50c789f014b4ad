package io.plimsoll.manager.view;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.Explanation.Filter;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.identity.Accounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why a session is where it is, with names; immutable.
 *
 * @param session   as the view shows it at the time of the answer.
 * @param answer    of the core, in numbers.
 * @param group     name of the resource group.
 * @param limits    of accounts that leave no room for it, in words.
 * @param rejected  agents by what keeps them out; constraints as they are asked for. Zeros are left out.
 * @param lacking   agents by the slot of which they have too little. Zeros are left out.
 * @param missing   amounts by slot that are missing where least is; empty if nothing is.
 */
public record ExplanationView(
    SessionView session,
    Explanation answer,
    String group,
    List<String> limits,
    Map<String, Integer> rejected,
    Map<String, Integer> lacking,
    Map<String, Long> missing)
{
    /** Puts names to numbers; null if the session has been forgotten since. */
    public static ExplanationView of(final Explanation answer, final LiveViewStore view)
    {
        final SessionView session = view.session(answer.sessionId());
        if (null == session)
        {
            return null;
        }
        final Map<String, Integer> rejected = new LinkedHashMap<>();
        final Map<String, Integer> lacking = new LinkedHashMap<>();
        final Map<String, Long> missing = new LinkedHashMap<>();
        final Explanation.Agents agents = answer.agents();
        if (null != agents)
        {
            rejected(agents, session.terms().constraints(), rejected);
            for (int slot = 0; slot < agents.lacking().length; slot++)
            {
                put(lacking, agents.lacking()[slot] > 0 ? view.slots().name(slot) : "", agents.lacking()[slot]);
            }
            if (null != agents.shortfall())
            {
                missing(agents.shortfall().missing(), view.slots(), missing);
            }
        }
        final List<String> limits = answer.limits().isEmpty() ?
            List.of() : List.of(Accounts.shown(answer.limits()).split("; "));
        return new ExplanationView(
            session, answer, view.groups().name(answer.group()), limits, rejected, lacking, missing);
    }

    private static void rejected(
        final Explanation.Agents agents, final List<Constraint> constraints, final Map<String, Integer> rejected)
    {
        for (final Filter filter : Filter.values())
        {
            if (Filter.CONSTRAINT == filter)
            {
                for (int i = 0; i < agents.byConstraint().length; i++)
                {
                    put(
                        rejected,
                        i < constraints.size() ? constraints.get(i).text() : "constraint",
                        agents.byConstraint()[i]);
                }
            }
            else
            {
                put(
                    rejected,
                    filter.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    agents.rejected()[filter.ordinal()]);
            }
        }
    }

    private static void missing(final long[] amounts, final SlotTable slots, final Map<String, Long> missing)
    {
        for (int slot = 0; slot < amounts.length; slot++)
        {
            if (amounts[slot] > 0)
            {
                missing.put(slots.name(slot), amounts[slot]);
            }
        }
    }

    private static void put(final Map<String, Integer> counts, final String name, final int count)
    {
        if (count > 0)
        {
            counts.merge(name, count, Integer::sum);
        }
    }
}
