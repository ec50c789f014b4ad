package io.plimsoll.core;

import io.plimsoll.core.Explanation.Filter;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.Liveness;
import java.util.Arrays;

/** What each agent of a group says to one session that waits. Looks at every agent; changes nothing. */
final class AgentExplainer
{
    private static final int THOUSAND = 1000;

    private final CoreState state;
    private final AgentTable agents;
    private final SlotTable slots;
    private final Wanted wanted;
    private final AgentForecast forecast;
    private final ExplainedConstraints constraints;
    private final PartsFit fit;
    private final PartsRoom.Source source = this::load;
    private boolean isParted;
    /** Agents that nothing but their room keeps from a kernel, of a session whose parts differ; in order. */
    private int[] passingAgents = new int[16];
    private int passing;
    private final long[] missing = new long[SlotTable.SLOTS_MAX];
    private int[] rejected;
    private int[] byConstraint;
    private int[] lacking;
    private int total;
    private int fitting;
    private long places;
    private boolean spreads;
    private boolean packs;
    private long[] least;
    private long leastRank;
    private int leastAgents;

    AgentExplainer(final CoreState state)
    {
        this.state = state;
        agents = state.agents;
        slots = state.slots;
        wanted = new Wanted(state);
        forecast = new AgentForecast(state);
        constraints = new ExplainedConstraints(state);
        fit = new PartsFit(state);
    }

    Explanation.Agents explain(final int group, final int session, final int shape)
    {
        wanted.load(shape);
        isParted = state.shapes.isParted(shape);
        passing = 0;
        constraints.load(shape);
        spreads = constraints.has(ConstraintKind.SPREAD_STRICT);
        packs = constraints.has(ConstraintKind.PACK_STRICT);
        rejected = new int[Filter.values().length];
        byConstraint = new int[constraints.count()];
        lacking = new int[slots.count()];
        total = 0;
        fitting = 0;
        places = 0;
        least = null;
        leastRank = Long.MAX_VALUE;
        leastAgents = 0;
        final long sessionId = state.sessions.get(state.sessions.nextId, session);
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (agents.isLive(agent) && group == agents.get(agents.group, agent))
            {
                total++;
                ask(agent, sessionId);
            }
        }
        int part = 0;
        if (isParted)
        {
            part = measureParts(group, session, shape);
        }
        final Explanation.Shortfall shortfall =
            null == least || !isParted && places >= wanted.kernels ?
                null :
                new Explanation.Shortfall(leastAgents, least);
        final int kernels = state.shapes.get(state.shapes.kernelsInAll, shape);
        return new Explanation.Agents(
            total, rejected, byConstraint, lacking, fitting, Math.min(places, kernels), kernels, shortfall, part,
            isParted ? fit.parts() : 1);
    }

    /** Of the part that lacks room when those before it have theirs; returns its number. */
    private int measureParts(final int group, final int session, final int shape)
    {
        fit.load(shape);
        fit.together(spreads, packs);
        final boolean isPlaceable =
            !state.schedule.lacksPolicy(group) && state.schedule.placement.tryPlace(group, session);
        if (isPlaceable || fit.find(group, source))
        {
            places = state.shapes.get(state.shapes.kernelsInAll, shape);
            fitting = passing;
            return 0;
        }
        final int part = fit.failedPart();
        wanted.load(fit.row(part));
        for (int i = 0; i < passing; i++)
        {
            final int agent = passingAgents[i];
            final AgentForecast taken = fit.failedAlone() ? null : fit.after(agent);
            if (null == taken)
            {
                forecast.load(agent);
            }
            else
            {
                forecast.copy(taken);
            }
            if (forecast.fits(wanted))
            {
                fitting++;
                measureNext();
            }
            else
            {
                measure(1, 1);
            }
        }
        final int kernels = state.shapes.get(state.shapes.kernelsInAll, shape);
        places = fit.failedAlone() ? kernels - wanted.kernels + fit.alone(part) : fit.kernelsTaken();
        places = Math.min(places, kernels - 1L);
        return part;
    }

    /** What an agent lacks for another kernel of a part beyond those that it has room for. */
    private void measureNext()
    {
        if (!spreads)
        {
            final int here = forecast.takeAll(wanted, wanted.kernels);
            if (here < wanted.kernels && forecast.kernelsLeft() > 0)
            {
                measure(packs ? wanted.kernels - here : 1, 0);
            }
        }
    }

    private boolean load(final int agent, final AgentForecast target)
    {
        if (Arrays.binarySearch(passingAgents, 0, passing, agent) < 0)
        {
            return false;
        }
        target.load(agent);
        return true;
    }

    private void ask(final int agent, final long sessionId)
    {
        final Filter filter = filter(agent, sessionId);
        if (null != filter)
        {
            rejected[filter.ordinal()]++;
            return;
        }
        if (isParted)
        {
            if (passing == passingAgents.length)
            {
                passingAgents = Arrays.copyOf(passingAgents, passing * 2);
            }
            passingAgents[passing++] = agent;
            return;
        }
        forecast.load(agent);
        if (!forecast.fits(wanted))
        {
            measure(packs ? wanted.kernels : 1, 1);
            return;
        }
        fitting++;
        if (places < wanted.kernels)
        {
            takePlaces();
        }
    }

    /** Who must be spread has one kernel on an agent, who must be packed has all on one. */
    private void takePlaces()
    {
        if (spreads)
        {
            places++;
            return;
        }
        final int here = forecast.takeAll(wanted, wanted.kernels);
        places = packs ? Math.max(places, here) : places + here;
        if (places < wanted.kernels && forecast.kernelsLeft() > 0)
        {
            measure(packs ? wanted.kernels - here : 1, 0);
        }
    }

    /** The first that keeps a kernel away from an agent; null if its room decides. */
    private Filter filter(final int agent, final long sessionId)
    {
        final byte liveness = agents.get(agents.liveness, agent);
        if (Liveness.LOST.value() == liveness)
        {
            return Filter.LOST;
        }
        if (0 == agents.get(agents.connected, agent))
        {
            return Filter.DISCONNECTED;
        }
        if (Liveness.SUSPECT.value() == liveness)
        {
            return Filter.SUSPECT;
        }
        if (0 == agents.get(agents.reconciled, agent))
        {
            return Filter.NOT_RECONCILED;
        }
        if (0 != agents.get(agents.drained, agent))
        {
            return Filter.DRAINED;
        }
        if (0 != agents.get(agents.quarantined, agent))
        {
            return Filter.QUARANTINED;
        }
        final int constraint = constraints.firstUnmet(agent);
        if (Table.NONE != constraint)
        {
            byConstraint[constraint]++;
            return Filter.CONSTRAINT;
        }
        final long claimedBy = agents.get(agents.claimedBy, agent);
        if (0 != claimedBy && sessionId != claimedBy)
        {
            return Filter.CLAIMED;
        }
        return agents.kernelsLeft(agent) <= 0 ? Filter.KERNELS_MAX : null;
    }

    /** What an agent that passed lacks for so many more kernels; it counts as lacking it so many times. */
    private void measure(final int kernels, final int times)
    {
        Arrays.fill(missing, 0, slots.count(), 0);
        lack(SlotTable.CPU, kernels, times);
        lack(SlotTable.MEM, kernels, times);
        for (int mask = wanted.furtherMask; 0 != mask; mask &= mask - 1)
        {
            lack(Integer.numberOfTrailingZeros(mask), kernels, times);
        }
        long rank = rank();
        if (0 == rank && wanted.families > 0)
        {
            // Amounts alone would do: it is devices for both whole ones and shares, or for several shares, that lack.
            final int slot = shareSlot();
            missing[slot] = wanted.amount(slot);
            lacking[slot] += times;
            rank = rank();
        }
        if (rank < leastRank)
        {
            leastRank = rank;
            least = Arrays.copyOf(missing, slots.count());
            leastAgents = 1;
        }
        else if (rank == leastRank && Arrays.equals(least, 0, least.length, missing, 0, least.length))
        {
            leastAgents++;
        }
    }

    private void lack(final int slot, final int kernels, final int times)
    {
        final long lacks = wanted.need[slot] * kernels - forecast.free(slot);
        if (lacks > 0)
        {
            missing[slot] = lacks;
            lacking[slot] += times;
        }
    }

    private int shareSlot()
    {
        final int devices = wanted.deviceSlot(0);
        final int partner = slots.partner(devices);
        return Table.NONE == partner || 0 == wanted.amount(partner) ? devices : partner;
    }

    /** The fewer slots are short the better, then the smaller the part of the need that is. */
    private long rank()
    {
        long rank = 0;
        for (int slot = 0; slot < slots.count(); slot++)
        {
            if (missing[slot] > 0)
            {
                final long need = Math.max(1, wanted.need[slot]);
                final long part = missing[slot] > Long.MAX_VALUE / THOUSAND ?
                    missing[slot] / need * THOUSAND : missing[slot] * THOUSAND / need;
                rank += (1L << 40) + Math.min(part, 1L << 32);
            }
        }
        return rank;
    }
}
