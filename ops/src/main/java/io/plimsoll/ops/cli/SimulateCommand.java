package io.plimsoll.ops.cli;

import io.plimsoll.journal.JournalException;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.openb.OpenbFiles;
import io.plimsoll.loadtest.openb.OpenbNode;
import io.plimsoll.loadtest.openb.OpenbPod;
import io.plimsoll.loadtest.openb.OpenbRun;
import io.plimsoll.loadtest.openb.OpenbSequence;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.Heuristic;
import io.plimsoll.loadtest.simulate.Scenario;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.ScenarioJournal;
import io.plimsoll.loadtest.simulate.ScenarioParser;
import io.plimsoll.loadtest.simulate.ScenarioReport;
import io.plimsoll.loadtest.simulate.ScenarioRun;
import io.plimsoll.loadtest.simulate.SwfRun;
import io.plimsoll.loadtest.swf.SwfDialect;
import io.plimsoll.loadtest.swf.SwfFormatException;
import io.plimsoll.loadtest.swf.SwfJob;
import io.plimsoll.loadtest.swf.SwfLog;
import io.plimsoll.loadtest.virtual.HeuristicJobs;
import io.plimsoll.loadtest.virtual.Packing;
import io.plimsoll.loadtest.virtual.SimulationReport;
import io.plimsoll.transport.Amounts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the scheduler on a scenario or a trace, in virtual time. */
@Command(
    name = "simulate",
    sortOptions = false,
    description = {
        "Runs the real scheduler on a scenario or a public trace, in virtual time.",
        "The same input gives the same output on any machine. docs/SIMULATE.md says what a scenario may hold."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll simulate scenario.yaml",
        "  plimsoll simulate scenario.yaml -o jsonl --select dispersed --state-hash",
        "  plimsoll simulate --openb-nodes nodes.csv --openb-pods pods.csv --openb-sequence default_42.txt.gz \\",
        "      --select fragmentation-gradient --curve curve.csv",
        "  plimsoll simulate --swf KTH-SP2.swf.gz --procs 100 --backfill easy --waits waits.csv"})
final class SimulateCommand implements Callable<Integer>
{
    private static final long DELAY_MAX_NS = 432_000_000_000_000L;
    private static final String ESTIMATES = "--estimates";
    /** Of a workload on a fleet, where there is nothing but placing, or an order of its own. */
    private static final Set<String> INPUTS = Set.of(
        "--workload", "--fleet", "--workload-format", "--fleet-format", "--rules", "--seed");

    @Parameters(
        paramLabel = "SCENARIO", arity = "0..1", description = "YAML or JSON file; - for standard input.")
    private String scenario;

    @Mixin
    private SimulationOutput output = new SimulationOutput();

    @Option(
        names = "--order",
        paramLabel = "POLICY",
        description = "Who is next: fifo, lifo, drf or fair-share; with --swf also a published heuristic: fcfs, sjf, " +
            "f1, wfp3 or unicep.")
    private String order;

    @Option(names = "--select", paramLabel = "POLICY", description = "Where: concentrated, dispersed, round-robin, ...")
    private String select;

    @Option(
        names = "--backfill",
        paramLabel = "POLICY",
        description = "Who may go before what does not fit: none, greedy, easy, easy-sjbf, conservative or predictive.")
    private String backfill;

    @Option(
        names = "--delay-max",
        paramLabel = "DURATION",
        description = "Most that backfill predictive may make anyone wait longer than easy; 120h unless told.")
    private String delayMax;

    @Option(names = "--until", paramLabel = "DURATION", description = "Stops there, at the latest.")
    private String until;

    @Option(
        names = "--journal",
        paramLabel = "DIR",
        description = "Takes the journal that a manager would have written, for plimsoll replay DIR.")
    private String journal;

    @Option(names = "--openb-nodes", paramLabel = "FILE", description = "Machines of the GPU trace of 2023, CSV.")
    private String openbNodes;

    @Option(names = "--openb-pods", paramLabel = "FILE", description = "Pods of that trace, CSV; they never leave.")
    private String openbPods;

    @Option(
        names = "--openb-sequence",
        paramLabel = "FILE",
        description = "Ranks of the machines and order of arrival; as listed if not given.")
    private String openbSequence;

    @Mixin
    private SimulationFiles files = new SimulationFiles();

    @Mixin
    private SwfOptions swf = new SwfOptions();

    @Mixin
    private FleetRunOptions fleetRun = new FleetRunOptions();

    @Mixin
    private ShownOptions shown = new ShownOptions();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Terminal terminal;

    SimulateCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        final boolean openb = null != openbNodes || null != openbPods || null != openbSequence && !fleetRun.isAsked();
        final boolean fleet = fleetRun.isAsked();
        if (1 != (null == scenario ? 0 : 1) + (openb ? 1 : 0) + (swf.isAsked() ? 1 : 0) + (fleet ? 1 : 0))
        {
            throw usage("give one of: a scenario, --workload with --fleet, --openb-nodes with --openb-pods, --swf");
        }
        if (!fleet)
        {
            refuse("--html", shown.html());
            refuse("--csv", shown.csv());
            refuseFleetOptions(swf.isAsked() ? Set.of(ESTIMATES) : Set.of());
        }
        if (null != scenario && SimulationOutput.Form.json == output.form())
        {
            throw usage("-o: a scenario is told as a table or as jsonl");
        }
        PolicyJars.load(terminal);
        try (SimulationFiles written = files)
        {
            written.open(terminal, inputs());
            if (openb)
            {
                openb();
            }
            else if (fleet)
            {
                fleet();
            }
            else if (!swf.isAsked())
            {
                scenario();
            }
            else
            {
                swf();
            }
        }
        catch (final ScenarioException ex)
        {
            throw usage((null == scenario ? "" : scenario + ": ") + ex.getMessage());
        }
        catch (final SwfFormatException ex)
        {
            throw usage(ex.getMessage());
        }
        catch (final UncheckedIOException ex)
        {
            final boolean missing = ex.getCause() instanceof NoSuchFileException;
            throw usage(missing ? swf.file() + ": cannot be read; is it there, and yours to read?" : ex.getMessage());
        }
        return ExitCode.OK;
    }

    private void scenario()
    {
        files.refuseOfPacking();
        files.refuseWaits();
        swf.refuseMachine();
        swf.refuseWindows();
        final Scenario parsed = ScenarioParser.parse(
            read(), warning -> terminal.err().println("plimsoll: " + warning));
        final Scenario asWritten = overridden(() -> parsed.withPolicies(order, select, backfill));
        final Scenario told = null == delayMax ? asWritten : asWritten.withDelayMax(delayMaxNs());
        final ScenarioReport report = new ScenarioReport(run(told));
        if (SimulationOutput.Form.jsonl == output.form())
        {
            report.jsonLines(terminal.out()::println, output.hasStateHash());
        }
        else
        {
            report.table(output.hasStateHash()).forEach(terminal.out()::println);
        }
    }

    private ScenarioRun run(final Scenario told)
    {
        final long untilNs = durationNs("--until", until, ScenarioRun.TO_THE_END);
        if (null == journal)
        {
            return new ScenarioRun(told, output.printer(terminal)).run(untilNs);
        }
        try (ScenarioJournal records = new ScenarioJournal(terminal.path(journal)))
        {
            return new ScenarioRun(told, output.printer(terminal), records).run(untilNs);
        }
        catch (final JournalException ex)
        {
            throw usage("--journal: " + ex.getMessage());
        }
    }

    /** A workload on a fleet. */
    private void fleet()
    {
        if (fleetRun.isPacking())
        {
            packing();
            return;
        }
        files.refuseOfPacking();
        refuse("--openb-sequence", openbSequence);
        swf.refuseMachine();
        refuse("--journal", journal);
        final Heuristic heuristic = heuristic();
        if (null != heuristic)
        {
            refuseFleetOptions(INPUTS);
            refuse("--until", until);
            refuse("--html", shown.html());
            refuse("--csv", shown.csv());
            final int cores = HeuristicJobs.processors(fleetRun.fleet(terminal));
            final Workload workload = fleetRun.workloads(terminal).apply(fleetRun.firstSeed());
            final List<SwfJob> jobs = HeuristicJobs.of(workload, cores);
            heuristic(heuristic, jobs, cores, workload.size() - jobs.size(), job -> workload.job((int)job - 1).name());
            return;
        }
        swf.refuseWindows();
        refuse("--events", output.hasEvents() ? true : null);
        final GroupSpec group = fleetRun.policies(overridden(() -> GroupSpec.usual(GroupSpec.DEFAULT_NAME)
            .withPolicies(order, select, backfill))
            .withDelayMax(delayMaxNs()));
        try (OutputFile page = shown.page(terminal, inputs()))
        {
            final FleetSimulation simulation = new FleetSimulation(
                terminal, fleetRun, group, until, shown.isAsked() || SimulationOutput.Form.json == output.form()).run();
            files.waits(simulation::waits);
            final SimulationReport report = simulation.report(output.hasStateHash());
            shown.show(terminal, page, report::html, report::csv);
            if (SimulationOutput.Form.table == output.form())
            {
                simulation.print(output.hasStateHash(), terminal.out()::println);
            }
            else
            {
                terminal.out().println(report.json());
            }
        }
    }

    /** A workload on a fleet, of which nothing leaves. */
    private void packing()
    {
        refuse("--html", shown.html());
        refuse("--csv", shown.csv());
        refuseFleetOptions(INPUTS);
        refuseBesidePacking();
        final Workload workload = fleetRun.workloads(terminal).apply(fleetRun.firstSeed());
        final GroupSpec group =
            overridden(() -> GroupSpec.usual(GroupSpec.DEFAULT_NAME).withPolicies(null, select, null));
        tell(Packing.of(
            workload, fleetRun.fleet(terminal), sequence(), group.select(), output.printer(terminal)).run());
    }

    private OpenbSequence sequence()
    {
        return null == openbSequence ? null : OpenbFiles.sequence(terminal.path(openbSequence));
    }

    private void tell(final OpenbRun run)
    {
        files.curve(() -> run.state().curve().csv());
        files.placements(run::placements);
        output.summarize(terminal, run.state().summary(), run::stateHash);
    }

    private void refuseBesidePacking()
    {
        refuse("--journal", journal);
        files.refuseWaits();
        swf.refuseMachine();
        swf.refuseWindows();
        refuse("--until", until);
        refuse("--order", order);
        refuse("--backfill", backfill);
        refuse("--delay-max", delayMax);
    }

    private void openb()
    {
        refuseBesidePacking();
        if (null == openbNodes || null == openbPods)
        {
            throw usage("--openb-nodes and --openb-pods go together");
        }
        final List<OpenbNode> nodes = OpenbFiles.nodes(terminal.path(openbNodes));
        final List<OpenbPod> pods = OpenbFiles.pods(terminal.path(openbPods));
        final OpenbSequence sequence =
            null == openbSequence ? OpenbSequence.asListed(nodes, pods) : sequence();
        final GroupSpec group =
            overridden(() -> GroupSpec.usual(GroupSpec.DEFAULT_NAME).withPolicies(null, select, null));
        tell(new OpenbRun(nodes, pods, sequence, group.select(), output.printer(terminal)).run());
    }

    private void swf()
    {
        refuse("--journal", journal);
        files.refuseOfPacking();
        refuse("--until", until);
        final Heuristic heuristic = heuristic();
        if (null != heuristic)
        {
            final SwfLog log = swf.log(terminal, SwfDialect.HEURISTICS, SwfJob.BY_ID);
            heuristic(heuristic, log.jobs(), log.processors(), log.skipped(), Long::toString);
            return;
        }
        swf.refuseWindows();
        final SwfLog log = swf.log(terminal, SwfDialect.BACKFILLING, SwfJob.BY_ARRIVAL);
        final GroupSpec group = overridden(() -> GroupSpec.usual(GroupSpec.DEFAULT_NAME)
            .withPolicies(order, select, null == backfill ? "easy" : backfill))
            .withDelayMax(delayMaxNs());
        final boolean actual = fleetRun.isRunTimeKnown();
        final SwfRun run = new SwfRun(log.jobs(), log.processors(), group, actual, output.printer(terminal)).run();
        files.waits(run::csv);
        final Map<String, Object> summary = run.summary();
        summary.put("skippedLines", log.skipped());
        output.summarize(terminal, summary, run::stateHash);
    }

    /** The published order that was asked for; null: it is one of the scheduler's. */
    private Heuristic heuristic()
    {
        return null == order ? null : Heuristic.byName().get(order.strip().toLowerCase(Locale.ROOT));
    }

    /** Windows of a log under a published heuristic. */
    private void heuristic(
        final Heuristic heuristic,
        final List<SwfJob> jobs,
        final int machine,
        final long skipped,
        final LongFunction<String> names)
    {
        refuse("--select", select);
        refuse("--delay-max", delayMax);
        final boolean passing = !"none".equals(null == backfill ? "easy" : backfill);
        if (passing && null != backfill && !"easy".equals(backfill))
        {
            throw usage("--backfill: " + backfill + " does not go with --order " + order + "; use none or easy");
        }
        final HeuristicSimulation simulation = new HeuristicSimulation(
            heuristic, machine, passing, output.printer(terminal)).run(swf.windows(jobs), names, output.hasStateHash());
        files.waits(simulation::waits);
        output.summarize(terminal, simulation.summary(skipped), simulation::stateHash);
    }

    /** What is wrong is an option here, and nothing in a file. */
    private static <T> T overridden(final Supplier<T> policies)
    {
        try
        {
            return policies.get();
        }
        catch (final ScenarioException ex)
        {
            throw usage("--" + ex.getMessage());
        }
    }

    private long delayMaxNs()
    {
        return durationNs("--delay-max", delayMax, DELAY_MAX_NS);
    }

    private static long durationNs(final String option, final String text, final long otherwise)
    {
        try
        {
            return null == text ? otherwise : Amounts.durationNs(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw usage(option + ": " + ex.getMessage());
        }
    }

    private String read()
    {
        try (InputStream in = "-".equals(scenario) ? System.in : Files.newInputStream(terminal.path(scenario)))
        {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
        }
        catch (final CharacterCodingException ex)
        {
            throw usage(scenario + ": is no text in UTF-8");
        }
        catch (final IOException ex)
        {
            throw usage(scenario + ": cannot be read; is it there, and yours to read?");
        }
    }

    /** What is read, whatever the input is. */
    private List<Path> inputs()
    {
        final List<Path> inputs = new ArrayList<>(fleetRun.inputs(terminal));
        Stream.of(scenario, openbNodes, openbPods, openbSequence, swf.file())
            .filter(name -> null != name && !"-".equals(name)).map(terminal::path).forEach(inputs::add);
        return inputs;
    }

    /** Seeds and delays would be read and not heeded. */
    private void refuseFleetOptions(final Set<String> but)
    {
        for (final OptionSpec option : spec.commandLine().getParseResult().matchedOptions())
        {
            if (!but.contains(option.longestName()) && option.userObject() instanceof Field field &&
                FleetRunOptions.class == field.getDeclaringClass())
            {
                refuse(option.longestName(), option);
            }
        }
    }

    static void refuse(final String option, final Object value)
    {
        if (null != value)
        {
            throw usage(option + " does not go with this input");
        }
    }

    static CliException usage(final String message)
    {
        return new CliException(ExitCode.USAGE, message);
    }
}
