package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextTableTest
{
    @Test
    void shouldAlignColumnsAndMarkEmptyCells()
    {
        final TextTable table = new TextTable(">ID", "NAME", "STATE");
        table.row("7", "train", "RUNNING");
        table.row("1234", "", null);
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        final String expected =
            "  ID  NAME   STATE" + System.lineSeparator() +
            "   7  train  RUNNING" + System.lineSeparator() +
            "1234  -      -" + System.lineSeparator();
        assertEquals(expected, out.toString(StandardCharsets.UTF_8));
    }
}
