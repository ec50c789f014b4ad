package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.history.HistoryPrunedException;
import io.plimsoll.manager.history.HistoryStatus;
import io.plimsoll.manager.history.UsageQuery;
import io.plimsoll.manager.history.UsageReport;
import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What was used, and how far history has come. Event loops only. */
final class HistoryRoutes
{
    private static final int DAYS_DEFAULT = 30;
    private static final List<String> KEYS =
        Arrays.stream(UsageQuery.Key.values()).map(UsageQuery.Key::label).toList();
    /** Millicores are thousandths, and all counts nanoseconds. */
    private static final int CPU_SCALE = 12;
    private static final int SCALE = 9;

    private final ManagerServices services;

    HistoryRoutes(final ManagerServices services)
    {
        this.services = services;
    }

    List<Route> routes()
    {
        return List.of(
            Route.get("/v1/usage/history", Set.of("from", "to", "by"), this::usage),
            Route.get("/v1/history", Set.of(), this::status),
            Route.post("/v1/history/rebuild", this::rebuild));
    }

    private void usage(final Exchange exchange)
    {
        final LocalDate today = LocalDate.now(ZoneOffset.UTC);
        final LocalDate to = day(exchange, "to", today);
        final LocalDate from = day(exchange, "from", to.minusDays(DAYS_DEFAULT - 1));
        if (from.isAfter(to))
        {
            throw bad("from", from + " is after " + (null == exchange.text("to") ? "today, " : "to=") + to);
        }
        if (from.plusDays(UsageQuery.DAYS_MAX).isBefore(to))
        {
            throw bad("from", "more than " + UsageQuery.DAYS_MAX + " days; ask for fewer at a time");
        }
        final UsageQuery query = new UsageQuery(from, to, keys(exchange), Visibility.scope(exchange.caller()));
        exchange.whenDone(services.history().usage(query), report -> answer(exchange, query, report));
    }

    private static LocalDate day(final Exchange exchange, final String name, final LocalDate absent)
    {
        final String text = exchange.text(name);
        try
        {
            final LocalDate day = null == text ? absent : LocalDate.parse(text);
            if (day.getYear() < 1970 || day.getYear() > 9999)
            {
                throw new DateTimeException("year=" + day.getYear());
            }
            return day;
        }
        catch (final DateTimeException ex)
        {
            throw exchange.badParameter(name, "a day of UTC such as 2026-11-22");
        }
    }

    private static List<UsageQuery.Key> keys(final Exchange exchange)
    {
        final String text = exchange.text("by");
        final List<UsageQuery.Key> keys = new ArrayList<>();
        for (final String name : (null == text ? UsageQuery.Key.PROJECT.label() : text).split(",", KEYS.size() + 1))
        {
            final int at = KEYS.indexOf(name.trim());
            if (at < 0)
            {
                throw exchange.badParameter("by", "a list of " + String.join(", ", KEYS) +
                    NearMatch.hint(NearMatch.find(name.trim(), KEYS)));
            }
            if (keys.contains(UsageQuery.Key.values()[at]))
            {
                throw exchange.badParameter("by", "each of them once");
            }
            keys.add(UsageQuery.Key.values()[at]);
        }
        return keys;
    }

    private static ProblemException bad(final String field, final String what)
    {
        return new Problem(400, "bad-parameter", field + ": " + what).field(field).asException();
    }

    private void answer(final Exchange exchange, final UsageQuery query, final UsageReport report)
    {
        if (report.isCut())
        {
            throw bad("by", "more than " + UsageReport.ROWS_MAX + " rows; ask for fewer days, or tell less apart");
        }
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeStringField("from", query.from().toString());
            json.writeStringField("to", query.to().toString());
            json.writeArrayFieldStart("by");
            for (final UsageQuery.Key key : query.by())
            {
                json.writeString(key.label());
            }
            json.writeEndArray();
            json.writeArrayFieldStart("rows");
            for (final UsageReport.Row row : report.rows())
            {
                row(json, query, row);
            }
            json.writeEndArray();
            json.writeNumberField("sequence", report.sequence());
            JsonFields.time(json, "countedUntil", report.atNs());
            json.writeNumberField("behind", Math.max(0, services.view().sequence() - report.sequence()));
            json.writeArrayFieldStart("missing");
            for (final long[] gap : report.gaps())
            {
                json.writeStartObject();
                json.writeNumberField("firstSequence", gap[0]);
                json.writeNumberField("lastSequence", gap[1]);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void row(final JsonGenerator json, final UsageQuery query, final UsageReport.Row row)
        throws IOException
    {
        json.writeStartObject();
        for (int i = 0; i < query.by().size(); i++)
        {
            final UsageQuery.Key key = query.by().get(i);
            if (UsageQuery.Key.SLOT != key)
            {
                JsonFields.textOrNull(json, key.label(), plain(key, row.keys().get(i)));
            }
        }
        json.writeStringField("slot", row.slot());
        json.writeFieldName("slotSeconds");
        final BigDecimal seconds = new BigDecimal(row.amountNs(), "cpu".equals(row.slot()) ? CPU_SCALE : SCALE);
        json.writeNumber(seconds.stripTrailingZeros().toPlainString());
        json.writeEndObject();
    }

    /** Names of accounts say what they are of where the database gave them. */
    private static String plain(final UsageQuery.Key key, final String name)
    {
        final String prefix = key.label() + "/";
        return null != name && name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    private void status(final Exchange exchange)
    {
        if (!Visibility.seesAll(exchange.caller()))
        {
            throw Visibility.notAllowed(exchange.caller(), "how history is kept is for superadmins and monitors")
                .asException();
        }
        status(exchange, 200);
    }

    private void status(final Exchange exchange, final int code)
    {
        final HistoryStatus status = services.history().status();
        exchange.json(code, json ->
        {
            json.writeStartObject();
            json.writeStringField("database", status.database());
            json.writeNumberField("sequence", status.sequence());
            json.writeNumberField("released", status.released());
            json.writeNumberField("behind", Math.max(0, status.released() - status.sequence()));
            JsonFields.time(json, "at", status.atNs());
            json.writeNumberField("oldestSequence", status.oldestSequence());
            JsonFields.textOrNull(json, "trouble", status.trouble());
            json.writeEndObject();
        });
    }

    private void rebuild(final Exchange exchange)
    {
        final boolean[] acceptLoss = new boolean[1];
        CancelParser.object(exchange.body(), (field, parser) ->
        {
            if (!"acceptLoss".equals(field))
            {
                throw CancelParser.unknown(field, parser, List.of("acceptLoss"));
            }
            if (JsonToken.VALUE_TRUE != parser.currentToken() && JsonToken.VALUE_FALSE != parser.currentToken())
            {
                throw FieldReader.wrongType(parser, "true or false");
            }
            acceptLoss[0] = JsonToken.VALUE_TRUE == parser.currentToken();
        });
        final CompletableFuture<Void> begun = services.history().rebuild(acceptLoss[0]).exceptionally(thrown ->
        {
            final Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
            throw cause instanceof HistoryPrunedException ?
                new Problem(409, "journal-pruned", cause.getMessage() + "; with acceptLoss it is made all the same")
                    .asException() :
                new CompletionException(cause);
        });
        exchange.whenDone(begun, nothing -> status(exchange, 202));
    }
}
