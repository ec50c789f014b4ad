package io.plimsoll.manager.history;

import static io.plimsoll.manager.history.HistoryStore.list;
import static io.plimsoll.manager.history.HistoryStore.number;
import static io.plimsoll.manager.history.HistoryStore.text;

import io.plimsoll.manager.view.SessionFilter;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import reactor.core.publisher.Mono;

/** All SQL that reads history for people. Stateless; each method works within the transaction of the connection. */
final class HistoryQueries
{
    private static final String DAY_START = "(extract(epoch from d.day)::bigint * 1000000000)";
    /** Amounts by day of kernels that run: up to the newest record, of which nobody knows more. */
    private static final String RUNNING =
        "select d.day::date as day, s.domain_id, s.project_id, s.user_id, a.slot," +
            " a.amount::numeric * (least(p.at_ns, " + DAY_START + " + 86400000000000)" +
            " - greatest(k.started_ns, " + DAY_START + ")) as amount_ns" +
            " from history_position p cross join history_kernels k join history_sessions s on s.id = k.session_id" +
            " cross join lateral generate_series(" +
            "greatest($1::date, (to_timestamp(k.started_ns / 1000000000) at time zone 'UTC')::date)::timestamp," +
            " least($2::date, (to_timestamp(p.at_ns / 1000000000) at time zone 'UTC')::date)::timestamp," +
            " interval '1 day') as d (day)" +
            " cross join lateral (select 'cpu' as slot, k.cpu_millis as amount" +
            " union all select 'mem', k.memory_bytes" +
            " union all select e.key, e.value::bigint from jsonb_each_text(k.slots) e) a" +
            " where k.ended_ns = 0 and k.started_ns > 0 and a.amount > 0";
    private static final String ENDED =
        "select day, domain_id, project_id, user_id, slot, amount_ns from history_usage where day between $1 and $2";

    /** Sessions of a page, of each what it was asked for and where it stands. */
    Mono<List<PastSession>> sessions(final Connection connection, final PastQuery query)
    {
        final Conditions conditions = new Conditions();
        filter(conditions, query.filter());
        scope(conditions, query.scope());
        final PastQuery.After after = query.after();
        final String order = switch (query.order())
        {
            case ID_UP ->
            {
                conditions.add("id >= ?", after.id());
                yield "id";
            }
            case ID_DOWN ->
            {
                if (after.id() > 0)
                {
                    conditions.add("id <= ?", after.id());
                }
                yield "id desc";
            }
            case PRIORITY_UP ->
            {
                if (after.id() > 0)
                {
                    conditions.add("(priority, id) > (" + after.priority() + ", ?)", after.id());
                }
                yield "priority, id";
            }
            case PRIORITY_DOWN ->
            {
                if (after.id() > 0)
                {
                    conditions.add("(-priority, id) > (" + -after.priority() + ", ?)", after.id());
                }
                // As in the index, which has the ids of a priority going up.
                yield "-priority, id";
            }
        };
        return list(
            conditions.bind(connection, "select " + HistoryStore.SESSION + " from history_sessions where ended_ns > 0",
                " order by " + order + " limit " + query.limit()),
            HistoryStore::session).collectList();
    }

    private static void filter(final Conditions conditions, final SessionFilter filter)
    {
        if (null != filter.states())
        {
            conditions.add("state = any(?)", filter.states().stream().map(Enum::name).toArray(String[]::new));
        }
        if (null != filter.group())
        {
            conditions.add("resource_group = ?", Columns.text(filter.group()));
        }
        if (null != filter.name())
        {
            conditions.add("name = ?", Columns.text(filter.name()));
        }
        if (null != filter.arrayId())
        {
            conditions.add("array_id = ?", filter.arrayId());
        }
        if (null != filter.ownerIds())
        {
            conditions.add("owner_id = any(?)", filter.ownerIds().toArray(new Integer[0]));
        }
        if (null != filter.sinceNs())
        {
            conditions.add("submitted_ns >= ?", filter.sinceNs());
        }
        if (null != filter.untilNs())
        {
            conditions.add("submitted_ns < ?", filter.untilNs());
        }
        if (null != filter.agentId())
        {
            conditions.add("exists (select 1 from history_kernels k where k.session_id = id and k.agent_id = ?)",
                filter.agentId());
        }
    }

    private static void scope(final Conditions conditions, final Scope scope)
    {
        if (0 != scope.domainId())
        {
            conditions.add("domain_id = ?", scope.domainId());
        }
        if (0 != scope.userId())
        {
            conditions.add("user_id = ?", scope.userId());
        }
    }

    /** A session that has ended, empty if there is none. */
    Mono<PastSession> session(final Connection connection, final long id, final Scope scope)
    {
        final Conditions conditions = new Conditions();
        conditions.add("id = ?", id);
        scope(conditions, scope);
        return list(
            conditions.bind(
                connection, "select " + HistoryStore.SESSION + " from history_sessions where ended_ns > 0", ""),
            HistoryStore::session).next();
    }

    /** Kernels of sessions, each in its newest attempt. */
    Mono<Map<Long, List<PastKernel>>> kernels(final Connection connection, final Long[] ids)
    {
        return list(
            connection.createStatement(
                "select distinct on (session_id, kernel_index) " + HistoryStore.KERNEL +
                    " from history_kernels where session_id = any($1)" +
                    " order by session_id, kernel_index, attempt desc").bind("$1", ids),
            HistoryStore::kernel)
            .collect(HashMap::new, (all, kernel) ->
                all.computeIfAbsent(kernel.sessionId, key -> new ArrayList<>()).add(kernel));
    }

    /** Specs by their number. */
    Mono<Map<Long, String>> specs(final Connection connection, final Long[] specIds)
    {
        return list(
            connection.createStatement("select spec_id, spec from history_specs where spec_id = any($1)")
                .bind("$1", specIds),
            row -> Map.entry(number(row, "spec_id"), text(row, "spec")))
            .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** What was used, at one moment. */
    Mono<UsageReport> usage(final Connection connection, final UsageQuery query)
    {
        return list(
            connection.createStatement("select sequence, at_ns from history_position"),
            row -> new long[]{number(row, "sequence"), number(row, "at_ns")}).collectList()
            .flatMap(positions -> gaps(connection)
                .flatMap(gaps -> rows(connection, query)
                    .map(rows ->
                    {
                        final boolean isCut = rows.size() > UsageReport.ROWS_MAX;
                        final long[] position = positions.isEmpty() ? new long[2] : positions.get(0);
                        return new UsageReport(
                            isCut ? rows.subList(0, UsageReport.ROWS_MAX) : rows, position[0], position[1], isCut,
                            gaps);
                    })));
    }

    private static Mono<List<long[]>> gaps(final Connection connection)
    {
        return list(
            connection.createStatement(
                "select first_sequence, last_sequence from history_gaps order by first_sequence limit 100"),
            row -> new long[]{number(row, "first_sequence"), number(row, "last_sequence")}).collectList();
    }

    private static Mono<List<UsageReport.Row>> rows(final Connection connection, final UsageQuery query)
    {
        final StringJoiner keys = new StringJoiner(", ");
        final StringJoiner names = new StringJoiner(", ");
        final StringJoiner groups = new StringJoiner(", ");
        for (final UsageQuery.Key key : query.by())
        {
            final String column = column(key);
            names.add(name(key) + " as k" + key.ordinal());
            keys.add("k" + key.ordinal() + " nulls first");
            groups.add(column);
        }
        if (!query.by().contains(UsageQuery.Key.SLOT))
        {
            groups.add("u.slot");
            keys.add("u.slot");
        }
        names.add("u.slot as slot");
        // Names may change, so two accounts of one name are told apart.
        final String sql = "select " + names + ", sum(u.amount_ns) as amount_ns from (" + ENDED + " union all " +
            RUNNING + ") u where true" +
            (0 == query.scope().domainId() ? "" : " and u.domain_id = " + query.scope().domainId()) +
            (0 == query.scope().userId() ? "" : " and u.user_id = " + query.scope().userId()) +
            " group by " + groups + " order by " + keys + " limit " + (UsageReport.ROWS_MAX + 1);
        final Statement statement =
            connection.createStatement(sql).bind("$1", query.from()).bind("$2", query.to());
        return list(statement, row -> row(row, query)).collectList();
    }

    private static String column(final UsageQuery.Key key)
    {
        return switch (key)
        {
            case DAY -> "u.day";
            case DOMAIN -> "u.domain_id";
            case PROJECT -> "u.project_id";
            case USER -> "u.user_id";
            case SLOT -> "u.slot";
        };
    }

    private static String name(final UsageQuery.Key key)
    {
        return switch (key)
        {
            case DAY -> "to_char(u.day, 'YYYY-MM-DD')";
            case SLOT -> "u.slot";
            default -> "(select a.name from history_accounts a where a.account_id = " + column(key) + ")";
        };
    }

    private static UsageReport.Row row(final Readable row, final UsageQuery query)
    {
        final List<String> keys = new ArrayList<>();
        for (final UsageQuery.Key key : query.by())
        {
            keys.add(text(row, "k" + key.ordinal()));
        }
        return new UsageReport.Row(
            keys, text(row, "slot"), row.get("amount_ns", BigDecimal.class).toBigIntegerExact());
    }

    /** Conditions whose values come from outside. */
    private static final class Conditions
    {
        private final StringBuilder sql = new StringBuilder();
        private final List<Object> values = new ArrayList<>();

        private void add(final String condition, final Object value)
        {
            values.add(value);
            sql.append(" and ").append(condition.replace("?", "$" + values.size()));
        }

        private Statement bind(final Connection connection, final String before, final String behind)
        {
            final Statement statement = connection.createStatement(before + sql + behind);
            for (int i = 0; i < values.size(); i++)
            {
                statement.bind("$" + (i + 1), values.get(i));
            }
            return statement;
        }
    }
}
