package io.plimsoll.core;

import java.util.Arrays;

/**
 * Which agents of a pool stand in which rack and block, as they told by the labels {@code rack} and {@code block}.
 * Racks of one name in two blocks are two; agents that tell none stand in one that has no name. A cache.
 */
final class TopologyMap
{
    private final AgentTable agents;
    private final AgentPool pool;
    private final RowIndex rackIndex = new RowIndex();
    private final RowIndex blockIndex = new RowIndex();
    private int racks;
    private int blocks;
    private int[] rackName = new int[16];
    private int[] rackBlock = new int[16];
    private int[] blockName = new int[16];
    private int[] rackAt = new int[64];
    /** Positions, those of one rack after each other in order of their agents. */
    private int[] members = new int[64];
    private int[] memberStart = new int[17];
    /** Racks, those of one block after each other. */
    private int[] racksByBlock = new int[16];
    private int[] rackStart = new int[17];
    private long version;
    private long attachesSeen = Table.NONE;
    private int positionsSeen;

    TopologyMap(final AgentTable agents, final AgentPool pool)
    {
        this.agents = agents;
        this.pool = pool;
    }

    int racks()
    {
        return racks;
    }

    int blocks()
    {
        return blocks;
    }

    int block(final int rack)
    {
        return rackBlock[rack];
    }

    /** Another number whenever racks and blocks are numbered anew. */
    long version()
    {
        return version;
    }

    int rackStart(final int block)
    {
        return rackStart[block];
    }

    int rackEnd(final int block)
    {
        return rackStart[block + 1];
    }

    /** A rack of a block, from its start to its end. */
    int rack(final int at)
    {
        return racksByBlock[at];
    }

    int rackAt(final int position)
    {
        return rackAt[position];
    }

    int memberStart(final int rack)
    {
        return memberStart[rack];
    }

    int memberEnd(final int rack)
    {
        return memberStart[rack + 1];
    }

    /** Position of a member, from the start to the end of its rack. */
    int member(final int at)
    {
        return members[at];
    }

    /** Takes up what agents told since. */
    void refresh()
    {
        if (attachesSeen != agents.attaches || positionsSeen != pool.positions())
        {
            attachesSeen = agents.attaches;
            positionsSeen = pool.positions();
            build();
        }
    }

    private void build()
    {
        rackIndex.clear();
        blockIndex.clear();
        racks = 0;
        blocks = 0;
        if (rackAt.length < positionsSeen)
        {
            rackAt = new int[positionsSeen * 2];
            members = new int[positionsSeen * 2];
        }
        for (int position = 0; position < positionsSeen; position++)
        {
            final int agent = pool.agentAt(position);
            final int rack = rackOf(blockOf(agents.get(agents.block, agent)), agents.get(agents.rack, agent));
            rackAt[position] = rack;
        }
        gather();
        gatherRacks();
        version++;
    }

    private int blockOf(final int name)
    {
        final long hash = Hashing.mix(name);
        for (int row = blockIndex.first(hash); Table.NONE != row; row = blockIndex.next())
        {
            if (name == blockName[row])
            {
                return row;
            }
        }
        if (blocks == blockName.length)
        {
            blockName = Arrays.copyOf(blockName, blocks * 2);
        }
        blockName[blocks] = name;
        blockIndex.add(hash, blocks);
        return blocks++;
    }

    private int rackOf(final int block, final int name)
    {
        final long hash = Hashing.chain(block, name);
        for (int row = rackIndex.first(hash); Table.NONE != row; row = rackIndex.next())
        {
            if (name == rackName[row] && block == rackBlock[row])
            {
                return row;
            }
        }
        if (racks == rackName.length)
        {
            rackName = Arrays.copyOf(rackName, racks * 2);
            rackBlock = Arrays.copyOf(rackBlock, racks * 2);
        }
        rackName[racks] = name;
        rackBlock[racks] = block;
        rackIndex.add(hash, racks);
        return racks++;
    }

    private void gather()
    {
        if (memberStart.length <= racks)
        {
            memberStart = new int[racks * 2];
        }
        Arrays.fill(memberStart, 0);
        for (int position = 0; position < positionsSeen; position++)
        {
            memberStart[rackAt[position]]++;
        }
        int end = 0;
        for (int rack = 0; rack < racks; rack++)
        {
            end += memberStart[rack];
            memberStart[rack] = end;
        }
        memberStart[racks] = end;
        for (int position = positionsSeen - 1; position >= 0; position--)
        {
            members[--memberStart[rackAt[position]]] = position;
        }
        for (int rack = 0; rack < racks; rack++)
        {
            sort(memberStart[rack], memberStart[rack + 1]);
        }
    }

    private void gatherRacks()
    {
        if (racksByBlock.length < racks)
        {
            racksByBlock = new int[racks * 2];
        }
        if (rackStart.length <= blocks)
        {
            rackStart = new int[blocks * 2];
        }
        Arrays.fill(rackStart, 0);
        for (int rack = 0; rack < racks; rack++)
        {
            rackStart[rackBlock[rack]]++;
        }
        int end = 0;
        for (int block = 0; block < blocks; block++)
        {
            end += rackStart[block];
            rackStart[block] = end;
        }
        rackStart[blocks] = end;
        for (int rack = racks - 1; rack >= 0; rack--)
        {
            racksByBlock[--rackStart[rackBlock[rack]]] = rack;
        }
    }

    /** By agents, by insertion: positions nearly follow them. */
    private void sort(final int start, final int end)
    {
        for (int at = start + 1; at < end; at++)
        {
            final int position = members[at];
            int hole = at;
            while (hole > start && pool.agentAt(members[hole - 1]) > pool.agentAt(position))
            {
                members[hole] = members[hole - 1];
                hole--;
            }
            members[hole] = position;
        }
    }
}
