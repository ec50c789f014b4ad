package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;
import java.util.Arrays;

/**
 * What an agent has free from time to time, as far as anybody has promised: kernels leave when they will have ended,
 * sessions with reservations come and leave. A list of points in time with what is free from each to the next. It is
 * made of the tables alone: time passing changes none of it. When a reservation comes or goes it follows, which has it
 * become just what it would be if it were made anew.
 */
final class AgentProfile
{
    private static final long FIRST_NS = Long.MIN_VALUE;

    private final CoreState state;
    private final AgentTable agents;
    private final KernelTable kernels;
    private final ReservationTable reservations;
    private final SlotTable slots;
    private final KernelEnds ends;
    private final PlannedNeed need;
    private long[] at = new long[16];
    /** By point: how many kernels and reservations end there, or reservations begin. */
    private int[] changes = new int[16];
    private long[] free = new long[16 * 3];
    private int points;
    private int dimensions;
    private final DeviceEnds devices;
    private final LowestPriority priorities = new LowestPriority();
    private boolean isOpen;
    /** Until when there is a time at which more is reserved than there will be. */
    private long shortUntilNs;

    AgentProfile(final CoreState state, final KernelEnds ends)
    {
        this.state = state;
        this.ends = ends;
        agents = state.agents;
        kernels = state.kernels;
        reservations = state.reservations;
        slots = state.slots;
        need = new PlannedNeed(state);
        devices = new DeviceEnds(state);
    }

    /** Says which reservations count. */
    @FunctionalInterface
    interface Filter
    {
        boolean counts(int reservation);
    }

    /** Looks at an agent; with a filter, which may be null, as if there were no other reservations. */
    void build(final int agent, final boolean open, final Filter filter)
    {
        isOpen = open;
        dimensions = PlannedNeed.dimensions(slots);
        priorities.clear();
        collectTimes(agent, filter);
        final int cells = points * dimensions;
        if (cells > free.length)
        {
            free = new long[Math.max(cells, free.length * 2)];
        }
        Arrays.fill(free, 0, cells, 0);
        addPresent(agent);
        addEnds(agents.get(agents.waitHead, agent));
        addEnds(agents.get(agents.restartHead, agent));
        addIdleDevices(agent);
        for (int row = reservations.firstOn(agent); Table.NONE != row; row = reservations.nextOn(row))
        {
            if (null == filter || filter.counts(row))
            {
                addReservation(row);
            }
        }
        sum();
    }

    private void sum()
    {
        shortUntilNs = FIRST_NS;
        for (int point = 0; point < points; point++)
        {
            final int cell = point * dimensions;
            for (int i = 0; i < dimensions; i++)
            {
                free[cell + i] += 0 == point ? 0 : free[cell + i - dimensions];
            }
        }
        noteShort(0, points);
    }

    /* Building. */

    private void collectTimes(final int agent, final Filter filter)
    {
        points = 0;
        addTime(FIRST_NS);
        addTimes(agents.get(agents.waitHead, agent));
        addTimes(agents.get(agents.restartHead, agent));
        for (int row = reservations.firstOn(agent); Table.NONE != row; row = reservations.nextOn(row))
        {
            if (null == filter || filter.counts(row))
            {
                addTime(reservations.get(reservations.startNs, row));
                addTime(reservations.endNs(row));
            }
        }
        Arrays.sort(at, 0, points);
        if (changes.length < points)
        {
            changes = new int[at.length];
        }
        int distinct = 1;
        changes[0] = 1;
        for (int point = 1; point < points; point++)
        {
            if (at[point] == at[distinct - 1])
            {
                changes[distinct - 1]++;
            }
            else
            {
                changes[distinct] = 1;
                at[distinct++] = at[point];
            }
        }
        points = distinct;
    }

    private void addTimes(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            addTime(ends.endNs(kernel));
        }
    }

    private void addTime(final long timeNs)
    {
        if (ExpectedEnds.NEVER != timeNs)
        {
            if (points == at.length)
            {
                at = Arrays.copyOf(at, points * 2);
            }
            at[points++] = timeNs;
        }
    }

    private void addPresent(final int agent)
    {
        for (int slot = 0; slot < slots.count(); slot++)
        {
            free[slot] = agents.free(agent, slot);
        }
        devices.begin(agent);
        free[slots.count()] = agents.kernelsLeft(agent);
    }

    private void addEnds(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            final long endNs = ends.endNs(kernel);
            final int shape = kernels.get(kernels.shape, kernel);
            if (ExpectedEnds.NEVER != endNs)
            {
                final int cell = point(endNs) * dimensions;
                free[cell + SlotTable.CPU] += state.shapes.amount(shape, SlotTable.CPU);
                free[cell + SlotTable.MEM] += state.shapes.amount(shape, SlotTable.MEM);
                free[cell + slots.count()]++;
            }
            for (int mask = state.shapes.get(state.shapes.furtherMask, shape); 0 != mask; mask &= mask - 1)
            {
                final int slot = Integer.numberOfTrailingZeros(mask);
                final long held = kernels.devices(kernel, slot);
                if (0 == held)
                {
                    add(endNs, slot, state.shapes.amount(shape, slot));
                }
                else
                {
                    devices.keep(slots.isShare(slot) ? slots.partner(slot) : slot, held, endNs);
                }
            }
        }
    }

    private void addIdleDevices(final int agent)
    {
        for (int slot = SlotTable.MEM + 1; slot < slots.count(); slot++)
        {
            for (int device = 0; device < devices.count(slot); device++)
            {
                if (devices.isKept(slot, device) && AgentView.WHOLE != agents.deviceFree(agent, slot, device))
                {
                    add(devices.endNs(slot, device), slot, 1);
                }
            }
        }
    }

    private void addReservation(final int row)
    {
        final int shape = reservations.shape(row);
        priorities.note(state.shapes.get(state.shapes.priority, shape));
        need.load(shape);
        final int taken = reservations.get(reservations.kernels, row);
        final int from = point(reservations.get(reservations.startNs, row)) * dimensions;
        final long endNs = reservations.endNs(row);
        final int to = ExpectedEnds.NEVER == endNs ? Table.NONE : point(endNs) * dimensions;
        for (int i = 0; i < need.count(); i++)
        {
            final long amount = need.amount(i, taken);
            free[from + need.dimension(i)] -= amount;
            if (Table.NONE != to)
            {
                free[to + need.dimension(i)] += amount;
            }
        }
    }

    private void add(final long timeNs, final int dimension, final long amount)
    {
        if (ExpectedEnds.NEVER != timeNs)
        {
            free[point(timeNs) * dimensions + dimension] += amount;
        }
    }

    /** The last point that is not after a time. */
    int point(final long timeNs)
    {
        int low = 0;
        int high = points - 1;
        while (low < high)
        {
            final int middle = low + high + 1 >>> 1;
            if (at[middle] <= timeNs)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        return low;
    }

    /* Following. */

    /** Whether it is of all slots that there are now. */
    boolean isOfAllSlots()
    {
        return PlannedNeed.dimensions(slots) == dimensions;
    }

    /** Becomes what another one is, as far as they can be compared. */
    void copy(final AgentProfile other)
    {
        points = other.points;
        dimensions = other.dimensions;
        isOpen = other.isOpen;
        if (at.length < points)
        {
            at = new long[other.at.length];
        }
        final int cells = points * dimensions;
        if (free.length < cells)
        {
            free = new long[other.free.length];
        }
        System.arraycopy(other.at, 0, at, 0, points);
        System.arraycopy(other.free, 0, free, 0, cells);
    }

    /**
     * Becomes what {@link #build} would make of it without a filter, now that a reservation has come or gone.
     *
     * @param row    of the reservation, which the agent has already, or no more.
     * @param change 1 or -1.
     */
    void onReserved(final int row, final int change)
    {
        final long startNs = reservations.get(reservations.startNs, row);
        final long endNs = reservations.endNs(row);
        final int from = change > 0 ? insert(startNs) : point(startNs);
        final int to = ExpectedEnds.NEVER == endNs ? points : change > 0 ? insert(endNs) : point(endNs);
        need.load(reservations.shape(row));
        final int taken = reservations.get(reservations.kernels, row);
        for (int i = 0; i < need.count(); i++)
        {
            final long amount = need.amount(i, taken) * change;
            for (int cell = from * dimensions + need.dimension(i); cell < to * dimensions; cell += dimensions)
            {
                free[cell] -= amount;
            }
        }
        final int priority = state.shapes.get(state.shapes.priority, reservations.shape(row));
        if (change > 0)
        {
            priorities.note(priority);
            noteShort(from, to);
            return;
        }
        if (ExpectedEnds.NEVER != endNs)
        {
            drop(to);
        }
        drop(from);
        dropPriority(reservations.get(reservations.agent, row), priority);
        if (FIRST_NS != shortUntilNs)
        {
            shortUntilNs = FIRST_NS;
            noteShort(0, points);
        }
    }

    /** One more change at a time; returns its point. */
    private int insert(final long timeNs)
    {
        final int before = point(timeNs);
        if (timeNs == at[before])
        {
            changes[before]++;
            return before;
        }
        final int point = before + 1;
        if (points == at.length)
        {
            at = Arrays.copyOf(at, points * 2);
        }
        if (points >= changes.length)
        {
            changes = Arrays.copyOf(changes, at.length);
        }
        if ((points + 1) * dimensions > free.length)
        {
            free = Arrays.copyOf(free, Math.max((points + 1) * dimensions, free.length * 2));
        }
        System.arraycopy(at, point, at, point + 1, points - point);
        System.arraycopy(changes, point, changes, point + 1, points - point);
        // From the point before on, which so is doubled.
        System.arraycopy(
            free, before * dimensions, free, point * dimensions, (points - before) * dimensions);
        at[point] = timeNs;
        changes[point] = 1;
        points++;
        return point;
    }

    /** One change less at a point. */
    private void drop(final int point)
    {
        changes[point]--;
        if (0 == changes[point])
        {
            points--;
            System.arraycopy(at, point + 1, at, point, points - point);
            System.arraycopy(changes, point + 1, changes, point, points - point);
            System.arraycopy(
                free, (point + 1) * dimensions, free, point * dimensions, (points - point) * dimensions);
        }
    }

    private void dropPriority(final int agent, final int priority)
    {
        if (!priorities.drop(priority))
        {
            return;
        }
        for (int row = reservations.firstOn(agent); Table.NONE != row; row = reservations.nextOn(row))
        {
            priorities.note(state.shapes.get(state.shapes.priority, reservations.shape(row)));
        }
    }

    private void noteShort(final int from, final int to)
    {
        for (int point = from; point < to; point++)
        {
            for (int cell = point * dimensions; cell < (point + 1) * dimensions; cell++)
            {
                if (free[cell] < 0)
                {
                    shortUntilNs = Math.max(shortUntilNs, atNs(point + 1));
                }
            }
        }
    }

    /** Whether another one says the same. */
    boolean isSame(final AgentProfile other)
    {
        return points == other.points && dimensions == other.dimensions && isOpen == other.isOpen &&
            lowestPriority() == other.lowestPriority() && shortUntilNs == other.shortUntilNs &&
            Arrays.equals(at, 0, points, other.at, 0, points) &&
            Arrays.equals(free, 0, points * dimensions, other.free, 0, points * dimensions);
    }

    /* Asking. */

    /** Whether room may be planned for on the agent. */
    boolean isOpen()
    {
        return isOpen;
    }

    /** Of the reservations that count; the highest there is if there are none. */
    int lowestPriority()
    {
        return priorities.lowest();
    }

    /** The earliest time from one on, and before another, at which kernels fit for as long as they may run. */
    long earliestNs(final PlannedRun run, final int kernelCount, final long fromNs, final long beforeNs)
    {
        long timeNs = fromNs;
        int first = point(fromNs);
        while (timeNs < beforeNs)
        {
            final long endNs = run.endNs(timeNs);
            int point = first;
            while (fits(point, run, kernelCount))
            {
                point++;
                if (point == points || at[point] >= endNs)
                {
                    return timeNs;
                }
            }
            first = point + 1;
            if (first == points)
            {
                return ExpectedEnds.NEVER;
            }
            timeNs = at[first];
        }
        return ExpectedEnds.NEVER;
    }

    private boolean fits(final int point, final PlannedRun run, final int kernelCount)
    {
        final PlannedNeed wanted = run.need();
        final int lifted = run.lifted(at[point]);
        final int cell = point * dimensions;
        for (int i = 0; i < wanted.count(); i++)
        {
            final long given = 0 == lifted ? 0 : wanted.amount(i, lifted);
            if (free[cell + wanted.dimension(i)] + given < wanted.amount(i, kernelCount))
            {
                return false;
            }
        }
        return true;
    }

    /** For how many kernels there is room from a time on for as long as they may run, at most so many. */
    int places(final PlannedRun run, final long fromNs, final int most)
    {
        final long endNs = run.endNs(fromNs);
        int places = most;
        for (int point = point(fromNs); point < points && places > 0; point++)
        {
            if (at[point] >= endNs)
            {
                break;
            }
            places = places(point, run, places, true);
        }
        return places;
    }

    /**
     * The same for a start now, where shares may be had of devices that are in use: that keeps nobody else from a
     * device before it would have been idle.
     */
    int placesNow(final PlannedRun run, final long nowNs, final int most)
    {
        final long endNs = run.endNs(nowNs);
        final long idleNs = devices.firstIdleNs(run.need().sharedMask());
        int places = most;
        for (int point = point(nowNs); point < points && places > 0; point++)
        {
            if (at[point] >= endNs)
            {
                break;
            }
            final boolean minded = point + 1 == points || at[point + 1] > idleNs;
            places = places(point, run, places, minded);
        }
        return places;
    }

    private int places(final int point, final PlannedRun run, final int most, final boolean sharedDevices)
    {
        final PlannedNeed wanted = run.need();
        final int lifted = run.lifted(at[point]);
        final int cell = point * dimensions;
        int places = most;
        for (int i = 0; i < wanted.count() && places > 0; i++)
        {
            final int dimension = wanted.dimension(i);
            if (sharedDevices || dimension >= slots.count() || 0 == (wanted.sharedMask() & 1 << dimension))
            {
                final long given = 0 == lifted ? 0 : wanted.amount(i, lifted);
                places = wanted.places(i, free[cell + dimension] + given, places);
            }
        }
        return places;
    }

    /**
     * Times from one on at which it may change for how many kernels there is room, in order: element 0 says how many.
     * The array is a larger one if it was too small.
     *
     * @param lengthNs for which the kernels may run; 0: no limit.
     */
    long[] starts(final long[] target, final long fromNs, final long lengthNs)
    {
        final long[] times = target.length < 2 * points + 2 ? new long[4 * points + 2] : target;
        int count = 1;
        times[count++] = fromNs;
        for (int point = 1; point < points; point++)
        {
            if (at[point] > fromNs)
            {
                times[count++] = at[point];
            }
            if (0 != lengthNs && at[point] - lengthNs >= fromNs)
            {
                times[count++] = at[point] - lengthNs + 1;
            }
        }
        Arrays.sort(times, 1, count);
        times[0] = count - 1;
        return times;
    }

    /** The first time after one at which more of anything is free than before; NEVER if there is none. */
    long nextRiseNs(final long afterNs)
    {
        for (int point = point(afterNs) + 1; point < points; point++)
        {
            for (int i = 0; i < dimensions; i++)
            {
                if (free[point * dimensions + i] > free[(point - 1) * dimensions + i])
                {
                    return at[point];
                }
            }
        }
        return ExpectedEnds.NEVER;
    }

    /** Whether more is reserved than there will be, at some time after one. */
    boolean isShort(final long afterNs)
    {
        return shortUntilNs > afterNs;
    }

    /** The same, at some time in a range. */
    boolean isShort(final long fromNs, final long toNs)
    {
        for (int point = point(fromNs); point < points && (at[point] < toNs || at[point] <= fromNs); point++)
        {
            for (int i = 0; i < dimensions; i++)
            {
                if (free[point * dimensions + i] < 0)
                {
                    return true;
                }
            }
        }
        return false;
    }

    /* Points, for comparing. */

    /** When a point begins; NEVER behind the last. */
    long atNs(final int point)
    {
        return point < points ? at[point] : ExpectedEnds.NEVER;
    }

    /** What is free from a point to the next. */
    long free(final int point, final int dimension)
    {
        return free[point * dimensions + dimension];
    }

    int dimensions()
    {
        return dimensions;
    }
}
