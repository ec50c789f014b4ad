package io.plimsoll.core;

import java.util.Arrays;

/**
 * Who has to yield in a group so that a session with several kernels fits that ask for the same, and may go to any
 * agents or have to be apart, for {@link YieldPlan}.
 */
final class YieldForMany
{
    private static final int TRIES_MAX = 1000;

    private final YieldRoom room;
    private final SessionTable sessions;
    private final KernelTable kernels;
    private final AgentTable agents;
    private final YieldCandidates candidates;
    private final YieldChoice choice;
    private final YieldChoice.Room forMany = new YieldChoice.Room()
    {
        @Override
        public void mark(final int position, final boolean yields)
        {
            placesInAll += YieldForMany.this.mark(candidates.session(position), yields);
        }

        @Override
        public boolean isEnough()
        {
            return placesInAll >= room.wanted.kernels;
        }
    };
    /** Positions of candidates in the order in which they are taken, in the lower half. */
    private long[] order = new long[64];
    /** Kernels for which there is room, by agent, and on all of them. */
    private int[] places = new int[64];
    private int placesInAll;

    YieldForMany(final YieldRoom room)
    {
        this.room = room;
        sessions = room.sessions;
        kernels = room.kernels;
        agents = room.agents;
        candidates = room.candidates;
        choice = room.choice;
    }

    /** Looks who has to yield; false if nobody has to, or that would not help. */
    boolean find()
    {
        placesInAll = 0;
        candidates.clear();
        if (places.length < agents.highWater())
        {
            places = new int[Math.max(agents.highWater(), places.length * 2)];
        }
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            places[agent] = 0;
            if (room.isUsable(agent))
            {
                count(agent);
                placesInAll += places[agent];
                room.addCandidates(agent);
            }
        }
        if (placesInAll >= room.wanted.kernels || !takeFrom(placesInAll, false))
        {
            return false;
        }
        takeFrom(placesInAll, true);
        choice.tryFewer(forMany, TRIES_MAX);
        for (int i = 0; i < choice.count(); i++)
        {
            mark(choice.session(i), true);
        }
        return true;
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
        for (int i = 0; i < candidates.count() && sum < room.wanted.kernels; i++)
        {
            sum += mark(candidates.session((int)order[i]), true);
        }
        final boolean enough = sum >= room.wanted.kernels;
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
        room.loadBase(agent);
        room.loadAfter(agent);
        places[agent] = room.relations.allows(agent) ? room.places() : 0;
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
            if (room.isUsable(agent))
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
                if (without >= room.wanted.kernels)
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
    void claim(final YieldPlan plan)
    {
        int left = room.wanted.kernels;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int agent = 1; agent < agents.highWater() && left > 0; agent++)
            {
                final boolean isYielding = room.hasYielding(agent);
                if (places[agent] > 0 && isYielding == (0 == pass))
                {
                    plan.addClaim(agent);
                    left -= places[agent];
                }
            }
        }
    }
}
