package io.plimsoll.loadtest.compare;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.loadtest.csv.CsvFolder;
import io.plimsoll.loadtest.page.PlotPage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** A comparison as JSON, and as a page that needs nothing but itself. Stateless. */
public final class ComparisonPage
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int FORMAT_VERSION = 1;

    private ComparisonPage()
    {
    }

    /** All of it, on one line. */
    public static String json(final Comparison comparison)
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = MAPPER.createGenerator(text))
        {
            json.writeStartObject();
            json.writeStringField("format", "plimsoll-comparison");
            json.writeNumberField("formatVersion", FORMAT_VERSION);
            comparison.json(json);
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    /** As a table. */
    public static void csv(final Comparison comparison, final CsvFolder folder)
    {
        folder.table(
            "differences",
            List.of("figure", "first", "second", "change", "plus_minus", "relative", "p", "adjusted", "significant"),
            rows -> comparison.differences().forEach(one -> rows.add(
                one.figure(), one.first(), one.second(), one.change(), one.plusMinus(), one.relative(), one.p(),
                one.adjusted(), one.isSignificant() ? 1 : 0)));
    }

    /** What draws a comparison, for pages that show one among other things. */
    public static String script() throws IOException
    {
        return PlotPage.resource(ComparisonPage.class, "effects.js");
    }

    /**
     * The page.
     *
     * @param comparison to show.
     * @param target     takes it in UTF-8; not closed.
     * @throws IOException if it cannot take it.
     */
    public static void html(final Comparison comparison, final OutputStream target) throws IOException
    {
        PlotPage.write(
            "Plimsoll comparison",
            json(comparison),
            script() + PlotPage.resource(ComparisonPage.class, "compare.js"),
            target);
    }
}
