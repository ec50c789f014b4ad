package io.plimsoll.transport.uplink;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/** The JDK's AES-GCM, which uses the processor's own instructions. */
final class AesGcm
{
    static final String KEY_ALGORITHM = "AES";

    private AesGcm()
    {
    }

    static Cipher newCipher()
    {
        try
        {
            return Cipher.getInstance("AES/GCM/NoPadding");
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("every JDK has AES-GCM", ex);
        }
    }
}
