package io.plimsoll.ops.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.plan.FleetPlan;
import io.plimsoll.loadtest.plan.LoadPlan;
import io.plimsoll.loadtest.plan.Objective;
import io.plimsoll.loadtest.plan.Planner;
import io.plimsoll.loadtest.plan.Trial;
import io.plimsoll.loadtest.plan.Vary;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.virtual.FiguresJson;
import io.plimsoll.loadtest.virtual.Pressure;
import io.plimsoll.loadtest.virtual.RunSetup;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Searches for the smallest fleet, or for the largest load. */
@Command(
    name = "plan",
    sortOptions = false,
    description = {
        "Finds the smallest fleet for a workload, or the largest load for a fleet.",
        "Objectives have to hold with every seed. The scheduler is the one that runs in production, in virtual time;",
        "with --vary the fleet is looked for, without it the load. docs/PLAN.md says how."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll plan --workload philly.csv.gz --fleet fleet.yaml --objective 'wait.p95<10m by group' \\",
        "      --vary gpu8.count=20..200 --seeds 5",
        "  plimsoll plan --workload week.csv.gz --fleet fleet.yaml --objective 'wait.p95<60s' --growth 5"})
final class PlanCommand implements Callable<Integer>
{
    private static final double LOAD_MAX = 1000;
    private static final double PERCENT = 100;
    private static final double DAYS_PER_MONTH = 365.2425 / 12;
    private static final double DAYS_MAX = 365_000;

    private final Terminal terminal;

    @Mixin
    private FleetRunOptions runs = new FleetRunOptions();

    @Option(
        names = "--objective",
        paramLabel = "OBJECTIVE",
        required = true,
        description = "What is to hold: wait.mean, wait.p50, wait.p90, wait.p95, wait.p99, wait.max, slowdown, " +
            "use.cpu, use.mem, use.gpu, unstarted, refused or failed, < or >, a bound; waits also by group or by " +
            "user. Repeatable: all must hold.")
    private List<String> objectives = new ArrayList<>();

    @Option(
        names = "--vary",
        paramLabel = "KIND.count=FROM..TO",
        description = "Machines of this kind there may be more or fewer; repeatable. The cheapest fleet is looked " +
            "for where machines have a cost, the one with fewest machines otherwise.")
    private List<String> vary = new ArrayList<>();

    @Option(
        names = "--growth",
        paramLabel = "PERCENT",
        description = "Says when a load that grows by so much a month is more than the fleet carries.")
    private Double growth;

    @Option(names = "--order", paramLabel = "POLICY", description = "Who is next; fifo unless told.")
    private String order;

    @Option(names = "--select", paramLabel = "POLICY", description = "Where; concentrated unless told.")
    private String select;

    @Option(
        names = "--backfill",
        paramLabel = "POLICY",
        description = "Who may go before what does not fit; greedy unless told.")
    private String backfill;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    PlanCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        if (null != growth && (!vary.isEmpty() || !(growth > 0 && growth <= PERCENT * PERCENT)))
        {
            throw usage(vary.isEmpty() ?
                "--growth: " + growth + " is no percentage above 0" :
                "--growth goes without --vary: it asks how long the fleet lasts as it is");
        }
        PolicyJars.load(terminal);
        try
        {
            final Fleet fleet = runs.fleet(terminal);
            final RunSetup setup = runs.setup(policies(), null);
            final List<Objective> wanted = objectives.stream().map(Objective::parse).toList();
            final LongFunction<Workload> workloads = runs.workloads(terminal);
            final Planner planner = new Planner(
                workloads,
                setup,
                wanted,
                new Planner.Options(runs.seeds(), runs.threads(), runs.warmupNs()),
                this::tell);
            if (vary.isEmpty())
            {
                return load(planner.largestLoad(fleet, LOAD_MAX));
            }
            return fleet(planner.smallest(fleet, vary.stream().map(Vary::parse).toList()));
        }
        catch (final ScenarioException | IllegalArgumentException ex)
        {
            throw usage(ex.getMessage());
        }
    }

    private GroupSpec policies()
    {
        try
        {
            return GroupSpec.usual(GroupSpec.DEFAULT_NAME).withPolicies(order, select, backfill);
        }
        catch (final ScenarioException ex)
        {
            throw usage("--" + ex.getMessage());
        }
    }

    /** One line a trial for whoever watches. */
    private void tell(final Trial trial)
    {
        if (terminal.isWatched())
        {
            terminal.err().println(kinds(trial.fleet()) + loadText(trial) + (trial.holds() ? "holds" : miss(trial)));
        }
    }

    private String loadText(final Trial trial)
    {
        return vary.isEmpty() ? String.format(Locale.ROOT, ", load %.3f: ", trial.load()) : ": ";
    }

    private static String kinds(final Fleet fleet)
    {
        final List<String> kinds = new ArrayList<>();
        for (final Map.Entry<MachineKind, Integer> kind : fleet.kinds().entrySet())
        {
            kinds.add(kind.getValue() + " " + kind.getKey().name());
        }
        return kinds.isEmpty() ? "no machines" : String.join(", ", kinds);
    }

    private static String miss(final Trial trial)
    {
        final Objective.Miss miss = trial.misses().get(0);
        return miss.objective().text() + " is missed" + (miss.key().isEmpty() ? "" : " by " + miss.key()) + ", with " +
            FleetSimulation.figure(miss.value()) +
            (trial.misses().size() > 1 ? ", and " + (trial.misses().size() - 1) + " more" : "");
    }

    private static String limit(final Trial trial)
    {
        final Pressure pressure = trial.telling().pressure();
        return String.format(
            Locale.ROOT, "while sessions waited %.0f %% of %s was in use; most waited from %02d:00 to %02d:00 UTC",
            PERCENT * pressure.use(), pressure.resource(), pressure.worstHour(), (pressure.worstHour() + 1) % 24);
    }

    /* The smallest fleet. */

    private int fleet(final FleetPlan plan)
    {
        if (OutputFormat.json == output)
        {
            print(json(json ->
            {
                trial(json, "found", plan.found());
                trial(json, "tooSmall", plan.tooSmall());
                json.writeNumberField("trials", plan.trials().size());
            }));
        }
        else if (null == plan.found())
        {
            print("Not even with " + kinds(plan.tooSmall().fleet()) + ": " + miss(plan.tooSmall()) + ".");
            print("What limits it: " + limit(plan.tooSmall()) + ".");
        }
        else
        {
            final Fleet found = plan.found().fleet();
            print("Enough: " + kinds(found) +
                (null == found.costPerHour() ? "" : ", " + found.costPerHour().toPlainString() + " an hour") +
                "; all objectives hold with " + runs.seeds() + (1 == runs.seeds() ? " seed." : " seeds."));
            print(null == plan.tooSmall() ?
                "Nothing smaller was allowed." :
                "Too small: " + kinds(plan.tooSmall().fleet()) + ": " + miss(plan.tooSmall()) + ".");
            if (null != plan.tooSmall() && !plan.tooSmall().fleet().machines().isEmpty())
            {
                print("What limits it then: " + limit(plan.tooSmall()) + ".");
            }
            print(plan.trials().size() + " fleets were tried.");
        }
        return null == plan.found() ? ExitCode.FAILED : ExitCode.OK;
    }

    /* The largest load. */

    private int load(final LoadPlan plan)
    {
        final double carries = null == plan.found() ? 0 : plan.found().load();
        if (OutputFormat.json == output)
        {
            print(json(json ->
            {
                new FiguresJson(json).number("carries", carries);
                new FiguresJson(json).number("headroom", carries - 1);
                if (null != growth)
                {
                    json.writeStringField("usedUpOn", usedUp(plan));
                }
                trial(json, "found", plan.found());
                trial(json, "tooMuch", plan.tooMuch());
                json.writeNumberField("trials", plan.trials().size());
            }));
            return carries < 1 ? ExitCode.FAILED : ExitCode.OK;
        }
        print(String.format(
            Locale.ROOT, "%s carries %s%.2f times the load of %s.", kinds(fleetOf(plan)),
            null == plan.tooMuch() ? "at least " : "", carries, runs.workloadName()));
        print(carries < 1 ?
            "It is too much already." : String.format(Locale.ROOT, "Headroom: %.0f %%.", PERCENT * (carries - 1)));
        if (null != plan.tooMuch())
        {
            print(String.format(
                Locale.ROOT, "Too much: %.2f times: %s.", plan.tooMuch().load(), miss(plan.tooMuch())));
            print("What limits it then: " + limit(plan.tooMuch()) + ".");
        }
        if (null != growth)
        {
            print(String.format(Locale.ROOT, "Growing by %s %% a month it is used up on %s.",
                FleetSimulation.figure(growth), usedUp(plan)));
        }
        return carries < 1 ? ExitCode.FAILED : ExitCode.OK;
    }

    private static Fleet fleetOf(final LoadPlan plan)
    {
        return null == plan.found() ? plan.tooMuch().fleet() : plan.found().fleet();
    }

    private String usedUp(final LoadPlan plan)
    {
        final double days = plan.months(growth / PERCENT) * DAYS_PER_MONTH;
        return LocalDate.now(ZoneId.systemDefault()).plusDays((long)Math.min(DAYS_MAX, Math.max(0, days))).toString();
    }

    /* JSON. */

    private String json(final Body body)
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text))
        {
            json.writeStartObject();
            json.writeFieldName("objectives");
            json.writeStartArray();
            for (final String objective : objectives)
            {
                json.writeString(objective);
            }
            json.writeEndArray();
            body.write(json);
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    private static void trial(final JsonGenerator json, final String field, final Trial trial) throws IOException
    {
        if (null == trial)
        {
            json.writeNullField(field);
            return;
        }
        final FiguresJson figures = new FiguresJson(json);
        json.writeObjectFieldStart(field);
        json.writeObjectFieldStart("machines");
        for (final Map.Entry<MachineKind, Integer> kind : trial.fleet().kinds().entrySet())
        {
            json.writeNumberField(kind.getKey().name(), kind.getValue());
        }
        json.writeEndObject();
        if (null == trial.fleet().costPerHour())
        {
            json.writeNullField("costPerHour");
        }
        else
        {
            json.writeNumberField("costPerHour", trial.fleet().costPerHour());
        }
        figures.number("load", trial.load());
        json.writeBooleanField("holds", trial.holds());
        json.writeFieldName("misses");
        json.writeStartArray();
        for (final Objective.Miss miss : trial.misses())
        {
            json.writeStartObject();
            json.writeStringField("objective", miss.objective().text());
            json.writeStringField("by", miss.key());
            figures.number("value", miss.value());
            json.writeEndObject();
        }
        json.writeEndArray();
        final Pressure pressure = trial.telling().pressure();
        json.writeObjectFieldStart("whileWaiting");
        figures.number("cpuUse", pressure.cpuUse());
        figures.number("memoryUse", pressure.memoryUse());
        figures.number("gpuUse", pressure.deviceUse());
        json.writeStringField("most", pressure.resource());
        json.writeNumberField("worstHour", pressure.worstHour());
        json.writeEndObject();
        figures.runs(trial.figures());
        json.writeEndObject();
    }

    private void print(final String line)
    {
        terminal.out().println(line);
    }

    private static CliException usage(final String message)
    {
        return new CliException(ExitCode.USAGE, message);
    }

    /** Writes into an object. */
    private interface Body
    {
        void write(JsonGenerator json) throws IOException;
    }
}
