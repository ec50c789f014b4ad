package io.plimsoll.core;

import org.agrona.concurrent.UnsafeBuffer;

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
    /** Epoch; 0: at once. */
    long startsAtNs;
    short failurePolicy;
    boolean preemptible;
    int furtherSlots;
    final Request request = new Request();
    final long[] dependencies;
    /** Whether the dependency of the same place is met by any end. */
    final boolean[] anyEnd;
    int dependencyCount;
    /** Canonical text of the constraints: see {@link ConstraintText}. */
    final UnsafeBuffer constraint = new UnsafeBuffer(new byte[ConstraintText.LENGTH_MAX]);
    int constraintLength;

    SubmissionEntry(final int dependenciesMax)
    {
        dependencies = new long[dependenciesMax];
        anyEnd = new boolean[dependenciesMax];
    }
}
