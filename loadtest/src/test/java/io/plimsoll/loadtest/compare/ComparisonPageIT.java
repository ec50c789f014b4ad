package io.plimsoll.loadtest.compare;

import io.plimsoll.loadtest.jobs.Draws;
import io.plimsoll.loadtest.page.PageBed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a comparison, in a real browser. */
class ComparisonPageIT extends PageBed
{
    private static final List<String> FIGURES = List.of(
        "sessions", "waitSeconds.p95", "waitSeconds.max", "cpuUse", "sessionsPerSecond", "managerPeakMemoryBytes",
        "submitToAssignedMicros.p99", HOSTILE);

    @ParameterizedTest
    @ValueSource(ints = {5, 1})
    void shouldDrawWithoutComplaintAtEveryWidth(final int runs) throws IOException
    {
        final Comparison comparison = Comparison.of(side("before", runs, 1), side(HOSTILE, runs, 1.05));
        shouldDraw(page(target -> ComparisonPage.html(comparison, target)), "compare-" + runs, 1);
    }

    private static Side side(final String name, final int count, final double factor)
    {
        final Draws draws = new Draws(3, 1);
        final List<Side.Run> runs = new ArrayList<>();
        for (long seed = 0; seed < count; seed++)
        {
            final Map<String, Double> figures = new LinkedHashMap<>();
            for (int i = 0; i < FIGURES.size(); i++)
            {
                figures.put(FIGURES.get(i), (1000 + 40 * i * draws.uniform()) * (i % 3 > 0 ? factor : 2 - factor));
            }
            runs.add(new Side.Run(seed, figures));
        }
        return new Side(name, Map.of("machines.a100", 12 * factor), runs);
    }
}
