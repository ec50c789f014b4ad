package io.plimsoll.bench.core;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.SelectPolicy;
import java.util.Locale;

/**
 * What a resource group is told to go by, in the names of the configuration; immutable.
 *
 * @param select   where; a name that is none of the built-in orders is that of a policy that scores.
 * @param order    who is next.
 * @param backfill who may go before a session that does not fit.
 */
public record CorePolicy(String select, String order, String backfill)
{
    /** The policy of a new group. */
    public static final CorePolicy USUAL = selecting("concentrated");

    /** First come, first served, with another selection. */
    public static CorePolicy selecting(final String select)
    {
        return new CorePolicy(select, "fifo", "greedy");
    }

    /** The usual selection with another order. */
    public static CorePolicy ordering(final String order)
    {
        return new CorePolicy(USUAL.select, order, USUAL.backfill);
    }

    /** The usual selection with another backfill. */
    public static CorePolicy filling(final String backfill)
    {
        return new CorePolicy(USUAL.select, USUAL.order, backfill);
    }

    SelectPolicy selectPolicy()
    {
        for (final SelectPolicy policy : SelectPolicy.values())
        {
            if (name(policy).equals(select))
            {
                return policy;
            }
        }
        return SelectPolicy.SCORED;
    }

    /** Name of a policy that scores; empty for the others. */
    String scoreName()
    {
        return SelectPolicy.SCORED == selectPolicy() ? select : "";
    }

    OrderPolicy orderPolicy()
    {
        return OrderPolicy.valueOf(constant(order));
    }

    Backfill backfillPolicy()
    {
        return Backfill.valueOf(constant(backfill));
    }

    private static String name(final Enum<?> constant)
    {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String constant(final String name)
    {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
