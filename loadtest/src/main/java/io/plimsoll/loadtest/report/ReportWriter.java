package io.plimsoll.loadtest.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A report as JSON, and as a page that needs nothing but itself. Stateless. */
public final class ReportWriter
{
    private static final ObjectWriter JSON = new ObjectMapper().writer();
    private static final String CHARTS = "echarts.min.js";

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
     * The page. Whatever users named is in it only as data, in which no {@code <} is left that could end it.
     *
     * @param report to show.
     * @param target takes the page in UTF-8; not closed.
     * @throws IOException if it cannot take it.
     */
    public static void html(final Report report, final OutputStream target) throws IOException
    {
        final String page = resource("report.html")
            .replace("/*CSS*/", resource("report.css"))
            .replace("/*JS*/", resource("report.js"));
        final int chartsAt = page.indexOf("/*CHARTS*/");
        final int dataAt = page.indexOf("/*DATA*/");
        target.write(page.substring(0, dataAt).getBytes(StandardCharsets.UTF_8));
        target.write(json(report).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
            .getBytes(StandardCharsets.UTF_8));
        target.write(page.substring(dataAt + "/*DATA*/".length(), chartsAt).getBytes(StandardCharsets.UTF_8));
        target.write(resource(CHARTS).getBytes(StandardCharsets.UTF_8));
        target.write(page.substring(chartsAt + "/*CHARTS*/".length()).getBytes(StandardCharsets.UTF_8));
        target.flush();
    }

    private static String resource(final String name) throws IOException
    {
        try (InputStream stream = ReportWriter.class.getResourceAsStream(name))
        {
            if (null == stream)
            {
                throw new IllegalStateException("name=" + name + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
