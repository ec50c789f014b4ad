package io.plimsoll.manager.callback;

/**
 * How it is with the callbacks of a session.
 *
 * @param url       that is told.
 * @param pending   that are kept for it in memory and have not been taken.
 * @param error     why the last attempt failed; empty: it did not, or there was none.
 * @param errorNs   when that was, in epoch nanoseconds; 0: never.
 * @param givenUp   that were not taken for so long that they never will be.
 */
public record CallbackStatus(String url, int pending, String error, long errorNs, int givenUp)
{
}
