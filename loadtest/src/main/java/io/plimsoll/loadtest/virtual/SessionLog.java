package io.plimsoll.loadtest.virtual;

import io.plimsoll.core.sbe.LifeState;
import java.util.Arrays;

/**
 * What became of each session of a run, in order of arrival: in columns, so that millions fit. Times are nanoseconds
 * from the origin of the workload.
 */
public final class SessionLog
{
    /** It has not happened. */
    public static final long NOT_YET = -1;
    private static final byte REFUSED = -1;

    private int[] jobs = new int[1024];
    private int[] elements = new int[1024];
    private long[] arrivalsNs = new long[1024];
    private long[] startsNs = new long[1024];
    private long[] endsNs = new long[1024];
    private int[] attempts = new int[1024];
    private byte[] states = new byte[1024];
    private int size;

    /** Sessions that have arrived. */
    public int size()
    {
        return size;
    }

    /** Place of its job in the workload. */
    public int job(final int session)
    {
        return jobs[session];
    }

    /** Number of it in the array of its job, from 0. */
    public int element(final int session)
    {
        return elements[session];
    }

    public long arrivalNs(final int session)
    {
        return arrivalsNs[session];
    }

    /** When its first kernel ran for the first time, or {@link #NOT_YET}. */
    public long startNs(final int session)
    {
        return startsNs[session];
    }

    /** When it ended or was refused, or {@link #NOT_YET}. */
    public long endNs(final int session)
    {
        return endsNs[session];
    }

    /** Attempts to run it. */
    public int attempts(final int session)
    {
        return attempts[session];
    }

    /** The state it is in; null if it was refused. */
    public LifeState state(final int session)
    {
        return REFUSED == states[session] ? null : LifeState.get(states[session]);
    }

    int add(final int job, final int element, final long arrivalNs)
    {
        if (size == jobs.length)
        {
            final int length = size * 2;
            jobs = Arrays.copyOf(jobs, length);
            elements = Arrays.copyOf(elements, length);
            arrivalsNs = Arrays.copyOf(arrivalsNs, length);
            startsNs = Arrays.copyOf(startsNs, length);
            endsNs = Arrays.copyOf(endsNs, length);
            attempts = Arrays.copyOf(attempts, length);
            states = Arrays.copyOf(states, length);
        }
        jobs[size] = job;
        elements[size] = element;
        arrivalsNs[size] = arrivalNs;
        startsNs[size] = NOT_YET;
        endsNs[size] = NOT_YET;
        states[size] = (byte)LifeState.PENDING.value();
        return size++;
    }

    void started(final int session, final long nowNs)
    {
        if (NOT_YET == startsNs[session])
        {
            startsNs[session] = nowNs;
        }
    }

    void advanced(final int session, final LifeState state, final int attempt, final long nowNs)
    {
        states[session] = (byte)state.value();
        attempts[session] = attempt;
        if (isTerminal(state))
        {
            endsNs[session] = nowNs;
        }
    }

    void refused(final int session, final long nowNs)
    {
        states[session] = REFUSED;
        endsNs[session] = nowNs;
    }

    static boolean isTerminal(final LifeState state)
    {
        return state.value() >= LifeState.TERMINATED.value();
    }
}
