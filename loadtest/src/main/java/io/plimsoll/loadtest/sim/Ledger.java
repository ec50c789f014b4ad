package io.plimsoll.loadtest.sim;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.RecordJournal;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.loadtest.proof.JournalProof;
import io.plimsoll.loadtest.proof.RecordTape;

/**
 * The true history, kept outside of everything that can go wrong: all that the manager ever appended, and how much of
 * it was committed, so that somebody may count on it. What a start restores is held against it, byte for byte.
 */
final class Ledger implements RecordJournal
{
    private final RecordTape tape = new RecordTape();
    private final RecordFlyweight kept = new RecordFlyweight();
    private final Trace trace;
    private RecordJournal journal;
    private int committed;
    private int restored;

    Ledger(final Trace trace)
    {
        this.trace = trace;
    }

    RecordTape tape()
    {
        return tape;
    }

    /** Records from the first that somebody may count on. */
    int committed()
    {
        return committed;
    }

    @Override
    public void append(final RecordFlyweight record)
    {
        if (record.sequence() != tape.size() + 1)
        {
            throw new SimulationException("appended sequence=" + record.sequence() + " after " + tape.size());
        }
        tape.append(record);
        trace.add(record.sequence(), record.timestampNs(), record.length());
        journal.append(record);
    }

    @Override
    public void commit()
    {
        journal.commit();
        committed = tape.size();
    }

    /** Time of the cluster at which a session was queued. */
    long queuedNs(final long sessionId)
    {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final SessionQueuedDecoder queued = new SessionQueuedDecoder();
        final boolean[] isHere = new boolean[1];
        for (int i = 0; i < tape.size(); i++)
        {
            tape.wrap(i, kept).forEachEvent((buffer, offset, length) ->
            {
                header.wrap(buffer, offset);
                isHere[0] |= SessionQueuedDecoder.TEMPLATE_ID == header.templateId() &&
                    sessionId == queued.wrapAndApplyHeader(buffer, offset, header).sessionId();
            });
            if (isHere[0])
            {
                return kept.timestampNs();
            }
        }
        throw new SimulationException("session " + sessionId + " was accepted and never queued");
    }

    /** A manager starts and restores what is behind that sequence; what is before, it has from a snapshot. */
    void beginRestore(final long sequence)
    {
        if (sequence > tape.size())
        {
            throw new SimulationException("restored a snapshot of sequence " + sequence + ", which never was");
        }
        restored = (int)sequence;
    }

    /** State of a core to which all records are applied that are there now. */
    long hashOfRestored(final CoreOptions options)
    {
        return JournalProof.hash(tape, restored, options);
    }

    /** What it finds has to be what was appended. */
    void onRestored(final RecordFlyweight record)
    {
        if (restored >= tape.size())
        {
            throw new SimulationException("restored a record that was never appended: " + record.sequence());
        }
        tape.wrap(restored++, kept);
        boolean same = kept.length() == record.length();
        for (int i = 0; same && i < kept.length(); i++)
        {
            same = kept.buffer().getByte(kept.offset() + i) == record.buffer().getByte(record.offset() + i);
        }
        if (!same)
        {
            throw new SimulationException("restored another record than was appended: sequence=" + restored);
        }
    }

    /**
     * The restored part is what there is from now on.
     *
     * @param writer  behind it.
     * @param mayLose whether something that was committed may be missing.
     * @return whether it is.
     */
    boolean endRestore(final RecordJournal writer, final boolean mayLose)
    {
        journal = writer;
        final boolean lost = restored < committed;
        if (lost && !mayLose)
        {
            throw new SimulationException(
                "acknowledged and lost: committed up to " + committed + ", restored up to " + restored);
        }
        tape.truncate(restored);
        committed = restored;
        return lost;
    }
}
