package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The states that a session went through, two numbers each: when, and which with the rest. Of very many only the last
 * are kept. Changed under the view's write lock.
 */
public final class SessionSteps
{
    static final int STEPS_MAX = 64;
    private static final long[] NONE = {};
    private static final int STATE_BITS = 8;
    private static final int RESULT_SHIFT = STATE_BITS;
    private static final int REASON_SHIFT = 2 * STATE_BITS;
    private static final int EXIT_SHIFT = 3 * STATE_BITS;
    private static final int ATTEMPT_SHIFT = 40;
    private static final int FIRST_STEPS = 3;

    private long[] steps = NONE;
    private int count;
    private long dropped;

    /** As {@link #packed} and {@link #dropped} said. */
    public static SessionSteps of(final long[] packed, final long dropped)
    {
        final SessionSteps steps = new SessionSteps();
        steps.steps = packed.clone();
        steps.count = packed.length / 2;
        steps.dropped = dropped;
        return steps;
    }

    /** What is kept, two numbers each. */
    public long[] packed()
    {
        return Arrays.copyOf(steps, 2 * count);
    }

    SessionSteps copy()
    {
        final SessionSteps copy = new SessionSteps();
        copy.steps = steps.clone();
        copy.count = count;
        copy.dropped = dropped;
        return copy;
    }

    /** One more; the oldest goes where there are too many. */
    public void add(final SessionStep step)
    {
        if (STEPS_MAX == count)
        {
            System.arraycopy(steps, 2, steps, 0, 2 * (count - 1));
            count--;
            dropped++;
        }
        if (2 * count == steps.length)
        {
            steps = Arrays.copyOf(steps, Math.max(2 * FIRST_STEPS, 2 * steps.length));
        }
        steps[2 * count] = step.atNs();
        steps[2 * count + 1] = step.state().value() | (long)step.result().value() << RESULT_SHIFT |
            (long)step.reason().value() << REASON_SHIFT | (step.exitCode() + 1L & 0xFFFF) << EXIT_SHIFT |
            (long)step.attempt() << ATTEMPT_SHIFT;
        count++;
    }

    /** How many came before those that are kept. */
    public long dropped()
    {
        return dropped;
    }

    /** From the oldest kept to the newest. */
    public List<SessionStep> list()
    {
        final List<SessionStep> list = new ArrayList<>();
        final long[] known = steps;
        for (int i = 0; i < Math.min(count, known.length / 2); i++)
        {
            final long packed = known[2 * i + 1];
            list.add(new SessionStep(
                known[2 * i],
                LifeState.get((short)(packed & 0xFF)),
                Result.get((short)(packed >>> RESULT_SHIFT & 0xFF)),
                Reason.get((short)(packed >>> REASON_SHIFT & 0xFF)),
                (int)(packed >>> ATTEMPT_SHIFT),
                (int)(packed >>> EXIT_SHIFT & 0xFFFF) - 1));
        }
        return list;
    }
}
