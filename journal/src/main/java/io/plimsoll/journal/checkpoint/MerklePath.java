package io.plimsoll.journal.checkpoint;

import static io.plimsoll.journal.checkpoint.MerkleHasher.HASH_LENGTH;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Proofs of a Merkle tree: that a leaf is in it (RFC 9162 section 2.1.3), that it goes on from a smaller one (section
 * 2.1.4). A proof is the roots of ranges of leaves; it is made while the leaves pass by once, so that no tree need fit
 * in memory. For one thread.
 */
public final class MerklePath
{
    private final MerkleHasher hasher;
    private final List<Range> ranges = new ArrayList<>();
    private long size;

    /** Leaves from first to before end, of which the root is part of the proof. */
    private static final class Range
    {
        private final long first;
        private final long end;
        private final MerkleTree tree;

        private Range(final long first, final long end, final MerkleTree tree)
        {
            this.first = first;
            this.end = end;
            this.tree = tree;
        }
    }

    private MerklePath(final MerkleHasher hasher)
    {
        this.hasher = hasher;
    }

    /**
     * Prepares the proof that a leaf is in a tree.
     *
     * @param hasher to use.
     * @param index  of the leaf, from 0.
     * @param size   of the tree.
     * @return to be shown all leaves of the tree.
     */
    public static MerklePath inclusion(final MerkleHasher hasher, final long index, final long size)
    {
        if (index < 0 || index >= size)
        {
            throw new IllegalArgumentException("index=" + index + " size=" + size);
        }
        final MerklePath path = new MerklePath(hasher);
        path.addInclusion(index, 0, size);
        return path;
    }

    /**
     * Prepares the proof that a tree goes on from one of its beginnings.
     *
     * @param hasher  to use.
     * @param oldSize of the beginning, at least 1.
     * @param size    of the tree.
     * @return to be shown all leaves of the tree.
     */
    public static MerklePath consistency(final MerkleHasher hasher, final long oldSize, final long size)
    {
        if (oldSize < 1 || oldSize > size)
        {
            throw new IllegalArgumentException("oldSize=" + oldSize + " size=" + size);
        }
        final MerklePath path = new MerklePath(hasher);
        path.addConsistency(oldSize, 0, size, true);
        return path;
    }

    private void addInclusion(final long index, final long first, final long end)
    {
        if (end - first > 1)
        {
            final long middle = first + largestPowerBelow(end - first);
            if (index < middle)
            {
                addInclusion(index, first, middle);
                add(middle, end);
            }
            else
            {
                addInclusion(index, middle, end);
                add(first, middle);
            }
        }
    }

    private void addConsistency(final long oldEnd, final long first, final long end, final boolean isWhole)
    {
        if (oldEnd == end)
        {
            if (!isWhole)
            {
                add(first, end);
            }
            return;
        }
        final long middle = first + largestPowerBelow(end - first);
        if (oldEnd <= middle)
        {
            addConsistency(oldEnd, first, middle, isWhole);
            add(middle, end);
        }
        else
        {
            addConsistency(oldEnd, middle, end, false);
            add(first, middle);
        }
    }

    private void add(final long first, final long end)
    {
        ranges.add(new Range(first, end, new MerkleTree(hasher)));
    }

    private static long largestPowerBelow(final long count)
    {
        return Long.highestOneBit(count - 1);
    }

    /** Takes the next leaf, all of them in order. */
    public void onLeaf(final byte[] hashes, final int at)
    {
        for (final Range range : ranges)
        {
            if (size >= range.first && size < range.end)
            {
                range.tree.append(hashes, at);
                break;
            }
        }
        size++;
    }

    /** The proof, when all leaves were shown. */
    public List<byte[]> hashes()
    {
        final List<byte[]> result = new ArrayList<>();
        for (final Range range : ranges)
        {
            if (range.tree.size() != range.end - range.first)
            {
                throw new IllegalStateException("leaves missing from " + (range.first + range.tree.size()));
            }
            result.add(range.tree.root());
        }
        return result;
    }

    /**
     * Checks that a leaf is in a tree, as RFC 9162 section 2.1.3.2 says.
     *
     * @param leaf  hash of the leaf.
     * @param index of it.
     * @param size  of the tree.
     * @param path  the proof.
     * @param root  of the tree.
     * @return whether it is.
     */
    public static boolean isIncluded(
        final byte[] leaf, final long index, final long size, final List<byte[]> path, final byte[] root)
    {
        if (index < 0 || index >= size || !areHashes(path))
        {
            return false;
        }
        final MerkleHasher hasher = new MerkleHasher();
        long fn = index;
        long sn = size - 1;
        byte[] hash = leaf;
        for (final byte[] sibling : path)
        {
            if (0 == sn)
            {
                return false;
            }
            if (1 == (fn & 1) || fn == sn)
            {
                hash = hasher.node(sibling, hash);
                while (0 == (fn & 1) && 0 != fn)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                hash = hasher.node(hash, sibling);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return 0 == sn && Arrays.equals(root, hash);
    }

    /**
     * Checks that a tree goes on from a smaller one, as RFC 9162 section 2.1.4.2 says.
     *
     * @param oldSize of the smaller one, at least 1.
     * @param oldRoot of it.
     * @param size    of the tree.
     * @param root    of it.
     * @param path    the proof.
     * @return whether it does.
     */
    public static boolean isConsistent(
        final long oldSize, final byte[] oldRoot, final long size, final byte[] root, final List<byte[]> path)
    {
        if (oldSize < 1 || oldSize > size || !areHashes(path))
        {
            return false;
        }
        if (oldSize == size)
        {
            return path.isEmpty() && Arrays.equals(oldRoot, root);
        }
        final List<byte[]> hashes = new ArrayList<>(path);
        if (1 == Long.bitCount(oldSize))
        {
            hashes.add(0, oldRoot);
        }
        if (hashes.isEmpty())
        {
            return false;
        }
        final int level = Long.numberOfTrailingZeros(oldSize);
        return isConsistent(oldSize - 1 >> level, size - 1 >> level, hashes, oldRoot, root);
    }

    private static boolean isConsistent(
        final long oldLast, final long last, final List<byte[]> hashes, final byte[] oldRoot, final byte[] root)
    {
        final MerkleHasher hasher = new MerkleHasher();
        long fn = oldLast;
        long sn = last;
        byte[] fr = hashes.get(0);
        byte[] sr = hashes.get(0);
        for (final byte[] hash : hashes.subList(1, hashes.size()))
        {
            if (0 == sn)
            {
                return false;
            }
            if (1 == (fn & 1) || fn == sn)
            {
                fr = hasher.node(hash, fr);
                sr = hasher.node(hash, sr);
                while (0 == (fn & 1) && 0 != fn)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                sr = hasher.node(sr, hash);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return 0 == sn && Arrays.equals(oldRoot, fr) && Arrays.equals(root, sr);
    }

    private static boolean areHashes(final List<byte[]> path)
    {
        return path.stream().allMatch(hash -> HASH_LENGTH == hash.length);
    }
}
