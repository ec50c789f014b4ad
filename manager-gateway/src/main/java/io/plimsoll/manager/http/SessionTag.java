package io.plimsoll.manager.http;

import io.plimsoll.manager.SessionFacts;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.SessionView;

/**
 * The ETag of a session: another one whenever anything of it changes but what its kernels use and what is counted down,
 * which change all the time. Stateless.
 */
final class SessionTag
{
    private SessionTag()
    {
    }

    /** With its quotes. */
    static String of(final Exchange exchange, final SessionView session)
    {
        return EntityTag.of(exchange, described(session));
    }

    /** Refuses a change of what is something else than the client takes it for. */
    static void require(final Exchange exchange, final SessionView session)
    {
        EntityTag.require(exchange, described(session), "session " + session.id());
    }

    private static Json.Document described(final SessionView session)
    {
        return json -> SessionJson.write(json, session, UsageView.NONE, SessionFacts.NONE);
    }
}
