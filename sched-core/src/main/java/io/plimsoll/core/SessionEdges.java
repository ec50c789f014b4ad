package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;

/** Which states may follow each other: the table of states of a session, as bits. */
final class SessionEdges
{
    private static final int PENDING = bit(LifeState.PENDING);
    private static final int SCHEDULED = bit(LifeState.SCHEDULED);
    private static final int PULLING = bit(LifeState.PULLING);
    private static final int PREPARING = bit(LifeState.PREPARING);
    private static final int RUNNING = bit(LifeState.RUNNING);
    private static final int TERMINATING = bit(LifeState.TERMINATING);
    private static final int TERMINATED = bit(LifeState.TERMINATED);
    private static final int CANCELLED = bit(LifeState.CANCELLED);
    private static final int ERROR = bit(LifeState.ERROR);
    private static final int STOP = PENDING | TERMINATING | TERMINATED | ERROR;

    private static final int[] SESSION = {
        SCHEDULED | CANCELLED,
        PULLING | PREPARING | RUNNING | STOP,
        PREPARING | RUNNING | STOP,
        RUNNING | STOP,
        STOP,
        STOP,
        0,
        0,
        0,
    };

    private static final int[] KERNEL = {
        0,
        SCHEDULED | PULLING | PREPARING | RUNNING | TERMINATING | TERMINATED | ERROR,
        PULLING | PREPARING | RUNNING | TERMINATING | TERMINATED | ERROR,
        RUNNING | TERMINATING | TERMINATED | ERROR,
        TERMINATING | TERMINATED | ERROR,
        TERMINATED | ERROR,
        0,
        0,
        0,
    };

    private SessionEdges()
    {
    }

    private static int bit(final LifeState state)
    {
        return 1 << state.value();
    }

    static boolean mayBecome(final int previous, final int next)
    {
        return 0 != (SESSION[previous] & (1 << next));
    }

    static boolean kernelMayBecome(final int previous, final int next)
    {
        return 0 != (KERNEL[previous] & (1 << next));
    }
}
