package io.plimsoll.manager.callback;

import io.plimsoll.manager.view.SessionView;

/** What became of the callbacks of sessions; any thread. */
public interface CallbackView
{
    /** Where there are none. */
    CallbackView NONE = new CallbackView()
    {
        @Override
        public CallbackStatus status(final SessionView session)
        {
            return null;
        }

        @Override
        public String objection(final CallbackUrl url)
        {
            return null;
        }
    };

    /** Null: nobody is told of this session. */
    CallbackStatus status(SessionView session);

    /** Why a URL may not be named; null: it may. */
    String objection(CallbackUrl url);
}
