package io.plimsoll.manager.control;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * First half of a SHA-256: enough that nobody meets or makes a second text of the same hash by chance, short enough for
 * the core to keep many.
 *
 * @param hi first 8 bytes, big endian.
 * @param lo next 8 bytes.
 */
record Hash128(long hi, long lo)
{
    /** What commands carry where there is nothing to hash. */
    static final Hash128 NONE = new Hash128(0, 0);

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof final Hash128 hash && hi == hash.hi && lo == hash.lo;
    }

    /** Its bits are as good as random. */
    @Override
    public int hashCode()
    {
        return (int)lo;
    }

    /**
     * Hashes parts one after the other.
     *
     * @param parts each preceded by its length, so that moving a byte from one to the next changes the hash.
     * @return never {@link #NONE}.
     */
    static Hash128 of(final byte[]... parts)
    {
        try
        {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (final byte[] part : parts)
            {
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length).array());
                digest.update(part);
            }
            final ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            final long hi = hash.getLong();
            final long lo = hash.getLong();
            return 0 == hi && 0 == lo ? new Hash128(0, 1) : new Hash128(hi, lo);
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
