package io.plimsoll.core;

import org.agrona.concurrent.UnsafeBuffer;

/** Constraints that were asked about last, taken apart. Bounded: one that was not used for a round is replaced. */
final class ConstraintCache
{
    private static final int MATCHERS_MAX = 1024;

    private final CoreState state;
    private final RowIndex index = new RowIndex();
    private final ConstraintMatcher[] matchers = new ConstraintMatcher[MATCHERS_MAX];
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private int count;
    private int hand;

    ConstraintCache(final CoreState state)
    {
        this.state = state;
    }

    /** The constraints of a row, which is not that of no constraint. */
    ConstraintMatcher of(final int row)
    {
        final long serial = state.constraints.serial(row);
        final long hash = Hashing.mix(serial);
        for (int found = index.first(hash); Table.NONE != found; found = index.next())
        {
            if (serial == matchers[found].serial)
            {
                matchers[found].used = true;
                return matchers[found];
            }
        }
        final int free = count < MATCHERS_MAX ? count++ : replaced();
        if (null == matchers[free])
        {
            matchers[free] = new ConstraintMatcher(state);
        }
        final ConstraintMatcher matcher = matchers[free];
        final byte[] text = state.constraints.text(row);
        view.wrap(text);
        matcher.read(view, text.length);
        matcher.serial = serial;
        matcher.used = true;
        index.add(hash, free);
        return matcher;
    }

    private int replaced()
    {
        while (matchers[hand].used)
        {
            matchers[hand].used = false;
            hand = (hand + 1) % MATCHERS_MAX;
        }
        index.remove(Hashing.mix(matchers[hand].serial), hand);
        return hand;
    }
}
