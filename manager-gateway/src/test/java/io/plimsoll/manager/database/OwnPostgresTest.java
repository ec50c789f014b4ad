package io.plimsoll.manager.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server, as whoever runs the tests. */
class OwnPostgresTest
{
    @TempDir
    Path directory;

    private OwnPostgres server()
    {
        return new OwnPostgres(directory.resolve("postgres"), TestPostgres.PROGRAMS, new SecureRandom());
    }

    private static String ask(final DatabaseAddress address, final Properties properties, final String sql)
        throws SQLException
    {
        try (Connection connection = DriverManager.getConnection(address.jdbcUrl(), properties);
            Statement statement = connection.createStatement())
        {
            if (!statement.execute(sql))
            {
                return "";
            }
            final ResultSet rows = statement.getResultSet();
            return rows.next() ? rows.getString(1) : "";
        }
    }

    private static String ask(final DatabaseAddress address, final String sql) throws SQLException
    {
        return ask(address, address.jdbcProperties(10), sql);
    }

    @Test
    void shouldKeepWhatItWasToldAndLeaveNoProcess() throws Exception
    {
        final Set<Thread> others = logWriters();
        final PostgresProcesses processes;
        try (OwnPostgres server = server())
        {
            final DatabaseAddress address = server.start();
            processes = new PostgresProcesses(directory.resolve("postgres/data"));
            assertNotEquals(0, processes.server());
            assertTrue(server.isAlive());
            assertEquals("", ask(address, "create table kept as select 42 as value"));
        }
        assertEquals(List.of(), processes.ids());
        final Set<Thread> own = logWriters();
        own.removeAll(others);
        assertEquals(Set.of(), own, "its directory is not written to any more");
        try (OwnPostgres server = server())
        {
            assertEquals("42", ask(server.start(), "select value from kept"));
        }
        assertEquals(List.of(), processes.ids());
    }

    /** Of all servers, also that of other tests. */
    private static Set<Thread> logWriters()
    {
        final Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !"plimsoll-database-log".equals(thread.getName()));
        return threads;
    }

    @Test
    void shouldLetNobodyInWithoutThePassword() throws Exception
    {
        try (OwnPostgres server = server())
        {
            final DatabaseAddress address = server.start();
            final Properties wrong = address.jdbcProperties(10);
            wrong.setProperty("password", "guessed");
            assertThrows(SQLException.class, () -> ask(address, wrong, "select 1"));
            assertEquals("127.0.0.1", ask(address, "show listen_addresses"));
            for (final String secret : List.of("password", "data", "data/pg_hba.conf"))
            {
                final String permissions = PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(directory.resolve("postgres").resolve(secret)));
                assertTrue(permissions.endsWith("------"), secret + " " + permissions);
            }
        }
    }

    @Test
    void shouldGoWithWhoeverHoldsItsInput() throws Exception
    {
        final OwnPostgres server = server();
        server.start();
        final PostgresProcesses processes = new PostgresProcesses(directory.resolve("postgres/data"));
        // What the system does to the pipe of a manager that was killed.
        server.letGo();
        assertTrue(processes.awaitEnd(TimeUnit.SECONDS.toNanos(30)));
        server.close();
    }

    @Test
    void shouldEndOneThatWasLeftOverBeforeItStartsTheNext() throws Exception
    {
        final OwnPostgres abandoned = server();
        ask(abandoned.start(), "create table kept as select 42 as value");
        final PostgresProcesses processes = new PostgresProcesses(directory.resolve("postgres/data"));
        final long left = processes.server();
        abandoned.killWatch();
        assertEquals(left, processes.server());
        try (OwnPostgres server = server())
        {
            assertEquals("42", ask(server.start(), "select value from kept"));
            assertNotEquals(left, processes.server());
            assertFalse(processes.ids().contains(left));
        }
    }

    @Test
    void shouldNotBeFooledByANumberThatIsAnothersNow() throws Exception
    {
        final Path data = directory.resolve("postgres/data");
        final Path stale = data.resolve("postmaster.pid");
        final List<String> lines;
        try (OwnPostgres server = server())
        {
            server.start();
            lines = new java.util.ArrayList<>(Files.readAllLines(stale));
        }
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(stale, lines);
        try (OwnPostgres server = server())
        {
            server.start();
            assertTrue(server.isAlive());
        }
    }

    @Test
    void shouldSayWhyItDoesNotStart() throws Exception
    {
        try (OwnPostgres server = server())
        {
            server.start();
        }
        Files.writeString(directory.resolve("postgres/data/postgresql.conf"), "no_such_setting = 1\n");
        try (OwnPostgres server = server())
        {
            final IOException refused = assertThrows(IOException.class, server::start);
            assertTrue(refused.getMessage().contains("no_such_setting"), refused.getMessage());
        }
    }
}
