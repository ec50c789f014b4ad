package io.plimsoll.core.pipeline;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.sbe.ExplainSessionDecoder;
import io.plimsoll.core.sbe.ExplainSessionEncoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import java.nio.ByteOrder;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
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
    private final AtomicReferenceArray<Query> entries;
    private final AtomicLong numbers = new AtomicLong();
    private final OneToOneConcurrentArrayQueue<Query> answered;
    private final CommandRing ring;
    private final NanoClock clock;
    private final Wakeup egressWakeup;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ExplainSessionDecoder decoder = new ExplainSessionDecoder();

    QueryTable(final CommandRing ring, final NanoClock clock, final Wakeup egressWakeup, final int queriesMax)
    {
        this.ring = ring;
        this.clock = clock;
        this.egressWakeup = egressWakeup;
        entries = new AtomicReferenceArray<>(queriesMax);
        answered = new OneToOneConcurrentArrayQueue<>(queriesMax);
    }

    /** Any thread: asks, false if too much is under way. */
    boolean tryAsk(
        final long sessionId, final long deadlineNs, final BiConsumer<Explanation, Throwable> listener)
    {
        for (int entry = 0; entry < entries.length(); entry++)
        {
            final Query query = new Query(entry, numbers.incrementAndGet(), sessionId, deadlineNs, listener);
            if (entries.compareAndSet(entry, null, query))
            {
                final UnsafeBuffer command = new UnsafeBuffer(
                    new byte[MessageHeaderEncoder.ENCODED_LENGTH + ExplainSessionEncoder.BLOCK_LENGTH]);
                new ExplainSessionEncoder().wrapAndApplyHeader(command, 0, new MessageHeaderEncoder())
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
        return ExplainSessionDecoder.TEMPLATE_ID == (buffer.getShort(
            offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
    }

    /** Core: answers a question as of its last command. An error is the asker's, the core goes on. */
    void answer(final DirectBuffer buffer, final int offset, final CommandHandler handler)
    {
        decoder.wrapAndApplyHeader(buffer, offset, header);
        final int entry = decoder.entry();
        final Query query = entry < 0 || entry >= entries.length() ? null : entries.get(entry);
        if (null == query || query.number != decoder.queryNo())
        {
            return;
        }
        try
        {
            final boolean late = clock.nanoTime() - query.deadlineNs >= 0;
            query.answered(
                handler.sequence(),
                late ? null : handler.explain(query.sessionId),
                late ? new TimeoutException("no answer in time: sessionId=" + query.sessionId) : null);
        }
        catch (final RuntimeException error)
        {
            query.answered(handler.sequence(), null, error);
        }
        // There is room: an entry is free again only when its answer is told.
        answered.add(query);
        egressWakeup.signal();
    }

    /** Egress: whether there is an answer that may be told. */
    boolean hasAnswer(final long releasedSequence)
    {
        final Query query = answered.peek();
        return null != query && query.sequence() <= releasedSequence;
    }

    /** Egress: tells the answers that take nothing into account but what is released. */
    int tell(final long releasedSequence)
    {
        int told = 0;
        while (hasAnswer(releasedSequence))
        {
            final Query query = answered.poll();
            entries.set(query.entry, null);
            query.tell();
            told++;
        }
        return told;
    }
}
