package io.plimsoll.core;

import java.util.Arrays;

/**
 * Whether all kernels of a session whose parts differ have room, and where: a packing that depends on the agents alone,
 * on nothing about the session but what it asks for, so that what did not fit need not be tried again until an agent
 * changes.
 *
 * <p>Each part must find room by itself. Then the parts are placed one after the other, first the one that the fewest
 * agents have room for, on agents that would do for the fewest of the parts to come, in order of their ids; should that
 * fail, once more in the order in which the parts were asked for. If that does not do either {@link PartsSearch} tries
 * all that there is. To find every packing of many kernels on many agents would take time without bound, so a large
 * session may wait though somebody could think of one; and since that is so, more room may lead to a worse packing, and
 * less to a better one.
 */
final class PartsFit
{
    /** Most parts, as each is a bit. */
    static final int PARTS_MAX = 64;

    private final CoreState state;
    private final ShapeTable shapes;
    private final AgentTable agents;
    private Wanted[] parts = new Wanted[4];
    /** Row of the shape of each part. */
    private int[] rows = new int[4];
    private int[] firstIndex = new int[4];
    private long[] alone = new long[4];
    private int[] spots = new int[4];
    private int[] scarcest = new int[4];
    private int[] natural = {0, 1, 2, 3};
    private int count;
    private boolean spreads;
    private boolean packs;
    private PartsRoom.Source source;
    private final AgentForecast scratch;
    private final AgentForecast copy;
    private final PartsRoom room;
    private final PartsSearch search;

    private int[] group = new int[64];
    /** Agents with room for a kernel of any part, and for which. */
    private int[] candidates = new int[64];
    private long[] masks = new long[64];
    private long[] freeCpu = new long[64];
    private long[] freeMem = new long[64];
    private int candidateCount;
    private int failed;
    private boolean isAlone;

    /* What was found: kernels of parts on agents. */
    private int[] takenPart = new int[64];
    private int[] takenAgent = new int[64];
    private int[] takenKernels = new int[64];
    private int takenCount;

    PartsFit(final CoreState state)
    {
        this.state = state;
        shapes = state.shapes;
        agents = state.agents;
        scratch = new AgentForecast(state);
        copy = new AgentForecast(state);
        room = new PartsRoom(state);
        search = new PartsSearch(state, this);
    }

    /* What is asked for. */

    void load(final int shape)
    {
        count = 0;
        spreads = false;
        packs = false;
        int kernels = 0;
        for (int row = shape; Table.NONE != row; row = shapes.nextPart(row))
        {
            add(row, kernels).load(row);
            kernels += shapes.get(shapes.kernels, row);
        }
    }

    void load(final Request request)
    {
        count = 0;
        int kernels = 0;
        for (Request part = request; null != part; part = part.rest)
        {
            add(Table.NONE, kernels).load(part);
            kernels += part.kernels;
        }
    }

    private Wanted add(final int row, final int index)
    {
        if (count == parts.length)
        {
            parts = Arrays.copyOf(parts, count * 2);
            rows = Arrays.copyOf(rows, count * 2);
            firstIndex = Arrays.copyOf(firstIndex, count * 2);
            alone = Arrays.copyOf(alone, count * 2);
            spots = Arrays.copyOf(spots, count * 2);
            scarcest = Arrays.copyOf(scarcest, count * 2);
            natural = Arrays.copyOf(natural, count * 2);
            for (int part = count; part < natural.length; part++)
            {
                natural[part] = part;
            }
        }
        if (null == parts[count])
        {
            parts[count] = new Wanted(state);
        }
        rows[count] = row;
        firstIndex[count] = index;
        return parts[count++];
    }

    /** Whether kernels must be on agents of their own, or all on one. */
    void together(final boolean isSpread, final boolean isPacked)
    {
        spreads = isSpread;
        packs = isPacked;
    }

    int parts()
    {
        return count;
    }

    Wanted part(final int part)
    {
        return parts[part];
    }

    /** Index of the first kernel of a part. */
    int firstIndex(final int part)
    {
        return firstIndex[part];
    }

    /* The search. */

    /** Looks at all agents of a group. */
    boolean find(final int groupId, final PartsRoom.Source from)
    {
        int among = 0;
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (groupId == agents.get(agents.group, agent))
            {
                if (among == group.length)
                {
                    group = Arrays.copyOf(group, among * 2);
                }
                group[among++] = agent;
            }
        }
        return find(group, among, from);
    }

    /** Looks at so many agents of a list, in its order. */
    boolean find(final int[] among, final int amongCount, final PartsRoom.Source from)
    {
        source = from;
        candidateCount = 0;
        takenCount = 0;
        room.clear();
        Arrays.fill(alone, 0, count, 0);
        Arrays.fill(spots, 0, count, 0);
        for (int i = 0; i < amongCount; i++)
        {
            look(among[i]);
        }
        isAlone = true;
        for (int part = 0; part < count; part++)
        {
            if (alone[part] < parts[part].kernels)
            {
                failed = part;
                return false;
            }
        }
        isAlone = false;
        sortByScarcity();
        return packs ? packOnOne() : pack(scarcest, true) || pack(natural, false) || searchAll();
    }

    private boolean searchAll()
    {
        final boolean found = search.find(source, spreads);
        if (found)
        {
            room.clear();
            takenCount = 0;
        }
        for (int kernel = 0; found && kernel < search.kernels(); kernel++)
        {
            if (1 != take(search.agent(kernel), search.part(kernel), 1))
            {
                throw new IllegalStateException("found, but does not fit: agentId=" + search.agent(kernel));
            }
        }
        return found;
    }

    private void look(final int agent)
    {
        if (!source.load(agent, scratch))
        {
            return;
        }
        long mask = 0;
        for (int part = 0; part < count; part++)
        {
            final Wanted wanted = parts[part];
            if (scratch.fits(wanted))
            {
                mask |= 1L << part;
                spots[part]++;
                if (alone[part] < wanted.kernels)
                {
                    final int places = spreads ? 1 : places(wanted);
                    alone[part] = packs ? Math.max(alone[part], places) : alone[part] + places;
                }
            }
        }
        if (0 != mask)
        {
            if (candidateCount == candidates.length)
            {
                candidates = Arrays.copyOf(candidates, candidateCount * 2);
                masks = Arrays.copyOf(masks, candidateCount * 2);
                freeCpu = Arrays.copyOf(freeCpu, candidateCount * 2);
                freeMem = Arrays.copyOf(freeMem, candidateCount * 2);
            }
            freeCpu[candidateCount] = scratch.free(SlotTable.CPU);
            freeMem[candidateCount] = scratch.free(SlotTable.MEM);
            candidates[candidateCount] = agent;
            masks[candidateCount++] = mask;
        }
    }

    private int places(final Wanted wanted)
    {
        copy.copy(scratch);
        return copy.takeAll(wanted, wanted.kernels);
    }

    private void sortByScarcity()
    {
        for (int part = 0; part < count; part++)
        {
            int at = part;
            while (at > 0 && isScarcer(part, scarcest[at - 1]))
            {
                scarcest[at] = scarcest[at - 1];
                at--;
            }
            scarcest[at] = part;
        }
    }

    private boolean isScarcer(final int left, final int right)
    {
        if (spots[left] != spots[right])
        {
            return spots[left] < spots[right];
        }
        final long[] one = parts[left].need;
        final long[] other = parts[right].need;
        return one[SlotTable.CPU] > other[SlotTable.CPU] ||
            one[SlotTable.CPU] == other[SlotTable.CPU] && one[SlotTable.MEM] > other[SlotTable.MEM];
    }

    private boolean pack(final int[] order, final boolean special)
    {
        room.clear();
        takenCount = 0;
        long later = allParts();
        for (int i = 0; i < count; i++)
        {
            final int part = order[i];
            later &= ~(1L << part);
            int left = parts[part].kernels;
            final int levels = special ? Long.bitCount(later) : 0;
            for (int level = 0; level <= levels && left > 0; level++)
            {
                for (int candidate = 0; candidate < candidateCount && left > 0; candidate++)
                {
                    if (0 != (masks[candidate] & 1L << part) &&
                        (!special || level == Long.bitCount(masks[candidate] & later)))
                    {
                        left -= take(candidates[candidate], part, left);
                    }
                }
            }
            if (left > 0)
            {
                failed = part;
                return false;
            }
        }
        return true;
    }

    private long allParts()
    {
        return -1L >>> (Long.SIZE - count);
    }

    private int take(final int agent, final int part, final int most)
    {
        final int allowed = !spreads ? most : 0 == room.times(agent) ? 1 : 0;
        final int taken = 0 == allowed ? 0 : room.open(agent, source).takeAll(parts[part], allowed);
        if (taken > 0)
        {
            room.note(agent, parts[part].deviceClass, taken);
            if (takenCount == takenPart.length)
            {
                takenPart = Arrays.copyOf(takenPart, takenCount * 2);
                takenAgent = Arrays.copyOf(takenAgent, takenCount * 2);
                takenKernels = Arrays.copyOf(takenKernels, takenCount * 2);
            }
            takenPart[takenCount] = part;
            takenAgent[takenCount] = agent;
            takenKernels[takenCount++] = taken;
        }
        return taken;
    }

    private boolean packOnOne()
    {
        for (int candidate = 0; candidate < candidateCount; candidate++)
        {
            if (masks[candidate] == allParts() && takesAll(candidates[candidate]))
            {
                return true;
            }
        }
        failed = scarcest[0];
        return false;
    }

    private boolean takesAll(final int agent)
    {
        room.clear();
        takenCount = 0;
        for (int i = 0; i < count; i++)
        {
            final int part = scarcest[i];
            if (take(agent, part, parts[part].kernels) < parts[part].kernels)
            {
                return false;
            }
        }
        return true;
    }

    /* What came of it. */

    /** Whether a part does not even fit by itself: no other agent than one with room for a kernel of it could help. */
    boolean failedAlone()
    {
        return isAlone;
    }

    /** Number of the part that did not fit. */
    int failedPart()
    {
        return failed;
    }

    /** Row of the shape of a part. */
    int row(final int part)
    {
        return rows[part];
    }

    /** Kernels of a part for which there is room, as long as that part alone is placed and does not fit. */
    long alone(final int part)
    {
        return alone[part];
    }

    /** Agents with room for a kernel of any part, when nothing is taken yet. */
    int candidates()
    {
        return candidateCount;
    }

    int candidate(final int index)
    {
        return candidates[index];
    }

    /** What a candidate has free when nothing is taken yet. */
    long freeCpu(final int index)
    {
        return freeCpu[index];
    }

    long freeMem(final int index)
    {
        return freeMem[index];
    }

    boolean isFor(final int index, final int part)
    {
        return 0 != (masks[index] & 1L << part);
    }

    /** The order in which parts were placed first. */
    int inOrder(final int position)
    {
        return scarcest[position];
    }

    /** Entries of what was found, or of what was tried last. */
    int taken()
    {
        return takenCount;
    }

    int takenPart(final int entry)
    {
        return takenPart[entry];
    }

    int takenAgent(final int entry)
    {
        return takenAgent[entry];
    }

    int takenKernels(final int entry)
    {
        return takenKernels[entry];
    }

    /** Agents that were given kernels. */
    int agentsTaken()
    {
        return room.agents();
    }

    /** Kernels that found a place. */
    int kernelsTaken()
    {
        return room.taken();
    }

    /** An agent after what was taken; null if nothing was. */
    AgentForecast after(final int agent)
    {
        return room.of(agent);
    }
}
