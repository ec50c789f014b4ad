package io.plimsoll.manager.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL for tests: one serves a whole test run with a database for each that asks, and any number of
 * others can be stopped and started again on the same port.
 */
public final class TestPostgres implements AutoCloseable
{
    /** Unpacked once for all tests. */
    public static final Path PROGRAMS = Path.of("target", "postgres-programs").toAbsolutePath();

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static TestPostgres shared;

    private final OwnPostgres server;
    private DatabaseAddress address;

    private TestPostgres(final Path directory) throws IOException
    {
        final int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            port = socket.getLocalPort();
        }
        server = new OwnPostgres(directory, PROGRAMS, new SecureRandom(), port);
        start();
    }

    /** One of the test's own. */
    public static TestPostgres launch(final Path directory)
    {
        try
        {
            return new TestPostgres(directory);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** An empty database in the one that all tests share; it ends with them. */
    public static synchronized DatabaseOptions emptyDatabase()
    {
        try
        {
            if (null == shared)
            {
                final Path directory = Files.createTempDirectory("plimsoll-test-postgres");
                shared = new TestPostgres(directory);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(directory)));
            }
            return shared.newDatabase();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** The one that a manager runs for itself in its data directory, as others reach it. */
    public static DatabaseOptions ofManager(final Path dataDirectory)
    {
        final Path root = dataDirectory.resolve("postgres");
        try
        {
            final String port = Files.readAllLines(root.resolve("data/postmaster.pid")).get(3).strip();
            return DatabaseOptions.given(
                "r2dbc:postgresql://127.0.0.1:" + port + "/postgres",
                OwnPostgres.USER,
                Files.readString(root.resolve("password")).strip());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Ends that one without a word, if it runs. */
    public static void kill(final Path dataDirectory)
    {
        try
        {
            final long server = new PostgresProcesses(dataDirectory.resolve("postgres/data")).server();
            if (0 != server)
            {
                ProcessHandle.of(server).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static void end(final Path directory)
    {
        try
        {
            shared.close();
            PostgresBinaries.delete(directory);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** A further database of this server. */
    public DatabaseOptions newDatabase()
    {
        final String name = "test_" + DATABASES.incrementAndGet();
        execute("create database " + name);
        final String url = address.jdbcUrl().replace("jdbc:", "r2dbc:");
        final DatabaseOptions options = DatabaseOptions.given(
            url.substring(0, url.lastIndexOf('/') + 1) + name,
            OwnPostgres.USER,
            address.jdbcProperties(1).getProperty("password"));
        // A machine that is very busy is slow, and not away.
        return new DatabaseOptions(
            options.kind(), options.url(), options.user(), options.password(), null, DEADLINE_NS);
    }

    /** Carries out a statement in the first database. */
    public void execute(final String sql)
    {
        try (Connection connection = DriverManager.getConnection(address.jdbcUrl(), address.jdbcProperties(10));
            Statement statement = connection.createStatement())
        {
            statement.execute(sql);
        }
        catch (final SQLException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /** Starts it again, where it was. */
    public void start() throws IOException
    {
        address = server.start();
    }

    /** Stops it, with all its connections. */
    public void stop() throws IOException
    {
        server.close();
    }

    @Override
    public void close() throws IOException
    {
        stop();
    }
}
