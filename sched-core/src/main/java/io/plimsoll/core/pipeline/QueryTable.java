package io.plimsoll.core.pipeline;

import io.plimsoll.core.sbe.CoreQueryDecoder;
import io.plimsoll.core.sbe.CoreQueryEncoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Questions that are under way. They keep their place among the commands by going through the ring; what the core
 * answers waits until everything that it took into account is journalled and released, so nobody hears of what a crash
 * could take back. Bounded: who finds the table full is told to come again.
 */
final class QueryTable
{
    private final AtomicReferenceArray<Query<?>> entries;
    private final AtomicLong numbers = new AtomicLong();
    private final OneToOneConcurrentArrayQueue<Query<?>> answered;
    private final CommandRing ring;
    private final NanoClock clock;
    private final Wakeup egressWakeup;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final CoreQueryDecoder decoder = new CoreQueryDecoder();

    QueryTable(final CommandRing ring, final NanoClock clock, final Wakeup egressWakeup, final int queriesMax)
    {
        this.ring = ring;
        this.clock = clock;
        this.egressWakeup = egressWakeup;
        entries = new AtomicReferenceArray<>(queriesMax);
        answered = new OneToOneConcurrentArrayQueue<>(queriesMax);
    }

    /** Any thread: asks, false if too much is under way. */
    <T> boolean tryAsk(
        final Function<Queryable, T> question, final long deadlineNs, final BiConsumer<T, Throwable> listener)
    {
        for (int entry = 0; entry < entries.length(); entry++)
        {
            final Query<T> query = new Query<>(entry, numbers.incrementAndGet(), question, deadlineNs, listener);
            if (entries.compareAndSet(entry, null, query))
            {
                final UnsafeBuffer command = new UnsafeBuffer(
                    new byte[MessageHeaderEncoder.ENCODED_LENGTH + CoreQueryEncoder.BLOCK_LENGTH]);
                new CoreQueryEncoder().wrapAndApplyHeader(command, 0, new MessageHeaderEncoder())
                    .entry(entry)
                    .queryNo(query.number);
                if (ring.trySubmit(command, 0, command.capacity()))
                {
                    return true;
                }
                entries.set(entry, null);
                return false;
            }
        }
        return false;
    }

    static boolean isQuery(final DirectBuffer buffer, final int offset)
    {
        return CoreQueryDecoder.TEMPLATE_ID == (buffer.getShort(
            offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
    }

    /** Core: answers a question as of its last command. An error is the asker's, the core goes on. */
    void answer(final DirectBuffer buffer, final int offset, final Queryable handler)
    {
        decoder.wrapAndApplyHeader(buffer, offset, header);
        final int entry = decoder.entry();
        final Query<?> query = entry < 0 || entry >= entries.length() ? null : entries.get(entry);
        if (null == query || query.number != decoder.queryNo())
        {
            return;
        }
        query.ask(handler, clock.nanoTime() - query.deadlineNs >= 0);
        // There is room: an entry is free again only when its answer is told.
        answered.add(query);
        egressWakeup.signal();
    }

    /** Egress: whether there is an answer that may be told. */
    boolean hasAnswer(final long releasedSequence)
    {
        final Query<?> query = answered.peek();
        return null != query && query.sequence() <= releasedSequence;
    }

    /** Egress: tells the answers that take nothing into account but what is released. */
    int tell(final long releasedSequence)
    {
        int told = 0;
        while (hasAnswer(releasedSequence))
        {
            final Query<?> query = answered.poll();
            entries.set(query.entry, null);
            query.tell();
            told++;
        }
        return told;
    }
}
