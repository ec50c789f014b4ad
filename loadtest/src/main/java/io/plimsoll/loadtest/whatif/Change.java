package io.plimsoll.loadtest.whatif;

import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.SessionSpec;
import java.util.List;
import java.util.Set;

/**
 * What shall be different from the fork on. {@link ChangeParser} reads it.
 *
 * @param groups        policies and options.
 * @param accounts      limits and weights, parents before children.
 * @param agentsAdded   machines that there were not.
 * @param agentsRemoved names of machines that take nothing more.
 * @param added         sessions that there were not; times count from the fork.
 * @param removed       sessions that are not there.
 * @param scales        sessions of which there are more or fewer, or which ask for something else.
 */
record Change(
    List<GroupChange> groups,
    List<AccountChange> accounts,
    List<AgentSpec> agentsAdded,
    Set<String> agentsRemoved,
    List<SessionSpec> added,
    List<Selector> removed,
    List<Submission.Scale> scales)
{
    /** Nothing is different. */
    static final Change NOTHING =
        new Change(List.of(), List.of(), List.of(), Set.of(), List.of(), List.of(), List.of());

    GroupChange group(final String name)
    {
        for (final GroupChange group : groups)
        {
            if (group.spec().name().equals(name))
            {
                return group;
            }
        }
        return null;
    }

    AccountChange account(final AccountSettings account)
    {
        for (final AccountChange change : accounts)
        {
            if (change.level() == account.level && change.name().equals(account.name))
            {
                return change;
            }
        }
        return null;
    }

    boolean isAboutSubmissions()
    {
        return !removed.isEmpty() || !scales.isEmpty();
    }

    /** The scale of a session that is submitted, null if it stays as it is. */
    Submission.Scale scale(final int ownerId, final String group)
    {
        for (final Submission.Scale scale : scales)
        {
            if (scale.whom().isByOwnerAndGroup(ownerId, group))
            {
                return scale;
            }
        }
        return null;
    }

    /**
     * What shall be different about a group.
     *
     * @param spec  holds the values.
     * @param given fields that were named.
     */
    record GroupChange(GroupSpec spec, Set<String> given)
    {
    }
}
