package io.plimsoll.core;

import java.util.Arrays;

/**
 * Keeps a session together: it takes the fewest blocks, then the fewest racks, then the fewest agents. That is exact
 * where one rack or one block has room for all of it. Otherwise {@link BlockSets} chooses the fewest blocks that have
 * room for all of it, and of their racks the largest are taken, until one has room for the rest; and so with the agents
 * of a rack. Among equals the one with the least room is taken, to keep large ones whole, then that with the lowest
 * agent.
 */
final class TopologySelection
{
    private final CoreState state;
    private final Wanted wanted;
    private final Trial trial;
    private final AgentFilter filter;
    private final Chosen chosen;
    private TopologyMap map;
    private AgentPool pool;
    /** What is known of the need; null where the session differs from others of it. */
    private TopologyPlaces known;
    /** Kernels for which there is room, by position, rack and block; less what was taken. */
    private int[] places;
    private long[] rackPlaces;
    private long[] blockPlaces;
    /** Lowest agent that has room, of each rack and block: what the map holds besides may differ after a restart. */
    private int[] rackFirst;
    private int[] blockFirst;
    private final BlockSets blockSets = new BlockSets();
    private int[] ownPlaces = new int[64];
    private long[] ownRackPlaces = new long[16];
    private long[] ownBlockPlaces = new long[16];
    private int[] ownRackFirst = new int[16];
    private int[] ownBlockFirst = new int[16];
    private final int[] countByPlaces = new int[KernelTable.KERNELS_MAX + 1];

    TopologySelection(
        final CoreState state, final Wanted wanted, final Trial trial, final AgentFilter filter, final Chosen chosen)
    {
        this.state = state;
        this.wanted = wanted;
        this.trial = trial;
        this.filter = filter;
        this.chosen = chosen;
    }

    /** Tries to place all kernels of a shape; those that failed are taken last, and a guard may be null. */
    boolean place(
        final AgentPool agentPool, final int shape, final FailedAgents failed, final PlacementGuard guard)
    {
        pool = agentPool;
        map = pool.topology();
        map.refresh();
        final boolean usual = 0 == failed.count() && null == guard && 0 == state.agents.claims;
        known = usual ?
            pool.topologyIndex().of(state.shapes.get(state.shapes.needRow, shape), map, wanted, trial, filter) :
            null;
        long total = usual ? countKnown() : count(failed, 0);
        for (int turn = 1; total < wanted.kernels && turn <= failed.count(); turn++)
        {
            total = count(failed, turn);
        }
        if (total < wanted.kernels)
        {
            chosen.count((int)total);
            return false;
        }
        while (chosen.count() < wanted.kernels)
        {
            takeBlock();
        }
        if (usual)
        {
            giveBack();
        }
        return true;
    }

    private long countKnown()
    {
        places = known.places;
        rackPlaces = known.rackPlaces;
        blockPlaces = known.blockPlaces;
        rackFirst = known.rackFirst;
        blockFirst = known.blockFirst;
        return known.total();
    }

    /** Nothing was taken yet but in thought. */
    private void giveBack()
    {
        for (int kernel = 0; kernel < chosen.count(); kernel++)
        {
            final int position = pool.position(chosen.agent(kernel));
            final int rack = map.rackAt(position);
            places[position]++;
            rackPlaces[rack]++;
            blockPlaces[map.block(rack)]++;
        }
    }

    private int left()
    {
        return wanted.kernels - chosen.count();
    }

    /** Counts room, of agents that failed only where it is their turn by now. */
    private long count(final FailedAgents failed, final int turn)
    {
        if (ownPlaces.length < pool.positions())
        {
            ownPlaces = new int[pool.positions() * 2];
        }
        if (ownRackPlaces.length < map.racks())
        {
            ownRackPlaces = new long[map.racks() * 2];
            ownRackFirst = new int[map.racks() * 2];
        }
        if (ownBlockPlaces.length < map.blocks())
        {
            ownBlockPlaces = new long[map.blocks() * 2];
            ownBlockFirst = new int[map.blocks() * 2];
        }
        places = ownPlaces;
        rackPlaces = ownRackPlaces;
        blockPlaces = ownBlockPlaces;
        rackFirst = ownRackFirst;
        blockFirst = ownBlockFirst;
        Arrays.fill(rackPlaces, 0);
        Arrays.fill(blockPlaces, 0);
        Arrays.fill(rackFirst, Integer.MAX_VALUE);
        Arrays.fill(blockFirst, Integer.MAX_VALUE);
        long total = 0;
        for (int position = 0; position < pool.positions(); position++)
        {
            final int agent = pool.agentAt(position);
            final boolean usable = failed.turn(agent) <= turn && filter.isUsable(agent) && filter.matches(agent);
            final int room = usable ? trial.places(agent) : 0;
            final int rack = map.rackAt(position);
            places[position] = room;
            if (room > 0)
            {
                count(agent, rack, map.block(rack), room);
                total += room;
            }
        }
        return total;
    }

    private void count(final int agent, final int rack, final int block, final int room)
    {
        rackPlaces[rack] += room;
        blockPlaces[block] += room;
        rackFirst[rack] = Math.min(rackFirst[rack], agent);
        blockFirst[block] = Math.min(blockFirst[block], agent);
    }

    /** From one rack if there is one with room for all that is left, else from one block, else a whole block. */
    private void takeBlock()
    {
        final boolean first = null != known && 0 == chosen.count();
        final int rack = first ? known.bestRack() : bestRack();
        if (Table.NONE != rack)
        {
            takeAgents(rack);
            return;
        }
        int best = Table.NONE;
        int bestRacks = Integer.MAX_VALUE;
        for (int block = 0; block < map.blocks(); block++)
        {
            if (blockPlaces[block] >= left())
            {
                final int racks = first ? known.racksNeeded(block) : racksNeeded(block);
                if (racks < bestRacks || racks == bestRacks && isTighter(block, best))
                {
                    best = block;
                    bestRacks = racks;
                }
            }
        }
        if (Table.NONE == best)
        {
            takeAcross();
        }
        else
        {
            takeRacks(best);
        }
    }

    /** No block has room for all: of the fewest blocks the fewest racks, which are the largest. */
    private void takeAcross()
    {
        final boolean[] acrossBlocks = blockSets.choose(map, rackPlaces, blockPlaces, blockFirst, left());
        while (left() > 0)
        {
            int rack = Table.NONE;
            for (int block = 0; block < map.blocks(); block++)
            {
                final int other = acrossBlocks[block] ? rackOf(block) : Table.NONE;
                if (Table.NONE != other && (Table.NONE == rack || isBetterRack(other, rack)))
                {
                    rack = other;
                }
            }
            takeAgents(rack);
        }
    }

    private int rackOf(final int block)
    {
        final int best = bestRack(block);
        return Table.NONE == best ? largestRack(block) : best;
    }

    /** Room for all that is left on the fewest agents, then with the least room over; else the most room. */
    private boolean isBetterRack(final int rack, final int other)
    {
        final boolean all = rackPlaces[rack] >= left();
        if (all != rackPlaces[other] >= left())
        {
            return all;
        }
        if (all)
        {
            final int byAgents = Integer.compare(agentsNeeded(rack), agentsNeeded(other));
            return byAgents < 0 || 0 == byAgents && isTighterRack(rack, other);
        }
        return rackPlaces[rack] > rackPlaces[other] ||
            rackPlaces[rack] == rackPlaces[other] && rackFirst[rack] < rackFirst[other];
    }

    private boolean isTighter(final int block, final int other)
    {
        return blockPlaces[block] < blockPlaces[other] ||
            blockPlaces[block] == blockPlaces[other] && blockFirst[block] < blockFirst[other];
    }

    /** How few racks of a block have room for all that is left, of which no rack has: the largest ones. */
    private int racksNeeded(final int block)
    {
        final int wantedPlaces = left();
        Arrays.fill(countByPlaces, 0, wantedPlaces + 1, 0);
        for (int at = map.rackStart(block); at < map.rackEnd(block); at++)
        {
            countByPlaces[(int)Math.min(rackPlaces[map.rack(at)], wantedPlaces)]++;
        }
        return needed(countByPlaces, wantedPlaces);
    }

    /** How few of what was counted by places sum up to so many. */
    static int needed(final int[] countByPlaces, final int wantedPlaces)
    {
        int needed = 0;
        int room = wantedPlaces;
        for (int size = wantedPlaces; size > 0 && room > 0; size--)
        {
            final int taken = Math.min(countByPlaces[size], (room + size - 1) / size);
            needed += taken;
            room -= taken * size;
        }
        return needed;
    }

    /** Takes from the racks of a block until all is placed or the block is full. */
    private void takeRacks(final int block)
    {
        while (left() > 0 && blockPlaces[block] > 0)
        {
            int rack = bestRack(block);
            if (Table.NONE == rack)
            {
                rack = largestRack(block);
            }
            takeAgents(rack);
        }
    }

    /** The rack on which all that is left takes the fewest agents; NONE if it fits on none. */
    private int bestRack()
    {
        int best = Table.NONE;
        int bestAgents = Integer.MAX_VALUE;
        for (int block = 0; block < map.blocks(); block++)
        {
            final int rack = bestRack(block);
            if (Table.NONE != rack)
            {
                final int agents = agentsNeeded(rack);
                if (agents < bestAgents || agents == bestAgents && isTighterRack(rack, best))
                {
                    best = rack;
                    bestAgents = agents;
                }
            }
        }
        return best;
    }

    /** The same among the racks of a block. */
    private int bestRack(final int block)
    {
        int best = Table.NONE;
        int bestAgents = Integer.MAX_VALUE;
        for (int at = map.rackStart(block); at < map.rackEnd(block); at++)
        {
            final int rack = map.rack(at);
            if (rackPlaces[rack] >= left())
            {
                final int agents = agentsNeeded(rack);
                if (agents < bestAgents || agents == bestAgents && isTighterRack(rack, best))
                {
                    best = rack;
                    bestAgents = agents;
                }
            }
        }
        return best;
    }

    private boolean isTighterRack(final int rack, final int other)
    {
        return rackPlaces[rack] < rackPlaces[other] ||
            rackPlaces[rack] == rackPlaces[other] && rackFirst[rack] < rackFirst[other];
    }

    private int largestRack(final int block)
    {
        int best = Table.NONE;
        for (int at = map.rackStart(block); at < map.rackEnd(block); at++)
        {
            final int rack = map.rack(at);
            if (Table.NONE == best || rackPlaces[rack] > rackPlaces[best] ||
                rackPlaces[rack] == rackPlaces[best] && rackFirst[rack] < rackFirst[best])
            {
                best = rack;
            }
        }
        return best;
    }

    private int agentsNeeded(final int rack)
    {
        final int wantedPlaces = left();
        Arrays.fill(countByPlaces, 0, wantedPlaces + 1, 0);
        for (int at = map.memberStart(rack); at < map.memberEnd(rack); at++)
        {
            countByPlaces[Math.min(places[map.member(at)], wantedPlaces)]++;
        }
        return needed(countByPlaces, wantedPlaces);
    }

    /** Takes from the agents of a rack until all is placed or the rack is full. */
    private void takeAgents(final int rack)
    {
        while (left() > 0 && rackPlaces[rack] > 0)
        {
            int tightest = Table.NONE;
            int largest = 0;
            for (int at = map.memberStart(rack); at < map.memberEnd(rack); at++)
            {
                final int room = places[map.member(at)];
                largest = Math.max(largest, room);
                if (room >= left() && (Table.NONE == tightest || room < places[tightest]))
                {
                    tightest = map.member(at);
                }
            }
            if (Table.NONE != tightest)
            {
                take(tightest, rack, left());
            }
            else
            {
                takeWhole(rack, largest);
            }
        }
    }

    /** Takes all of agents that have so much room, until one of them would be more than enough. */
    private void takeWhole(final int rack, final int size)
    {
        for (int at = map.memberStart(rack); at < map.memberEnd(rack) && left() > size; at++)
        {
            if (size == places[map.member(at)])
            {
                take(map.member(at), rack, size);
            }
        }
    }

    private void take(final int position, final int rack, final int kernels)
    {
        for (int i = 0; i < kernels; i++)
        {
            chosen.add(pool.agentAt(position));
        }
        places[position] -= kernels;
        rackPlaces[rack] -= kernels;
        blockPlaces[map.block(rack)] -= kernels;
    }
}
