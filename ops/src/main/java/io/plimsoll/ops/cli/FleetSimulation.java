package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.jobs.Skipped;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.Seconds;
import io.plimsoll.loadtest.virtual.ClusterRun;
import io.plimsoll.loadtest.virtual.Interval;
import io.plimsoll.loadtest.virtual.PolicyEffect;
import io.plimsoll.loadtest.virtual.RunFigures;
import io.plimsoll.loadtest.virtual.RunSeries;
import io.plimsoll.loadtest.virtual.RunSetup;
import io.plimsoll.loadtest.virtual.SeedRuns;
import io.plimsoll.loadtest.virtual.SessionLog;
import io.plimsoll.loadtest.virtual.SimulationReport;
import io.plimsoll.loadtest.whatif.WaitFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;

/** Runs a workload on a fleet, with one seed or several, and tells what it comes to. */
final class FleetSimulation
{
    private static final double SECOND_NS = 1e9;
    private static final int GROUPS_SHOWN = 40;

    private final Terminal terminal;
    private final FleetRunOptions options;
    private final GroupSpec policies;
    private final String until;
    private final boolean isWatched;
    private Fleet fleet;
    private LongFunction<Workload> workloads;
    private PolicyEffect effect;
    private ClusterRun first;
    private List<RunFigures> runs;

    /**
     * That has not run.
     *
     * @param until     it goes on at most; null: to its end.
     * @param isWatched whether it is to be told what it looks like over time.
     */
    FleetSimulation(
        final Terminal terminal,
        final FleetRunOptions options,
        final GroupSpec policies,
        final String until,
        final boolean isWatched)
    {
        this.isWatched = isWatched;
        this.terminal = terminal;
        this.options = options;
        this.policies = policies;
        this.until = until;
    }

    /** Runs all of it. */
    FleetSimulation run()
    {
        fleet = options.fleet(terminal);
        workloads = options.workloads(terminal);
        final GroupSpec other = null == options.against() ? null : options.against(policies);
        final RunSetup setup = options.setup(policies, until);
        final long warmupNs = options.warmupNs();
        try
        {
            try (PartLine line = PartLine.of(terminal, options.seeds() > 1 ? "first seed" : "simulating"))
            {
                first = new ClusterRun(workloads.apply(setup.seed()), fleet, setup).telling(line);
                first = isWatched ? first.watched() : first;
                first.run();
            }
            runs = new ArrayList<>(List.of(RunFigures.of(first, warmupNs)));
            runs.addAll(seeds("seeds", setup, setup.seed() + 1, options.seeds() - 1));
            if (null != other)
            {
                final RunSetup changed = options.setup(other, until);
                final List<RunFigures> others = seeds("seeds of the other", changed, setup.seed(), options.seeds());
                effect = new PolicyEffect(
                    options.against(), other.told(), others, setup.seed(),
                    PolicyEffect.compare("this", runs, "other", others), null);
            }
        }
        catch (final ScenarioException | IllegalArgumentException ex)
        {
            throw new CliException(ExitCode.USAGE, ex.getMessage());
        }
        return this;
    }

    private List<RunFigures> seeds(final String what, final RunSetup setup, final long from, final int count)
    {
        try (PartLine line = PartLine.of(terminal, what))
        {
            return SeedRuns.of(
                count,
                from,
                options.threads(),
                seed -> RunFigures.of(
                    new ClusterRun(workloads.apply(seed), fleet, setup.withSeed(seed)).run(), options.warmupNs()),
                line);
        }
    }

    /** One line a session of the first run. */
    List<String> waits()
    {
        final SessionLog log = first.sessions();
        final List<String> lines = new ArrayList<>(log.size() + 1);
        lines.add("job,wait");
        for (int session = 0; session < log.size(); session++)
        {
            final String name = first.workload().job(log.job(session)).name();
            final long startNs = log.startNs(session);
            lines.add(name + "," +
                (SessionLog.NOT_YET == startNs ? "" : Seconds.text(startNs - log.arrivalNs(session))));
        }
        return lines;
    }

    /**
     * What it came to.
     *
     * @param isHashAsked whether the hash of the state is a part of it.
     */
    SimulationReport report(final boolean isHashAsked)
    {
        return new SimulationReport(
            first,
            fleet,
            policies.told(),
            runs,
            options.firstSeed(),
            isWatched ? RunSeries.of(first, options.warmupNs()) : null,
            effect,
            isHashAsked ? hash() : null);
    }

    private String hash()
    {
        return String.format(Locale.ROOT, "%016x", first.stateHash());
    }

    /** For people. */
    void print(final boolean isHashAsked, final Consumer<String> out)
    {
        out.accept(first.workload().name() + " on " + fleet.name() + ", " + fleet.machines().size() + " machines, " +
            runs.size() + (1 == runs.size() ? " seed" : " seeds, 95 % confidence"));
        final TextTable table = new TextTable("WHAT", ">MEAN", ">+-");
        row(table, "sessions", RunFigures::sessions);
        row(table, "refused", RunFigures::refused);
        row(table, "unstarted", RunFigures::unstarted);
        row(table, "failed", RunFigures::failed);
        row(table, "wait mean s", run -> run.waits().meanSeconds());
        for (final int percent : new int[]{50, 90, 95, 99, 100})
        {
            row(
                table,
                100 == percent ? "wait max s" : "wait p" + percent + " s",
                run -> run.waits().percentileSeconds(percent));
        }
        row(table, "bounded slowdown", RunFigures::boundedSlowdown);
        row(table, "attempts", RunFigures::attempts);
        row(table, "cpu use %", run -> 100 * run.cpuUse());
        row(table, "mem use %", run -> 100 * run.memoryUse());
        row(table, "gpu use %", run -> 100 * run.deviceUse());
        row(table, "waiting", RunFigures::waitingMean);
        row(table, "warm-up s", run -> run.warmupNs() / SECOND_NS);
        row(table, "end s", run -> run.endNs() / SECOND_NS);
        table.print(terminal.out());
        leftOut(out);
        neverStarted(out);
        groups(out);
        if (null != effect)
        {
            out.accept("");
            out.accept("With " + effect.name() + " instead:");
            ComparisonText.print(effect.same(), false, terminal);
        }
        if (isHashAsked)
        {
            out.accept("state hash " + hash());
        }
    }

    /** Lines and jobs that are not among the sessions. */
    private void leftOut(final Consumer<String> out)
    {
        for (final Skipped some : first.workload().skipped())
        {
            out.accept(String.format(
                Locale.ROOT, "note: left out %d, %s, the first is %s", some.count(), some.why(), some.first()));
        }
    }

    /** Sessions of the first run that it has ended without: what they ask for is nowhere, or never free. */
    private void neverStarted(final Consumer<String> out)
    {
        final SessionLog log = first.sessions();
        int count = 0;
        int earliest = 0;
        for (int session = log.size() - 1; null == until && session >= 0; session--)
        {
            if (SessionLog.NOT_YET == log.startNs(session) && SessionLog.NOT_YET == log.endNs(session))
            {
                earliest = session;
                count++;
            }
        }
        if (count > 0)
        {
            out.accept(String.format(
                Locale.ROOT, "note: %d would wait for ever, the first is of job %s: nothing more happens, and no " +
                "machine that takes it has come or become free", count,
                first.workload().job(log.job(earliest)).name()));
        }
    }

    private void groups(final Consumer<String> out)
    {
        final Map<String, WaitFigures> waits = runs.get(0).waitsByGroup();
        if (waits.size() < 2)
        {
            return;
        }
        out.accept("");
        final TextTable table = new TextTable("GROUP", ">SESSIONS", ">WAIT MEAN s", ">P50", ">P95", ">MAX");
        waits.entrySet().stream().limit(GROUPS_SHOWN).forEach(entry -> table.row(
            entry.getKey(),
            Integer.toString(entry.getValue().count()),
            figure(entry.getValue().meanSeconds()),
            figure(entry.getValue().percentileSeconds(50)),
            figure(entry.getValue().percentileSeconds(95)),
            figure(entry.getValue().percentileSeconds(100))));
        table.print(terminal.out());
        if (waits.size() > GROUPS_SHOWN)
        {
            out.accept("and " + (waits.size() - GROUPS_SHOWN) + " more: -o jsonl");
        }
    }

    private void row(final TextTable table, final String what, final ToDoubleFunction<RunFigures> figure)
    {
        final Interval interval = SeedRuns.interval(runs, figure);
        table.row(
            what, figure(interval.mean()), Double.isFinite(interval.halfWidth()) ? figure(interval.halfWidth()) : "");
    }

    static String figure(final double value)
    {
        if (!Double.isFinite(value))
        {
            return Double.isNaN(value) ? "-" : "without end";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15 ?
            Long.toString((long)value) : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
    }
}
