package io.plimsoll.manager.callback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that a callback comes from this manager: HMAC-SHA256, under the secret key of the keypair that the session was
 * submitted with, of the time, the id and the body. Any thread.
 */
public final class CallbackSigner
{
    /** Name of a callback, the same each time that it is sent. */
    public static final String ID = "Plimsoll-Event-Id";
    /** When it was sent, in seconds since 1970. */
    public static final String TIMESTAMP = "Plimsoll-Timestamp";
    /** The signature, after the name of the key. */
    public static final String SIGNATURE = "Plimsoll-Signature";

    private static final String ALGORITHM = "HmacSHA256";

    private final IntFunction<Key> keys;

    /**
     * With these keys.
     *
     * @param keys by the account that a session counts for; never null.
     */
    public CallbackSigner(final IntFunction<Key> keys)
    {
        this.keys = keys;
    }

    Map<String, String> headers(final CallbackDelivery delivery, final long epochSeconds)
    {
        final Key key = keys.apply(delivery.ownerId);
        final Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put(ID, delivery.id);
        headers.put(TIMESTAMP, Long.toString(epochSeconds));
        headers.put(SIGNATURE, "key=" + key.name() + ", v1=" + sign(key.secret(), epochSeconds, delivery.id,
            delivery.body));
        return headers;
    }

    /**
     * What a receiver computes as well.
     *
     * @param secret       characters of the key.
     * @param epochSeconds as in the header.
     * @param id           as in the header.
     * @param body         as it came.
     * @return lower-case hex.
     */
    public static String sign(final String secret, final long epochSeconds, final String id, final byte[] body)
    {
        try
        {
            final Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((epochSeconds + "." + id + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("every JDK has " + ALGORITHM, ex);
        }
    }

    /**
     * What is signed with.
     *
     * @param name   of it, which is no secret.
     * @param secret of it.
     */
    public record Key(String name, String secret)
    {
    }
}
