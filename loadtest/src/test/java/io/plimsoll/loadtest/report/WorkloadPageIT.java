package io.plimsoll.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.jobs.Generator;
import io.plimsoll.loadtest.jobs.GeneratorYaml;
import io.plimsoll.loadtest.jobs.SummaryPage;
import io.plimsoll.loadtest.jobs.WorkloadSurvey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a workload in a real browser, as {@link ReportPageIT} has that of an incident. */
class WorkloadPageIT
{
    private static final String HOSTILE = "</script><b>x</b><img src=x onerror=console.error(1)>\"&";
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

    @ParameterizedTest
    @ValueSource(strings = {"start: 2026-11-23T00:00:00Z, ", ""})
    void shouldDrawWithoutComplaintAtEveryWidth(final String start) throws IOException
    {
        final Path file = directory.resolve("workload.html");
        try (OutputStream stream = Files.newOutputStream(file))
        {
            SummaryPage.html(WorkloadSurvey.of(Generator.generate(GeneratorYaml.parse("w", "w.yaml",
                "workload: {name: '" + HOSTILE + "', " + start + "duration: 9d, arrivals: {rate: 30/h}, " +
                "shapes: [{cpu: 2, mem: 4g, gpu: 1, slots: {rdma: 5}, limit: 1d, " +
                "duration: {lognormal: {median: 10m, sigma: 2}}}], " +
                "users: {list: [{name: '" + HOSTILE + "'}]}}"), 1)), stream);
        }
        for (final int width : List.of(1280, 390))
        {
            for (final boolean isDark : List.of(false, true))
            {
                browser.open(file.toUri(), width, 900, isDark);
                final int plots = browser.evaluate("Number(document.body.dataset.ready)").asInt();
                assertTrue(plots >= 9, plots + " plots");
                assertEquals(plots, browser.evaluate(PLOTS).asInt(), "plots that are drawn at " + width);
                assertTrue(
                    browser.evaluate("document.documentElement.scrollWidth").asInt() <= width,
                    "wider than a screen of " + width);
            }
            final String pictures = System.getProperty("plimsoll.report.pictures");
            if (null != pictures)
            {
                Files.write(Path.of(pictures, "workload-" + width + ".png"), browser.picture());
            }
        }
        assertEquals(0, browser.evaluate("document.querySelectorAll('h1 b, td b, td img, svg img').length").asInt());
        assertEquals(List.of(), browser.complaints);
        assertEquals(List.of(file.toUri().toString()), browser.requests.stream().distinct()
            .filter(url -> !url.startsWith("data:")).toList());
    }
}
