package io.plimsoll.bench.core;

import java.util.Locale;

/**
 * One measurement of decisions; immutable.
 *
 * @param load    name of a {@link Load}.
 * @param policy  of the group.
 * @param agents  of the group.
 * @param waiting sessions that wait beside the load and never fit.
 */
record DecisionCase(String load, CorePolicy policy, int agents, int waiting)
{
    static DecisionCase of(final String load, final CorePolicy policy, final int agents)
    {
        return new DecisionCase(load, policy, agents, 0);
    }

    DecisionCase beside(final int sessions)
    {
        return new DecisionCase(load, policy, agents, sessions);
    }

    /** For people. */
    String title()
    {
        final StringBuilder title = new StringBuilder();
        title.append(String.format(Locale.ROOT, "%s, %,d agents", policy.select(), agents));
        if (!CorePolicy.USUAL.order().equals(policy.order()))
        {
            title.append(", ").append(policy.order());
        }
        if (!CorePolicy.USUAL.backfill().equals(policy.backfill()))
        {
            title.append(", backfill ").append(policy.backfill());
        }
        if (waiting > 0)
        {
            title.append(String.format(Locale.ROOT, ", %,d waiting", waiting));
        }
        return title.append(described()).toString();
    }

    private String described()
    {
        return switch (load)
        {
            case "chunks" -> ", 64 a submission";
            case "steps" -> ", all steps reported";
            case "mixed" -> ", GPU shares and labels";
            case "full" -> ", 95 % full";
            case "users" -> ", 1,000 users who wait";
            case "backlog" -> ", a queue of 1,000";
            default -> "";
        };
    }
}
