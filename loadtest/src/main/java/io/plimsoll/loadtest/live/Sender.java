package io.plimsoll.loadtest.live;

import io.plimsoll.loadtest.live.LoadException.Kind;

/**
 * One connection on which sessions are submitted, one request after the other. What is sent again under the same number
 * is accepted once. One thread.
 */
interface Sender extends AutoCloseable
{
    /**
     * Sends a request and waits for its answer.
     *
     * @param number   of the submission.
     * @param sessions in it.
     * @param run      that may be abandoned meanwhile.
     * @return what came of it.
     * @throws LoadException if the manager does not want it, or nobody who answers is a manager.
     */
    Answer send(long number, int sessions, RunState run);

    /** How often so far a request was sent again because the connection had broken before its answer. */
    default long resent()
    {
        return 0;
    }

    @Override
    void close();

    /** What the manager refuses for good. */
    static LoadException refused(final RuntimeException error)
    {
        return new LoadException(Kind.REFUSED, "the manager refuses a submission: " + error.getMessage());
    }

    /**
     * Of one request.
     *
     * @param outcome  of it.
     * @param firstId  of the sessions, if they were accepted.
     * @param sequence of the journal that holds them.
     * @param trouble  why there is no answer.
     */
    record Answer(Outcome outcome, long firstId, long sequence, String trouble)
    {
        static final Answer BUSY = new Answer(Outcome.BUSY, 0, 0, "");
        static final Answer ABANDONED = new Answer(Outcome.ABANDONED, 0, 0, "");

        static Answer accepted(final long firstId, final long sequence)
        {
            return new Answer(Outcome.ACCEPTED, firstId, sequence, "");
        }

        static Answer none(final String trouble)
        {
            return new Answer(Outcome.NONE, 0, 0, trouble);
        }
    }

    /** What can come of a request. */
    enum Outcome
    {
        /** The sessions are the manager's from here on. */
        ACCEPTED,
        /** Not now; nothing was accepted. */
        BUSY,
        /** Nobody answered: it may have been accepted. */
        NONE,
        /** Nobody waits for the answer any more: it may have been accepted. */
        ABANDONED
    }
}
