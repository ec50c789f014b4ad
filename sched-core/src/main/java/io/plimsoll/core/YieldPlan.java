package io.plimsoll.core;

import java.util.Arrays;

/**
 * Which sessions have to yield so that another one fits, and on which agents it will go then: the fewest, and of those
 * the least costly; never one without which it would fit as well.
 *
 * <p>That is exact as long as there are few candidates: for a session with one kernel on an agent, for others in the
 * group. Beyond so many tries, see {@link YieldOnAgent}, {@link YieldForMany} and {@link YieldForParts}, they are taken
 * one by one until it fits, and those that turn out superfluous are dropped, the most costly first; of several orders
 * in which that can be done, the one that comes out best counts. Where parts of the session differ, {@link PartsFit}
 * says whether it fits.
 *
 * <p>A session that must be apart from others, or together with them, fits where those let it who are left then: see
 * {@link YieldRelations}.
 */
final class YieldPlan
{
    private final ShapeTable shapes;
    private final YieldRoom room;
    private final YieldOnAgent onAgent;
    private final YieldForMany many;
    private final YieldForParts parts;
    private final YieldForPacked packed;
    private int[] claims = new int[16];
    private int claimCount;

    YieldPlan(final CoreState state, final VictimSearch search)
    {
        shapes = state.shapes;
        room = new YieldRoom(state, search);
        onAgent = new YieldOnAgent(state, room);
        many = new YieldForMany(room);
        parts = new YieldForParts(state, room);
        packed = new YieldForPacked(room, onAgent, parts);
    }

    int victims()
    {
        return room.choice.count();
    }

    int victim(final int index)
    {
        return room.choice.session(index);
    }

    int claims()
    {
        return claimCount;
    }

    int claim(final int index)
    {
        return claims[index];
    }

    void addClaim(final int agent)
    {
        if (claimCount == claims.length)
        {
            claims = Arrays.copyOf(claims, claimCount * 2);
        }
        claims[claimCount++] = agent;
    }

    /** Whether somebody is on the way out, anywhere, with whom a session of a shape has to be until then. */
    boolean isGroupLeaving(final int shape)
    {
        room.relations.load(shape);
        return room.relations.isAnyLeaving();
    }

    /** Looks who would have to yield to a session of a shape; false if that would not help, or nobody has to. */
    boolean find(final int groupId, final int wantedShape)
    {
        room.load(groupId, wantedShape);
        claimCount = 0;
        final boolean found = find();
        room.candidates.clear();
        return found;
    }

    private boolean find()
    {
        if (room.relations.packs())
        {
            parts.begin();
            return packed.find() && parts.claim(this);
        }
        if (shapes.isParted(room.shape()))
        {
            parts.begin();
            return parts.find() && parts.claim(this) && victims() > 0;
        }
        if (room.wanted.kernels > 1)
        {
            final boolean found = many.find();
            if (found)
            {
                many.claim(this);
            }
            return found;
        }
        onAgent.begin();
        final int agent = onAgent.findAny();
        if (Table.NONE != agent)
        {
            addClaim(agent);
        }
        return Table.NONE != agent;
    }
}
