package io.plimsoll.core;

import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.policy.SelectionPolicy;
import io.plimsoll.core.sbe.SelectPolicy;
import java.util.Arrays;

/**
 * Chooses agents for a session whose parts differ. Whether it fits is up to {@link PartsFit}. If it does, the selection
 * of the group says where, kernel after kernel in order of their indexes; where that leads nowhere, the scarcest parts
 * first; and where that does not either, it goes where the packing put it. For each part, all agents that have room for
 * one of its kernels are looked at. Each kernel's devices are remembered, since they are picked in another order than
 * kernels are assigned in.
 */
final class PartsPlacement
{
    private final CoreState state;
    private final AgentTable agents;
    private final AgentIndex index;
    private final PartsRoom room;
    private final PartsRoom.Source source = this::load;
    private final PartsFit fit;
    private final PartsTopology topology;
    private final AgentFilter filter;
    private final ForecastView view;
    private final AgentForecast scratch;
    private final Chosen chosen;
    /** Devices by kernel and slot, as masks. */
    private final long[] picked = new long[KernelTable.KERNELS_MAX * SlotTable.SLOTS_MAX];
    private long[] scores = new long[64];
    private final int[] nextIndex = new int[PartsFit.PARTS_MAX];

    private PlacementGuard guard;
    private boolean isGuarded;
    private boolean isRanked;
    private boolean packsNew;
    private int kernels;
    private SelectPolicy select;
    private int selection;
    private final SlotPriority priority;
    private SelectionPolicy policy;
    private RequestMix mix;
    private final FailedAgents failed;
    /** Agents that failed may be used as far as it is their turn. */
    private int turn;
    private int cursor;
    private long sessionId;
    private long seed;

    PartsPlacement(final CoreState state, final AgentIndex index, final Chosen chosen)
    {
        this.state = state;
        this.index = index;
        this.chosen = chosen;
        agents = state.agents;
        failed = new FailedAgents(state.sessions);
        room = new PartsRoom(state);
        fit = new PartsFit(state);
        filter = new AgentFilter(state, new Wanted(state), null, room);
        view = new ForecastView(state, room);
        scratch = new AgentForecast(state);
        topology = new PartsTopology(fit);
        priority = new SlotPriority(state);
    }

    /** Tries to place all kernels of a session that waits in a group; a guard, which may be null, keeps agents free. */
    boolean place(final int group, final int session, final PlacementGuard placementGuard)
    {
        final int shape = state.sessions.get(state.sessions.shape, session);
        begin(group, session, shape);
        guard = placementGuard;
        if (!fit.find(group, source))
        {
            chosen.count(0);
            return false;
        }
        if (SelectPolicy.TOPOLOGY == select && !isRanked)
        {
            placeTogether(group);
        }
        else if (!placeInOrder(false) && !placeInOrder(true))
        {
            takeFound();
        }
        chosen.count(kernels);
        return true;
    }

    private void begin(final int group, final int session, final int shape)
    {
        final AgentPool pool = index.pool(group);
        final ScoreIndex scored = pool.scores();
        sessionId = state.sessions.get(state.sessions.nextId, session);
        failed.load(session);
        seed = state.groups.get(state.groups.selectionSeed, group);
        select = SelectPolicy.get((short)pool.select());
        selection = pool.selection();
        policy = null == scored ? null : scored.policy();
        mix = state.requests.of(group);
        kernels = state.shapes.get(state.shapes.kernelsInAll, shape);
        turn = failed.count();
        isGuarded = false;
        room.clear();
        filter.begin(group, sessionId, shape, false);
        isRanked = filter.isRanked();
        packsNew = isRanked && filter.packsNew();
        fit.load(shape);
        fit.together(isRanked && filter.spreads(), packsNew);
    }

    private boolean load(final int agent, final AgentForecast target)
    {
        if (failed.turn(agent) > turn || !filter.isUsable(agent) || !filter.matches(agent) ||
            isRanked && !filter.allows(agent) || isKept(agent))
        {
            return false;
        }
        target.load(agent);
        return true;
    }

    /** Where only some of the kernels would leave enough for others, none are placed. */
    private boolean isKept(final int agent)
    {
        if (null == guard)
        {
            return false;
        }
        final int most = Math.min(agents.kernelsLeft(agent), kernels);
        final boolean kept = guard.kernelsMax(agent, most) < most;
        isGuarded |= kept;
        return kept;
    }

    /** Whether a guard kept the last try from an agent. */
    boolean isGuarded()
    {
        return isGuarded;
    }

    /** Number of the part that does not fit even by itself, NONE if each does and it is all of them that do not. */
    int blockedPart()
    {
        return fit.failedAlone() ? fit.failedPart() : Table.NONE;
    }

    /** Kernels of that part without a place; 0 where it cannot be said. */
    int missing()
    {
        final int part = fit.failedPart();
        return isRanked ? 0 : (int)(fit.part(part).kernels - fit.alone(part));
    }

    long picked(final int kernelIndex, final int slot)
    {
        return picked[kernelIndex * SlotTable.SLOTS_MAX + slot];
    }

    /* By the selection. */

    private boolean placeInOrder(final boolean scarcestFirst)
    {
        room.clear();
        cursor = state.groups.get(state.groups.cursor, state.shapes.get(state.shapes.group, fit.row(0)));
        boolean placed = true;
        for (int i = 0; placed && i < fit.parts(); i++)
        {
            placed = placePart(scarcestFirst ? fit.inOrder(i) : i);
        }
        return placed;
    }

    private boolean placePart(final int part)
    {
        final Wanted wanted = fit.part(part);
        scoreAll(part);
        for (int i = 0; i < wanted.kernels; i++)
        {
            final int kernel = fit.firstIndex(part) + i;
            final int best = best(part, kernel);
            if (Table.NONE == best)
            {
                return false;
            }
            cursor = fit.candidate(best);
            take(cursor, part, kernel, true);
            scores[best] = fits(cursor, wanted) ? score(cursor, wanted) : 0;
        }
        return true;
    }

    private void scoreAll(final int part)
    {
        if (scores.length < fit.candidates())
        {
            scores = Arrays.copyOf(scores, Math.max(fit.candidates(), scores.length * 2));
        }
        for (int i = 0; SelectPolicy.SCORED == select && i < fit.candidates(); i++)
        {
            final int agent = fit.candidate(i);
            scores[i] = fit.isFor(i, part) && fits(agent, fit.part(part)) ? score(agent, fit.part(part)) : 0;
        }
    }

    private long score(final int agent, final Wanted wanted)
    {
        if (SelectPolicy.SCORED != select)
        {
            return 0;
        }
        try
        {
            return policy.score(view.on(agent, wanted), wanted, mix);
        }
        catch (final RuntimeException exception)
        {
            throw new IllegalStateException(
                "selection=" + policy.name() + " failed on agentId=" + agent, exception);
        }
    }

    private boolean fits(final int agent, final Wanted wanted)
    {
        final AgentForecast forecast = room.of(agent);
        return null == forecast || forecast.fits(wanted);
    }

    private int best(final int part, final int kernel)
    {
        final boolean whole = packsNew && 0 == room.taken();
        int best = Table.NONE;
        for (int i = 0; i < fit.candidates(); i++)
        {
            final int agent = fit.candidate(i);
            if (fit.isFor(i, part) && fits(agent, fit.part(part)) && (!isRanked || filter.allows(agent)) &&
                (!whole || fitsAll(agent)) && (Table.NONE == best || isBetter(i, best, part, kernel)))
            {
                best = i;
            }
        }
        return best;
    }

    /** Whether an agent from which nothing was taken has room for all kernels. */
    private boolean fitsAll(final int agent)
    {
        scratch.load(agent);
        boolean fits = true;
        for (int i = 0; fits && i < fit.parts(); i++)
        {
            final Wanted wanted = fit.part(fit.inOrder(i));
            fits = scratch.takeAll(wanted, wanted.kernels) == wanted.kernels;
        }
        return fits;
    }

    private boolean isBetter(final int candidate, final int bestCandidate, final int part, final int kernel)
    {
        final int agent = fit.candidate(candidate);
        final int best = fit.candidate(bestCandidate);
        final int byFailure = Integer.compare(failed.turn(best), failed.turn(agent));
        if (0 != byFailure)
        {
            return byFailure > 0;
        }
        final int byConstraints = isRanked ? filter.compare(agent, best) : 0;
        if (0 != byConstraints)
        {
            return byConstraints > 0;
        }
        final int order = switch (select)
        {
            case SCORED -> Long.compare(scores[candidate], scores[bestCandidate]);
            case ROUND_ROBIN -> Integer.compare(distance(best), distance(agent));
            case RANDOM -> Long.compare(rank(best, kernel), rank(agent, kernel));
            case DISPERSED -> compareFree(agent, best, fit.part(part));
            default -> -compareFree(agent, best, fit.part(part));
        };
        return order > 0 || 0 == order && agent < best;
    }

    /** How many ids an agent is beyond the one that was taken last, going round. */
    private int distance(final int agent)
    {
        return agent > cursor ? agent - cursor : agent + agents.highWater() - cursor;
    }

    private long rank(final int agent, final int kernel)
    {
        return RandomSelection.rank(seed, sessionId, kernel, agent);
    }

    /** Above zero if the first of two agents has more free; where more kinds are left unused is last either way. */
    private int compareFree(final int left, final int right, final Wanted wanted)
    {
        final boolean most = SelectPolicy.DISPERSED == select;
        final int byUnused = Integer.compare(
            agents.kindsUnused(left, wanted.furtherMask), agents.kindsUnused(right, wanted.furtherMask));
        if (0 != byUnused)
        {
            return most ? -byUnused : byUnused;
        }
        final int[] order = priority.order(selection, wanted.furtherMask);
        for (int i = 0; i < order.length; i++)
        {
            final int byAmount = i < priority.led() ?
                Long.compare(left(left, order[i]), left(right, order[i])) :
                Long.compare(free(left, order[i]), free(right, order[i]));
            if (0 != byAmount)
            {
                return byAmount;
            }
        }
        return 0;
    }

    private long left(final int agent, final int slot)
    {
        final AgentForecast forecast = room.of(agent);
        return null == forecast ? agents.left(agent, slot) : forecast.left(slot);
    }

    private long free(final int agent, final int slot)
    {
        final AgentForecast forecast = room.of(agent);
        return null == forecast ? agents.free(agent, slot) : forecast.free(slot);
    }

    private void take(final int agent, final int part, final int kernel, final boolean isChoosing)
    {
        final Wanted wanted = fit.part(part);
        final AgentForecast forecast = room.open(agent, source);
        if (!forecast.fits(wanted))
        {
            throw new IllegalStateException("no room: agentId=" + agent + " sessionId=" + sessionId);
        }
        if (isChoosing && null != policy && wanted.isOneShare())
        {
            forecast.pickShare(chooseDevice(agent, wanted));
        }
        for (int mask = wanted.furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            picked[kernel * SlotTable.SLOTS_MAX + slot] = forecast.picked(wanted, slot);
        }
        forecast.take(wanted);
        room.note(agent, wanted.deviceClass, 1);
        chosen.set(kernel, agent);
    }

    private int chooseDevice(final int agent, final Wanted wanted)
    {
        final int device = policy.chooseDevice(view.on(agent, wanted), wanted, mix);
        final int slot = wanted.deviceSlot(0);
        if (device < 0 || device >= agents.capacity(agent, slot) ||
            room.of(agent).deviceFree(slot, device) < wanted.share(0))
        {
            throw new IllegalStateException(
                "selection=" + policy.name() + " chose device=" + device + " of agentId=" + agent);
        }
        return device;
    }

    /* As it was found to fit. */

    private void placeTogether(final int group)
    {
        boolean found = false;
        for (turn = 0; !found && turn <= failed.count(); turn++)
        {
            found = fit.find(group, source) && topology.find(index.pool(group), source);
        }
        turn = failed.count();
        if (!found)
        {
            fit.find(group, source);
        }
        takeFound();
    }

    /** The packing, in which no policy chose devices. */
    private void takeFound()
    {
        room.clear();
        for (int part = 0; part < fit.parts(); part++)
        {
            nextIndex[part] = fit.firstIndex(part);
        }
        for (int entry = 0; entry < fit.taken(); entry++)
        {
            final int part = fit.takenPart(entry);
            for (int i = 0; i < fit.takenKernels(entry); i++)
            {
                take(fit.takenAgent(entry), part, nextIndex[part]++, false);
            }
        }
    }
}
