package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.database.DatabaseOptions;
import io.plimsoll.manager.database.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What was, by way of the API of a whole manager. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HistoryApiTest
{
    private Path directory;
    private SharedManager api;
    private String ana;
    private String monitor;

    @BeforeAll
    void launch(@TempDir final Path place) throws IOException
    {
        directory = place;
        // Of what has ended, memory keeps next to nothing.
        api = new SharedManager(
            directory.resolve("data"),
            TestPostgres.emptyDatabase(),
            context -> context.coreOptions(context.coreOptions().withForgetting(3_600_000_000_000L, 2)));
        api.make("domain", "{\"name\": \"research\"}");
        ana = api.user("ana", ", \"domain\": \"research\"");
        monitor = api.user("watcher", ", \"domain\": \"research\", \"role\": \"monitor\"");
    }

    @AfterAll
    void close()
    {
        api.close();
    }

    @Test
    void shouldSayWhatIsWrongWithAQuestionOfUsage() throws IOException
    {
        for (final String[] wrong : new String[][]{
            {"from=yesterday", "from: given \"yesterday\"; right is a day of UTC such as 2026-11-22"},
            {"to=2026-13-01", "to: given"},
            {"from=2026-11-22&to=2026-11-21", "from: 2026-11-22 is after to=2026-11-21"},
            {"from=9000-01-01", "is after today"},
            {"from=1990-01-01", "more than 3660 days"},
            {"by=colour", "by: given \"colour\"; right is a list of day, domain, project, user, slot"},
            {"by=user,user", "each of them once"},
            {"by=", "by: given"}})
        {
            final JsonNode problem =
                api.problem(400, "bad-parameter", ana, "GET", "/v1/usage/history?" + wrong[0], null);
            assertTrue(problem.path("detail").asText().contains(wrong[1]), problem.toString());
            assertEquals(wrong[0].substring(0, wrong[0].indexOf('=')), problem.path("field").asText());
        }
        final JsonNode report =
            api.call(200, ana, "GET", "/v1/usage/history?from=2026-01-01&to=2026-01-31&by=day,slot", null);
        assertEquals(0, report.path("rows").size());
        assertEquals("[\"day\",\"slot\"]", report.path("by").toString());
    }

    @Test
    void shouldTellHowFarItIsAndBeMadeAnewBySuperadminsOnly() throws IOException
    {
        api.problem(403, "not-allowed", ana, "GET", "/v1/history", null);
        api.problem(403, "not-allowed", ana, "POST", "/v1/history/rebuild", "{}");
        api.problem(403, "not-allowed", monitor, "POST", "/v1/history/rebuild", "{}");
        api.problem(400, "unknown-field", api.administrator, "POST", "/v1/history/rebuild", "{\"acceptLos\": true}");
        api.problem(
            400, "wrong-type", api.administrator, "POST", "/v1/history/rebuild", "{\"acceptLoss\": \"yes\"}");
        api.call(202, api.administrator, "POST", "/v1/history/rebuild", "{\"acceptLoss\": false}");
        Await.until("history", () -> 0 == status().path("behind").asLong());
        assertEquals("up", status().path("database").asText());
        assertTrue(status().path("trouble").isNull());
        final String metrics = api.send(api.administrator, "GET", "/metrics", null).body();
        assertTrue(metrics.contains("plimsoll_history_lag_records "), metrics);
        assertTrue(metrics.contains("plimsoll_history_errors_total 0"), metrics);
    }

    private JsonNode status()
    {
        return get(monitor, "/v1/history");
    }

    private JsonNode get(final String token, final String target)
    {
        try
        {
            return api.call(200, token, "GET", target, null);
        }
        catch (final IOException ex)
        {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    @Test
    void shouldListWhatMemoryHasForgottenToWhomItBelongs() throws IOException
    {
        final String bo = api.user("bo", ", \"domain\": \"research\"");
        final List<Long> ofAna = new ArrayList<>();
        final List<Long> ofBo = new ArrayList<>();
        for (int i = 0; i < 12; i++)
        {
            final String session = "{\"command\": [\"true\"], \"name\": \"s\", \"priority\": " + i % 3 + "}";
            ofAna.add(api.submit(ana, session));
            ofBo.add(api.submit(bo, session));
        }
        // The first one waits on, so that ids of what is known and what is forgotten are mixed.
        final String ids = ofAna.subList(1, 12) + "";
        assertEquals(11, api.call(200, ana, "POST", "/v1/sessions/cancel", "{\"ids\": " + ids + "}")
            .path("cancelled").asInt());
        api.call(200, bo, "POST", "/v1/sessions/cancel", "{\"ids\": " + ofBo + "}");
        Await.until("history", () -> 0 == status().path("behind").asLong());
        Await.until("forgotten", () -> pages(ana, "all=true").size() < 12);

        assertEquals(ofAna, pages(ana, "all=true&history=true&limit=5"));
        final List<Long> down = new ArrayList<>(ofAna);
        Collections.reverse(down);
        assertEquals(down, pages(ana, "all=true&history=true&limit=5&sort=-id"));
        final List<Long> byPriority = new ArrayList<>(ofAna);
        byPriority.sort(Comparator.comparingInt(id -> -(ofAna.indexOf(id) % 3)));
        assertEquals(byPriority, pages(ana, "all=true&history=true&limit=5&sort=-priority"));
        assertEquals(ofBo, pages(bo, "all=true&history=true&limit=1000"));
        assertEquals(ofAna.subList(1, 12), pages(ana, "state=CANCELLED&history=true&limit=3"));
        assertEquals(ofAna.subList(0, 1), pages(ana, "history=true"));
        assertEquals(List.of(), pages(ana, "state=TERMINATED&history=true"));
        final List<Long> all = pages(api.administrator, "all=true&history=true&limit=7");
        assertTrue(all.containsAll(ofAna) && all.containsAll(ofBo));
        assertEquals(all.stream().sorted().distinct().toList(), all);

        final long gone = ofAna.get(1);
        final JsonNode shown = api.call(200, ana, "GET", "/v1/sessions/" + gone, null);
        assertEquals("CANCELLED", shown.path("state").asText());
        assertEquals("[\"true\"]", shown.path("command").toString());
        assertEquals(shown, api.call(200, ana, "GET", "/v1/sessions/" + gone + "/wait", null));
        final JsonNode steps = api.call(200, ana, "GET", "/v1/sessions/" + gone + "/history", null).path("steps");
        assertEquals(2, steps.size());
        for (final String rest : new String[]{"", "/history", "/wait"})
        {
            api.problem(404, "unknown-session", bo, "GET", "/v1/sessions/" + gone + rest, null);
            api.problem(404, "unknown-session", ana, "GET", "/v1/sessions/999999" + rest, null);
        }
    }

    /** Ids of all pages. */
    private List<Long> pages(final String token, final String query)
    {
        final List<Long> ids = new ArrayList<>();
        String cursor = "";
        do
        {
            final JsonNode page = get(token, "/v1/sessions?" + query + cursor);
            page.path("sessions").forEach(session -> ids.add(session.path("id").asLong()));
            cursor = page.path("nextCursor").isNull() ? "" : "&cursor=" + page.path("nextCursor").asText();
        }
        while (!cursor.isEmpty());
        return ids;
    }

    @Test
    void shouldSayThatThereIsNoneWithoutADatabase() throws IOException
    {
        try (SharedManager none = new SharedManager(directory.resolve("none"), DatabaseOptions.NONE))
        {
            none.problem(503, "history-off", none.administrator, "GET", "/v1/usage/history", null);
            none.problem(503, "history-off", none.administrator, "POST", "/v1/history/rebuild", "{}");
            final JsonNode status = none.call(200, none.administrator, "GET", "/v1/history", null);
            assertEquals("off", status.path("database").asText());
        }
    }
}
