package io.plimsoll.core;

import io.plimsoll.core.sbe.Backfill;
import java.util.Arrays;

/**
 * A queue in which the first session that does not fit, the head, is not overtaken at its cost.
 * <ul>
 * <li>{@code none}: nobody overtakes it.</li>
 * <li>{@code easy}: it has a {@link Reservation}; whoever comes later may start now if that does not put it off:
 * because it will have ended by then, or because it leaves enough.</li>
 * <li>{@code easy-sjbf}: the same, and those with the shortest limits are asked first.</li>
 * </ul>
 *
 * <p>A session that no agent could ever hold is no head. A head of which nobody knows when it will fit, because those
 * that are in its way have no limit, holds nobody up until it has waited for {@link #STARVED_NS} (the ageing of the
 * group, if that is set); from then on nothing starts on any agent that could hold it.
 *
 * <p>Sessions of one shape are in one case: when the first does not go, no other does.
 */
final class BackfillQueue extends GroupQueue
{
    static final long STARVED_NS = 600_000_000_000L;
    /** Of so many that do not fit it is asked when they will; there is one reservation. */
    private static final int HEADS_MAX = 4;
    private static final int STARVED_MAX = 4;
    /** Gains that are kept apart: with more, every shape is tried again. */
    private static final int GAINS_MAX = 1024;
    private static final int UNTRIED = -1;

    private final boolean isStrict;
    private final boolean shortestFirst;
    private final GroupOrder order;
    private final boolean keysStay;
    /** When it was found that nobody can be placed, which with other orders says nothing about later. */
    private long quietNs;
    private final ReadyShapes ready;
    private final RoomBounds bounds;
    private final Reservation[] reservations = new Reservation[HEADS_MAX];
    /** Agents that gained since the last time that all were forgotten. */
    private final int[] gained = new int[GAINS_MAX];
    private int gainCount;
    /** By shape: how many gains there were when it was found not to fit. */
    private int[] blockedAt = new int[64];
    private final EverFits everFits;
    /** Nothing is placeable, and nothing has changed since that was found. */
    private boolean isQuiet;
    private long capacityChanges;
    private long accountChanges;
    private long events;
    /** Whether a session that waited here had to be apart from others, or with them, which may run in other groups. */
    private boolean mindsGroups;

    /* The pass. */
    private Reservation head;
    private final int[] starved = new int[STARVED_MAX];
    private int starvedCount;
    private int candidate;
    private long candidateEndNs;
    private final PlacementGuard guard = this::kernelsMax;

    BackfillQueue(final CoreState state, final int group, final Placement placement, final GroupOrder order)
    {
        super(state, group, placement);
        final byte mode = state.groups.get(state.groups.backfill, group);
        isStrict = Backfill.NONE.value() == mode;
        shortestFirst = Backfill.EASY_SJBF.value() == mode;
        this.order = order;
        keysStay = order instanceof KeyOrder;
        ready = new ReadyShapes(shapes, group, order);
        Arrays.fill(blockedAt, UNTRIED);
        bounds = new RoomBounds(state);
        for (int i = 0; i < HEADS_MAX; i++)
        {
            reservations[i] = new Reservation(state, group, bounds);
        }
        everFits = new EverFits(state, reservations[0]);
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
    boolean holdsUp(final int shape)
    {
        return isStrict ? stopsAll(shape) : everFits.mayEverFit(shape);
    }

    @Override
    void onHeadChanged(final int shape, final boolean earlier)
    {
        isQuiet = false;
        mindsGroups |= state.constraints.isRanked(shapes.get(shapes.constraint, shape));
        ready.onHeadChanged(shape);
        if (shape >= blockedAt.length)
        {
            final int known = blockedAt.length;
            blockedAt = Arrays.copyOf(blockedAt, Math.max(shape + 1, known * 2));
            Arrays.fill(blockedAt, known, blockedAt.length, UNTRIED);
        }
        if (Table.NONE == order.first(shape))
        {
            forget(shape);
        }
    }

    /** The row may come to be another shape. */
    private void forget(final int shape)
    {
        blockedAt[shape] = UNTRIED;
        everFits.forget(shape);
        for (final Reservation reservation : reservations)
        {
            if (shape == reservation.shape())
            {
                reservation.clear();
            }
        }
    }

    @Override
    void onGain(final int agent)
    {
        isQuiet = false;
        if (GAINS_MAX == gainCount)
        {
            gainCount = 0;
            Arrays.fill(blockedAt, UNTRIED);
        }
        gained[gainCount++] = agent;
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

    @Override
    int nextPlaceable()
    {
        if (isQuiet && (keysStay || quietNs == state.timestampNs) &&
            capacityChanges == state.capacityChanges && accountChanges == state.accounts.changes &&
            (!mindsGroups || events == state.events))
        {
            return Table.NONE;
        }
        isQuiet = false;
        events = state.events;
        capacityChanges = state.capacityChanges;
        accountChanges = state.accounts.changes;
        ready.refresh();
        head = null;
        starvedCount = 0;
        int position = 0;
        int heads = 0;
        while (null == head && position < ready.count())
        {
            final int shape = ready.shape(position);
            position++;
            if (dropIfCapped(shape))
            {
                continue;
            }
            if (tryNow(shape))
            {
                return order.first(shape);
            }
            if (isStrict && stopsAll(shape))
            {
                position = ready.count();
            }
            else if (!isStrict && heads < HEADS_MAX && everFits.mayEverFit(shape))
            {
                becomeHead(shape, heads++);
            }
        }
        final int overtaking = overtake(position);
        isQuiet = Table.NONE == overtaking;
        quietNs = state.timestampNs;
        return overtaking;
    }

    /** Those after the head, and before, which do not fit now as they did not then. */
    private int overtake(final int from)
    {
        if (null == head)
        {
            return Table.NONE;
        }
        final int[] shapesByLimit = shortestFirst ? ready.byLimit() : null;
        for (int i = shortestFirst ? 0 : from; i < ready.count(); i++)
        {
            final int shape = shortestFirst ? shapesByLimit[i] : ready.shape(i);
            if (!dropIfCapped(shape) && tryNow(shape))
            {
                return order.first(shape);
            }
        }
        return Table.NONE;
    }

    /** Whom an account holds back is no head and overtakes nobody: for this queue it does not wait. */
    private boolean dropIfCapped(final int shape)
    {
        final boolean capped = 0 != shapes.get(shapes.cappedBy, shape) || isCapped(shape);
        if (capped)
        {
            ready.onHeadChanged(shape);
            forget(shape);
        }
        return capped;
    }

    private boolean tryNow(final int shape)
    {
        if (isBlocked(shape))
        {
            return false;
        }
        candidate = shape;
        final long walltimeNs = shapes.get(shapes.walltimeNs, shape);
        candidateEndNs = 0 == walltimeNs ? ExpectedEnds.NEVER : state.timestampNs + walltimeNs;
        final boolean isAlone = null == head && 0 == starvedCount;
        if (placement.tryPlace(group, order.first(shape), isAlone ? null : guard))
        {
            return true;
        }
        final int part = placement.blockedPart();
        if (!placement.isGuarded() && Table.NONE != part &&
            !state.constraints.isRanked(shapes.get(shapes.constraint, shape)))
        {
            shapes.blockedPart(shape, shapes.partAt(shape, part));
            blockedAt[shape] = gainCount;
        }
        return false;
    }

    /** Whether a shape did not fit, and no agent that gained since has room for a kernel of it. */
    private boolean isBlocked(final int shape)
    {
        if (UNTRIED == blockedAt[shape])
        {
            return false;
        }
        for (int i = blockedAt[shape]; i < gainCount; i++)
        {
            if (mayFit(gained[i], shapes.blockedPart(shape)))
            {
                return false;
            }
        }
        blockedAt[shape] = gainCount;
        return true;
    }

    /** Whether nobody overtakes a shape that does not fit: unless it is one that no agent's kind would do for. */
    private boolean stopsAll(final int shape)
    {
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (reservations[0].isOfKind(agent, shape))
            {
                return true;
            }
        }
        return false;
    }

    /** Gives a shape that does not fit a reservation, or else its turn when it has waited too long. */
    private void becomeHead(final int shape, final int number)
    {
        final Reservation reservation = reservations[number];
        if (reservation.find(shape))
        {
            head = reservation;
        }
        else if (isStarved(shape) && starvedCount < STARVED_MAX)
        {
            starved[starvedCount++] = shape;
        }
    }

    private boolean isStarved(final int shape)
    {
        final long ageingNs = state.groups.get(state.groups.ageingNs, group);
        final long sinceNs = sessions.get(sessions.stateNs, order.first(shape));
        return state.timestampNs - sinceNs > (0 == ageingNs ? STARVED_NS : ageingNs);
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
}
