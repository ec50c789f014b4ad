package io.plimsoll.core;

import io.plimsoll.core.sbe.ShadowStep;

/** Lets the shadows of groups that backfill with a promise take their steps, as far as one command may. */
final class ShadowFollower
{
    private final CoreState state;
    private final ClusterEmitter emitter;

    ShadowFollower(final CoreState state, final ClusterEmitter emitter)
    {
        this.state = state;
        this.emitter = emitter;
    }

    /** Whether a shadow can go on without another cause. */
    boolean isLeft()
    {
        for (int group = 0; group < state.groups.count(); group++)
        {
            if (isLeft(group))
            {
                return true;
            }
        }
        return false;
    }

    /** Whether the shadow of a group can. */
    boolean isLeft(final int group)
    {
        final PromisedQueue queue = state.lostTail ? null : state.schedule.promised(group);
        return null != queue && (queue.isPassDue() || queue.hasCorrection() || state.shadows.of(group).findStep());
    }

    void follow(final WorkBudget budget)
    {
        for (int group = 0; group < state.groups.count(); group++)
        {
            while (budget.isLeft() && isLeft(group))
            {
                budget.spend();
                step(group, state.schedule.promised(group), state.shadows.of(group));
            }
        }
    }

    private void step(final int group, final PromisedQueue queue, final ShadowSchedule shadow)
    {
        if (queue.isPassDue())
        {
            emitter.shadowStepped(group, ShadowStep.PASSED, 0, state.timestampNs);
        }
        else if (queue.hasCorrection())
        {
            final long sessionId = state.shadows.rows.get(state.shadows.rows.sessionId, queue.correctionRow());
            emitter.shadowStepped(group, queue.correction(), sessionId, state.timestampNs);
        }
        else if (shadow.findStep())
        {
            final long sessionId = state.shadows.rows.get(state.shadows.rows.sessionId, shadow.stepRow());
            emitter.shadowStepped(group, shadow.step(), sessionId, shadow.stepNs());
        }
    }
}
