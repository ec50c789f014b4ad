package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What sessions left behind each time they ran: a line with the session and the attempt. No attempt may run twice, and
 * a further one needs a reason: the journal has to tell how the one before it ended.
 */
final class RunMarks
{
    private final Path file;
    private final Map<Long, TreeSet<Integer>> attempts = new TreeMap<>();

    RunMarks(final Path file)
    {
        this.file = file;
    }

    /** A command of a shell that takes a while and leaves a mark at its end. */
    String command(final String seconds)
    {
        return "sleep " + seconds + "; echo $PLIMSOLL_SESSION_ID $PLIMSOLL_ATTEMPT >> " + file;
    }

    /**
     * That every session succeeded, and ran at least once and at most once an attempt.
     *
     * @param sessions all that the manager knows.
     * @param again    how to do it again.
     */
    void assertOnceAnAttempt(final Map<Long, JsonNode> sessions, final String again) throws IOException
    {
        for (final String line : Files.readAllLines(file))
        {
            final String[] words = line.split(" ");
            final boolean isFirst = attempts.computeIfAbsent(Long.parseLong(words[0]), id -> new TreeSet<>())
                .add(Integer.parseInt(words[1]));
            assertTrue(isFirst, "session " + words[0] + " ran twice in attempt " + words[1] + again);
        }
        sessions.forEach((id, session) ->
        {
            assertEquals("TERMINATED", session.path("state").asText(), session + again);
            assertEquals("success", session.path("result").asText(), session + again);
            final TreeSet<Integer> ran = attempts.getOrDefault(id, new TreeSet<>());
            assertTrue(
                !ran.isEmpty() && ran.last() <= session.path("attempt").asInt(), ran + " ran of " + session + again);
        });
        assertEquals(sessions.keySet(), attempts.keySet(), "sessions with a mark" + again);
    }

    /**
     * That the journal says of each session that ran again why the attempt before was over.
     *
     * @param cli   runs commands.
     * @param data  whose manager has stopped.
     * @param again how to do it again.
     * @return how many sessions ran again.
     */
    int assertReasons(final Cli cli, final Path data, final String again)
    {
        int ranAgain = 0;
        for (final Map.Entry<Long, TreeSet<Integer>> each : attempts.entrySet())
        {
            if (each.getValue().size() > 1)
            {
                ranAgain++;
                final String id = each.getKey().toString();
                final JsonNode states = cli.json("replay", data.toString(), "why", id, "-o", "json").path("states");
                for (final int attempt : each.getValue().headSet(each.getValue().last()))
                {
                    assertTrue(
                        isOver(states, attempt), "session " + id + ", attempt " + attempt + ": " + states + again);
                }
                System.out.println("session " + id + " ran again: " + states);
            }
        }
        return ranAgain;
    }

    /** Whether an attempt was put back, with a reason, before the next one was placed. */
    private static boolean isOver(final JsonNode states, final int attempt)
    {
        boolean isBack = false;
        for (final JsonNode state : states)
        {
            isBack |= attempt == state.path("attempt").asInt() && "PENDING".equals(state.path("state").asText()) &&
                !"none".equals(state.path("reason").asText());
            if (attempt + 1 == state.path("attempt").asInt() && "SCHEDULED".equals(state.path("state").asText()))
            {
                return isBack;
            }
        }
        return false;
    }
}
