package io.plimsoll.transport.uplink;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Seals the messages of one agent, connection and stream. One thread. A counter is spent by sealing, sent or not, so
 * that no nonce can come twice.
 */
final class FrameSealer
{
    private static final int LENGTH_FIRST = 1024;

    private final int streamId;
    private final int agentId;
    private final long connection;
    private final SecretKey key;
    private final Cipher cipher = AesGcm.newCipher();
    private final byte[] nonce = new byte[UplinkFrame.NONCE_LENGTH];
    private byte[] message = new byte[LENGTH_FIRST];
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[LENGTH_FIRST + UplinkFrame.OVERHEAD]);
    private long counter;

    FrameSealer(final int streamId, final int agentId, final long connection, final byte[] key)
    {
        this.streamId = streamId;
        this.agentId = agentId;
        this.connection = connection;
        this.key = new SecretKeySpec(key, AesGcm.KEY_ALGORITHM);
        UplinkFrame.writeHeader(frame, streamId, agentId, connection);
    }

    /** The sealed frame, from index 0. */
    DirectBuffer frame()
    {
        return frame;
    }

    /** Seals a message into {@link #frame} and returns the frame's length. */
    int seal(final DirectBuffer buffer, final int offset, final int length)
    {
        ensureCapacity(length);
        counter++;
        UplinkFrame.counter(frame, counter);
        UplinkFrame.writeNonce(nonce, streamId, counter);
        buffer.getBytes(offset, message, 0, length);
        try
        {
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(UplinkFrame.TAG_LENGTH * Byte.SIZE, nonce));
            cipher.updateAAD(frame.byteArray(), 0, UplinkFrame.HEADER_LENGTH);
            return UplinkFrame.HEADER_LENGTH +
                cipher.doFinal(message, 0, length, frame.byteArray(), UplinkFrame.HEADER_LENGTH);
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("cannot seal: streamId=" + streamId + " counter=" + counter, ex);
        }
    }

    private void ensureCapacity(final int length)
    {
        if (length > message.length)
        {
            final int capacity = Math.min(UplinkFrame.MESSAGE_LENGTH_MAX, Integer.highestOneBit(length - 1) << 1);
            message = new byte[capacity];
            frame.wrap(new byte[capacity + UplinkFrame.OVERHEAD]);
            UplinkFrame.writeHeader(frame, streamId, agentId, connection);
        }
    }
}
