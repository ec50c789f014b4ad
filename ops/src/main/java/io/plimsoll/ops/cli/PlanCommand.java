package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.plan.Objective;
import io.plimsoll.loadtest.plan.PlanReport;
import io.plimsoll.loadtest.plan.PlanSearch;
import io.plimsoll.loadtest.plan.Planner;
import io.plimsoll.loadtest.plan.Trial;
import io.plimsoll.loadtest.plan.Vary;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.virtual.PolicyEffect;
import io.plimsoll.loadtest.virtual.PolicyEffect.Best;
import io.plimsoll.loadtest.virtual.Pressure;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
        description = "Says when a load that grows by so much a month is more than the fleet carries, such as 5%%.")
    private String growthText;
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

    @Mixin
    private ShownOptions shown = new ShownOptions();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    private PartLine progress;

    PlanCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        if (null != growthText && !vary.isEmpty())
        {
            throw usage("--growth goes without --vary: it asks how long the fleet lasts as it is");
        }
        growth = null == growthText ? null : percentage(growthText);
        if (runs.isPacking())
        {
            throw usage("--rules: packing is for simulate; nobody waits under it, so there is nothing to plan");
        }
        if (runs.hasFailures() && !vary.isEmpty())
        {
            throw usage("--failures: goes without --vary, as a log tells of machines that there are: use --mtbf");
        }
        PolicyJars.load(terminal);
        try (OutputFile page = shown.page(terminal, runs.inputs(terminal));
            PartLine line = PartLine.of(terminal, "searching"))
        {
            progress = line;
            final PlanReport report = report();
            shown.show(terminal, page, report::html, report::csv);
            if (OutputFormat.json == output)
            {
                print(report.json());
            }
            else if (vary.isEmpty())
            {
                load(report);
            }
            else
            {
                fleet(report);
            }
            return vary.isEmpty() ? report.carries() < 1 ? ExitCode.FAILED : ExitCode.OK :
                null == report.found() ? ExitCode.FAILED : ExitCode.OK;
        }
        catch (final ScenarioException | IllegalArgumentException ex)
        {
            throw usage(ex.getMessage());
        }
    }

    private static double percentage(final String text)
    {
        try
        {
            final double percent = Double.parseDouble(text.strip().replaceFirst("\\s*%$", ""));
            if (percent > 0 && percent <= PERCENT * PERCENT)
            {
                return percent;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw usage("--growth: '" + text + "' is no percentage: use one such as 5 or 5%");
        }
        throw usage("--growth: " + text + " is no percentage above 0");
    }

    private PlanReport report()
    {
        final Fleet fleet = runs.fleet(terminal);
        final GroupSpec policies = policies();
        final GroupSpec others = null == runs.against() ? null : runs.against(policies);
        final List<Objective> wanted = objectives.stream().map(Objective::parse).toList();
        final List<Vary> varied = vary.stream().map(Vary::parse).toList();
        checkKinds(varied);
        final LongFunction<Workload> workloads = runs.workloads(terminal);
        final PlanSearch search = new PlanSearch(
            fleet, varied, workloads, wanted,
            new Planner.Options(runs.seeds(), runs.threads(), runs.warmupNs()), this::tell);
        final PlanSearch.Found found = search.run(runs.setup(policies, null));
        final PolicyEffect effect = null == others ? null :
            search.effect(found, runs.against(), others, runs.setup(others, null));
        return new PlanReport(
            new PlanReport.Asked(
                workloads.apply(runs.firstSeed()).name(), fleet.name(), policies.told(), wanted,
                varied.stream().map(Vary::kind).toList(), runs.seeds(), runs.firstSeed()),
            found.best(),
            found.missed(),
            found.trials(),
            null == growth ? null : usedUp(found),
            effect,
            (shown.isAsked() || OutputFormat.json == output) ? found.series() : null);
    }

    private static void checkKinds(final List<Vary> varied)
    {
        final Set<String> kinds = new HashSet<>();
        for (final Vary one : varied)
        {
            if (!kinds.add(one.kind()))
            {
                throw usage("--vary: " + one.kind() + ".count is given twice; once will do");
            }
        }
    }

    private GroupSpec policies()
    {
        try
        {
            return runs.policies(GroupSpec.usual(GroupSpec.DEFAULT_NAME).withPolicies(order, select, backfill));
        }
        catch (final ScenarioException ex)
        {
            throw usage("--" + ex.getMessage());
        }
    }

    /** One line a trial for whoever watches, and about how much of the search is done. */
    private void tell(final Trial trial, final double part)
    {
        if (terminal.isWatched())
        {
            progress.close();
            terminal.err().println(kinds(trial.fleet()) + loadText(trial) + (trial.holds() ? "holds" : miss(trial)));
            progress.accept(part);
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
        return miss.objective().text() + " is missed" + (miss.key().isEmpty() ? "" : " by " + miss.key()) +
            (Double.isInfinite(miss.value()) ?
                ", as some never start" : ", with " + FleetSimulation.figure(miss.value())) +
            (trial.misses().size() > 1 ? ", and " + (trial.misses().size() - 1) + " more" : "");
    }

    private String limit(final Trial trial)
    {
        final Pressure pressure = trial.telling().pressure();
        final String waited =
            "while sessions" + (pressure.group().isEmpty() ? "" : " of " + pressure.group()) + " waited ";
        if (0 == pressure.use())
        {
            return waited + "nothing was in use: no machine can hold them, or a limit is in the way";
        }
        return String.format(
            Locale.ROOT, "%s%.0f %% of %s was in use; most waited from %02d:00 to %02d:00 %s",
            waited, PERCENT * pressure.use(), pressure.resource(),
            pressure.worstHour(), (pressure.worstHour() + 1) % 24,
            pressure.isDated() ? "UTC" : "from the first arrival on");
    }

    /* The smallest fleet. */

    private void fleet(final PlanReport plan)
    {
        if (null == plan.found())
        {
            final boolean isTooLarge = plan.missed().misses().stream().noneMatch(miss -> miss.objective().isUpper());
            print((isTooLarge ? "The smallest that is enough for the rest is " : "Not even with ") +
                kinds(plan.missed().fleet()) + ": " + miss(plan.missed()) + ".");
            if (!isTooLarge)
            {
                print("What limits it: " + limit(plan.missed()) + ".");
            }
        }
        else
        {
            final Fleet found = plan.found().fleet();
            print("Enough: " + kinds(found) +
                (null == found.costPerHour() ? "" : ", " + found.costPerHour().toPlainString() + " an hour" +
                    (found.isPriced() ? "" : " (not of all)")) +
                "; all objectives hold with " + runs.seeds() + (1 == runs.seeds() ? " seed." : " seeds."));
            print(null == plan.missed() ?
                "Nothing smaller was allowed." :
                "Too small: " + kinds(plan.missed().fleet()) + ": " + miss(plan.missed()) + ".");
            if (null != plan.missed() && !plan.missed().fleet().machines().isEmpty())
            {
                print("What limits it then: " + limit(plan.missed()) + ".");
            }
            print(plan.trials().size() + " fleets were tried.");
        }
        if (null != plan.effect())
        {
            final Best best = plan.effect().best();
            print("With " + plan.effect().name() + ": " + (null == best.second() ? "no fleet that is allowed will do." :
                "enough are " + counts(best.second()) +
                    (null == best.secondCost() ? "." : ", " + best.secondCost() + " an hour.")));
            if (null != plan.found())
            {
                print("On the fleet of " + kinds(plan.found().fleet()) + ":");
            }
            ComparisonText.print(plan.effect().same(), false, terminal);
            if (null != best.comparison())
            {
                print("Each on its own fleet:");
                ComparisonText.print(best.comparison(), false, terminal);
            }
        }
    }

    private static String counts(final Map<String, Integer> machines)
    {
        final List<String> kinds = new ArrayList<>();
        machines.forEach((kind, count) -> kinds.add(count + " " + kind));
        return kinds.isEmpty() ? "no machines" : String.join(", ", kinds);
    }

    /* The largest load. */

    private void load(final PlanReport plan)
    {
        final double carries = plan.carries();
        final Fleet fleet = null == plan.found() ? plan.missed().fleet() : plan.found().fleet();
        print(String.format(
            Locale.ROOT, "%s carries %s%.2f times the load of %s.", kinds(fleet),
            null == plan.missed() ? "at least " : "", carries, runs.workloadName()));
        print(carries < 1 ?
            "It is too much already." : String.format(Locale.ROOT, "Headroom: %.0f %%.", PERCENT * (carries - 1)));
        if (null != plan.missed())
        {
            print(String.format(
                Locale.ROOT, "Too much: %.2f times: %s.", plan.missed().load(), miss(plan.missed())));
            print("What limits it then: " + limit(plan.missed()) + ".");
        }
        if (null != growth)
        {
            print(String.format(Locale.ROOT, "Growing by %s %% a month it is used up on %s.",
                FleetSimulation.figure(growth), plan.usedUpOn()));
        }
        if (null != plan.effect())
        {
            print(String.format(Locale.ROOT, "With %s it carries %.2f times the load. With the load as it is:",
                plan.effect().name(), plan.effect().best().secondLoad()));
            ComparisonText.print(plan.effect().same(), false, terminal);
        }
    }

    private String usedUp(final PlanSearch.Found found)
    {
        final double days = found.asLoad().months(growth / PERCENT) * DAYS_PER_MONTH;
        return LocalDate.now(ZoneId.systemDefault()).plusDays((long)Math.min(DAYS_MAX, Math.max(0, days))).toString();
    }

    private void print(final String line)
    {
        terminal.out().println(line);
    }

    private static CliException usage(final String message)
    {
        return new CliException(ExitCode.USAGE, message);
    }
}
