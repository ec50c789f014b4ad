package io.plimsoll.loadtest.virtual;

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
 */
public record RunSetup(
    List<GroupSpec> policies, StartDelays delays, MachineFaults faults, Rework rework, long seed, long untilNs)
{
    /** Stands for groups that have no policies of their own. */
    public static final String OTHERS = "*";
    /** No delays, no failures, the usual policies. */
    public static final RunSetup PLAIN =
        new RunSetup(List.of(), StartDelays.NONE, MachineFaults.NONE, Rework.ALL, 0, ClusterRun.TO_THE_END);

    /** A list that nobody changes. */
    public RunSetup
    {
        policies = List.copyOf(policies);
    }

    /** The same with other policies. */
    public RunSetup withPolicies(final List<GroupSpec> others)
    {
        return new RunSetup(others, delays, faults, rework, seed, untilNs);
    }

    /** The same with another seed. */
    public RunSetup withSeed(final long other)
    {
        return new RunSetup(policies, delays, faults, rework, other, untilNs);
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
