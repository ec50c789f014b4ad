package io.plimsoll.core;

import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.TimeHeldDecoder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The deterministic scheduler: commands in, events out, and a state that nothing but events changes. Single threaded;
 * the host owns the thread, the clock and the journal. Reading starts at {@link CommandDecider} for what is decided, at
 * {@link EventApplier} for what that does to state, and at {@link Schedule} for how it is fast.
 *
 * <p>When {@link #onCommand} throws, the state is of no more use: the host records the command as Poisoned, and the
 * next start restores up to the command before.
 */
public final class SchedulerCore
{
    /** Rises with any change that alters an event; a new version of the messages is one: it is in their headers. */
    public static final int DECISION_VERSION = 18;

    /** Most bytes of events that one command can cause. */
    public static final int EVENTS_LENGTH_MAX = 256 * 1024;

    private final CoreState state;
    private final EventApplier applier;
    private final EventWriter writer;
    private final WorkBudget budget;
    private final FollowUp followUp;
    private final CommandDecider decider;
    private final Explainer explainer;
    private final CommandBytes command = new CommandBytes();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /**
     * An empty core.
     *
     * @param options bounds; a journal is decided again with those it was written with.
     */
    public SchedulerCore(final CoreOptions options)
    {
        state = new CoreState(options);
        applier = new EventApplier(state);
        writer = new EventWriter(applier);
        budget = new WorkBudget(writer);
        final Emitter emitter = new Emitter(state, writer);
        final ClusterEmitter clusterEmitter = new ClusterEmitter(state, writer);
        final Lifecycle lifecycle = new Lifecycle(state, emitter, clusterEmitter);
        final KernelDecider kernelDecider = new KernelDecider(state, emitter, clusterEmitter, lifecycle);
        final CancelDecider cancelDecider = new CancelDecider(state, emitter, clusterEmitter, lifecycle);
        explainer = new Explainer(state);
        followUp = new FollowUp(state, emitter, clusterEmitter, lifecycle, kernelDecider, cancelDecider, budget);
        decider =
            new CommandDecider(state, command, cancelDecider, kernelDecider, emitter, clusterEmitter, budget);
    }

    /**
     * Has other options from the next command on: a reign may be told others than the one before.
     *
     * @param options that differ in what a manager can be told only, see {@link CoreOptions#told}.
     */
    public void options(final CoreOptions options)
    {
        state.options = options;
        state.schedule.kernelEnds.clear();
    }

    /**
     * Expires what is due, decides a command, does what follows from it, and applies all of it. Only before
     * ManagerStarted and TimeHeld nothing expires: nobody could report while no manager was there, or was heard while
     * it stood still, and both move deadlines.
     *
     * @param buffer       holds the command, an SBE message with its header.
     * @param offset       of the header.
     * @param length       of header and body.
     * @param sequence     of the command, one above the last.
     * @param timestampNs  epoch nanoseconds, never below the last.
     * @param eventsBuffer takes the events block of {@link RecordFlyweight}.
     * @param eventsOffset where the block begins; {@link #EVENTS_LENGTH_MAX} bytes must be there.
     * @return length of the events block.
     */
    public int onCommand(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long sequence,
        final long timestampNs,
        final MutableDirectBuffer eventsBuffer,
        final int eventsOffset)
    {
        moveTo(sequence, timestampNs);
        writer.wrap(eventsBuffer, eventsOffset, EVENTS_LENGTH_MAX);
        state.schedule.ensureValid();
        budget.reset(state.options.workPerCommandMax());
        state.schedule.wake();
        command.wrap(buffer, offset, length);
        if (ManagerStartedDecoder.TEMPLATE_ID != command.templateId() &&
            TimeHeldDecoder.TEMPLATE_ID != command.templateId())
        {
            followUp.expire(CommandDecider.EVENTS_LENGTH_MAX);
        }
        decider.onCommand(buffer, offset, length);
        followUp.work(!decider.leavesPlacing());
        return writer.length();
    }

    /**
     * Applies the events of a record read back from the journal; decides nothing.
     *
     * @param sequence     of the command.
     * @param timestampNs  of the command.
     * @param buffer       holds the events block.
     * @param eventsOffset where the block begins.
     * @param eventsLength of the block.
     */
    public void applyEvents(
        final long sequence,
        final long timestampNs,
        final DirectBuffer buffer,
        final int eventsOffset,
        final int eventsLength)
    {
        moveTo(sequence, timestampNs);
        state.schedule.invalidate();
        int position = eventsOffset;
        final int end = eventsOffset + eventsLength;
        while (position < end)
        {
            final int eventLength = buffer.getInt(position);
            applier.apply(buffer, position + RecordFlyweight.EVENT_HEADER_LENGTH);
            position += RecordFlyweight.EVENT_HEADER_LENGTH + BitUtil.align(eventLength, RecordFlyweight.ALIGNMENT);
        }
    }

    /**
     * Restores a record whose command was Poisoned: nothing happened, but the same input will be refused.
     *
     * @param sequence    of the record.
     * @param timestampNs of the record.
     * @param buffer      holds the Poisoned command, an SBE message with its header.
     * @param offset      of the header.
     * @param length      of header and body.
     */
    public void applyPoisoned(
        final long sequence, final long timestampNs, final DirectBuffer buffer, final int offset, final int length)
    {
        moveTo(sequence, timestampNs);
        state.schedule.invalidate();
        header.wrap(buffer, offset);
        decider.remember(buffer, offset, header);
    }

    private void moveTo(final long sequence, final long timestampNs)
    {
        if (sequence <= state.sequence || timestampNs < state.timestampNs)
        {
            throw new IllegalStateException("sequence=" + sequence + " timestampNs=" + timestampNs +
                " after sequence=" + state.sequence + " timestampNs=" + state.timestampNs);
        }
        state.sequence = sequence;
        state.timestampNs = timestampNs;
    }

    /** Says why a session is where it is: between any two commands, and without a trace. */
    public Explanation explain(final long sessionId)
    {
        state.schedule.ensureValid();
        return explainer.explain(sessionId);
    }

    /**
     * The same without its place in the queue and what follows from that, straight from the tables: for who asks again
     * and again while events are restored, when {@link #explain} would build all caches each time.
     */
    public Explanation examine(final long sessionId)
    {
        return explainer.examine(sessionId);
    }

    /**
     * Lists who waits in a group, in order: between any two commands, and without a trace.
     *
     * @param group number of the group; one that is not known has nobody waiting.
     * @param max   sessions that are told.
     */
    public QueueListing queue(final int group, final int max)
    {
        state.schedule.ensureValid();
        return group < 0 || group >= state.groups.highWater() ?
            new QueueListing(state.sequence, 0, new long[0], new long[0]) :
            new QueueLister(state, max).list(group);
    }

    /**
     * Counts who waits and for what, a part of the sessions at a time: between any two commands, and without a trace.
     *
     * @param firstRow of the part, from 0.
     * @param rows     that are looked at.
     */
    public QueueTally tally(final int firstRow, final int rows)
    {
        state.schedule.ensureValid();
        return new QueueCounter(state).count(firstRow, rows);
    }

    /** Whether the last command left work: the host's next input must be Continue. */
    public boolean continueNeeded()
    {
        state.schedule.ensureValid();
        return followUp.isLeft();
    }

    /** When TimePassed is due unless another command comes before; Long.MAX_VALUE: never. */
    public long nextDeadlineNs()
    {
        state.schedule.ensureValid();
        return followUp.nextDeadlineNs();
    }

    /** Of the last command. */
    public long sequence()
    {
        return state.sequence;
    }

    /** Of the last command. */
    public long timestampNs()
    {
        return state.timestampNs;
    }

    /** Of the present reign; 0 before the first. */
    public long term()
    {
        return state.term;
    }

    /** Nonce of the present reign. */
    public long termNonce()
    {
        return state.termNonce;
    }

    /** High half of the cluster's id; both halves are 0 before the first reign. */
    public long clusterIdHi()
    {
        return state.clusterIdHi;
    }

    /** Low half of the cluster's id. */
    public long clusterIdLo()
    {
        return state.clusterIdLo;
    }

    /** Whether an agent has seen more than the journal holds, so that nothing is placed. */
    public boolean lostTail()
    {
        return state.lostTail;
    }

    /** Highest term that an agent told of or that was ours. */
    public long seenTermMax()
    {
        return Math.max(state.term, state.seenTermMax);
    }

    /** Hash over all logical values by column in row order: equal states, equal hashes, on any machine. */
    public long stateHash()
    {
        return state.hash();
    }

    /**
     * Writes the whole state, between two commands: block by block, nearly all of them plain copies of memory.
     *
     * @param sink that takes the blocks.
     */
    public void writeState(final StateSink sink)
    {
        state.transfer(StateBlocks.writing(sink));
    }

    /**
     * Becomes what was written, and goes on from there: same hash, same answers. The core must be new, with the options
     * of the one that wrote.
     *
     * @param source of the blocks.
     * @throws StateFormatException if they are no state, or that of a later release; the core is of no use then.
     */
    public void readState(final StateSource source)
    {
        if (0 != state.sequence)
        {
            throw new IllegalStateException("sequence=" + state.sequence + " in a core that is to be new");
        }
        state.transfer(StateBlocks.reading(source));
        state.derive();
    }

    /** Throws away all that can be derived and derives it anew; no decision depends on when this happens. */
    public void dropCaches()
    {
        state.dropCaches();
    }

    /** Bytes of all tables and indexes, for figures and bounds. */
    public long memoryBytes()
    {
        return state.bytes();
    }

    CoreState state()
    {
        return state;
    }
}
