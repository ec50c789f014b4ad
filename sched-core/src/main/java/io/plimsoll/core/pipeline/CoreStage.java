package io.plimsoll.core.pipeline;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.ContinueEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.TimeHeldEncoder;
import io.plimsoll.core.sbe.TimePassedEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * First stage: takes commands from the ring, stamps them, lets the core decide and writes whole records. It rests
 * while the record buffer lacks room for the largest record. The first command of a start comes from the ring, not from
 * a timer or from work that the start before left: it says whose reign this is. When what came in could not be handled
 * for a while, the core is told before anything else: {@link HeldTime}.
 */
final class CoreStage implements Agent
{
    private static final int COMMAND_OFFSET = RecordFlyweight.COMMAND_OFFSET;

    private final CommandRing ring;
    private final RecordBuffer records;
    private final CommandHandler handler;
    private final QueryTable queries;
    private final Wakeup journalWakeup;
    private final PipelineFault fault;
    private final PipelineCounters counters;
    private final JournalClock clock;
    private final NanoClock nanoClock;
    private final int batchMax;
    private final int eventsLengthMax;
    private final int recordLengthMax;
    private final PoisonedRecord poisonedRecord = new PoisonedRecord();
    private final UnsafeBuffer continueCommand = new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH]);
    private final UnsafeBuffer timePassedCommand = new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH]);
    private final UnsafeBuffer timeHeldCommand =
        new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + TimeHeldEncoder.BLOCK_LENGTH]);
    private final TimeHeldEncoder timeHeld = new TimeHeldEncoder();
    /** Null if nobody says when input arrives. */
    private final HeldTime heldTime;
    private long sequence;
    private long timestampNs;
    private boolean started;
    private boolean poisoned;

    CoreStage(
        final PipelineContext context,
        final CommandRing ring,
        final RecordBuffer records,
        final CommandHandler handler,
        final QueryTable queries,
        final Wakeup journalWakeup,
        final PipelineFault fault,
        final PipelineCounters counters)
    {
        this.ring = ring;
        this.records = records;
        this.handler = handler;
        this.queries = queries;
        this.journalWakeup = journalWakeup;
        this.fault = fault;
        this.counters = counters;
        nanoClock = context.nanoClock();
        batchMax = context.batchMax();
        eventsLengthMax = handler.eventsLengthMax();
        recordLengthMax = recordLengthMax(handler);
        sequence = handler.sequence();
        timestampNs = handler.timestampNs();
        clock = new JournalClock(context.epochClock(), nanoClock, timestampNs);
        heldTime = null == context.arrivedNs() ?
            null : new HeldTime(ring, context.arrivedNs(), context.heldMinNs(), nanoClock.nanoTime());
        timeHeld.wrapAndApplyHeader(timeHeldCommand, 0, new MessageHeaderEncoder());
        new ContinueEncoder().wrapAndApplyHeader(continueCommand, 0, new MessageHeaderEncoder());
        new TimePassedEncoder().wrapAndApplyHeader(timePassedCommand, 0, new MessageHeaderEncoder());
    }

    static int recordLengthMax(final CommandHandler handler)
    {
        return RecordFlyweight.eventsOffset(CommandIngress.COMMAND_LENGTH_MAX) +
            Math.max(handler.eventsLengthMax(), PoisonedRecord.OVERHEAD);
    }

    @Override
    public int doWork()
    {
        if (poisoned || fault.isRaised())
        {
            return 0;
        }
        final long startNs = nanoClock.nanoTime();
        final long lastSequence = sequence;
        final int workCount = handle(startNs);
        if (workCount > 0)
        {
            counters.add(PipelineCounter.RECORDS, sequence - lastSequence);
            final long cycleNs = nanoClock.nanoTime() - startNs;
            counters.max(PipelineCounter.CORE_CYCLE_MAX_NS, cycleNs);
            counters.latency(PipelineLatency.CORE_BATCH).record(cycleNs);
            journalWakeup.signal();
        }
        return workCount;
    }

    @Override
    public String roleName()
    {
        return "core";
    }

    /** How long the stage may sleep before a timer is due. */
    long untilDeadlineNs(final long maxNs)
    {
        final long deadlineNs = handler.nextDeadlineNs();
        if (!started || poisoned || Long.MAX_VALUE == deadlineNs || !records.hasRoom(recordLengthMax))
        {
            return maxNs;
        }
        return Math.max(0, Math.min(maxNs, deadlineNs - clock.nowNs()));
    }

    boolean hasWork()
    {
        return (ring.hasNext() || started && handler.continueNeeded()) && records.hasRoom(recordLengthMax);
    }

    private int handle(final long monotonicNs)
    {
        records.rewindIfEmpty();
        final long nowNs = clock.nowNs();
        int workCount = tellHeldTime(monotonicNs, nowNs);
        while (workCount < batchMax && !poisoned)
        {
            if (!records.hasRoom(recordLengthMax))
            {
                counters.add(PipelineCounter.BACK_PRESSURED, 1);
                break;
            }
            if (!handleNext(nowNs))
            {
                break;
            }
            workCount++;
        }
        return workCount;
    }

    /**
     * Before anything that could let a timer expire: what was due while nobody could be heard may have been reported,
     * and stand in the ring or before it.
     */
    private int tellHeldTime(final long monotonicNs, final long nowNs)
    {
        if (null == heldTime)
        {
            return 0;
        }
        heldTime.look(monotonicNs);
        if (!started || !heldTime.isOwed() || !heldTime.isDue(monotonicNs, handler.nextDeadlineNs() <= nowNs) ||
            !records.hasRoom(recordLengthMax))
        {
            return 0;
        }
        final long heldNs = heldTime.take(monotonicNs);
        timeHeld.heldNs(heldNs);
        feed(timeHeldCommand, 0, timeHeldCommand.capacity(), nowNs);
        counters.add(PipelineCounter.HELD_NS, heldNs);
        return 1;
    }

    private boolean handleNext(final long nowNs)
    {
        if (started && handler.continueNeeded())
        {
            feed(continueCommand, 0, MessageHeaderEncoder.ENCODED_LENGTH, nowNs);
            counters.add(PipelineCounter.CONTINUED, 1);
            return true;
        }
        final CommandSlot slot = ring.peek();
        if (null != slot && QueryTable.isQuery(ring.buffer(slot), ring.offset(slot)))
        {
            queries.answer(ring.buffer(slot), ring.offset(slot), handler);
            ring.release(slot);
            return true;
        }
        if (null != slot)
        {
            feed(ring.buffer(slot), ring.offset(slot), slot.length, nowNs);
            ring.release(slot);
            started = true;
            return true;
        }
        // Only when no command is there to bring the time along: so batch sizes leave no trace in the journal.
        if (started && handler.nextDeadlineNs() <= nowNs)
        {
            feed(timePassedCommand, 0, MessageHeaderEncoder.ENCODED_LENGTH, nowNs);
            counters.add(PipelineCounter.TIME_PASSED, 1);
            return true;
        }
        return false;
    }

    private void feed(final DirectBuffer command, final int offset, final int length, final long nowNs)
    {
        final UnsafeBuffer buffer = records.buffer();
        final int record = records.claim(recordLengthMax);
        final int eventsOffset = RecordFlyweight.eventsOffset(length);
        // The last word first: the padding behind the command is part of the record and must not vary.
        buffer.putLong(record + eventsOffset - Long.BYTES, 0);
        buffer.putBytes(record + COMMAND_OFFSET, command, offset, length);
        timestampNs = nowNs;
        sequence++;
        int commandLength = length;
        int eventsLength = 0;
        try
        {
            eventsLength = handler.onCommand(
                buffer, record + COMMAND_OFFSET, length, sequence, nowNs, buffer, record + eventsOffset);
            if (eventsLength < 0 || eventsLength > eventsLengthMax)
            {
                throw new IllegalStateException("eventsLength=" + eventsLength + " max=" + eventsLengthMax);
            }
        }
        catch (final Throwable cause)
        {
            buffer.putBytes(record + COMMAND_OFFSET, command, offset, length);
            commandLength = poison(buffer, record + COMMAND_OFFSET, length, cause);
            eventsLength = 0;
        }
        RecordFlyweight.putHeader(buffer, record, sequence, timestampNs, commandLength, eventsLength);
        records.publish(RecordFlyweight.eventsOffset(commandLength) + eventsLength);
    }

    private int poison(final UnsafeBuffer buffer, final int offset, final int length, final Throwable cause)
    {
        final int poisonedLength = poisonedRecord.replace(buffer, offset, length, cause);
        final int padding = (RecordFlyweight.ALIGNMENT - 1) & -poisonedLength;
        buffer.setMemory(offset + poisonedLength, padding, (byte)0);
        poisoned = true;
        fault.poison(cause);
        return poisonedLength;
    }
}
