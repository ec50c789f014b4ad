package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineEndsTest
{
    private static final String PART = "x".repeat(16 * 1024);

    private LineEnds ends = new LineEnds();

    private boolean isLostBefore(final int file, final String entry)
    {
        final boolean isLost = ends.isLostBefore(file, ("TIME " + entry).getBytes(StandardCharsets.US_ASCII), 5);
        // Each time by another that goes on.
        final LineEnds next = new LineEnds();
        next.restore(ends.toString());
        ends = next;
        return isLost;
    }

    @Test
    void shouldFindLineFeedBehindLastPartThatHasNone()
    {
        assertFalse(isLostBefore(0, PART));
        assertFalse(isLostBefore(0, PART));
        assertFalse(isLostBefore(0, "rest"));
        assertFalse(isLostBefore(1, "another\n"));
        assertTrue(isLostBefore(0, PART));
        assertFalse(isLostBefore(0, ""));
        assertTrue(isLostBefore(0, "next\n"));
        assertFalse(isLostBefore(0, "next\n"));
    }

    @Test
    void shouldLeaveAloneWhatHasItsLineFeed()
    {
        assertFalse(isLostBefore(0, PART));
        assertFalse(isLostBefore(0, "rest\n"));
        assertFalse(isLostBefore(0, PART + "\n"));
        assertFalse(isLostBefore(0, "no end"));
        assertFalse(isLostBefore(0, "next\n"));
        assertEquals("--", ends.toString());
        ends.restore("");
        assertEquals("--", ends.toString());
    }
}
