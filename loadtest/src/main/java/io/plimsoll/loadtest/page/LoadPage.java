package io.plimsoll.loadtest.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.loadtest.csv.CsvFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** A load test, as its JSON tells it, as a page and as tables. Stateless. */
public final class LoadPage
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> SERIES = List.of(
        "seconds", "submitted", "assigned", "ended", "p50Micros", "p99Micros", "agents", "managerCores",
        "managerMemoryBytes");

    private LoadPage()
    {
    }

    /**
     * The page.
     *
     * @param json   of the load test.
     * @param target takes it in UTF-8; not closed.
     * @throws IOException if it cannot take it.
     */
    public static void html(final String json, final OutputStream target) throws IOException
    {
        PlotPage.write("Plimsoll load test", json, PlotPage.resource(LoadPage.class, "load.js"), target);
    }

    /** Tables: the columns are in docs/LOADTEST.md. */
    public static void csv(final String json, final CsvFolder folder)
    {
        final JsonNode result;
        try
        {
            result = MAPPER.readTree(json);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        folder.table("series", SERIES, rows ->
        {
            for (final JsonNode second : result.path("series"))
            {
                rows.add(SERIES.stream().map(field -> cell(second.path(field))).toArray());
            }
        });
        folder.table("latencies", List.of("what", "to_micros", "count"), rows ->
        {
            for (final String what : List.of("submitToAssigned", "submitToReply"))
            {
                for (final JsonNode bin : result.path(what + "Histogram"))
                {
                    rows.add(what, cell(bin.path("toMicros")), cell(bin.path("count")));
                }
            }
        });
        folder.table(
            "steps",
            List.of("rate", "due", "submitted", "assigned", "p50_micros", "p99_micros", "max_micros", "broken"),
            rows ->
            {
                for (final JsonNode step : result.path("steps"))
                {
                    final JsonNode micros = step.path("submitToAssignedMicros");
                    rows.add(
                        cell(step.path("rate")), cell(step.path("due")), cell(step.path("submitted")),
                        cell(step.path("assigned")), cell(micros.path("p50")), cell(micros.path("p99")),
                        cell(micros.path("max")), cell(step.path("broken")));
                }
            });
    }

    private static Object cell(final JsonNode value)
    {
        return value.isNumber() ? (Object)value.asDouble() : value.isTextual() ? value.asText() : null;
    }
}
