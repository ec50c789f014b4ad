package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.identity.Role;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a body says of a domain, project, user or keypair; what it does not name stays as it is. */
final class SubjectDraft
{
    private static final List<String> COMMON = List.of("description", "active");
    private static final int DESCRIPTION_LENGTH_MAX = 1_000;
    private static final int PROJECTS_MAX = 1_000;
    private static final int TIME_LENGTH_MAX = 40;
    private static final String TIME_RIGHT = "a time such as \"2030-01-31T12:00:00Z\", or null for never";

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final PolicyDraft policy = new PolicyDraft();

    private SubjectDraft()
    {
    }

    /**
     * Reads a body.
     *
     * @param body of the request.
     * @param own  fields of its kind beside those that all have.
     */
    static SubjectDraft read(final byte[] body, final List<String> own)
    {
        final List<String> fields = new ArrayList<>(own);
        fields.addAll(COMMON);
        fields.addAll(PolicyDraft.FIELDS);
        final SubjectDraft draft = new SubjectDraft();
        final List<String> seen = new ArrayList<>();
        CancelParser.object(body, (field, parser) ->
        {
            if (!fields.contains(field))
            {
                throw CancelParser.unknown(field, parser, fields);
            }
            if (seen.contains(field))
            {
                throw FieldReader.duplicate(parser);
            }
            seen.add(field);
            if (PolicyDraft.FIELDS.contains(field))
            {
                draft.policy.read(field, parser);
            }
            else
            {
                draft.values.put(field, JsonToken.VALUE_NULL == parser.currentToken() ? null : value(field, parser));
            }
        });
        return draft;
    }

    private static Object value(final String field, final JsonParser parser) throws IOException
    {
        return switch (field)
        {
            case "active" -> flag(parser);
            case "description" -> FieldReader.text(parser, DESCRIPTION_LENGTH_MAX, "text");
            case "role" -> role(parser);
            case "expiresAt" -> time(parser);
            case "projects" -> FieldReader.texts(parser, PROJECTS_MAX, Names.LENGTH_MAX, "an array of projects");
            default -> Names.read(parser);
        };
    }

    private static Boolean flag(final JsonParser parser) throws IOException
    {
        if (JsonToken.VALUE_TRUE != parser.currentToken() && JsonToken.VALUE_FALSE != parser.currentToken())
        {
            throw FieldReader.wrongType(parser, "true or false");
        }
        return JsonToken.VALUE_TRUE == parser.currentToken();
    }

    private static Role role(final JsonParser parser) throws IOException
    {
        final String right = "superadmin, admin, user or monitor";
        final Role role = Role.of(FieldReader.text(parser, Names.LENGTH_MAX, right));
        if (null == role)
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return role;
    }

    private static Instant time(final JsonParser parser) throws IOException
    {
        final String text = FieldReader.text(parser, TIME_LENGTH_MAX, TIME_RIGHT);
        try
        {
            return OffsetDateTime.parse(text).toInstant();
        }
        catch (final DateTimeParseException ex)
        {
            throw FieldReader.outOfRange(parser, TIME_RIGHT);
        }
    }

    boolean has(final String field)
    {
        return values.containsKey(field);
    }

    /** Value of a field, or what it is now. */
    @SuppressWarnings("unchecked")
    <T> T value(final String field, final T current)
    {
        return values.containsKey(field) ? (T)values.get(field) : current;
    }

    /** Value of a field that must have one. */
    String required(final String field)
    {
        final Object value = values.get(field);
        if (null == value)
        {
            throw missing(field).asException();
        }
        return (String)value;
    }

    static Problem missing(final String field)
    {
        return new Problem(400, "missing-field", "/" + field + ": missing").field("/" + field);
    }

    /** Value of a field that may be left out, but not be null. */
    <T> T notNull(final String field, final T current)
    {
        final T value = value(field, current);
        if (null == value)
        {
            throw new Problem(400, "wrong-type", "/" + field + ": given null; it has to have a value")
                .field("/" + field)
                .asException();
        }
        return value;
    }

    PolicyDraft policy()
    {
        return policy;
    }

    /** What was said, without values that may be long, for the audit log. */
    String summary()
    {
        final List<String> said = new ArrayList<>();
        values.forEach((name, value) -> said.add(name + "=" + value));
        said.addAll(policy.summary());
        final String text = String.join(" ", said);
        return text.length() <= DESCRIPTION_LENGTH_MAX ? text : text.substring(0, DESCRIPTION_LENGTH_MAX) + "…";
    }
}
