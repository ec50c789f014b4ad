package io.plimsoll.core;

import java.util.Arrays;

/**
 * Looks when and where a session fits beside what is planned. It gives way to reservations of others, except those of
 * sessions that have less priority and come after it in the group's order.
 */
final class PlanSearch
{
    private final CoreState state;
    private final AgentTable agents;
    private final ReservationTable reservations;
    private final PlanProfiles profiles;
    private final GroupOrder order;
    private final PlannedRun run;
    private final Placement placement;
    private final AgentProfile.Filter filter = this::isFirm;
    private int session;
    private int shape;
    private int priority;
    private int constraint;
    /** First row of the reservation that the session has and that does not count; NONE: there is none. */
    private int own;
    private int bestAgent;

    /* For a session with several kernels: how many an agent has room for, from each time on. */
    private final RoomChanges steps = new RoomChanges();
    private int[] places = new int[64];
    private long[] points = new long[64];

    PlanSearch(
        final CoreState state,
        final PlanProfiles profiles,
        final GroupOrder order,
        final Placement placement)
    {
        this.state = state;
        this.profiles = profiles;
        this.order = order;
        this.placement = placement;
        agents = state.agents;
        reservations = state.reservations;
        run = new PlannedRun(state);
    }

    /** Starts to look for a session as if it did not have a reservation; NONE: it has none that is in its way. */
    void begin(final int sessionRow, final int ownReservation)
    {
        session = sessionRow;
        own = ownReservation;
        shape = state.sessions.get(state.sessions.shape, session);
        priority = state.shapes.get(state.shapes.priority, shape);
        constraint = state.shapes.get(state.shapes.constraint, shape);
        run.load(shape, state.sessions.get(state.sessions.walltimeNs, session));
    }

    private boolean isFirm(final int reservation)
    {
        final int other = reservations.get(reservations.session, reservation);
        return other == session ||
            state.shapes.get(state.shapes.priority, state.sessions.get(state.sessions.shape, other)) >= priority ||
            order.isBefore(other, session);
    }

    private AgentProfile profile(final int agent)
    {
        AgentProfile profile = profiles.profile(agent);
        if (priority > profile.lowestPriority())
        {
            profile = profiles.profile(agent, filter);
        }
        lift(agent);
        return profile;
    }

    private void lift(final int agent)
    {
        int kernels = 0;
        for (int row = own; Table.NONE != row; row = reservations.more(row))
        {
            kernels = agent == reservations.get(reservations.agent, row) ?
                reservations.get(reservations.kernels, row) :
                kernels;
        }
        run.lift(0 == kernels ? 0 : reservations.get(reservations.startNs, own), kernels);
    }

    /** Kernels of the session. */
    int kernels()
    {
        return run.need().kernels();
    }

    /** How many kernels, at most so many, an agent may be given now without putting anybody off. */
    int placesNow(final int agent, final int most)
    {
        if (0 == agents.get(agents.reserved, agent))
        {
            return most;
        }
        // What kernels that ask for different things leave to others is not looked at.
        return state.shapes.isParted(shape) ? 0 : profile(agent).placesNow(run, state.timestampNs, most);
    }

    /** How many kernels the session has reserved on an agent. */
    int ownPlaces(final int agent)
    {
        lift(agent);
        return run.lifted(Table.NONE == own ? 0 : reservations.get(reservations.startNs, own));
    }

    /** Whether an agent may be planned for, and is what the session asks for. */
    private boolean mayHold(final AgentProfile profile, final int agent)
    {
        return profile.isOpen() && run.need().isPossible() && placement.matches(agent, constraint);
    }

    /* One kernel. */

    /** The earliest time before another one at which the session fits somewhere; NEVER if there is none. */
    long earliestNs(final long beforeNs)
    {
        long bestNs = beforeNs;
        bestAgent = Table.NONE;
        for (int agent = 1; agent < agents.highWater() && bestNs > state.timestampNs; agent++)
        {
            bestNs = better(agent, state.timestampNs, bestNs);
        }
        return Table.NONE == bestAgent ? ExpectedEnds.NEVER : bestNs;
    }

    /** The same, looking only where there were gains from one on. */
    long earliestSinceNs(final int firstGain, final long beforeNs)
    {
        long bestNs = beforeNs;
        bestAgent = Table.NONE;
        for (int gain = firstGain; gain < profiles.gains(); gain++)
        {
            final int agent = profiles.gainAgent(gain);
            final long fromNs = Math.max(state.timestampNs, startBefore(profiles.gainFromNs(gain)));
            final long untilNs = Math.min(bestNs + (agent < bestAgent ? 1 : 0), profiles.gainToNs(gain));
            if (fromNs < untilNs)
            {
                bestNs = better(agent, fromNs, untilNs, bestNs);
            }
        }
        return Table.NONE == bestAgent ? ExpectedEnds.NEVER : bestNs;
    }

    /** From when on it would be there at a time, at the earliest. */
    private long startBefore(final long timeNs)
    {
        return 0 == run.lengthNs() ? Long.MIN_VALUE : timeNs - run.lengthNs();
    }

    private long better(final int agent, final long fromNs, final long bestNs)
    {
        return better(agent, fromNs, bestNs, bestNs);
    }

    private long better(final int agent, final long fromNs, final long untilNs, final long bestNs)
    {
        if (!isOfGroup(agent))
        {
            return bestNs;
        }
        final AgentProfile profile = profile(agent);
        final long foundNs =
            mayHold(profile, agent) ? profile.earliestNs(run, 1, fromNs, untilNs) : ExpectedEnds.NEVER;
        if (ExpectedEnds.NEVER == foundNs)
        {
            return bestNs;
        }
        bestAgent = agent;
        return foundNs;
    }

    private boolean isOfGroup(final int agent)
    {
        return state.shapes.get(state.shapes.group, shape) == agents.get(agents.group, agent);
    }

    /** The agent that was found last. */
    int agent()
    {
        return bestAgent;
    }

    /* Several kernels. */

    /** Plans a session with several kernels for the earliest time at which all fit; false if there is none. */
    boolean plan(final ReservationPlan plan, final int number)
    {
        final int kernels = run.need().kernels();
        steps.clear();
        if (agents.highWater() > places.length)
        {
            places = Arrays.copyOf(places, agents.highWater() * 2);
        }
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            places[agent] = 0;
            if (isOfGroup(agent))
            {
                final AgentProfile profile = profile(agent);
                if (mayHold(profile, agent))
                {
                    addSteps(agent, profile, kernels);
                }
            }
        }
        steps.sort();
        long sum = 0;
        for (int i = 0; i < steps.count(); i++)
        {
            final int agent = steps.agent(i);
            sum += steps.kernels(i) - places[agent];
            places[agent] = steps.kernels(i);
            if (sum >= kernels && (i + 1 == steps.count() || steps.atNs(i + 1) > steps.atNs(i)))
            {
                fill(plan, number, steps.atNs(i), kernels);
                return true;
            }
        }
        return false;
    }

    private void fill(final ReservationPlan plan, final int number, final long startNs, final int kernels)
    {
        plan.begin(session, number, startNs);
        int left = kernels;
        for (int agent = 1; agent < agents.highWater() && left > 0; agent++)
        {
            if (places[agent] > 0)
            {
                plan.add(agent, Math.min(left, places[agent]));
                left -= Math.min(left, places[agent]);
            }
        }
    }

    /** Notes from when on an agent has room for how many kernels, each time that this changes. */
    private void addSteps(final int agent, final AgentProfile profile, final int kernels)
    {
        final long nowNs = state.timestampNs;
        points = profile.starts(points, nowNs, run.lengthNs());
        int before = 0;
        for (int i = 1; i <= points[0]; i++)
        {
            final int now = profile.places(run, points[i], kernels);
            if (now != before)
            {
                steps.add(points[i], agent, now);
                before = now;
            }
        }
    }
}
