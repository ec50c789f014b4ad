package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LabelledLinesTest
{
    @Test
    void shouldPassOnWholeLinesOnly() throws IOException
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final PrintStream target = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try (
            OutputStream first = new LabelledLines(target, "0: ");
            OutputStream second = new LabelledLines(target, "1: "))
        {
            first.write("begin".getBytes(StandardCharsets.UTF_8));
            second.write("other\n".getBytes(StandardCharsets.UTF_8));
            first.write(" end\nunfinished".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals("1: other\n0: begin end\n0: unfinished\n", bytes.toString(StandardCharsets.UTF_8));
    }
}
