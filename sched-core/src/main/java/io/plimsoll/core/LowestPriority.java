package io.plimsoll.core;

/** The lowest of some priorities, and how many have it. */
final class LowestPriority
{
    private int lowest = GroupOrder.PRIORITY_MAX;
    private int count;

    void clear()
    {
        lowest = GroupOrder.PRIORITY_MAX;
        count = 0;
    }

    /** One more. */
    void note(final int priority)
    {
        if (priority < lowest)
        {
            lowest = priority;
            count = 0;
        }
        count += priority == lowest ? 1 : 0;
    }

    /** One less; true if nobody knows now which is the lowest: it is empty then, and all others are to be noted. */
    boolean drop(final int priority)
    {
        if (priority > lowest || --count > 0)
        {
            return false;
        }
        clear();
        return true;
    }

    /** The highest there is if there are none. */
    int lowest()
    {
        return lowest;
    }
}
