package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.Explanation;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The real core, with a host that has no clock: it numbers commands, stamps them with the time it is told, and feeds
 * {@code Continue} and {@code TimePassed} when they are due. Times outside are nanoseconds from the start.
 */
final class VirtualCore
{
    /** Nothing will happen by itself. */
    static final long NEVER = Long.MAX_VALUE;
    /** Epoch nanoseconds of the start; any would do, but not 0, which stands for no time. */
    static final long START_NS = 1_000_000_000_000_000_000L;
    /** No simulation lasts that long, so ended sessions are not forgotten for their age: names stay known. */
    private static final long FORGET_AFTER_NS = 1L << 61;
    static final long HORIZON_NS = 1L << 59;
    private static final int RECORD_LENGTH = (1 << 17) + SchedulerCore.EVENTS_LENGTH_MAX;

    /** Of a core that remembers all. */
    static final CoreOptions OPTIONS = remembering(Integer.MAX_VALUE);

    private final SchedulerCore core;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[RECORD_LENGTH]);
    private final RecordFlyweight record = new RecordFlyweight();
    private final RecordFlyweight.EventConsumer consumer;
    private final Consumer<RecordFlyweight> records;
    private final ScenarioCommands commands;
    private long nowNs = Long.MIN_VALUE;

    /**
     * Around an empty core.
     *
     * @param commands that write what is fed.
     * @param consumer of every event, right after the command that caused it.
     * @param records  takes every command with its events.
     * @param options  of the core.
     */
    VirtualCore(
        final ScenarioCommands commands,
        final RecordFlyweight.EventConsumer consumer,
        final Consumer<RecordFlyweight> records,
        final CoreOptions options)
    {
        core = new SchedulerCore(options);
        this.records = records;
        this.commands = commands;
        this.consumer = consumer;
    }

    /** Of a core that remembers so many sessions that have ended, for however long. */
    static CoreOptions remembering(final int ended)
    {
        return CoreOptions.defaults().withForgetting(FORGET_AFTER_NS, ended);
    }

    /** Time of the last command. */
    long nowNs()
    {
        return nowNs;
    }

    long sequence()
    {
        return core.sequence();
    }

    long stateHash()
    {
        return core.stateHash();
    }

    /** Of all tables of the core. */
    long memoryBytes()
    {
        return core.memoryBytes();
    }

    /** What the core says of a session that waits. */
    Explanation examine(final long sessionId)
    {
        return core.examine(sessionId);
    }

    /** When the core wants to be woken, {@link #NEVER} if nothing is due in the life of a simulation. */
    long nextDeadlineNs()
    {
        final long deadlineNs = core.nextDeadlineNs();
        return deadlineNs >= START_NS + HORIZON_NS ? NEVER : deadlineNs - START_NS;
    }

    /**
     * Feeds the command that was written last, then all that it left to do.
     *
     * @param length of the command.
     * @param atNs   from the start, never falling.
     */
    void feed(final int length, final long atNs)
    {
        one(length, atNs);
        settle(atNs);
    }

    /** Feeds what earlier commands left to do. */
    void settle(final long atNs)
    {
        while (core.continueNeeded())
        {
            one(commands.continuation(), atNs);
        }
    }

    /** Wakes the core at a time that it asked for. */
    void wake(final long atNs)
    {
        feed(commands.timePassed(), atNs);
    }

    /** Feeds the command that was written last, and leaves what is left to do. */
    void one(final int length, final long atNs)
    {
        if (atNs < nowNs)
        {
            throw new IllegalStateException("atNs=" + atNs + " nowNs=" + nowNs);
        }
        nowNs = atNs;
        final long sequence = core.sequence() + 1;
        final int eventsOffset = RecordFlyweight.eventsOffset(length);
        buffer.putLong(eventsOffset - Long.BYTES, 0);
        buffer.putBytes(RecordFlyweight.COMMAND_OFFSET, commands.buffer(), 0, length);
        final int eventsLength = core.onCommand(
            buffer, RecordFlyweight.COMMAND_OFFSET, length, sequence, START_NS + atNs, buffer, eventsOffset);
        RecordFlyweight.putHeader(buffer, 0, sequence, START_NS + atNs, length, eventsLength);
        records.accept(record.wrap(buffer, 0));
        record.forEachEvent(consumer);
    }
}
