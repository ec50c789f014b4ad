package io.plimsoll.core;

import java.util.Arrays;

/**
 * Chooses the blocks of a session for which no block has room alone: as few as can be, which are never more than of the
 * largest ones, and among sets of equally few blocks the one of which the fewest racks are needed. Sets are compared in
 * order of the blocks' room, the largest first, and the first of those that are equal is taken; where there are more
 * than {@value #SETS_MAX}, it is the best of so many.
 */
final class BlockSets
{
    /** Sets that are compared; each costs a look at all of its racks. */
    static final int SETS_MAX = 256;

    private final int[] countByPlaces = new int[KernelTable.KERNELS_MAX + 1];
    private TopologyMap map;
    private long[] rackPlaces;
    private long[] blockPlaces;
    private int[] blockFirst;
    private int wanted;
    private boolean[] taken = new boolean[16];
    /** Blocks by room, the largest first, and of the lowest agent among equals; as many as may be of use. */
    private int[] ordered = new int[16];
    /** Room of so many of them together. */
    private long[] room = new long[17];
    private int count;
    /** Blocks of a set, by their places in the order. */
    private int[] present = new int[16];
    private int[] best = new int[16];
    private int size;
    private int bestRacks;
    private int racksLeast;
    private int setsLeft;

    /** By block, whether it is one of those that are to take so many kernels; there is room for them. */
    boolean[] choose(
        final TopologyMap ofMap,
        final long[] placesOfRacks,
        final long[] placesOfBlocks,
        final int[] firstOfBlocks,
        final int kernels)
    {
        map = ofMap;
        rackPlaces = placesOfRacks;
        blockPlaces = placesOfBlocks;
        blockFirst = firstOfBlocks;
        wanted = kernels;
        begin();
        while (room[count] < wanted)
        {
            order(largest());
        }
        size = count;
        for (int i = 0; i < size; i++)
        {
            present[i] = i;
        }
        bestRacks = Integer.MAX_VALUE;
        compare();
        racksLeast = racksNeededOfAll();
        if (bestRacks > racksLeast)
        {
            orderOthers();
            setsLeft = SETS_MAX;
            search(0, 0, 0);
        }
        Arrays.fill(taken, false);
        for (int i = 0; i < size; i++)
        {
            taken[ordered[best[i]]] = true;
        }
        return taken;
    }

    private void begin()
    {
        if (taken.length < map.blocks())
        {
            final int length = map.blocks() * 2;
            taken = new boolean[length];
            ordered = new int[length];
            room = new long[length + 1];
            present = new int[length];
            best = new int[length];
        }
        Arrays.fill(taken, false);
        count = 0;
    }

    private void order(final int block)
    {
        taken[block] = true;
        ordered[count] = block;
        room[count + 1] = room[count] + blockPlaces[block];
        count++;
    }

    private void orderOthers()
    {
        for (int block = largest(); count < size + SETS_MAX && Table.NONE != block; block = largest())
        {
            order(block);
        }
    }

    /** Of those that have room and are not in order yet; NONE if all are. */
    private int largest()
    {
        int largest = Table.NONE;
        for (int block = 0; block < map.blocks(); block++)
        {
            if (!taken[block] && blockPlaces[block] > 0 && (Table.NONE == largest ||
                blockPlaces[block] > blockPlaces[largest] ||
                blockPlaces[block] == blockPlaces[largest] && blockFirst[block] < blockFirst[largest]))
            {
                largest = block;
            }
        }
        return largest;
    }

    /** Sets that begin with what is present so far, which has so much room, and go on with blocks from a place on. */
    private void search(final int depth, final int from, final long roomBefore)
    {
        final int more = size - depth;
        for (int i = from; i + more <= count && setsLeft > 0 && bestRacks > racksLeast; i++)
        {
            if (roomBefore + room[i + more] - room[i] < wanted)
            {
                return;
            }
            present[depth] = i;
            if (1 == more)
            {
                setsLeft--;
                compare();
            }
            else
            {
                search(depth + 1, i + 1, roomBefore + room[i + 1] - room[i]);
            }
        }
    }

    private void compare()
    {
        Arrays.fill(countByPlaces, 0, wanted + 1, 0);
        for (int i = 0; i < size; i++)
        {
            countRacks(ordered[present[i]]);
        }
        final int racks = TopologySelection.needed(countByPlaces, wanted);
        if (racks < bestRacks)
        {
            bestRacks = racks;
            System.arraycopy(present, 0, best, 0, size);
        }
    }

    /** Fewer than these are needed of no set. */
    private int racksNeededOfAll()
    {
        Arrays.fill(countByPlaces, 0, wanted + 1, 0);
        for (int block = 0; block < map.blocks(); block++)
        {
            countRacks(block);
        }
        return TopologySelection.needed(countByPlaces, wanted);
    }

    private void countRacks(final int block)
    {
        for (int at = map.rackStart(block); at < map.rackEnd(block); at++)
        {
            countByPlaces[(int)Math.min(rackPlaces[map.rack(at)], wanted)]++;
        }
    }
}
