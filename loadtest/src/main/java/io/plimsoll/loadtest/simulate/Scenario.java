package io.plimsoll.loadtest.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * What shall happen: a cluster, who owns what, sessions and failures. Times are nanoseconds from the start.
 *
 * @param groups   resource groups.
 * @param agents   in order of their ids.
 * @param accounts domains, projects, users and keypairs, parents before children.
 * @param sessions in order of their submission, then of the file, but never before what they depend on.
 * @param failures of agents.
 */
public record Scenario(
    List<GroupSpec> groups,
    List<AgentSpec> agents,
    List<AccountSpec> accounts,
    List<SessionSpec> sessions,
    List<FailureSpec> failures)
{
    /** The same with all groups under other policies, by name; null leaves one as it is. */
    public Scenario withPolicies(final String order, final String select, final String backfill)
    {
        final List<GroupSpec> others = new ArrayList<>();
        groups.forEach(group -> others.add(group.withPolicies(order, select, backfill)));
        return new Scenario(others, agents, accounts, sessions, failures);
    }

    /** The same with another bound of predictive backfill in all groups. */
    public Scenario withDelayMax(final long delayMaxNs)
    {
        final List<GroupSpec> others = new ArrayList<>();
        groups.forEach(group -> others.add(group.withDelayMax(delayMaxNs)));
        return new Scenario(others, agents, accounts, sessions, failures);
    }

    /**
     * An amount of a slot.
     *
     * @param name   such as mem or cuda.device.
     * @param amount in the unit of the core.
     */
    public record SlotAmount(String name, long amount)
    {
    }

    /**
     * A failure of a machine: its kernels are gone with it.
     *
     * @param atNs   when.
     * @param agent  name.
     * @param downNs how long; negative: for good.
     * @param kind   what fails.
     * @param line   of the scenario.
     */
    public record FailureSpec(long atNs, String agent, long downNs, Kind kind, int line)
    {
        /** What a failure is. */
        public enum Kind
        {
            /** The machine is away, and what ran on it is lost. */
            DOWN,
            /** The machine is there, but no kernel comes to run on it. */
            STARTS_FAIL,
            /** An operator lets nothing new start on it. */
            DRAIN
        }
    }
}
