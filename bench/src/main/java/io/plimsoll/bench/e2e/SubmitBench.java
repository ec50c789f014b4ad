package io.plimsoll.bench.e2e;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Runs;
import io.plimsoll.bench.harness.WarmUp;
import io.plimsoll.bench.pipeline.JournalBench;
import io.plimsoll.journal.CommitMode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Sessions that are submitted over HTTP, one at a time, beside what the same server does with nothing. */
final class SubmitBench
{
    private static final int LANES = 8;
    private static final int SLICES_MAX = 60;
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
            WarmUp.until(budget, SLICES_MAX, () -> Lanes.closed(rig, LANES, budget.warmUpNs(), empty));
            WarmUp.until(budget, SLICES_MAX, () -> Lanes.closed(rig, LANES, budget.warmUpNs(), request));
            final List<Lanes.Outcome> limits = new ArrayList<>();
            // In turn, so that what others take of the machine meanwhile is taken from both.
            final Runs<Lanes.Outcome> submits = Runs.of(
                budget.runs(),
                () ->
                {
                    limits.add(Lanes.closed(rig, LANES, budget.measureNs(), empty));
                    return Lanes.closed(rig, LANES, budget.measureNs(), request);
                },
                Lanes.Outcome::perSecond);
            final Iterator<Lanes.Outcome> each = limits.iterator();
            final Runs<Lanes.Outcome> empties = Runs.of(limits.size(), each::next, Lanes.Outcome::perSecond);
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
