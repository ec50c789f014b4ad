package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.IdentityException;
import io.plimsoll.manager.identity.Project;
import io.plimsoll.manager.identity.Role;
import io.plimsoll.manager.identity.Template;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Templates of sessions: list, get, make, change, delete. Whoever is in a project sees and changes its templates. Reads
 * are answered from memory, changes by the database. Event loops only.
 */
final class TemplateRoutes
{
    static final String PATH = "/v1/templates";

    private static final String ONE = PATH + "/{template}";

    private final ManagerServices services;
    private final Visibility visibility;

    TemplateRoutes(final ManagerServices services)
    {
        this.services = services;
        visibility = new Visibility(services);
    }

    List<Route> routes()
    {
        return List.of(
            Route.get(PATH, Set.of("project"), this::list),
            Route.post(PATH, this::create),
            Route.get(ONE, Set.of("project", "version"), this::one),
            Route.change("PATCH", ONE, Set.of("project"), this::update),
            Route.action("DELETE", ONE, Set.of("project"), this::delete));
    }

    private TemplateFinder finder(final Exchange exchange, final Identity identity)
    {
        return new TemplateFinder(visibility, exchange.caller(), identity);
    }

    private void list(final Exchange exchange)
    {
        exchange.whenDone(services.identities().known(), identity -> exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeArrayFieldStart("templates");
            for (final Project project : finder(exchange, identity).projects(exchange.text("project")))
            {
                for (final NavigableMap<Integer, Template> versions : identity.templates(project.accountId()).values())
                {
                    json.writeStartObject();
                    write(json, versions.lastEntry().getValue(), versions, project.name());
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private void one(final Exchange exchange)
    {
        final String number = exchange.text("version");
        exchange.whenDone(services.identities().known(), identity ->
        {
            final NavigableMap<Integer, Template> versions = found(exchange, identity);
            answer(
                exchange, 200, identity, versions,
                null == number ? versions.lastEntry().getValue() : TemplateFinder.version(versions, number));
        });
    }

    /** Those of the path, or 404. */
    private NavigableMap<Integer, Template> found(final Exchange exchange, final Identity identity)
    {
        final TemplateFinder finder = finder(exchange, identity);
        final String name = exchange.pathParameter();
        final NavigableMap<Integer, Template> versions = finder.versions(name, exchange.text("project"));
        if (null == versions)
        {
            throw finder.unknown(404, name, exchange.text("project")).asException();
        }
        return versions;
    }

    private void create(final Exchange exchange)
    {
        final TemplateDraft draft = TemplateDraft.read(exchange.body(), true);
        final AtomicReference<Project> home = new AtomicReference<>();
        exchange.whenDone(
            services.identities().change(
                AuditTrail.entry(exchange, "template.create", draft.name(), audited(draft.project())),
                (identity, change) ->
                {
                    home.set(finder(exchange, identity).home(draft.project()));
                    requireManaged(exchange.caller(), identity, home.get());
                    final NavigableMap<String, ?> known = identity.templates(home.get().accountId());
                    if (known.containsKey(draft.name()))
                    {
                        throw new IdentityException(
                            "name-in-use", "there is a template of this name already; change it instead");
                    }
                    if (known.size() >= Template.NAMES_MAX)
                    {
                        throw new IdentityException(
                            "too-many-templates", "a project has at most " + Template.NAMES_MAX + " templates");
                    }
                    return change.put(new Template(
                        home.get().accountId(), draft.name(), 1, draft.description(""), draft.session(""),
                        exchange.caller().name(), null));
                }),
            identity -> answerLatest(exchange, 201, identity, home.get(), draft.name()));
    }

    private void update(final Exchange exchange)
    {
        final TemplateDraft draft = TemplateDraft.read(exchange.body(), false);
        final String name = exchange.pathParameter();
        final AtomicReference<Project> home = new AtomicReference<>();
        exchange.whenDone(
            services.identities().change(
                AuditTrail.entry(exchange, "template.update", name, audited(exchange.text("project"))),
                (identity, change) ->
                {
                    final Template latest = requireTag(exchange, identity, found(exchange, identity));
                    home.set((Project)identity.subject(latest.projectId()));
                    requireManaged(exchange.caller(), identity, home.get());
                    return change.put(new Template(
                        latest.projectId(), name, latest.version() + 1, draft.description(latest.description()),
                        draft.session(latest.session()), exchange.caller().name(), null));
                }),
            identity -> answerLatest(exchange, 200, identity, home.get(), name));
    }

    private void delete(final Exchange exchange)
    {
        final String name = exchange.pathParameter();
        final AtomicReference<Identity> before = new AtomicReference<>();
        final AtomicReference<NavigableMap<Integer, Template>> deleted = new AtomicReference<>();
        exchange.whenDone(
            services.identities().change(
                AuditTrail.entry(exchange, "template.delete", name, audited(exchange.text("project"))),
                (identity, change) ->
                {
                    before.set(identity);
                    deleted.set(found(exchange, identity));
                    final Template latest = requireTag(exchange, identity, deleted.get());
                    requireManaged(exchange.caller(), identity, (Project)identity.subject(latest.projectId()));
                    return change.delete(latest);
                }),
            identity -> answer(
                exchange, 200, before.get(), deleted.get(), deleted.get().lastEntry().getValue()));
    }

    private static String audited(final String project)
    {
        return null == project ? "" : "project=" + project;
    }

    /** Members of a project, admins of its domain, and superadmins. */
    private static void requireManaged(final Caller caller, final Identity identity, final Project project)
    {
        final boolean isMember = identity.projectsOf(caller.userId()).contains(project);
        final boolean isAdmin = Role.ADMIN == caller.role() && project.domainId() == caller.domainId();
        if (Role.SUPERADMIN != caller.role() && !isAdmin && (Role.MONITOR == caller.role() || !isMember))
        {
            throw Visibility.notAllowed(caller, "this is for members of project " + project.name()).asException();
        }
    }

    private void answerLatest(
        final Exchange exchange, final int status, final Identity identity, final Project project, final String name)
    {
        final NavigableMap<Integer, Template> versions = identity.templates(project.accountId()).get(name);
        if (null == versions)
        {
            throw new Problem(404, "unknown-template", "the template " + name + " was deleted meanwhile").asException();
        }
        answer(exchange, status, identity, versions, versions.lastEntry().getValue());
    }

    private void answer(
        final Exchange exchange,
        final int status,
        final Identity identity,
        final NavigableMap<Integer, Template> versions,
        final Template template)
    {
        final Json.Document described = described(identity, versions, template);
        EntityTag.answer(exchange, status, EntityTag.of(exchange, described), described);
    }

    private static Json.Document described(
        final Identity identity, final NavigableMap<Integer, Template> versions, final Template template)
    {
        return json ->
        {
            json.writeStartObject();
            write(json, template, versions, identity.name(template.projectId()));
            json.writeFieldName("session");
            json.writeRawValue(template.session());
            json.writeEndObject();
        };
    }

    /** The version in use, if the client takes it for what it is. */
    private static Template requireTag(
        final Exchange exchange, final Identity identity, final NavigableMap<Integer, Template> versions)
    {
        final Template latest = versions.lastEntry().getValue();
        EntityTag.require(exchange, described(identity, versions, latest), "template " + latest.name());
        return latest;
    }

    /** What lists show as well. */
    private static void write(
        final JsonGenerator json,
        final Template template,
        final NavigableMap<Integer, Template> versions,
        final String project)
        throws IOException
    {
        json.writeStringField("name", template.name());
        json.writeStringField("project", project);
        json.writeNumberField("version", template.version());
        json.writeArrayFieldStart("versions");
        for (final int version : versions.keySet())
        {
            json.writeNumber(version);
        }
        json.writeEndArray();
        json.writeStringField("description", template.description());
        json.writeStringField("author", template.author());
        JsonFields.textOrNull(
            json, "createdAt", null == template.createdAt() ? null : template.createdAt().toString());
    }
}
