package io.plimsoll.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class HostDocumentTest
{
    @Test
    void shouldComeBackAsItWas()
    {
        final String text =
            "{\"numa\": [" + "{\"id\": 0, \"cpus\": \"0-15\", \"note\": \"Grüße\"},".repeat(5_000) + "]}";
        final byte[] deflated = HostDocument.deflate(text);
        assertTrue(deflated.length < text.length() / 10);
        assertEquals(text, HostDocument.inflate(deflated));
        assertEquals("", HostDocument.inflate(HostDocument.deflate("")));
    }

    @Test
    void shouldRefuseGarbage()
    {
        final Random random = new Random(3);
        final byte[] noise = new byte[10_000];
        random.nextBytes(noise);
        assertNull(HostDocument.inflate(noise));
        assertNull(HostDocument.inflate(new byte[0]));
        final byte[] whole = HostDocument.deflate("{\"numa\": []}");
        assertNull(HostDocument.inflate(Arrays.copyOf(whole, whole.length - 5)));
        assertNotNull(HostDocument.inflate(whole));
    }

    @Test
    void shouldNotGrowBeyondItsBound() throws IOException
    {
        final ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bomb))
        {
            final byte[] zeroes = new byte[1 << 20];
            for (int i = 0; i < 64; i++)
            {
                out.write(zeroes);
            }
        }
        assertTrue(bomb.size() < HostDocument.DEFLATED_MAX);
        assertNull(HostDocument.inflate(bomb.toByteArray()));
        assertNull(HostDocument.deflate("x".repeat(HostDocument.LENGTH_MAX + 1)));
    }
}
