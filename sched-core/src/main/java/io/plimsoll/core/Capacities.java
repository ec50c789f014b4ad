package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.sbe.ConstraintKind;
import java.util.Arrays;

/**
 * Whether a request could be met by a resource group whose agents were all empty and there. A shape that once could is
 * not looked up again until an agent's capacity may have changed.
 */
final class Capacities
{
    private final CoreState state;
    private final AgentTable agents;
    private final AgentKinds kinds;
    /** Agents of each kind that the constraints let be taken. */
    private int[] matching = new int[16];
    /** Kernels for which one of them has room. */
    private long[] onOne = new long[16];
    private final int[] devices = new int[SlotTable.DEVICES_MAX];
    private final ConstraintMatcher matcher;
    private final PartsFit fit;
    private final PartsRoom.Source source = this::load;
    /** The part that stands in the way. */
    private Request lacking;
    private boolean spreads;
    private boolean packs;
    private boolean isConstrained;
    private int slot;
    private long requested;
    private long limit;

    Capacities(final CoreState state)
    {
        this.state = state;
        agents = state.agents;
        kinds = state.kinds;
        matcher = new ConstraintMatcher(state, true);
        fit = new PartsFit(state);
    }

    /** Whether no agent at all is what the constraints ask for. */
    boolean isConstrained()
    {
        return isConstrained;
    }

    /** Slot that stands in the way, NONE if it is the number of kernels. */
    int slot()
    {
        return slot;
    }

    long requested()
    {
        return requested;
    }

    long limit()
    {
        return limit;
    }

    /** A group that never had an agent could still meet anything, and one may be told to take whatever comes. */
    boolean takesAny(final int group)
    {
        return 0 == state.groups.get(state.groups.agents, group) ||
            0 != state.groups.get(state.groups.acceptUnsatisfiable, group);
    }

    boolean couldFit(final SubmissionEntry entry)
    {
        final Request request = entry.request;
        isConstrained = false;
        if (takesAny(request.group))
        {
            return true;
        }
        final long version = state.capacityChanges + 1;
        if (version == entry.satisfiableAt)
        {
            return true;
        }
        final int constraint = state.constraints.find(entry.constraint, 0, entry.constraintLength);
        for (Request part = request; null != part; part = part.rest)
        {
            part.constraint = constraint;
        }
        final int shape = Table.NONE == constraint ? Table.NONE : state.shapes.find(request);
        if (Table.NONE != shape && version == state.shapes.get(state.shapes.satisfiableAt, shape))
        {
            entry.satisfiableAt = version;
            return true;
        }
        matcher.read(entry.constraint, entry.constraintLength);
        spreads = matcher.has(ConstraintKind.SPREAD_STRICT);
        packs = matcher.has(ConstraintKind.PACK_STRICT);
        final boolean parted = null != request.rest;
        final long places = parted ? placesForAll(request) :
            0 == entry.constraintLength ? places(request) : placesMatching(request);
        final int kernels = request.kernelsInAll();
        if (places >= kernels)
        {
            entry.satisfiableAt = version;
            if (Table.NONE != shape)
            {
                state.shapes.set(state.shapes.satisfiableAt, shape, version);
            }
            return true;
        }
        if (places > 0)
        {
            slot = Table.NONE;
            requested = kernels;
            limit = places;
        }
        else if (entry.constraintLength > 0 && !matchesAny())
        {
            isConstrained = true;
            requested = 1;
            limit = 0;
        }
        else
        {
            blame(parted ? lacking : request);
        }
        return false;
    }

    /** Kernels of all parts together for which there is room; 0 if there is none for any of one part. */
    private long placesForAll(final Request request)
    {
        fit.load(request);
        fit.together(spreads, packs);
        if (fit.find(request.group, source))
        {
            return request.kernelsInAll();
        }
        lacking = request;
        for (int part = 0; part < fit.failedPart(); part++)
        {
            lacking = lacking.rest;
        }
        if (!fit.failedAlone())
        {
            return Math.max(1, Math.min(fit.kernelsTaken(), request.kernelsInAll() - 1));
        }
        final long others = request.kernelsInAll() - lacking.kernels;
        final long alone = fit.alone(fit.failedPart());
        if (0 == alone)
        {
            // Says as well which kinds match.
            placesMatching(lacking);
            return 0;
        }
        return others + alone;
    }

    private boolean load(final int agent, final AgentForecast target)
    {
        if (!matcher.matches(agent))
        {
            return false;
        }
        target.loadEmpty(agent);
        return true;
    }

    private boolean matchesAny()
    {
        boolean any = false;
        for (int kind = 0; kind < kinds.highWater() && !any; kind++)
        {
            any = matching[kind] > 0;
        }
        return any;
    }

    /** Kernels for which the agents of a group have room, counted up to those wanted. */
    private long places(final Request request)
    {
        clearMatching();
        long places = 0;
        for (int kind = 0; kind < kinds.highWater(); kind++)
        {
            matching[kind] = kinds.members(kind, request.group);
            places += matching[kind] > 0 ? matching[kind] * placesOn(kind, request) : 0;
        }
        return Math.min(places, request.kernels);
    }

    /** The same where constraints let only some agents be taken. */
    private long placesMatching(final Request request)
    {
        clearMatching();
        long places = 0;
        for (int agent = 1; agent < agents.highWater() && places < request.kernels; agent++)
        {
            if (request.group == agents.get(agents.group, agent) && matcher.matches(agent))
            {
                final int kind = kinds.kindOf(agent);
                onOne[kind] = 0 == matching[kind]++ ? placesOn(kind, request) : onOne[kind];
                places = packs ?
                    Math.max(places, onOne[kind]) :
                    places + (spreads ? Math.min(onOne[kind], 1) : onOne[kind]);
            }
        }
        return places;
    }

    private void clearMatching()
    {
        if (matching.length < kinds.highWater())
        {
            matching = new int[kinds.highWater() * 2];
            onOne = new long[kinds.highWater() * 2];
        }
        Arrays.fill(matching, 0);
    }

    private long placesOn(final int kind, final Request request)
    {
        final int kernelsMax = kinds.kernelsMax(kind);
        long places = kernelsMax < 0 ? request.kernels : Math.min(kernelsMax, request.kernels);
        for (int s = 0; s < state.slots.count() && places > 0; s++)
        {
            if (request.amounts[s] > 0 && !state.slots.isShare(s))
            {
                places = Math.min(places, kinds.capacity(kind, s) / request.amounts[s]);
            }
        }
        for (int mask = request.furtherMask; 0 != mask && places > 0; mask &= mask - 1)
        {
            final int share = Integer.numberOfTrailingZeros(mask);
            if (state.slots.isShare(share))
            {
                places = sharePlaces(kind, request, share, places);
            }
        }
        return places;
    }

    /** Gives kernel after kernel the devices of an idle agent, up to a number of them. */
    private long sharePlaces(final int kind, final Request request, final int slot, final long most)
    {
        final int partner = state.slots.partner(slot);
        final int count = (int)kinds.capacity(kind, partner);
        final long whole = request.amounts[partner];
        final long shared = Shares.devices(request.amounts[slot]);
        final int share = (int)Shares.ofEach(request.amounts[slot]);
        Arrays.fill(devices, 0, count, AgentView.WHOLE);
        if (whole + shared > count)
        {
            return 0;
        }
        for (long places = 0; places < most; places++)
        {
            final long idle = DevicePicker.idle(devices, 0, count, whole);
            final long shares = DevicePicker.fullest(devices, 0, count, idle, shared, share);
            if (whole > 0 && 0 == idle || 0 == shares)
            {
                return places;
            }
            subtract(idle, AgentView.WHOLE);
            subtract(shares, share);
        }
        return most;
    }

    private void subtract(final long mask, final int thousandths)
    {
        for (long rest = mask; 0 != rest; rest &= rest - 1)
        {
            devices[Long.numberOfTrailingZeros(rest)] -= thousandths;
        }
    }

    /** The first slot of which no agent has enough; if each has been met by some agent, cpu beside all the others. */
    private void blame(final Request request)
    {
        for (int s = 0; s < state.slots.count(); s++)
        {
            final long most = most(request, s, false);
            if (request.amounts[s] > most)
            {
                blame(request, s, most);
                return;
            }
        }
        for (int s = 0; s < state.slots.count(); s++)
        {
            final long most = most(request, s, true);
            if (request.amounts[s] > most && most > 0)
            {
                blame(request, s, most);
                return;
            }
        }
        blame(request, SlotTable.CPU, 0);
    }

    private void blame(final Request request, final int blamed, final long most)
    {
        slot = blamed;
        requested = request.amounts[blamed];
        limit = most;
    }

    /** Most of a slot that any agent has, or that any has which has enough of all others. */
    private long most(final Request request, final int wanted, final boolean othersMet)
    {
        long most = 0;
        for (int kind = 0; kind < kinds.highWater(); kind++)
        {
            if (matching[kind] > 0 && (!othersMet || meetsOthers(kind, request, wanted)))
            {
                most = Math.max(most, kinds.capacity(kind, wanted));
            }
        }
        return most;
    }

    private boolean meetsOthers(final int kind, final Request request, final int except)
    {
        for (int s = 0; s < state.slots.count(); s++)
        {
            if (s != except && kinds.capacity(kind, s) < request.amounts[s])
            {
                return false;
            }
        }
        return true;
    }
}
