package io.plimsoll.core;

/** The head of the submission that is being decided: a flyweight of the deciding thread. */
final class Submission
{
    long correlationId;
    int source;
    int ownerId;
    long keyHi;
    long keyLo;
    long bodyHi;
    long bodyLo;

    boolean hasKey()
    {
        return 0 != keyHi || 0 != keyLo;
    }
}
