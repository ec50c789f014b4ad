package io.plimsoll.core;

import io.plimsoll.core.sbe.ShadowStep;
import java.util.Arrays;

/**
 * Backfilling with a promise, as docs/BACKFILL.md defines it: sessions are asked in the order of the slowdown that they
 * are predicted to suffer, the first that does not fit has a {@link Reservation}, and nobody starts whose start might
 * keep another one from starting in time: as its shadow does, or the bound of the group later.
 *
 * <p>The order is that of the last event which mattered to the group, so it does not depend on what else happens; what
 * a start would do to others is judged by the present time.
 */
final class PromisedQueue extends GroupQueue
{
    /** So long after it was to start at the latest a session is given up by the shadow: nobody promised this wait. */
    static final long PATIENCE_NS = 60_000_000_000L;
    private static final long STARVED_NS = 600_000_000_000L;
    /** Of so many that do not fit it is asked when they will; there is one reservation. */
    private static final int HEADS_MAX = 4;
    private static final int RESERVATIONS = 16;
    private static final int CLASS_SHIFT = 40;
    private static final long SCORE_MAX = (1L << 38) - 1;
    private static final long MS = 1_000_000;
    private static final long SHORT_MS = 20_000;

    private final ArrivalOrder order;
    private final ReadyShapes ready;
    private final ShadowTable rows;
    private final ShadowSchedule shadow;
    /** Of so many shapes it is known when agents have room for them: the order changes, and so does who is first. */
    private final RoomBounds bounds;
    private final Reservation[] reservations = new Reservation[RESERVATIONS];
    private final long[] usedAt = new long[RESERVATIONS];
    private long uses;
    private final int[] starved = new int[HEADS_MAX];
    private final PlacementGuard guard = this::kernelsMax;
    private final SlotTotals slack;
    /** When the last of those that wait came to be ready, as far as that was a matter of time. */
    private long readyNs;
    private final EverFits everFits;

    /* Nothing is placeable, and nothing that this depends on has changed since that was found. */
    private boolean isQuiet;
    private long quietNs;
    private long quietChanges;
    private long quietLessons;
    private long capacityChanges;
    private long accountChanges;
    private long events;
    /** Whether a session that waited here had to be apart from others, or with them, which may run in other groups. */
    private boolean mindsGroups;
    /** Somebody had room and was refused, since nobody knows yet who comes before. */
    private boolean isUncertain;

    private boolean isCorrect;
    private long correctEvents;
    private long correctNs;
    private int correctionRow;
    private ShadowStep correction;
    private boolean isWakeKnown;
    private long wakeEvents;
    private long wakePassNs;
    private long wakeNs;

    /* The pass: first sessions of shapes. */
    private final CandidateHeap candidates;
    private Reservation head;
    private int heads;
    private int starvedCount;
    private int candidate;
    private long candidateEndNs;
    /** By shape: who is awaited first of those that ask for it, below the number of the look that found it. */
    private long[] awaited = new long[64];
    private long awaitedLook;
    private boolean isAwaitedKnown;

    PromisedQueue(final CoreState state, final int group, final Placement placement)
    {
        super(state, group, placement);
        order = new ArrivalOrder(state);
        ready = new ReadyShapes(shapes, group, order);
        rows = state.shadows.rows;
        shadow = state.shadows.of(group);
        slack = new SlotTotals(state);
        candidates = new CandidateHeap(rows);
        bounds = new RoomBounds(state);
        for (int i = 0; i < RESERVATIONS; i++)
        {
            reservations[i] = new Reservation(state, group, bounds);
        }
        everFits = new EverFits(state, reservations[0]);
    }

    /** Sessions of one shape go as they came. */
    private static final class ArrivalOrder extends GroupOrder
    {
        private ArrivalOrder(final CoreState state)
        {
            super(state, false);
        }

        @Override
        boolean isBefore(final int left, final int right)
        {
            return sessions.get(sessions.nextId, left) < sessions.get(sessions.nextId, right);
        }
    }

    @Override
    GroupOrder order()
    {
        return order;
    }

    @Override
    boolean hasHeads()
    {
        return true;
    }

    @Override
    Reservation head()
    {
        return head;
    }

    @Override
    boolean isBefore(final int left, final int right)
    {
        final int leftRow = rows.find(sessions.get(sessions.nextId, left));
        final int rightRow = rows.find(sessions.get(sessions.nextId, right));
        return candidates.isBefore(key(leftRow), leftRow, key(rightRow), rightRow);
    }

    @Override
    long promisedNs(final long sessionId)
    {
        final int row = rows.find(sessionId);
        return Table.NONE != row && rows.isKnown(row) && isPromised(row) ? dueNs(row) : 0;
    }

    @Override
    boolean holdsUp(final int shape)
    {
        return everFits.mayEverFit(shape);
    }

    @Override
    void onHeadChanged(final int shape, final boolean earlier)
    {
        onChange();
        mindsGroups |= state.constraints.isRanked(shapes.get(shapes.constraint, shape));
        ready.onHeadChanged(shape);
        if (shape >= awaited.length)
        {
            awaited = Arrays.copyOf(awaited, Math.max(shape + 1, awaited.length * 2));
        }
        if (Table.NONE == order.first(shape))
        {
            everFits.forget(shape);
            forget(shape);
        }
    }

    private void onChange()
    {
        isQuiet = false;
        isCorrect = false;
        isWakeKnown = false;
    }

    private void forget(final int shape)
    {
        for (final Reservation reservation : reservations)
        {
            if (shape == reservation.shape())
            {
                reservation.clear();
            }
        }
    }

    @Override
    void onQueued(final int session)
    {
        onChange();
        readyNs = Math.max(readyNs, state.schedule.readyNs(session));
    }

    @Override
    void onGain(final int agent)
    {
        isQuiet = false;
    }

    @Override
    void onAgentChanged(final int agent)
    {
        isQuiet = false;
        bounds.onAgentChanged(agent);
        for (final Reservation reservation : reservations)
        {
            reservation.onAgentChanged(agent);
        }
    }

    private long boundNs()
    {
        return state.groups.get(state.groups.delayMaxNs, group);
    }

    private long passNs()
    {
        return state.groups.get(state.groups.passNs, group);
    }

    private long dueNs(final int row)
    {
        return rows.get(rows.startNs, row) + boundNs();
    }

    /* Who may start as far as it is not a matter of room. */

    /** Whether a session waits for nothing but others to end: a promise to anyone else costs nobody anything. */
    private boolean isPromised(final int row)
    {
        if (ShadowTable.WAITS != rows.get(rows.real, row))
        {
            return false;
        }
        final int session = sessions.find(rows.get(rows.sessionId, row));
        final int shape = rows.get(rows.shape, row);
        return Table.NONE != session && 0 != sessions.get(sessions.queued, session) &&
            !state.schedule.isHeldBack(shape) && everFits.mayEverFit(shape);
    }

    private boolean anyPromised(final RowList list)
    {
        for (int i = 0; i < list.size(); i++)
        {
            if (isPromised(list.get(i)))
            {
                return true;
            }
        }
        return false;
    }

    /* What is to be put right in the shadow before it goes on. */

    /**
     * Whether a session has to leave the shadow, or to come into it again. Nobody knows when a limit of its owner will
     * let it start, so until then it does not wait for room, and nobody is to wait for it.
     */
    boolean hasCorrection()
    {
        if (!isCorrect || correctEvents != state.events || correctNs != passNs())
        {
            isCorrect = true;
            correctEvents = state.events;
            correctNs = passNs();
            correctionRow = findCorrection();
        }
        return Table.NONE != correctionRow;
    }

    int correctionRow()
    {
        return correctionRow;
    }

    ShadowStep correction()
    {
        return correction;
    }

    private int findCorrection()
    {
        final int blocker = shadow.blocker();
        final boolean isOverdue = Table.NONE != blocker && passNs() > dueNs(blocker) + PATIENCE_NS;
        correction = isOverdue ? ShadowStep.GIVEN_UP : ShadowStep.LEFT;
        if (Table.NONE != blocker && (isOverdue || !isPromised(blocker)))
        {
            return blocker;
        }
        final int first = shadow.head();
        if (Table.NONE != first && ShadowTable.WAITS == rows.get(rows.real, first) && !isPromised(first))
        {
            return first;
        }
        correction = ShadowStep.RETURNED;
        return shadow.apart() > 0 ? findReturning() : Table.NONE;
    }

    private int findReturning()
    {
        ready.refresh();
        for (int i = 0; i < ready.count(); i++)
        {
            final int row = row(ready.shape(i));
            if (ShadowTable.APART == rows.get(rows.stage, row) && !rows.isGivenUp(row) && isPromised(row))
            {
                return row;
            }
        }
        return Table.NONE;
    }

    /* When to look again. */

    /** Whether the time has gone on since the last pass, and another one is due. */
    boolean isPassDue()
    {
        return state.timestampNs > passNs() &&
            (hasCorrection() || shadow.findStep() || Table.NONE != evaluate() ||
                readyNs > passNs() || wakeNs() <= state.timestampNs);
    }

    /** When the next promise falls due, or could without anyone knowing; Long.MAX_VALUE: never. */
    long wakeNs()
    {
        if (!isWakeKnown || wakeEvents != state.events || wakePassNs != passNs())
        {
            isWakeKnown = true;
            wakeEvents = state.events;
            wakePassNs = passNs();
            wakeNs = findWake();
        }
        return wakeNs;
    }

    private long findWake()
    {
        final long passNs = passNs();
        long next = TimerQueue.NEVER;
        boolean isLater = false;
        for (int i = 0; i < shadow.awaited.size() && !isLater; i++)
        {
            final int row = shadow.awaited.get(i);
            if (isPromised(row))
            {
                final long dueNs = dueNs(row);
                isLater = dueNs > passNs;
                next = Math.min(next, isLater ? dueNs : dueNs + PATIENCE_NS + 1);
            }
        }
        return Math.min(next, findUncertainty());
    }

    /** When somebody could be due whose start in the shadow is not known, or may start as soon as it is. */
    private long findUncertainty()
    {
        final int blocker = shadow.blocker();
        final long stepNs = shadow.nextNs();
        if (ShadowTable.NEVER == stepNs || (Table.NONE != blocker && rows.get(rows.startNs, blocker) < stepNs) ||
            !(anyPromised(shadow.queue) || anyPromised(shadow.arriving)))
        {
            return TimerQueue.NEVER;
        }
        evaluate();
        final long certainNs = stepNs + shadow.lagNs() + 1;
        return isUncertain ? certainNs : Math.max(certainNs, stepNs + boundNs());
    }

    /* The pass. */

    @Override
    int nextPlaceable()
    {
        return isPassDue() || hasCorrection() || shadow.findStep() ? Table.NONE : evaluate();
    }

    /** The session that goes next in the pass of the time that counts. */
    private int evaluate()
    {
        if (isQuiet && quietNs == passNs() && quietChanges == shadow.changes() &&
            quietLessons == state.shadows.lessons() && capacityChanges == state.capacityChanges &&
            accountChanges == state.accounts.changes && (!mindsGroups || events == state.events))
        {
            return Table.NONE;
        }
        begin();
        while (!candidates.isEmpty())
        {
            final int row = candidates.pop();
            final int shape = rows.get(rows.shape, row);
            final int session = sessions.find(rows.get(rows.sessionId, row));
            if (tryNow(session))
            {
                if (keepsPromises(row))
                {
                    return session;
                }
            }
            else if (null == head && heads < HEADS_MAX && everFits.mayEverFit(shape))
            {
                heads++;
                becomeHead(shape);
            }
        }
        isQuiet = true;
        return Table.NONE;
    }

    private void begin()
    {
        isQuiet = false;
        isAwaitedKnown = false;
        quietNs = passNs();
        quietChanges = shadow.changes();
        quietLessons = state.shadows.lessons();
        capacityChanges = state.capacityChanges;
        accountChanges = state.accounts.changes;
        events = state.events;
        isUncertain = false;
        head = null;
        heads = 0;
        starvedCount = 0;
        ready.refresh();
        candidates.clear(ready.count());
        for (int i = 0; i < ready.count(); i++)
        {
            final int shape = ready.shape(i);
            if (0 != shapes.get(shapes.cappedBy, shape) || isCapped(shape))
            {
                ready.onHeadChanged(shape);
                forget(shape);
            }
            else
            {
                final int row = candidateOf(shape);
                candidates.push(key(row), row);
            }
        }
    }

    /**
     * The session of a shape that the shadow has started first, or else the first of them. Who had to leave the shadow
     * comes into it again behind others that ask for the same, however early it was submitted.
     */
    private int candidateOf(final int shape)
    {
        final int first = row(shape);
        if (rows.get(rows.arrivedNs, first) == sessions.get(sessions.submittedNs, order.first(shape)))
        {
            return first;
        }
        if (!isAwaitedKnown)
        {
            isAwaitedKnown = true;
            awaitedLook++;
            for (int i = shadow.awaited.size() - 1; i >= 0; i--)
            {
                final int row = shadow.awaited.get(i);
                if (isPromised(row))
                {
                    awaited[rows.get(rows.shape, row)] = awaitedLook << Integer.SIZE | row;
                }
            }
        }
        return awaited[shape] >> Integer.SIZE == awaitedLook ? (int)awaited[shape] : first;
    }

    private int row(final int shape)
    {
        return rows.find(sessions.get(sessions.nextId, order.first(shape)));
    }

    /** Who is due goes first, by the order of the shadow; then bands, and in each the late before the others. */
    private long key(final int row)
    {
        final int shape = rows.get(rows.shape, row);
        final long waitedNs = passNs() - rows.get(rows.arrivedNs, row);
        final boolean known = rows.isKnown(row);
        if (rows.isGivenUp(row) || (known && passNs() >= dueNs(row)))
        {
            return rows.get(rows.rank, row);
        }
        final long band = 1 + GroupOrder.PRIORITY_MAX - shapes.get(shapes.priority, shape);
        final long behindNs = known ? passNs() - rows.get(rows.startNs, row) : 0;
        if (behindNs > boundNs() / 5 || waitedNs > 3 * (boundNs() / 5))
        {
            return band * 2 << CLASS_SHIFT;
        }
        final long twiceMs = state.shadows.twicePredictedNs(shape) / MS;
        final long score = 2048 * (Math.max(0, waitedNs) / MS) / Math.max(twiceMs, SHORT_MS);
        return (band * 2 + 1 << CLASS_SHIFT) + SCORE_MAX - Math.min(score, SCORE_MAX);
    }

    private boolean tryNow(final int session)
    {
        final int shape = sessions.get(sessions.shape, session);
        candidate = shape;
        final long walltimeNs = shapes.get(shapes.walltimeNs, shape);
        candidateEndNs = 0 == walltimeNs ? ExpectedEnds.NEVER : passNs() + walltimeNs;
        final boolean isAlone = null == head && 0 == starvedCount;
        return placement.tryPlace(group, session, isAlone ? null : guard);
    }

    /** Gives a shape that does not fit the reservation, or, if nobody knows when it will, its turn when it is due. */
    private void becomeHead(final int shape)
    {
        final Reservation reservation = reservation(shape);
        if (reservation.find(shape))
        {
            head = reservation;
        }
        else if (passNs() - rows.get(rows.arrivedNs, row(shape)) > STARVED_NS)
        {
            starved[starvedCount++] = shape;
        }
    }

    /** The one of a shape, or else that which was not used for longest. */
    private Reservation reservation(final int shape)
    {
        int found = 0;
        for (int i = 0; i < RESERVATIONS && shape != reservations[found].shape(); i++)
        {
            found = shape == reservations[i].shape() || usedAt[i] < usedAt[found] ? i : found;
        }
        usedAt[found] = ++uses;
        return reservations[found];
    }

    private int kernelsMax(final int agent, final int most)
    {
        for (int i = 0; i < starvedCount; i++)
        {
            if (reservations[0].mayHold(agent, starved[i]))
            {
                return 0;
            }
        }
        return null == head ? most : head.kernelsMax(agent, most, candidate, candidateEndNs);
    }

    /* Promises. */

    private boolean keepsPromises(final int row)
    {
        if (rows.isGivenUp(row))
        {
            return true;
        }
        if (!rows.isKnown(row) &&
            (ExpectedEnds.NEVER == candidateEndNs || candidateEndNs > shadow.horizonNs() + boundNs()))
        {
            isUncertain = true;
            return false;
        }
        boolean isKept = true;
        for (int i = 0; i < shadow.awaited.size() && isKept; i++)
        {
            final int promised = shadow.awaited.get(i);
            if (dueNs(promised) >= candidateEndNs || !rows.isBefore(promised, row))
            {
                break;
            }
            isKept = !isPromised(promised) || hasSlack(promised, row);
        }
        return isKept;
    }

    /** Whether there is certainly room for another session beside one at the latest start that it was promised. */
    private boolean hasSlack(final int promised, final int row)
    {
        slack.copy(state.shadows.capacity(group));
        slack.take(rows.get(rows.shape, promised));
        takeHeld(shadow.running, promised);
        takeHeld(shadow.queue, promised);
        takeHeld(shadow.arriving, promised);
        return slack.covers(rows.get(rows.shape, row));
    }

    private void takeHeld(final RowList list, final int promised)
    {
        for (int i = 0; i < list.size(); i++)
        {
            final int row = list.get(i);
            final boolean before = rows.isBefore(row, promised);
            final boolean holds = switch (rows.get(rows.real, row))
            {
                case ShadowTable.STARTED ->
                    before || rows.endNs(row, rows.get(rows.realStartNs, row)) > dueNs(promised);
                case ShadowTable.WAITS -> before && isPromised(row);
                default -> false;
            };
            if (holds)
            {
                slack.take(rows.get(rows.shape, row));
            }
        }
    }
}
