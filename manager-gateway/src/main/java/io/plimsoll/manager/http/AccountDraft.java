package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.manager.control.AccountOptions;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.view.LiveView;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntBiFunction;

/** What a body says of an account; what it does not name stays as it is. */
final class AccountDraft
{
    private static final List<String> FIELDS = List.of(
        "id", "name", "level", "parent", "project", "weight", "sessionsMax", "systemSessionsMax", "pendingMax",
        "kernelsMax", "priorityMax", "allowedTypes", "limits", "pendingLimits");
    private static final List<String> LEVELS = List.of("domain", "project", "user", "keypair", "member");
    private static final int WEIGHT_MAX = 1_000_000;
    private static final int PRIORITY_MAX = 100;

    private final Map<String, Object> values = new LinkedHashMap<>();

    private AccountDraft()
    {
    }

    static AccountDraft read(final byte[] body)
    {
        final AccountDraft draft = new AccountDraft();
        CancelParser.object(body, draft::read);
        return draft;
    }

    /** Throws if a limit is of what nobody has under that name. */
    void checkSlots(final LiveView view)
    {
        LimitNames.check(values, view);
    }

    private void read(final String field, final JsonParser parser) throws IOException
    {
        if (!FIELDS.contains(field))
        {
            throw CancelParser.unknown(field, parser, FIELDS);
        }
        if (values.containsKey(field))
        {
            throw FieldReader.duplicate(parser);
        }
        values.put(field, JsonToken.VALUE_NULL == parser.currentToken() ? null : value(field, parser));
    }

    /** Value of a field that policies have as well. */
    static Object value(final String field, final JsonParser parser) throws IOException
    {
        return switch (field)
        {
            case "id" -> (int)FieldReader.integer(parser, 1, Integer.MAX_VALUE, "the number of the account");
            case "name" -> FieldReader.text(parser, AccountOptions.NAME_LENGTH_MAX, "a name");
            case "level" -> level(parser);
            case "parent" -> FieldReader.scalar(
                parser, AccountOptions.NAME_LENGTH_MAX, "an account of a higher level, by name or number");
            case "project" -> FieldReader.scalar(
                parser, AccountOptions.NAME_LENGTH_MAX, "the project of a member, by name or number");
            case "weight" -> weight(parser);
            case "priorityMax" -> (int)FieldReader.integer(
                parser, 0, PRIORITY_MAX, "a whole number from 0 to " + PRIORITY_MAX);
            case "allowedTypes" -> types(parser);
            case "limits", "pendingLimits" -> limits(parser);
            default -> (int)FieldReader.integer(
                parser, 0, Integer.MAX_VALUE, "a whole number, 0 or more, or null for no limit");
        };
    }

    private static AccountLevel level(final JsonParser parser) throws IOException
    {
        final String right = String.join(", ", LEVELS);
        final String text = FieldReader.text(parser, AccountOptions.NAME_LENGTH_MAX, right);
        if (!LEVELS.contains(text))
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return AccountLevel.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static Integer weight(final JsonParser parser) throws IOException
    {
        final long weight = FieldReader.thousandths(parser);
        if (weight < 1 || weight > WEIGHT_MAX)
        {
            throw FieldReader.outOfRange(parser, "a number from 0.001 to 1000");
        }
        return (int)weight;
    }

    private static Integer types(final JsonParser parser) throws IOException
    {
        int bits = 0;
        for (final String type : FieldReader.texts(parser, GroupOption.TYPES.size(), 16, "an array of session types"))
        {
            if (!GroupOption.TYPES.contains(type))
            {
                throw FieldReader.outOfRange(parser, String.join(", ", GroupOption.TYPES));
            }
            bits |= 1 << GroupOption.TYPES.indexOf(type);
        }
        return bits;
    }

    /** Amounts by slot; null: no limit. */
    private static Map<String, Long> limits(final JsonParser parser) throws IOException
    {
        FieldReader.expectObject(parser, "an object of amounts, such as {\"cpu\": 10, \"mem\": \"64g\"}");
        final Map<String, Long> limits = new LinkedHashMap<>();
        while (JsonToken.END_OBJECT != parser.nextToken())
        {
            final String slot = parser.currentName();
            parser.nextToken();
            if (slot.isEmpty() || slot.length() > AccountOptions.NAME_LENGTH_MAX ||
                limits.size() >= AccountOptions.LIMITS_MAX)
            {
                throw FieldReader.outOfRange(parser, "at most 64 slots with names of 1 to 64 characters");
            }
            limits.put(slot, JsonToken.VALUE_NULL == parser.currentToken() ? null : amount(slot, parser));
        }
        return limits;
    }

    private static Long amount(final String slot, final JsonParser parser) throws IOException
    {
        return switch (slot)
        {
            case "cpu" -> FieldReader.thousandths(parser);
            case "mem" -> FieldReader.bytesOrNone(parser);
            default -> FieldReader.ofSlot(slot, parser);
        };
    }

    /**
     * The account with what was said.
     *
     * @param base      as it is.
     * @param accountId number of an account by its name, which a field has.
     */
    AccountOptions over(final AccountOptions base, final ToIntBiFunction<String, String> accountId)
    {
        final Object id = values.get("id");
        if (null != id && base.id() != (int)id)
        {
            throw new Problem(
                400, "out-of-range", "/id: given " + id + ", but this account has the number " + base.id())
                .field("/id")
                .asException();
        }
        return new AccountOptions(
            base.id(),
            (String)values.getOrDefault("name", base.name()),
            (AccountLevel)values.getOrDefault("level", base.level()),
            account("parent", base.parentId(), accountId),
            account("project", base.projectId(), accountId),
            number("weight", base.weight(), 1_000),
            number("sessionsMax", base.sessionsMax(), -1),
            number("systemSessionsMax", base.systemSessionsMax(), -1),
            number("pendingMax", base.pendingMax(), -1),
            number("kernelsMax", base.kernelsMax(), -1),
            number("priorityMax", base.priorityMax(), PRIORITY_MAX),
            number("allowedTypes", base.allowedTypes(), 0),
            merged(values, "limits", base.limits()),
            merged(values, "pendingLimits", base.pendingLimits()));
    }

    private int account(
        final String field, final int current, final ToIntBiFunction<String, String> accountId)
    {
        final Object name = values.get(field);
        return !values.containsKey(field) ? current : null == name ? 0 : accountId.applyAsInt((String)name, field);
    }

    private int number(final String field, final int current, final int none)
    {
        final Object value = values.get(field);
        return values.containsKey(field) ? null == value ? none : (int)value : current;
    }

    /** Limits with changes of them: those that are null end a limit. */
    @SuppressWarnings("unchecked")
    static Map<String, Long> merged(
        final Map<String, Object> values, final String field, final Map<String, Long> current)
    {
        final Map<String, Long> limits = new LinkedHashMap<>(current);
        final Map<String, Long> changes = (Map<String, Long>)values.get(field);
        if (null == changes)
        {
            return values.containsKey(field) ? Map.of() : current;
        }
        changes.forEach(
            (slot, amount) ->
            {
                if (null == amount)
                {
                    limits.remove(slot);
                }
                else
                {
                    limits.put(slot, amount);
                }
            });
        return Collections.unmodifiableMap(limits);
    }
}
