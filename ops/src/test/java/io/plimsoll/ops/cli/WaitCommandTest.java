package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers what a test has laid down. */
class WaitCommandTest extends CommandTester
{
    private static final String FAILURE =
        "{\"id\": 7, \"state\": \"TERMINATED\", \"result\": \"failure\", \"reason\": \"failed\", \"exitCode\": 3}";

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final Deque<String> replies = new ArrayDeque<>();
    private AnsweringServer server;

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
        asked.add(request.path() + " " + ids(request.body()));
        return replies.poll();
    }

    private static JsonValue ids(final String body)
    {
        try
        {
            return JsonValue.parse(body.getBytes(StandardCharsets.UTF_8)).field("ids");
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private int await(final String... arguments)
    {
        final List<String> all = new ArrayList<>(List.of("wait", "--url", server.url()));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    private static String reply(final int failed, final String failures, final String waiting, final String unknown)
    {
        return "{\"ended\": 9, \"succeeded\": 0, \"failed\": " + failed + ", \"failures\": [" + failures +
            "], \"waiting\": [" + waiting + "], \"unknown\": [" + unknown + "], \"more\": false, \"sequence\": 1}";
    }

    @Test
    void shouldAskAgainForThoseThatAreLeftAndCountFailuresOnce()
    {
        replies.add(reply(2, FAILURE, "\"5\",\"8-900\"", ""));
        replies.add(reply(0, "", "", ""));
        assertEquals(ExitCode.FAILED, await("1-1000"));
        assertEquals(
            List.of("/v1/sessions/wait [\"1-1000\"]", "/v1/sessions/wait [\"5\",\"8-900\"]"), asked);
        assertEquals("""
            plimsoll: session 7 ended TERMINATED (failed: 3)
            plimsoll: 1 more did not succeed either
            """, err());
    }

    @Test
    void shouldLookForForgottenOnesInHistory()
    {
        replies.add(reply(0, "", "", "\"3-4\""));
        replies.add(FAILURE.replace("7", "3"));
        replies.add(FAILURE.replace("7", "4").replace("failure", "success"));
        assertEquals(ExitCode.FAILED, await("1-9"));
        assertEquals("/v1/sessions/3/wait ", asked.get(1).replace("null", ""));
        assertEquals("/v1/sessions/4/wait ", asked.get(2).replace("null", ""));
    }

    @Test
    void shouldSayWhichAreLeftWhenTheTimeIsOver()
    {
        replies.add(reply(0, "", "\"5\",\"8-900\"", ""));
        assertEquals(ExitCode.WAIT_TIMEOUT, await("--timeout", "0s", "1-1000"));
        assertTrue(err().contains("sessions 5,8-900 had not ended after 0s; they go on"), err());
    }

    @Test
    void shouldAskInPartsThatTheApiTakes()
    {
        for (int i = 0; i < 3; i++)
        {
            replies.add(reply(0, "", "", ""));
        }
        assertEquals(ExitCode.OK, await("1-250000"), err());
        assertEquals("/v1/sessions/wait [\"100001-200000\"]", asked.get(1));
        assertEquals("/v1/sessions/wait [\"200001-250000\"]", asked.get(2));
    }

    @Test
    void shouldWantIdsOrConditions()
    {
        assertEquals(ExitCode.USAGE, await());
        assertEquals(ExitCode.USAGE, await("5", "--state", "RUNNING"));
        assertTrue(err().contains("either ids, or conditions"), err());
        assertTrue(asked.isEmpty());
    }
}
