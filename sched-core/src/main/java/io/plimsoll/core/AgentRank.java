package io.plimsoll.core;

/**
 * Where an agent comes in the order by free cpu, free mem, further free slots and id, as two numbers: agents of a
 * smaller key come before, and among those of one key agents of a smaller tie. Both are exact for what clusters are
 * made of; where they are not, the tie says so, and among those that are otherwise equal the table has to be asked.
 *
 * <pre>
 * key: 0 | cpu (24) | mem in KiB (38)
 * tie: 0 | rest of mem (10) | kind (2) | third slot (8) | fourth slot (10) | inexact (1) | id (31)
 * </pre>
 */
final class AgentRank
{
    /** Of what cannot be told by a number of its own since its cpu is beyond all; no other key is above. */
    static final long ABOVE_ALL = (1L << 62) - 1;
    static final int CPU_SHIFT = 38;
    static final long MEM_MASK = (1L << CPU_SHIFT) - 1;

    /* Raised so that what is missing is no negative number. */
    private static final long CPU_RAISE = 1L << 20;
    private static final long CPU_MAX = (1L << 24) - 1 - CPU_RAISE;
    private static final long MEM_RAISE = 1L << 34;
    private static final long MEM_MAX = MEM_MASK - MEM_RAISE;
    private static final int MEM_UNIT_SHIFT = 10;
    private static final long MEM_REST_MASK = (1L << MEM_UNIT_SHIFT) - 1;

    private static final long ID_MASK = (1L << 31) - 1;
    private static final long INEXACT = 1L << 31;
    private static final int INEXACT_SHIFT = 31;
    private static final int UPPER_SHIFT = INEXACT_SHIFT + 1;
    private static final int REST_SHIFT = 52;

    /* What is said of further slots, as part of a tie from the inexact bit on, and one more bit that is none. */
    private static final int FURTHER_INEXACT = 1;
    private static final int FOURTH_SHIFT = 1;
    private static final int THIRD_SHIFT = 11;
    private static final int KIND_SHIFT = 19;
    private static final int FURTHER_MASK = (1 << 21) - 1;
    private static final int ANY_FREE = 1 << 21;
    private static final int THIRD_SLOT = SlotTable.MEM + 1;
    private static final int FOURTH_SLOT = SlotTable.MEM + 2;
    private static final int THIRD_MAX = (1 << 8) - 1;
    private static final int FOURTH_MAX = (1 << 10) - 1;
    private static final int OTHERS_MASK = -1 << FOURTH_SLOT + 1;

    /* Kinds. The first further slot that says anything is short; there are none; there are some. */
    private static final int SHORT = FURTHER_INEXACT;
    private static final int PLAIN = 1 << KIND_SHIFT;
    private static final int FURTHER = 2 << KIND_SHIFT;

    private final AgentTable agents;
    private final SlotTable slots;
    /** Lower ids have larger ties, for a policy that reads from the end. */
    private final boolean idFalling;

    AgentRank(final AgentTable agents, final SlotTable slots, final boolean idFalling)
    {
        this.agents = agents;
        this.slots = slots;
        this.idFalling = idFalling;
    }

    /** Never falls with cpu, nor among equal cpu with mem. */
    static long key(final long cpu, final long mem)
    {
        if (cpu >= CPU_MAX)
        {
            return ABOVE_ALL;
        }
        if (cpu <= -CPU_RAISE)
        {
            return 0;
        }
        final long kib = mem >> MEM_UNIT_SHIFT;
        final long memPart = kib >= MEM_MAX ? MEM_MASK : kib <= -MEM_RAISE ? 0 : kib + MEM_RAISE;
        return cpu + CPU_RAISE << CPU_SHIFT | memPart;
    }

    /** Whether cpu and mem are what a key says, apart from the rest of mem. */
    private static boolean isWithin(final long key)
    {
        final long memPart = key & MEM_MASK;
        return 0 != memPart && MEM_MASK != memPart;
    }

    /** Whether the key of an amount that is needed says all about it. */
    static boolean isExact(final long key, final long mem)
    {
        return isWithin(key) && 0 == (mem & MEM_REST_MASK);
    }

    long key(final int agent)
    {
        return key(agents.free(agent, SlotTable.CPU), agents.free(agent, SlotTable.MEM));
    }

    /** The tie of an agent that has a key. */
    long tie(final int agent, final long key)
    {
        final long id = idFalling ? ~agent & ID_MASK : agent;
        if (!isWithin(key))
        {
            return INEXACT | id;
        }
        final long rest = agents.free(agent, SlotTable.MEM) & MEM_REST_MASK;
        return rest << REST_SHIFT | (long)(agents.furtherRank(agent) & FURTHER_MASK) << INEXACT_SHIFT | id;
    }

    /** What the further slots of an agent mean for its tie, to be kept until they change. */
    static int further(final AgentTable agents, final int agent)
    {
        final int some = agents.notNone(agent);
        final int anyFree = 0 == agents.some(agent) ? 0 : ANY_FREE;
        if (0 == some)
        {
            return PLAIN;
        }
        if (agents.free(agent, Integer.numberOfTrailingZeros(some)) < 0)
        {
            return SHORT | anyFree;
        }
        final long third = (some & 1 << THIRD_SLOT) == 0 ? 0 : agents.free(agent, THIRD_SLOT);
        if (third >= THIRD_MAX)
        {
            return FURTHER | THIRD_MAX << THIRD_SHIFT | FURTHER_INEXACT | anyFree;
        }
        final long fourth = (some & 1 << FOURTH_SLOT) == 0 ? 0 : agents.free(agent, FOURTH_SLOT);
        final boolean exact = fourth >= 0 && fourth < FOURTH_MAX && 0 == (some & OTHERS_MASK);
        return FURTHER | (int)third << THIRD_SHIFT | (int)Math.max(0, Math.min(fourth, FOURTH_MAX)) << FOURTH_SHIFT |
            (exact ? 0 : FURTHER_INEXACT) | anyFree;
    }

    /** Whether by that anything is free of any further slot. */
    static boolean isAnyFree(final int further)
    {
        return 0 != (further & ANY_FREE);
    }

    /** Whether by that amounts are known: see {@link #amount}. */
    static boolean isExact(final int further)
    {
        return 0 == (further & FURTHER_INEXACT);
    }

    /** What by that is free of a further slot, if it is exact. */
    static int amount(final int further, final int slot)
    {
        return THIRD_SLOT == slot ? further >> THIRD_SHIFT & THIRD_MAX :
            FOURTH_SLOT == slot ? further >> FOURTH_SHIFT & FOURTH_MAX : 0;
    }

    /** The agent whose tie it is. */
    int agent(final long tie)
    {
        return (int)((idFalling ? ~tie : tie) & ID_MASK);
    }

    /** Whether the order of two of equal key follows from their ties. */
    static boolean isDecided(final long left, final long right)
    {
        return 0 == ((left | right) & INEXACT) || left >>> UPPER_SHIFT != right >>> UPPER_SHIFT;
    }

    /** Whether the order of any number of equal key follows from their ties, of which all bits are told at once. */
    static boolean areDecided(final long anyTie)
    {
        return 0 == (anyTie & INEXACT);
    }

    int compare(final long leftKey, final long leftTie, final long rightKey, final long rightTie)
    {
        if (leftKey != rightKey)
        {
            return leftKey < rightKey ? -1 : 1;
        }
        return isDecided(leftTie, rightTie) ?
            Long.compare(leftTie, rightTie) : compareFree(leftTie, rightTie);
    }

    private int compareFree(final long leftTie, final long rightTie)
    {
        final int left = agent(leftTie);
        final int right = agent(rightTie);
        for (int slot = 0; slot < slots.count(); slot++)
        {
            final int byAmount = Long.compare(agents.free(left, slot), agents.free(right, slot));
            if (0 != byAmount)
            {
                return byAmount;
            }
        }
        return Long.compare(leftTie & ID_MASK, rightTie & ID_MASK);
    }

    /** Writes down what an agent has free, to be compared with later though the agent may have changed. */
    void note(final int agent, final long[] target, final int base)
    {
        for (int slot = 0; slot < SlotTable.SLOTS_MAX; slot++)
        {
            target[base + slot] = slot < slots.count() ? agents.free(agent, slot) : 0;
        }
    }

    /** Compares what was written down for somebody with an agent; both have one key. */
    int compareNoted(final long[] noted, final int base, final long notedTie, final long tie)
    {
        if (isDecided(notedTie, tie))
        {
            return Long.compare(notedTie, tie);
        }
        final int agent = agent(tie);
        for (int slot = 0; slot < slots.count(); slot++)
        {
            final int byAmount = Long.compare(noted[base + slot], agents.free(agent, slot));
            if (0 != byAmount)
            {
                return byAmount;
            }
        }
        return Long.compare(notedTie & ID_MASK, tie & ID_MASK);
    }
}
