package io.plimsoll.manager.control;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Cuts a submission into commands that fit a ring entry. Where it cuts depends on the request alone, so that a repeated
 * request meets its own idempotency keys chunk by chunk. One thread at a time.
 */
final class SubmissionEncoder
{
    /** Most sessions of a chunk: bounds what one command makes the core decide. */
    static final int SESSIONS_MAX = 500;

    private static final int FIXED_LENGTH =
        MessageHeaderEncoder.ENCODED_LENGTH + SubmitSessionsEncoder.BLOCK_LENGTH + 8;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SubmitSessionsEncoder encoder = new SubmitSessionsEncoder();

    /**
     * Encodes a submission; correlation ids are set when a chunk is offered.
     *
     * @throws CommandRejectedException if a session would not fit any command.
     * @throws IllegalArgumentException if a spec is none.
     */
    List<Chunk> encode(final SubmitRequest request)
    {
        if (request.sessions().isEmpty())
        {
            throw new CommandRejectedException(RejectCode.OUT_OF_RANGE, "sessions", 0, 0, 0, 1);
        }
        final List<Chunk> chunks = new ArrayList<>(1);
        final Hash128 bodyHash = null == request.idempotencyKey() ? Hash128.NONE : Hash128.of(request.body());
        List<SubmissionEntry> entries = new ArrayList<>();
        Map<Hash128, SubmissionEntry> specs = new LinkedHashMap<>();
        int firstIndex = 0;
        int length = FIXED_LENGTH;
        for (int i = 0; i < request.sessions().size(); i++)
        {
            final SubmissionEntry entry = new SubmissionEntry(request.sessions().get(i), i);
            int added = addedLength(entry, specs);
            if (!entries.isEmpty() &&
                (entries.size() == SESSIONS_MAX || length + added > CommandIngress.COMMAND_LENGTH_MAX ||
                    owner(request, entry) != owner(request, entries.get(0))))
            {
                chunks.add(encode(request, bodyHash, entries, specs, chunks.size(), firstIndex));
                entries = new ArrayList<>();
                specs = new LinkedHashMap<>();
                firstIndex = i;
                length = FIXED_LENGTH;
                added = addedLength(entry, specs);
            }
            if (length + added > CommandIngress.COMMAND_LENGTH_MAX)
            {
                throw new CommandRejectedException(
                    RejectCode.OUT_OF_RANGE, "session", i, 0, added, CommandIngress.COMMAND_LENGTH_MAX - FIXED_LENGTH);
            }
            length += added;
            entries.add(entry);
            specs.putIfAbsent(entry.specHash(), entry);
        }
        chunks.add(encode(request, bodyHash, entries, specs, chunks.size(), firstIndex));
        return chunks;
    }

    /** Who a session counts for: a command has one owner. */
    private static int owner(final SubmitRequest request, final SubmissionEntry entry)
    {
        final int accountId = entry.request().terms().accountId();
        return 0 == accountId ? request.ownerId() : accountId;
    }

    private static int addedLength(final SubmissionEntry entry, final Map<Hash128, SubmissionEntry> specs)
    {
        return entry.sessionLength() + (specs.containsKey(entry.specHash()) ? 0 : entry.specLength());
    }

    private Chunk encode(
        final SubmitRequest request,
        final Hash128 bodyHash,
        final List<SubmissionEntry> entries,
        final Map<Hash128, SubmissionEntry> specs,
        final int chunkIndex,
        final int firstIndex)
    {
        int length = FIXED_LENGTH;
        for (final SubmissionEntry entry : entries)
        {
            length += entry.sessionLength();
        }
        for (final SubmissionEntry entry : specs.values())
        {
            length += entry.specLength();
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        final Hash128 keyHash = keyHash(request, chunkIndex);
        encoder.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(0)
            .source(CommandSource.API)
            .ownerId(owner(request, entries.get(0)))
            .keyHashHi(keyHash.hi())
            .keyHashLo(keyHash.lo())
            .bodyHashHi(bodyHash.hi())
            .bodyHashLo(bodyHash.lo());
        final Map<Hash128, Integer> specIndexes = encodeSpecs(specs);
        final SubmitSessionsEncoder.SessionsEncoder sessions = encoder.sessionsCount(entries.size());
        for (final SubmissionEntry entry : entries)
        {
            entry.encode(sessions, specIndexes.get(entry.specHash()));
        }
        return new Chunk(buffer, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength(), firstIndex);
    }

    private Map<Hash128, Integer> encodeSpecs(final Map<Hash128, SubmissionEntry> specs)
    {
        final Map<Hash128, Integer> indexes = new LinkedHashMap<>();
        final SubmitSessionsEncoder.SpecsEncoder group = encoder.specsCount(specs.size());
        for (final SubmissionEntry entry : specs.values())
        {
            indexes.put(entry.specHash(), indexes.size());
            group.next()
                .hashHi(entry.specHash().hi())
                .hashLo(entry.specHash().lo())
                .putSpec(entry.spec(), 0, entry.spec().length);
        }
        return indexes;
    }

    private static Hash128 keyHash(final SubmitRequest request, final int chunkIndex)
    {
        if (null == request.idempotencyKey())
        {
            return Hash128.NONE;
        }
        return Hash128.of(
            ByteBuffer.allocate(2 * Integer.BYTES).putInt(request.ownerId()).putInt(chunkIndex).array(),
            request.idempotencyKey().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * One command.
     *
     * @param buffer     that holds it from offset 0.
     * @param length     of header and body.
     * @param firstIndex of its first session in the request.
     */
    record Chunk(UnsafeBuffer buffer, int length, int firstIndex)
    {
        void correlationId(final long correlationId)
        {
            buffer.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH + SubmitSessionsEncoder.correlationIdEncodingOffset(),
                correlationId,
                java.nio.ByteOrder.LITTLE_ENDIAN);
        }
    }
}
