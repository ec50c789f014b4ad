package io.plimsoll.transport.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HTTP requests that are signed by a keypair instead of carrying its secret. What is signed are seven lines, each ended
 * by LF but the last: {@value #SCHEME}, the method, the target as sent (path and query), the {@code Date} header as
 * sent, the {@code Host} header in lower case, the nonce, and the SHA-256 of the body in lower-case hex, which is that
 * of nothing where there is no body. The signature is the HMAC-SHA256 of that under the secret's characters, in
 * lower-case hex:
 *
 * <pre>
 * Date: Mon, 23 Nov 2026 06:33:36 GMT
 * X-Content-SHA256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
 * Authorization: PLIMSOLL-HMAC-SHA256 key=AK..., nonce=5f0c..., signature=9a41...
 * </pre>
 *
 * <p>The nonce makes two requests of one second differ, so that a copy of either is known as one. Immutable.
 *
 * @param method        such as GET.
 * @param target        path and query, exactly as on the request line.
 * @param date          exactly as in its header, see {@link #date}.
 * @param host          as in its header, with the port if that has one.
 * @param nonce         16 to 64 characters of letters and digits, never the same twice.
 * @param contentSha256 SHA-256 of the body, 64 lower-case hex digits.
 */
public record RequestSignature(
    String method, String target, String date, String host, String nonce, String contentSha256)
{
    /** Name of the scheme in the {@code Authorization} header. */
    public static final String SCHEME = "PLIMSOLL-HMAC-SHA256";

    /** Header with the hash of the body. */
    public static final String CONTENT_SHA256 = "X-Content-SHA256";

    /** Hash of no body. */
    public static final String NO_CONTENT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int NONCE_LENGTH = 16;
    private static final List<String> PARTS = List.of("key", "nonce", "signature");

    /** As RFC 9110 wants dates; the JDK's own form of it has days of one digit. */
    private static final DateTimeFormatter DATE =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /**
     * The text of a {@code Date} header.
     *
     * @param epochMs time.
     */
    public static String date(final long epochMs)
    {
        return DATE.format(Instant.ofEpochMilli(epochMs));
    }

    /**
     * The time of a {@code Date} header.
     *
     * @param text of it, such as {@code Mon, 23 Nov 2026 06:33:36 GMT}.
     * @return epoch milliseconds.
     * @throws IllegalArgumentException if it is no such date.
     */
    public static long epochMs(final String text)
    {
        try
        {
            return DATE.parse(text, Instant::from).toEpochMilli();
        }
        catch (final DateTimeParseException ex)
        {
            throw new IllegalArgumentException(
                "right is a date such as " + date(0) + ", in UTC", ex);
        }
    }

    /** A new nonce: 32 hex digits. */
    public static String nonce(final SecureRandom random)
    {
        final byte[] bytes = new byte[NONCE_LENGTH];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Hash of a body, as {@link #CONTENT_SHA256} has it. */
    public static String hash(final byte[] content)
    {
        return 0 == content.length ? NO_CONTENT : HexFormat.of().formatHex(Credentials.sha256(content));
    }

    /** Whether a text can be a nonce. */
    public static boolean isNonce(final String text)
    {
        return text.matches("[A-Za-z0-9]{16,64}");
    }

    /**
     * Signs.
     *
     * @param secret of the keypair.
     * @return 64 lower-case hex digits.
     */
    public String sign(final String secret)
    {
        final String lines = String.join(
            "\n", SCHEME, method, target, date, host.toLowerCase(Locale.ROOT), nonce, contentSha256);
        try
        {
            final Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(lines.getBytes(StandardCharsets.UTF_8)));
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("every JDK has " + ALGORITHM, ex);
        }
    }

    /**
     * Whether a signature is right; takes the same time wherever it is wrong.
     *
     * @param secret    of the keypair.
     * @param signature that came.
     */
    public boolean isSignedAs(final String secret, final String signature)
    {
        return MessageDigest.isEqual(
            sign(secret).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The {@code Authorization} header.
     *
     * @param accessKey of the keypair.
     * @param secret    of the keypair.
     */
    public String authorization(final String accessKey, final String secret)
    {
        return SCHEME + " key=" + accessKey + ", nonce=" + nonce + ", signature=" + sign(secret);
    }

    /** Whether an {@code Authorization} header is of this scheme. */
    public static boolean isSigned(final String authorization)
    {
        return authorization.length() > SCHEME.length() &&
            authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) &&
            ' ' == authorization.charAt(SCHEME.length());
    }

    /**
     * What an {@code Authorization} header of this scheme says.
     *
     * @param accessKey who signed.
     * @param nonce     of the request.
     * @param signature that came with it.
     */
    public record Claim(String accessKey, String nonce, String signature)
    {
        /**
         * Reads a header.
         *
         * @param authorization its value.
         * @return what it says.
         * @throws IllegalArgumentException that says what would be right, and nothing of what came.
         */
        public static Claim parse(final String authorization)
        {
            final Map<String, String> parts = new LinkedHashMap<>();
            for (final String part : authorization.substring(SCHEME.length()).split(",", PARTS.size() + 1))
            {
                final int equals = part.indexOf('=');
                final String name = equals < 0 ? "" : part.substring(0, equals).strip();
                if (!PARTS.contains(name) || null != parts.put(name, part.substring(equals + 1).strip()))
                {
                    throw wrong();
                }
            }
            final Claim claim = new Claim(parts.get("key"), parts.get("nonce"), parts.get("signature"));
            if (PARTS.size() != parts.size() || claim.accessKey.isEmpty() || !isNonce(claim.nonce))
            {
                throw wrong();
            }
            return claim;
        }

        private static IllegalArgumentException wrong()
        {
            return new IllegalArgumentException(
                "right is " + SCHEME + " key=ACCESS-KEY, nonce=16 to 64 letters and digits, signature=64 hex digits");
        }
    }
}
