package io.plimsoll.loadtest.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.loadtest.page.PlotPage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A summary as JSON, and as a page that needs nothing but itself. Stateless. */
public final class SummaryPage
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectWriter JSON = MAPPER.writer();

    private SummaryPage()
    {
    }

    /** All of it, on one line. */
    public static String json(final WorkloadSummary summary)
    {
        try
        {
            final ObjectNode fields = MAPPER.createObjectNode();
            fields.put("format", "plimsoll-workload").put("formatVersion", WorkloadSummary.FORMAT_VERSION);
            fields.setAll((ObjectNode)MAPPER.valueToTree(summary));
            return JSON.writeValueAsString(fields);
        }
        catch (final JsonProcessingException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * The page.
     *
     * @param summary to show.
     * @param target  takes it in UTF-8; not closed.
     * @throws IOException if it cannot take it.
     */
    public static void html(final WorkloadSummary summary, final OutputStream target) throws IOException
    {
        PlotPage.write(
            "Plimsoll workload", json(summary), PlotPage.resource(SummaryPage.class, "workload.js"), target);
    }
}
