package io.plimsoll.journal.checkpoint;

import io.plimsoll.journal.checkpoint.Checkpoint.SegmentRoot;
import io.plimsoll.journal.checkpoint.Checkpoint.SnapshotDigest;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * A checkpoint as it is kept: lines of words, the last of which is the signature over all bytes before it.
 * <pre>
 *   plimsoll-checkpoint 1
 *   number N
 *   cluster UUID
 *   sequence N
 *   time ISO-8601
 *   previous SHA-256 of the checkpoint before, or -
 *   kept-from N
 *   segment NAME FIRST-SEQUENCE SIZE ROOT          for each segment
 *   snapshot SEQUENCE NAME SHA-256                 for each snapshot
 *   key BASE64                                     Ed25519, as X.509 has it (SubjectPublicKeyInfo)
 *   signature BASE64
 * </pre>
 * There is one way only to write a checkpoint, and nothing else is read: each byte of the text counts.
 *
 * @param checkpoint what it says.
 * @param text       as it was written, signature included.
 * @param key        that it claims to be signed with.
 * @param signature  over the text before it.
 */
public record SignedCheckpoint(Checkpoint checkpoint, String text, PublicKey key, byte[] signature)
{
    private static final String FIRST_LINE = "plimsoll-checkpoint 1";
    private static final String NOTHING = "-";
    private static final String SIGNATURE = "signature ";
    private static final int HASH_DIGITS = 2 * MerkleHasher.HASH_LENGTH;

    /** Signs a checkpoint. */
    public static SignedCheckpoint sign(final Checkpoint checkpoint, final CheckpointKey key)
    {
        final String body = body(checkpoint, key.publicKey());
        final byte[] signature = key.sign(body.getBytes(StandardCharsets.UTF_8));
        return new SignedCheckpoint(checkpoint, text(body, signature), key.publicKey(), signature);
    }

    /**
     * Reads a checkpoint. Whether the signature is right is not looked at, see {@link #isSignedBy}.
     *
     * @param content of its file.
     * @param place   for people.
     * @throws CheckpointException if it is none.
     */
    public static SignedCheckpoint parse(final byte[] content, final String place)
    {
        final String text = new String(content, StandardCharsets.UTF_8);
        if (!text.startsWith(FIRST_LINE + "\n"))
        {
            throw new CheckpointException(place + " is no checkpoint: its first line is not \"" + FIRST_LINE + "\"");
        }
        try
        {
            final Lines lines = new Lines(text);
            final Checkpoint checkpoint = lines.checkpoint();
            final PublicKey key = CheckpointKey.publicKey(Base64.getDecoder().decode(lines.word("key")));
            final byte[] signature = Base64.getDecoder().decode(lines.word("signature"));
            final String body = body(checkpoint, key);
            if (!text.equals(text(body, signature)))
            {
                throw new CheckpointException("it is not written as a checkpoint is");
            }
            return new SignedCheckpoint(checkpoint, text, key, signature);
        }
        catch (final CheckpointException | IllegalArgumentException | DateTimeParseException ex)
        {
            throw CheckpointException.damage(
                place + " is not the checkpoint that was signed: " + ex.getMessage(), ex);
        }
    }

    private static String body(final Checkpoint checkpoint, final PublicKey key)
    {
        final StringBuilder text = new StringBuilder(FIRST_LINE)
            .append("\nnumber ").append(checkpoint.number())
            .append("\ncluster ").append(checkpoint.clusterId())
            .append("\nsequence ").append(checkpoint.sequence())
            .append("\ntime ").append(checkpoint.time())
            .append("\nprevious ").append(null == checkpoint.previous() ? NOTHING : checkpoint.previous())
            .append("\nkept-from ").append(checkpoint.keptFrom());
        for (final SegmentRoot segment : checkpoint.segments())
        {
            text.append("\nsegment ").append(segment.name())
                .append(' ').append(segment.firstSequence())
                .append(' ').append(segment.size())
                .append(' ').append(segment.root());
        }
        for (final SnapshotDigest snapshot : checkpoint.snapshots())
        {
            text.append("\nsnapshot ").append(snapshot.sequence())
                .append(' ').append(snapshot.name())
                .append(' ').append(snapshot.sha256());
        }
        return text.append("\nkey ").append(Base64.getEncoder().encodeToString(key.getEncoded()))
            .append('\n').toString();
    }

    private static String text(final String body, final byte[] signature)
    {
        return body + SIGNATURE + Base64.getEncoder().encodeToString(signature) + "\n";
    }

    /** Whether each byte is as the owner of a key signed it. */
    public boolean isSignedBy(final PublicKey signer)
    {
        final String body = text.substring(0, text.lastIndexOf(SIGNATURE));
        return CheckpointKey.isSigned(signer, body.getBytes(StandardCharsets.UTF_8), signature);
    }

    /** The key that it claims to be signed with, in PEM. */
    public String publicPem()
    {
        return CheckpointKey.pem(key);
    }

    /** By which the next checkpoint names this one. */
    public String hash()
    {
        return HexFormat.of().formatHex(MerkleHasher.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The text, line by line. */
    private static final class Lines
    {
        private final String[] lines;
        private int next = 1;

        private Lines(final String text)
        {
            lines = text.split("\n", -1);
        }

        private Checkpoint checkpoint()
        {
            final long number = number(word("number"));
            final UUID clusterId = UUID.fromString(word("cluster"));
            final long sequence = number(word("sequence"));
            final Instant time = Instant.parse(word("time"));
            final String previous = word("previous");
            final long keptFrom = number(word("kept-from"));
            final List<SegmentRoot> segments = new ArrayList<>();
            long last = 0;
            while (isNext("segment"))
            {
                final String[] words = words("segment", 4);
                final SegmentRoot segment =
                    new SegmentRoot(words[0], number(words[1]), number(words[2]), hash(words[3]));
                if (segment.firstSequence() <= last || segment.size() < 1 || segment.size() > sequence)
                {
                    throw new CheckpointException("segment " + segment.name() + " does not follow the one before");
                }
                last = segment.lastSequence();
                segments.add(segment);
            }
            if (last != sequence)
            {
                throw new CheckpointException("its segments end with sequence " + last + ", not " + sequence);
            }
            final List<SnapshotDigest> snapshots = new ArrayList<>();
            while (isNext("snapshot"))
            {
                final String[] words = words("snapshot", 3);
                snapshots.add(new SnapshotDigest(number(words[0]), words[1], hash(words[2])));
            }
            return new Checkpoint(
                number,
                clusterId,
                sequence,
                time,
                NOTHING.equals(previous) ? null : hash(previous),
                keptFrom,
                segments,
                snapshots);
        }

        private boolean isNext(final String name)
        {
            return next < lines.length && lines[next].startsWith(name + " ");
        }

        private String word(final String name)
        {
            return words(name, 1)[0];
        }

        private String[] words(final String name, final int count)
        {
            if (!isNext(name))
            {
                throw new CheckpointException("line " + (next + 1) + " does not begin with \"" + name + "\"");
            }
            final String[] words = lines[next].substring(name.length() + 1).split(" ", -1);
            if (count != words.length)
            {
                throw new CheckpointException("line " + (next + 1) + " has not " + (count + 1) + " words");
            }
            next++;
            return words;
        }

        private static long number(final String word)
        {
            final long value = Long.parseLong(word);
            if (value < 0)
            {
                throw new CheckpointException(word + " is below 0");
            }
            return value;
        }

        private static String hash(final String word)
        {
            if (HASH_DIGITS != word.length() || !word.equals(HexFormat.of().formatHex(HexFormat.of().parseHex(word))))
            {
                throw new CheckpointException(word + " is no SHA-256");
            }
            return word;
        }
    }
}
