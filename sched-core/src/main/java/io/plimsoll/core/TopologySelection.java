package io.plimsoll.core;

import java.util.Arrays;

/**
 * Keeps a session together: it takes the fewest blocks, then the fewest racks, then the fewest agents. That is exact
 * where one rack or one block has room for all of it. Otherwise blocks that have least room left over come last: the
 * largest is taken whole until one has room for the rest, and so with the racks of a block and the agents of a rack
 * (which for racks and agents is exact again). Among equals the one with the least room is taken, to keep large ones
 * whole, then that with the lowest agent.
 */
final class TopologySelection
{
    private final Wanted wanted;
    private final Trial trial;
    private final AgentFilter filter;
    private final Chosen chosen;
    private TopologyMap map;
    private AgentPool pool;
    /** Kernels for which there is room, by position, rack and block; less what was taken. */
    private int[] places = new int[64];
    private long[] rackPlaces = new long[16];
    private long[] blockPlaces = new long[16];
    /** Lowest agent that has room, of each rack and block: what the map holds besides may differ after a restart. */
    private int[] rackFirst = new int[16];
    private int[] blockFirst = new int[16];
    private final int[] countByPlaces = new int[KernelTable.KERNELS_MAX + 1];

    TopologySelection(final Wanted wanted, final Trial trial, final AgentFilter filter, final Chosen chosen)
    {
        this.wanted = wanted;
        this.trial = trial;
        this.filter = filter;
        this.chosen = chosen;
    }

    /** Tries to place all kernels that are wanted; failedAgent is 0 or the agent to take last. */
    boolean place(final AgentPool agentPool, final int failedAgent)
    {
        pool = agentPool;
        map = pool.topology();
        map.refresh();
        long total = count(failedAgent);
        if (total < wanted.kernels && failedAgent > 0)
        {
            total = count(0);
        }
        if (total < wanted.kernels)
        {
            for (long room = 0; room < total; room++)
            {
                chosen.add(failedAgent);
            }
            return false;
        }
        while (chosen.count() < wanted.kernels)
        {
            takeBlock();
        }
        return true;
    }

    private int left()
    {
        return wanted.kernels - chosen.count();
    }

    private long count(final int exceptAgent)
    {
        if (places.length < pool.positions())
        {
            places = new int[pool.positions() * 2];
        }
        if (rackPlaces.length < map.racks())
        {
            rackPlaces = new long[map.racks() * 2];
            rackFirst = new int[map.racks() * 2];
        }
        if (blockPlaces.length < map.blocks())
        {
            blockPlaces = new long[map.blocks() * 2];
            blockFirst = new int[map.blocks() * 2];
        }
        Arrays.fill(rackPlaces, 0);
        Arrays.fill(blockPlaces, 0);
        Arrays.fill(rackFirst, Integer.MAX_VALUE);
        Arrays.fill(blockFirst, Integer.MAX_VALUE);
        long total = 0;
        for (int position = 0; position < pool.positions(); position++)
        {
            final int agent = pool.agentAt(position);
            final boolean usable = agent != exceptAgent && filter.isUsable(agent) && filter.matches(agent);
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
        final int rack = bestRack(Table.NONE);
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
                final int racks = racksNeeded(block);
                if (racks < bestRacks || racks == bestRacks && isTighter(block, best))
                {
                    best = block;
                    bestRacks = racks;
                }
            }
        }
        if (Table.NONE == best)
        {
            best = largestBlock();
        }
        takeRacks(best);
    }

    private boolean isTighter(final int block, final int other)
    {
        return blockPlaces[block] < blockPlaces[other] ||
            blockPlaces[block] == blockPlaces[other] && blockFirst[block] < blockFirst[other];
    }

    private int largestBlock()
    {
        int best = 0;
        for (int block = 1; block < map.blocks(); block++)
        {
            if (blockPlaces[block] > blockPlaces[best] ||
                blockPlaces[block] == blockPlaces[best] && blockFirst[block] < blockFirst[best])
            {
                best = block;
            }
        }
        return best;
    }

    /** How few racks of a block have room for all that is left, of which no rack has: the largest ones. */
    private int racksNeeded(final int block)
    {
        final int wantedPlaces = left();
        Arrays.fill(countByPlaces, 0, wantedPlaces + 1, 0);
        for (int rack = 0; rack < map.racks(); rack++)
        {
            if (block == map.block(rack))
            {
                countByPlaces[(int)Math.min(rackPlaces[rack], wantedPlaces)]++;
            }
        }
        return needed(wantedPlaces);
    }

    /** How few of what was counted by places sum up to so many. */
    private int needed(final int wantedPlaces)
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

    /** The rack, of one block or of any, on which all that is left takes the fewest agents; NONE if it fits on none. */
    private int bestRack(final int block)
    {
        int best = Table.NONE;
        int bestAgents = Integer.MAX_VALUE;
        for (int rack = 0; rack < map.racks(); rack++)
        {
            if (rackPlaces[rack] >= left() && (Table.NONE == block || block == map.block(rack)))
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
        for (int rack = 0; rack < map.racks(); rack++)
        {
            if (block == map.block(rack) && (Table.NONE == best || rackPlaces[rack] > rackPlaces[best] ||
                rackPlaces[rack] == rackPlaces[best] && rackFirst[rack] < rackFirst[best]))
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
        return needed(wantedPlaces);
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
