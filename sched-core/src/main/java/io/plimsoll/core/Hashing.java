package io.plimsoll.core;

import org.agrona.DirectBuffer;

/** Mixing of bits, equal on every machine. The finalizer is that of SplitMix64. */
final class Hashing
{
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Hashing()
    {
    }

    static long mix(final long value)
    {
        long z = value * GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    static long chain(final long hash, final long columnId, final long row, final long value)
    {
        return mix(hash ^ mix(value + (columnId << 32) + row));
    }

    static long chain(final long hash, final long value)
    {
        return mix(hash * 31 + value);
    }

    static long bytes(final DirectBuffer buffer, final int offset, final int length)
    {
        long hash = length;
        for (int i = 0; i < length; i++)
        {
            hash = hash * 0x100000001B3L + buffer.getByte(offset + i);
        }
        return mix(hash);
    }
}
