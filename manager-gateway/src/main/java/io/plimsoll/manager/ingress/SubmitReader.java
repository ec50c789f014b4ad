package io.plimsoll.manager.ingress;

import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.callback.CallbackUrl;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.ImageReference;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.http.IngressRules;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.SessionNotes;
import io.plimsoll.transport.client.sbe.BooleanType;
import io.plimsoll.transport.client.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.client.sbe.SubmitDecoder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads submissions. Where a frame is whole but what it says makes no sense the session is refused, not the connection.
 * A launch that is the same as the one before is not read again. One thread.
 */
final class SubmitReader
{
    private static final int SLOTS_MAX = 64;
    private static final int COUNT_MAX = 1_000_000;

    private final SubmitDecoder decoder = new SubmitDecoder();
    private byte[] lastBytes = {};
    private LaunchSpec lastSpec;

    /**
     * Reads a frame.
     *
     * @throws IndexOutOfBoundsException if it is cut off.
     * @throws IllegalArgumentException  if it is none.
     */
    Read read(final UnsafeBuffer buffer, final MessageHeaderDecoder header)
    {
        decoder.wrapAndApplyHeader(buffer, 0, header);
        final long correlationId = decoder.correlationId();
        final Map<String, Long> slots = new TreeMap<>();
        final SubmitDecoder.SlotsDecoder group = decoder.slots();
        if (group.count() > SLOTS_MAX)
        {
            throw new IllegalArgumentException("slots=" + group.count());
        }
        while (group.hasNext())
        {
            group.next();
            final long amount = group.amount();
            slots.put(group.slotName(), amount);
        }
        final String groupName = decoder.groupName();
        final String name = decoder.sessionName();
        final byte[] spec = new byte[decoder.specLength()];
        decoder.getSpec(spec, 0, spec.length);
        final byte[] terms = new byte[decoder.termsLength()];
        decoder.getTerms(terms, 0, terms.length);
        return new Read(
            correlationId,
            decoder.keyHi(),
            decoder.keyLo(),
            BooleanType.T == decoder.watch(),
            body(buffer),
            new Fields(
                decoder.sessionType(), decoder.onLoss(), decoder.priority(), decoder.kernels(),
                decoder.elementCount(), BooleanType.T == decoder.array(), decoder.cpuMillis(), decoder.memoryBytes(),
                decoder.walltimeNs(), decoder.graceNs(), slots, groupName, name, spec, terms));
    }

    /** All but the correlation id, which the same submission has another of on another connection. */
    private static byte[] body(final UnsafeBuffer buffer)
    {
        final int start = MessageHeaderDecoder.ENCODED_LENGTH + Long.BYTES;
        final byte[] body = new byte[buffer.capacity() - start];
        buffer.getBytes(start, body);
        return body;
    }

    /** The session by rules, as of somebody; throws what is to be told about it. */
    SessionRequest request(final Fields fields, final IngressRules rules, final Caller caller)
    {
        checkRange("type", fields.type(), SessionType.SYSTEM.value());
        checkRange("onLoss", fields.onLoss(), OnLoss.RESTART.value());
        checkRange("count", fields.count(), COUNT_MAX);
        final LaunchSpec spec = spec(fields.spec());
        final IngressRules.Terms terms = rules.terms(fields.terms(), spec, caller);
        return new SessionRequest(
            fields.name(),
            fields.groupName(),
            SessionType.get((short)fields.type()),
            fields.priority(),
            fields.kernels(),
            (int)fields.count(),
            fields.array(),
            fields.cpuMillis(),
            fields.memoryBytes(),
            fields.slots(),
            fields.walltimeNs(),
            fields.graceNs(),
            OnLoss.get((short)fields.onLoss()),
            terms.dependencies(),
            spec,
            terms.others());
    }

    private LaunchSpec spec(final byte[] bytes)
    {
        if (null == lastSpec || !Arrays.equals(lastBytes, bytes))
        {
            try
            {
                final LaunchSpec spec = LaunchSpecCodec.decode(bytes);
                checkImage(spec);
                checkNotes(spec.notes());
                lastSpec = spec;
                lastBytes = bytes;
            }
            catch (final IllegalArgumentException ex)
            {
                lastSpec = null;
                throw IngressRules.badSpec(ex.getMessage());
            }
        }
        return lastSpec;
    }

    /** Runtimes of plugins may name images as they like. */
    private static void checkImage(final LaunchSpec spec)
    {
        if (null != spec.image() && null == spec.runtime())
        {
            try
            {
                ImageReference.check(spec.image());
            }
            catch (final IllegalArgumentException ex)
            {
                throw new IllegalArgumentException("image: " + ex.getMessage(), ex);
            }
        }
    }

    /** What the API would not let anybody say either. */
    private static void checkNotes(final SessionNotes notes)
    {
        if (null != notes.callback())
        {
            try
            {
                CallbackUrl.parse(notes.callback());
            }
            catch (final IllegalArgumentException ex)
            {
                throw new IllegalArgumentException("callback " + ex.getMessage(), ex);
            }
        }
        if (null != notes.template() || 0 != notes.templateVersion())
        {
            throw new IllegalArgumentException("templates are for the HTTP API: say here what is in it");
        }
    }

    private static void checkRange(final String field, final long value, final long max)
    {
        if (value < 0 || value > max)
        {
            throw new CommandRejectedException(RejectCode.OUT_OF_RANGE, field, 0, 0, value, max);
        }
    }

    /**
     * A whole frame.
     *
     * @param correlationId of the submitter.
     * @param keyHi         of the idempotency key.
     * @param keyLo         of it.
     * @param watch         whether what becomes of it is to be told.
     * @param body          that a repetition must have again.
     * @param fields        of the session.
     */
    record Read(long correlationId, long keyHi, long keyLo, boolean watch, byte[] body, Fields fields)
    {
    }

    /** What the frame says of the session, unchecked. */
    record Fields(
        int type,
        int onLoss,
        int priority,
        int kernels,
        long count,
        boolean array,
        long cpuMillis,
        long memoryBytes,
        long walltimeNs,
        long graceNs,
        Map<String, Long> slots,
        String groupName,
        String name,
        byte[] spec,
        byte[] terms)
    {
    }
}
