package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the small bodies: which sessions to cancel, and single flags. Stateless. */
final class CancelParser
{
    private static final int RANGES_MAX = 4096;
    private static final List<String> FIELDS = List.of("ids", "ranges");

    private CancelParser()
    {
    }

    /** Ranges of <code>{"ids": [5, "7-9"], "ranges": ["20-204"]}</code>; both lists take both forms. */
    static List<IdRange> ranges(final byte[] body)
    {
        final List<IdRange> ranges = new ArrayList<>();
        object(body, (field, parser) ->
        {
            if (!FIELDS.contains(field))
            {
                throw unknown(field, parser, FIELDS);
            }
            ranges(parser, ranges);
        });
        if (ranges.isEmpty())
        {
            throw new Problem(400, "missing-field", "/ids: missing; say which, such as {\"ids\": [5, \"20-204\"]}")
                .field("/ids")
                .asException();
        }
        return ranges;
    }

    /** Whether a body is an object whose only field is this flag, set. */
    static void expectFlag(final byte[] body, final String name)
    {
        final boolean[] set = new boolean[1];
        object(body, (field, parser) ->
        {
            if (!name.equals(field))
            {
                throw unknown(field, parser, List.of(name));
            }
            if (JsonToken.VALUE_TRUE != parser.currentToken())
            {
                throw FieldReader.wrongType(parser, "true");
            }
            set[0] = true;
        });
        if (!set[0])
        {
            throw new Problem(400, "missing-field", "/" + name + ": missing; confirm with {\"" + name + "\": true}")
                .field("/" + name)
                .asException();
        }
    }

    /** Text of the only field that a body may have; null if it is not there. */
    static String optionalText(final byte[] body, final String name)
    {
        final String[] text = new String[1];
        if (body.length > 0)
        {
            object(body, (field, parser) ->
            {
                if (!name.equals(field))
                {
                    throw unknown(field, parser, List.of(name));
                }
                text[0] = FieldReader.text(parser, RANGES_MAX, "text");
            });
        }
        return text[0];
    }

    private static void ranges(final JsonParser parser, final List<IdRange> ranges) throws IOException
    {
        final String right = "an array of session ids or ranges, such as [5, \"20-204\"]";
        if (JsonToken.START_ARRAY != parser.currentToken())
        {
            throw FieldReader.wrongType(parser, right);
        }
        while (JsonToken.END_ARRAY != parser.nextToken())
        {
            if (ranges.size() >= RANGES_MAX)
            {
                throw FieldReader.outOfRange(parser, "at most " + RANGES_MAX + " ids and ranges in one request");
            }
            ranges.add(SessionDraft.idRange(parser, right));
        }
    }

    static ProblemException unknown(final String field, final JsonParser parser, final List<String> known)
    {
        final List<String> near = NearMatch.find(field, known);
        return FieldReader.problem(
            "unknown-field", parser, "there is no such field; there is " + String.join(", ", known) +
                NearMatch.hint(near));
    }

    static void object(final byte[] body, final FieldListener listener)
    {
        Json.checkUtf8(body);
        try (JsonParser parser = Json.parser(body))
        {
            if (null == parser.nextToken())
            {
                throw new Problem(400, "bad-json", "the body is empty; send a JSON object").asException();
            }
            FieldReader.expectObject(parser, "an object");
            while (JsonToken.END_OBJECT != parser.nextToken())
            {
                final String field = parser.currentName();
                parser.nextToken();
                listener.onField(field, parser);
            }
            SubmitParser.endOfBody(parser);
        }
        catch (final JsonProcessingException ex)
        {
            throw SubmitParser.badJson(ex).asException();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @FunctionalInterface
    interface FieldListener
    {
        void onField(String field, JsonParser parser) throws IOException;
    }
}
