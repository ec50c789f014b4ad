package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the small bodies: which sessions to cancel, and single flags. Stateless. */
final class CancelParser
{
    private static final int RANGES_MAX = 4096;
    static final long SELECTED_DEFAULT = 10_000;
    static final long SELECTED_MAX = 100_000;
    private static final List<String> FIELDS = List.of("ids", "ranges", "select", "limit");

    private CancelParser()
    {
    }

    /**
     * What to cancel: one of both.
     *
     * @param ranges of ids.
     * @param select conditions, as a list has them.
     * @param limit  most sessions that may be selected.
     */
    record Cancellation(List<IdRange> ranges, Map<String, String> select, long limit)
    {
    }

    /**
     * Of <code>{"ids": [5, "7-9"], "ranges": ["20-204"]}</code>, where both lists take both forms, or of
     * <code>{"select": {"state": "PENDING", "group": "gpu"}, "limit": 1000}</code>.
     */
    static Cancellation parse(final byte[] body)
    {
        final List<IdRange> ranges = new ArrayList<>();
        final Map<String, String> select = new LinkedHashMap<>();
        final long[] limit = {SELECTED_DEFAULT};
        object(body, (field, parser) ->
        {
            switch (field)
            {
                case "ids", "ranges" -> ranges(parser, ranges);
                case "select" -> select(parser, select);
                case "limit" -> limit[0] = FieldReader.integer(
                    parser, 1, SELECTED_MAX, "a whole number from 1 to " + SELECTED_MAX);
                default -> throw unknown(field, parser, FIELDS);
            }
        });
        if (ranges.isEmpty() == select.isEmpty())
        {
            throw new Problem(
                400, "missing-field", "/ids: say which, either such as {\"ids\": [5, \"20-204\"]} or such as" +
                    " {\"select\": {\"state\": \"PENDING\", \"name\": \"train\"}}").field("/ids").asException();
        }
        return new Cancellation(ranges, select, limit[0]);
    }

    static void select(final JsonParser parser, final Map<String, String> select) throws IOException
    {
        FieldReader.expectObject(parser, "an object of conditions");
        while (JsonToken.END_OBJECT != parser.nextToken())
        {
            final String condition = parser.currentName();
            parser.nextToken();
            if (!FilterReader.NAMES.contains(condition))
            {
                throw unknown(condition, parser, FilterReader.NAMES);
            }
            select.put(condition, FieldReader.scalar(parser, RANGES_MAX, "text, as in the query of a list"));
        }
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

    static void ranges(final JsonParser parser, final List<IdRange> ranges) throws IOException
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
