package io.plimsoll.manager.history;

import io.plimsoll.manager.view.SessionFilter;

/**
 * Which sessions that have ended somebody wants to see.
 *
 * @param filter conditions; its {@code owners} are not looked at, the scope is.
 * @param scope  whose.
 * @param order  of them.
 * @param after  where to begin.
 * @param limit  most of them.
 */
public record PastQuery(SessionFilter filter, Scope scope, Order order, After after, int limit)
{
    /** By id or by priority, which goes up or down; of equal priority ids always go up. */
    public enum Order
    {
        ID_UP,
        ID_DOWN,
        PRIORITY_UP,
        PRIORITY_DOWN
    }

    /**
     * Where the page before ended.
     *
     * @param priority of the last one shown; of no matter in orders by id.
     * @param id       first to be shown by id (0: from the start); last one shown by priority, 0: none was.
     */
    public record After(int priority, long id)
    {
    }
}
