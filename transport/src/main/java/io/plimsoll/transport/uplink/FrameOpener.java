package io.plimsoll.transport.uplink;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Opens sealed frames of any agent. One thread. */
final class FrameOpener
{
    static final int FORGED = -1;

    private final byte[] nonce = new byte[UplinkFrame.NONCE_LENGTH];
    private final byte[] sealed = new byte[UplinkFrame.LENGTH_MAX];
    private final byte[] opened = new byte[UplinkFrame.LENGTH_MAX];
    private final UnsafeBuffer message = new UnsafeBuffer(opened);

    /** The opened message, from index 0; it ends where the message ends, so that nobody reads into an older one. */
    DirectBuffer message()
    {
        return message;
    }

    /**
     * Opens a well-formed frame into {@link #message}, with the cipher of its agent and stream.
     *
     * @return length of the message, or {@link #FORGED}.
     */
    int open(
        final Cipher cipher, final SecretKey key, final int streamId, final DirectBuffer frame, final int offset,
        final int length)
    {
        UplinkFrame.writeNonce(nonce, streamId, UplinkFrame.counter(frame, offset));
        frame.getBytes(offset, sealed, 0, length);
        try
        {
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(UplinkFrame.TAG_LENGTH * Byte.SIZE, nonce));
            cipher.updateAAD(sealed, 0, UplinkFrame.HEADER_LENGTH);
            final int messageLength = cipher.doFinal(
                sealed, UplinkFrame.HEADER_LENGTH, length - UplinkFrame.HEADER_LENGTH, opened, 0);
            message.wrap(opened, 0, messageLength);
            return messageLength;
        }
        catch (final GeneralSecurityException ex)
        {
            return FORGED;
        }
    }
}
