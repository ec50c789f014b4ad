package io.plimsoll.transport.http;

import io.plimsoll.transport.auth.RequestSignature;
import java.security.SecureRandom;
import java.util.Map;

/** What a client proves itself with. Any thread; its text never has a secret. */
public interface ApiCredential
{
    /**
     * Headers that say who sends a request; others for each call.
     *
     * @param method of the request.
     * @param target path and query, as on the request line.
     * @param host   as in the {@code Host} header.
     * @param body   empty for none.
     */
    Map<String, String> headers(String method, String target, String host, byte[] body);

    /**
     * A token that is sent along.
     *
     * @param token null: none.
     * @return null for none.
     */
    static ApiCredential bearer(final String token)
    {
        return null == token ? null : new Bearer(token);
    }

    /**
     * A keypair that signs, so that its secret never travels.
     *
     * @param accessKey names it.
     * @param secret    only this side and the manager know it.
     */
    static ApiCredential keypair(final String accessKey, final String secret)
    {
        return new Keypair(accessKey, secret, new SecureRandom());
    }

    /** See {@link #bearer}. */
    record Bearer(String token) implements ApiCredential
    {
        @Override
        public Map<String, String> headers(
            final String method, final String target, final String host, final byte[] body)
        {
            return Map.of("Authorization", "Bearer " + token);
        }

        @Override
        public String toString()
        {
            return "token";
        }
    }

    /** See {@link #keypair}. */
    record Keypair(String accessKey, String secret, SecureRandom random) implements ApiCredential
    {
        @Override
        public Map<String, String> headers(
            final String method, final String target, final String host, final byte[] body)
        {
            final RequestSignature signature = new RequestSignature(
                method, target, RequestSignature.date(System.currentTimeMillis()), host,
                RequestSignature.nonce(random), RequestSignature.hash(body));
            return Map.of(
                "Date", signature.date(),
                RequestSignature.CONTENT_SHA256, signature.contentSha256(),
                "Authorization", signature.authorization(accessKey, secret));
        }

        @Override
        public String toString()
        {
            return "keypair " + accessKey;
        }
    }
}
