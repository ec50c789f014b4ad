package io.plimsoll.manager.control;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sessions that go as one command, which the core accepts or refuses whole. All count for the same account, and each
 * spec is in it once. One thread at a time.
 */
public final class SubmissionChunk
{
    /** Most sessions of a chunk: bounds what one command makes the core decide. */
    public static final int SESSIONS_MAX = 1_000;

    static final int FIXED_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + SubmitSessionsEncoder.BLOCK_LENGTH + 8;

    private static final int SPEC_OVERHEAD = SubmitSessionsEncoder.SpecsEncoder.sbeBlockLength() + 2;

    private final List<PreparedSession> sessions = new ArrayList<>();
    private final List<PreparedSession> specs = new ArrayList<>();
    private final Map<Hash128, Integer> specIndexes = new HashMap<>();
    private Hash128 keyHash = Hash128.NONE;
    private Hash128 bodyHash = Hash128.NONE;
    private Hash128 lastSpec;
    private int length = FIXED_LENGTH;
    private int ids;
    private RequestOrigin origin;

    /**
     * Makes a repetition safe: the same key with the same body gets the same answer for 24 h.
     *
     * @param key    of the client.
     * @param number of the part of its request that this chunk is, from 0.
     * @param body   bytes that a repetition must have again.
     */
    public SubmissionChunk keyed(final String key, final int number, final byte[] body)
    {
        // Another length than what keys of whole requests are hashed with, so that they never meet.
        final byte[] place = ByteBuffer.allocate(3 * Integer.BYTES)
            .putInt(ownerId()).putInt(number).putInt(SESSIONS_MAX).array();
        keyHash = Hash128.of(place, key.getBytes(StandardCharsets.UTF_8));
        bodyHash = Hash128.of(body);
        return this;
    }

    /**
     * The same with a key of 128 bits that is the client's own.
     *
     * @param keyHi of the key; both halves 0: none.
     * @param keyLo of the key.
     * @param body  bytes that a repetition must have again.
     */
    public SubmissionChunk keyed(final long keyHi, final long keyLo, final byte[] body)
    {
        if (0 != keyHi || 0 != keyLo)
        {
            keyHash = Hash128.of(
                ByteBuffer.allocate(2 * Integer.BYTES + 2 * Long.BYTES)
                    .putInt(ownerId()).putInt(SESSIONS_MAX).putLong(keyHi).putLong(keyLo).array());
            bodyHash = Hash128.of(body);
        }
        return this;
    }

    /**
     * Adds a session behind the others.
     *
     * @return false if it does not fit, or counts for somebody else: nothing was added.
     */
    public boolean tryAdd(final PreparedSession session)
    {
        final boolean isKnown = session.specHash() == lastSpec || specIndexes.containsKey(session.specHash());
        final int added = session.session().length + (isKnown ? 0 : SPEC_OVERHEAD + session.spec().length);
        if (!sessions.isEmpty() &&
            (sessions.size() == SESSIONS_MAX ||
                length + added > CommandIngress.COMMAND_LENGTH_MAX ||
                session.ownerId() != ownerId()))
        {
            return false;
        }
        if (!isKnown)
        {
            specIndexes.put(session.specHash(), specs.size());
            specs.add(session);
        }
        lastSpec = session.specHash();
        sessions.add(session);
        ids += session.count();
        length += added;
        return true;
    }

    /** Says which request it came from. */
    public SubmissionChunk from(final RequestOrigin request)
    {
        origin = request;
        return this;
    }

    /** The request that it came from; null: none that anybody knows. */
    public RequestOrigin origin()
    {
        return origin;
    }

    /** How many sessions there are; an array is one. */
    public int size()
    {
        return sessions.size();
    }

    /** How many ids they get. */
    public int ids()
    {
        return ids;
    }

    /** The session at an index. */
    public PreparedSession session(final int index)
    {
        return sessions.get(index);
    }

    /** Account that all count for. */
    public int ownerId()
    {
        return sessions.get(0).ownerId();
    }

    /**
     * The command.
     *
     * @param correlationId for its answer.
     * @return a buffer that is as long as the command.
     */
    public UnsafeBuffer encode(final long correlationId)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        final SubmitSessionsEncoder encoder = new SubmitSessionsEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(correlationId)
            .source(CommandSource.API)
            .ownerId(ownerId())
            .keyHashHi(keyHash.hi())
            .keyHashLo(keyHash.lo())
            .bodyHashHi(bodyHash.hi())
            .bodyHashLo(bodyHash.lo());
        final SubmitSessionsEncoder.SpecsEncoder group = encoder.specsCount(specs.size());
        for (final PreparedSession session : specs)
        {
            group.next()
                .hashHi(session.specHash().hi())
                .hashLo(session.specHash().lo())
                .putSpec(session.spec(), 0, session.spec().length);
        }
        encoder.sessionsCount(sessions.size());
        encodeSessions(buffer, encoder.limit());
        return buffer;
    }

    private void encodeSessions(final UnsafeBuffer buffer, final int start)
    {
        final int specIndexOffset = SubmitSessionsEncoder.SessionsEncoder.specIndexEncodingOffset();
        int at = start;
        Hash128 spec = null;
        short specIndex = 0;
        for (final PreparedSession session : sessions)
        {
            if (session.specHash() != spec)
            {
                spec = session.specHash();
                specIndex = (short)(int)specIndexes.get(spec);
            }
            buffer.putBytes(at, session.session());
            buffer.putShort(at + specIndexOffset, specIndex, ByteOrder.LITTLE_ENDIAN);
            at += session.session().length;
        }
        if (at != length)
        {
            throw new IllegalStateException("length=" + length + " written=" + at);
        }
    }
}
