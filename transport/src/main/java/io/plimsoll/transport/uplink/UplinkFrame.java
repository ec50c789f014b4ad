package io.plimsoll.transport.uplink;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A sealed frame. Everything is little endian, except the nonce.
 * <pre>
 *    0  uint8   version
 *    1  uint8   stream: 10 or 11
 *    2  uint16  0
 *    4  int32   agent id
 *    8  int64   connection
 *   16  int64   counter, from 1 for each agent, connection and stream
 *   24  message, AES-128-GCM                 nonce: int32 stream, int64 counter, both big endian
 *  end  16 bytes tag, which covers the 24 bytes of header too
 * </pre>
 * Each connection has a fresh key per stream, so a nonce never comes twice under one key.
 */
final class UplinkFrame
{
    static final int VERSION = 1;
    static final int HEADER_LENGTH = 24;
    static final int TAG_LENGTH = 16;
    static final int OVERHEAD = HEADER_LENGTH + TAG_LENGTH;
    static final int MESSAGE_LENGTH_MIN = 8;
    static final int MESSAGE_LENGTH_MAX = 64 * 1024;
    static final int LENGTH_MAX = MESSAGE_LENGTH_MAX + OVERHEAD;
    static final int NONCE_LENGTH = Integer.BYTES + Long.BYTES;

    private static final int STREAM_OFFSET = 1;
    private static final int RESERVED_OFFSET = 2;
    private static final int AGENT_ID_OFFSET = 4;
    private static final int CONNECTION_OFFSET = 8;
    private static final int COUNTER_OFFSET = 16;

    private UplinkFrame()
    {
    }

    static void writeHeader(
        final MutableDirectBuffer frame, final int streamId, final int agentId, final long connection)
    {
        frame.putByte(0, (byte)VERSION);
        frame.putByte(STREAM_OFFSET, (byte)streamId);
        frame.putShort(RESERVED_OFFSET, (short)0, ByteOrder.LITTLE_ENDIAN);
        frame.putInt(AGENT_ID_OFFSET, agentId, ByteOrder.LITTLE_ENDIAN);
        frame.putLong(CONNECTION_OFFSET, connection, ByteOrder.LITTLE_ENDIAN);
    }

    static void counter(final MutableDirectBuffer frame, final long counter)
    {
        frame.putLong(COUNTER_OFFSET, counter, ByteOrder.LITTLE_ENDIAN);
    }

    static boolean isWellFormed(final DirectBuffer frame, final int offset, final int length, final int streamId)
    {
        return length >= OVERHEAD + MESSAGE_LENGTH_MIN && length <= LENGTH_MAX &&
            VERSION == frame.getByte(offset) && streamId == frame.getByte(offset + STREAM_OFFSET);
    }

    static int agentId(final DirectBuffer frame, final int offset)
    {
        return frame.getInt(offset + AGENT_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static long connection(final DirectBuffer frame, final int offset)
    {
        return frame.getLong(offset + CONNECTION_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static long counter(final DirectBuffer frame, final int offset)
    {
        return frame.getLong(offset + COUNTER_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static void writeNonce(final byte[] nonce, final int streamId, final long counter)
    {
        for (int i = 0; i < Integer.BYTES; i++)
        {
            nonce[i] = (byte)(streamId >>> (Integer.BYTES - 1 - i) * Byte.SIZE);
        }
        for (int i = 0; i < Long.BYTES; i++)
        {
            nonce[Integer.BYTES + i] = (byte)(counter >>> (Long.BYTES - 1 - i) * Byte.SIZE);
        }
    }
}
