package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.identity.AuditEntry;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Identities;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.Project;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.manager.identity.User;
import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Domains, projects, users and keypairs: list, get, make, change, delete. Reads are answered from memory, changes by
 * the database. Event loops only.
 */
final class IdentityRoutes
{
    private static final int LIST_MAX = 1_000;

    private final ManagerServices services;
    private final Visibility visibility;
    private final IdentityDrafts drafts;

    IdentityRoutes(final ManagerServices services)
    {
        this.services = services;
        visibility = new Visibility(services);
        drafts = new IdentityDrafts(accessKey -> services.identities().newSecret(accessKey));
    }

    List<Route> routes()
    {
        final List<Route> routes = new ArrayList<>();
        for (final SubjectKind kind : SubjectKind.values())
        {
            final String one = kind.path() + "/{" + kind.label() + "}";
            routes.add(Route.get(kind.path(), kind.filters(), exchange -> list(exchange, kind)));
            routes.add(Route.post(kind.path(), exchange -> create(exchange, kind)));
            routes.add(Route.get(one, Set.of(), exchange -> one(exchange, kind)));
            routes.add(Route.change("PATCH", one, exchange -> update(exchange, kind)));
            routes.add(Route.action("DELETE", one, exchange -> delete(exchange, kind)));
        }
        routes.add(Route.change("POST", "/v1/projects/{project}/members", this::members));
        routes.add(Route.get("/v1/whoami", Set.of(), this::whoami));
        return routes;
    }

    /** Whether a path is about these. */
    static boolean areOfIdentities(final String template)
    {
        for (final SubjectKind kind : SubjectKind.values())
        {
            if (template.startsWith(kind.path()))
            {
                return true;
            }
        }
        return template.startsWith(TemplateRoutes.PATH);
    }

    private void whoami(final Exchange exchange)
    {
        final Caller caller = exchange.caller();
        final Identity identity = services.identities().identity();
        final Subject user = identity.subject(caller.userId());
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeStringField("name", caller.name());
            json.writeStringField("role", caller.role().label());
            JsonFields.textOrNull(json, "accessKey", caller.accessKey());
            JsonFields.textOrNull(json, "domain", identity.name(caller.domainId()));
            PolicyDraft.texts(
                json, "projects", identity.projectsOf(caller.userId()).stream().map(Project::name).toList());
            final Project project = user instanceof final User known ? identity.defaultProject(known) : null;
            JsonFields.longOrNull(json, "staleSeconds", services.identities().staleSeconds(), 0);
            JsonFields.textOrNull(json, "defaultProject", null == project ? null : project.name());
            json.writeEndObject();
        });
    }

    private void list(final Exchange exchange, final SubjectKind kind)
    {
        final int limit = (int)exchange.number("limit", LIST_MAX, 1, LIST_MAX);
        final String after = exchange.text("cursor");
        final int afterId = SubjectKind.KEYPAIR == kind ? (int)exchange.number("cursor", 0, 1, Integer.MAX_VALUE) : 0;
        exchange.whenDone(services.identities().known(), identity ->
        {
            final List<Subject> page = new ArrayList<>();
            boolean more = false;
            for (final Subject subject : kind.all(identity))
            {
                // Where the last one stood, whether it is still there or not.
                final boolean isBehind = SubjectKind.KEYPAIR == kind ?
                    subject.accountId() > afterId : null == after || subject.name().compareTo(after) > 0;
                final boolean shown = isBehind && visibility.sees(exchange.caller(), subject) &&
                    kind.isOf(identity, subject, exchange);
                if (shown && page.size() < limit)
                {
                    page.add(subject);
                }
                else
                {
                    more |= shown;
                }
            }
            final Subject last = more ? page.get(page.size() - 1) : null;
            final String next = null == last ? null :
                SubjectKind.KEYPAIR == kind ? Integer.toString(last.accountId()) : last.name();
            exchange.json(200, json ->
            {
                json.writeStartObject();
                json.writeArrayFieldStart(kind.label() + "s");
                for (final Subject subject : page)
                {
                    SubjectJson.write(json, subject, identity, services.view(), null);
                }
                json.writeEndArray();
                JsonFields.textOrNull(json, "nextCursor", next);
                json.writeEndObject();
            });
        });
    }

    private void one(final Exchange exchange, final SubjectKind kind)
    {
        exchange.whenDone(services.identities().known(), identity -> answer(
            exchange, 200, identity, found(exchange, kind, identity), null));
    }

    /** The one of the path, or 404 if it is not there, or not for the caller. */
    private Subject found(final Exchange exchange, final SubjectKind kind, final Identity identity)
    {
        final String name = exchange.pathParameter();
        final Subject subject = kind.find(identity, name);
        if (null == subject || !visibility.sees(exchange.caller(), subject))
        {
            final List<String> names = kind.all(identity).stream()
                .filter(other -> visibility.sees(exchange.caller(), other))
                .map(Subject::name)
                .toList();
            throw new Problem(
                404, "unknown-" + kind.label(), "there is no " + kind.label() + " \"" + name + "\"" +
                    NearMatch.hint(NearMatch.find(name, names))).asException();
        }
        return subject;
    }

    private void create(final Exchange exchange, final SubjectKind kind)
    {
        final SubjectDraft draft = SubjectDraft.read(exchange.body(), kind.fields(true));
        draft.policy().checkSlots(services.view());
        final IdentityDrafts.Secret secret = SubjectKind.KEYPAIR == kind ? drafts.newSecret() : null;
        final String name = null == secret ? draft.required("name") : secret.accessKey();
        change(
            exchange, 201, entry(exchange, kind, "create", name, draft.summary()),
            (identity, change) -> drafts.create(kind, draft, exchange.caller(), identity, change, secret),
            identity -> kind.find(identity, name),
            null == secret ? null : secret.token());
    }

    private void update(final Exchange exchange, final SubjectKind kind)
    {
        final SubjectDraft draft = SubjectDraft.read(exchange.body(), kind.fields(false));
        draft.policy().checkSlots(services.view());
        final String name = exchange.pathParameter();
        change(
            exchange, 200, entry(exchange, kind, "update", name, draft.summary()),
            (identity, change) ->
            {
                final Subject subject = found(exchange, kind, identity);
                requireTag(exchange, kind, subject, identity);
                return drafts.update(draft, exchange.caller(), identity, change, subject);
            },
            identity -> kind.find(identity, draft.value("name", name)),
            null);
    }

    private void delete(final Exchange exchange, final SubjectKind kind)
    {
        final String name = exchange.pathParameter();
        final Subject[] deleted = new Subject[1];
        final Identity[] before = new Identity[1];
        exchange.whenDone(
            services.identities().change(
                entry(exchange, kind, "delete", name, ""),
                (identity, change) ->
                {
                    before[0] = identity;
                    deleted[0] = found(exchange, kind, identity);
                    requireTag(exchange, kind, deleted[0], identity);
                    IdentityDrafts.requireManaged(exchange.caller(), identity, deleted[0]);
                    return change.delete(deleted[0]);
                }),
            identity -> answer(exchange, 200, before[0], deleted[0], null));
    }

    private static void requireTag(
        final Exchange exchange, final SubjectKind kind, final Subject subject, final Identity identity)
    {
        EntityTag.require(
            exchange, SubjectJson.described(subject, identity), kind.label() + " " + subject.name());
    }

    private void members(final Exchange exchange)
    {
        final List<String> added = new ArrayList<>();
        final List<String> removed = new ArrayList<>();
        CancelParser.object(exchange.body(), (field, parser) -> names(field, parser, added, removed));
        final String name = exchange.pathParameter();
        final String detail = "add=" + added + " remove=" + removed;
        change(
            exchange, 200, entry(exchange, SubjectKind.PROJECT, "members", name, detail),
            (identity, change) ->
            {
                final Project project = (Project)found(exchange, SubjectKind.PROJECT, identity);
                IdentityDrafts.requireManaged(exchange.caller(), identity, project);
                return change.addMembers(project, drafts.users(identity, project, added, "/add"))
                    .then(change.removeMembers(project, drafts.users(identity, project, removed, "/remove")));
            },
            identity -> identity.project(name),
            null);
    }

    private static void names(
        final String field, final JsonParser parser, final List<String> added, final List<String> removed)
        throws IOException
    {
        final List<String> known = List.of("add", "remove");
        if (!known.contains(field))
        {
            throw CancelParser.unknown(field, parser, known);
        }
        if (JsonToken.VALUE_NULL != parser.currentToken())
        {
            ("add".equals(field) ? added : removed).addAll(
                FieldReader.texts(parser, LIST_MAX, Names.LENGTH_MAX, "an array of names of users"));
        }
    }

    private void change(
        final Exchange exchange,
        final int status,
        final AuditEntry entry,
        final Identities.Work work,
        final Function<Identity, Subject> changed,
        final String secret)
    {
        exchange.whenDone(
            services.identities().change(entry, work),
            identity -> answer(exchange, status, identity, changed.apply(identity), secret));
    }

    private void answer(
        final Exchange exchange,
        final int status,
        final Identity identity,
        final Subject subject,
        final String secret)
    {
        EntityTag.answer(
            exchange, status, EntityTag.of(exchange, SubjectJson.described(subject, identity)),
            json -> SubjectJson.write(json, subject, identity, services.view(), secret));
    }

    private static AuditEntry entry(
        final Exchange exchange, final SubjectKind kind, final String action, final String target, final String detail)
    {
        return AuditTrail.entry(exchange, kind.label() + "." + action, target, detail);
    }

    /** The kinds, and how each is found. */
    enum SubjectKind
    {
        DOMAIN(Set.of(), List.of("name")),
        PROJECT(Set.of("domain"), List.of("name", "domain")),
        USER(Set.of("domain", "project"), List.of("name", "domain", "role", "defaultProject", "projects")),
        KEYPAIR(Set.of("user"), List.of("user", "expiresAt"));

        private final Set<String> filters;
        private final List<String> fields;

        SubjectKind(final Set<String> filters, final List<String> fields)
        {
            final Set<String> all = new java.util.TreeSet<>(filters);
            all.addAll(Set.of("cursor", "limit"));
            this.filters = Set.copyOf(all);
            this.fields = fields;
        }

        String label()
        {
            return name().toLowerCase(Locale.ROOT);
        }

        private String path()
        {
            return "/v1/" + label() + "s";
        }

        private Set<String> filters()
        {
            return filters;
        }

        /** What of it never changes is said when it is made only. */
        private List<String> fields(final boolean isNew)
        {
            return isNew ? fields :
                fields.stream().filter(field -> !Set.of("domain", "user", "projects").contains(field)).toList();
        }

        private Collection<? extends Subject> all(final Identity identity)
        {
            return switch (this)
            {
                case DOMAIN -> identity.domains();
                case PROJECT -> identity.projects();
                case USER -> identity.users();
                case KEYPAIR -> identity.keypairs();
            };
        }

        private Subject find(final Identity identity, final String name)
        {
            return switch (this)
            {
                case DOMAIN -> identity.domain(name);
                case PROJECT -> identity.project(name);
                case USER -> identity.user(name);
                case KEYPAIR -> identity.keypair(name);
            };
        }

        private boolean isOf(final Identity identity, final Subject subject, final Exchange exchange)
        {
            return
                isNamed(exchange, "domain", () -> List.of(
                    identity.name(identity.owner(subject.accountId()).domainId()))) &&
                isNamed(exchange, "user", () -> List.of(
                    identity.name(identity.owner(subject.accountId()).userId()))) &&
                isNamed(exchange, "project", () -> identity.projectsOf(subject.accountId()).stream()
                    .map(Project::name)
                    .toList());
        }

        private static boolean isNamed(
            final Exchange exchange, final String filter, final Supplier<List<String>> names)
        {
            final String wanted = exchange.text(filter);
            return null == wanted || names.get().contains(wanted);
        }
    }
}
