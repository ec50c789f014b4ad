package io.plimsoll.manager;

import io.plimsoll.manager.callback.CallbackView;
import io.plimsoll.manager.idle.IdleView;

/**
 * What is known of sessions beside their history; not journalled.
 *
 * @param idle      what is counted down.
 * @param callbacks what became of those.
 */
public record SessionFacts(IdleView idle, CallbackView callbacks)
{
    /** Nothing is. */
    public static final SessionFacts NONE = new SessionFacts(IdleView.NONE, CallbackView.NONE);
}
