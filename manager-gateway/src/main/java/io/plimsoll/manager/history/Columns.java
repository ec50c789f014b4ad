package io.plimsoll.manager.history;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Rows for one table, sent as one statement however many they are: one array for each column, so that the text of the
 * statement is always the same and the server plans it once. For one thread.
 */
final class Columns
{
    private static final int ROWS_MAX = 10_000;

    private final List<List<Object>> rows = new ArrayList<>();
    private final Column[] columns;
    private final String sql;

    /**
     * For a table.
     *
     * @param table   of the columns.
     * @param onClash what becomes of rows that are there, behind {@code on conflict}.
     * @param columns as {@code name type}.
     */
    Columns(final String table, final String onClash, final String... columns)
    {
        this.columns = Arrays.stream(columns).map(Column::parse).toArray(Column[]::new);
        final StringJoiner names = new StringJoiner(", ");
        final StringJoiner values = new StringJoiner(", ");
        final StringJoiner arrays = new StringJoiner(", ");
        for (int i = 0; i < columns.length; i++)
        {
            final Column column = this.columns[i];
            names.add(column.name);
            values.add(column.kind.read("r." + column.name));
            arrays.add("$" + (i + 1) + "::" + column.kind.sent + "[]");
        }
        sql = "insert into " + table + " (" + names + ") select " + values + " from unnest(" + arrays + ") as r (" +
            names + ") on conflict " + onClash;
    }

    /** That every column but the keys is as in the new row. */
    static String replacing(final String keys, final String... columns)
    {
        final StringJoiner changes = new StringJoiner(", ");
        for (final String column : columns)
        {
            final String name = Column.parse(column).name;
            if (!List.of(keys.split(", ")).contains(name))
            {
                changes.add(name + " = excluded." + name);
            }
        }
        return "(" + keys + ") do update set " + changes;
    }

    /** Adds a row, in the order of the columns. */
    void row(final Object... values)
    {
        rows.add(Arrays.asList(values));
    }

    int size()
    {
        return rows.size();
    }

    /** Sends the rows that there are when it is subscribed to; they are gone then. */
    Mono<Void> send(final Connection connection)
    {
        return Mono.defer(() ->
        {
            final List<Mono<Void>> parts = new ArrayList<>();
            for (int from = 0; from < rows.size(); from += ROWS_MAX)
            {
                parts.add(part(connection, List.copyOf(rows.subList(from, Math.min(rows.size(), from + ROWS_MAX)))));
            }
            rows.clear();
            return Flux.concat(parts).then();
        });
    }

    private Mono<Void> part(final Connection connection, final List<List<Object>> part)
    {
        final Statement statement = connection.createStatement(sql);
        for (int column = 0; column < columns.length; column++)
        {
            final int at = column;
            statement.bind("$" + (column + 1), columns[column].kind.array(
                part.stream().map(row -> row.get(at)).toList()));
        }
        return Flux.from(statement.execute()).concatMap(result -> result.getRowsUpdated()).then();
    }

    /** What the database takes for text, which has one character less than ours. */
    static String text(final String text)
    {
        return null == text || text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }

    private record Column(String name, Kind kind)
    {
        private static Column parse(final String column)
        {
            final int space = column.indexOf(' ');
            return new Column(column.substring(0, space), Kind.valueOf(column.substring(space + 1)));
        }
    }

    /** How values are sent, and what is made of them. */
    private enum Kind
    {
        LONG("bigint", ""),
        INT("integer", ""),
        TEXT("text", ""),
        JSON("text", "::jsonb"),
        NUMERIC("text", "::numeric"),
        DATE("text", "::date"),
        LONGS("text", "::bigint[]"),
        BASE64("text", "");

        private final String sent;
        private final String cast;

        Kind(final String sent, final String cast)
        {
            this.sent = sent;
            this.cast = cast;
        }

        private String read(final String value)
        {
            return BASE64 == this ? "decode(" + value + ", 'base64')" : value + cast;
        }

        private Object[] array(final List<Object> values)
        {
            return switch (this)
            {
                case LONG -> values.toArray(new Long[0]);
                case INT -> values.toArray(new Integer[0]);
                default -> values.stream().map(value -> text((String)value)).toArray(String[]::new);
            };
        }
    }
}
