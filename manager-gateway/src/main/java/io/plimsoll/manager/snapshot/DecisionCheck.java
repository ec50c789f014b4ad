package io.plimsoll.manager.snapshot;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.RecordVisitor;
import io.plimsoll.journal.SnapshotReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Decides the commands of a journal again and compares the events with those recorded, byte by byte; and compares each
 * snapshot with the state that the records before it amount to. Records of builds that decide differently are applied
 * as they are. It stops at the first record that is decided otherwise, as all that follows is another history then. For
 * one thread, which shows it the records in order.
 */
public final class DecisionCheck implements RecordVisitor
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UnsafeBuffer events =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(SchedulerCore.EVENTS_LENGTH_MAX, Long.BYTES));
    private final ByteBuffer decidedBytes = events.byteBuffer().duplicate();
    private final JournalReader journal;
    private final Set<Long> trusted;
    private final RestoredCore restored = new RestoredCore();
    private final List<String> problems = new ArrayList<>();
    private final long[] snapshots;
    private int nextSnapshot;
    private boolean begun;
    private boolean stopped;
    private long decided;
    private long applied;
    private long passed;
    private long differsAt;

    /**
     * Of a journal.
     *
     * @param journal whose snapshots are used.
     * @param trusted sequences at which another decision is known, and taken as recorded.
     */
    public DecisionCheck(final JournalReader journal, final Set<Long> trusted)
    {
        this.journal = journal;
        this.trusted = Set.copyOf(trusted);
        snapshots = journal.snapshotSequences();
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        if (stopped)
        {
            return;
        }
        final long sequence = record.sequence();
        if (!begun && !tryBegin(sequence))
        {
            passed++;
            return;
        }
        if (sequence != restored.core().sequence() + 1)
        {
            // Damage, which whoever shows the records has found: what follows stands on nothing.
            stopped = true;
            return;
        }
        step(record);
        if (!stopped && nextSnapshot < snapshots.length && sequence == snapshots[nextSnapshot])
        {
            compareSnapshot(sequence);
        }
    }

    /** With the first record there ever was, or the first behind a snapshot that stands for those that are gone. */
    private boolean tryBegin(final long sequence)
    {
        begun = 1 == sequence;
        while (!begun && nextSnapshot < snapshots.length && snapshots[nextSnapshot] < sequence)
        {
            try (SnapshotReader reader = journal.openSnapshot(snapshots[nextSnapshot]))
            {
                restored.onSnapshot(reader);
                begun = restored.core().sequence() == sequence - 1;
            }
            catch (final JournalException ex)
            {
                // Whoever shows the records reads all snapshots, and tells of this one.
                restored.begin();
            }
            nextSnapshot++;
        }
        return begun;
    }

    private void step(final RecordFlyweight record)
    {
        boolean again = false;
        try
        {
            restored.onNext(record);
            header.wrap(record.buffer(), record.commandOffset());
            again = SchedulerCore.DECISION_VERSION == restored.decisionVersion() &&
                PoisonedDecoder.TEMPLATE_ID != header.templateId() && !trusted.contains(record.sequence());
            if (again)
            {
                decide(record);
            }
            else
            {
                restored.apply(record);
                applied += SchedulerCore.DECISION_VERSION == restored.decisionVersion() ? 0 : 1;
            }
        }
        catch (final RuntimeException ex)
        {
            differs(record, (again ? "deciding it again" : "applying its events") + " failed: " + ex);
        }
    }

    private void decide(final RecordFlyweight record)
    {
        final int length = restored.core().onCommand(
            record.buffer(),
            record.commandOffset(),
            record.commandLength(),
            record.sequence(),
            record.timestampNs(),
            events,
            0);
        final int difference = firstDifference(record, length);
        if (difference >= 0)
        {
            differs(record, "recorded were the events " +
                templates(record.buffer(), record.eventsOffset(), record.eventsLength()) + ", decided now are " +
                templates(events, 0, length) + "; they differ from byte " + difference + " on");
        }
        decided++;
    }

    private int firstDifference(final RecordFlyweight record, final int length)
    {
        final DirectBuffer recorded = record.buffer();
        final int offset = record.eventsOffset() + recorded.wrapAdjustment();
        final ByteBuffer recordedBytes = recorded.byteBuffer();
        recordedBytes.limit(offset + record.eventsLength()).position(offset);
        decidedBytes.limit(length).position(0);
        final int difference = decidedBytes.mismatch(recordedBytes);
        recordedBytes.clear();
        return difference;
    }

    private List<Integer> templates(final DirectBuffer buffer, final int offset, final int length)
    {
        final List<Integer> ids = new ArrayList<>();
        int position = offset;
        while (position < offset + length)
        {
            ids.add(header.wrap(buffer, position + RecordFlyweight.EVENT_HEADER_LENGTH).templateId());
            position += RecordFlyweight.EVENT_HEADER_LENGTH +
                BitUtil.align(buffer.getInt(position), RecordFlyweight.ALIGNMENT);
        }
        return ids;
    }

    private void differs(final RecordFlyweight record, final String how)
    {
        header.wrap(record.buffer(), record.commandOffset());
        problems.add("sequence " + record.sequence() + " (command " + header.templateId() + "): " + how);
        differsAt = record.sequence();
        stopped = true;
    }

    private void compareSnapshot(final long sequence)
    {
        nextSnapshot++;
        final RestoredCore other = new RestoredCore();
        try (SnapshotReader reader = journal.openSnapshot(sequence))
        {
            other.onSnapshot(reader);
        }
        catch (final JournalException ex)
        {
            return;
        }
        if (other.core().stateHash() != restored.core().stateHash())
        {
            problems.add("the snapshot of sequence " + sequence + " is not what the records before it amount to");
        }
    }

    /** What is decided otherwise, and snapshots that are something else; empty: nothing. */
    public List<String> problems()
    {
        return List.copyOf(problems);
    }

    /** Sequence at which it stopped because its decision differs; 0: none. */
    public long differsAt()
    {
        return differsAt;
    }

    /** Commands that were decided again. */
    public long decided()
    {
        return decided;
    }

    /** Records that were applied as they are, because another version decided them. */
    public long applied()
    {
        return applied;
    }

    /** Records before the oldest snapshot, which nothing leads to. */
    public long passed()
    {
        return passed;
    }

    /** Hash of the state behind the last record. */
    public long stateHash()
    {
        return restored.core().stateHash();
    }
}
