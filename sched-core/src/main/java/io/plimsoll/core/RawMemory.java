package io.plimsoll.core;

import java.nio.ByteOrder;
import org.agrona.UnsafeApi;

/**
 * Little-endian numbers at addresses that the caller has checked: in an array, or off-heap where there is none. A
 * buffer checks each number, and serves both kinds of memory by one and the same access, for which the compiler has to
 * forget all that it knows of the fields of objects; so it takes several times the instructions.
 */
final class RawMemory
{
    /** Whether the machine has it the other way round. */
    private static final boolean IS_SWAPPED = ByteOrder.LITTLE_ENDIAN != ByteOrder.nativeOrder();

    private RawMemory()
    {
    }

    static long getLong(final byte[] array, final long at)
    {
        final long bits = null == array ? UnsafeApi.getLong(null, at) : UnsafeApi.getLong(array, at);
        return IS_SWAPPED ? Long.reverseBytes(bits) : bits;
    }

    static int getInt(final byte[] array, final long at)
    {
        final int bits = null == array ? UnsafeApi.getInt(null, at) : UnsafeApi.getInt(array, at);
        return IS_SWAPPED ? Integer.reverseBytes(bits) : bits;
    }

    /** Without sign. */
    static int getShort(final byte[] array, final long at)
    {
        final short bits = null == array ? UnsafeApi.getShort(null, at) : UnsafeApi.getShort(array, at);
        return 0xFFFF & (IS_SWAPPED ? Short.reverseBytes(bits) : bits);
    }

    /** Without sign. */
    static int getByte(final byte[] array, final long at)
    {
        return 0xFF & (null == array ? UnsafeApi.getByte(null, at) : UnsafeApi.getByte(array, at));
    }

    static void putLong(final byte[] array, final long at, final long value)
    {
        final long bits = IS_SWAPPED ? Long.reverseBytes(value) : value;
        if (null == array)
        {
            UnsafeApi.putLong(null, at, bits);
        }
        else
        {
            UnsafeApi.putLong(array, at, bits);
        }
    }

    static void putInt(final byte[] array, final long at, final int value)
    {
        final int bits = IS_SWAPPED ? Integer.reverseBytes(value) : value;
        if (null == array)
        {
            UnsafeApi.putInt(null, at, bits);
        }
        else
        {
            UnsafeApi.putInt(array, at, bits);
        }
    }

    static void putShort(final byte[] array, final long at, final int value)
    {
        final short bits = IS_SWAPPED ? Short.reverseBytes((short)value) : (short)value;
        if (null == array)
        {
            UnsafeApi.putShort(null, at, bits);
        }
        else
        {
            UnsafeApi.putShort(array, at, bits);
        }
    }

    static void putByte(final byte[] array, final long at, final int value)
    {
        if (null == array)
        {
            UnsafeApi.putByte(null, at, (byte)value);
        }
        else
        {
            UnsafeApi.putByte(array, at, (byte)value);
        }
    }
}
