package io.plimsoll.core;

/**
 * Who has to yield on one agent after the other so that a session fits there, all of it: the fewest, and of those the
 * least costly, for {@link YieldPlan}.
 */
final class YieldOnAgent
{
    private static final int TRIES_MAX = 1000;
    private static final int TRIES_IN_ALL_MAX = 20_000;

    private final YieldRoom room;
    private final YieldCandidates candidates;
    private final YieldChoice choice;
    private final PartsFit fit;
    private final PartsRoom.Source after;
    private final int[] one = new int[1];
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
            return isAllowed() && hasRoom();
        }
    };
    private int triesInAll;
    private boolean isParted;
    /** Agent that is looked at. */
    private int searched;

    YieldOnAgent(final CoreState state, final YieldRoom room)
    {
        this.room = room;
        candidates = room.candidates;
        choice = room.choice;
        fit = new PartsFit(state);
        after = room::load;
    }

    /** Another session wants room. */
    void begin()
    {
        triesInAll = 0;
        isParted = room.shapes.isParted(room.shape());
        if (isParted)
        {
            fit.load(room.shape());
            fit.together(room.relations.spreads(), true);
        }
    }

    private boolean isAllowed()
    {
        return room.relations.allows(searched);
    }

    private boolean hasRoom()
    {
        if (isParted)
        {
            return fit.find(one, 1, after);
        }
        room.loadAfter(searched);
        return room.fitsAll();
    }

    /** The best agent for a session with one kernel that may go anywhere, or apart; NONE if nobody has to yield. */
    int findAny()
    {
        int best = Table.NONE;
        for (int agent = 1; agent < room.agents.highWater(); agent++)
        {
            if (room.isUsable(agent))
            {
                candidates.clear();
                open(agent);
                if (onAgent.isEnough())
                {
                    choice.clear();
                    return Table.NONE;
                }
                room.addCandidates(agent);
                if (candidates.count() > 0 && search())
                {
                    best = agent;
                }
            }
        }
        return best;
    }

    private void open(final int agent)
    {
        searched = agent;
        one[0] = agent;
        room.loadBase(agent);
    }

    /** Whether an agent does with fewer or less costly victims than what was found so far; notes them then. */
    boolean tryOn(final int agent)
    {
        candidates.clear();
        open(agent);
        if (candidates.always() > 0 && onAgent.isEnough())
        {
            return choice.noteIfBetter();
        }
        room.addCandidates(agent);
        return candidates.count() > 0 && search();
    }

    private boolean search()
    {
        candidates.markAll(true);
        final boolean helps = hasRoom();
        candidates.markAll(false);
        if (!helps)
        {
            return false;
        }
        choice.allow(Math.min(TRIES_MAX, TRIES_IN_ALL_MAX - triesInAll));
        final int most = 0 == choice.count() ?
            candidates.count() : Math.min(candidates.count(), choice.count() - candidates.always());
        for (int size = 1; size <= most; size++)
        {
            final boolean found = choice.tryAll(size, onAgent);
            if (found || choice.isExhausted())
            {
                triesInAll += choice.tries();
                return takeGreedily(false) | takeGreedily(true) | found;
            }
        }
        triesInAll += choice.tries();
        return false;
    }

    /** The least costly first, or last; what turns out not to be needed is dropped. */
    private boolean takeGreedily(final boolean last)
    {
        final boolean packs = room.relations.packs();
        for (int i = 0; i < candidates.count() && !onAgent.isEnough(); i++)
        {
            final int position = last ? candidates.count() - 1 - i : i;
            final boolean wasAllowed = !packs || isAllowed();
            candidates.mark(position, true);
            if (packs && wasAllowed && !isAllowed())
            {
                // Without it there would be nobody here to be with.
                candidates.mark(position, false);
            }
        }
        for (int i = candidates.count() - 1; i >= 0; i--)
        {
            if (candidates.yields(i))
            {
                candidates.mark(i, false);
                candidates.mark(i, !onAgent.isEnough());
            }
        }
        final boolean better = (!packs || onAgent.isEnough()) && choice.noteIfBetter();
        candidates.markAll(false);
        return better;
    }
}
