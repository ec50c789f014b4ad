package io.plimsoll.journal.checkpoint;

import static io.plimsoll.journal.checkpoint.MerkleHasher.HASH_LENGTH;

/**
 * A Merkle tree as RFC 9162 section 2.1.1 defines it, grown leaf by leaf. Kept are only the roots of its complete
 * subtrees, one a level, so it takes 2 KiB however large it grows. For one thread.
 */
public final class MerkleTree
{
    private static final int LEVELS_MAX = 63;

    private final MerkleHasher hasher;
    private final byte[] subtrees = new byte[(LEVELS_MAX + 1) * HASH_LENGTH];
    private final byte[] carry = new byte[HASH_LENGTH];
    private long size;

    /** A tree without leaves. */
    public MerkleTree(final MerkleHasher hasher)
    {
        this.hasher = hasher;
    }

    /** Number of leaves. */
    public long size()
    {
        return size;
    }

    /** Begins anew. */
    public void clear()
    {
        size = 0;
    }

    /**
     * Adds a leaf behind the last.
     *
     * @param hashes holds its hash.
     * @param at     where its hash begins.
     */
    public void append(final byte[] hashes, final int at)
    {
        System.arraycopy(hashes, at, carry, 0, HASH_LENGTH);
        int level = 0;
        while (1 == (size >> level & 1))
        {
            hasher.node(subtrees, level * HASH_LENGTH, carry, 0, carry, 0);
            level++;
        }
        System.arraycopy(carry, 0, subtrees, level * HASH_LENGTH, HASH_LENGTH);
        size++;
    }

    /** Root over the leaves so far. */
    public byte[] root()
    {
        if (0 == size)
        {
            return hasher.empty();
        }
        int level = Long.numberOfTrailingZeros(size);
        final byte[] root = new byte[HASH_LENGTH];
        System.arraycopy(subtrees, level * HASH_LENGTH, root, 0, HASH_LENGTH);
        for (level++; size >> level != 0; level++)
        {
            if (1 == (size >> level & 1))
            {
                hasher.node(subtrees, level * HASH_LENGTH, root, 0, root, 0);
            }
        }
        return root;
    }
}
