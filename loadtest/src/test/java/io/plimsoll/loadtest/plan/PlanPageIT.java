package io.plimsoll.loadtest.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.page.PageBed;
import io.plimsoll.loadtest.plan.PlanReport.Asked;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.virtual.RunSetup;
import io.plimsoll.loadtest.virtual.WatchedRuns;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of a plan, in a real browser. */
class PlanPageIT extends PageBed
{
    private static final String NAME = HOSTILE.replace("'", "").replace("\u2028", "");
    private static final GroupSpec POLICIES = GroupSpec.usual(GroupSpec.DEFAULT_NAME);

    @Test
    void shouldDrawTheSmallestFleet() throws IOException
    {
        shouldDraw(page(plan(List.of("v100.count=2..60"), "wait.p95<4h by group", 2, true)::html), "plan-fleet", 9);
    }

    @Test
    void shouldDrawWhatTwoKindsCost() throws IOException
    {
        shouldDrawOnPhone(
            page(plan(List.of("v100=1..30", "a100=1..16"), "wait.p90<30m", 1, false)::html), "plan-two", 7);
    }

    /** A logarithmic axis has no nought. */
    @Test
    void shouldDrawFleetsOnWhichNobodyWaitsBesideOthers() throws IOException
    {
        shouldDrawOnPhone(
            page(plan(List.of("v100=1..400"), "wait.max<1s", 1, false)::html), "plan-nought", 7);
        assertTrue(
            browser.evaluate("Page.data.tried.some(trial => 0 === trial.reached[0].mean) && " +
                "Page.data.tried.some(trial => 300 < trial.reached[0].mean)").asBoolean());
        assertEquals(
            browser.evaluate("Page.data.tried.length").asInt(),
            browser.evaluate("document.querySelectorAll('#objective-0 path[fill=\"#2f9e63\"], " +
                "#objective-0 path[fill=\"#d0493a\"]').length").asInt());
    }

    @Test
    void shouldDrawTheLargestLoad() throws IOException
    {
        shouldDrawOnPhone(page(plan(List.of(), "wait.p95<3h", 2, true)::html), "plan-load", 8);
    }

    @Test
    void shouldDrawThatNothingWillDo() throws IOException
    {
        shouldDrawOnPhone(page(plan(List.of("v100=1..2"), "wait.max<1s", 1, false)::html), "plan-none", 1);
    }

    private PlanReport plan(final List<String> vary, final String objective, final int seeds, final boolean isAgainst)
        throws IOException
    {
        final Fleet fleet = WatchedRuns.fleet(directory, 12);
        final List<Objective> objectives = List.of(Objective.parse(objective), Objective.parse("unstarted<1"));
        final List<Vary> varied = vary.stream().map(Vary::parse).toList();
        final RunSetup setup = RunSetup.PLAIN.withPolicies(List.of(POLICIES.named(RunSetup.OTHERS)));
        final PlanSearch search = new PlanSearch(
            fleet, varied, seed -> WatchedRuns.workload(NAME, "start: 2026-11-23T00:00:00Z, ", seed), objectives,
            new Planner.Options(seeds, 2, 0), (trial, part) ->
            {
                // Nobody watches.
            });
        final PlanSearch.Found found = search.run(setup);
        final GroupSpec other = POLICIES.withPolicies("group.select=dispersed,backfill=none");
        return new PlanReport(
            new Asked(
                NAME, NAME, POLICIES.told(), objectives, varied.stream().map(Vary::kind).toList(), seeds, 0),
            found.best(), found.missed(), found.trials(), null,
            isAgainst ? search.effect(
                found, NAME, other, setup.withPolicies(List.of(other.named(RunSetup.OTHERS)))) : null,
            found.series());
    }
}
