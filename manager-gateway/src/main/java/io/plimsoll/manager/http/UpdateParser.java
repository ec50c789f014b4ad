package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.control.SessionChange;
import io.plimsoll.manager.view.IdRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads what is to change of sessions. Stateless. */
final class UpdateParser
{
    private static final int NAME_LENGTH_MAX = 256;
    private static final long PRIORITY_MAX = 100;
    private static final List<String> FIELDS = List.of("priority", "timeout", "name");
    private static final List<String> FIELDS_OF_MANY = List.of("ids", "ranges", "priority", "timeout", "name");

    private final List<IdRange> ranges = new ArrayList<>();
    private Integer priority;
    private Long walltimeNs;
    private String name;

    private UpdateParser()
    {
    }

    /**
     * What a request asks for.
     *
     * @param ranges of ids; none where the path says which session.
     * @param change that is not empty.
     */
    record Update(List<IdRange> ranges, SessionChange change)
    {
    }

    /** Of <code>{"priority": 5, "timeout": "2h", "name": "x"}</code>, none of which has to be there but one. */
    static Update one(final byte[] body)
    {
        return new UpdateParser().parse(body, FIELDS);
    }

    /** The same with the sessions, as for a cancellation. */
    static Update many(final byte[] body)
    {
        return new UpdateParser().parse(body, FIELDS_OF_MANY);
    }

    private Update parse(final byte[] body, final List<String> known)
    {
        CancelParser.object(body, (field, parser) ->
        {
            if (!known.contains(field))
            {
                throw CancelParser.unknown(field, parser, known);
            }
            read(field, parser);
        });
        if (FIELDS != known && ranges.isEmpty())
        {
            throw missing("ids", "say which, such as {\"ids\": [5, \"20-204\"]}");
        }
        final SessionChange change = new SessionChange(priority, walltimeNs, name);
        if (change.isEmpty())
        {
            throw missing("priority", "say what is to change, such as {\"priority\": 50}; there is " +
                String.join(", ", FIELDS));
        }
        return new Update(ranges, change);
    }

    private static ProblemException missing(final String field, final String right)
    {
        return new Problem(400, "missing-field", "/" + field + ": missing; " + right).field("/" + field).asException();
    }

    private void read(final String field, final JsonParser parser) throws IOException
    {
        switch (field)
        {
            case "priority" -> priority = (int)FieldReader.integer(
                parser, 0, PRIORITY_MAX, "a whole number from 0 to " + PRIORITY_MAX);
            case "timeout" -> walltimeNs =
                JsonToken.VALUE_NULL == parser.currentToken() ? 0 : FieldReader.durationNs(parser);
            case "name" -> name = FieldReader.text(parser, NAME_LENGTH_MAX, "text");
            default -> CancelParser.ranges(parser, ranges);
        }
    }
}
