package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLinesTest implements Engine.LogSink
{
    private static final String FIRST = "2026-11-23T06:18:15.649526086Z ";
    private static final String SECOND = "2026-11-23T06:18:16.000000001Z ";
    private static final String PART = "x".repeat(16 * 1024);

    private final List<String> entries = new ArrayList<>();

    private void read(final String text) throws IOException
    {
        new LogLines(this).read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Override
    public void onEntry(final boolean stderr, final byte[] entry)
    {
        entries.add(stderr + ":" + new String(entry, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void onEnd(final Throwable failure)
    {
        throw new AssertionError("not its business", failure);
    }

    @Test
    void shouldTellLinesAndWhatIsBehindTheLastOne() throws IOException
    {
        read(FIRST + "one\r\n" + SECOND + "\n" + SECOND + "rest");
        assertEquals(
            List.of("false:" + FIRST + "one\r\n", "false:" + SECOND + "\n", "false:" + SECOND + "rest"), entries);
    }

    @Test
    void shouldTellPartsOfLongLines() throws IOException
    {
        read(FIRST + PART + FIRST + PART + FIRST + "\n" + SECOND + "next\n");
        assertEquals(
            List.of("false:" + FIRST + PART, "false:" + FIRST + PART, "false:" + FIRST + "\n",
                "false:" + SECOND + "next\n"),
            entries);
    }

    @Test
    void shouldTakeTimesInTheTextForText() throws IOException
    {
        read(FIRST + SECOND + "a\n" + FIRST + "b " + SECOND + "\n");
        assertEquals(
            List.of("false:" + FIRST + SECOND + "a\n", "false:" + FIRST + "b " + SECOND + "\n"), entries);
    }

    @Test
    void shouldGoOnWithAPartThatIsLongerThanAny() throws IOException
    {
        read(FIRST + PART + "y".repeat(40) + "\n");
        assertEquals(List.of("false:" + FIRST + PART, "false:" + FIRST + "y".repeat(40) + "\n"), entries);
        assertThrows(IOException.class, () -> read("no time at all, but more than enough of it\n"));
    }
}
