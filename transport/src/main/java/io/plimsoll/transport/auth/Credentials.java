package io.plimsoll.transport.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Tokens and credentials. Each has 256 random bits, so a plain SHA-256 at rest is enough: there is nothing to guess
 * that a slow hash would protect.
 */
public final class Credentials
{
    /** Bytes of an AES-128 key. */
    public static final int KEY_LENGTH = 16;
    private static final int SECRET_LENGTH = 32;

    private Credentials()
    {
    }

    /**
     * Makes a secret.
     *
     * @param random to draw from.
     * @return 43 characters of the URL-safe Base64 alphabet.
     */
    public static String newSecret(final SecureRandom random)
    {
        final byte[] bytes = new byte[SECRET_LENGTH];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Makes a key for one stream of one connection.
     *
     * @param random to draw from.
     * @return 16 bytes.
     */
    public static byte[] newKey(final SecureRandom random)
    {
        final byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        return key;
    }

    /**
     * What is stored of a secret.
     *
     * @param secret to hash.
     * @return SHA-256 of its UTF-8 bytes, 64 lower-case hex digits.
     */
    public static String hash(final String secret)
    {
        return HexFormat.of().formatHex(sha256(secret.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Whether a secret is the one whose hash was stored; takes the same time wherever they differ.
     *
     * @param offered    secret that somebody sent.
     * @param storedHash from {@link #hash}.
     * @return true if it is.
     */
    public static boolean matches(final String offered, final String storedHash)
    {
        return MessageDigest.isEqual(
            hash(offered).getBytes(StandardCharsets.US_ASCII), storedHash.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * SHA-256.
     *
     * @param bytes to hash.
     * @return 32 bytes.
     */
    public static byte[] sha256(final byte[] bytes)
    {
        try
        {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
    }
}
