package io.plimsoll.core;

/**
 * Who has to yield in a group so that a session fits whose kernels ask for different things, or have to go to any of
 * the agents on which others are: for {@link YieldPlan}. {@link PartsFit} says whether it fits.
 */
final class YieldForParts
{
    private static final int TRIES_MAX = 200;
    /** The same times the agents: each try looks at all. */
    private static final int LOOKS_MAX = 20_000;

    private final YieldRoom room;
    private final AgentTable agents;
    private final YieldCandidates candidates;
    private final YieldChoice choice;
    private final YieldRelations relations;
    private final PartsFit fit;
    private final PartsRoom.Source after;
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

    YieldForParts(final CoreState state, final YieldRoom room)
    {
        this.room = room;
        agents = room.agents;
        candidates = room.candidates;
        choice = room.choice;
        relations = room.relations;
        fit = new PartsFit(state);
        after = room::loadAllowed;
    }

    /** Another session wants room. */
    void begin()
    {
        fit.load(room.shape());
    }

    /** Looks who has to yield; false if nobody has to, or that would not help. */
    boolean find()
    {
        addCandidates(true);
        if (candidates.count() == 0 || fitsAfter())
        {
            return false;
        }
        candidates.markAll(true);
        if (!fitsAfter())
        {
            return false;
        }
        takeCostly();
        choice.tryFewer(forParts, triesMax());
        return true;
    }

    /** The same for one that has to be where others stay: those may yield as well, as long as that leaves enough. */
    void findPacked()
    {
        addCandidates(false);
        candidates.markAll(true);
        if (candidates.count() > 0 && fitsAfter())
        {
            takeCostly();
        }
        addCandidates(true);
        choice.tryUpTo(0 == choice.count() ? candidates.count() : choice.count(), forParts, triesMax());
    }

    private int triesMax()
    {
        return Math.min(TRIES_MAX, LOOKS_MAX / agents.highWater());
    }

    private void addCandidates(final boolean packedToo)
    {
        candidates.clear();
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (room.isUsable(agent))
            {
                room.addCandidates(agent, packedToo);
            }
        }
    }

    /**
     * The most costly yield until all parts fit; then it is tried without half of them, a quarter and so on, so that in
     * the end it does not fit without any one.
     */
    private void takeCostly()
    {
        candidates.markFrom(0);
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

    /** Whether all of it has room once those have left who yield. */
    boolean fitsAfter()
    {
        fit.together(relations.spreads(), relations.isNew());
        return fit.find(room.group(), after);
    }

    /** Agents that it takes if those yield who were chosen; false if it does not fit then. */
    boolean claim(final YieldPlan plan)
    {
        candidates.clear();
        candidates.clearAlways();
        for (int i = 0; i < choice.count(); i++)
        {
            candidates.addAlways(choice.session(i), 0);
        }
        final boolean fits = fitsAfter();
        for (int agent = 1; agent < agents.highWater() && fits; agent++)
        {
            if (null != fit.after(agent))
            {
                plan.addClaim(agent);
            }
        }
        candidates.clearAlways();
        return fits;
    }
}
