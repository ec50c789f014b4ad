package io.plimsoll.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.manager.replay.ReplayMoment;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser: it draws, complains of nothing, asks nobody for anything, and shows names as names. With
 * {@code -Dplimsoll.report.pictures=DIR} pictures of it are left there.
 */
class ReportPageIT
{
    private static final String HOSTILE = "</script><b>x</b><img src=x onerror=console.error(1)>\u2028\"'&";
    private static final String PLOTS =
        "[...document.querySelectorAll('.plot')].filter(p => p.querySelectorAll('svg path').length > 5).length";

    @TempDir
    private Path directory;

    private HeadlessBrowser browser;

    @BeforeEach
    void start() throws IOException
    {
        browser = HeadlessBrowser.start(Files.createDirectory(directory.resolve("profile")));
    }

    @AfterEach
    void stop()
    {
        if (null != browser)
        {
            browser.close();
        }
    }

    private Report report(final String from, final String to) throws IOException
    {
        final RecordTape tape = TapeJournal.life(1, 12, 1_200);
        final Path journal = Files.createDirectory(directory.resolve("journal"));
        TapeJournal.write(tape, journal);
        return new IncidentReport(journal).of(
            ReplayMoment.parse(from, ZoneOffset.UTC), ReplayMoment.parse(to, ZoneOffset.UTC), 0);
    }

    private Path page(final Report report) throws IOException
    {
        final Path file = directory.resolve("report.html");
        try (OutputStream stream = Files.newOutputStream(file))
        {
            ReportWriter.html(report, stream);
        }
        return file;
    }

    private void picture(final String name) throws IOException
    {
        final String pictures = System.getProperty("plimsoll.report.pictures");
        if (null != pictures)
        {
            Files.write(Path.of(pictures, name + ".png"), browser.picture());
        }
    }

    @Test
    void shouldDrawWithoutComplaintAtEveryWidth() throws IOException
    {
        final Path file = page(report("600", "1000"));
        for (final int width : List.of(1280, 390))
        {
            for (final boolean isDark : List.of(false, true))
            {
                browser.open(file.toUri(), width, 900, isDark);
                final int plots = browser.evaluate("Number(document.body.dataset.ready)").asInt();
                assertTrue(plots >= 5, plots + " plots");
                assertEquals(plots, browser.evaluate(PLOTS).asInt(), "plots that are drawn at " + width);
                assertTrue(
                    browser.evaluate("document.documentElement.scrollWidth").asInt() <= width,
                    "wider than a screen of " + width);
                picture("page-" + width + (isDark ? "-dark" : ""));
            }
        }
        assertEquals(List.of(), browser.complaints);
        assertEquals(List.of(file.toUri().toString()), browser.requests.stream().distinct()
            .filter(url -> !url.startsWith("data:")).toList());
    }

    @Test
    void shouldShowNamesAsNames() throws IOException
    {
        final JsonNode tree = new ObjectMapper().valueToTree(report("600", "1000"));
        rename(tree);
        final Report hostile = new ObjectMapper().treeToValue(tree, Report.class);
        browser.open(page(hostile).toUri(), 1280, 900, false);
        assertEquals(
            0, browser.evaluate("document.querySelectorAll('main b > b, td b, td img, svg img').length").asInt());
        assertTrue(
            browser.evaluate("[...document.querySelectorAll('td.name')].some(cell => cell.textContent === " +
                new ObjectMapper().writeValueAsString(HOSTILE) + ")").asBoolean());
        assertEquals(browser.evaluate("document.body.dataset.ready").asInt(), browser.evaluate(PLOTS).asInt());
        assertEquals(List.of(), browser.complaints);
        picture("page-hostile");
    }

    /** Whatever people can name. */
    private static void rename(final JsonNode node)
    {
        node.forEach(ReportPageIT::rename);
        if (node instanceof ObjectNode object)
        {
            for (final String field : List.of(
                "name", "group", "owner", "agent", "slot", "directory", "said", "subject"))
            {
                if (object.has(field) && object.get(field).isTextual())
                {
                    object.put(field, HOSTILE);
                }
            }
        }
    }

    @Test
    void shouldSayThatNothingHappened() throws IOException
    {
        final Report some = report("600", "1000");
        final ObjectNode tree = new ObjectMapper().valueToTree(some);
        ((ObjectNode)tree.get("totals")).put("commands", 0);
        browser.open(page(new ObjectMapper().treeToValue(tree, Report.class)).toUri(), 390, 844, false);
        assertTrue(browser.evaluate("document.getElementById('nothing').textContent").asText()
            .contains("Nothing happened"));
        assertEquals(List.of(), browser.complaints);
    }
}
