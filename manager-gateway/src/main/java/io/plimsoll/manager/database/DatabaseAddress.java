package io.plimsoll.manager.database;

import io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import java.util.List;
import java.util.Properties;

/**
 * Where a PostgreSQL is, in the words of both drivers: the reactive one, which everything is asked through, and the
 * blocking one, which migrations need.
 *
 * @param options of the reactive driver.
 */
record DatabaseAddress(ConnectionFactoryOptions options)
{
    static final String SCHEMA = "plimsoll";

    private static final int PORT = 5432;
    private static final Option<String> SSL_MODE = Option.valueOf("sslMode");
    private static final Option<String> SSL_ROOT_CERT = Option.valueOf("sslRootCert");
    private static final String EXAMPLE = "such as r2dbc:postgresql://db.example.org:5432/plimsoll";
    private static final List<String> KNOWN = List.of(
        "driver", "protocol", "host", "port", "user", "password", "database", "ssl", "sslMode", "sslRootCert");

    static DatabaseAddress of(final DatabaseOptions given)
    {
        final ConnectionFactoryOptions parsed = parse(given.url());
        for (final Option<?> option : optionsOf(given.url()))
        {
            if (!KNOWN.contains(option.name()))
            {
                throw new IllegalArgumentException(
                    "database.url: there is no option " + option.name() + "; there are sslMode and sslRootCert");
            }
        }
        final ConnectionFactoryOptions.Builder options = parsed.mutate();
        if (!given.user().isEmpty())
        {
            options.option(ConnectionFactoryOptions.USER, given.user());
        }
        if (!given.password().isEmpty())
        {
            options.option(ConnectionFactoryOptions.PASSWORD, given.password());
        }
        return new DatabaseAddress(options.build()).checked();
    }

    /** Of a server on this machine. */
    static DatabaseAddress loopback(final int port, final String user, final String password, final String database)
    {
        return new DatabaseAddress(ConnectionFactoryOptions.builder()
            .option(ConnectionFactoryOptions.DRIVER, "postgresql")
            .option(ConnectionFactoryOptions.HOST, "127.0.0.1")
            .option(ConnectionFactoryOptions.PORT, port)
            .option(ConnectionFactoryOptions.USER, user)
            .option(ConnectionFactoryOptions.PASSWORD, password)
            .option(ConnectionFactoryOptions.DATABASE, database)
            .build());
    }

    private static ConnectionFactoryOptions parse(final String url)
    {
        if (!url.startsWith("r2dbc:postgresql://"))
        {
            throw new IllegalArgumentException(
                "database.url: expected own, none, or the address of a PostgreSQL, " + EXAMPLE);
        }
        try
        {
            return ConnectionFactoryOptions.parse(url);
        }
        catch (final IllegalArgumentException ex)
        {
            // What it says may hold the address, and with it the password.
            throw new IllegalArgumentException("database.url: cannot be read; write it " + EXAMPLE);
        }
    }

    private static List<Option<?>> optionsOf(final String url)
    {
        final int query = url.indexOf('?');
        if (query < 0)
        {
            return List.of();
        }
        return java.util.Arrays.stream(url.substring(query + 1).split("&"))
            .<Option<?>>map(part -> Option.valueOf(part.substring(0, Math.max(0, part.indexOf('=')))))
            .toList();
    }

    private DatabaseAddress checked()
    {
        final Object database = options.getValue(ConnectionFactoryOptions.DATABASE);
        if (null == database || database.toString().isEmpty())
        {
            throw new IllegalArgumentException("database.url: it names no database; write it " + EXAMPLE);
        }
        if (null == options.getValue(ConnectionFactoryOptions.USER))
        {
            throw new IllegalArgumentException("database.url: it names no user; give one as database.user");
        }
        return this;
    }

    /** For the reactive driver. */
    ConnectionFactoryOptions reactive()
    {
        return options.mutate()
            .option(PostgresqlConnectionFactoryProvider.SCHEMA, SCHEMA)
            .option(PostgresqlConnectionFactoryProvider.APPLICATION_NAME, "plimsoll")
            .build();
    }

    /** For the blocking driver, without the credentials. */
    String jdbcUrl()
    {
        final Object port = options.getValue(ConnectionFactoryOptions.PORT);
        return "jdbc:postgresql://" + options.getRequiredValue(ConnectionFactoryOptions.HOST) + ":" +
            (null == port ? PORT : port) + "/" + options.getRequiredValue(ConnectionFactoryOptions.DATABASE);
    }

    /** Credentials and the rest for the blocking driver. */
    Properties jdbcProperties(final int timeoutSeconds)
    {
        final Properties properties = new Properties();
        properties.setProperty("user", options.getRequiredValue(ConnectionFactoryOptions.USER).toString());
        final CharSequence password = (CharSequence)options.getValue(ConnectionFactoryOptions.PASSWORD);
        if (null != password)
        {
            properties.setProperty("password", password.toString());
        }
        put(properties, "sslmode", options.getValue(SSL_MODE));
        put(properties, "sslrootcert", options.getValue(SSL_ROOT_CERT));
        properties.setProperty("loginTimeout", Integer.toString(timeoutSeconds));
        properties.setProperty("connectTimeout", Integer.toString(timeoutSeconds));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "plimsoll-migration");
        return properties;
    }

    private static void put(final Properties properties, final String name, final Object value)
    {
        if (null != value)
        {
            properties.setProperty(name, value.toString());
        }
    }

    /** Without what is secret. */
    @Override
    public String toString()
    {
        return jdbcUrl().substring("jdbc:".length());
    }
}
