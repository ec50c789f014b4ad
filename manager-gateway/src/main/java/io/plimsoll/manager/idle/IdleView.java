package io.plimsoll.manager.idle;

import io.plimsoll.manager.view.SessionView;
import java.util.List;

/** What is counted down for sessions; any thread. */
@FunctionalInterface
public interface IdleView
{
    /** Where nothing is counted. */
    IdleView NONE = session -> List.of();

    /** Of a session that runs; empty if nothing is counted for it. */
    List<IdleCheck> checks(SessionView session);
}
