package io.plimsoll.loadtest.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.plimsoll.loadtest.page.PlotPage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A report as JSON, and as a page that needs nothing but itself. Stateless. */
public final class ReportWriter
{
    private static final ObjectWriter JSON = new ObjectMapper().writer();
    private static final String SCRIPT = "report.js";

    private ReportWriter()
    {
    }

    /** All of it, on one line. */
    public static String json(final Report report)
    {
        try
        {
            return JSON.writeValueAsString(report);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * The page.
     *
     * @param report to show.
     * @param target takes the page in UTF-8; not closed.
     * @throws IOException if it cannot take it.
     */
    public static void html(final Report report, final OutputStream target) throws IOException
    {
        PlotPage.write("Plimsoll incident report", json(report), PlotPage.resource(ReportWriter.class, SCRIPT), target);
    }
}
