package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.control.GroupOptions;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.transport.Amounts;
import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Resource groups: list, get, put, patch. Event loops only. */
final class GroupRoutes
{
    private static final int TEXT_LENGTH_MAX = 128;

    private final ManagerServices services;

    GroupRoutes(final ManagerServices services)
    {
        this.services = services;
    }

    List<Route> routes()
    {
        return List.of(
            Route.get("/v1/groups", Set.of(), this::list),
            Route.get("/v1/groups/{group}", Set.of(), this::one),
            Route.change("PUT", "/v1/groups/{group}", this::put),
            Route.change("PATCH", "/v1/groups/{group}", this::patch));
    }

    private void list(final Exchange exchange)
    {
        final List<GroupView> groups = services.view().groupList();
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeArrayFieldStart("groups");
            for (final GroupView group : groups)
            {
                write(json, group.name(), group.options());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void one(final Exchange exchange)
    {
        answer(exchange, group(exchange));
    }

    /** The group that a path names; 404 if there is none. */
    GroupView group(final Exchange exchange)
    {
        final String name = name(exchange);
        final GroupView group = services.view().group(name);
        if (null == group)
        {
            throw unknown(name).asException();
        }
        return group;
    }

    private void put(final Exchange exchange)
    {
        final Map<GroupOption, String> changes = read(exchange.body());
        configure(exchange, name(exchange), changes, false);
    }

    private void patch(final Exchange exchange)
    {
        final Map<GroupOption, String> changes = read(exchange.body());
        configure(exchange, name(exchange), changes, true);
    }

    private void configure(
        final Exchange exchange, final String name, final Map<GroupOption, String> changes, final boolean merged)
    {
        exchange.whenDone(
            services.configuration().configureGroup(name, current ->
            {
                if (merged && null == current)
                {
                    throw unknown(name).asException();
                }
                EntityTag.require(exchange, null == current ? null : described(name, current), "group " + name);
                return changed(merged ? current : GroupOptions.DEFAULTS, changes);
            }),
            group -> answer(exchange, group));
    }

    private static void answer(final Exchange exchange, final GroupView group)
    {
        final Json.Document described = described(group.name(), group.options());
        EntityTag.answer(exchange, 200, EntityTag.of(exchange, described), described);
    }

    private static Json.Document described(final String name, final GroupOptions options)
    {
        return json -> write(json, name, options);
    }

    private Problem unknown(final String name)
    {
        final List<String> names = services.view().groupList().stream().map(GroupView::name).toList();
        return new Problem(
            404, "unknown-group", "there is no resource group \"" + name + "\"" +
                NearMatch.hint(NearMatch.find(name, names)) + "; PUT, or plimsoll group set, makes one").field("group");
    }

    static String name(final Exchange exchange)
    {
        return exchange.pathParameter();
    }

    private static GroupOptions changed(final GroupOptions current, final Map<GroupOption, String> changes)
    {
        GroupOptions options = current;
        for (final Map.Entry<GroupOption, String> change : changes.entrySet())
        {
            options = null == change.getValue() ?
                options.withDefault(change.getKey()) : options.with(change.getKey(), change.getValue());
        }
        return options;
    }

    /** Values by option; null: as by default. Each is tried, so that the place of a wrong one can be told. */
    private static Map<GroupOption, String> read(final byte[] body)
    {
        final Map<GroupOption, String> changes = new LinkedHashMap<>();
        CancelParser.object(body, (field, parser) -> read("", field, parser, changes));
        return changes;
    }

    private static void read(
        final String section, final String field, final JsonParser parser, final Map<GroupOption, String> changes)
        throws IOException
    {
        if ("name".equals(field) && section.isEmpty())
        {
            FieldReader.text(parser, TEXT_LENGTH_MAX, "the name of the group");
            return;
        }
        if (JsonToken.START_OBJECT == parser.currentToken() && section.isEmpty() && isSection(field))
        {
            while (JsonToken.END_OBJECT != parser.nextToken())
            {
                final String below = parser.currentName();
                parser.nextToken();
                read(field + ".", below, parser, changes);
            }
            return;
        }
        final GroupOption option = GroupOption.of(section + field);
        if (null == option)
        {
            throw CancelParser.unknown(section + field, parser, GroupOption.labels());
        }
        if (changes.containsKey(option))
        {
            throw FieldReader.duplicate(parser);
        }
        changes.put(option, value(option, parser));
    }

    private static boolean isSection(final String field)
    {
        return GroupOption.labels().stream().anyMatch(label -> label.startsWith(field + "."));
    }

    private static String value(final GroupOption option, final JsonParser parser) throws IOException
    {
        if (JsonToken.VALUE_NULL == parser.currentToken())
        {
            return null;
        }
        final String text = FieldReader.scalar(parser, TEXT_LENGTH_MAX, "a value of " + option.label());
        try
        {
            GroupOptions.DEFAULTS.with(option, text);
            return text;
        }
        catch (final IllegalArgumentException ex)
        {
            throw FieldReader.problem(
                "out-of-range", parser, "given \"" + text + "\"; " + ex.getMessage());
        }
    }

    private static void write(final JsonGenerator json, final String group, final GroupOptions options)
        throws IOException
    {
        json.writeStartObject();
        json.writeStringField("name", group);
        String open = "";
        for (final GroupOption option : GroupOption.values())
        {
            final int dot = option.label().indexOf('.');
            final String section = dot < 0 ? "" : option.label().substring(0, dot);
            if (!open.equals(section))
            {
                if (!open.isEmpty())
                {
                    json.writeEndObject();
                }
                if (!section.isEmpty())
                {
                    json.writeObjectFieldStart(section);
                }
                open = section;
            }
            write(json, option.label().substring(dot + 1), option, options);
        }
        json.writeEndObject();
    }

    private static void write(
        final JsonGenerator json, final String name, final GroupOption option, final GroupOptions options)
        throws IOException
    {
        switch (option.kind())
        {
            case CHOICE -> json.writeStringField(name, options.choice(option));
            case COUNT -> json.writeNumberField(name, options.get(option));
            case DURATION -> json.writeStringField(name, Amounts.formatDuration(options.get(option)));
            case FLAG -> json.writeBooleanField(name, 0 != options.get(option));
            case TYPES ->
            {
                json.writeArrayFieldStart(name);
                for (final String type : GroupOption.types(options.get(option)))
                {
                    json.writeString(type);
                }
                json.writeEndArray();
            }
        }
    }
}
