package io.plimsoll.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.checkpoint.Checkpoint.SegmentRoot;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.MerkleHasher;
import io.plimsoll.journal.checkpoint.MerklePath;
import io.plimsoll.journal.checkpoint.MerkleTree;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * That one record is in a journal, for somebody who does not have the journal: the excerpt, the hashes that lead from
 * it to the root of its segment, and the checkpoint that names this root. As a file it is a JSON object:
 * <pre>
 *   {"format":"plimsoll-event-proof 1","sequence":N,"excerpt":BASE64,"path":[HEX,…],"checkpoint":TEXT}
 * </pre>
 *
 * @param sequence   of the record.
 * @param excerpt    as the journal holds it.
 * @param path       of the Merkle tree, from the leaf up.
 * @param checkpoint that covers it.
 */
public record EventProof(long sequence, byte[] excerpt, List<byte[]> path, SignedCheckpoint checkpoint)
{
    private static final String FORMAT = "plimsoll-event-proof 1";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Makes a proof; the segment is read up to what the checkpoint covers.
     *
     * @param directory  of the journal.
     * @param checkpoint that covers the record.
     * @param sequence   of the record.
     * @throws JournalPrunedException  if the record is no longer there.
     * @throws JournalDamagedException if the segment is not what the checkpoint says.
     * @throws CheckpointException     if the checkpoint does not cover the record.
     */
    public static EventProof make(final Path directory, final SignedCheckpoint checkpoint, final long sequence)
    {
        final SegmentRoot segment = checkpoint.checkpoint().segmentOf(sequence);
        if (null == segment)
        {
            throw new CheckpointException("checkpoint " + checkpoint.checkpoint().number() +
                " does not cover sequence " + sequence + " but goes to " + checkpoint.checkpoint().sequence());
        }
        final JournalStorage storage =
            new DirectoryStorage(new JournalContext().directory(directory), false);
        final Manifest manifest = Manifest.decode(storage.readManifest(), storage.describe());
        final SegmentEntry entry = manifest.segments().stream()
            .filter(each -> each.firstSequence() == segment.firstSequence())
            .findFirst()
            .orElseThrow(() -> new JournalPrunedException(sequence, manifest.segments().get(0).firstSequence()));
        final MerkleHasher hasher = new MerkleHasher();
        final MerkleTree tree = new MerkleTree(hasher);
        final MerklePath path =
            MerklePath.inclusion(hasher, sequence - segment.firstSequence(), segment.size());
        final byte[] hash = new byte[MerkleHasher.HASH_LENGTH];
        byte[] excerpt = null;
        try (SegmentScanner scanner = new SegmentScanner(entry, storage.open(entry.name())))
        {
            while (tree.size() < segment.size())
            {
                if (!scanner.next())
                {
                    throw scanner.damage("a record that checkpoint " + checkpoint.checkpoint().number() +
                        " covers is missing or unreadable");
                }
                final RecordFlyweight record = scanner.record();
                final int offset = record.offset() - ExcerptFlyweight.RECORD_OFFSET;
                hasher.leaf(record.buffer(), offset, scanner.excerptLength(), hash, 0);
                tree.append(hash, 0);
                path.onLeaf(hash, 0);
                if (record.sequence() == sequence)
                {
                    excerpt = new byte[scanner.excerptLength()];
                    record.buffer().getBytes(offset, excerpt);
                }
            }
            if (!segment.root().equals(HexFormat.of().formatHex(tree.root())))
            {
                throw new JournalDamagedException(entry.name(), "segment is not what checkpoint " +
                    checkpoint.checkpoint().number() + " says");
            }
        }
        return new EventProof(sequence, excerpt, path.hashes(), checkpoint);
    }

    /**
     * Reads a proof; whether it proves anything, {@link #check} says.
     *
     * @param content of its file.
     * @param place   for people.
     * @throws CheckpointException if it is none.
     */
    public static EventProof decode(final byte[] content, final String place)
    {
        try
        {
            final JsonNode root = MAPPER.readTree(content);
            if (null == root || !FORMAT.equals(root.path("format").asText()))
            {
                throw new CheckpointException(place + " is no proof: it has no \"format\":\"" + FORMAT + "\"");
            }
            final List<byte[]> path = new ArrayList<>();
            root.path("path").forEach(hash -> path.add(HexFormat.of().parseHex(hash.asText())));
            return new EventProof(
                root.path("sequence").asLong(),
                Base64.getDecoder().decode(root.path("excerpt").asText()),
                path,
                SignedCheckpoint.parse(
                    root.path("checkpoint").asText().getBytes(StandardCharsets.UTF_8), "the checkpoint in " + place));
        }
        catch (final IOException ex)
        {
            // What the parser says of it goes over several lines.
            throw new CheckpointException(place + " is no proof: it is not JSON", ex);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CheckpointException(place + " is no proof: " + ex.getMessage(), ex);
        }
    }

    /** For its file. */
    public byte[] encode()
    {
        final ObjectNode root = MAPPER.createObjectNode();
        root.put("format", FORMAT);
        root.put("sequence", sequence);
        root.put("excerpt", Base64.getEncoder().encodeToString(excerpt));
        final ArrayNode hashes = root.putArray("path");
        path.forEach(hash -> hashes.add(HexFormat.of().formatHex(hash)));
        root.put("checkpoint", checkpoint.text());
        return (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Checks the proof.
     *
     * @param key that the checkpoint must be signed with.
     * @return the record, which is in the journal.
     * @throws CheckpointException if it proves nothing; the message says why.
     */
    public RecordFlyweight check(final PublicKey key)
    {
        if (!checkpoint.isSignedBy(key))
        {
            throw CheckpointException.damage(
                "the proof's checkpoint is not signed with this key, or is not as it was signed", null);
        }
        final SegmentRoot segment = checkpoint.checkpoint().segmentOf(sequence);
        if (null == segment)
        {
            throw CheckpointException.damage("the proof's checkpoint does not cover sequence " + sequence, null);
        }
        final boolean isIncluded = MerklePath.isIncluded(
            new MerkleHasher().leaf(excerpt),
            sequence - segment.firstSequence(),
            segment.size(),
            path,
            HexFormat.of().parseHex(segment.root()));
        final ExcerptFlyweight flyweight = new ExcerptFlyweight().wrap(new UnsafeBuffer(excerpt), 0);
        final String fault = flyweight.findFault(excerpt.length);
        if (!isIncluded || null != fault || flyweight.length() != excerpt.length ||
            flyweight.record().sequence() != sequence)
        {
            throw CheckpointException.damage("the proof does not lead from its record, said to be of sequence " +
                sequence + ", to the root that was signed", null);
        }
        return flyweight.record();
    }
}
