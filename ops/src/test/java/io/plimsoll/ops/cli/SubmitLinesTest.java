package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that accepts every line but those that say so. */
class SubmitLinesTest extends CommandTester
{
    private static final String TRUE = "{\"command\": [\"true\"]}";
    private static final String BAD = "bad";

    private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
    private AnsweringServer server;
    private long nextId = 1;

    @BeforeEach
    void serve() throws IOException
    {
        server = new AnsweringServer("/v1/sessions", this::answer);
    }

    @AfterEach
    void stop()
    {
        server.close();
    }

    private String answer(final AnsweringServer.Request request)
    {
        keys.add(String.valueOf(request.headers().getFirst("Idempotency-Key")));
        assertEquals("application/x-ndjson", request.headers().getFirst("Content-Type"));
        final StringBuilder answer = new StringBuilder();
        int number = 0;
        for (final String line : request.body().split("\n"))
        {
            number++;
            answer.append("{\"line\":").append(number).append(BAD.equals(line) ?
                ",\"error\":{\"status\":422,\"code\":\"unsatisfiable\",\"detail\":\"too large\"}}\n" :
                ",\"id\":" + nextId++ + "}\n");
        }
        return answer.append("{\"accepted\":1,\"refused\":0}\n").toString();
    }

    private int submit(final String... more)
    {
        final List<String> arguments = new ArrayList<>(List.of(
            "submit", "--url", server.url(), "-f", "lines", "--ndjson"));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void shouldPrintIdsAndSayWhichLineIsWrong() throws IOException
    {
        write("lines", TRUE, BAD, TRUE);
        assertEquals(ExitCode.REJECTED, submit());
        assertEquals("1\n2\n", out());
        assertEquals("lines: line 2: too large\n", err());
    }

    @Test
    void shouldSendLongFilesInPartsWithKeysOfTheirOwn() throws IOException
    {
        final List<String> lines = new ArrayList<>(Collections.nCopies(NdjsonFile.LINES_MAX + 5, TRUE));
        lines.set(NdjsonFile.LINES_MAX + 1, BAD);
        write("lines", lines.toArray(String[]::new));
        assertEquals(ExitCode.REJECTED, submit("--key", "nightly", "-o", "json"));
        assertEquals(List.of("nightly/0", "nightly/" + NdjsonFile.LINES_MAX), keys);
        assertTrue(err().startsWith("lines: line " + (NdjsonFile.LINES_MAX + 2) + ":"), err());
        assertTrue(
            out().endsWith("{\"line\":" + (NdjsonFile.LINES_MAX + 5) + ",\"id\":" + (NdjsonFile.LINES_MAX + 4) + "}\n"),
            "numbers go on");
    }

    @Test
    void shouldSayWhatGoesWithWhat()
    {
        assertEquals(ExitCode.USAGE, run("submit", "--ndjson", "--", "true"));
        assertEquals(ExitCode.USAGE, run("submit", "-f", "lines", "--key", "k"));
        assertEquals(ExitCode.USAGE, submit());
        assertEquals(ExitCode.USAGE, submit("--project", "vision"));
        assertTrue(err().contains("leave out --project"), err());
        assertEquals(ExitCode.USAGE, run("submit", "-f", "lines", "--cpu", "2"));
        assertEquals(ExitCode.USAGE, run("submit", "-f", "lines", "--image", "lab"));
    }
}
