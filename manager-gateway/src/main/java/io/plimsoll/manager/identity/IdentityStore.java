package io.plimsoll.manager.identity;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** All SQL there is about identities. Stateless; each method works within the transaction of the connection. */
final class IdentityStore
{
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String DOMAINS =
        "select account_id, name, description, active, policy, created_at from domains order by name";
    private static final String PROJECTS =
        "select account_id, name, domain_id, description, active, policy, created_at from projects order by name";
    private static final String USERS =
        "select account_id, name, domain_id, role, default_project_id, description, active, policy, created_at" +
            " from users order by name";
    private static final String KEYPAIRS =
        "select account_id, access_key, user_id, secret_sha256, description, active, policy, created_at, expires_at" +
            " from keypairs order by account_id";
    private static final String MEMBERS =
        "select m.project_id, m.user_id from members m join projects p on p.account_id = m.project_id order by p.name";
    private static final String MEMBER_ACCOUNTS =
        "select account_id, keypair_id, project_id from member_accounts order by account_id";
    private static final String TEMPLATES =
        "select project_id, name, version, description, session, author, created_at from templates";
    private static final String MISSING_MEMBER_ACCOUNTS =
        "insert into member_accounts (keypair_id, project_id)" +
            " select k.account_id, m.project_id from keypairs k join members m on m.user_id = k.user_id" +
            " where not exists (select 1 from member_accounts a" +
            " where a.keypair_id = k.account_id and a.project_id = m.project_id)";
    private static final String AUDIT =
        "insert into audit (actor, role, source, request_id, action, target, result, detail)" +
            " values ($1, $2, $3, $4, $5, $6, $7, $8)";

    /**
     * Everything, as of one moment.
     *
     * @param highestAccountId that the core knows: numbers above it are given from now on, also by a database that was
     *                         set up anew beside a cluster that was not.
     */
    Mono<Identity> load(final Connection connection, final int highestAccountId)
    {
        return update(connection.createStatement(
            "select setval('account_ids', $1) from account_ids where last_value < $1")
            .bind("$1", (long)highestAccountId))
            .then(Mono.defer(() -> version(connection)))
            .flatMap(version -> list(connection, DOMAINS, IdentityStore::domain)
                .flatMap(domains -> list(connection, PROJECTS, IdentityStore::project)
                    .flatMap(projects -> list(connection, USERS, IdentityStore::user)
                        .flatMap(users -> list(connection, KEYPAIRS, IdentityStore::keypair)
                            .flatMap(keypairs -> members(connection, version, domains, projects, users, keypairs))))));
    }

    private static Mono<Identity> members(
        final Connection connection,
        final long version,
        final List<Domain> domains,
        final List<Project> projects,
        final List<User> users,
        final List<Keypair> keypairs)
    {
        return list(connection, MEMBERS, row -> new Identity.Membership(number(row, 0), number(row, 1)))
            .flatMap(memberships -> list(
                connection,
                MEMBER_ACCOUNTS,
                row -> new Identity.MemberAccount(number(row, 0), number(row, 1), number(row, 2)))
                .flatMap(accounts -> list(connection, TEMPLATES, IdentityStore::template)
                    .map(templates -> new Identity(
                        version, domains, projects, users, keypairs, memberships, accounts, templates))));
    }

    /** Makes all that is read in this transaction be as of its begin; comes first in it. */
    Mono<Void> atOneMoment(final Connection connection)
    {
        return update(connection.createStatement("set transaction isolation level repeatable read")).then();
    }

    /** Number of the last change. */
    Mono<Long> version(final Connection connection)
    {
        return list(
            connection, "select version from identity_version", row -> row.get(0, Long.class)).map(rows -> rows.get(0));
    }

    /** One change after the other: whoever comes second waits here. */
    Mono<Void> begin(final Connection connection)
    {
        return update(connection.createStatement("update identity_version set version = version + 1")).then();
    }

    /** Makes what follows from a change. */
    Mono<Void> end(final Connection connection)
    {
        return update(connection.createStatement(MISSING_MEMBER_ACCOUNTS)).then();
    }

    /**
     * Adds a row.
     *
     * @param columns by name; none of them comes from outside, their values may. {@code policy} is JSON.
     */
    Mono<Void> insert(final Connection connection, final Kind kind, final Map<String, Object> columns)
    {
        final List<String> values = new ArrayList<>();
        int bound = 0;
        for (final Map.Entry<String, Object> column : columns.entrySet())
        {
            bound += null == column.getValue() ? 0 : 1;
            values.add(placeholder(column, bound));
        }
        final Statement statement = connection.createStatement(
            "insert into " + kind.table() + " (" + String.join(", ", columns.keySet()) + ") values (" +
                String.join(", ", values) + ")");
        return update(bind(statement, columns)).onErrorMap(error -> translated(error, kind)).then();
    }

    /** Changes a row; as {@link #insert}. */
    Mono<Void> update(
        final Connection connection, final Kind kind, final int accountId, final Map<String, Object> columns)
    {
        final List<String> changes = new ArrayList<>();
        int bound = 0;
        for (final Map.Entry<String, Object> column : columns.entrySet())
        {
            bound += null == column.getValue() ? 0 : 1;
            changes.add(column.getKey() + " = " + placeholder(column, bound));
        }
        final Statement statement = connection.createStatement(
            "update " + kind.table() + " set " + String.join(", ", changes) + " where account_id = " + accountId);
        return update(bind(statement, columns)).onErrorMap(error -> translated(error, kind)).then();
    }

    /** Removes a row with what depends on it and is nothing without it. */
    Mono<Void> delete(final Connection connection, final Kind kind, final int accountId)
    {
        return update(connection.createStatement("delete from " + kind.table() + " where account_id = $1")
            .bind("$1", accountId)).onErrorMap(error -> translated(error, kind)).then();
    }

    /** Makes users of a project's domain its members. */
    Mono<Void> addMembers(final Connection connection, final Project project, final List<User> users)
    {
        return Flux.fromIterable(users)
            .concatMap(user -> update(connection.createStatement(
                "insert into members (project_id, user_id, domain_id) values ($1, $2, $3) on conflict do nothing")
                .bind("$1", project.accountId())
                .bind("$2", user.accountId())
                .bind("$3", project.domainId())))
            .then();
    }

    /** Makes a user a member by its name. */
    Mono<Void> addMember(final Connection connection, final Project project, final String userName)
    {
        return update(connection.createStatement(
            "insert into members (project_id, user_id, domain_id)" +
                " select $1, account_id, domain_id from users where name = $2 on conflict do nothing")
            .bind("$1", project.accountId())
            .bind("$2", userName)).then();
    }

    /** Ends memberships. */
    Mono<Void> removeMembers(final Connection connection, final Project project, final List<User> users)
    {
        return Flux.fromIterable(users)
            .concatMap(user -> update(connection.createStatement(
                "delete from members where project_id = $1 and user_id = $2")
                .bind("$1", project.accountId())
                .bind("$2", user.accountId()))
                .then(update(connection.createStatement(
                    "update users set default_project_id = null where account_id = $2 and default_project_id = $1")
                    .bind("$1", project.accountId())
                    .bind("$2", user.accountId()))))
            .then();
    }

    /** Adds a version of a template; very old ones go. */
    Mono<Void> put(final Connection connection, final Template template)
    {
        return update(connection.createStatement(
            "insert into templates (project_id, name, version, description, session, author)" +
                " values ($1, $2, $3, $4, $5, $6)")
            .bind("$1", template.projectId())
            .bind("$2", template.name())
            .bind("$3", template.version())
            .bind("$4", template.description())
            .bind("$5", template.session())
            .bind("$6", template.author()))
            .then(update(connection.createStatement(
                "delete from templates where project_id = $1 and name = $2 and version <= $3")
                .bind("$1", template.projectId())
                .bind("$2", template.name())
                .bind("$3", template.version() - Template.VERSIONS_MAX)))
            .then();
    }

    /** Removes all versions of a template. */
    Mono<Void> delete(final Connection connection, final Template template)
    {
        return update(connection.createStatement("delete from templates where project_id = $1 and name = $2")
            .bind("$1", template.projectId())
            .bind("$2", template.name())).then();
    }

    Mono<Void> audit(final Connection connection, final AuditEntry entry)
    {
        return update(connection.createStatement(AUDIT)
            .bind("$1", entry.actor())
            .bind("$2", entry.role())
            .bind("$3", entry.source())
            .bind("$4", entry.requestId())
            .bind("$5", entry.action())
            .bind("$6", stored(entry.target()))
            .bind("$7", entry.result())
            .bind("$8", stored(entry.detail()))).then();
    }

    /** What the database takes for text, which has one character less than ours. */
    private static String stored(final String text)
    {
        return text.replace('\0', '\uFFFD');
    }

    Mono<List<AuditEntry>> audit(final Connection connection, final AuditQuery query)
    {
        final StringBuilder sql = new StringBuilder(
            "select id, at, actor, role, source, request_id, action, target, result, detail from audit where true");
        final List<Object> values = new ArrayList<>();
        if (query.before() > 0)
        {
            values.add(query.before());
            sql.append(" and id < $").append(values.size());
        }
        if (null != query.actor())
        {
            values.add(query.actor());
            sql.append(" and split_part(actor, ' ', 1) = $").append(values.size());
        }
        if (null != query.action())
        {
            values.add(query.action());
            sql.append(" and (action = $").append(values.size())
                .append(" or split_part(action, '.', 1) = $").append(values.size()).append(')');
        }
        if (null != query.target())
        {
            values.add(query.target());
            sql.append(" and target = $").append(values.size());
        }
        final Statement statement = connection.createStatement(
            sql + " order by id desc limit " + query.limit());
        for (int i = 0; i < values.size(); i++)
        {
            statement.bind("$" + (i + 1), values.get(i));
        }
        return list(statement, row -> new AuditEntry(
            row.get(0, Long.class), instant(row, 1), text(row, 2), text(row, 3), text(row, 4), text(row, 5),
            text(row, 6), text(row, 7), text(row, 8), text(row, 9)));
    }

    private static Domain domain(final Readable row)
    {
        return new Domain(
            number(row, 0), text(row, 1), text(row, 2), flag(row, 3), policy(row, 4), instant(row, 5));
    }

    private static Project project(final Readable row)
    {
        return new Project(
            number(row, 0), text(row, 1), number(row, 2), text(row, 3), flag(row, 4), policy(row, 5), instant(row, 6));
    }

    private static User user(final Readable row)
    {
        final Integer project = row.get(4, Integer.class);
        return new User(
            number(row, 0),
            text(row, 1),
            number(row, 2),
            Role.of(text(row, 3)),
            null == project ? 0 : project,
            text(row, 5),
            flag(row, 6),
            policy(row, 7),
            instant(row, 8));
    }

    private static Template template(final Readable row)
    {
        return new Template(
            number(row, 0), text(row, 1), number(row, 2), text(row, 3), text(row, 4), text(row, 5), instant(row, 6));
    }

    private static Keypair keypair(final Readable row)
    {
        return new Keypair(
            number(row, 0),
            text(row, 1),
            number(row, 2),
            text(row, 3),
            text(row, 4),
            flag(row, 5),
            policy(row, 6),
            instant(row, 7),
            instant(row, 8));
    }

    private static int number(final Readable row, final int index)
    {
        return row.get(index, Integer.class);
    }

    private static String text(final Readable row, final int index)
    {
        return row.get(index, String.class);
    }

    private static boolean flag(final Readable row, final int index)
    {
        return row.get(index, Boolean.class);
    }

    private static Policy policy(final Readable row, final int index)
    {
        return PolicyJson.read(row.get(index, String.class));
    }

    private static Instant instant(final Readable row, final int index)
    {
        final OffsetDateTime time = row.get(index, OffsetDateTime.class);
        return null == time ? null : time.toInstant();
    }

    private static <T> Mono<List<T>> list(
        final Connection connection, final String sql, final Function<Readable, T> reading)
    {
        return list(connection.createStatement(sql), reading);
    }

    private static <T> Mono<List<T>> list(final Statement statement, final Function<Readable, T> reading)
    {
        return Flux.from(statement.execute()).concatMap(result -> result.map(reading)).collectList();
    }

    private static Mono<Long> update(final Statement statement)
    {
        return Flux.from(statement.execute()).concatMap(result -> result.getRowsUpdated()).reduce(0L, Long::sum);
    }

    private static String placeholder(final Map.Entry<String, Object> column, final int number)
    {
        if (null == column.getValue())
        {
            return "null";
        }
        return "policy".equals(column.getKey()) ? "cast($" + number + " as jsonb)" : "$" + number;
    }

    private static Statement bind(final Statement statement, final Map<String, Object> columns)
    {
        int number = 0;
        for (final Object value : columns.values())
        {
            if (null != value)
            {
                number++;
                statement.bind(
                    "$" + number, value instanceof final Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
            }
        }
        return statement;
    }

    private static Throwable translated(final Throwable error, final Kind kind)
    {
        if (error instanceof R2dbcDataIntegrityViolationException)
        {
            final String state = ((R2dbcException)error).getSqlState();
            if (UNIQUE_VIOLATION.equals(state))
            {
                return new IdentityException("name-in-use", "there is a " + kind.label() + " of this name already");
            }
            if (FOREIGN_KEY_VIOLATION.equals(state))
            {
                return new IdentityException(
                    "still-used", "something else refers to this " + kind.label() + ", or is not there any more");
            }
        }
        return error;
    }

    /** What there is. */
    enum Kind
    {
        DOMAIN,
        PROJECT,
        USER,
        KEYPAIR;

        /** For people and in the audit log. */
        String label()
        {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        private String table()
        {
            return label() + "s";
        }
    }
}
