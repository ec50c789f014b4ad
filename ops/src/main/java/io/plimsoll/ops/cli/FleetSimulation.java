package io.plimsoll.ops.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.Seconds;
import io.plimsoll.loadtest.virtual.ClusterRun;
import io.plimsoll.loadtest.virtual.FiguresJson;
import io.plimsoll.loadtest.virtual.Interval;
import io.plimsoll.loadtest.virtual.RunFigures;
import io.plimsoll.loadtest.virtual.RunSetup;
import io.plimsoll.loadtest.virtual.SeedRuns;
import io.plimsoll.loadtest.virtual.SessionLog;
import io.plimsoll.loadtest.whatif.WaitFigures;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
    private Fleet fleet;
    private ClusterRun first;
    private List<RunFigures> runs;

    FleetSimulation(
        final Terminal terminal, final FleetRunOptions options, final GroupSpec policies, final String until)
    {
        this.terminal = terminal;
        this.options = options;
        this.policies = policies;
        this.until = until;
    }

    /** Runs all of it. */
    FleetSimulation run()
    {
        fleet = options.fleet(terminal);
        final LongFunction<Workload> workloads = options.workloads(terminal);
        final RunSetup setup = options.setup(policies, until);
        final long warmupNs = options.warmupNs();
        try
        {
            first = new ClusterRun(workloads.apply(setup.seed()), fleet, setup).run();
            runs = new ArrayList<>(List.of(RunFigures.of(first, warmupNs)));
            try (PartLine line = PartLine.of(terminal, "seeds"))
            {
                runs.addAll(SeedRuns.of(
                    options.seeds() - 1,
                    setup.seed() + 1,
                    options.threads(),
                    seed -> RunFigures.of(
                        new ClusterRun(workloads.apply(seed), fleet, setup.withSeed(seed)).run(), warmupNs),
                    line));
            }
        }
        catch (final ScenarioException | IllegalArgumentException ex)
        {
            throw new CliException(ExitCode.USAGE, ex.getMessage());
        }
        return this;
    }

    /** Hash of the state of the core after the first run. */
    long stateHash()
    {
        return first.stateHash();
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

    /** As one object. */
    String json(final boolean isHashAsked)
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text))
        {
            json.writeStartObject();
            json.writeBooleanField("summary", true);
            json.writeStringField("workload", first.workload().name());
            json.writeStringField("fleet", fleet.name());
            json.writeNumberField("machines", fleet.machines().size());
            final FiguresJson figures = new FiguresJson(json);
            figures.runs(runs);
            figures.waits("waitSecondsByGroup", runs.get(0).waitsByGroup());
            figures.waits("waitSecondsByUser", runs.get(0).waitsByUser());
            json.writeObjectFieldStart("refusedBy");
            for (final Map.Entry<String, Long> refusal : first.refusals().entrySet())
            {
                json.writeNumberField(refusal.getKey(), refusal.getValue());
            }
            json.writeEndObject();
            if (isHashAsked)
            {
                json.writeStringField("stateHash", String.format(Locale.ROOT, "%016x", stateHash()));
            }
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
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
        row(table, "wait mean s", run -> run.waits().meanNs() / SECOND_NS);
        for (final int percent : new int[]{50, 90, 95, 99, 100})
        {
            row(
                table,
                100 == percent ? "wait max s" : "wait p" + percent + " s",
                run -> run.waits().percentileNs(percent) / SECOND_NS);
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
        groups(out);
        if (isHashAsked)
        {
            out.accept(String.format(Locale.ROOT, "state hash %016x", stateHash()));
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
            figure(entry.getValue().meanNs() / SECOND_NS),
            figure(entry.getValue().percentileNs(50) / SECOND_NS),
            figure(entry.getValue().percentileNs(95) / SECOND_NS),
            figure(entry.getValue().percentileNs(100) / SECOND_NS)));
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
        return value == Math.rint(value) && Math.abs(value) < 1e15 ?
            Long.toString((long)value) : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
    }
}
