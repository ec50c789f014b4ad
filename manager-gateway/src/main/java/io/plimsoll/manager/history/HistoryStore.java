package io.plimsoll.manager.history;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.manager.identity.Owner;
import io.plimsoll.manager.view.SessionSteps;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * All SQL that fills history; what reads it for people is in {@link HistoryQueries}. Stateless; each method works
 * within the transaction of the connection.
 */
final class HistoryStore
{
    /** Of what rows mean: those of another are made anew. */
    static final int VERSION = 1;

    static final String ASKED =
        "name, owner_id, domain_id, project_id, user_id, keypair_id, resource_group, session_type, on_loss, priority," +
            " kernels, cpu_millis, memory_bytes, walltime_ns, submitted_ns, spec_id, asked";
    static final String SESSION =
        "id, array_id, state, result, reason, exit_code, attempt, not_before_ns, started_ns, ended_ns, steps," +
            " steps_dropped, " + ASKED;
    static final String KERNEL =
        "session_id, attempt, kernel_index, agent_id, agent, term, state, reason, exit_code, cpu_millis," +
            " memory_bytes, slots::text as slots, cpus, devices, detail, assigned_ns, started_ns, ended_ns";
    private static final String[] ASKED_COLUMNS = {
        "name TEXT", "owner_id INT", "domain_id INT", "project_id INT", "user_id INT", "keypair_id INT",
        "resource_group TEXT", "session_type TEXT", "on_loss TEXT", "priority INT", "kernels INT", "cpu_millis LONG",
        "memory_bytes LONG", "walltime_ns LONG", "submitted_ns LONG", "spec_id LONG", "asked BASE64"};
    private static final String[] SESSION_COLUMNS = {
        "id LONG", "array_id LONG", "state TEXT", "result TEXT", "reason TEXT", "exit_code INT", "attempt INT",
        "not_before_ns LONG", "started_ns LONG", "ended_ns LONG", "steps LONGS", "steps_dropped LONG"};
    private static final String[] ARRAY_COLUMNS = {"first_id LONG", "element_count LONG", "waiting LONG"};
    private static final String[] ATTEMPT_COLUMNS = {
        "session_id LONG", "attempt INT", "assigned_ns LONG", "started_ns LONG", "ended_ns LONG", "reason TEXT",
        "exit_code INT"};
    private static final String[] KERNEL_COLUMNS = {
        "session_id LONG", "attempt INT", "kernel_index INT", "agent_id INT", "agent TEXT", "term LONG", "state TEXT",
        "reason TEXT", "exit_code INT", "cpu_millis LONG", "memory_bytes LONG", "slots JSON", "cpus TEXT",
        "devices TEXT", "detail TEXT", "assigned_ns LONG", "started_ns LONG", "ended_ns LONG"};
    private static final String NAME_CLASH = Columns.replacing("id", "id INT", "name TEXT");
    private static final String[] TABLES = {
        "history_gaps", "history_accounts", "history_groups", "history_slots", "history_agents", "history_specs",
        "history_array_changes", "history_arrays", "history_sessions", "history_attempts", "history_kernels",
        "history_usage"};

    /** Up to where a cluster's journal was read. */
    record Position(String clusterId, int version, long sequence, long atNs)
    {
    }

    /** Records that were pruned before they were read. */
    record Gap(long firstSequence, long lastSequence, long fromNs, long toNs)
    {
    }

    /** Makes a position at the begin if there is none, and says which there is. */
    Mono<Position> position(final Connection connection, final String clusterId)
    {
        return update(connection.createStatement(
            "insert into history_position (cluster_id, version, sequence, at_ns) values ($1, $2, 0, 0)" +
                " on conflict do nothing").bind("$1", clusterId).bind("$2", VERSION))
            .thenMany(list(
                connection.createStatement("select cluster_id, version, sequence, at_ns from history_position"),
                row -> new Position(
                    text(row, "cluster_id"), integer(row, "version"), number(row, "sequence"), number(row, "at_ns"))))
            .next();
    }

    /** What numbers stand for, as of the position. */
    Mono<Names> names(final Connection connection)
    {
        final Names names = new Names();
        return each(connection, "select account_id, name, level, parent_id, project_id from history_accounts",
            row -> names.account(new Names.Account(
                integer(row, "account_id"), text(row, "name"), integer(row, "level"), integer(row, "parent_id"),
                integer(row, "project_id"))))
            .then(each(connection, "select group_id, name from history_groups",
                row -> names.group(integer(row, "group_id"), text(row, "name"))))
            .then(each(connection, "select slot_id, name, kind from history_slots",
                row -> names.slot(new Names.Slot(
                    integer(row, "slot_id"), text(row, "name"), SlotKind.get((short)integer(row, "kind"))))))
            .then(each(connection, "select agent_id, name from history_agents",
                row -> names.agent(integer(row, "agent_id"), text(row, "name"))))
            .thenReturn(names);
    }

    /**
     * Writes what follows from records, and that they were read.
     *
     * @return false: somebody else has read them meanwhile, and nothing may be kept.
     */
    Mono<Boolean> write(
        final Connection connection, final Projection projection, final Position from, final Position to)
    {
        // Whether the server has it on its disk when it says so does not matter: position and rows stay or go together.
        return update(connection.createStatement("set local synchronous_commit = off"))
            .then(move(connection, from, to))
            .flatMap(moved -> moved ? rows(connection, projection).thenReturn(true) : Mono.just(false));
    }

    private Mono<Boolean> move(final Connection connection, final Position from, final Position to)
    {
        return update(connection.createStatement(
            "update history_position set sequence = $1, at_ns = $2" +
                " where sequence = $3 and cluster_id = $4 and version = $5")
            .bind("$1", to.sequence())
            .bind("$2", to.atNs())
            .bind("$3", from.sequence())
            .bind("$4", from.clusterId())
            .bind("$5", VERSION))
            .map(count -> 1 == count);
    }

    private Mono<Void> rows(final Connection connection, final Projection projection)
    {
        final List<Columns> tables = new ArrayList<>();
        names(projection.names, tables);
        tables.add(specs(projection));
        tables.add(arrays(projection));
        tables.add(changes(projection));
        tables.add(sessions(projection));
        tables.add(attempts(projection));
        tables.add(kernels(projection));
        tables.add(usage(projection.usage));
        return Flux.fromIterable(tables)
            .filter(table -> table.size() > 0)
            .concatMap(table -> table.send(connection))
            .then(dropPlaced(connection, projection));
    }

    private static void names(final Names names, final List<Columns> tables)
    {
        final String[] account = {"account_id INT", "name TEXT", "level INT", "parent_id INT", "project_id INT"};
        final Columns accounts = new Columns("history_accounts", Columns.replacing("account_id", account), account);
        for (final Names.Account one : names.changedAccounts())
        {
            accounts.row(one.id(), one.name(), one.level(), one.parentId(), one.projectId());
        }
        final String[] slot = {"slot_id INT", "name TEXT", "kind INT"};
        final Columns slots = new Columns("history_slots", Columns.replacing("slot_id", slot), slot);
        for (final Names.Slot one : names.changedSlots())
        {
            slots.row(one.id(), one.name(), (int)one.kind().value());
        }
        tables.add(accounts);
        tables.add(slots);
        tables.add(named("history_groups", "group_id", names.changedGroups()));
        tables.add(named("history_agents", "agent_id", names.changedAgents()));
    }

    private static Columns named(final String table, final String key, final List<Names.Named> all)
    {
        final Columns columns =
            new Columns(table, NAME_CLASH.replace("(id)", "(" + key + ")"), key + " INT", "name TEXT");
        for (final Names.Named one : all)
        {
            columns.row(one.id(), one.name());
        }
        return columns;
    }

    private static Columns specs(final Projection projection)
    {
        final Columns columns = new Columns(
            "history_specs", "do nothing", "spec_id LONG", "spec TEXT", "added_ns LONG");
        for (final Map.Entry<Long, Projection.Spec> spec : projection.newSpecs.entrySet())
        {
            columns.row(spec.getKey(), spec.getValue().json(), spec.getValue().addedNs());
        }
        return columns;
    }

    private static Columns arrays(final Projection projection)
    {
        final Columns columns = new Columns(
            "history_arrays", "(first_id) do update set waiting = excluded.waiting",
            joined(ARRAY_COLUMNS, ASKED_COLUMNS));
        for (final PastArray array : projection.changedArrays)
        {
            columns.row(joined(
                new Object[]{array.asked.firstId(), array.asked.count(), array.waiting}, values(array.asked)));
        }
        return columns;
    }

    private static Columns changes(final Projection projection)
    {
        final Columns columns = new Columns(
            "history_array_changes", "do nothing", "array_id LONG", "sequence LONG", "event_index INT",
            "first_id LONG", "element_count LONG", "name TEXT", "priority INT", "walltime_ns LONG");
        for (final PastArray.Change change : projection.newChanges.keySet())
        {
            columns.row(
                change.arrayId(), change.sequence(), change.eventIndex(), change.firstId(), change.count(),
                change.name(), change.priority(), change.walltimeNs());
        }
        return columns;
    }

    /** Arrays all of whose elements have rows of their own. */
    private Mono<Void> dropPlaced(final Connection connection, final Projection projection)
    {
        final Long[] ids = projection.changedArrays.stream()
            .filter(array -> 0 == array.waiting).map(array -> array.asked.firstId()).toArray(Long[]::new);
        return 0 == ids.length ? Mono.empty() : dropArrays(connection, ids);
    }

    /** First ids of all arrays that are kept. */
    Mono<List<Long>> arrays(final Connection connection)
    {
        return list(
            connection.createStatement("select first_id from history_arrays order by first_id"),
            row -> number(row, "first_id")).collectList();
    }

    Mono<Void> dropArrays(final Connection connection, final Long[] firstIds)
    {
        return update(connection.createStatement("delete from history_arrays where first_id = any($1)")
            .bind("$1", firstIds)).then();
    }

    private static Columns sessions(final Projection projection)
    {
        final String[] columns = joined(SESSION_COLUMNS, ASKED_COLUMNS);
        final Columns table = new Columns("history_sessions", Columns.replacing("id", columns), columns);
        for (final PastSession session : projection.changedSessions)
        {
            final StringJoiner steps = new StringJoiner(",", "{", "}");
            for (final long step : session.steps.packed())
            {
                steps.add(Long.toString(step));
            }
            table.row(joined(
                new Object[]{
                    session.id, session.asked.isArray() ? session.asked.firstId() : 0L, session.state.name(),
                    session.result.name(), session.reason.name(), session.exitCode, session.attempt,
                    session.notBeforeNs, session.startedNs, session.endedNs, steps.toString(),
                    session.steps.dropped()},
                values(session.asked)));
        }
        return table;
    }

    private static Object[] values(final Asked asked)
    {
        final Owner owner = asked.owner();
        return new Object[]{
            asked.name(), asked.ownerId(), owner.domainId(), owner.projectId(), owner.userId(), owner.keypairId(),
            asked.group(), asked.type().name(), asked.onLoss().name(), asked.priority(), asked.kernels(),
            asked.cpuMillis(), asked.memoryBytes(), asked.walltimeNs(), asked.submittedNs(), asked.specId(),
            Base64.getEncoder().encodeToString(asked.event())};
    }

    private static Columns attempts(final Projection projection)
    {
        final Columns table = new Columns(
            "history_attempts", Columns.replacing("session_id, attempt", ATTEMPT_COLUMNS), ATTEMPT_COLUMNS);
        for (final PastAttempt attempt : projection.changedAttempts)
        {
            table.row(
                attempt.sessionId, attempt.number, attempt.assignedNs, attempt.startedNs, attempt.endedNs,
                attempt.reason.name(), attempt.exitCode);
        }
        return table;
    }

    private static Columns kernels(final Projection projection)
    {
        final Columns table = new Columns(
            "history_kernels", Columns.replacing("session_id, attempt, kernel_index", KERNEL_COLUMNS), KERNEL_COLUMNS);
        for (final PastKernel kernel : projection.changedKernels)
        {
            table.row(
                kernel.sessionId, kernel.attempt, kernel.index, kernel.agentId, kernel.agent, kernel.term,
                kernel.state.name(), kernel.reason.name(), kernel.exitCode, kernel.cpuMillis, kernel.memoryBytes,
                SlotsJson.write(kernel.slots), kernel.cpus, kernel.devices, kernel.detail, kernel.assignedNs,
                kernel.startedNs, kernel.endedNs);
        }
        return table;
    }

    private static Columns usage(final UsageTally tally)
    {
        final Columns table = new Columns(
            "history_usage",
            "(day, domain_id, project_id, user_id, slot) do update" +
                " set amount_ns = history_usage.amount_ns + excluded.amount_ns",
            "day DATE", "domain_id INT", "project_id INT", "user_id INT", "slot TEXT", "amount_ns NUMERIC");
        tally.sums().forEach((key, sum) -> table.row(
            LocalDate.ofEpochDay(key.day()).toString(), key.domainId(), key.projectId(), key.userId(), key.slot(),
            sum.toString()));
        return table;
    }

    /** Sessions with what of them has not ended; those that are not there are left out. */
    Mono<List<PastSession>> sessions(final Connection connection, final Long[] ids)
    {
        return list(
            connection.createStatement("select " + SESSION + " from history_sessions where id = any($1)")
                .bind("$1", ids),
            HistoryStore::session)
            .collectMap(session -> session.id)
            .flatMap(byId -> list(
                connection.createStatement(
                    "select " + KERNEL + " from history_kernels where ended_ns = 0 and session_id = any($1)")
                    .bind("$1", ids),
                HistoryStore::kernel)
                .doOnNext(kernel -> byId.get(kernel.sessionId).kernels.put(kernel.index, kernel))
                .thenMany(list(
                    connection.createStatement(
                        "select * from history_attempts where ended_ns = 0 and session_id = any($1)").bind("$1", ids),
                    HistoryStore::attempt))
                .doOnNext(attempt -> byId.get(attempt.sessionId).open = attempt)
                .then(Mono.fromSupplier(() -> List.copyOf(byId.values()))));
    }

    /** Arrays that some of these are elements of. */
    Mono<List<PastArray>> arrays(final Connection connection, final Long[] ids)
    {
        return list(
            connection.createStatement(
                "select distinct on (a.first_id) a.* from unnest($1::bigint[]) as i (id) cross join lateral" +
                    " (select * from history_arrays where first_id <= i.id order by first_id desc limit 1) a" +
                    " where i.id < a.first_id + a.element_count").bind("$1", ids),
            HistoryStore::array)
            .collectMap(array -> array.asked.firstId())
            .flatMap(byId -> list(
                connection.createStatement(
                    "select * from history_array_changes where array_id = any($1)" +
                        " order by array_id, sequence, event_index").bind("$1", byId.keySet().toArray(new Long[0])),
                row -> new PastArray.Change(
                    number(row, "array_id"), number(row, "sequence"), integer(row, "event_index"),
                    number(row, "first_id"), number(row, "element_count"), text(row, "name"),
                    integer(row, "priority"), number(row, "walltime_ns")))
                .doOnNext(change -> byId.get(change.arrayId()).changes.add(change))
                .then(Mono.fromSupplier(() -> List.copyOf(byId.values()))));
    }

    /** Forgets everything, and begins at the first record. */
    Mono<Void> clear(final Connection connection, final String clusterId)
    {
        return update(connection.createStatement("truncate " + String.join(", ", TABLES)))
            .then(update(connection.createStatement(
                "update history_position set cluster_id = $1, version = $2, sequence = 0, at_ns = 0")
                .bind("$1", clusterId).bind("$2", VERSION)))
            .then();
    }

    /** Says that records are missing; of a gap that is told in pieces it is the whole. */
    Mono<Void> gap(final Connection connection, final Gap gap)
    {
        return update(connection.createStatement(
            "insert into history_gaps (first_sequence, last_sequence, from_ns, to_ns) select $1, $2, $3, $4" +
                " where not exists (select 1 from history_gaps where last_sequence >= $1)" +
                " on conflict do nothing")
            .bind("$1", gap.firstSequence()).bind("$2", gap.lastSequence())
            .bind("$3", gap.fromNs()).bind("$4", gap.toNs()))
            .then();
    }

    /** Ids of sessions that have not ended, from one on. */
    Mono<List<Long>> unended(final Connection connection, final long fromId, final int most)
    {
        return list(
            connection.createStatement(
                "select id from history_sessions where ended_ns = 0 and id >= $1 order by id limit $2")
                .bind("$1", fromId).bind("$2", most),
            row -> number(row, "id")).collectList();
    }

    /** Sessions ended while nobody read the records, and nobody knows how. */
    Mono<Void> lose(final Connection connection, final Long[] ids, final long atNs)
    {
        return update(connection.createStatement(
            "update history_sessions set lost = true, ended_ns = $2, state = 'TERMINATED', result = 'UNDEFINED'," +
                " reason = 'NONE' where id = any($1) and ended_ns = 0").bind("$1", ids).bind("$2", atNs))
            .then(update(connection.createStatement(
                "update history_kernels set ended_ns = $2, state = 'TERMINATED', reason = 'NONE'" +
                    " where session_id = any($1) and ended_ns = 0").bind("$1", ids).bind("$2", atNs)))
            .then(update(connection.createStatement(
                "update history_attempts set ended_ns = $2 where session_id = any($1) and ended_ns = 0")
                .bind("$1", ids).bind("$2", atNs)))
            .then();
    }

    /** Removes sessions that ended before a time, the oldest first; says how many. */
    Mono<Long> dropSessions(final Connection connection, final long beforeNs, final int most)
    {
        return list(
            connection.createStatement(
                "delete from history_sessions where id in (select id from history_sessions" +
                    " where ended_ns > 0 and ended_ns < $1 order by ended_ns limit $2) returning id")
                .bind("$1", beforeNs).bind("$2", most),
            row -> number(row, "id"))
            .collectList()
            .flatMap(ids -> ids.isEmpty() ? Mono.just(0L) : update(connection.createStatement(
                "delete from history_kernels where session_id = any($1)").bind("$1", ids.toArray(new Long[0])))
                .then(update(connection.createStatement(
                    "delete from history_attempts where session_id = any($1)").bind("$1", ids.toArray(new Long[0]))))
                .thenReturn((long)ids.size()));
    }

    /** Removes what nobody refers to any more, of what was there before a time; says how many. */
    Mono<Long> dropSpecs(final Connection connection, final long beforeNs, final int most)
    {
        return update(connection.createStatement(
            "delete from history_specs where spec_id in (select s.spec_id from history_specs s where s.added_ns < $1" +
                " and not exists (select 1 from history_sessions h where h.spec_id = s.spec_id)" +
                " and not exists (select 1 from history_arrays a where a.spec_id = s.spec_id) limit $2)")
            .bind("$1", beforeNs).bind("$2", most));
    }

    /** Removes what was used on days before one; says how many rows. */
    Mono<Long> dropUsage(final Connection connection, final LocalDate before, final int most)
    {
        return update(connection.createStatement(
            "delete from history_usage where ctid in (select ctid from history_usage where day < $1 limit $2)")
            .bind("$1", before).bind("$2", most));
    }

    /* Rows. */

    static PastSession session(final Readable row)
    {
        final long arrayId = number(row, "array_id");
        final long id = number(row, "id");
        final PastSession session = new PastSession(id, asked(row, 0 == arrayId ? id : arrayId, 1, 0 != arrayId));
        session.state = LifeState.valueOf(text(row, "state"));
        session.result = Result.valueOf(text(row, "result"));
        session.reason = Reason.valueOf(text(row, "reason"));
        session.exitCode = integer(row, "exit_code");
        session.attempt = integer(row, "attempt");
        session.notBeforeNs = number(row, "not_before_ns");
        session.startedNs = number(row, "started_ns");
        session.endedNs = number(row, "ended_ns");
        final Long[] steps = row.get("steps", Long[].class);
        final long[] packed = new long[steps.length];
        for (int i = 0; i < packed.length; i++)
        {
            packed[i] = steps[i];
        }
        session.steps = SessionSteps.of(packed, number(row, "steps_dropped"));
        return session;
    }

    private static PastArray array(final Readable row)
    {
        final PastArray array =
            new PastArray(asked(row, number(row, "first_id"), number(row, "element_count"), true));
        array.waiting = number(row, "waiting");
        return array;
    }

    private static Asked asked(final Readable row, final long firstId, final long count, final boolean isArray)
    {
        final ByteBuffer event = row.get("asked", ByteBuffer.class);
        final byte[] bytes = new byte[event.remaining()];
        event.get(bytes);
        return new Asked(
            firstId,
            count,
            isArray,
            text(row, "name"),
            integer(row, "owner_id"),
            new Owner(
                integer(row, "domain_id"), integer(row, "project_id"), integer(row, "user_id"),
                integer(row, "keypair_id")),
            text(row, "resource_group"),
            SessionType.valueOf(text(row, "session_type")),
            OnLoss.valueOf(text(row, "on_loss")),
            integer(row, "priority"),
            integer(row, "kernels"),
            number(row, "cpu_millis"),
            number(row, "memory_bytes"),
            number(row, "walltime_ns"),
            number(row, "submitted_ns"),
            number(row, "spec_id"),
            bytes);
    }

    static PastKernel kernel(final Readable row)
    {
        final PastKernel kernel =
            new PastKernel(number(row, "session_id"), integer(row, "attempt"), integer(row, "kernel_index"));
        kernel.agentId = integer(row, "agent_id");
        kernel.agent = text(row, "agent");
        kernel.term = number(row, "term");
        kernel.state = LifeState.valueOf(text(row, "state"));
        kernel.reason = Reason.valueOf(text(row, "reason"));
        kernel.exitCode = integer(row, "exit_code");
        kernel.cpuMillis = number(row, "cpu_millis");
        kernel.memoryBytes = number(row, "memory_bytes");
        kernel.slots = SlotsJson.read(text(row, "slots"));
        kernel.cpus = text(row, "cpus");
        kernel.devices = text(row, "devices");
        kernel.detail = text(row, "detail");
        kernel.assignedNs = number(row, "assigned_ns");
        kernel.startedNs = number(row, "started_ns");
        kernel.endedNs = number(row, "ended_ns");
        return kernel;
    }

    private static PastAttempt attempt(final Readable row)
    {
        final PastAttempt attempt = new PastAttempt(number(row, "session_id"), integer(row, "attempt"));
        attempt.assignedNs = number(row, "assigned_ns");
        attempt.startedNs = number(row, "started_ns");
        attempt.endedNs = number(row, "ended_ns");
        attempt.reason = Reason.valueOf(text(row, "reason"));
        attempt.exitCode = integer(row, "exit_code");
        return attempt;
    }

    static long number(final Readable row, final String column)
    {
        return row.get(column, Long.class);
    }

    static int integer(final Readable row, final String column)
    {
        return row.get(column, Integer.class);
    }

    static String text(final Readable row, final String column)
    {
        return row.get(column, String.class);
    }

    static <T> Flux<T> list(final Statement statement, final Function<Readable, T> reading)
    {
        return Flux.from(statement.execute()).concatMap(result -> result.map(reading));
    }

    private static Mono<Void> each(
        final Connection connection, final String sql, final java.util.function.Consumer<Readable> reading)
    {
        return list(connection.createStatement(sql), row ->
        {
            reading.accept(row);
            return true;
        }).then();
    }

    static Mono<Long> update(final Statement statement)
    {
        return Flux.from(statement.execute()).concatMap(result -> result.getRowsUpdated()).reduce(0L, Long::sum);
    }

    private static String[] joined(final String[] first, final String[] second)
    {
        final List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(second));
        return all.toArray(new String[0]);
    }

    private static Object[] joined(final Object[] first, final Object[] second)
    {
        final List<Object> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(second));
        return all.toArray();
    }
}
