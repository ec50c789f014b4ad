package io.plimsoll.journal.checkpoint;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.agrona.DirectBuffer;

/**
 * The hashes of RFC 9162 section 2.1.1 (those of RFC 6962 section 2.1) with SHA-256. A leaf is hashed behind a byte 0,
 * a node behind a byte 1, so that no leaf can pass for a node. For one thread.
 */
public final class MerkleHasher
{
    /** Of every hash, in bytes. */
    public static final int HASH_LENGTH = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest digest = sha256();

    /** A digest as used here: every JDK has it. */
    public static MessageDigest sha256()
    {
        try
        {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /** Hash of a tree without leaves. */
    byte[] empty()
    {
        return digest.digest();
    }

    /** Hash of a leaf. */
    public byte[] leaf(final byte[] content)
    {
        digest.update(LEAF);
        return digest.digest(content);
    }

    /**
     * Hash of a leaf.
     *
     * @param content   holds the leaf.
     * @param offset    of its first byte.
     * @param length    of it.
     * @param target    takes the hash.
     * @param targetAt  where its first byte goes.
     */
    public void leaf(
        final DirectBuffer content, final int offset, final int length, final byte[] target, final int targetAt)
    {
        digest.update(LEAF);
        final int start = offset + content.wrapAdjustment();
        final ByteBuffer bytes = content.byteBuffer();
        if (null == bytes)
        {
            digest.update(content.byteArray(), start, length);
        }
        else
        {
            digest.update(bytes.duplicate().limit(start + length).position(start));
        }
        finish(target, targetAt);
    }

    /** Hash of the node above two. */
    public byte[] node(final byte[] left, final byte[] right)
    {
        final byte[] result = new byte[HASH_LENGTH];
        node(left, 0, right, 0, result, 0);
        return result;
    }

    /** Hash of the node above two; the target may be one of them. */
    void node(
        final byte[] left,
        final int leftAt,
        final byte[] right,
        final int rightAt,
        final byte[] target,
        final int targetAt)
    {
        digest.update(NODE);
        digest.update(left, leftAt, HASH_LENGTH);
        digest.update(right, rightAt, HASH_LENGTH);
        finish(target, targetAt);
    }

    private void finish(final byte[] target, final int targetAt)
    {
        try
        {
            digest.digest(target, targetAt, HASH_LENGTH);
        }
        catch (final DigestException ex)
        {
            throw new IllegalArgumentException("targetAt=" + targetAt + " length=" + target.length, ex);
        }
    }
}
