package io.plimsoll.core;

import org.agrona.ExpandableArrayBuffer;
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
    final UnsafeBuffer constraint;
    int constraintLength;
    /** Capacities of agents as of which the session could be met, see {@link Capacities}; 0: not known. */
    long satisfiableAt;
    /** Last event that said of such a session that it waits, as words; empty: there is none yet, or it is not kept. */
    final long[] queuedEvent;
    int queuedLength;
    /** Shape of such a session of an owner, as long as that is still there. */
    int shape;
    int shapeOwner;
    long shapeSerial;
    /** How it stood in the command: whole words, and the last eight bytes once more. */
    private final long[] written;
    private int writtenLength;
    /** Further parts as in SessionQueued. */
    final ExpandableArrayBuffer parts = new ExpandableArrayBuffer();
    int partsLength;

    SubmissionEntry(final int dependenciesMax)
    {
        this(dependenciesMax, ConstraintText.LENGTH_MAX, 0);
    }

    SubmissionEntry(final int dependenciesMax, final int constraintMax, final int writtenMax)
    {
        dependencies = new long[dependenciesMax];
        anyEnd = new boolean[dependenciesMax];
        constraint = new UnsafeBuffer(new byte[constraintMax]);
        queuedEvent = new long[writtenMax / Long.BYTES];
        written = new long[writtenMax / Long.BYTES + 1];
    }

    /** Becomes the same as another one, which has no dependencies and no further parts. */
    void copyFrom(final SubmissionEntry other)
    {
        index = other.index;
        specIndex = other.specIndex;
        type = other.type;
        onLoss = other.onLoss;
        count = other.count;
        array = other.array;
        walltimeNs = other.walltimeNs;
        graceNs = other.graceNs;
        startsAtNs = other.startsAtNs;
        failurePolicy = other.failurePolicy;
        preemptible = other.preemptible;
        furtherSlots = other.furtherSlots;
        request.copyFrom(other.request);
        dependencyCount = 0;
        constraint.putBytes(0, other.constraint, 0, other.constraintLength);
        constraintLength = other.constraintLength;
        satisfiableAt = other.satisfiableAt;
        partsLength = 0;
        queuedLength = 0;
    }

    /** Bytes that it took in the command. */
    int writtenLength()
    {
        return writtenLength;
    }

    /** It stood at a place of a command, in eight bytes at least. */
    void writtenAs(final CommandBytes bytes, final int at, final int length)
    {
        bytes.require(at, length);
        writtenLength = length;
        final int words = length / Long.BYTES;
        for (int i = 0; i < words; i++)
        {
            written[i] = bytes.getLong(at + i * Long.BYTES);
        }
        written[words] = bytes.getLong(at + length - Long.BYTES);
    }

    /** Whether the same bytes stand at a place of a command. */
    boolean isWrittenAs(final CommandBytes bytes, final int at)
    {
        if (writtenLength > bytes.length() - at)
        {
            return false;
        }
        final int words = writtenLength / Long.BYTES;
        for (int i = 0; i < words; i++)
        {
            if (written[i] != bytes.getLong(at + i * Long.BYTES))
            {
                return false;
            }
        }
        return written[words] == bytes.getLong(at + writtenLength - Long.BYTES);
    }
}
