package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.page.PageBed;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of a simulation, in a real browser. */
class SimulationPageIT extends PageBed
{
    private static final String NAME = HOSTILE.replace("'", "").replace("\u2028", "");

    @ParameterizedTest
    @CsvSource({"'start: 2026-11-23T00:00:00Z, ', 3", "'', 1"})
    void shouldDrawWithoutComplaintAtEveryWidth(final String start, final int seeds) throws IOException
    {
        final SimulationReport report = WatchedRuns.report(NAME, start, WatchedRuns.fleet(directory, 12), seeds);
        shouldDraw(page(report::html), "simulation-" + seeds, 6);
    }
}
