package io.plimsoll.loadtest.workload;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.CommandHandler;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Does for a core what the first stage of the pipeline does, without a ring: it numbers commands, stamps them with the
 * time that it is told, and feeds {@code Continue} and {@code TimePassed} when they are due. One thread.
 */
public final class CoreDriver
{
    private final CommandHandler handler;
    private final Consumer<RecordFlyweight> listener;
    private final UnsafeBuffer buffer;
    private final RecordFlyweight record = new RecordFlyweight();
    private final CommandEncoder encoder = new CommandEncoder();
    private long sequence;
    private long timestampNs;

    /**
     * Around a core.
     *
     * @param handler  the core.
     * @param listener sees every record.
     */
    public CoreDriver(final CommandHandler handler, final Consumer<RecordFlyweight> listener)
    {
        this.handler = handler;
        this.listener = listener;
        buffer = new UnsafeBuffer(new byte[(1 << 17) + handler.eventsLengthMax()]);
        sequence = handler.sequence();
        timestampNs = handler.timestampNs();
    }

    public long sequence()
    {
        return sequence;
    }

    public long timestampNs()
    {
        return timestampNs;
    }

    /**
     * Feeds one command, then all that it left to do.
     *
     * @param command that holds it.
     * @param offset  of it.
     * @param length  of it.
     * @param nowNs   epoch nanoseconds.
     */
    public void feed(final DirectBuffer command, final int offset, final int length, final long nowNs)
    {
        one(command, offset, length, nowNs);
        settle(nowNs);
    }

    /**
     * Lets time pass without a command.
     *
     * @param nowNs epoch nanoseconds.
     */
    public void advance(final long nowNs)
    {
        while (handler.nextDeadlineNs() <= nowNs)
        {
            one(encoder.buffer(), 0, encoder.timePassed(), nowNs);
            settle(nowNs);
        }
    }

    private void settle(final long nowNs)
    {
        while (handler.continueNeeded())
        {
            one(encoder.buffer(), 0, encoder.continuation(), nowNs);
        }
    }

    private void one(final DirectBuffer command, final int offset, final int length, final long nowNs)
    {
        timestampNs = Math.max(timestampNs, nowNs);
        sequence++;
        final int eventsOffset = RecordFlyweight.eventsOffset(length);
        buffer.putLong(eventsOffset - Long.BYTES, 0);
        buffer.putBytes(RecordFlyweight.COMMAND_OFFSET, command, offset, length);
        final int eventsLength = handler.onCommand(
            buffer, RecordFlyweight.COMMAND_OFFSET, length, sequence, timestampNs, buffer, eventsOffset);
        RecordFlyweight.putHeader(buffer, 0, sequence, timestampNs, length, eventsLength);
        listener.accept(record.wrap(buffer, 0));
    }
}
