package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.FleetFiles;
import io.plimsoll.loadtest.fleet.FleetFormat;
import io.plimsoll.loadtest.jobs.Distribution;
import io.plimsoll.loadtest.jobs.Distribution.Constant;
import io.plimsoll.loadtest.jobs.Distribution.Exponential;
import io.plimsoll.loadtest.jobs.Distribution.Weibull;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadFiles;
import io.plimsoll.loadtest.jobs.WorkloadFormat;
import io.plimsoll.loadtest.plan.DayBootstrap;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.virtual.ClusterRun;
import io.plimsoll.loadtest.virtual.MachineFaults;
import io.plimsoll.loadtest.virtual.MachineFaults.Renewal;
import io.plimsoll.loadtest.virtual.OutageFile;
import io.plimsoll.loadtest.virtual.Rework;
import io.plimsoll.loadtest.virtual.RunSetup;
import io.plimsoll.loadtest.virtual.StartDelays;
import io.plimsoll.loadtest.virtual.Warmup;
import io.plimsoll.transport.Amounts;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What a workload on a fleet is to be like, in virtual time: for all commands that run one. */
final class FleetRunOptions
{
    private static final double SECOND_NS = 1e9;
    private static final int SEEDS_MAX = 100_000;
    private static final String BY_RULE = "auto";

    @Option(
        names = "--workload",
        paramLabel = "FILE",
        description = "Sessions that come: a trace, a journal, a description of a workload, ...: docs/WORKLOADS.md.")
    private String workload;

    @Option(names = "--fleet", paramLabel = "FILE", description = "Machines that they come to: docs/WORKLOADS.md.")
    private String fleet;

    @Option(names = "--workload-format", paramLabel = "FORMAT", description = "As its content says unless told.")
    private String workloadFormat;

    @Option(names = "--fleet-format", paramLabel = "FORMAT", description = "As its content says unless told.")
    private String fleetFormat;

    @Option(
        names = "--seeds",
        paramLabel = "N",
        description = "Runs, each with a seed of its own: another workload of the same description; of a recorded " +
            "one its days, drawn anew. 1 unless told.")
    private int seeds = 1;

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "The first of them; 0 unless told, which runs a recorded workload as it was.")
    private long seed;

    @Option(names = "--threads", paramLabel = "N", description = "Runs at a time; one a core unless told.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
        names = "--warmup",
        paramLabel = "DURATION|auto",
        description = "Sessions that arrive before do not count; auto cuts by the rule MSER-5. 0s unless told.")
    private String warmup = "0s";

    @Option(names = "--start-delay", paramLabel = "DURATION", description = "From assignment to run; 0s unless told.")
    private String startDelay = "0s";

    @Option(
        names = "--pull-delay",
        paramLabel = "DURATION",
        description = "On top, for the first kernel of a user on a machine; 0s unless told.")
    private String pullDelay = "0s";

    @Option(
        names = "--mtbf",
        paramLabel = "DURATION",
        description = "Mean time of a machine between repair and failure; they do not fail unless told.")
    private String mtbf;

    @Option(
        names = "--mttr",
        paramLabel = "DURATION",
        description = "With --mtbf: mean time to repair; 4h unless told.")
    private String mttr;

    @Option(
        names = "--failure-shape",
        paramLabel = "K",
        description = "With --mtbf: shape of Weibull's distribution of times between failures: below 1 they come " +
            "in bursts. 1, exponential, unless told.")
    private Double failureShape;

    @Option(
        names = "--repair-shape",
        paramLabel = "K",
        description = "With --mtbf: the same of times to repair. 1, exponential, unless told.")
    private Double repairShape;

    @Option(
        names = "--failures",
        paramLabel = "FILE",
        description = "Machines fail as a log says: CSV with the columns machine,at,down; docs/SIMULATE.md.")
    private String failures;

    @Option(
        names = "--checkpoint",
        paramLabel = "DURATION",
        description = "Run time between checkpoints: what was done since is done again after an interruption. All of " +
            "it unless told.")
    private String checkpoint = "0s";

    @Option(
        names = "--restart-cost",
        paramLabel = "DURATION",
        description = "Run time on top of each further attempt; 0s unless told.")
    private String restartCost = "0s";

    @Option(
        names = "--rules",
        paramLabel = "cluster|log|packing",
        description = "What happens at one instant: as in a cluster; as in published experiments on logs; or one " +
            "after another comes and none leaves, as in those on packing. cluster unless told; docs/SIMULATE.md.")
    private Rules rules = Rules.cluster;

    @Option(
        names = "--estimates",
        paramLabel = "requested|actual",
        description = "What the scheduler knows of run times: what users asked for (default), or the truth.")
    private Estimates estimates = Estimates.requested;

    @Option(
        names = "--against",
        paramLabel = "POLICIES",
        description = "Says what other policies would do, with the same seeds: backfill=easy, or several with commas " +
            "between them (order, select, backfill, preemption).")
    private String against;

    @Option(
        names = "--preemption",
        paramLabel = "off|terminate|reschedule",
        description = "Whether sessions of less priority end, or wait again, for those of more; off unless told. " +
            "What that costs say --checkpoint and --restart-cost.")
    private String preemption;

    private Fleet machines;
    private Path failuresFile;
    private long originNs = Workload.NO_ORIGIN;

    /** What happens at one instant. */
    enum Rules
    {
        /** As in a cluster. */
        cluster,
        /** As in published experiments on logs. */
        log,
        /** As in published experiments on packing. */
        packing
    }

    /** What the scheduler knows of run times. */
    enum Estimates
    {
        requested, actual
    }

    boolean isRunTimeKnown()
    {
        return Estimates.actual == estimates;
    }

    boolean isPacking()
    {
        return Rules.packing == rules;
    }

    /** Whether a workload or a fleet is given. */
    boolean isAsked()
    {
        return null != workload || null != fleet;
    }

    int seeds()
    {
        return bounded("--seeds", seeds, SEEDS_MAX);
    }

    int threads()
    {
        return bounded("--threads", threads, 1024);
    }

    /** Name of the policies that it is compared with; null: not asked. */
    String against()
    {
        return against;
    }

    /** These policies, with preemption if it is asked for. */
    GroupSpec policies(final GroupSpec policies)
    {
        try
        {
            return null == preemption ? policies : policies.withPreemption(preemption);
        }
        catch (final ScenarioException ex)
        {
            throw usage("--" + ex.getMessage());
        }
    }

    /** Whether machines fail as a log says. */
    boolean hasFailures()
    {
        return null != failures;
    }

    /** These policies, which differ from others as asked. */
    GroupSpec against(final GroupSpec policies)
    {
        final GroupSpec changed = told("--against", policies::withPolicies, against);
        if (changed.equals(policies))
        {
            throw usage("--against: " + against + " is what it is compared with; name another policy");
        }
        return changed;
    }

    long firstSeed()
    {
        return seed;
    }

    /** Files that are read. */
    List<Path> inputs(final Terminal terminal)
    {
        return Stream.of(workload, fleet, failures).filter(Objects::nonNull).map(terminal::path).toList();
    }

    String workloadName()
    {
        return workload;
    }

    private static int bounded(final String option, final int value, final int most)
    {
        if (value < 1 || value > most)
        {
            throw usage(option + ": " + value + " is not from 1 to " + most);
        }
        return value;
    }

    /** The machines. */
    Fleet fleet(final Terminal terminal)
    {
        if (null == fleet || null == workload)
        {
            throw usage((null == workload ? "--workload" : "--fleet") +
                " is missing: say what comes with --workload FILE, and to which machines with --fleet FILE");
        }
        final FleetFormat format =
            null == fleetFormat ? null : told(() -> FleetFormat.parse("--fleet-format", fleetFormat));
        failuresFile = null == failures ? null : terminal.path(failures);
        machines = told(() -> FleetFiles.read(terminal.path(fleet), format));
        return machines;
    }

    /** The sessions, by seed. */
    LongFunction<Workload> workloads(final Terminal terminal)
    {
        final Path file = terminal.path(workload);
        final WorkloadFormat format = told(() -> null == workloadFormat ?
            WorkloadFiles.formatOf(file) : WorkloadFormat.parse("--workload-format", workloadFormat));
        if (WorkloadFormat.GENERATOR == format)
        {
            originNs = told(() -> notEmpty(WorkloadFiles.read(file, format, seed), file)).originEpochNs();
            return each -> WorkloadFiles.read(file, format, each);
        }
        final Workload recorded = WorkloadSource.watched(
            terminal, workload, () -> told(() -> notEmpty(WorkloadFiles.read(file, format, seed), file)));
        originNs = recorded.originEpochNs();
        return each -> DayBootstrap.of(recorded, each);
    }

    /** Of nothing there are no figures, and every fleet would be enough for it. */
    private static Workload notEmpty(final Workload read, final Path file)
    {
        if (0 == read.size())
        {
            throw usage(file + ": there is no job in it" + (read.skipped().isEmpty() ? "" : "; left out: " +
                read.skipped().get(0).count() + " (" + read.skipped().get(0).why() + ")"));
        }
        return read;
    }

    /** The rest; behind fleet and workloads. */
    RunSetup setup(final GroupSpec policies, final String until)
    {
        final StartDelays delays = new StartDelays(
            new Constant(seconds("--start-delay", startDelay)), new Constant(seconds("--pull-delay", pullDelay)));
        return new RunSetup(
            List.of(policies.named(RunSetup.OTHERS)),
            0 == delays.start().mean() && 0 == delays.pull().mean() ? StartDelays.NONE : delays,
            faults(),
            new Rework(durationNs("--checkpoint", checkpoint), durationNs("--restart-cost", restartCost)),
            seed,
            null == until ? ClusterRun.TO_THE_END : durationNs("--until", until),
            new RunSetup.Rules(Rules.log == rules, isRunTimeKnown()));
    }

    private MachineFaults faults()
    {
        if (null == mtbf && (null != mttr || null != failureShape || null != repairShape))
        {
            throw usage((null != mttr ? "--mttr" : null != failureShape ? "--failure-shape" : "--repair-shape") +
                ": goes with --mtbf, without which no machine fails by chance");
        }
        if (null != mtbf && null != failures)
        {
            throw usage("--failures: machines fail as a log says or by chance: leave out --mtbf");
        }
        if (null != failures)
        {
            return told(() -> OutageFile.read(failuresFile, machines, originNs));
        }
        return null == mtbf ? MachineFaults.NONE : new Renewal(
            times(positive("--mtbf", mtbf), "--failure-shape", failureShape),
            times(positive("--mttr", null == mttr ? "4h" : mttr), "--repair-shape", repairShape));
    }

    private static Distribution times(final double mean, final String option, final Double shape)
    {
        if (null != shape && !(shape > 0 && shape <= 100))
        {
            throw usage(option + ": " + shape + " is not above 0 and at most 100");
        }
        return null == shape || 1 == shape ? new Exponential(mean) : new Weibull(mean, shape);
    }

    long warmupNs()
    {
        return BY_RULE.equals(warmup) ? Warmup.BY_RULE : durationNs("--warmup", warmup);
    }

    private static double positive(final String option, final String text)
    {
        final double seconds = seconds(option, text);
        if (0 == seconds)
        {
            throw usage(option + ": must be above 0");
        }
        return seconds;
    }

    private static double seconds(final String option, final String text)
    {
        return durationNs(option, text) / SECOND_NS;
    }

    private static long durationNs(final String option, final String text)
    {
        try
        {
            return Amounts.durationNs(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw usage(option + ": " + ex.getMessage());
        }
    }

    private static <T> T told(final String option, final Function<String, T> parser, final String text)
    {
        try
        {
            return parser.apply(text);
        }
        catch (final ScenarioException ex)
        {
            throw usage(option + ": " + ex.getMessage());
        }
    }

    private static <T> T told(final Supplier<T> reader)
    {
        try
        {
            return reader.get();
        }
        catch (final ScenarioException ex)
        {
            throw usage(ex.getMessage());
        }
    }

    private static CliException usage(final String message)
    {
        return new CliException(ExitCode.USAGE, message);
    }
}
