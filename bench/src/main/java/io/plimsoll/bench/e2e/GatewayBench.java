package io.plimsoll.bench.e2e;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.journal.CommitMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

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

    /** Measures everything; what breaks does not keep the others from being measured. */
    public List<Figure> run()
    {
        final List<Figure> figures = new ArrayList<>();
        add(figures, "5", "HTTP submit, async", () -> List.of(new SubmitBench(budget).run(CommitMode.ASYNC)));
        add(figures, "5", "HTTP submit, sync", () -> List.of(new SubmitBench(budget).run(CommitMode.SYNC)));
        add(figures, "", "bulk NDJSON", () -> new BulkBench(budget).run());
        add(figures, "", "binary ingress", () -> new BinaryBench(budget).run());
        add(figures, "", "tenants", () -> new TenantsBench(budget).run());
        return figures;
    }

    private static void add(
        final List<Figure> figures, final String row, final String name, final Supplier<List<Figure>> measurement)
    {
        try
        {
            figures.addAll(measurement.get());
        }
        catch (final RuntimeException ex)
        {
            figures.add(Figure.failed(row, name, String.valueOf(ex.getMessage())));
        }
    }
}
