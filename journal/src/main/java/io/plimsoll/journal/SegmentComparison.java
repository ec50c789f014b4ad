package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.CheckpointSet.SignedSegment;
import io.plimsoll.journal.TamperReport.Finding;
import io.plimsoll.journal.checkpoint.MerkleHasher;
import io.plimsoll.journal.checkpoint.MerkleTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads a segment from end to end and finds the first excerpt that is not the one that was signed. The root of a tree
 * says only that something is wrong; which excerpt it is, the hashes beside the segment say, if they amount to the root
 * themselves, else the sizes at which there is a checkpoint narrow it down.
 */
final class SegmentComparison
{
    private final Path file;
    private final SegmentEntry entry;
    private final SegmentScanner scanner;
    private final SignedSegment signed;
    private final List<String> notes;
    private final MerkleHasher hasher = new MerkleHasher();
    private final MerkleTree tree = new MerkleTree(hasher);
    private final byte[] hash = new byte[MerkleHasher.HASH_LENGTH];
    private final byte[] expected = new byte[MerkleHasher.HASH_LENGTH];
    private long trustedSize;
    private long provenSize;

    SegmentComparison(
        final Path directory,
        final SegmentEntry entry,
        final SegmentScanner scanner,
        final SignedSegment signed,
        final List<String> notes)
    {
        this.file = LeafFile.of(directory, entry.name());
        this.entry = entry;
        this.scanner = scanner;
        this.signed = signed;
        this.notes = notes;
    }

    /**
     * Reads the segment.
     *
     * @return what is not as it was signed, null if all that was signed is there. The scanner then stands where it can
     *         read no further.
     */
    Finding run()
    {
        if (null != signed)
        {
            trustedSize = LeafFile.trustedSize(file, signed.roots());
            if (trustedSize < signed.size())
            {
                notes.add("the hashes beside segment " + entry.name() + (0 == trustedSize ?
                    " are missing or not right" : " are missing or not right behind the first " + trustedSize) +
                    ": a changed record is named only as closely as checkpoints allow");
            }
        }
        try (InputStream hashes = LeafFile.read(file))
        {
            while ((!entry.closed() || scanner.nextSequence() <= entry.lastSequence()) && scanner.next())
            {
                final Finding finding = compare(hashes);
                if (null != finding)
                {
                    return finding;
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return null == signed || tree.size() >= signed.size() ? null : missing();
    }

    private Finding compare(final InputStream hashes) throws IOException
    {
        if (null == signed || tree.size() >= signed.size())
        {
            return null;
        }
        final RecordFlyweight record = scanner.record();
        hasher.leaf(
            record.buffer(), record.offset() - ExcerptFlyweight.RECORD_OFFSET, scanner.excerptLength(), hash, 0);
        final long index = tree.size();
        if (index < trustedSize && (expected.length != hashes.readNBytes(expected, 0, expected.length) ||
            !Arrays.equals(expected, hash)))
        {
            return new Finding(entry.name(), scanner.position(), index, record.sequence(),
                "this is not the record that was signed");
        }
        tree.append(hash, 0);
        final String root = signed.roots().get(tree.size());
        if (null != root)
        {
            if (!root.equals(HexFormat.of().formatHex(tree.root())))
            {
                return new Finding(entry.name(), -1, provenSize, entry.firstSequence() + provenSize,
                    "of the records from here to sequence " + record.sequence() +
                    " at least one is not the one that was signed; the first of them at the earliest");
            }
            provenSize = tree.size();
        }
        return null;
    }

    private Finding missing()
    {
        final long next = scanner.nextSequence();
        final String fault = scanner.fault();
        final String upTo = "records up to sequence " + signed.lastSequence() + " were signed, ";
        final boolean isLess = trustedSize <= tree.size() && provenSize < tree.size();
        return new Finding(entry.name(), scanner.goodEnd(), tree.size(), next, upTo +
            (null == fault ? "but there is none here" : "but the one here is not whole (" + fault + ")") +
            (isLess ? "; whether those from sequence " + (entry.firstSequence() + provenSize) +
                " on are right, cannot be told without it" : ""));
    }
}
