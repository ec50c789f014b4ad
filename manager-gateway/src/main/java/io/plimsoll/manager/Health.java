package io.plimsoll.manager;

import java.util.List;

/**
 * Whether the manager can do its work; immutable.
 *
 * @param live   false: it has failed and is about to exit.
 * @param checks each with its own verdict, in a fixed order.
 */
public record Health(boolean live, List<Check> checks)
{
    /** Whether it takes submissions and places them. */
    public boolean ready()
    {
        boolean ready = live;
        for (final Check check : checks)
        {
            ready &= check.ok();
        }
        return ready;
    }

    /**
     * One thing that has to be right.
     *
     * @param name   {@code restored journal space lost-tail}.
     * @param ok     whether it is.
     * @param detail for people, empty if there is nothing to say.
     */
    public record Check(String name, boolean ok, String detail)
    {
    }
}
