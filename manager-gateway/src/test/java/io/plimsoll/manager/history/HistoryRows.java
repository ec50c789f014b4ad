package io.plimsoll.manager.history;

import io.plimsoll.manager.database.Database;
import java.util.List;
import reactor.core.publisher.Flux;

/** What a database holds of history. */
public final class HistoryRows
{
    private static final String[] TABLES = {
        "accounts", "groups", "slots", "agents", "specs", "arrays", "array_changes", "sessions", "attempts", "kernels",
        "usage"};

    private HistoryRows()
    {
    }

    /** Every row of every table that is made of records, as text. */
    public static String of(final Database database)
    {
        final StringBuilder text = new StringBuilder();
        for (final String table : TABLES)
        {
            text.append(table).append('\n');
            query(database, "select row_to_json(t)::text from history_" + table + " t order by 1")
                .forEach(row -> text.append("  ").append(row).append('\n'));
        }
        return text.toString();
    }

    /** How many rows each of these tables has and a hash in any order, made by the database: they may be many. */
    public static String digest(final Database database)
    {
        final StringBuilder text = new StringBuilder();
        for (final String table : TABLES)
        {
            query(
                database,
                "select concat_ws(' ', '" + table + "', count(*), sum(hashtextextended(row_to_json(t)::text, 0))) " +
                    "from history_" + table + " t")
                .forEach(row -> text.append(row).append('\n'));
        }
        return text.toString();
    }

    /** The first column of an answer. */
    public static List<String> query(final Database database, final String sql)
    {
        return database.inTransaction(connection -> Flux.from(connection.createStatement(sql).execute())
            .concatMap(result -> result.map(row -> row.get(0, String.class))).collectList()).join();
    }
}
