package io.plimsoll.core;

import java.util.Arrays;

/**
 * Which shapes the agents of a group could hold if they had nothing else to do, and all were there: what they never can
 * must hold up nobody. A shape is asked about once, until what agents offer changes. A cache.
 */
final class EverFits
{
    private final CoreState state;
    private final Reservation kinds;
    /** By shape: number of the change of capacity for which it was asked, from 1, and the answer in the lowest bit. */
    private long[] answers = new long[64];

    /**
     * For a group.
     *
     * @param kinds of that group, which is asked.
     */
    EverFits(final CoreState state, final Reservation kinds)
    {
        this.state = state;
        this.kinds = kinds;
    }

    /** The row may come to be another shape. */
    void forget(final int shape)
    {
        if (shape < answers.length)
        {
            answers[shape] = 0;
        }
    }

    boolean mayEverFit(final int shape)
    {
        if (shape >= answers.length)
        {
            answers = Arrays.copyOf(answers, Math.max(shape + 1, answers.length * 2));
        }
        if (answers[shape] >> 1 != state.capacityChanges + 1)
        {
            answers[shape] = (state.capacityChanges + 1) << 1 | (kinds.mayEverHold(shape) ? 1 : 0);
        }
        return 0 != (answers[shape] & 1);
    }
}
