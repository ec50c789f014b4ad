package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What others have written is shown, and does nothing. */
class PlainTextTest extends CommandTester
{
    @Test
    void shouldWriteOutWhatATerminalWouldObey()
    {
        final String plain = "Züge nach 東京, 3 €";
        assertSame(plain, PlainText.line(plain));
        assertEquals("a\\u001b[2Jb\\u007f\\u009b0m", PlainText.line("a\u001b[2Jb\u007f\u009b0m"));
        assertEquals("one\\ntwo\\tthree\\r", PlainText.line("one\ntwo\tthree\r"));
        assertEquals("one\ntwo\tthree\\r", PlainText.lines("one\ntwo\tthree\r"));
        assertEquals("\\u202egnp.exe", PlainText.line("\u202egnp.exe"));
    }

    /** Another user's name for a session, or a server that is none of ours. */
    @Test
    void shouldNotLetOthersWriteOnThisScreen() throws IOException
    {
        final String sessions = """
            {"sessions": [{"id": 7, "name": "\\u001b]0;mine\\u0007x\\n8  fake", "state": "RUNNING",
             "command": ["sh", "\\u001b[31m"]}], "nextCursor": null, "sequence": 1}""";
        try (AnsweringServer server = new AnsweringServer("/v1/sessions", request -> sessions))
        {
            write("token", "secret");
            assertEquals(ExitCode.OK, run("ps", "--url", server.url(), "--data", "."), err());
            assertEquals(2, out().lines().count(), out());
            assertTrue(out().contains("\\u001b]0;mine\\u0007x\\n8  fake"), out());
            assertFalse(out().contains("\u001b"), out());
        }
    }

    @Test
    void shouldTakeNumbersForNames() throws IOException
    {
        final StringBuilder sent = new StringBuilder();
        try (AnsweringServer server = new AnsweringServer("/v1/users", request ->
        {
            sent.append(request.body());
            return "{}";
        }))
        {
            write("token", "secret");
            assertEquals(ExitCode.OK, run(
                "admin", "user", "create", "7", "domain=2024", "projects=12,13", "defaultProject=12", "description=5",
                "sessionsMax=3", "--url", server.url(), "--data", "."), err());
        }
        assertEquals(
            "{\"name\":\"7\",\"domain\":\"2024\",\"projects\":[\"12\",\"13\"],\"defaultProject\":\"12\"," +
                "\"description\":\"5\",\"sessionsMax\":3}", sent.toString());
    }
}
