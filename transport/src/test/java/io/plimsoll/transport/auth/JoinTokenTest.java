package io.plimsoll.transport.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinTokenTest
{
    private static final String SHA = "0123456789abcdef".repeat(4);

    @Test
    void shouldReadAgainWhatItWrote()
    {
        final JoinToken token = JoinToken.create(SHA, new SecureRandom());
        assertEquals(token, JoinToken.parse(" " + token.format() + "\n"));
        assertEquals(token.id() + "." + token.secret(), token.secretPart());
        assertFalse(token.toString().contains(token.secret()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|a join token looks like id.secret.sha256, three parts with dots between them; this has 1",
        "abcdefgh.abcdefghijklmnop|" +
            "a join token looks like id.secret.sha256, three parts with dots between them; this has 2",
        "abc.abcdefghijklmnop.x|a join token looks like id.secret.sha256, and id has 8 to 32 characters; this has 3",
        "abcdefgh.abc.x|a join token looks like id.secret.sha256, and secret has 16 to 128 characters; this has 3",
        "abcdef h.abcdefghijklmnop.x|" +
            "a join token looks like id.secret.sha256, and id consists of letters, digits, _ and -",
        "abcdefgh.abcdefghijklmnop.x|" +
            "a join token looks like id.secret.sha256, and sha256 has 64 hexadecimal digits; this has 1 characters"})
    void shouldSayWhatIsWrong(final String text, final String message)
    {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> JoinToken.parse(text)).getMessage());
    }

    @Test
    void shouldMatchOnlyTheSecretThatWasHashed()
    {
        final String secret = Credentials.newSecret(new SecureRandom());
        assertEquals(43, secret.length());
        assertEquals(true, Credentials.matches(secret, Credentials.hash(secret)));
        assertEquals(false, Credentials.matches(secret + "x", Credentials.hash(secret)));
        assertEquals(false, Credentials.matches("", Credentials.hash(secret)));
        assertEquals(false, Credentials.matches(secret, ""));
    }
}
