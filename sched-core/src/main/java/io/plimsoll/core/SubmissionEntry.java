package io.plimsoll.core;

/** One session of the submission that is being decided, checked as it is read: a flyweight of the deciding thread. */
final class SubmissionEntry
{
    int index;
    int specIndex;
    short type;
    short onLoss;
    long count;
    boolean array;
    long walltimeNs;
    long graceNs;
    int furtherSlots;
    final Request request = new Request();
    final long[] dependencies;
    int dependencyCount;

    SubmissionEntry(final int dependenciesMax)
    {
        dependencies = new long[dependenciesMax];
    }
}
