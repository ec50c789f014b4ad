package io.plimsoll.manager;

import io.plimsoll.manager.idle.IdleView;

/**
 * What is known of sessions beside their history; not journalled.
 *
 * @param idle what is counted down.
 */
public record SessionFacts(IdleView idle)
{
    /** Nothing is. */
    public static final SessionFacts NONE = new SessionFacts(IdleView.NONE);
}
