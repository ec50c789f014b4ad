package io.plimsoll.transport.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestSignatureTest
{
    private static final String SECRET = "s3cr3t";
    private static final RequestSignature REQUEST = new RequestSignature(
        "POST", "/v1/sessions?x=1", "Mon, 23 Nov 2026 06:33:36 GMT", "Plimsoll.example:7077",
        "0123456789abcdef", RequestSignature.hash("{}".getBytes(StandardCharsets.UTF_8)));

    /** The expected value is what {@code printf ... | openssl dgst -sha256 -hmac s3cr3t} says of the seven lines. */
    @Test
    void shouldSignAsOthersDo()
    {
        assertEquals("705cdb9d2c8f88ca5d58d1f4da8331969d976403a68bd9893b294889f1c5c2da", REQUEST.sign(SECRET));
        assertEquals(
            RequestSignature.hash(new byte[0]),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void shouldKnowASignatureFromAnyOther()
    {
        final String right = REQUEST.sign(SECRET);
        assertTrue(REQUEST.isSignedAs(SECRET, right));
        assertFalse(REQUEST.isSignedAs("s3cr3u", right));
        assertFalse(REQUEST.isSignedAs(SECRET, right.substring(1)));
        assertFalse(REQUEST.isSignedAs(SECRET, right + "0"));
        assertFalse(REQUEST.isSignedAs(SECRET, ""));
        final List<RequestSignature> others = List.of(
            new RequestSignature(
                "PUT", REQUEST.target(), REQUEST.date(), REQUEST.host(), REQUEST.nonce(), REQUEST.contentSha256()),
            new RequestSignature(
                "POST", "/v1/sessions?x=2", REQUEST.date(), REQUEST.host(), REQUEST.nonce(), REQUEST.contentSha256()),
            new RequestSignature(
                "POST", REQUEST.target(), RequestSignature.date(0), REQUEST.host(), REQUEST.nonce(),
                REQUEST.contentSha256()),
            new RequestSignature(
                "POST", REQUEST.target(), REQUEST.date(), "other:7077", REQUEST.nonce(), REQUEST.contentSha256()),
            new RequestSignature(
                "POST", REQUEST.target(), REQUEST.date(), REQUEST.host(), "0123456789abcdeg", REQUEST.contentSha256()),
            new RequestSignature(
                "POST", REQUEST.target(), REQUEST.date(), REQUEST.host(), REQUEST.nonce(),
                RequestSignature.NO_CONTENT));
        final Set<String> all = new HashSet<>(Set.of(right));
        for (final RequestSignature other : others)
        {
            assertFalse(other.isSignedAs(SECRET, right), other.toString());
            all.add(other.sign(SECRET));
        }
        assertEquals(others.size() + 1, all.size());
    }

    @Test
    void shouldReadWhatItWrites()
    {
        final String header = REQUEST.authorization("AK1", SECRET);
        assertTrue(RequestSignature.isSigned(header));
        assertFalse(RequestSignature.isSigned("Bearer " + header));
        assertFalse(RequestSignature.isSigned(RequestSignature.SCHEME));
        final RequestSignature.Claim claim = RequestSignature.Claim.parse(header);
        assertEquals("AK1", claim.accessKey());
        assertEquals(REQUEST.nonce(), claim.nonce());
        assertTrue(REQUEST.isSignedAs(SECRET, claim.signature()));
        assertEquals(1_795_415_616_000L, RequestSignature.epochMs("Mon, 23 Nov 2026 06:33:36 GMT"));
        assertEquals("Thu, 01 Jan 1970 00:00:00 GMT", RequestSignature.date(0));
        final SecureRandom random = new SecureRandom();
        assertTrue(RequestSignature.isNonce(RequestSignature.nonce(random)));
        assertNotEquals(RequestSignature.nonce(random), RequestSignature.nonce(random));
    }

    @Test
    void shouldRefuseWhatIsNoHeader()
    {
        for (final String wrong : List.of(
            " key=AK1", " key=AK1, nonce=0123456789abcdef", " key=, nonce=0123456789abcdef, signature=00",
            " key=AK1, nonce=0123, signature=00", " key=AK1, key=AK2, nonce=0123456789abcdef, signature=00",
            " key=AK1, nonce=0123456789abcdef, signature=00, more=1", " nonsense", " ,,,",
            " key=AK1, nonce=0123456789abcde%, signature=00"))
        {
            final IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> RequestSignature.Claim.parse(RequestSignature.SCHEME + wrong), wrong);
            assertTrue(refused.getMessage().startsWith("right is PLIMSOLL-HMAC-SHA256 key=ACCESS-KEY"));
        }
        for (final String wrong : List.of("", "now", "Mon, 23 Nov 2026 06:33:36", "Tue, 23 Nov 2026 06:33:36 GMT", "0"))
        {
            assertThrows(IllegalArgumentException.class, () -> RequestSignature.epochMs(wrong), wrong);
        }
    }
}
