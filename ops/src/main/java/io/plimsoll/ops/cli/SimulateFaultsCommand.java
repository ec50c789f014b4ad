package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.sim.FaultCampaign;
import io.plimsoll.loadtest.sim.FaultPlan;
import io.plimsoll.loadtest.sim.PlanText;
import io.plimsoll.transport.Amounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs manager and agents in simulated clusters in which everything goes wrong that can. */
@Command(
    name = "simulate-faults",
    sortOptions = false,
    description = {
        "Runs the real manager and real agents in simulated clusters in which everything goes wrong that can.",
        "Each seed is a cluster of its own, run twice; docs/FAULTS.md says what goes wrong and what has to hold.",
        "Exit code 1: a seed has failed; its smallest plan is printed."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll simulate-faults --seeds 1..1000",
        "  plimsoll simulate-faults --seeds 4711 --print-plan > plan.yaml",
        "  plimsoll simulate-faults --plan plan.yaml"})
final class SimulateFaultsCommand implements Callable<Integer>
{
    private static final String RANGE = "\\s*(\\d{1,18})(?:\\.\\.(\\d{1,18}))?\\s*";
    private static final long PROGRESS_MS = 10_000;
    private static final double NS_PER_MINUTE = 60e9;

    @Option(names = "--seeds", paramLabel = "A..B", description = "Which; one number for a single one.")
    private String seeds;

    @Option(names = "--plan", paramLabel = "FILE", description = "Runs a plan as printed, in place of seeds.")
    private String plan;

    @Option(names = "--print-plan", description = "Prints the plan of the seed, or of the file, and runs nothing.")
    private boolean printPlan;

    @Option(names = "--threads", paramLabel = "N", description = "Seeds at a time; as many as there are cores.")
    private Integer threads;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    private final Terminal terminal;

    SimulateFaultsCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException
    {
        if ((null == seeds) == (null == plan))
        {
            throw usage("give one of: --seeds, --plan");
        }
        if (null != threads && threads < 1)
        {
            throw usage("--threads: " + threads + " is no number of threads: use one above 0");
        }
        // Managers that end and links that break are what it is all about: nobody wants to read of each.
        System.setProperty("plimsoll.log.level", "OFF");
        final long[] range = null == seeds ? null : range();
        if (printPlan)
        {
            if (null != range && range[0] != range[1])
            {
                throw usage("--print-plan: there is one plan a seed: use --seeds with one number");
            }
            terminal.out().print(PlanText.write(null == range ? read() : FaultPlan.of(range[0])));
            return ExitCode.OK;
        }
        return null == range ? runPlan(read()) : runSeeds(range[0], range[1]);
    }

    private int runPlan(final FaultPlan read)
    {
        final String failure = FaultCampaign.tryTwice(read);
        if (OutputFormat.json == output)
        {
            final Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("passed", null == failure);
            answer.put("failure", failure);
            terminal.out().println(JsonValue.of(answer));
        }
        else
        {
            terminal.out().println(null == failure ? "passed, twice the same" : "failed: " + failure);
        }
        return null == failure ? ExitCode.OK : ExitCode.FAILED;
    }

    private int runSeeds(final long first, final long last) throws InterruptedException
    {
        final int count = null == threads ? Runtime.getRuntime().availableProcessors() : threads;
        final FaultCampaign.Result result =
            new FaultCampaign(first, last, count).run(this::progress, PROGRESS_MS);
        if (OutputFormat.json == output)
        {
            terminal.out().println(JsonValue.of(json(result)));
        }
        else
        {
            print(result);
        }
        final long left = last - first + 1 - result.seeds();
        if (left > 0)
        {
            terminal.err().println(
                "stopped: " + left + " seeds were not run, because " + result.failures().size() + " have failed");
        }
        return result.failures().isEmpty() && 0 == left ? ExitCode.OK : ExitCode.FAILED;
    }

    private void progress(final long done, final long total, final long elapsedNs)
    {
        final long leftNs = 0 == done ? 0 : elapsedNs / done * (total - done);
        terminal.err().printf(
            Locale.ROOT, "%d of %d seeds, %d a minute, about %s left%n", done, total, perMinute(done, elapsedNs),
            Amounts.formatDuration(TimeUnit.SECONDS.toNanos(TimeUnit.NANOSECONDS.toSeconds(leftNs))));
    }

    private static long perMinute(final long seedCount, final long elapsedNs)
    {
        return Math.round(seedCount * NS_PER_MINUTE / Math.max(1, elapsedNs));
    }

    private void print(final FaultCampaign.Result result)
    {
        for (final FaultCampaign.Failure failure : result.failures())
        {
            terminal.out().println("seed " + failure.seed() + " failed: " + failure.message());
            terminal.out().println("made smaller: " + failure.smallMessage());
            terminal.out().println(PlanText.write(failure.small()));
        }
        final TextTable table = new TextTable("WHAT", ">FIGURE");
        figures(result).forEach((what, figure) -> table.row(what, String.valueOf(figure)));
        result.faults().forEach((kind, count) -> table.row("fault " + kind.label(), String.valueOf(count)));
        table.print(terminal.out());
    }

    private static Map<String, Object> figures(final FaultCampaign.Result result)
    {
        final Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seeds", result.seeds());
        figures.put("failed", result.failures().size());
        figures.put("seedsPerMinute", perMinute(result.seeds(), result.elapsedNs()));
        figures.put("simulatedHours", TimeUnit.NANOSECONDS.toHours(result.simulatedNs()));
        figures.put("sessionsPromised", result.promised());
        figures.put("kernelsStarted", result.starts());
        figures.put("records", result.records());
        figures.put("startsRefused", result.refusedStarts());
        figures.put("lossesNoticed", result.losses());
        return figures;
    }

    private static Map<String, Object> json(final FaultCampaign.Result result)
    {
        final Map<String, Object> answer = figures(result);
        final Map<String, Object> faults = new LinkedHashMap<>();
        result.faults().forEach((kind, count) -> faults.put(kind.label(), count));
        answer.put("faults", faults);
        final List<Object> failures = new ArrayList<>();
        for (final FaultCampaign.Failure failure : result.failures())
        {
            final Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("seed", failure.seed());
            entry.put("failure", failure.message());
            entry.put("smallFailure", failure.smallMessage());
            entry.put("smallPlan", PlanText.write(failure.small()));
            failures.add(entry);
        }
        answer.put("failures", failures);
        return answer;
    }

    private long[] range()
    {
        final java.util.regex.Matcher matcher = java.util.regex.Pattern.compile(RANGE).matcher(seeds);
        if (!matcher.matches())
        {
            throw usage("--seeds: " + seeds + " is no range of seeds: use A..B or one number");
        }
        final long first = Long.parseLong(matcher.group(1));
        final long last = null == matcher.group(2) ? first : Long.parseLong(matcher.group(2));
        if (last < first)
        {
            throw usage("--seeds: " + seeds + " ends before it begins: use A..B with A not above B");
        }
        return new long[]{first, last};
    }

    private FaultPlan read()
    {
        final String text;
        try
        {
            text = Files.readString(terminal.path(plan), StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            throw usage(plan + ": cannot be read; is it there, and yours to read?");
        }
        try
        {
            return PlanText.read(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw usage(plan + ": " + ex.getMessage());
        }
    }

    private static CliException usage(final String message)
    {
        return new CliException(ExitCode.USAGE, message);
    }
}
