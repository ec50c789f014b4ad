package io.plimsoll.core;

import java.util.Arrays;

/**
 * For how many kernels of one need there is room: on each agent of a pool, in each rack and in each block; and of each
 * rack and block what a choice compares. When the need comes again, only what changed since is counted again. It counts
 * for a session that differs in nothing from others: no agent failed it, and nobody keeps room. A cache.
 */
final class TopologyPlaces
{
    private final AgentPool pool;
    private final int[] countByPlaces = new int[KernelTable.KERNELS_MAX + 1];
    private TopologyMap map;
    private int kernels;
    /** See {@link NeedTable#serial}. */
    long serial;
    long usedAt;
    private long readUpTo;
    private long mapVersion = Table.NONE;
    private long total;
    /** By position. */
    int[] places = new int[0];
    long[] rackPlaces = new long[0];
    long[] blockPlaces = new long[0];
    /** Lowest agent that has room, of each rack and block: what the map holds besides may differ after a restart. */
    int[] rackFirst = new int[0];
    int[] blockFirst = new int[0];
    /** The fewest agents of a rack that have room for all kernels, where there are any. */
    private int[] agentsNeeded = new int[0];
    /** The fewest racks of a block that have room for all kernels, where there are any. */
    private int[] racksNeeded = new int[0];
    /** The best rack of a block that has room for all kernels, NONE if there is none. */
    private int[] bestRack = new int[0];
    private boolean[] changed = new boolean[0];
    private int[] changedRacks = new int[0];
    private int changedCount;

    TopologyPlaces(final AgentPool pool)
    {
        this.pool = pool;
    }

    /** All is to be counted anew. */
    void forget()
    {
        mapVersion = Table.NONE;
    }

    /** Kernels for which there is room in all. */
    long total()
    {
        return total;
    }

    /** Brings the counts up to date. */
    void refresh(final TopologyMap topology, final int wantedKernels, final Trial trial, final AgentFilter filter)
    {
        map = topology;
        kernels = wantedKernels;
        final ChangeLog log = pool.changes();
        if (mapVersion != map.version() || !log.holds(readUpTo))
        {
            clear();
            for (int position = 0; position < pool.positions(); position++)
            {
                count(position, trial, filter);
            }
        }
        else
        {
            for (long at = readUpTo; at < log.end(); at++)
            {
                count(log.position(at), trial, filter);
            }
        }
        readUpTo = log.end();
        sumUp();
    }

    private void clear()
    {
        mapVersion = map.version();
        total = 0;
        if (places.length < pool.positions())
        {
            places = new int[pool.positions() * 2];
        }
        if (rackPlaces.length < map.racks())
        {
            rackPlaces = new long[map.racks() * 2];
            rackFirst = new int[map.racks() * 2];
            agentsNeeded = new int[map.racks() * 2];
            changed = new boolean[map.racks() * 2];
            changedRacks = new int[map.racks() * 2];
        }
        if (blockPlaces.length < map.blocks())
        {
            blockPlaces = new long[map.blocks() * 2];
            blockFirst = new int[map.blocks() * 2];
            racksNeeded = new int[map.blocks() * 2];
            bestRack = new int[map.blocks() * 2];
        }
        Arrays.fill(places, 0);
        Arrays.fill(rackPlaces, 0);
        Arrays.fill(blockPlaces, 0);
        Arrays.fill(rackFirst, Integer.MAX_VALUE);
        Arrays.fill(blockFirst, Integer.MAX_VALUE);
        Arrays.fill(bestRack, Table.NONE);
    }

    private void count(final int position, final Trial trial, final AgentFilter filter)
    {
        final int agent = pool.agentAt(position);
        final int room = filter.isUsable(agent) && filter.matches(agent) ? trial.places(agent) : 0;
        final int change = room - places[position];
        if (0 != change)
        {
            final int rack = map.rackAt(position);
            places[position] = room;
            rackPlaces[rack] += change;
            blockPlaces[map.block(rack)] += change;
            total += change;
            if (!changed[rack])
            {
                changed[rack] = true;
                changedRacks[changedCount++] = rack;
            }
        }
    }

    private void sumUp()
    {
        for (int i = 0; i < changedCount; i++)
        {
            sumUpRack(changedRacks[i]);
        }
        for (int i = 0; i < changedCount; i++)
        {
            final int rack = changedRacks[i];
            if (changed[rack])
            {
                sumUpBlock(map.block(rack));
            }
        }
        changedCount = 0;
    }

    private void sumUpRack(final int rack)
    {
        int first = Integer.MAX_VALUE;
        for (int at = map.memberStart(rack); at < map.memberEnd(rack) && Integer.MAX_VALUE == first; at++)
        {
            first = places[map.member(at)] > 0 ? pool.agentAt(map.member(at)) : first;
        }
        rackFirst[rack] = first;
        if (rackPlaces[rack] >= kernels)
        {
            Arrays.fill(countByPlaces, 0, kernels + 1, 0);
            for (int at = map.memberStart(rack); at < map.memberEnd(rack); at++)
            {
                countByPlaces[Math.min(places[map.member(at)], kernels)]++;
            }
            agentsNeeded[rack] = TopologySelection.needed(countByPlaces, kernels);
        }
    }

    private void sumUpBlock(final int block)
    {
        int first = Integer.MAX_VALUE;
        int best = Table.NONE;
        Arrays.fill(countByPlaces, 0, kernels + 1, 0);
        for (int at = map.rackStart(block); at < map.rackEnd(block); at++)
        {
            final int rack = map.rack(at);
            changed[rack] = false;
            first = Math.min(first, rackFirst[rack]);
            countByPlaces[(int)Math.min(rackPlaces[rack], kernels)]++;
            best = rackPlaces[rack] >= kernels && (Table.NONE == best || isBetter(rack, best)) ? rack : best;
        }
        blockFirst[block] = first;
        bestRack[block] = best;
        if (blockPlaces[block] >= kernels)
        {
            racksNeeded[block] = TopologySelection.needed(countByPlaces, kernels);
        }
    }

    private boolean isBetter(final int rack, final int other)
    {
        if (agentsNeeded[rack] != agentsNeeded[other])
        {
            return agentsNeeded[rack] < agentsNeeded[other];
        }
        return rackPlaces[rack] < rackPlaces[other] ||
            rackPlaces[rack] == rackPlaces[other] && rackFirst[rack] < rackFirst[other];
    }

    /** The rack on which all kernels take the fewest agents; NONE if they fit on none. */
    int bestRack()
    {
        int best = Table.NONE;
        for (int block = 0; block < map.blocks(); block++)
        {
            final int rack = bestRack[block];
            best = Table.NONE != rack && (Table.NONE == best || isBetter(rack, best)) ? rack : best;
        }
        return best;
    }

    /** How few racks of a block have room for all kernels, which it has. */
    int racksNeeded(final int block)
    {
        return racksNeeded[block];
    }
}
