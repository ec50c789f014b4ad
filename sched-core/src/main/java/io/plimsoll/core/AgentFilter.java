package io.plimsoll.core;

import io.plimsoll.core.sbe.ConstraintKind;
import java.util.Arrays;

/**
 * Whether an agent that has room by its amounts may have a kernel of the session that is being placed, and, where
 * constraints say so, which of two is preferred.
 */
final class AgentFilter
{
    private final CoreState state;
    private final AgentTable agents;
    private final Wanted wanted;
    private final Trial trial;
    private final KernelCounts counts;
    private final ConstraintCache constraints;
    private ConstraintMatcher matcher;
    private int group;
    private long sessionId;
    private boolean any;
    private boolean isGuarded;
    private boolean ranked;
    /** Row of each clause that names a group of sessions, see {@link SessionGroups}. */
    private int[] rows = new int[4];

    AgentFilter(final CoreState state, final Wanted wanted, final Trial trial)
    {
        this(state, wanted, trial, trial);
    }

    AgentFilter(final CoreState state, final Wanted wanted, final Trial trial, final KernelCounts counts)
    {
        this.state = state;
        this.wanted = wanted;
        this.trial = trial;
        this.counts = counts;
        agents = state.agents;
        constraints = new ConstraintCache(state);
    }

    /** Takes note of the session that is wanted now. */
    void begin(final int groupId, final long id, final int shape, final boolean guarded)
    {
        isGuarded = guarded;
        group = groupId;
        sessionId = id;
        final int row = state.shapes.get(state.shapes.constraint, shape);
        matcher = 0 == row ? null : constraints.of(row);
        ranked = 0 != row && state.constraints.isRanked(row);
        any = wanted.needsDevicesTried || guarded || agents.claims > 0 || null != matcher;
        if (ranked)
        {
            findGroups(state.shapes.get(state.shapes.owner, shape));
        }
    }

    private void findGroups(final int owner)
    {
        if (rows.length < matcher.clauses())
        {
            rows = Arrays.copyOf(rows, matcher.clauses());
        }
        for (int clause = 0; clause < matcher.clauses(); clause++)
        {
            rows[clause] = ConstraintText.isOfGroup(matcher.kind(clause)) ?
                state.sessionGroups.find(
                    owner, matcher.text(), matcher.keyStart(clause), matcher.keyLength(clause)) :
                Table.NONE;
        }
    }

    /** Whether agents differ by more than the selection: only {@link RankedSelection} minds. */
    boolean isRanked()
    {
        return ranked;
    }

    /** Whether an agent that is in the order may be taken. */
    boolean accepts(final int agent)
    {
        return !any ||
            isOpen(agent) && matches(agent) && (!wanted.needsDevicesTried || trial.hasDevices(agent));
    }

    /** Whether nobody else's room is kept there. */
    boolean isOpen(final int agent)
    {
        return isClaimable(agent) && (!isGuarded || trial.kernelsLeft(agent) > trial.times(agent));
    }

    private boolean isClaimable(final int agent)
    {
        final long claimant = agents.claimant(agent);
        return 0 == claimant || sessionId == claimant;
    }

    boolean isClaimant(final int agent)
    {
        return sessionId == agents.claimant(agent);
    }

    /** Whether an agent of the group may get work, and room on it is kept for nobody else. */
    boolean isUsable(final int agent)
    {
        return 0 != agents.get(agents.indexed, agent) && group == agents.get(agents.group, agent) && isClaimable(agent);
    }

    /** Whether an agent is what the constraints ask for, whatever runs there. */
    boolean matches(final int agent)
    {
        return null == matcher || matcher.matches(agent);
    }

    /** Whether an agent is what the constraints of a shape ask for, whatever runs there and whoever asks. */
    boolean matches(final int agent, final int constraint)
    {
        return 0 == constraint || constraints.of(constraint).matches(agent);
    }

    /* What runs where. */

    /** Whether no two kernels may be on one agent. */
    boolean spreads()
    {
        return matcher.has(ConstraintKind.SPREAD_STRICT);
    }

    /** Whether all kernels have to go to one agent, which is not settled yet. */
    boolean packsNew()
    {
        for (int clause = 0; clause < matcher.clauses(); clause++)
        {
            if (ConstraintKind.PACK_STRICT.value() == matcher.kind(clause) &&
                0 == state.sessionGroups.total(rows[clause]) && 0 == counts.taken())
            {
                return true;
            }
        }
        return false;
    }

    /** Whether sessions that must be apart or together let an agent have one more kernel. */
    boolean allows(final int agent)
    {
        for (int clause = 0; clause < matcher.clauses(); clause++)
        {
            final int kind = matcher.kind(clause);
            if (ConstraintKind.SPREAD_STRICT.value() == kind && count(clause, agent) > 0)
            {
                return false;
            }
            if (ConstraintKind.PACK_STRICT.value() == kind && 0 == count(clause, agent) &&
                state.sessionGroups.total(rows[clause]) + counts.taken() > 0)
            {
                return false;
            }
        }
        return true;
    }

    private long count(final int clause, final int agent)
    {
        return (long)state.sessionGroups.count(rows[clause], agent) + counts.times(agent);
    }

    /** Above zero if constraints prefer the first of two agents. */
    int compare(final int left, final int right)
    {
        int order = 0;
        for (int clause = 0; clause < matcher.clauses() && 0 == order; clause++)
        {
            if (ConstraintKind.AGENT_PREFERRED.value() == matcher.kind(clause))
            {
                order = Boolean.compare(matcher.names(clause, left), matcher.names(clause, right));
            }
        }
        for (int clause = 0; clause < matcher.clauses() && 0 == order; clause++)
        {
            final int kind = matcher.kind(clause);
            if (ConstraintKind.SPREAD_PREFERRED.value() == kind)
            {
                order = Long.compare(count(clause, right), count(clause, left));
            }
            else if (ConstraintKind.PACK_PREFERRED.value() == kind)
            {
                order = Long.compare(count(clause, left), count(clause, right));
            }
        }
        return order;
    }
}
