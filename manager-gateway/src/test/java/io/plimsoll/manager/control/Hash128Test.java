package io.plimsoll.manager.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Hashes are journalled: what they are must never change. */
class Hash128Test
{
    @Test
    void shouldBeTheFirstHalfOfASha256OfLengthAndText() throws Exception
    {
        final SplittableRandom random = new SplittableRandom(5);
        for (int length = 0; length < 300; length++)
        {
            final byte[] text = new byte[length];
            random.nextBytes(text);
            final byte[] hash = MessageDigest.getInstance("SHA-256").digest(
                ByteBuffer.allocate(4 + length).putInt(length).put(text).array());
            final ByteBuffer expected = ByteBuffer.wrap(hash);
            assertEquals(new Hash128(expected.getLong(), expected.getLong()), Hash128.of(text));
        }
    }

    @Test
    void shouldTellWhereOnePartEnds()
    {
        assertNotEquals(Hash128.of(bytes("ab"), bytes("c")), Hash128.of(bytes("a"), bytes("bc")));
    }

    @Test
    void shouldNotRememberWhatItCouldNotFinish()
    {
        final Hash128 expected = Hash128.of(bytes("a"));
        assertThrows(NullPointerException.class, () -> Hash128.of(bytes("b"), null));
        assertEquals(expected, Hash128.of(bytes("a")));
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
