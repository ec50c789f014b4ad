package io.plimsoll.bench.e2e;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Runs;
import io.plimsoll.bench.pipeline.JournalBench;
import io.plimsoll.journal.CommitMode;

/** Sessions that are submitted over HTTP, one at a time, beside what the same server does with nothing. */
final class SubmitBench
{
    private static final int LANES = 8;
    private static final double SUBMIT_TARGET = 0.5;
    private static final String PENDING =
        "{\"name\":\"bench\",\"cpu\":1,\"mem\":\"1g\",\"command\":[\"true\"]}";

    private final Budget budget;

    SubmitBench(final Budget budget)
    {
        this.budget = budget;
    }

    Figure run(final CommitMode commitMode)
    {
        try (ClusterRig rig = new ClusterRig(commitMode))
        {
            final byte[] request = rig.post("/v1/sessions", PENDING);
            final byte[] empty = HttpLane.request("GET", "/health/live", null, null);
            Lanes.closed(rig, LANES, 2 * budget.warmUpNs(), empty);
            Lanes.closed(rig, LANES, 3 * budget.warmUpNs(), request);
            final Runs<Lanes.Outcome> empties = Runs.of(
                budget.runs(), () -> Lanes.closed(rig, LANES, budget.measureNs(), empty), Lanes.Outcome::perSecond);
            final Runs<Lanes.Outcome> submits = Runs.of(
                budget.runs(), () -> Lanes.closed(rig, LANES, budget.measureNs(), request), Lanes.Outcome::perSecond);
            final double value = submits.median().perSecond();
            final boolean sync = CommitMode.SYNC == commitMode;
            final double commitNs = sync ? JournalBench.rawCommitNs(budget.measureNs()) : 0;
            final double limit = sync ?
                LANES * 1e9 / (empties.median().meanNs() + commitNs) : empties.median().perSecond();
            return Figure.of(
                "5", "HTTP submit, one at a time, 8 connections, " + commitMode.label(), value, "requests/s")
                .against(limit, sync ? "8/(mean empty route + mean raw commit)" : "the same server, empty route")
                .target(">= 50 %", value >= SUBMIT_TARGET * limit)
                .with("runs", submits.values())
                .with("latency", submits.median().latencies())
                .with("emptyRoute/s", empties.median().perSecond())
                .with("rawCommitUs", commitNs / 1e3);
        }
    }
}
