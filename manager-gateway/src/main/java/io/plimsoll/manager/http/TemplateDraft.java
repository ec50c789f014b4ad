package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.identity.Template;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a body says of a template; what it does not name stays as it is. */
final class TemplateDraft
{
    private static final JsonFactory JSON = new JsonFactory();
    private static final int DESCRIPTION_LENGTH_MAX = 1_000;

    private String name;
    private String project;
    private String description;
    private String session;

    private TemplateDraft()
    {
    }

    /**
     * Reads a body.
     *
     * @param body  of the request.
     * @param isNew whether it makes a template, so that name, project and session are its to say.
     */
    static TemplateDraft read(final byte[] body, final boolean isNew)
    {
        final List<String> fields =
            isNew ? List.of("name", "project", "description", "session") : List.of("description", "session");
        final TemplateDraft draft = new TemplateDraft();
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
            switch (field)
            {
                case "name" -> draft.name = Names.read(parser);
                case "project" -> draft.project = JsonToken.VALUE_NULL == parser.currentToken() ?
                    null : Names.read(parser);
                case "description" -> draft.description =
                    FieldReader.text(parser, DESCRIPTION_LENGTH_MAX, "text");
                default -> draft.session = session(parser);
            }
        });
        if (isNew && null == draft.name)
        {
            throw SubjectDraft.missing("name").asException();
        }
        if (isNew && null == draft.session)
        {
            throw SubjectDraft.missing("session").asException();
        }
        return draft;
    }

    /** Kept as it came, once each field was looked at. */
    private static String session(final JsonParser parser) throws IOException
    {
        FieldReader.expectObject(parser, "an object with fields of a session, such as {\"command\": [\"./train\"]}");
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out))
        {
            json.writeStartObject();
            json.writeFieldName("session");
            json.copyCurrentStructure(parser);
            json.writeEndObject();
        }
        final byte[] bytes = out.toByteArray();
        final String text = new String(bytes, StandardCharsets.UTF_8);
        final String session = text.substring("{\"session\":".length(), text.length() - 1);
        if (bytes.length > Template.LENGTH_MAX)
        {
            throw FieldReader.outOfRange(parser, "at most " + Template.LENGTH_MAX + " bytes");
        }
        // Once more from its own bytes, within an object, so that a mistake is told with its place.
        try (JsonParser again = Json.parser(bytes))
        {
            again.nextToken();
            again.nextToken();
            again.nextToken();
            SessionDraft.check(again);
        }
        return session;
    }

    String name()
    {
        return name;
    }

    String project()
    {
        return project;
    }

    String description(final String otherwise)
    {
        return null == description ? otherwise : description;
    }

    String session(final String otherwise)
    {
        return null == session ? otherwise : session;
    }
}
