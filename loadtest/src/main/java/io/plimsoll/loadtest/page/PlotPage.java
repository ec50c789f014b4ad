package io.plimsoll.loadtest.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A page that needs nothing but itself: data, a library of charts, and a script that draws the one with the other. All
 * pages look alike. Stateless.
 */
public final class PlotPage
{
    private static final String CHARTS = "echarts.min.js";

    private PlotPage()
    {
    }

    /**
     * Writes a page. Whatever users named is in it only as data, in which no {@code <} is left that could end it.
     *
     * @param title  of the page, in plain letters.
     * @param json   that the script finds as {@code Page.data}.
     * @param script that draws with what {@code Page} has, see {@code page.js}, and then calls {@code Page.finish}.
     * @param target takes the page in UTF-8; not closed.
     * @throws IOException if it cannot take it.
     */
    public static void write(final String title, final String json, final String script, final OutputStream target)
        throws IOException
    {
        final String page = resource(PlotPage.class, "page.html")
            .replace("Plimsoll page", title)
            .replace("/*CSS*/", resource(PlotPage.class, "page.css"))
            .replace("/*COMMON*/", resource(PlotPage.class, "page.js"))
            .replace("/*JS*/", script);
        final int chartsAt = page.indexOf("/*CHARTS*/");
        final int dataAt = page.indexOf("/*DATA*/");
        target.write(page.substring(0, dataAt).getBytes(StandardCharsets.UTF_8));
        target.write(json.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
            .getBytes(StandardCharsets.UTF_8));
        target.write(page.substring(dataAt + "/*DATA*/".length(), chartsAt).getBytes(StandardCharsets.UTF_8));
        target.write(resource(PlotPage.class, CHARTS).getBytes(StandardCharsets.UTF_8));
        target.write(page.substring(chartsAt + "/*CHARTS*/".length()).getBytes(StandardCharsets.UTF_8));
        target.flush();
    }

    /**
     * A text beside a class.
     *
     * @param beside this class.
     * @param name   of the text.
     */
    public static String resource(final Class<?> beside, final String name) throws IOException
    {
        try (InputStream stream = beside.getResourceAsStream(name))
        {
            if (null == stream)
            {
                throw new IllegalStateException("name=" + name + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
