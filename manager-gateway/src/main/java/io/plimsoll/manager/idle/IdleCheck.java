package io.plimsoll.manager.idle;

/**
 * How far a session is from its end.
 *
 * @param kind        what is looked at.
 * @param remainingNs until it ends if nothing changes; never negative.
 * @param limitNs     what it had at first.
 */
public record IdleCheck(Kind kind, long remainingNs, long limitNs)
{
    /** What is looked at; the names of the API are these in lower case. */
    public enum Kind
    {
        /** How long it has run. */
        LIFETIME,
        /** When something went in or out last. */
        TRAFFIC,
        /** When it used its processors or GPUs last. */
        USE
    }
}
