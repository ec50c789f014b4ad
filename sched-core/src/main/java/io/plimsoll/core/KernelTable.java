package io.plimsoll.core;

/**
 * Kernels that are placed, and those that ended without proof and still hold what they were given. A kernel proven gone
 * has no row.
 */
final class KernelTable extends RowTable
{
    /** Index of the main kernel; the others are sub kernels. */
    static final int MAIN = 0;
    static final int INDEX_BITS = 10;
    static final int KERNELS_MAX = 1 << INDEX_BITS;

    final LongColumn kernelId = longColumn(1);
    final LongColumn term = longColumn(2);
    final LongColumn assignmentNo = longColumn(3);
    /** Past it the present state has lasted too long; 0: none. */
    final LongColumn deadlineNs = longColumn(4);
    /** Past it pulling has lasted too long in all; 0: not pulling. */
    final LongColumn pullDeadlineNs = longColumn(5);
    /** Connection on which the agent was last known to hold it. */
    final LongColumn markedConnection = longColumn(6);
    final IntColumn shape = intColumn(7);
    final IntColumn agent = intColumn(8);
    final IntColumn attempt = intColumn(9);
    final ByteColumn state = byteColumn(10);
    final ByteColumn reason = byteColumn(11);
    final ByteColumn restart = byteColumn(12);
    final ByteColumn held = byteColumn(13);
    final LongColumn graceNs = longColumn(14);
    final LongColumn assignedNs = longColumn(15);

    /** Row of the session; NONE once that is forgotten. */
    final IntColumn session = intColumn(-1);
    final IntColumn siblingPrevious = intColumn(-2);
    final IntColumn siblingNext = intColumn(-3);
    final IntColumn agentPrevious = intColumn(-4);
    final IntColumn agentNext = intColumn(-5);
    final IntColumn timer = intColumn(0);

    private final LongColumn[] devices = new LongColumn[SlotTable.SLOTS_MAX];
    /** Kernels that are not the only one of a session that is known; those are found through their session. */
    private final IdMap byId = new IdMap();
    private final ByteColumn mapped = byteColumn(-6);
    private final SessionTable sessions;

    KernelTable(final SessionTable sessions)
    {
        this.sessions = sessions;
        // What the end of a kernel reads, and that of its neighbours on the agent.
        standFirst(
            kernelId, term, shape, agent, attempt, session, siblingPrevious, siblingNext, agentPrevious, agentNext,
            timer, state, reason, restart, held, mapped, present);
    }

    void onSlotDefined(final int slot)
    {
        devices[slot] = longColumn(32 + slot);
    }

    int find(final long id)
    {
        if (0 == (id & (KERNELS_MAX - 1)))
        {
            final int owner = sessions.findOwn(sessionId(id));
            final int main = NONE == owner ? NONE : sessions.get(sessions.kernelHead, owner);
            if (NONE != main && id == get(kernelId, main))
            {
                return main;
            }
        }
        return byId.isEmpty() ? NONE : byId.get(id);
    }

    int add(final long id, final int kernelCount)
    {
        final int row = allocate();
        set(kernelId, row, id);
        set(timer, row, NONE);
        set(siblingPrevious, row, NONE);
        set(siblingNext, row, NONE);
        set(agentPrevious, row, NONE);
        set(agentNext, row, NONE);
        if (kernelCount > 1)
        {
            map(row);
        }
        return row;
    }

    private void map(final int row)
    {
        set(mapped, row, (byte)1);
        byId.put(get(kernelId, row), row);
    }

    /** The session of a kernel is forgotten. */
    void detach(final int row)
    {
        set(session, row, NONE);
        if (0 == get(mapped, row))
        {
            map(row);
        }
    }

    void remove(final int row)
    {
        if (0 != get(mapped, row))
        {
            byId.remove(get(kernelId, row));
        }
        release(row);
    }

    long devices(final int row, final int slot)
    {
        return null == devices[slot] ? 0 : devices[slot].get(row);
    }

    void devices(final int row, final int slot, final long mask)
    {
        devices[slot].set(row, mask);
    }

    static long sessionId(final long kernelId)
    {
        return kernelId >> INDEX_BITS;
    }

    static int index(final long kernelId)
    {
        return (int)(kernelId & (KERNELS_MAX - 1));
    }

    void rebuildIndex()
    {
        byId.clear();
        for (int row = 0; row < highWater(); row++)
        {
            if (isLive(row) && 0 != get(mapped, row))
            {
                byId.put(get(kernelId, row), row);
            }
        }
    }

    long indexBytes()
    {
        return byId.bytes();
    }
}
