package io.plimsoll.bench.e2e;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.journal.CommitMode;
import java.util.ArrayList;
import java.util.List;

/** The ways into a manager, each beside what bounds it. */
public final class GatewayBench
{
    private final Budget budget;

    /**
     * A benchmark.
     *
     * @param budget of time.
     */
    public GatewayBench(final Budget budget)
    {
        this.budget = budget;
    }

    /** Measures everything. */
    public List<Figure> run()
    {
        final List<Figure> figures = new ArrayList<>();
        figures.add(new SubmitBench(budget).run(CommitMode.ASYNC));
        figures.addAll(new BulkBench(budget).run());
        figures.addAll(new BinaryBench(budget).run());
        return figures;
    }
}
