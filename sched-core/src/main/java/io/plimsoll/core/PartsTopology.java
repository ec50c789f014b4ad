package io.plimsoll.core;

import java.util.Arrays;

/**
 * Keeps a session whose parts differ together: on one rack if there is one that has room for all of it, else in one
 * block, on few of its racks, else in few blocks, the largest first. Of several racks or blocks that would do it takes
 * the one on which it takes the fewest agents, then the one with the fewest agents that could hold anything of it, then
 * that with the lowest agent.
 */
final class PartsTopology
{
    private final PartsFit fit;
    private AgentPool pool;
    private TopologyMap map;
    private PartsRoom.Source source;
    /** Agents of a rack, or block, with room for anything. */
    private int[] rackSize = new int[16];
    private int[] blockSize = new int[16];
    /** Lowest agent of them. */
    private int[] rackFirst = new int[16];
    private int[] blockFirst = new int[16];
    /** Racks of those blocks that are looked at, in order. */
    private int[] racks = new int[16];
    private int rackCount;
    private int[] among = new int[64];
    private int amongCount;
    private int bestAgents;
    private int bestSize;
    private int bestFirst;

    PartsTopology(final PartsFit fit)
    {
        this.fit = fit;
    }

    /** To be called when the fit has been found among all agents; false: not by racks and blocks. */
    boolean find(final AgentPool agentPool, final PartsRoom.Source from)
    {
        pool = agentPool;
        source = from;
        map = pool.topology();
        map.refresh();
        count();
        int best = Table.NONE;
        bestAgents = Integer.MAX_VALUE;
        for (int rack = 0; rack < map.racks(); rack++)
        {
            if (rackSize[rack] > 0 && fitsRack(rack) && isBetter(rackSize[rack], rackFirst[rack]))
            {
                best = rack;
            }
        }
        if (Table.NONE != best)
        {
            return fitsRack(best);
        }
        for (int block = 0; block < map.blocks(); block++)
        {
            if (blockSize[block] > 0 && fitsBlock(block) && isBetter(blockSize[block], blockFirst[block]))
            {
                best = block;
            }
        }
        if (Table.NONE != best)
        {
            return fitsBlock(best);
        }
        rackCount = 0;
        addRacks(Table.NONE);
        return fitsRacks();
    }

    private void count()
    {
        if (rackSize.length < map.racks())
        {
            rackSize = new int[map.racks() * 2];
            rackFirst = new int[map.racks() * 2];
            racks = new int[map.racks() * 2];
        }
        if (blockSize.length < map.blocks())
        {
            blockSize = new int[map.blocks() * 2];
            blockFirst = new int[map.blocks() * 2];
        }
        Arrays.fill(rackSize, 0);
        Arrays.fill(blockSize, 0);
        Arrays.fill(rackFirst, Integer.MAX_VALUE);
        Arrays.fill(blockFirst, Integer.MAX_VALUE);
        for (int i = 0; i < fit.candidates(); i++)
        {
            final int agent = fit.candidate(i);
            final int rack = map.rackAt(pool.position(agent));
            final int block = map.block(rack);
            rackSize[rack]++;
            blockSize[block]++;
            rackFirst[rack] = Math.min(rackFirst[rack], agent);
            blockFirst[block] = Math.min(blockFirst[block], agent);
        }
    }

    private boolean isBetter(final int size, final int first)
    {
        final int agents = fit.agentsTaken();
        final boolean better = agents < bestAgents ||
            agents == bestAgents && (size < bestSize || size == bestSize && first < bestFirst);
        if (better)
        {
            bestAgents = agents;
            bestSize = size;
            bestFirst = first;
        }
        return better;
    }

    private boolean fitsRack(final int rack)
    {
        rackCount = 1;
        racks[0] = rack;
        return fitsRacks();
    }

    private boolean fitsBlock(final int block)
    {
        rackCount = 0;
        addRacks(block);
        return fitsRacks();
    }

    /** Those of a block, or of all blocks, in order: larger blocks first, and in them larger racks. */
    private void addRacks(final int ofBlock)
    {
        for (int rack = 0; rack < map.racks(); rack++)
        {
            if (rackSize[rack] > 0 && (Table.NONE == ofBlock || ofBlock == map.block(rack)))
            {
                int at = rackCount++;
                while (at > 0 && isBefore(rack, racks[at - 1]))
                {
                    racks[at] = racks[at - 1];
                    at--;
                }
                racks[at] = rack;
            }
        }
    }

    private boolean isBefore(final int left, final int right)
    {
        final int leftBlock = map.block(left);
        final int rightBlock = map.block(right);
        if (leftBlock != rightBlock)
        {
            return blockSize[leftBlock] > blockSize[rightBlock] ||
                blockSize[leftBlock] == blockSize[rightBlock] && blockFirst[leftBlock] < blockFirst[rightBlock];
        }
        return rackSize[left] > rackSize[right] ||
            rackSize[left] == rackSize[right] && rackFirst[left] < rackFirst[right];
    }

    private boolean fitsRacks()
    {
        amongCount = 0;
        for (int i = 0; i < rackCount; i++)
        {
            for (int at = map.memberStart(racks[i]); at < map.memberEnd(racks[i]); at++)
            {
                if (amongCount == among.length)
                {
                    among = Arrays.copyOf(among, amongCount * 2);
                }
                among[amongCount++] = pool.agentAt(map.member(at));
            }
        }
        return fit.find(among, amongCount, source);
    }
}
