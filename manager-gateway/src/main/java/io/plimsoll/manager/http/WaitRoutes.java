package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.SessionView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Waits for the end of many sessions with one request. Event loops only. */
final class WaitRoutes
{
    static final String TEMPLATE = "/v1/sessions/wait";
    private static final int TIMEOUT_LENGTH_MAX = 40;
    private static final List<String> FIELDS = List.of("ids", "select", "limit", "timeout");

    private final ManagerServices services;
    private final HttpLimits limits;

    WaitRoutes(final ManagerServices services, final HttpLimits limits)
    {
        this.services = services;
        this.limits = limits;
    }

    List<Route> routes()
    {
        return List.of(Route.post(TEMPLATE, this::await));
    }

    private void await(final Exchange exchange)
    {
        final Wanted wanted = parse(exchange.body());
        if (wanted.select.isEmpty())
        {
            await(exchange, wanted, VisibleRanges.merged(wanted.ranges), false);
            return;
        }
        exchange.whenDone(
            new Selection(
                services.view(),
                new FilterReader(services, exchange.caller()).read(wanted.select),
                wanted.limit).run(exchange),
            found -> await(exchange, wanted, found.ranges(), found.isCut()));
    }

    private void await(
        final Exchange exchange, final Wanted wanted, final List<IdRange> ranges, final boolean isCut)
    {
        final ManyEnds ends = new ManyEnds(services, exchange, ranges);
        exchange.whenDone(ends.run(wanted.timeoutMs), done -> exchange.json(
            ends.areAllEnded() ? 200 : 202, json -> write(json, ends, isCut)));
    }

    private void write(final JsonGenerator json, final ManyEnds ends, final boolean isCut) throws IOException
    {
        json.writeStartObject();
        json.writeNumberField("ended", ends.endedCount());
        json.writeNumberField("succeeded", ends.endedCount() - ends.failedCount());
        json.writeNumberField("failed", ends.failedCount());
        json.writeArrayFieldStart("failures");
        for (final SessionView session : ends.failures())
        {
            SessionJson.write(json, session, services.usage(), services.facts());
        }
        json.writeEndArray();
        ranges(json, "waiting", ends.waiting());
        ranges(json, "unknown", ends.unknown());
        json.writeBooleanField("more", isCut);
        json.writeNumberField("sequence", services.view().sequence());
        json.writeEndObject();
    }

    private static void ranges(final JsonGenerator json, final String name, final List<IdRange> ranges)
        throws IOException
    {
        json.writeArrayFieldStart(name);
        for (final IdRange range : ranges)
        {
            json.writeString(IdRanges.format(range.firstId(), range.lastId()));
        }
        json.writeEndArray();
    }

    private Wanted parse(final byte[] body)
    {
        final Wanted wanted = new Wanted();
        wanted.timeoutMs = SessionRoutes.timeoutMs(null, limits);
        CancelParser.object(body, (field, parser) ->
        {
            switch (field)
            {
                case "ids" -> CancelParser.ranges(parser, wanted.ranges);
                case "select" -> CancelParser.select(parser, wanted.select);
                case "limit" -> wanted.limit = FieldReader.integer(
                    parser, 1, CancelParser.SELECTED_MAX, "a whole number from 1 to " + CancelParser.SELECTED_MAX);
                case "timeout" -> wanted.timeoutMs = timeoutMs(parser);
                default -> throw CancelParser.unknown(field, parser, FIELDS);
            }
        });
        if (wanted.ranges.isEmpty() == wanted.select.isEmpty())
        {
            throw new Problem(
                400, "missing-field", "/ids: say for which, either such as {\"ids\": [5, \"20-204\"]} or such as" +
                    " {\"select\": {\"name\": \"train\"}}").field("/ids").asException();
        }
        requireFew(wanted.ranges);
        return wanted;
    }

    private long timeoutMs(final JsonParser parser) throws IOException
    {
        if (JsonToken.VALUE_STRING != parser.currentToken() && JsonToken.VALUE_NUMBER_INT != parser.currentToken())
        {
            throw FieldReader.wrongType(parser, SessionRoutes.TIMEOUT_RIGHT);
        }
        try
        {
            return SessionRoutes.timeoutMs(
                FieldReader.scalar(parser, TIMEOUT_LENGTH_MAX, SessionRoutes.TIMEOUT_RIGHT), limits);
        }
        catch (final IllegalArgumentException ex)
        {
            throw FieldReader.outOfRange(parser, SessionRoutes.TIMEOUT_RIGHT);
        }
    }

    private static void requireFew(final List<IdRange> ranges)
    {
        long ids = 0;
        for (final IdRange range : ranges)
        {
            ids = Math.addExact(ids, Math.min(CancelParser.SELECTED_MAX + 1, range.lastId() - range.firstId() + 1));
        }
        if (ids > CancelParser.SELECTED_MAX)
        {
            throw new Problem(
                400, "out-of-range", "/ids: more than " + CancelParser.SELECTED_MAX + " ids in one request")
                .field("/ids")
                .asException();
        }
    }

    /** What a body says. */
    private static final class Wanted
    {
        private final List<IdRange> ranges = new ArrayList<>();
        private final Map<String, String> select = new LinkedHashMap<>();
        private long limit = CancelParser.SELECTED_DEFAULT;
        private long timeoutMs;
    }
}
