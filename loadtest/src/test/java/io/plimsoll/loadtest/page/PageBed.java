package io.plimsoll.loadtest.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A page in a real browser: it draws, complains of nothing, asks nobody for anything, and shows names as names. With
 * {@code -Dplimsoll.report.pictures=DIR} pictures of it are left there.
 */
public abstract class PageBed
{
    /** A name that would be more than a name if a page took it for more. */
    protected static final String HOSTILE = "</script><b>x</b><img src=x onerror=console.error(1)>\u2028\"'&";
    private static final String PLOTS =
        "[...document.querySelectorAll('.plot')].filter(p => p.querySelectorAll('svg path').length > 5).length";
    private static final List<Integer> WIDTHS = List.of(1366, 390);
    private static final int PICTURE_HEIGHT = 1500;

    /** For files of a test. */
    @TempDir
    protected Path directory;

    /** Without pages yet. */
    protected HeadlessBrowser browser;

    @BeforeEach
    final void start() throws IOException
    {
        browser = HeadlessBrowser.start(Files.createDirectory(directory.resolve("profile")));
    }

    @AfterEach
    final void stop()
    {
        if (null != browser)
        {
            browser.close();
        }
    }

    /** Writes a page. */
    protected interface Page
    {
        /** All of it. */
        void write(OutputStream target) throws IOException;
    }

    /** A file with a page. */
    protected final Path page(final Page page) throws IOException
    {
        final Path file = directory.resolve("page.html");
        try (OutputStream stream = Files.newOutputStream(file))
        {
            page.write(stream);
        }
        return file;
    }

    /** Opens it on a laptop and on a phone, light and dark: whole, and no wider than the screen. */
    protected final void shouldDraw(final Path file, final String name, final int plotsMin) throws IOException
    {
        for (final int width : WIDTHS)
        {
            for (final boolean isDark : List.of(false, true))
            {
                shouldDraw(file, name, plotsMin, width, isDark);
            }
        }
        assertEquals(List.of(file.toUri().toString()), browser.requests.stream().distinct()
            .filter(url -> !url.startsWith("data:")).toList());
    }

    /** The same at one width only: a page whose parts have all been seen at every width. */
    protected final void shouldDrawOnPhone(final Path file, final String name, final int plotsMin) throws IOException
    {
        shouldDraw(file, name, plotsMin, 390, false);
    }

    private void shouldDraw(
        final Path file, final String name, final int plotsMin, final int width, final boolean isDark)
        throws IOException
    {
        browser.open(file.toUri(), width, 900, isDark);
        shouldBeDrawn(plotsMin);
        assertTrue(
            browser.evaluate("document.documentElement.scrollWidth").asInt() <= width,
            "wider than a screen of " + width);
        picture(name + "-" + width + (isDark ? "-dark" : ""));
    }

    /** Every plot of the page that is open has something in it, and no name became more than a name. */
    protected final void shouldBeDrawn(final int plotsMin)
    {
        final int plots = browser.evaluate("Number(document.body.dataset.ready)").asInt();
        assertTrue(plots >= plotsMin, plots + " plots");
        assertEquals(plots, browser.evaluate(PLOTS).asInt(), "plots that are drawn");
        assertEquals(0, browser.evaluate("document.querySelectorAll(" +
            "'main b > b, h1 b, p b, td b, td img, svg img').length").asInt());
        assertEquals(List.of(), browser.complaints);
    }

    /** Leaves pictures of the page that is open, if pictures are wanted: parts of it that a screen can show. */
    protected final void picture(final String name) throws IOException
    {
        final String pictures = System.getProperty("plimsoll.report.pictures");
        final int height = null == pictures ? 0 : browser.evaluate("document.documentElement.scrollHeight").asInt();
        for (int top = 0; top < height; top += PICTURE_HEIGHT)
        {
            Files.write(
                Path.of(pictures, name + "-" + top / PICTURE_HEIGHT + ".png"),
                browser.picture(top, Math.min(PICTURE_HEIGHT, height - top)));
        }
    }
}
