package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.control.AccountOptions;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Accounts: list, get, put, patch. Event loops only. */
final class AccountRoutes
{
    private final ManagerServices services;
    private final Visibility visibility;

    AccountRoutes(final ManagerServices services)
    {
        this.services = services;
        visibility = new Visibility(services);
    }

    List<Route> routes()
    {
        return List.of(
            Route.get("/v1/accounts", Set.of(), this::list),
            Route.get("/v1/accounts/{account}", Set.of(), this::one),
            Route.change("PUT", "/v1/accounts/{account}", exchange -> configure(exchange, false)),
            Route.change("PATCH", "/v1/accounts/{account}", exchange -> configure(exchange, true)));
    }

    /** An account by id or by name; 422 if there is neither, because it is what a body asks for. */
    static int id(final ManagerServices services, final String idOrName, final String field)
    {
        final AccountView account = services.view().account(idOrName);
        if (null == account)
        {
            throw unknown(services, idOrName, 422, field).asException();
        }
        return account.options().id();
    }

    private static Problem unknown(
        final ManagerServices services, final String idOrName, final int status, final String field)
    {
        return unknown(services, idOrName, status, field, account -> true);
    }

    private static Problem unknown(
        final ManagerServices services,
        final String idOrName,
        final int status,
        final String field,
        final Predicate<AccountView> visible)
    {
        final List<String> names = services.view().accounts().stream()
            .filter(visible)
            .map(account -> account.options().name())
            .toList();
        return new Problem(
            status, "unknown-account", "there is no account \"" + idOrName + "\"" +
                NearMatch.hint(NearMatch.find(idOrName, names))).field(field);
    }

    /** What counts for the caller, and what limits the caller. */
    private boolean isVisible(final Exchange exchange, final AccountView account)
    {
        final int id = account.options().id();
        final Subject subject = services.identities().identity().subject(id);
        return visibility.sees(exchange.caller(), id) ||
            null != subject && visibility.sees(exchange.caller(), subject);
    }

    private void list(final Exchange exchange)
    {
        final List<AccountView> accounts = services.view().accounts().stream()
            .filter(account -> isVisible(exchange, account))
            .toList();
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeArrayFieldStart("accounts");
            for (final AccountView account : accounts)
            {
                write(json, account);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void one(final Exchange exchange)
    {
        final String idOrName = GroupRoutes.name(exchange);
        final AccountView account = services.view().account(idOrName);
        if (null == account || !isVisible(exchange, account))
        {
            // Names of others are no hints.
            throw unknown(services, idOrName, 404, "account", other -> isVisible(exchange, other)).asException();
        }
        answer(exchange, account);
    }

    private void answer(final Exchange exchange, final AccountView account)
    {
        EntityTag.answer(
            exchange, 200, EntityTag.of(exchange, described(account.options())), json -> write(json, account));
    }

    private void configure(final Exchange exchange, final boolean merged)
    {
        final String idOrName = GroupRoutes.name(exchange);
        final AccountDraft draft = AccountDraft.read(exchange.body());
        draft.checkSlots(services.view());
        exchange.whenDone(
            services.configuration().configureAccount(idOrName, (current, known) ->
            {
                if (merged && !known)
                {
                    throw unknown(services, idOrName, 404, "account").asException();
                }
                EntityTag.require(exchange, known ? described(current) : null, "account " + idOrName);
                final AccountOptions base = merged ? current : AccountOptions.unlimited(current.id(), current.name());
                return draft.over(base, (name, field) -> id(services, name, field));
            }),
            account -> answer(exchange, account));
    }

    private void write(final JsonGenerator json, final AccountView account) throws IOException
    {
        json.writeStartObject();
        describe(json, account.options());
        JsonFields.slots(json, "used", account.used());
        json.writeNumberField("sessions", account.sessions());
        json.writeNumberField("pending", account.pending());
        json.writeEndObject();
    }

    /** What somebody has said of one, which its ETag names: not what it uses. */
    private Json.Document described(final AccountOptions options)
    {
        return json ->
        {
            json.writeStartObject();
            describe(json, options);
            json.writeEndObject();
        };
    }

    private void describe(final JsonGenerator json, final AccountOptions options) throws IOException
    {
        json.writeNumberField("id", options.id());
        json.writeStringField("name", options.name());
        json.writeStringField("level", ApiNames.lower(options.level()));
        JsonFields.textOrNull(json, "parent", name(options.parentId()));
        JsonFields.textOrNull(json, "project", name(options.projectId()));
        JsonFields.decimal(json, "weight", options.weight(), 3);
        max(json, "sessionsMax", options.sessionsMax());
        max(json, "systemSessionsMax", options.systemSessionsMax());
        max(json, "pendingMax", options.pendingMax());
        max(json, "kernelsMax", options.kernelsMax());
        json.writeNumberField("priorityMax", options.priorityMax());
        json.writeArrayFieldStart("allowedTypes");
        for (final String type : GroupOption.types(options.allowedTypes()))
        {
            json.writeString(type);
        }
        json.writeEndArray();
        JsonFields.slots(json, "limits", options.limits());
        JsonFields.slots(json, "pendingLimits", options.pendingLimits());
    }

    /** Null for none. */
    private String name(final int accountId)
    {
        return 0 == accountId ? null : services.view().accountName(accountId);
    }

    private static void max(final JsonGenerator json, final String name, final int max) throws IOException
    {
        JsonFields.longOrNull(json, name, Math.max(-1, max), -1);
    }
}
