package io.plimsoll.core;

/**
 * Who has to yield so that a session fits that has to be together with others of its owner, for {@link YieldPlan}: it
 * may join those who stay, or all of those have to yield, whereupon it goes to any one agent. With several groups to be
 * with, each of them may stay or not.
 */
final class YieldForPacked
{
    /** Relations that are looked at in this way; with others of further ones it only joins them. */
    private static final int RELATIONS_MAX = 4;

    private final YieldRoom room;
    private final YieldCandidates candidates;
    private final YieldRelations relations;
    private final YieldOnAgent onAgent;
    private final YieldForParts parts;

    YieldForPacked(final YieldRoom room, final YieldOnAgent onAgent, final YieldForParts parts)
    {
        this.room = room;
        this.onAgent = onAgent;
        this.parts = parts;
        candidates = room.candidates;
        relations = room.relations;
    }

    /** Looks who has to yield; false if nobody has to, or that would not help. */
    boolean find()
    {
        candidates.clear();
        if (parts.fitsAfter())
        {
            return false;
        }
        onAgent.begin();
        final int among = Math.min(RELATIONS_MAX, relations.count());
        int packs = 0;
        int empty = 0;
        for (int i = 0; i < among; i++)
        {
            packs |= relations.isPack(i) ? 1 << i : 0;
            empty |= relations.isPack(i) && relations.isEmpty(i) ? 1 << i : 0;
        }
        for (int leaving = 0; leaving <= packs; leaving++)
        {
            if ((leaving & empty) == empty && (leaving & packs) == leaving)
            {
                look(leaving, empty);
            }
        }
        return room.choice.count() > 0;
    }

    /** Those with whom it has to be by some relations all leave; empty are those with whom there is nobody now. */
    private void look(final int leaving, final int empty)
    {
        candidates.clear();
        boolean may = true;
        for (int rest = leaving & ~empty; 0 != rest && may; rest &= rest - 1)
        {
            may = relations.tryYieldAll(Integer.numberOfTrailingZeros(rest));
        }
        if (may && 0 == leaving && room.shapes.get(room.shapes.kernelsInAll, room.shape()) > 1)
        {
            parts.findPacked();
        }
        else
        {
            for (int agent = 1; agent < room.agents.highWater() && may; agent++)
            {
                if (room.isUsable(agent) && isWithOthers(agent, leaving))
                {
                    onAgent.tryOn(agent);
                }
            }
        }
        candidates.clear();
        candidates.clearAlways();
    }

    /** Whether those are on an agent who do not all leave. */
    private boolean isWithOthers(final int agent, final int leaving)
    {
        boolean with = true;
        for (int i = 0; i < relations.count() && with; i++)
        {
            with = !relations.isPack(i) || i < RELATIONS_MAX && 0 != (leaving & 1 << i) || relations.isOn(i, agent);
        }
        return with;
    }
}
