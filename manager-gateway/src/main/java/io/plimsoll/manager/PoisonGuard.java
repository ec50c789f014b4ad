package io.plimsoll.manager;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.AgentConnectedDecoder;
import io.plimsoll.core.sbe.AgentDisconnectedDecoder;
import io.plimsoll.core.sbe.AgentInventoryDecoder;
import io.plimsoll.core.sbe.AgentLostDecoder;
import io.plimsoll.core.sbe.AgentReturnedDecoder;
import io.plimsoll.core.sbe.AgentSuspectDecoder;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.manager.Counters.Counter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps commands that once broke the core of this build away from it. The core knows them by the number they carried,
 * but who repeats them (a client with its idempotency key, an agent on its next connection) gives them a new one, and
 * the manager would end at every attempt. So they are known here by all that a repetition leaves the same. A submission
 * without a key is no repetition, even if it reads the same: the first may have been broken by something else. But one
 * that reads like two that broke the core is refused. Another build may have learned to decide them all. Any thread;
 * costs nothing while no command is poisoned.
 */
final class PoisonGuard implements CommandIngress
{
    private static final Logger LOGGER = LoggerFactory.getLogger(PoisonGuard.class);
    private static final int UNKEYED_TIMES_MAX = 2;
    private static final int BODY = MessageHeaderDecoder.ENCODED_LENGTH;

    private final CommandIngress ingress;
    private final Set<ByteBuffer> poisoned;
    private final LongConsumer onRefused;
    private final Counters counters;

    /**
     * Guards a core.
     *
     * @param ingress   to the ring.
     * @param poisoned  identities of commands, from the journal.
     * @param onRefused answers the correlation id of a submitted one.
     * @param counters  to count in.
     */
    PoisonGuard(
        final CommandIngress ingress,
        final Set<ByteBuffer> poisoned,
        final LongConsumer onRefused,
        final Counters counters)
    {
        this.ingress = ingress;
        this.poisoned = Set.copyOf(poisoned);
        this.onRefused = onRefused;
        this.counters = counters;
    }

    @Override
    public boolean trySubmit(final DirectBuffer buffer, final int offset, final int length)
    {
        if (isPoisoned(buffer, offset, length))
        {
            onRefused.accept(buffer.getLong(
                offset + BODY + SubmitSessionsDecoder.correlationIdEncodingOffset(),
                ByteOrder.LITTLE_ENDIAN));
            return true;
        }
        return ingress.trySubmit(buffer, offset, length);
    }

    @Override
    public boolean tryPublish(final DirectBuffer buffer, final int offset, final int length)
    {
        // Taken and dropped: an agent that repeats it goes on with its next report, which acknowledges this one too.
        return isPoisoned(buffer, offset, length) || ingress.tryPublish(buffer, offset, length);
    }

    private boolean isPoisoned(final DirectBuffer buffer, final int offset, final int length)
    {
        if (poisoned.isEmpty())
        {
            return false;
        }
        final byte[] command = new byte[length];
        buffer.getBytes(offset, command);
        final ByteBuffer identity = identity(command);
        final boolean known = null != identity && poisoned.contains(identity);
        if (known)
        {
            counters.increment(Counter.POISONED_REFUSED);
            LOGGER.error("a command that once broke the core came again and was not decided: length={}", length);
        }
        return known;
    }

    /**
     * What a repetition of a command leaves the same: all but correlation, connection and report numbers, and what an
     * agent has seen meanwhile.
     *
     * @param command with its header; changed by the call.
     * @return a hash; null if the command is not one that is repeated.
     */
    static ByteBuffer identity(final byte[] command)
    {
        switch (templateId(command))
        {
            case SubmitSessionsDecoder.TEMPLATE_ID ->
                clear(command, SubmitSessionsDecoder.correlationIdEncodingOffset());
            case AgentConnectedDecoder.TEMPLATE_ID ->
            {
                clear(command, AgentConnectedDecoder.correlationIdEncodingOffset());
                clear(command, AgentConnectedDecoder.seenTermEncodingOffset());
                clear(command, AgentConnectedDecoder.seenTermNonceEncodingOffset());
                clear(command, AgentConnectedDecoder.seenSequenceEncodingOffset());
            }
            case KernelReportDecoder.TEMPLATE_ID ->
            {
                clear(command, KernelReportDecoder.connectionEncodingOffset());
                clear(command, KernelReportDecoder.reportNoEncodingOffset());
            }
            case AgentInventoryDecoder.TEMPLATE_ID ->
                clear(command, AgentInventoryDecoder.connectionEncodingOffset());
            case AgentDisconnectedDecoder.TEMPLATE_ID ->
                clear(command, AgentDisconnectedDecoder.connectionEncodingOffset());
            case AgentSuspectDecoder.TEMPLATE_ID -> clear(command, AgentSuspectDecoder.connectionEncodingOffset());
            case AgentLostDecoder.TEMPLATE_ID -> clear(command, AgentLostDecoder.connectionEncodingOffset());
            case AgentReturnedDecoder.TEMPLATE_ID -> clear(command, AgentReturnedDecoder.connectionEncodingOffset());
            default ->
            {
                return null;
            }
        }
        try
        {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(command));
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** How often a command may break the core of a build before it is refused. */
    static int timesMax(final byte[] command)
    {
        return SubmitSessionsDecoder.TEMPLATE_ID == templateId(command) && !hasKey(command) ? UNKEYED_TIMES_MAX : 1;
    }

    private static int templateId(final byte[] command)
    {
        return new MessageHeaderDecoder().wrap(new UnsafeBuffer(command), 0).templateId();
    }

    private static boolean hasKey(final byte[] command)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(command);
        return 0 != buffer.getLong(BODY + SubmitSessionsDecoder.keyHashHiEncodingOffset()) ||
            0 != buffer.getLong(BODY + SubmitSessionsDecoder.keyHashLoEncodingOffset());
    }

    private static void clear(final byte[] command, final int fieldOffset)
    {
        final int start = BODY + fieldOffset;
        if (start + Long.BYTES <= command.length)
        {
            Arrays.fill(command, start, start + Long.BYTES, (byte)0);
        }
    }
}
