package io.plimsoll.core;

import java.util.Arrays;

/**
 * Keeps a session whose parts differ together: on one rack if there is one that has room for all of it, else in the
 * fewest blocks, on the fewest racks of these. Of several racks, or sets of them, that would do it takes the one on
 * which it takes the fewest agents, then the one with the fewest agents that could hold anything of it, then that with
 * the lowest agent. Sets are tried in turn, the largest blocks and racks first, until one of so many does. If that
 * takes more than {@link #TRIES_MAX} tries, what was found by then counts, or else what takes the largest first of all.
 */
final class PartsTopology
{
    static final int TRIES_MAX = 256;
    /** Sets that are looked at; those that have too little in all are not tried. */
    private static final int LOOKS_MAX = 10_000;

    private final PartsFit fit;
    private final NumberSets blockSets = new NumberSets();
    private final NumberSets rackSets = new NumberSets();
    private AgentPool pool;
    private TopologyMap map;
    private PartsRoom.Source source;
    /** Agents of a rack, or block, with room for anything. */
    private int[] rackSize = new int[16];
    private int[] blockSize = new int[16];
    /** Lowest agent of them. */
    private int[] rackFirst = new int[16];
    private int[] blockFirst = new int[16];
    /** What they have free, at most what is asked for in all. */
    private long[] rackCpu = new long[16];
    private long[] rackMem = new long[16];
    private long wantedCpu;
    private long wantedMem;
    private int[] blocks = new int[16];
    private int blockCount;
    /** Racks that are looked at, in order. */
    private int[] racks = new int[16];
    private int rackCount;
    /** All racks of a set of blocks, while it is tried with fewer of them. */
    private int[] within = new int[16];
    private boolean[] isUsed = new boolean[16];
    private int[] among = new int[64];
    private int amongCount;
    private int[] best = new int[16];
    private int bestRacks;
    private int bestAgents;
    private int bestSize;
    private int bestFirst;
    private int tries;
    private int looks;

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
        bestRacks = 0;
        rackCount = 1;
        for (int rack = 0; rack < map.racks(); rack++)
        {
            racks[0] = rack;
            if (rackSize[rack] > 0 && isEnough() && fitsRacks())
            {
                noteIfBetter();
            }
        }
        tries = 0;
        looks = 0;
        for (int size = 1; size <= blockCount && 0 == bestRacks && !isExhausted(); size++)
        {
            tryBlocks(size);
        }
        rackCount = 0;
        if (bestRacks > 0)
        {
            System.arraycopy(best, 0, racks, 0, bestRacks);
            rackCount = bestRacks;
        }
        for (int i = 0; 0 == bestRacks && i < blockCount; i++)
        {
            addRacks(blocks[i]);
        }
        return fitsRacks();
    }

    /* What there is. */

    private void count()
    {
        grow();
        wantedCpu = 0;
        wantedMem = 0;
        for (int part = 0; part < fit.parts(); part++)
        {
            wantedCpu += fit.part(part).need[SlotTable.CPU] * fit.part(part).kernels;
            wantedMem += fit.part(part).need[SlotTable.MEM] * fit.part(part).kernels;
        }
        for (int i = 0; i < fit.candidates(); i++)
        {
            final int agent = fit.candidate(i);
            final int rack = map.rackAt(pool.position(agent));
            final int block = map.block(rack);
            rackSize[rack]++;
            blockSize[block]++;
            rackFirst[rack] = Math.min(rackFirst[rack], agent);
            blockFirst[block] = Math.min(blockFirst[block], agent);
            rackCpu[rack] = Math.min(wantedCpu, rackCpu[rack] + fit.freeCpu(i));
            rackMem[rack] = Math.min(wantedMem, rackMem[rack] + fit.freeMem(i));
        }
        blockCount = 0;
        for (int block = 0; block < map.blocks(); block++)
        {
            if (blockSize[block] > 0)
            {
                int at = blockCount++;
                while (at > 0 && isBlockBefore(block, blocks[at - 1]))
                {
                    blocks[at] = blocks[at - 1];
                    at--;
                }
                blocks[at] = block;
            }
        }
    }

    private void grow()
    {
        if (rackSize.length < map.racks())
        {
            final int length = map.racks() * 2;
            rackSize = new int[length];
            rackFirst = new int[length];
            rackCpu = new long[length];
            rackMem = new long[length];
            racks = new int[length];
            within = new int[length];
            isUsed = new boolean[length];
            best = new int[length];
        }
        if (blockSize.length < map.blocks())
        {
            blockSize = new int[map.blocks() * 2];
            blockFirst = new int[map.blocks() * 2];
            blocks = new int[map.blocks() * 2];
        }
        Arrays.fill(rackSize, 0);
        Arrays.fill(blockSize, 0);
        Arrays.fill(rackCpu, 0);
        Arrays.fill(rackMem, 0);
        Arrays.fill(rackFirst, Integer.MAX_VALUE);
        Arrays.fill(blockFirst, Integer.MAX_VALUE);
    }

    private boolean isBlockBefore(final int left, final int right)
    {
        return blockSize[left] > blockSize[right] ||
            blockSize[left] == blockSize[right] && blockFirst[left] < blockFirst[right];
    }

    /** Adds those of a block that have room for anything, larger racks first. */
    private void addRacks(final int block)
    {
        final int start = rackCount;
        for (int at = map.rackStart(block); at < map.rackEnd(block); at++)
        {
            final int rack = map.rack(at);
            if (rackSize[rack] > 0)
            {
                int to = rackCount++;
                while (to > start && isRackBefore(rack, racks[to - 1]))
                {
                    racks[to] = racks[to - 1];
                    to--;
                }
                racks[to] = rack;
            }
        }
    }

    private boolean isRackBefore(final int left, final int right)
    {
        return rackSize[left] > rackSize[right] ||
            rackSize[left] == rackSize[right] && rackFirst[left] < rackFirst[right];
    }

    /* Sets of blocks and racks. */

    private boolean isExhausted()
    {
        return tries >= TRIES_MAX || looks >= LOOKS_MAX;
    }

    private void tryBlocks(final int size)
    {
        blockSets.begin(blockCount, size);
        do
        {
            rackCount = 0;
            for (int i = 0; i < size; i++)
            {
                addRacks(blocks[blockSets.number(i)]);
            }
            if (tryThese())
            {
                tryFewer(size);
            }
        }
        while (!isExhausted() && blockSets.next());
    }

    private boolean tryThese()
    {
        looks++;
        if (!isEnough())
        {
            return false;
        }
        tries++;
        return fitsRacks();
    }

    /** All racks of so many blocks have room: so may those that are taken from, or fewer. */
    private void tryFewer(final int ofBlocks)
    {
        final int count = rackCount;
        System.arraycopy(racks, 0, within, 0, count);
        keepUsed();
        if (rackCount < count && !tryThese())
        {
            System.arraycopy(within, 0, racks, 0, count);
            rackCount = count;
            fitsRacks();
        }
        noteIfBetter();
        boolean found = false;
        for (int size = Math.max(2, ofBlocks); size < bestRacks && !found && !isExhausted(); size++)
        {
            rackSets.begin(count, size);
            do
            {
                rackCount = size;
                for (int i = 0; i < size; i++)
                {
                    racks[i] = within[rackSets.number(i)];
                }
                found = tryThese();
            }
            while (!found && !isExhausted() && rackSets.next());
            if (found)
            {
                noteIfBetter();
            }
        }
    }

    /** Of the racks that are looked at, those that something was taken from. */
    private void keepUsed()
    {
        for (int entry = 0; entry < fit.taken(); entry++)
        {
            isUsed[map.rackAt(pool.position(fit.takenAgent(entry)))] = true;
        }
        int kept = 0;
        for (int i = 0; i < rackCount; i++)
        {
            if (isUsed[racks[i]])
            {
                isUsed[racks[i]] = false;
                racks[kept++] = racks[i];
            }
        }
        rackCount = kept;
    }

    private void noteIfBetter()
    {
        final int agents = fit.agentsTaken();
        int size = 0;
        int first = Integer.MAX_VALUE;
        for (int i = 0; i < rackCount; i++)
        {
            size += rackSize[racks[i]];
            first = Math.min(first, rackFirst[racks[i]]);
        }
        if (0 == bestRacks || rackCount < bestRacks ||
            rackCount == bestRacks && (agents < bestAgents ||
            agents == bestAgents && (size < bestSize || size == bestSize && first < bestFirst)))
        {
            bestRacks = rackCount;
            System.arraycopy(racks, 0, best, 0, rackCount);
            bestAgents = agents;
            bestSize = size;
            bestFirst = first;
        }
    }

    /** Whether the racks that are looked at have as much as is asked for in all. */
    private boolean isEnough()
    {
        long cpu = wantedCpu;
        long mem = wantedMem;
        for (int i = 0; i < rackCount; i++)
        {
            cpu -= rackCpu[racks[i]];
            mem -= rackMem[racks[i]];
        }
        return cpu <= 0 && mem <= 0;
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
