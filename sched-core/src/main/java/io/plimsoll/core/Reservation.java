package io.plimsoll.core;

import io.plimsoll.core.sbe.SelectPolicy;
import java.util.Arrays;

/**
 * Where and when the head of a queue is expected to fit: the earliest time, by the expected ends of kernels, at which
 * all its kernels have room, and the agents that it would take then, those of lower ids among equals. The time is taken
 * as it was promised, so it may have passed; none of this changes unless an agent or a kernel does.
 *
 * <p>What goes before the head may not take that room: see {@link #kernelsMax}.
 */
final class Reservation
{
    private static final long UNKNOWN = Long.MIN_VALUE;
    /** There is room now, so it is something else that keeps it waiting. */
    private static final long AT_ONCE = Long.MIN_VALUE + 1;

    private final CoreState state;
    private final int group;
    private final AgentTable agents;
    private final ShapeTable shapes;
    private final Wanted wanted;
    private final Wanted other;
    private final ExpectedEnds ends;
    private final RoomBounds bounds;
    private final AgentForecast forecast;
    private final AgentForecast atStart;
    private final AgentForecast scratch;

    private int shape = Table.NONE;
    private long startNs = ExpectedEnds.NEVER;
    private boolean isKnown;
    /** By agent, of a shape with one kernel: when there is room for it. */
    private long[] roomNs = new long[64];
    /** By agent: kernels of the head that will go there. */
    private int[] reserved = new int[64];
    private int[] reservedAgents = new int[16];
    private int reservedCount;
    private int atStartAgent = Table.NONE;

    /* What agents gain, for a shape with several kernels. */
    private final RoomChanges gains = new RoomChanges();

    private final PartsFit fit;
    private final PartsRoom.Source atFit = this::loadAtFit;
    private long fitNs;
    private final SessionRelations relations;
    /** For whom an explanation looks ahead: agents claimed for it count, and those whose quarantine ends; 0: nobody. */
    private long aheadOf;

    /** For one look, or for what no kernel on an agent matters to: nobody tells it of changes. */
    Reservation(final CoreState state, final int group)
    {
        this(state, group, new RoomBounds(state));
    }

    /** For one look on behalf of a session: what is kept for it counts, and so do agents whose quarantine will end. */
    static Reservation ahead(final CoreState state, final int group, final long sessionId)
    {
        final Reservation reservation = new Reservation(state, group);
        reservation.aheadOf = sessionId;
        return reservation;
    }

    /** One of a queue's, with what all of them know of agents. */
    Reservation(final CoreState state, final int group, final RoomBounds bounds)
    {
        this.state = state;
        this.bounds = bounds;
        this.group = group;
        agents = state.agents;
        shapes = state.shapes;
        wanted = new Wanted(state);
        other = new Wanted(state);
        ends = new ExpectedEnds(state);
        forecast = new AgentForecast(state);
        atStart = new AgentForecast(state);
        scratch = new AgentForecast(state);
        fit = new PartsFit(state);
        relations = new SessionRelations(state);
    }

    int group()
    {
        return group;
    }

    int shape()
    {
        return shape;
    }

    /** Epoch, as promised; it may have passed. */
    long startNs()
    {
        return startNs;
    }

    void clear()
    {
        shape = Table.NONE;
    }

    void onAgentChanged(final int agent)
    {
        isKnown = false;
        if (agent < roomNs.length)
        {
            roomNs[agent] = UNKNOWN;
        }
    }

    /** Looks when a shape that does not fit now will; false if nobody knows, or never. */
    boolean find(final int headShape)
    {
        if (headShape != shape)
        {
            shape = headShape;
            relations.load(shape);
            forget();
        }
        else if (relations.packs())
        {
            // Whether those it must be with are anywhere is not a matter of the agents of its group alone.
            forget();
        }
        if (!isKnown)
        {
            isKnown = true;
            reserveNothing();
            wanted.load(shape);
            if (shapes.isParted(shape))
            {
                findParts();
            }
            else if (1 == wanted.kernels || relations.packs())
            {
                findOne();
            }
            else
            {
                findMany();
            }
        }
        return ExpectedEnds.NEVER != startNs && AT_ONCE != startNs;
    }

    private void forget()
    {
        isKnown = false;
        Arrays.fill(roomNs, UNKNOWN);
    }

    private void reserveNothing()
    {
        for (int i = 0; i < reservedCount; i++)
        {
            reserved[reservedAgents[i]] = 0;
        }
        reservedCount = 0;
        atStartAgent = Table.NONE;
        if (agents.highWater() > roomNs.length)
        {
            final int length = Math.max(agents.highWater(), roomNs.length * 2);
            final int known = roomNs.length;
            roomNs = Arrays.copyOf(roomNs, length);
            Arrays.fill(roomNs, known, length, UNKNOWN);
            reserved = Arrays.copyOf(reserved, length);
        }
    }

    private void reserve(final int agent, final int kernels)
    {
        if (reservedCount == reservedAgents.length)
        {
            reservedAgents = Arrays.copyOf(reservedAgents, reservedCount * 2);
        }
        reservedAgents[reservedCount++] = agent;
        reserved[agent] = kernels;
    }

    /** All kernels on one agent. */
    private void findOne()
    {
        startNs = ExpectedEnds.NEVER;
        bounds.refresh();
        int best = Table.NONE;
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (UNKNOWN == roomNs[agent])
            {
                if (bounds.isRuledOut(agent, wanted, startNs))
                {
                    continue;
                }
                roomNs[agent] = roomNs(agent);
            }
            if (roomNs[agent] < startNs)
            {
                startNs = roomNs[agent];
                best = agent;
            }
        }
        if (Table.NONE != best)
        {
            reserve(best, wanted.kernels);
        }
    }

    private long roomNs(final int agent)
    {
        final long fromNs = mayHold(agent) ? fromNs(agent) : ExpectedEnds.NEVER;
        return ExpectedEnds.NEVER == fromNs ? fromNs : Math.max(fromNs, roomAloneNs(agent));
    }

    /** As far as its own room is concerned. */
    private long roomAloneNs(final int agent)
    {
        forecast.load(agent);
        if (fitsAll(forecast))
        {
            return AT_ONCE;
        }
        ends.load(agent);
        while (ExpectedEnds.NEVER != ends.nextNs())
        {
            final long atNs = ends.nextNs();
            releaseUntil(forecast, atNs);
            if (fitsAll(forecast))
            {
                return atNs;
            }
        }
        return ExpectedEnds.NEVER;
    }

    private boolean fitsAll(final AgentForecast of)
    {
        return 1 == wanted.kernels ? of.fits(wanted) : places(of) == wanted.kernels;
    }

    /** From when on an agent may be had, room aside; {@link SessionRelations#NOW}, or NEVER. */
    private long fromNs(final int agent)
    {
        final long fromNs = relations.fromNs(agent);
        return 0 == agents.get(agents.quarantined, agent) ?
            fromNs : Math.max(fromNs, agents.get(agents.quarantinedUntilNs, agent));
    }

    private void releaseUntil(final AgentForecast target, final long atNs)
    {
        while (ends.nextNs() <= atNs && ExpectedEnds.NEVER != ends.nextNs())
        {
            target.release(ends.poll());
        }
    }

    /** Whether the head could go to an agent if that had nothing else to do. */
    private boolean mayHold(final int agent)
    {
        return isOpen(agent) && couldHold(agent, shape, wanted);
    }

    /** Whether an agent gets work, and is kept for nobody. */
    private boolean isOpen(final int agent)
    {
        final long claimedBy = agents.get(agents.claimedBy, agent);
        final boolean works = agents.mayGetWork(agent) ||
            0 != aheadOf && agents.get(agents.quarantinedUntilNs, agent) > 0 && agents.mayGetWorkSoon(agent);
        return works && (0 == claimedBy || aheadOf == claimedBy);
    }

    /** Whether there is room on an agent of the group when there is nothing else on it, and it is there. */
    private boolean couldHold(final int agent, final int askedShape, final Wanted asked)
    {
        if (!isOfKind(agent, askedShape))
        {
            return false;
        }
        scratch.loadEmpty(agent);
        return scratch.fits(asked);
    }

    /** Whether an agent is of the group, and what a shape's constraints ask for. */
    boolean isOfKind(final int agent, final int anyShape)
    {
        return group == agents.get(agents.group, agent) &&
            state.schedule.placement.matches(agent, shapes.get(shapes.constraint, anyShape));
    }

    /** Whether a shape, or any part of it, could go to an agent if that had nothing else to do. */
    boolean mayHold(final int agent, final int anyShape)
    {
        boolean holds = false;
        for (int part = anyShape; !holds && Table.NONE != part; part = shapes.nextPart(part))
        {
            other.load(part);
            holds = couldHold(agent, part, other);
        }
        return holds;
    }

    /* Unequal parts: the time is searched for among the expected ends, as if room only grew. */

    private void findParts()
    {
        fit.load(shape);
        fit.together(relations.spreads(), relations.packs());
        gains.clear();
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            final long fromNs = mayGet(agent) ? fromNs(agent) : ExpectedEnds.NEVER;
            if (ExpectedEnds.NEVER != fromNs)
            {
                if (SessionRelations.NOW != fromNs)
                {
                    gains.add(fromNs, agent, 0);
                }
                ends.load(agent);
                while (ExpectedEnds.NEVER != ends.nextNs())
                {
                    gains.add(ends.nextNs(), agent, 0);
                    ends.poll();
                }
            }
        }
        gains.sort();
        startNs = ExpectedEnds.NEVER;
        if (fitsAt(AT_ONCE))
        {
            startNs = AT_ONCE;
        }
        else if (gains.count() > 0 && fitsAt(gains.atNs(gains.count() - 1)))
        {
            searchTime();
        }
    }

    private void searchTime()
    {
        int from = 0;
        int to = gains.count() - 1;
        while (from < to)
        {
            final int middle = (from + to) >>> 1;
            if (fitsAt(gains.atNs(middle)))
            {
                to = middle;
            }
            else
            {
                from = middle + 1;
            }
        }
        if (fitsAt(gains.atNs(to)))
        {
            startNs = gains.atNs(to);
            for (int entry = 0; entry < fit.taken(); entry++)
            {
                final int agent = fit.takenAgent(entry);
                reserve(agent, reserved[agent] + fit.takenKernels(entry));
            }
        }
    }

    private boolean fitsAt(final long atNs)
    {
        fitNs = atNs;
        return fit.find(group, atFit);
    }

    private boolean mayGet(final int agent)
    {
        return isOpen(agent) && isOfKind(agent, shape);
    }

    private boolean loadAtFit(final int agent, final AgentForecast target)
    {
        if (!mayGet(agent) || fromNs(agent) > fitNs)
        {
            return false;
        }
        target.load(agent);
        ends.load(agent);
        releaseUntil(target, fitNs);
        return true;
    }

    private void findMany()
    {
        gains.clear();
        long room = 0;
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (mayHold(agent))
            {
                room += addGains(agent);
            }
        }
        startNs = room < wanted.kernels ? ExpectedEnds.NEVER : AT_ONCE;
        gains.sort();
        for (int i = 0; i < gains.count() && room < wanted.kernels; i++)
        {
            room += gains.kernels(i);
            startNs = room < wanted.kernels ? ExpectedEnds.NEVER : gains.atNs(i);
        }
        if (ExpectedEnds.NEVER != startNs)
        {
            reserveMany();
        }
    }

    /** Notes when an agent will have room for how many more kernels; returns for how many it has now. */
    private int addGains(final int agent)
    {
        final long fromNs = fromNs(agent);
        if (ExpectedEnds.NEVER == fromNs)
        {
            return 0;
        }
        forecast.load(agent);
        ends.load(agent);
        final int now = SessionRelations.NOW == fromNs ? places(forecast) : 0;
        int before = now;
        if (SessionRelations.NOW != fromNs)
        {
            releaseUntil(forecast, fromNs);
            before = places(forecast);
            gains.add(fromNs, agent, before);
        }
        while (before < wanted.kernels && ExpectedEnds.NEVER != ends.nextNs())
        {
            final long atNs = ends.nextNs();
            releaseUntil(forecast, atNs);
            final int places = places(forecast);
            if (places > before)
            {
                gains.add(atNs, agent, places - before);
                before = places;
            }
        }
        return now;
    }

    private int places(final AgentForecast of)
    {
        scratch.copy(of);
        return scratch.takeAll(wanted, relations.spreads() ? 1 : wanted.kernels);
    }

    private void reserveMany()
    {
        int left = wanted.kernels;
        for (int agent = 1; agent < agents.highWater() && left > 0; agent++)
        {
            if (mayHold(agent) && fromNs(agent) <= startNs)
            {
                loadAtStart(forecast, agent);
                final int places = Math.min(left, places(forecast));
                if (places > 0)
                {
                    reserve(agent, places);
                    left -= places;
                }
            }
        }
    }

    private void loadAtStart(final AgentForecast target, final int agent)
    {
        target.load(agent);
        ends.load(agent);
        releaseUntil(target, startNs);
    }

    /**
     * How many kernels of a shape, which would have ended at a time, an agent may be given without keeping the head
     * from starting when it is expected to.
     */
    int kernelsMax(final int agent, final int most, final int otherShape, final long endNs)
    {
        final boolean isReserved = agent < reserved.length && 0 != reserved[agent];
        if (endNs > startNs && relations.concerns(otherShape) &&
            (isReserved ? relations.spreads() : relations.packs()))
        {
            // The head could not go there beside it, or would have to go where it is.
            return 0;
        }
        if (!isReserved || endNs <= startNs)
        {
            return most;
        }
        if (agent != atStartAgent)
        {
            loadAtStart(atStart, agent);
            tryTakeReserved(atStart, agent);
            atStartAgent = agent;
        }
        if (shapes.isParted(otherShape))
        {
            // What its other parts leave is not looked at.
            return 0;
        }
        other.load(otherShape);
        if (other.families > 0 && headTakesDevices())
        {
            return placesBesideHead(agent, most);
        }
        scratch.copy(atStart);
        return scratch.takeAll(other, most);
    }

    private boolean headTakesDevices()
    {
        boolean takes = false;
        for (int part = shape; !takes && Table.NONE != part; part = shapes.nextPart(part))
        {
            wanted.load(part);
            takes = wanted.families > 0;
        }
        return takes;
    }

    /** The devices that it gets are those that are best now, which may not be those that the head leaves. */
    private int placesBesideHead(final int agent, final int most)
    {
        forecast.load(agent);
        final boolean isDeviceOpen = other.isOneShare() &&
            SelectPolicy.SCORED.value() == state.groups.get(state.groups.select, group);
        if (isDeviceOpen)
        {
            return most > 0 && leavesHeadWhateverDevice(agent) ? 1 : 0;
        }
        int places = 0;
        while (places < most && forecast.tryTake(other) && leavesHead(agent))
        {
            places++;
        }
        return places;
    }

    private boolean leavesHeadWhateverDevice(final int agent)
    {
        final int slot = other.deviceSlot(0);
        boolean leaves = forecast.fits(other);
        for (int device = 0; leaves && device < agents.capacity(agent, slot); device++)
        {
            if (agents.deviceFree(agent, slot, device) >= other.share(0))
            {
                forecast.load(agent);
                forecast.fits(other);
                forecast.pickShare(device);
                forecast.take(other);
                leaves = leavesHead(agent);
            }
        }
        return leaves;
    }

    /** Whether the kernels of the head that will go to an agent find room beside what is forecast now. */
    private boolean leavesHead(final int agent)
    {
        scratch.copy(forecast);
        ends.load(agent);
        releaseUntil(scratch, startNs);
        return tryTakeReserved(scratch, agent);
    }

    /** What is reserved on an agent, as far as there is room; false if there is not for all of it. */
    private boolean tryTakeReserved(final AgentForecast target, final int agent)
    {
        if (!shapes.isParted(shape))
        {
            wanted.load(shape);
            return reserved[agent] == target.takeAll(wanted, reserved[agent]);
        }
        boolean all = true;
        for (int entry = 0; entry < fit.taken(); entry++)
        {
            if (agent == fit.takenAgent(entry))
            {
                final int kernels = fit.takenKernels(entry);
                all &= kernels == target.takeAll(fit.part(fit.takenPart(entry)), kernels);
            }
        }
        return all;
    }
}
