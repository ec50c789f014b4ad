package io.plimsoll.core;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import java.util.Arrays;

/**
 * Makes room for sessions that do not fit by having others yield, where a group says so: see {@link VictimSearch} for
 * who may have to, {@link YieldPlan} for who does. The agents on which room is made are claimed for the session, so
 * that nobody takes it in between; a claim ends when the session is placed, ends or may not run, when one of its agents
 * gets no more work, or when all who had to leave have left, or will not, and it still does not fit.
 *
 * <p>An array gets room for one element at a time. Victims have strictly lower priority, so no two sessions can keep
 * making each other yield; and a session for which others yielded in vain again and again has to wait before it may try
 * once more, so whatever a plan did not foresee cannot go round in circles.
 */
final class Preemption
{
    /** Claims in vain after which nobody yields to a session for a while. */
    static final int IN_VAIN_MAX = 8;
    /** How long that is. */
    static final long RETRY_NS = 30_000_000_000L;
    /** Shapes in order that are looked at; where others wait behind the first that does not fit, it alone is. */
    private static final int SHAPES_MAX = 16;
    private static final int CLAIMANTS_MAX = 16;
    /** A plan that takes more does not go into one decision, and is none. */
    private static final int EVENTS_MAX = 1000;
    /** Most bytes of the event that a session stops, and of a claim. */
    private static final int EVENT_LENGTH = 96;

    private final CoreState state;
    private final ClusterEmitter clusterEmitter;
    private final Emitter emitter;
    private final Lifecycle lifecycle;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final AgentTable agents;
    private final KernelTable kernels;
    private final Quotas quotas;
    private final VictimSearch search;
    private final YieldPlan plan;
    private final int[] first = new int[SHAPES_MAX];
    private int firstCount;
    private int preemptor;
    /** By group: events that had been applied when there was nothing to do, and until when that holds. */
    private long[] idleAt = new long[4];
    private long[] idleUntilNs = new long[4];

    Preemption(
        final CoreState state,
        final Emitter emitter,
        final ClusterEmitter clusterEmitter,
        final Lifecycle lifecycle)
    {
        this.state = state;
        this.emitter = emitter;
        this.clusterEmitter = clusterEmitter;
        this.lifecycle = lifecycle;
        sessions = state.sessions;
        shapes = state.shapes;
        agents = state.agents;
        kernels = state.kernels;
        quotas = new Quotas(state);
        search = new VictimSearch(state);
        plan = new YieldPlan(state, search);
    }

    /** Whether there is anything to do that could be done without another cause. */
    boolean isLeft()
    {
        if (state.lostTail)
        {
            return false;
        }
        if (agents.claims > 0 && (Table.NONE != staleClaim() || Table.NONE != nextClaimant(Table.NONE)))
        {
            return true;
        }
        for (int group = 0; group < state.groups.count(); group++)
        {
            if (find(group))
            {
                return true;
            }
        }
        return false;
    }

    /** When somebody will have run for long enough to yield; NEVER if that makes no difference. */
    long nextDeadlineNs()
    {
        long nextNs = TimerQueue.NEVER;
        for (int group = 0; group < state.groups.count() && !state.lostTail; group++)
        {
            if (isOn(group) && !find(group))
            {
                nextNs = Math.min(nextNs, idleUntilNs[group]);
            }
        }
        return nextNs;
    }

    private boolean isOn(final int group)
    {
        return PreemptionMode.OFF.value() != state.groups.get(state.groups.preemption, group) &&
            !state.schedule.lacksPolicy(group);
    }

    /* Claims. */

    /** Ends claims that have had their time. */
    void settle()
    {
        int agent = agents.claims > 0 && !state.lostTail ? staleClaim() : Table.NONE;
        while (Table.NONE != agent && emitter.remaining() > Emitter.WORK_UNIT_LENGTH)
        {
            clusterEmitter.agentClaimed(agent, 0);
            agent = agents.claims > 0 ? staleClaim() : Table.NONE;
        }
    }

    private int staleClaim()
    {
        int agent = state.schedule.agentIndex.nextClaimed(0);
        while (Table.NONE != agent && isValid(agents.get(agents.claimedBy, agent)))
        {
            agent = state.schedule.agentIndex.nextClaimed(agent);
        }
        return agent;
    }

    private boolean isValid(final long sessionId)
    {
        final int session = sessions.find(sessionId);
        if (!isWaiting(session, sessionId))
        {
            return false;
        }
        boolean anyLeaving = false;
        for (int agent = state.schedule.agentIndex.nextClaimed(0);
            Table.NONE != agent;
            agent = state.schedule.agentIndex.nextClaimed(agent))
        {
            if (sessionId == agents.get(agents.claimedBy, agent))
            {
                if (!agents.mayGetWork(agent))
                {
                    return false;
                }
                anyLeaving |= hasLeaving(agents.get(agents.waitHead, agent)) ||
                    hasLeaving(agents.get(agents.restartHead, agent));
            }
        }
        return anyLeaving || fits(session) || plan.isGroupLeaving(sessions.get(sessions.shape, session));
    }

    private boolean isWaiting(final int session, final long sessionId)
    {
        return Table.NONE != session &&
            LifeState.PENDING.value() == sessions.get(sessions.state, session) &&
            sessionId == sessions.get(sessions.nextId, session) &&
            0 != sessions.get(sessions.queued, session) &&
            isOn(shapes.get(shapes.group, sessions.get(sessions.shape, session))) &&
            Table.NONE == quotas.firstViolated(sessions.get(sessions.shape, session));
    }

    private boolean hasLeaving(final int firstKernel)
    {
        for (int kernel = firstKernel; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if (search.isLeaving(kernel))
            {
                return true;
            }
        }
        return false;
    }

    private boolean fits(final int session)
    {
        return state.schedule.placement.tryPlace(
            shapes.get(shapes.group, sessions.get(sessions.shape, session)), session);
    }

    /** A session for which room is kept, and that fits now: it goes before all others. NONE if there is none. */
    int nextClaimant(final int group)
    {
        if (0 == agents.claims || state.lostTail)
        {
            return Table.NONE;
        }
        for (int agent = state.schedule.agentIndex.nextClaimed(0);
            Table.NONE != agent;
            agent = state.schedule.agentIndex.nextClaimed(agent))
        {
            final long sessionId = agents.get(agents.claimedBy, agent);
            final int session = sessions.find(sessionId);
            final boolean ofGroup = Table.NONE == group || group == agents.get(agents.group, agent);
            if (ofGroup && isWaiting(session, sessionId) && fits(session))
            {
                return session;
            }
        }
        return Table.NONE;
    }

    /* Victims. */

    /** Has sessions of a group yield to the first that needs it; false if that would help nobody, or has to wait. */
    boolean tryPreempt(final int group)
    {
        if (state.lostTail || !find(group) ||
            emitter.remaining() < Emitter.WORK_UNIT_LENGTH + EVENT_LENGTH * (plan.victims() + plan.claims()))
        {
            return false;
        }
        final boolean again = PreemptionMode.RESCHEDULE.value() == state.groups.get(state.groups.preemption, group);
        final long sessionId = sessions.get(sessions.nextId, preemptor);
        for (int i = 0; i < plan.victims(); i++)
        {
            lifecycle.stop(
                plan.victim(i), again ? Result.UNDEFINED : Result.FAILURE, Reason.PREEMPTED, Emitter.NO_EXIT_CODE);
        }
        for (int i = 0; i < plan.claims(); i++)
        {
            clusterEmitter.agentClaimed(plan.claim(i), sessionId);
        }
        return true;
    }

    /** Looks for the first session that would fit if others yielded. */
    private boolean find(final int group)
    {
        if (!isOn(group))
        {
            return false;
        }
        if (group >= idleAt.length)
        {
            idleAt = Arrays.copyOf(idleAt, group * 2);
            idleUntilNs = Arrays.copyOf(idleUntilNs, group * 2);
        }
        if (idleAt[group] == state.events && state.timestampNs < idleUntilNs[group])
        {
            return false;
        }
        search.begin(group);
        final boolean found = state.schedule.mayYield(group) && findPreemptor(group);
        idleAt[group] = found ? -1 : state.events;
        // Who wakes is no event, and may need room.
        idleUntilNs[group] = Math.min(search.wakeNs(), state.schedule.nextWakeupNs());
        return found;
    }

    private boolean findPreemptor(final int group)
    {
        final GroupQueue queue = state.schedule.queue(group);
        final GroupOrder order = queue.order();
        order.refresh();
        final boolean headOnly = Backfill.GREEDY.value() != state.groups.get(state.groups.backfill, group);
        gather(group, queue, headOnly ? 1 : SHAPES_MAX);
        for (int i = 0; i < firstCount; i++)
        {
            int session = order.first(first[i]);
            for (int skipped = 0; Table.NONE != session && (isClaimant(session) || isPutOff(session)); skipped++)
            {
                session = headOnly || CLAIMANTS_MAX == skipped ? Table.NONE : order.next(session);
            }
            if (Table.NONE != session && plan.find(group, first[i]) && plan.victims() + plan.claims() <= EVENTS_MAX)
            {
                preemptor = session;
                return true;
            }
        }
        return false;
    }

    /** Whether others yielded to a session in vain a short while ago. */
    private boolean isPutOff(final int session)
    {
        final long notBeforeNs = sessions.get(sessions.yieldNotBeforeNs, session);
        final boolean putOff = notBeforeNs > state.timestampNs;
        if (putOff)
        {
            search.wakeAt(notBeforeNs);
        }
        return putOff;
    }

    private boolean isClaimant(final int session)
    {
        int agent = agents.claims > 0 ? state.schedule.agentIndex.nextClaimed(0) : Table.NONE;
        while (Table.NONE != agent && agents.get(agents.claimedBy, agent) != sessions.get(sessions.nextId, session))
        {
            agent = state.schedule.agentIndex.nextClaimed(agent);
        }
        return Table.NONE != agent;
    }

    /** The first shapes in order of those that wait and are within their limits. */
    private void gather(final int group, final GroupQueue queue, final int most)
    {
        final GroupOrder order = queue.order();
        firstCount = 0;
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            if (shapes.isLive(shape) && group == shapes.get(shapes.group, shape) && Table.NONE != order.first(shape) &&
                (firstCount < most || isBefore(queue, shape, first[firstCount - 1])) &&
                Table.NONE == quotas.firstViolated(shape) &&
                queue.holdsUp(shape))
            {
                int at = firstCount < most ? firstCount++ : firstCount - 1;
                while (at > 0 && isBefore(queue, shape, first[at - 1]))
                {
                    first[at] = first[at - 1];
                    at--;
                }
                first[at] = shape;
            }
        }
    }

    private static boolean isBefore(final GroupQueue queue, final int left, final int right)
    {
        return queue.isBefore(queue.order().first(left), queue.order().first(right));
    }
}
