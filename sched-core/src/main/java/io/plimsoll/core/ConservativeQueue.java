package io.plimsoll.core;

import java.util.Arrays;

/**
 * A queue in which everybody has a turn that nobody takes away. Who does not fit when it comes gets a reservation: the
 * earliest time at which it fits, for as long as it may run, beside what runs and all reservations that there are.
 * Reservations are state; they move when their session can come earlier while all others stay where they are, the first
 * in the group's order being asked first, until nobody can come earlier. So a reservation is put off only by what was
 * not foreseen: somebody stays longer than its limit, an agent goes, or a session of more priority comes.
 *
 * <p>At most {@link #RESERVATIONS_MAX} have one, the first in order; whoever is behind those waits. Who cannot have
 * one, because nobody knows when there will be room or because it minds what runs beside it, is tried whenever
 * something changes, and keeps those with less patience off its agents once it has waited for long, see
 * {@link BackfillQueue#STARVED_NS}.
 *
 * <p>All that is found out here follows from state and time; what is kept is only what need not be looked at again.
 */
final class ConservativeQueue extends GroupQueue
{
    /** Reservations of a group. */
    static final int RESERVATIONS_MAX = 1000;
    /** Shapes that cannot have one and are tried, at each pass. */
    private static final int TRIED_MAX = 1000;
    private static final int STARVED_MAX = 4;
    private static final long NEVER_LOOKED = -1;

    private final GroupOrder order;
    private final boolean keysStay;
    private final ReservationTable reservations;
    private final ReadyShapes ready;
    private final PlanOrder planOrder;
    private final PlanProfiles profiles;
    private final PlanSearch search;
    private final Overbooking overbooking;
    private final Reservation kinds;
    private final EverFits everFits;
    private final PlacementGuard guard = this::placesNow;
    private final PlacementGuard ownGuard = this::ownPlaces;
    private final ReservationPlan plan = new ReservationPlan();
    private final ReservationPlan used = new ReservationPlan();

    /* What was looked at, by row of the session or of the reservation: as of which gain, and of whom that was said. */
    private long[] triedAt = new long[64];
    private long[] triedId = new long[64];
    private long[] lookedAt = new long[64];
    private long[] lookedId = new long[64];
    private boolean[] lookedDue = new boolean[64];
    private int priority = Table.NONE;

    /* Whether anything is left to do, as of when; whether those that wait are as they were. */
    private boolean isQuiet;
    private boolean isSameOrder;
    private long quietNs;
    private long nextDueNs;
    private long accountChanges;
    private long events;
    private boolean mindsOthers;
    private boolean hasPlan;
    private boolean isUsed;
    private long planNs;
    private long planEvents;

    /* The pass. */
    /** By row of the session: the pass that it was looked at in. */
    private long[] seenIn = new long[64];
    private long passes;
    private int placeable;
    private int reserved;
    private int left;
    private int tried;
    private final int[] starved = new int[STARVED_MAX];
    private int starvedCount;
    private long starvedHash;
    private long looks;

    ConservativeQueue(final CoreState state, final int group, final Placement placement, final GroupOrder order)
    {
        super(state, group, placement);
        this.order = order;
        keysStay = order instanceof KeyOrder;
        reservations = state.reservations;
        ready = new ReadyShapes(shapes, group, order);
        planOrder = new PlanOrder(ready, order);
        profiles = new PlanProfiles(state, group);
        search = new PlanSearch(state, profiles, order, placement);
        overbooking = new Overbooking(state, group, profiles, order);
        kinds = new Reservation(state, group);
        everFits = new EverFits(state, kinds);
    }

    @Override
    GroupOrder order()
    {
        return order;
    }

    @Override
    boolean holdsUp(final int shape)
    {
        return everFits.mayEverFit(shape);
    }

    @Override
    void onHeadChanged(final int shape, final boolean earlier)
    {
        isQuiet = false;
        isSameOrder = false;
        ready.onHeadChanged(shape);
        if (Table.NONE == order.first(shape))
        {
            everFits.forget(shape);
        }
        final int its = shapes.get(shapes.priority, shape);
        if (Table.NONE != priority && its != priority)
        {
            profiles.onManyPriorities();
        }
        priority = its;
    }

    @Override
    void onQueued(final int session)
    {
        isQuiet = false;
        isSameOrder = false;
    }

    @Override
    void onUnqueued(final int session)
    {
        isQuiet = false;
        isSameOrder = false;
    }

    @Override
    void onGain(final int agent)
    {
        isQuiet = false;
        profiles.onGain(agent);
    }

    @Override
    void onAgentChanged(final int agent)
    {
        isQuiet = false;
        profiles.onChanged(agent);
    }

    @Override
    void onReserved(final int agent, final int reservation, final int change)
    {
        isQuiet = false;
        profiles.onReserved(agent, reservation, change);
    }

    PlanProfiles profiles()
    {
        return profiles;
    }

    @Override
    int nextPlaceable()
    {
        if (hasPlan && planNs == state.timestampNs && planEvents == state.events)
        {
            return Table.NONE;
        }
        placeable = Table.NONE;
        hasPlan = false;
        isUsed = false;
        if (!isQuiet())
        {
            pass();
        }
        return placeable;
    }

    @Override
    boolean mayReserve()
    {
        return true;
    }

    @Override
    ReservationPlan nextReservation()
    {
        return Table.NONE == nextPlaceable() && hasPlan ? plan : null;
    }

    /** Most turns come with an end; but who was planned behind somebody that has gone early may just have waited. */
    @Override
    long nextDueNs()
    {
        return 0 == reservations.countOf(group) || Table.NONE != nextPlaceable() || hasPlan ?
            TimerQueue.NEVER : nextDueNs;
    }

    @Override
    ReservationPlan usedReservation()
    {
        return isUsed ? used : null;
    }

    /** Searches for a time or a place, and merges of the order, so far: a measure of work. */
    long looks()
    {
        return looks + planOrder.merged();
    }

    private boolean isQuiet()
    {
        return isQuiet &&
            (keysStay || quietNs == state.timestampNs) &&
            state.timestampNs < nextDueNs &&
            profiles.isUnchanged() &&
            accountChanges == state.accounts.changes &&
            (!mindsOthers || events == state.events);
    }

    private void pass()
    {
        ready.refresh();
        profiles.refresh(ready.count() > 0 || reservations.countOf(group) > 0);
        accountChanges = state.accounts.changes;
        events = state.events;
        isQuiet = false;
        if (giveUpWhatIsTooMuch())
        {
            note();
            return;
        }
        scan();
        if (starvedHash != hashOfStarved())
        {
            starvedHash = hashOfStarved();
            profiles.forget();
            if (Table.NONE == placeable && !hasPlan)
            {
                scan();
            }
        }
        note();
    }

    private void note()
    {
        planNs = state.timestampNs;
        planEvents = state.events;
        isQuiet = Table.NONE == placeable && !hasPlan;
        quietNs = state.timestampNs;
    }

    private long hashOfStarved()
    {
        long hash = 0;
        for (int i = 0; i < starvedCount; i++)
        {
            hash = Hashing.chain(hash, starved[i] + 1);
        }
        return hash;
    }

    /* Those that cannot stay. */

    /** Of an agent that is gone, or has less than was foreseen, the last in order loses its reservation. */
    private boolean giveUpWhatIsTooMuch()
    {
        for (int agent = profiles.nextSuspect(); Table.NONE != agent; agent = profiles.nextSuspect())
        {
            final int loser = overbooking.loser(agent);
            if (Table.NONE != loser)
            {
                giveUp(reservations.get(reservations.session, loser), reservations.numberOf(loser));
                return true;
            }
            profiles.clear(agent);
        }
        return false;
    }

    private void giveUp(final int session, final int number)
    {
        plan.begin(session, number, 0);
        hasPlan = true;
    }

    /** Somebody has a reservation who is not among those that may have one: an account holds it back, or it is far. */
    private void giveUpStray()
    {
        for (int row = 0; row < reservations.highWater() && !hasPlan; row++)
        {
            if (reservations.isLive(row) && group == shapes.get(shapes.group, reservations.shape(row)) &&
                !isSeen(reservations.get(reservations.session, row)))
            {
                giveUp(reservations.get(reservations.session, row), reservations.numberOf(row));
            }
        }
    }

    /* Looking at everybody in order. */

    private boolean isSeen(final int session)
    {
        return session < seenIn.length && seenIn[session] == passes;
    }

    private void scan()
    {
        passes++;
        nextDueNs = ExpectedEnds.NEVER;
        starvedCount = 0;
        reserved = 0;
        left = RESERVATIONS_MAX;
        tried = 0;
        mindsOthers = false;
        planOrder.begin(keysStay && isSameOrder);
        isSameOrder = true;
        int session = planOrder.next();
        while (Table.NONE != session && left > 0 && tried < TRIED_MAX)
        {
            final int shape = sessions.get(sessions.shape, session);
            if (0 != shapes.get(shapes.cappedBy, shape) || isCapped(shape))
            {
                ready.onHeadChanged(shape);
                isSameOrder = false;
                planOrder.skipShape();
            }
            else if (visit(session, shape))
            {
                return;
            }
            session = planOrder.next();
        }
        if (reserved < reservations.countOf(group))
        {
            giveUpStray();
        }
    }

    /** Whether there is something to do about a session; it is noted then. */
    private boolean visit(final int session, final int shape)
    {
        ensure(session);
        seenIn[session] = passes;
        int number = 0;
        for (int row = reservations.first(session); Table.NONE != row; row = reservations.next(row))
        {
            reserved++;
            if (0 == left)
            {
                giveUp(session, number);
                return true;
            }
            left--;
            if (move(session, row, number))
            {
                return true;
            }
            number++;
        }
        if (left > 0 && sessions.waiting(session) > number)
        {
            if (make(session, shape, number))
            {
                return true;
            }
            tried++;
            planOrder.skipShape();
        }
        return false;
    }

    private void ensure(final int session)
    {
        if (session >= triedAt.length)
        {
            final int known = triedAt.length;
            final int length = Math.max(session + 1, known * 2);
            triedAt = Arrays.copyOf(triedAt, length);
            triedId = Arrays.copyOf(triedId, length);
            seenIn = Arrays.copyOf(seenIn, length);
        }
    }

    /** Whether a session is to start, or to come earlier, on one of its reservations. */
    private boolean move(final int session, final int row, final int number)
    {
        final long startNs = reservations.get(reservations.startNs, row);
        final boolean isDue = startNs <= state.timestampNs;
        if (!isDue)
        {
            nextDueNs = Math.min(nextDueNs, startNs);
        }
        final long known = looked(session, row, startNs, number);
        if (known == profiles.now() && (!isDue || lookedDue[row]))
        {
            return false;
        }
        final int since = NEVER_LOOKED == known ? Table.NONE : profiles.since(known);
        if (!isDue && Table.NONE != since && !mayGain(session, row, since))
        {
            lookedAt[row] = profiles.now();
            return false;
        }
        looks++;
        search.begin(session, row);
        if ((0 == number || isDue) && mayStart(session, row, since, isDue))
        {
            start(session, number);
            return true;
        }
        if (!isDue && 1 == search.kernels())
        {
            final long earlierNs =
                Table.NONE == since ? search.earliestNs(startNs) : search.earliestSinceNs(since, startNs);
            if (ExpectedEnds.NEVER != earlierNs)
            {
                plan.begin(session, number, earlierNs);
                plan.add(search.agent(), 1);
                hasPlan = true;
                return true;
            }
        }
        lookedAt[row] = profiles.now();
        lookedDue[row] = isDue;
        return false;
    }

    private void start(final int session, final int number)
    {
        placeable = session;
        isUsed = sessions.waiting(session) > 1;
        used.begin(session, number, 0);
    }

    private long looked(final int session, final int row, final long startNs, final int number)
    {
        if (row >= lookedAt.length)
        {
            final int length = Math.max(row + 1, lookedAt.length * 2);
            lookedAt = Arrays.copyOf(lookedAt, length);
            lookedId = Arrays.copyOf(lookedId, length);
            lookedDue = Arrays.copyOf(lookedDue, length);
        }
        // Only on its first reservation is it asked whether it can start before its turn.
        final long turn = Hashing.chain(startNs, sessions.get(sessions.firstId, session));
        final long id = Hashing.chain(turn, Math.min(number, 1));
        if (id != lookedId[row])
        {
            lookedId[row] = id;
            lookedAt[row] = NEVER_LOOKED;
            lookedDue[row] = false;
        }
        return lookedAt[row];
    }

    private boolean mayStart(final int session, final int row, final int since, final boolean isDue)
    {
        final boolean worthwhile = Table.NONE == since || isDue && !lookedDue[row] || mayFitSince(session, since);
        return worthwhile && (tryStart(session) || isDue && placement.tryPlace(group, session, ownGuard));
    }

    private boolean tryStart(final int session)
    {
        final boolean isAlone = 0 == starvedCount && 0 == reservations.countOf(group);
        return placement.tryPlace(group, session, isAlone ? null : guard);
    }

    /** Whether a session whose turn has not come has to be looked at: most gains are out of reach of most sessions. */
    private boolean mayGain(final int session, final int row, final int since)
    {
        final int shape = sessions.get(sessions.shape, session);
        final long cpuMillis = shapes.amount(shape, SlotTable.CPU);
        final long startNs = reservations.get(reservations.startNs, row);
        final long endNs = reservations.endNs(row);
        for (int gain = since; gain < profiles.gains(); gain++)
        {
            final int agent = profiles.gainAgent(gain);
            final boolean isInReach =
                profiles.gainFromNs(gain) < endNs && profiles.gainToNs(gain) > state.timestampNs;
            // Where its own reservation is, it may have that room too.
            final boolean isOwn = agent == reservations.get(reservations.agent, row) &&
                profiles.gainToNs(gain) > startNs;
            if (isInReach && (isOwn || cpuMillis <= profiles.gainCpuMillis(gain)) || mayFit(agent, shape))
            {
                return true;
            }
        }
        return shapes.isParted(shape);
    }

    private boolean mayFitSince(final int session, final int since)
    {
        final int shape = sessions.get(sessions.shape, session);
        for (int gain = since; gain < profiles.gains(); gain++)
        {
            if (mayFit(profiles.gainAgent(gain), shape))
            {
                return true;
            }
        }
        // The shape is that of the first part, and another one may be what was missing.
        return shapes.isParted(shape);
    }

    /** Whether a session without a reservation, or an element more of an array, is to start or to get one. */
    private boolean make(final int session, final int shape, final int number)
    {
        final boolean mindsGroups = state.constraints.isRanked(shapes.get(shapes.constraint, shape));
        mindsOthers |= mindsGroups;
        final long id = sessions.get(sessions.nextId, session) + number;
        final boolean isParted = shapes.isParted(shape);
        final long known = id == triedId[session] ? triedAt[session] : NEVER_LOOKED;
        if (known != profiles.now() || mindsGroups)
        {
            final int since = NEVER_LOOKED == known ? Table.NONE : profiles.since(known);
            looks++;
            search.begin(session, Table.NONE);
            if (0 == number && (Table.NONE == since || mindsGroups || mayFitSince(session, since)) && tryStart(session))
            {
                placeable = session;
                return true;
            }
            if (!mindsGroups && !isParted && plan(session, number, since))
            {
                hasPlan = true;
                return true;
            }
            triedId[session] = id;
            triedAt[session] = profiles.now();
        }
        if (isStarved(session) && starvedCount < STARVED_MAX && everFits.mayEverFit(shape))
        {
            starved[starvedCount++] = shape;
        }
        return false;
    }

    private boolean plan(final int session, final int number, final int since)
    {
        if (search.kernels() > 1)
        {
            return search.plan(plan, number);
        }
        final long startNs = Table.NONE == since ?
            search.earliestNs(ExpectedEnds.NEVER) :
            search.earliestSinceNs(since, ExpectedEnds.NEVER);
        if (ExpectedEnds.NEVER == startNs)
        {
            return false;
        }
        plan.begin(session, number, startNs);
        plan.add(search.agent(), 1);
        return true;
    }

    private boolean isStarved(final int session)
    {
        final long ageingNs = state.groups.get(state.groups.ageingNs, group);
        return state.timestampNs - sessions.get(sessions.stateNs, session) >
            (0 == ageingNs ? BackfillQueue.STARVED_NS : ageingNs);
    }

    /* Guards: how many kernels of the session that is looked at an agent may be given. */

    private int placesNow(final int agent, final int most)
    {
        for (int i = 0; i < starvedCount; i++)
        {
            for (int part = starved[i]; Table.NONE != part; part = shapes.nextPart(part))
            {
                if (kinds.mayHold(agent, part))
                {
                    return 0;
                }
            }
        }
        return search.placesNow(agent, most);
    }

    private int ownPlaces(final int agent, final int most)
    {
        return Math.min(most, search.ownPlaces(agent));
    }
}
