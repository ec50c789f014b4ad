package io.plimsoll.manager.http;

import io.plimsoll.manager.http.IdentityRoutes.SubjectKind;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Domain;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.IdentityChange;
import io.plimsoll.manager.identity.IdentityService;
import io.plimsoll.manager.identity.Keypair;
import io.plimsoll.manager.identity.Policy;
import io.plimsoll.manager.identity.Project;
import io.plimsoll.manager.identity.Role;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.manager.identity.User;
import io.plimsoll.transport.NearMatch;
import io.plimsoll.transport.auth.Credentials;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/**
 * Turns drafts into changes, held against what is known in the transaction: who may make them, and whether what they
 * name is there. Any thread.
 */
final class IdentityDrafts
{
    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int ACCESS_KEY_LENGTH = 14;

    private final SecureRandom random = new SecureRandom();
    private final UnaryOperator<String> secretOf;

    /**
     * Makes one.
     *
     * @param secretOf secret of a keypair, by its access key.
     */
    IdentityDrafts(final UnaryOperator<String> secretOf)
    {
        this.secretOf = secretOf;
    }

    /** For a new keypair. */
    Secret newSecret()
    {
        final StringBuilder accessKey = new StringBuilder("PK");
        while (accessKey.length() < ACCESS_KEY_LENGTH)
        {
            accessKey.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        final String secret = secretOf.apply(accessKey.toString());
        return new Secret(
            accessKey.toString(), Credentials.hash(secret), IdentityService.TOKEN_PREFIX + accessKey + "." + secret);
    }

    Mono<Void> create(
        final SubjectKind kind,
        final SubjectDraft draft,
        final Caller caller,
        final Identity identity,
        final IdentityChange change,
        final Secret secret)
    {
        final Policy policy = draft.policy().over(Policy.UNLIMITED);
        final String description = draft.notNull("description", "");
        final boolean active = draft.notNull("active", true);
        return switch (kind)
        {
            case DOMAIN -> change.put(new Domain(0, draft.required("name"), description, active, policy, null));
            case PROJECT ->
            {
                final Domain domain = domain(draft, caller, identity);
                yield change.put(new Project(
                    0, draft.required("name"), domain.accountId(), description, active, policy, null));
            }
            case USER -> user(draft, caller, identity, change, policy);
            case KEYPAIR ->
            {
                final User user = user(identity, draft.required("user"), caller);
                requireManaged(caller, identity, user);
                yield change.put(new Keypair(
                    0, secret.accessKey(), user.accountId(), secret.sha256(), description, active, policy, null,
                    draft.value("expiresAt", null)));
            }
        };
    }

    private Mono<Void> user(
        final SubjectDraft draft,
        final Caller caller,
        final Identity identity,
        final IdentityChange change,
        final Policy policy)
    {
        final Domain domain = domain(draft, caller, identity);
        final Role role = draft.notNull("role", Role.USER);
        requireRoleGiven(caller, role);
        final List<Project> projects = new ArrayList<>();
        for (final String name : draft.notNull("projects", List.<String>of()))
        {
            projects.add(project(identity, domain.accountId(), name, "/projects"));
        }
        final String first = draft.value("defaultProject", null);
        final Project main = null == first ? null : project(identity, domain.accountId(), first, "/defaultProject");
        if (null != main && !projects.contains(main))
        {
            projects.add(main);
        }
        final User user = new User(
            0, draft.required("name"), domain.accountId(), role, null == main ? 0 : main.accountId(),
            draft.notNull("description", ""), draft.notNull("active", true), policy, null);
        Mono<Void> done = change.put(user);
        for (final Project project : projects)
        {
            done = done.then(change.addMember(project, user.name()));
        }
        return done;
    }

    Mono<Void> update(
        final SubjectDraft draft,
        final Caller caller,
        final Identity identity,
        final IdentityChange change,
        final Subject subject)
    {
        requireManaged(caller, identity, subject);
        final int id = subject.accountId();
        final Policy policy = draft.policy().over(subject.policy());
        final String description = draft.notNull("description", subject.description());
        final boolean active = draft.notNull("active", subject.active());
        final String name = draft.notNull("name", subject.name());
        if (subject instanceof Domain)
        {
            return change.put(new Domain(id, name, description, active, policy, null));
        }
        if (subject instanceof final Project project)
        {
            return change.put(new Project(id, name, project.domainId(), description, active, policy, null));
        }
        if (subject instanceof final User user)
        {
            final Role role = draft.notNull("role", user.role());
            requireRoleGiven(caller, role);
            return change.put(new User(
                id, name, user.domainId(), role, defaultProject(draft, identity, user), description, active, policy,
                null));
        }
        final Keypair keypair = (Keypair)subject;
        return change.put(new Keypair(
            id, keypair.name(), keypair.userId(), keypair.secretSha256(), description, active, policy, null,
            draft.value("expiresAt", keypair.expiresAt())));
    }

    private static int defaultProject(final SubjectDraft draft, final Identity identity, final User user)
    {
        if (!draft.has("defaultProject"))
        {
            return user.defaultProjectId();
        }
        final String name = draft.value("defaultProject", null);
        if (null == name)
        {
            return 0;
        }
        final Project project = project(identity, user.domainId(), name, "/defaultProject");
        if (!identity.projectsOf(user.accountId()).contains(project))
        {
            throw new Problem(
                422, "not-a-member", "/defaultProject: " + user.name() + " is no member of " + name + "; first:" +
                    " plimsoll admin project add " + name + " " + user.name())
                .field("/defaultProject")
                .asException();
        }
        return project.accountId();
    }

    /** Users of a project's domain, or 422. */
    List<User> users(final Identity identity, final Project project, final List<String> names, final String field)
    {
        final List<User> users = new ArrayList<>();
        for (final String name : names)
        {
            final User user = identity.user(name);
            if (null == user || user.domainId() != project.domainId())
            {
                throw unknown("user", name, identity.users(), project.domainId(), identity, field).asException();
            }
            users.add(user);
        }
        return users;
    }

    /** Named, or the caller's own if there is only that to choose from. */
    private static Domain domain(final SubjectDraft draft, final Caller caller, final Identity identity)
    {
        final String own = identity.name(caller.domainId());
        final String name = draft.value("domain", own.isEmpty() ? null : own);
        if (null == name)
        {
            throw SubjectDraft.missing("domain").asException();
        }
        final Domain domain = identity.domain(name);
        if (null == domain || Role.ADMIN == caller.role() && domain.accountId() != caller.domainId())
        {
            throw unknown("domain", name, identity.domains(), caller.domainId(), identity, "/domain").asException();
        }
        return domain;
    }

    private static User user(final Identity identity, final String name, final Caller caller)
    {
        final User user = identity.user(name);
        if (null == user || Role.ADMIN == caller.role() && user.domainId() != caller.domainId())
        {
            throw unknown("user", name, identity.users(), caller.domainId(), identity, "/user").asException();
        }
        return user;
    }

    private static Project project(
        final Identity identity, final int domainId, final String name, final String field)
    {
        final Project project = identity.project(name);
        if (null == project || project.domainId() != domainId)
        {
            throw unknown("project", name, identity.projects(), domainId, identity, field).asException();
        }
        return project;
    }

    private static Problem unknown(
        final String kind,
        final String name,
        final Collection<? extends Subject> all,
        final int domainId,
        final Identity identity,
        final String field)
    {
        final List<String> near = all.stream()
            .filter(subject -> 0 == domainId || identity.owner(subject.accountId()).domainId() == domainId)
            .map(Subject::name)
            .toList();
        final String where = 0 == domainId ? "" : " in domain " + identity.name(domainId);
        return new Problem(
            422, "unknown-" + kind, field + ": there is no " + kind + " \"" + name + "\"" + where +
                NearMatch.hint(NearMatch.find(name, near))).field(field);
    }

    /** Refuses an admin what is for superadmins: domains, and users who may do more than itself. */
    static void requireManaged(final Caller caller, final Identity identity, final Subject subject)
    {
        if (Role.SUPERADMIN == caller.role())
        {
            return;
        }
        final Subject user = subject instanceof final Keypair keypair ? identity.subject(keypair.userId()) : subject;
        final boolean above = user instanceof final User known &&
            (Role.SUPERADMIN == known.role() || Role.MONITOR == known.role());
        if (Role.ADMIN != caller.role() || subject instanceof Domain || above)
        {
            throw Visibility.notAllowed(caller, "this is for superadmins").asException();
        }
    }

    /** Superadmins and monitors see other domains, so that an admin of one cannot make them. */
    private static void requireRoleGiven(final Caller caller, final Role role)
    {
        if (Role.SUPERADMIN != caller.role() && (Role.SUPERADMIN == role || Role.MONITOR == role))
        {
            throw Visibility.notAllowed(caller, "/role: only superadmins make users who are " + role.label())
                .field("/role")
                .asException();
        }
    }

    /**
     * What proves a keypair.
     *
     * @param accessKey public.
     * @param sha256    what is kept of the secret.
     * @param token     that clients send; shown once.
     */
    record Secret(String accessKey, String sha256, String token)
    {
    }
}
