package io.plimsoll.core;

import java.util.Arrays;

/**
 * Which sessions have to yield so that another one fits, and on which agents it will go then: the fewest, and of those
 * the least costly; never one without which it would fit as well.
 *
 * <p>For a session with one kernel that is exact, agent by agent, as long as an agent has few candidates; beyond
 * {@link #TRIES_MAX} tries on an agent, or {@link #TRIES_IN_ALL_MAX} on all, and for several kernels, they are taken
 * one by one until it fits, and those that turn out superfluous are dropped, the most costly first; of several orders
 * in which that can be done, the one that comes out best counts. Where the parts of the session differ,
 * {@link PartsFit} says whether it fits.
 */
final class YieldPlan
{
    private static final int TRIES_MAX = 1000;
    private static final int TRIES_IN_ALL_MAX = 20_000;

    private final CoreState state;
    private final SessionTable sessions;
    private final KernelTable kernels;
    private final ShapeTable shapes;
    private final AgentTable agents;
    private final VictimSearch search;
    private final Wanted wanted;
    private final AgentForecast base;
    private final AgentForecast scratch;
    private final PartsFit fit;
    private final PartsRoom.Source after = this::load;
    private int shape;
    private int group;

    /** On one agent, or in the whole group. */
    private final YieldCandidates candidates;
    private int[] stack = new int[64];
    /** Positions of candidates in the order in which they are taken, in the lower half. */
    private long[] order = new long[64];
    private int tries;
    private int triesInAll;

    private int[] victims = new int[16];
    private int victimCount;
    private long victimCost;
    private int[] places = new int[64];
    private int[] claims = new int[16];
    private int claimCount;

    YieldPlan(final CoreState state, final VictimSearch search)
    {
        this.state = state;
        this.search = search;
        sessions = state.sessions;
        kernels = state.kernels;
        shapes = state.shapes;
        agents = state.agents;
        candidates = new YieldCandidates(sessions);
        wanted = new Wanted(state);
        base = new AgentForecast(state);
        scratch = new AgentForecast(state);
        fit = new PartsFit(state);
    }

    int victims()
    {
        return victimCount;
    }

    int victim(final int index)
    {
        return victims[index];
    }

    int claims()
    {
        return claimCount;
    }

    int claim(final int index)
    {
        return claims[index];
    }

    /** Looks who would have to yield to a session of a shape; false if that would not help, or nobody has to. */
    boolean find(final int groupId, final int wantedShape)
    {
        group = groupId;
        shape = wantedShape;
        wanted.load(shape);
        search.of(shape);
        victimCount = 0;
        claimCount = 0;
        triesInAll = 0;
        final boolean found = shapes.isParted(shape) ? findParts() : 1 == wanted.kernels ? findOne() : findMany();
        candidates.clear();
        return found;
    }

    private boolean isUsable(final int agent)
    {
        return group == agents.get(agents.group, agent) &&
            agents.mayGetWork(agent) &&
            0 == agents.get(agents.claimedBy, agent) &&
            state.schedule.placement.matches(agent, shapes.get(shapes.constraint, shape));
    }

    /** An agent as it will be when those have left who are on their way. */
    private void loadBase(final int agent)
    {
        base.load(agent);
        releaseLeaving(agents.get(agents.waitHead, agent));
        releaseLeaving(agents.get(agents.restartHead, agent));
    }

    private void releaseLeaving(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if (search.isLeaving(kernel))
            {
                base.release(kernel);
            }
        }
    }

    /* Candidates. */

    private void addCandidates(final int agent)
    {
        addCandidatesFrom(agents.get(agents.waitHead, agent));
        addCandidatesFrom(agents.get(agents.restartHead, agent));
    }

    private void addCandidatesFrom(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            final int session = kernels.get(kernels.session, kernel);
            if (0 == kernels.get(kernels.held, kernel) && Table.NONE != session && !candidates.contains(session) &&
                search.isVictim(session))
            {
                candidates.add(session, search.cost(session));
            }
        }
    }

    private boolean yields(final int kernel)
    {
        final int session = kernels.get(kernels.session, kernel);
        return Table.NONE != session && 0 == kernels.get(kernels.held, kernel) && candidates.isYielding(session);
    }

    /** The agent once those have left who are on their way or have to yield. */
    private void loadAfter(final int agent)
    {
        scratch.copy(base);
        releaseYielding(agents.get(agents.waitHead, agent));
        releaseYielding(agents.get(agents.restartHead, agent));
    }

    private void releaseYielding(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if (yields(kernel))
            {
                scratch.release(kernel);
            }
        }
    }

    /* One kernel. */

    private boolean findOne()
    {
        int best = Table.NONE;
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (isUsable(agent))
            {
                loadBase(agent);
                if (base.fits(wanted))
                {
                    victimCount = 0;
                    return false;
                }
                candidates.clear();
                addCandidates(agent);
                if (candidates.count() > 0 && searchOn(agent))
                {
                    best = agent;
                }
            }
        }
        if (Table.NONE != best)
        {
            addClaim(best);
        }
        return Table.NONE != best;
    }

    /** Whether an agent does with fewer or less costly victims than what was found so far; notes them then. */
    private boolean searchOn(final int agent)
    {
        candidates.markAll(true);
        loadAfter(agent);
        final boolean helps = scratch.fits(wanted);
        candidates.markAll(false);
        if (!helps)
        {
            return false;
        }
        tries = Math.max(0, triesInAll + TRIES_MAX - TRIES_IN_ALL_MAX);
        triesInAll -= tries;
        final int most = 0 == victimCount ? candidates.count() : Math.min(candidates.count(), victimCount);
        for (int size = 1; size <= most; size++)
        {
            final boolean found = tryAll(agent, size);
            if (found || tries >= TRIES_MAX)
            {
                triesInAll += tries;
                return takeGreedily(agent, false) | takeGreedily(agent, true) | found;
            }
        }
        triesInAll += tries;
        return false;
    }

    /** All choices of so many, in order of the positions; those that cost too much are left out. */
    private boolean tryAll(final int agent, final int size)
    {
        boolean found = false;
        int depth = 0;
        if (stack.length < size)
        {
            stack = new int[size * 2];
        }
        stack[0] = 0;
        long cost = 0;
        while (depth >= 0 && tries < TRIES_MAX)
        {
            if (stack[depth] > candidates.count() - (size - depth))
            {
                depth--;
                cost -= depth < 0 ? 0 : unmark(stack[depth]++);
                continue;
            }
            final int position = stack[depth];
            final boolean tooCostly = size == victimCount && cost + candidates.cost(position) >= victimCost;
            if (tooCostly)
            {
                // Those that follow cost no less.
                stack[depth] = candidates.count();
                continue;
            }
            candidates.mark(position, true);
            cost += candidates.cost(position);
            if (depth + 1 == size)
            {
                tries++;
                loadAfter(agent);
                if (scratch.fits(wanted))
                {
                    note(cost, size);
                    found = true;
                }
                cost -= unmark(position);
                stack[depth]++;
            }
            else
            {
                depth++;
                stack[depth] = position + 1;
            }
        }
        candidates.markAll(false);
        return found;
    }

    private long unmark(final int position)
    {
        candidates.mark(position, false);
        return candidates.cost(position);
    }

    /** Notes those that yield now. */
    private void note(final long cost, final int count)
    {
        victimCount = 0;
        victimCost = cost;
        if (count > victims.length)
        {
            victims = new int[count * 2];
        }
        for (int i = 0; i < candidates.count(); i++)
        {
            if (candidates.yields(i))
            {
                victims[victimCount++] = candidates.session(i);
            }
        }
    }

    /** The least costly first, or last; what turns out not to be needed is dropped. */
    private boolean takeGreedily(final int agent, final boolean last)
    {
        loadAfter(agent);
        for (int i = 0; i < candidates.count() && !scratch.fits(wanted); i++)
        {
            final int position = last ? candidates.count() - 1 - i : i;
            candidates.mark(position, true);
            loadAfter(agent);
        }
        for (int i = candidates.count() - 1; i >= 0; i--)
        {
            if (candidates.yields(i))
            {
                candidates.mark(i, false);
                loadAfter(agent);
                candidates.mark(i, !scratch.fits(wanted));
            }
        }
        final boolean better = noteIfBetter();
        candidates.markAll(false);
        return better;
    }

    private boolean noteIfBetter()
    {
        final int count = candidates.yielding();
        final long cost = candidates.yieldingCost();
        final boolean better = 0 == victimCount || count < victimCount || (count == victimCount && cost < victimCost);
        if (better)
        {
            note(cost, count);
        }
        return better;
    }

    /* Several kernels. */

    private boolean findMany()
    {
        int sum = 0;
        candidates.clear();
        if (places.length < agents.highWater())
        {
            places = new int[Math.max(agents.highWater(), places.length * 2)];
        }
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            places[agent] = 0;
            if (isUsable(agent))
            {
                count(agent);
                sum += places[agent];
                addCandidates(agent);
            }
        }
        if (sum >= wanted.kernels || !takeFrom(sum, false))
        {
            return false;
        }
        takeFrom(sum, true);
        for (int i = 0; i < victimCount; i++)
        {
            mark(victims[i], true);
        }
        claimMany();
        return true;
    }

    /** Takes candidates until there is room, the least costly first, or those first that alone make most room. */
    private boolean takeFrom(final int room, final boolean byGain)
    {
        if (order.length < candidates.count())
        {
            order = new long[candidates.count() * 2];
        }
        for (int i = 0; i < candidates.count(); i++)
        {
            final long gain = byGain ? mark(candidates.session(i), true) : 0;
            order[i] = (Integer.MAX_VALUE - gain << Integer.SIZE) + i;
            if (byGain)
            {
                mark(candidates.session(i), false);
            }
        }
        Arrays.sort(order, 0, candidates.count());
        int sum = room;
        for (int i = 0; i < candidates.count() && sum < wanted.kernels; i++)
        {
            sum += mark(candidates.session((int)order[i]), true);
        }
        final boolean enough = sum >= wanted.kernels;
        if (enough)
        {
            dropSuperfluous(sum);
        }
        for (int i = 0; i < candidates.count(); i++)
        {
            if (candidates.yields(i))
            {
                mark(candidates.session(i), false);
            }
        }
        return enough;
    }

    private void count(final int agent)
    {
        loadBase(agent);
        loadAfter(agent);
        places[agent] = scratch.takeAll(wanted, wanted.kernels);
    }

    /** Has a session yield, or not; returns for how many more kernels there is room then. */
    private int mark(final int session, final boolean yields)
    {
        candidates.markSession(session, yields);
        int gain = 0;
        for (int kernel = sessions.get(sessions.kernelHead, session);
            Table.NONE != kernel;
            kernel = kernels.get(kernels.siblingNext, kernel))
        {
            final int agent = kernels.get(kernels.agent, kernel);
            if (isUsable(agent))
            {
                final int before = places[agent];
                count(agent);
                gain += places[agent] - before;
            }
        }
        return gain;
    }

    private void dropSuperfluous(final int room)
    {
        int sum = room;
        for (int i = candidates.count() - 1; i >= 0; i--)
        {
            if (candidates.yields(i))
            {
                final int without = sum + mark(candidates.session(i), false);
                if (without >= wanted.kernels)
                {
                    sum = without;
                }
                else
                {
                    mark(candidates.session(i), true);
                }
            }
        }
        noteIfBetter();
    }

    /** Agents on which somebody yields come first, then others with room, until there is enough. */
    private void claimMany()
    {
        int left = wanted.kernels;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int agent = 1; agent < agents.highWater() && left > 0; agent++)
            {
                final boolean isYielding =
                    hasYielding(agents.get(agents.waitHead, agent)) ||
                    hasYielding(agents.get(agents.restartHead, agent));
                if (places[agent] > 0 && isYielding == (0 == pass))
                {
                    addClaim(agent);
                    left -= places[agent];
                }
            }
        }
    }

    /* Unequal parts. */

    /**
     * The most costly yield until all parts fit; then it is tried without half of them, a quarter and so on, so that in
     * the end it does not fit without any one.
     */
    private boolean findParts()
    {
        candidates.clear();
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (isUsable(agent))
            {
                addCandidates(agent);
            }
        }
        fit.load(shape);
        if (candidates.count() == 0 || fitsAfter())
        {
            return false;
        }
        candidates.markFrom(0);
        if (!fitsAfter())
        {
            return false;
        }
        int from = 0;
        int to = candidates.count();
        while (to - from > 1)
        {
            final int middle = (from + to) >>> 1;
            candidates.markFrom(middle);
            if (fitsAfter())
            {
                from = middle;
            }
            else
            {
                to = middle;
            }
        }
        candidates.markFrom(from);
        drop(from, candidates.count());
        return fitsAfter() && claimParts();
    }

    /** Lets those of a range go on without which it fits as well, the most costly first. */
    private void drop(final int from, final int to)
    {
        candidates.markRange(from, to, false);
        if (fitsAfter())
        {
            return;
        }
        candidates.markRange(from, to, true);
        if (to - from > 1)
        {
            final int middle = (from + to) >>> 1;
            drop(middle, to);
            drop(from, middle);
        }
    }

    private boolean fitsAfter()
    {
        return fit.find(group, after);
    }

    private boolean load(final int agent, final AgentForecast target)
    {
        if (!isUsable(agent))
        {
            return false;
        }
        loadBase(agent);
        loadAfter(agent);
        target.copy(scratch);
        return true;
    }

    /** Agents on which somebody yields, and those that it takes besides. */
    private boolean claimParts()
    {
        note(candidates.yieldingCost(), candidates.yielding());
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (null != fit.after(agent))
            {
                addClaim(agent);
            }
        }
        return victimCount > 0;
    }

    private boolean hasYielding(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if (yields(kernel))
            {
                return true;
            }
        }
        return false;
    }

    private void addClaim(final int agent)
    {
        if (claimCount == claims.length)
        {
            claims = Arrays.copyOf(claims, claimCount * 2);
        }
        claims[claimCount++] = agent;
    }
}
