package io.plimsoll.manager.database;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Which database a manager keeps identities in.
 *
 * @param kind       none, one of its own, or one that others run.
 * @param url        {@code r2dbc:postgresql://host:port/database}, empty unless it is one that others run.
 * @param user       empty: as the address says.
 * @param password   empty: as the address says. Never shown.
 * @param binaries   where the programs of the manager's own server are unpacked, shared by all that name it; null: in
 *                   the data directory.
 * @param deadlineNs of one query.
 */
public record DatabaseOptions(
    Kind kind, String url, String user, String password, Path binaries, long deadlineNs)
{
    /** No identities: the administrator's token is the only one. */
    public static final DatabaseOptions NONE = of(Kind.NONE);
    /** A server of the manager's own. */
    public static final DatabaseOptions OWN = of(Kind.OWN);

    private static DatabaseOptions of(final Kind kind)
    {
        return new DatabaseOptions(kind, "", "", "", null, TimeUnit.SECONDS.toNanos(10));
    }

    /**
     * One that others run.
     *
     * @param url      of it.
     * @param user     empty: as the address says.
     * @param password empty: as the address says.
     * @throws IllegalArgumentException if the address is none of a PostgreSQL; it names the part that is wrong.
     */
    public static DatabaseOptions given(final String url, final String user, final String password)
    {
        final DatabaseOptions options =
            new DatabaseOptions(Kind.GIVEN, url, user, password, null, NONE.deadlineNs);
        DatabaseAddress.of(options);
        return options;
    }

    /** The same with the programs elsewhere. */
    public DatabaseOptions withBinaries(final Path directory)
    {
        return new DatabaseOptions(kind, url, user, password, directory, deadlineNs);
    }

    /** Without what is secret. */
    @Override
    public String toString()
    {
        return "DatabaseOptions[" + kind + "]";
    }

    /** Whose it is. */
    public enum Kind
    {
        NONE,
        OWN,
        GIVEN
    }
}
