package io.plimsoll.loadtest.virtual;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.loadtest.simulate.GroupSpec;
import java.util.List;

/**
 * What a run of a workload on a fleet is to be like, beside these two.
 *
 * @param policies of resource groups; one named {@link #OTHERS} stands for groups that are not listed, and the usual
 *                 policies do where there is none.
 * @param delays   of starts.
 * @param faults   of machines.
 * @param rework   after interruptions.
 * @param seed     of all that is left to chance.
 * @param untilNs  where to stop at the latest; {@link ClusterRun#TO_THE_END}.
 * @param rules    of what happens at one instant, and of what is known of run times.
 */
public record RunSetup(
    List<GroupSpec> policies,
    StartDelays delays,
    MachineFaults faults,
    Rework rework,
    long seed,
    long untilNs,
    Rules rules)
{
    /**
     * What happens at one instant, and what is known of run times.
     *
     * @param isLog         whether instants are those of the published experiments on logs: first submissions, then
     *                      ends; but what reaches its limit is over before the first of these.
     * @param isRunTimeKnown whether the scheduler knows in advance how long each session runs, rather than its limit.
     */
    public record Rules(boolean isLog, boolean isRunTimeKnown)
    {
        /** Those of a cluster. */
        public static final Rules USUAL = new Rules(false, false);
    }

    /** Stands for groups that have no policies of their own. */
    public static final String OTHERS = "*";
    /** No delays, no failures, the usual policies. */
    public static final RunSetup PLAIN =
        new RunSetup(List.of(), StartDelays.NONE, MachineFaults.NONE, Rework.ALL, 0, ClusterRun.TO_THE_END);

    /** Under the usual rules. */
    public RunSetup(
        final List<GroupSpec> policies,
        final StartDelays delays,
        final MachineFaults faults,
        final Rework rework,
        final long seed,
        final long untilNs)
    {
        this(policies, delays, faults, rework, seed, untilNs, Rules.USUAL);
    }

    /** A list that nobody changes. */
    public RunSetup
    {
        policies = List.copyOf(policies);
    }

    /** The same with other policies. */
    public RunSetup withPolicies(final List<GroupSpec> others)
    {
        return new RunSetup(others, delays, faults, rework, seed, untilNs, rules);
    }

    /** The same with another seed. */
    public RunSetup withSeed(final long other)
    {
        return new RunSetup(policies, delays, faults, rework, other, untilNs, rules);
    }

    /** The same under other rules. */
    public RunSetup withRules(final Rules others)
    {
        return new RunSetup(policies, delays, faults, rework, seed, untilNs, others);
    }

    /** Whether it matters to some policy who asks. */
    boolean isOwned()
    {
        return policies.stream().anyMatch(policy -> OrderPolicy.DRF == policy.order() ||
            OrderPolicy.FAIR_SHARE == policy.order() || Backfill.PREDICTIVE == policy.backfill() ||
            PreemptionMode.OFF != policy.preemption().mode());
    }

    /** The policies of a group. */
    GroupSpec policiesOf(final String group)
    {
        GroupSpec found = null;
        for (final GroupSpec policy : policies)
        {
            if (group.equals(policy.name()))
            {
                return policy;
            }
            found = OTHERS.equals(policy.name()) ? policy : found;
        }
        return null == found ? GroupSpec.usual(group) : found.named(group);
    }
}
