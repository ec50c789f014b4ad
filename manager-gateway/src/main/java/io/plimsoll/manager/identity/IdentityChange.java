package io.plimsoll.manager.identity;

import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** What can be changed within one transaction. */
public final class IdentityChange
{
    private final IdentityStore store;
    private final Connection connection;

    IdentityChange(final IdentityStore store, final Connection connection)
    {
        this.store = store;
        this.connection = connection;
    }

    /** Adds what has number 0, changes what has one. */
    public Mono<Void> put(final Domain domain)
    {
        return put(IdentityStore.Kind.DOMAIN, domain, Map.of());
    }

    /** Adds what has number 0, changes what has one. */
    public Mono<Void> put(final Project project)
    {
        return put(IdentityStore.Kind.PROJECT, project, Map.of("domain_id", project.domainId()));
    }

    /** Adds what has number 0, changes what has one. */
    public Mono<Void> put(final User user)
    {
        final Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("domain_id", user.domainId());
        columns.put("role", user.role().label());
        columns.put("default_project_id", 0 == user.defaultProjectId() ? null : user.defaultProjectId());
        return put(IdentityStore.Kind.USER, user, columns);
    }

    /** Adds what has number 0, changes what has one. */
    public Mono<Void> put(final Keypair keypair)
    {
        final Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("user_id", keypair.userId());
        columns.put("secret_sha256", keypair.secretSha256());
        final Instant expiresAt = keypair.expiresAt();
        columns.put("expires_at", expiresAt);
        return put(IdentityStore.Kind.KEYPAIR, keypair, columns);
    }

    private Mono<Void> put(final IdentityStore.Kind kind, final Subject subject, final Map<String, Object> own)
    {
        final Map<String, Object> columns = new LinkedHashMap<>();
        columns.put(IdentityStore.Kind.KEYPAIR == kind ? "access_key" : "name", subject.name());
        columns.put("description", subject.description());
        columns.put("active", subject.active());
        columns.put("policy", PolicyJson.write(subject.policy()));
        columns.putAll(own);
        return 0 == subject.accountId() ?
            store.insert(connection, kind, columns) :
            store.update(connection, kind, subject.accountId(), columns);
    }

    /** Removes it with what is nothing without it: keypairs of a user, memberships. */
    public Mono<Void> delete(final Subject subject)
    {
        final IdentityStore.Kind kind = subject instanceof Domain ? IdentityStore.Kind.DOMAIN :
            subject instanceof Project ? IdentityStore.Kind.PROJECT :
            subject instanceof User ? IdentityStore.Kind.USER : IdentityStore.Kind.KEYPAIR;
        return store.delete(connection, kind, subject.accountId());
    }

    /** Adds a version of a template. */
    public Mono<Void> put(final Template template)
    {
        return store.put(connection, template);
    }

    /** Removes all versions of a template. */
    public Mono<Void> delete(final Template template)
    {
        return store.delete(connection, template);
    }

    /** Makes a user whom this transaction has added a member. */
    public Mono<Void> addMember(final Project project, final String userName)
    {
        return store.addMember(connection, project, userName);
    }

    /** Makes users of the project's domain its members. */
    public Mono<Void> addMembers(final Project project, final List<User> users)
    {
        return store.addMembers(connection, project, users);
    }

    /** Ends memberships. */
    public Mono<Void> removeMembers(final Project project, final List<User> users)
    {
        return store.removeMembers(connection, project, users);
    }
}
