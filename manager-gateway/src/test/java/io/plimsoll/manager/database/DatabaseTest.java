package io.plimsoll.manager.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Over real servers that come and go. */
class DatabaseTest
{
    @TempDir
    Path directory;

    private Database database(final DatabaseOptions options)
    {
        return new Database(options, directory.resolve("postgres"), new SecureRandom());
    }

    private static CompletableFuture<Long> domains(final Database database)
    {
        return database.inTransaction(connection ->
            Mono.from(connection.createStatement("select count(*) as n from domains").execute())
                .flatMap(result -> Mono.from(result.map((row, meta) -> row.get("n", Long.class)))));
    }

    private static CompletableFuture<Long> insert(final Database database, final String name)
    {
        return database.inTransaction(connection -> Mono.from(
            connection.createStatement("insert into domains (name) values ($1)").bind("$1", name).execute())
            .flatMap(result -> Mono.from(result.getRowsUpdated())));
    }

    private static <T> T await(final CompletableFuture<T> future) throws Exception
    {
        return future.get(120, TimeUnit.SECONDS);
    }

    /** Until it has come up so many times, and says so. */
    private static void awaitUp(final Database database, final Semaphore up) throws Exception
    {
        assertTrue(up.tryAcquire(120, TimeUnit.SECONDS));
        final long startNs = System.nanoTime();
        while (Database.State.UP != database.state())
        {
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(120));
            Thread.onSpinWait();
        }
    }

    private static String codeOf(final CompletableFuture<?> future)
    {
        final ExecutionException thrown = assertThrows(ExecutionException.class, () -> await(future));
        return assertInstanceOf(DatabaseUnavailableException.class, thrown.getCause()).code();
    }

    @Test
    void shouldSayThatThereIsNone()
    {
        try (Database database = database(DatabaseOptions.NONE))
        {
            database.start();
            assertEquals(Database.State.OFF, database.state());
            assertEquals("database-off", codeOf(domains(database)));
        }
    }

    @Test
    void shouldStartItsOwnWhenSomebodyNeedsItAndFromThenOnWithTheManager() throws Exception
    {
        final DatabaseOptions options = DatabaseOptions.OWN.withBinaries(TestPostgres.PROGRAMS);
        try (Database database = database(options))
        {
            database.start();
            assertEquals(Database.State.UNUSED, database.state());
            assertFalse(Files.exists(directory.resolve("postgres")));
            assertEquals(1, await(insert(database, "research")));
            assertEquals(Database.State.UP, database.state());
        }
        try (Database database = database(options))
        {
            final Semaphore up = new Semaphore(0);
            database.onUp(up::release);
            database.start();
            awaitUp(database, up);
            assertEquals(1, await(domains(database)));
        }
    }

    @Test
    void shouldStartItsOwnAnewWhenItHasDied() throws Exception
    {
        try (Database database = database(DatabaseOptions.OWN.withBinaries(TestPostgres.PROGRAMS)))
        {
            await(insert(database, "research"));
            final Semaphore up = new Semaphore(0);
            database.onUp(up::release);
            final PostgresProcesses processes = new PostgresProcesses(directory.resolve("postgres/data"));
            ProcessHandle.of(processes.server()).orElseThrow().destroyForcibly();
            awaitUp(database, up);
            assertEquals(1, await(domains(database)));
        }
    }

    @Test
    void shouldComeBackWithTheDatabase() throws Exception
    {
        try (TestPostgres server = TestPostgres.launch(directory.resolve("given"));
            Database database = database(server.newDatabase()))
        {
            final Semaphore up = new Semaphore(0);
            database.onUp(up::release);
            database.start();
            await(insert(database, "research"));
            assertTrue(up.tryAcquire());
            server.stop();
            assertEquals("database-unavailable", codeOf(domains(database)));
            server.start();
            awaitUp(database, up);
            assertEquals(1, await(domains(database)));
        }
    }

    @Test
    void shouldGiveBackEveryConnection() throws Exception
    {
        try (Database database = database(TestPostgres.emptyDatabase()))
        {
            database.start();
            for (int i = 0; i < 50; i++)
            {
                assertEquals(0, await(domains(database)));
                assertThrows(ExecutionException.class, () -> await(database.inTransaction(connection ->
                    Mono.error(new IllegalStateException("on purpose")))));
            }
        }
    }

    @Test
    void shouldUndoWhatFailed() throws Exception
    {
        try (Database database = database(TestPostgres.emptyDatabase()))
        {
            database.start();
            await(insert(database, "research"));
            assertThrows(ExecutionException.class, () -> await(insert(database, "research")));
            assertThrows(ExecutionException.class, () -> await(database.inTransaction(connection ->
                Mono.from(connection.createStatement("insert into domains (name) values ('lost')").execute())
                    .flatMap(result -> Mono.from(result.getRowsUpdated()))
                    .flatMap(count -> Mono.error(new IllegalStateException("on purpose"))))));
            assertEquals(1, await(domains(database)));
            assertEquals(Database.State.UP, database.state());
        }
    }

    @Test
    void shouldNameWhatIsWrongWithAnAddressButNotThePassword()
    {
        for (final String[] wrong : new String[][]{
            {"postgresql://host/db", "database.url"},
            {"r2dbc:postgresql://u:secret@host", "names no database"},
            {"r2dbc:postgresql://host/db", "database.user"},
            {"r2dbc:postgresql://u:secret@host/db?colour=red", "no option colour"}})
        {
            final IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> DatabaseOptions.given(wrong[0], "", ""), wrong[0]);
            assertTrue(refused.getMessage().contains(wrong[1]), refused.getMessage());
            assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
        }
        assertFalse(DatabaseOptions.given("r2dbc:postgresql://h/d", "u", "secret").toString().contains("secret"));
    }
}
