package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;

/**
 * Sessions. A job array is one row whose elements from nextId to endId still wait; an element that was placed or
 * cancelled has a row of its own. Cancelling in the middle cuts the row in two, so that every row is one unbroken
 * range.
 */
final class SessionTable extends RowTable
{
    private static final int COUNT_BITS = 12;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    /** Agents on which attempts of a session failed, as far as they are remembered. */
    static final int FAILED_AGENTS_MAX = 8;

    /** First id that the row was made with; never changes, so timers are ordered by it. */
    final LongColumn firstId = longColumn(1);
    /** The id of the session; of an array's row, the first element that waits. */
    final LongColumn nextId = longColumn(2);
    /** One above the last id of the row. */
    final LongColumn endId = longColumn(3);
    final LongColumn walltimeNs = longColumn(4);
    final LongColumn graceNs = longColumn(5);
    final LongColumn notBeforeNs = longColumn(6);
    /** When the present state was entered. */
    final LongColumn stateNs = longColumn(7);
    /** End of the pending timeout, 0: none. */
    final LongColumn deadlineNs = longColumn(8);
    /** Live kernels by state, 12 bits each. */
    final LongColumn liveByState = longColumn(9);
    final IntColumn shape = intColumn(10);
    final IntColumn spec = intColumn(11);
    final IntColumn owner = intColumn(12);
    final IntColumn attempt = intColumn(13);
    final IntColumn exitCode = intColumn(14);
    /** On which an attempt failed last; 0: on none. */
    final IntColumn failedAgent = intColumn(15);
    /** Dependencies that have not ended with success. */
    final IntColumn unmet = intColumn(16);
    final IntColumn live = intColumn(17);
    final IntColumn held = intColumn(18);
    final ByteColumn state = byteColumn(19);
    final ByteColumn type = byteColumn(20);
    final ByteColumn restart = byteColumn(21);
    final ByteColumn result = byteColumn(22);
    final ByteColumn reason = byteColumn(23);
    final ByteColumn array = byteColumn(24);
    /** Epoch; not placed before; 0: at once. */
    final LongColumn startsAtNs = longColumn(31);
    /** When it was submitted. */
    final LongColumn submittedNs = longColumn(32);
    final ByteColumn failurePolicy = byteColumn(33);
    final ByteColumn preemptible = byteColumn(34);
    /** When all kernels of the present attempt were first running; 0: not yet. */
    final LongColumn runningNs = longColumn(35);
    /** Agents on which room was made for it and did not help. */
    final IntColumn yieldsInVain = intColumn(36);
    /** Nobody yields to it before, since that was in vain too often; 0: at once. */
    final LongColumn yieldNotBeforeNs = longColumn(37);
    /** Attempts that ended because others were preferred: they were no failures. */
    final IntColumn preemptions = intColumn(60);
    /** Of an ended session, since when nobody waits for it: it is forgotten so much later. */
    final LongColumn unawaitedNs = longColumn(25);
    /** Others on which attempts failed before that, the latest first. */
    private final IntColumn[] failedBefore =
    {
        intColumn(61), intColumn(62), intColumn(63), intColumn(64), intColumn(65), intColumn(66), intColumn(67)
    };
    /** One above the lowest index of the kernels that failed by themselves in this attempt; 0: none. */
    final IntColumn failedKernel = intColumn(26);

    final IntColumn kernelHead = intColumn(-1);
    final IntColumn kernelTail = intColumn(-2);
    final IntColumn dependencyHead = intColumn(-3);
    /** First reservation plus one: see {@link ReservationTable}. */
    final IntColumn reserved = intColumn(-7);
    /** In the queue of the shape, the list of those to be killed, or one of the lists of those that ended. */
    final IntColumn previous = intColumn(-4);
    final IntColumn next = intColumn(-5);
    final IntColumn timer = intColumn(0);
    final IntColumn wakeup = intColumn(0);
    final ByteColumn queued = byteColumn(0);
    final ByteColumn killing = byteColumn(-6);

    private final IdWindow byId = new IdWindow();
    final ArrayRows arrays = new ArrayRows(this);
    final IdBlocks blocks = new IdBlocks();

    SessionTable()
    {
        // What the end of a session and its oblivion read, long after it was submitted; then what they write.
        standFirst(
            nextId, liveByState, unawaitedNs, shape, spec, attempt, live, held, kernelHead, previous, next, state, type,
            result, reason, array, queued, killing, present);
        standNext(
            stateNs, deadlineNs, runningNs, walltimeNs, owner, exitCode, failedAgent, failedKernel, kernelTail,
            dependencyHead, reserved, timer);
    }

    int add(final long id, final long count, final boolean isArray)
    {
        final int row = allocate();
        set(firstId, row, id);
        set(nextId, row, id);
        set(endId, row, id + count);
        set(array, row, (byte)(isArray ? 1 : 0));
        set(exitCode, row, -1);
        set(kernelHead, row, NONE);
        set(kernelTail, row, NONE);
        set(dependencyHead, row, NONE);
        set(previous, row, NONE);
        set(next, row, NONE);
        set(timer, row, NONE);
        set(wakeup, row, NONE);
        if (isArray)
        {
            arrays.add(row);
        }
        else
        {
            byId.put(id, row);
        }
        blocks.add(id, count);
        return row;
    }

    /** How many agents are remembered because attempts failed there. */
    int failedAgents(final int row)
    {
        int count = 0;
        while (count < FAILED_AGENTS_MAX && 0 != failedAgent(row, count))
        {
            count++;
        }
        return count;
    }

    /** The agents on which attempts failed, the latest first from 0 on; 0 beyond the last. */
    int failedAgent(final int row, final int i)
    {
        return get(0 == i ? failedAgent : failedBefore[i - 1], row);
    }

    /** An attempt failed on an agent; of too many the one that failed longest ago is forgotten. */
    void addFailedAgent(final int row, final int agent)
    {
        int moved = get(failedAgent, row);
        set(failedAgent, row, agent);
        for (int i = 0; i < failedBefore.length && 0 != moved && agent != moved; i++)
        {
            final int next = get(failedBefore[i], row);
            set(failedBefore[i], row, moved);
            moved = next;
        }
    }

    /** Only for rows that are no arrays, or arrays of which nothing is left. */
    void remove(final int row)
    {
        if (0 == get(array, row))
        {
            byId.remove(get(nextId, row));
            blocks.remove(get(nextId, row), 1);
        }
        release(row);
    }

    /** Row of the session, or of the array that it is a waiting element of; NONE if unknown. */
    int find(final long id)
    {
        final int row = byId.get(id);
        return NONE == row ? arrays.find(id) : row;
    }

    /** Row of the session if it has one of its own. */
    int findOwn(final long id)
    {
        return byId.get(id);
    }

    long waiting(final int row)
    {
        return get(endId, row) - get(nextId, row);
    }

    boolean isTerminal(final int row)
    {
        return get(state, row) >= LifeState.TERMINATED.value();
    }

    /** Lowest index of the kernels that failed by themselves in this attempt; above all indexes if none did. */
    int lowestFailed(final int row)
    {
        final int oneAbove = get(failedKernel, row);
        return 0 == oneAbove ? KernelTable.KERNELS_MAX : oneAbove - 1;
    }

    void countKernel(final int row, final int kernelState, final int change)
    {
        add(liveByState, row, ((long)change << (COUNT_BITS * (kernelState - 1))));
    }

    long liveIn(final int row, final int kernelState)
    {
        return (get(liveByState, row) >>> (COUNT_BITS * (kernelState - 1))) & COUNT_MASK;
    }

    /** State of the least advanced live kernel; the session has one. */
    int leastAdvanced(final int row)
    {
        return Long.numberOfTrailingZeros(get(liveByState, row)) / COUNT_BITS + 1;
    }

    void rebuildIndex()
    {
        byId.clear();
        arrays.clear();
        blocks.clear();
        for (int row = 0; row < highWater(); row++)
        {
            if (isLive(row))
            {
                if (0 == get(array, row))
                {
                    byId.put(get(nextId, row), row);
                }
                else
                {
                    arrays.add(row);
                }
                blocks.add(get(nextId, row), waiting(row));
            }
        }
    }

    long indexBytes()
    {
        return byId.bytes() + arrays.bytes();
    }
}
