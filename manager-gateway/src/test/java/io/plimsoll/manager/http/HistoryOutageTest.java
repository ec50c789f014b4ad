package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.database.Database;
import io.plimsoll.manager.database.DatabaseOptions;
import io.plimsoll.manager.database.TestPostgres;
import io.plimsoll.manager.history.HistoryRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager under load, whose own PostgreSQL is killed for as long as {@code plimsoll.history.outage-seconds} says. */
class HistoryOutageTest
{
    private static final long OUTAGE_NS = TimeUnit.SECONDS.toNanos(Long.getLong("plimsoll.history.outage-seconds", 1));
    private static final long REFUSAL_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int ROUNDS = 8;
    private static final int CANCELLED_A_ROUND = 3;
    /** Rounds of the load for each time that the database is killed, however long the outage is. */
    private static final int ROUNDS_A_KILL = 1;

    @TempDir
    Path directory;

    private final AtomicLong rounds = new AtomicLong();
    private final Semaphore allowed = new Semaphore(0);
    private final AtomicBoolean isOver = new AtomicBoolean();

    @Test
    void shouldLoseNothingAndHoldUpNobodyWhileThereIsNoDatabase() throws IOException
    {
        final Path data = directory.resolve("data");
        try (SharedManager api = new SharedManager(data, DatabaseOptions.OWN.withBinaries(TestPostgres.PROGRAMS)))
        {
            api.make("domain", "{\"name\": \"research\"}");
            final String ana = api.user("ana", ", \"domain\": \"research\"");
            final CompletableFuture<Void> load = CompletableFuture.runAsync(() -> load(api, ana));
            awaitRounds(load, ROUNDS);
            final long startNs = System.nanoTime();
            boolean wasRefused = false;
            while (System.nanoTime() - startNs < OUTAGE_NS || !wasRefused)
            {
                assertTrue(System.nanoTime() - startNs < OUTAGE_NS + REFUSAL_TIMEOUT_NS, "nothing was refused");
                TestPostgres.kill(data);
                allowed.release(ROUNDS_A_KILL);
                wasRefused |= isRefused(api, ana);
            }
            awaitRounds(load, ROUNDS);
            isOver.set(true);
            allowed.release();
            load.join();
            final String rows = caughtUp(api, data);
            api.call(202, api.administrator, "POST", "/v1/history/rebuild", "{\"acceptLoss\": false}");
            assertEquals(rows, caughtUp(api, data));
        }
    }

    /** Submits, changes, cancels, lists and shows; whatever is not answered as it should be ends it. */
    private void load(final SharedManager api, final String token)
    {
        try
        {
            for (allowed.acquireUninterruptibly(); !isOver.get(); allowed.acquireUninterruptibly())
            {
                final JsonNode array = api.call(201, token, "POST", "/v1/sessions",
                    "{\"command\": [\"true\"], \"count\": 3, \"name\": \"round " + rounds.get() + "\"}");
                final long first = array.path("firstId").asLong();
                api.call(200, token, "PATCH", "/v1/sessions/" + (first + 1), "{\"name\": \"updated\"}");
                final long single = api.submit(token, SharedManager.TRUE);
                api.call(200, token, "GET", "/v1/sessions/" + single, null);
                api.call(200, token, "POST", "/v1/sessions/cancel",
                    "{\"ids\": [" + single + ", \"" + first + "-" + (first + 1) + "\"]}");
                api.call(200, token, "GET", "/v1/sessions?all=true&limit=20&sort=-id", null);
                api.call(200, token, "GET", "/v1/cluster", null);
                rounds.incrementAndGet();
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void awaitRounds(final CompletableFuture<Void> load, final int count)
    {
        final long wanted = rounds.get() + count;
        allowed.release(count);
        Await.until("requests that need no database", () ->
        {
            assertFalse(load.isDone(), () -> String.valueOf(load.handle((nothing, error) -> error).join()));
            return rounds.get() >= wanted;
        });
    }

    private static boolean isRefused(final SharedManager api, final String token) throws IOException
    {
        final HttpResponse<String> usage = api.send(token, "GET", "/v1/usage/history", null);
        if (503 == usage.statusCode())
        {
            assertTrue(usage.body().contains("database-unavailable"), usage.body());
            assertTrue(usage.headers().firstValue("Retry-After").isPresent());
        }
        return 503 == usage.statusCode();
    }

    private String caughtUp(final SharedManager api, final Path data)
    {
        Await.until("history", () ->
        {
            try
            {
                final JsonNode status = api.call(200, api.administrator, "GET", "/v1/history", null);
                return "up".equals(status.path("database").asText()) && 0 == status.path("behind").asLong();
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        });
        try (Database database = new Database(
            TestPostgres.ofManager(data), data.resolve("none"), new SecureRandom()))
        {
            assertEquals(
                List.of(CANCELLED_A_ROUND * rounds.get() + " CANCELLED, " + rounds.get() + " updated"),
                HistoryRows.query(database, "select count(*) filter (where state = 'CANCELLED') || ' CANCELLED, ' || " +
                    "count(*) filter (where name = 'updated') || ' updated' from history_sessions"));
            return HistoryRows.digest(database);
        }
    }
}
