package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.page.PageBed;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a workload, in a real browser. */
class WorkloadPageIT extends PageBed
{
    private static final String NAME = HOSTILE.replace("'", "").replace("\u2028", "");

    @ParameterizedTest
    @ValueSource(strings = {"start: 2026-11-23T00:00:00Z, ", ""})
    void shouldDrawWithoutComplaintAtEveryWidth(final String start) throws IOException
    {
        final WorkloadSummary summary = WorkloadSurvey.of(Generator.generate(GeneratorYaml.parse("w", "w.yaml",
            "workload: {name: '" + NAME + "', " + start + "duration: 9d, arrivals: {rate: 30/h}, " +
            "shapes: [{cpu: 2, mem: 4g, gpu: 1, slots: {rdma: 5}, limit: 1d, " +
            "duration: {lognormal: {median: 10m, sigma: 2}}}], " +
            "users: {list: [{name: '" + NAME + "'}]}}"), 1));
        shouldDraw(page(target -> SummaryPage.html(summary, target)), "workload", 9);
    }
}
