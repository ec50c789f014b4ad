package io.plimsoll.transport.client;

/**
 * Is told what becomes of the sessions of one submission. Called on the thread of the client, which must not be kept
 * waiting; after a connection broke the same may be told again.
 */
public interface SessionListener
{
    /** Has its agents. Attempts count from 1. */
    void onAssigned(long sessionId, int attempt);

    /**
     * Has ended.
     *
     * @param sessionId of the session.
     * @param state     TERMINATED, CANCELLED, ERROR; FORGOTTEN if it ended so long ago that nobody knows.
     * @param result    SUCCESS, FAILURE or UNDEFINED.
     * @param exitCode  -1: none.
     */
    void onEnded(long sessionId, String state, String result, int exitCode);
}
