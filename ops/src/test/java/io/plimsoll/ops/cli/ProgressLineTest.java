package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.core.RecordFlyweight;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ProgressLineTest
{
    private static final int LENGTH = 10_240;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
    private long nowNs;
    private long seen;

    /** Reads records, a thousandth of a second each. */
    private void read(final ProgressLine line, final long from, final long to)
    {
        final RecordFlyweight record = new RecordFlyweight();
        for (long sequence = from; sequence <= to; sequence++)
        {
            nowNs += 1_000_000;
            RecordFlyweight.putHeader(buffer, 0, sequence, 0, 0, 0);
            line.onRecord(record.wrap(buffer, 0));
        }
    }

    private String said()
    {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldSayHowFarItIsAndHowLongItTakesAndThenNothing()
    {
        try (ProgressLine line = new ProgressLine(record -> seen++, out, () -> nowNs, 1_001, 1_000 + LENGTH))
        {
            read(line, 1_001, 1_900);
            assertEquals("", said(), "not for what is over at once");
            read(line, 1_901, 2_100);
            assertEquals("\r 10 %  1,024 of 10,240 commands, 1,000 a second, 10s left", said());
            read(line, 2_101, 1_000 + LENGTH);
        }
        assertEquals(LENGTH, seen);
        final String[] lines = said().split("\r");
        assertEquals("100 %  10,240 of 10,240 commands, 1,000 a second, 0ms left", lines[10].strip());
        assertEquals("", lines[11].strip());
        assertEquals('\r', said().charAt(said().length() - 1));
    }

    @Test
    void shouldGoOnBehindTheLastThatWasKnown()
    {
        try (ProgressLine line = new ProgressLine(record -> seen++, out, () -> nowNs, 1, 1_000))
        {
            read(line, 1, 1_024);
        }
        assertEquals("100 %  1,024 of 1,024 commands, 1,000 a second, 0ms left", said().split("\r")[1]);
    }

    @Test
    void shouldSayNothingOfAnEmptyJournal()
    {
        try (ProgressLine line = new ProgressLine(record -> seen++, out, () -> nowNs, 1, 0))
        {
            read(line, 1, 4_096);
        }
        assertEquals("", said());
    }
}
