package io.plimsoll.manager.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/** Brings the tables to what this version knows. Several managers may do so at once: they wait for each other. */
final class Migration
{
    private static final int TIMEOUT_S = 10;
    private static final int VERSION_MIN = 14;

    private Migration()
    {
    }

    /** Blocks. */
    static void run(final DatabaseAddress address) throws IOException
    {
        checkVersion(address);
        final PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(address.jdbcUrl());
        try
        {
            address.jdbcProperties(TIMEOUT_S).forEach((name, value) -> set(source, (String)name, (String)value));
            Flyway.configure(Migration.class.getClassLoader())
                .dataSource(source)
                .loggers("slf4j")
                .schemas(DatabaseAddress.SCHEMA)
                .defaultSchema(DatabaseAddress.SCHEMA)
                .outOfOrder(true)
                .locations("classpath:io/plimsoll/manager/database/migrations")
                .load()
                .migrate();
        }
        catch (final FlywayException ex)
        {
            throw new IOException("the tables cannot be brought up to date: " + ex.getMessage(), ex);
        }
    }

    private static void set(final PGSimpleDataSource source, final String name, final String value)
    {
        try
        {
            source.setProperty(name, value);
        }
        catch (final SQLException ex)
        {
            throw new IllegalStateException("name=" + name, ex);
        }
    }

    private static void checkVersion(final DatabaseAddress address) throws IOException
    {
        try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.jdbcProperties(TIMEOUT_S)))
        {
            final int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < VERSION_MIN)
            {
                throw new IOException(
                    "the database at " + address + " is PostgreSQL " + version + "; right is " + VERSION_MIN +
                        " or newer");
            }
        }
        catch (final SQLException ex)
        {
            throw new IOException("no connection to " + address + ": " + ex.getMessage(), ex);
        }
    }
}
