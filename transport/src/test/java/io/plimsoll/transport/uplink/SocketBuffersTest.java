package io.plimsoll.transport.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SocketBuffersTest
{
    private static final String LIMIT = "rmem_max";
    /** No kernel allows less. */
    private static final int LEAST = 1024;

    @Test
    void shouldReadAllDigitsOfALimit()
    {
        assumeTrue(Files.exists(Path.of("/proc/sys/net/core", LIMIT)), "Linux tells what a socket may have");
        final int allowed = SocketBuffers.allowed(LIMIT, 1, Integer.MAX_VALUE);
        assertTrue(allowed >= LEAST, "allowed=" + allowed);
        assertEquals(LEAST, SocketBuffers.allowed(LIMIT, 1, LEAST));
    }

    @Test
    void shouldTakeTheLeastWhereNoLimitIsTold()
    {
        assertEquals(7, SocketBuffers.allowed("of-another-system", 7, 9));
    }
}
