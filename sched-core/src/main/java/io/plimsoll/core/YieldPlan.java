package io.plimsoll.core;

import java.util.Arrays;

/**
 * Which sessions have to yield so that another one fits, and on which agents it will go then: the fewest, and of those
 * the least costly; never one without which it would fit as well.
 *
 * <p>That is exact as long as there are few candidates: for a session with one kernel on an agent, for others in the
 * group. Beyond {@link #TRIES_MAX} tries on an agent or in the group, {@link #TRIES_IN_ALL_MAX} on all agents, or
 * {@link #PARTS_TRIES_MAX} where parts differ, they are taken one by one until it fits, and those that turn out
 * superfluous are dropped, the most costly first; of several orders in which that can be done, the one that comes out
 * best counts. Where the parts of the session differ, {@link PartsFit} says whether it fits.
 */
final class YieldPlan
{
    private static final int TRIES_MAX = 1000;
    private static final int TRIES_IN_ALL_MAX = 20_000;
    private static final int PARTS_TRIES_MAX = 200;
    /** The same times the agents: each try looks at all. */
    private static final int PARTS_LOOKS_MAX = 20_000;

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
    private final YieldChoice choice;
    private final YieldChoice.Room onAgent = new YieldChoice.Room()
    {
        @Override
        public void mark(final int position, final boolean yields)
        {
            candidates.mark(position, yields);
        }

        @Override
        public boolean isEnough()
        {
            loadAfter(searched);
            return scratch.fits(wanted);
        }
    };
    private final YieldChoice.Room forMany = new YieldChoice.Room()
    {
        @Override
        public void mark(final int position, final boolean yields)
        {
            room += YieldPlan.this.mark(candidates.session(position), yields);
        }

        @Override
        public boolean isEnough()
        {
            return room >= wanted.kernels;
        }
    };
    private final YieldChoice.Room forParts = new YieldChoice.Room()
    {
        @Override
        public void mark(final int position, final boolean yields)
        {
            candidates.mark(position, yields);
        }

        @Override
        public boolean isEnough()
        {
            return fitsAfter();
        }
    };
    /** Positions of candidates in the order in which they are taken, in the lower half. */
    private long[] order = new long[64];
    private int triesInAll;
    /** Agent that is looked at by itself. */
    private int searched;
    /** Kernels for which there is room on all agents. */
    private int room;

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
        choice = new YieldChoice(candidates);
        wanted = new Wanted(state);
        base = new AgentForecast(state);
        scratch = new AgentForecast(state);
        fit = new PartsFit(state);
    }

    int victims()
    {
        return choice.count();
    }

    int victim(final int index)
    {
        return choice.session(index);
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
        choice.clear();
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
                    choice.clear();
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
        choice.allow(Math.min(TRIES_MAX, TRIES_IN_ALL_MAX - triesInAll));
        searched = agent;
        final int most = 0 == choice.count() ? candidates.count() : Math.min(candidates.count(), choice.count());
        for (int size = 1; size <= most; size++)
        {
            final boolean found = choice.tryAll(size, onAgent);
            if (found || choice.isExhausted())
            {
                triesInAll += choice.tries();
                return takeGreedily(agent, false) | takeGreedily(agent, true) | found;
            }
        }
        triesInAll += choice.tries();
        return false;
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
        final boolean better = choice.noteIfBetter();
        candidates.markAll(false);
        return better;
    }

    /* Several kernels. */

    private boolean findMany()
    {
        room = 0;
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
                room += places[agent];
                addCandidates(agent);
            }
        }
        if (room >= wanted.kernels || !takeFrom(room, false))
        {
            return false;
        }
        takeFrom(room, true);
        tryFewer(forMany, TRIES_MAX);
        for (int i = 0; i < choice.count(); i++)
        {
            mark(choice.session(i), true);
        }
        claimMany();
        return true;
    }

    /** All sets of candidates that are smaller than what was found, then those that are as large and less costly. */
    private void tryFewer(final YieldChoice.Room among, final int triesMax)
    {
        choice.allow(triesMax);
        boolean found = false;
        for (int size = 1; size <= choice.count() && !found && !choice.isExhausted(); size++)
        {
            found = choice.tryAll(size, among);
        }
    }

    /** Takes candidates until there is room, the least costly first, or those first that alone make most room. */
    private boolean takeFrom(final int before, final boolean byGain)
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
        int sum = before;
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

    private void dropSuperfluous(final int enough)
    {
        int sum = enough;
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
        choice.noteIfBetter();
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
        choice.noteIfBetter();
        candidates.markAll(false);
        tryFewer(forParts, Math.min(PARTS_TRIES_MAX, PARTS_LOOKS_MAX / agents.highWater()));
        for (int i = 0; i < choice.count(); i++)
        {
            candidates.markSession(choice.session(i), true);
        }
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
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (null != fit.after(agent))
            {
                addClaim(agent);
            }
        }
        return choice.count() > 0;
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
