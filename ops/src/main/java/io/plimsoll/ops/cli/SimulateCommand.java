package io.plimsoll.ops.cli;

import io.plimsoll.journal.JournalException;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.openb.OpenbFiles;
import io.plimsoll.loadtest.openb.OpenbNode;
import io.plimsoll.loadtest.openb.OpenbPod;
import io.plimsoll.loadtest.openb.OpenbRun;
import io.plimsoll.loadtest.openb.OpenbSequence;
import io.plimsoll.loadtest.simulate.EventPrinter;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.Heuristic;
import io.plimsoll.loadtest.simulate.HeuristicRun;
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
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
    private static final int WINDOW_LENGTH = 1024;
    private static final String ESTIMATES = "--estimates";

    @Parameters(
        paramLabel = "SCENARIO", arity = "0..1", description = "YAML or JSON file; - for standard input.")
    private String scenario;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "table|jsonl|json",
        description = "Form of the answer; jsonl is one object a session, then a summary; json is one object, with " +
            "--workload all that a page shows.")
    private Form output = Form.table;

    @Option(names = "--events", description = "Prints every event of the scheduler too.")
    private boolean events;

    @Option(names = "--state-hash", description = "Prints the hash of the scheduler's final state too.")
    private boolean stateHash;

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

    @Option(names = "--curve", paramLabel = "FILE", description = "Takes arrived,alloc,frag by percent of demand.")
    private String curve;

    @Option(names = "--placements", paramLabel = "FILE", description = "Takes the machine and the GPUs of each pod.")
    private String placements;

    @Option(names = "--swf", paramLabel = "FILE", description = "A log in the Standard Workload Format.")
    private String swf;

    @Option(names = "--procs", paramLabel = "N", description = "Processors of the machine for --swf; as the log says.")
    private Integer processors;

    @Option(
        names = "--windows",
        split = ",",
        paramLabel = "FIRST",
        description = "Jobs with which windows begin, from 0, for --order fcfs, sjf, f1, wfp3 or unicep.")
    private List<Integer> windows;

    @Option(names = "--window-length", paramLabel = "N", description = "Jobs of a window; 1024 unless told.")
    private Integer windowLength;

    @Option(names = "--waits", paramLabel = "FILE", description = "Takes job,wait in seconds.")
    private String waits;

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
        if (1 != (null == scenario ? 0 : 1) + (openb ? 1 : 0) + (null == swf ? 0 : 1) + (fleet ? 1 : 0))
        {
            throw usage("give one of: a scenario, --workload with --fleet, --openb-nodes with --openb-pods, --swf");
        }
        if (!fleet)
        {
            refuse("--html", shown.html());
            refuse("--csv", shown.csv());
            refuseFleetOptions();
        }
        if (null != scenario && Form.json == output)
        {
            throw usage("-o: a scenario is told as a table or as jsonl");
        }
        PolicyJars.load(terminal);
        try
        {
            if (openb)
            {
                openb();
            }
            else if (fleet)
            {
                fleet();
            }
            else if (null == swf)
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
            throw usage(missing ? swf + ": cannot be read; is it there, and yours to read?" : ex.getMessage());
        }
        return ExitCode.OK;
    }

    private void scenario()
    {
        refuse("--curve", curve);
        refuse("--placements", placements);
        refuse("--waits", waits);
        refuse("--procs", processors);
        refuse("--windows", windows);
        refuse("--window-length", windowLength);
        final Scenario parsed = ScenarioParser.parse(read());
        final Scenario asWritten = overridden(() -> parsed.withPolicies(order, select, backfill));
        final Scenario told = null == delayMax ? asWritten : asWritten.withDelayMax(delayMaxNs());
        final ScenarioReport report = new ScenarioReport(run(told));
        if (Form.jsonl == output)
        {
            report.jsonLines(this::print, stateHash);
        }
        else
        {
            report.table(stateHash).forEach(this::print);
        }
    }

    private ScenarioRun run(final Scenario told)
    {
        final long untilNs = durationNs("--until", until, ScenarioRun.TO_THE_END);
        if (null == journal)
        {
            return new ScenarioRun(told, printer()).run(untilNs);
        }
        try (ScenarioJournal records = new ScenarioJournal(terminal.path(journal)))
        {
            return new ScenarioRun(told, printer(), records).run(untilNs);
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
        refuse("--curve", curve);
        refuse("--placements", placements);
        refuse("--openb-sequence", openbSequence);
        refuse("--procs", processors);
        refuse("--journal", journal);
        final Heuristic heuristic = heuristic();
        if (null != heuristic)
        {
            refuse("--until", until);
            refuse("--html", shown.html());
            refuse("--csv", shown.csv());
            final int cores = HeuristicJobs.processors(fleetRun.fleet(terminal));
            final Workload workload = fleetRun.workloads(terminal).apply(fleetRun.firstSeed());
            final List<SwfJob> jobs = HeuristicJobs.of(workload, cores);
            heuristic(heuristic, jobs, cores, workload.size() - jobs.size(), job -> workload.job((int)job - 1).name());
            return;
        }
        refuse("--windows", windows);
        refuse("--window-length", windowLength);
        refuse("--events", events ? true : null);
        final GroupSpec group = overridden(() -> GroupSpec.usual(GroupSpec.DEFAULT_NAME)
            .withPolicies(order, select, backfill))
            .withDelayMax(delayMaxNs());
        try (OutputFile page = shown.page(terminal, fleetRun.inputs(terminal)))
        {
            final FleetSimulation simulation = new FleetSimulation(
                terminal, fleetRun, group, until, shown.isAsked() || Form.json == output).run();
            if (null != waits)
            {
                write(waits, simulation.waits());
            }
            final SimulationReport report = simulation.report(stateHash);
            shown.show(terminal, page, report::html, report::csv);
            if (Form.table == output)
            {
                simulation.print(stateHash, this::print);
            }
            else
            {
                print(report.json());
            }
        }
    }

    /** A workload on a fleet, of which nothing leaves. */
    private void packing()
    {
        refuse("--html", shown.html());
        refuse("--csv", shown.csv());
        refuse("--against", fleetRun.against());
        refuseBesidePacking();
        final Workload workload = fleetRun.workloads(terminal).apply(fleetRun.firstSeed());
        final GroupSpec group =
            overridden(() -> GroupSpec.usual(GroupSpec.DEFAULT_NAME).withPolicies(null, select, null));
        tell(Packing.of(workload, fleetRun.fleet(terminal), sequence(), group.select(), printer()).run());
    }

    private OpenbSequence sequence()
    {
        return null == openbSequence ? null : OpenbFiles.sequence(terminal.path(openbSequence));
    }

    private void tell(final OpenbRun run)
    {
        write(curve, run.state().curve().csv());
        write(placements, run.placements());
        summarize(run.state().summary(), run::stateHash);
    }

    private void refuseBesidePacking()
    {
        refuse("--journal", journal);
        refuse("--waits", waits);
        refuse("--procs", processors);
        refuse("--windows", windows);
        refuse("--window-length", windowLength);
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
        tell(new OpenbRun(nodes, pods, sequence, group.select(), printer()).run());
    }

    private void swf()
    {
        refuse("--journal", journal);
        refuse("--curve", curve);
        refuse("--placements", placements);
        refuse("--until", until);
        if (null != processors && processors < 1)
        {
            throw usage("--procs: " + processors + " is no number of processors: use one above 0");
        }
        final Heuristic heuristic = heuristic();
        if (null != heuristic)
        {
            final SwfLog log = log(SwfDialect.HEURISTICS, SwfJob.BY_ID);
            heuristic(heuristic, log.jobs(), log.processors(), log.skipped(), Long::toString);
            return;
        }
        refuse("--windows", windows);
        refuse("--window-length", windowLength);
        final SwfLog log = log(SwfDialect.BACKFILLING, SwfJob.BY_ARRIVAL);
        final GroupSpec group = overridden(() -> GroupSpec.usual(GroupSpec.DEFAULT_NAME)
            .withPolicies(order, select, null == backfill ? "easy" : backfill))
            .withDelayMax(delayMaxNs());
        final boolean actual = fleetRun.isRunTimeKnown();
        final SwfRun run = new SwfRun(log.jobs(), log.processors(), group, actual, printer()).run();
        write(waits, run.csv());
        final Map<String, Object> summary = run.summary();
        summary.put("skippedLines", log.skipped());
        summarize(summary, run::stateHash);
    }

    private SwfLog log(final SwfDialect dialect, final Comparator<SwfJob> jobOrder)
    {
        final int known = null == processors ? SwfLog.OF_THE_LOG : processors;
        final SwfLog log = WorkloadSource.watched(
            terminal, swf, () -> SwfLog.read(terminal.path(swf), dialect, known, jobOrder));
        if (SwfLog.OF_THE_LOG == log.processors())
        {
            throw usage(swf + ": its header tells no MaxProcs; say with --procs N how many processors there are");
        }
        if (log.jobs().isEmpty())
        {
            final boolean requested = SwfDialect.BACKFILLING == dialect;
            throw usage(swf + ": no job is left: of " + log.skipped() + " lines none has " +
                (requested ? "processors, run time and requested time" : "processors and run time") +
                " for a machine of " + log.processors());
        }
        return log;
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
        final List<BigDecimal> slowdowns = new ArrayList<>();
        final List<String> lines = new ArrayList<>(List.of("job,wait"));
        double sum = 0;
        long hash = 0;
        for (final List<SwfJob> window : windows(jobs))
        {
            final HeuristicRun run =
                new HeuristicRun(window, machine, heuristic, passing, printer()).run();
            final long[] waited = run.waits();
            for (int i = 0; i < waited.length; i++)
            {
                lines.add(names.apply(window.get(i).id()) + "," + waited[i]);
            }
            slowdowns.add(BigDecimal.valueOf(run.boundedSlowdown()).setScale(6, RoundingMode.HALF_EVEN));
            sum += run.boundedSlowdown();
            hash = stateHash ? 31 * hash + run.stateHash() : 0;
        }
        write(waits, lines);
        final Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("jobs", lines.size() - 1);
        summary.put("meanBoundedSlowdown",
            BigDecimal.valueOf(sum / slowdowns.size()).setScale(4, RoundingMode.HALF_EVEN));
        summary.put("windows", slowdowns);
        summary.put("skippedLines", skipped);
        final long hashOfAll = hash;
        summarize(summary, () -> hashOfAll);
    }

    private List<List<SwfJob>> windows(final List<SwfJob> jobs)
    {
        if (null == windows)
        {
            refuse("--window-length", windowLength);
            return List.of(jobs);
        }
        final int length = null == windowLength ? WINDOW_LENGTH : windowLength;
        final List<List<SwfJob>> chosen = new ArrayList<>();
        for (final int first : windows)
        {
            if (length < 1 || first < 0 || first > jobs.size() - length)
            {
                throw usage(
                    "--windows: there are no " + length + " jobs from " + first + " on; the log has " + jobs.size());
            }
            chosen.add(jobs.subList(first, first + length));
        }
        return chosen;
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

    private EventPrinter printer()
    {
        return events ? new EventPrinter(this::print, Form.table != output) : null;
    }

    private void summarize(final Map<String, Object> summary, final LongSupplier hash)
    {
        if (stateHash)
        {
            summary.put("stateHash", String.format(Locale.ROOT, "%016x", hash.getAsLong()));
        }
        if (Form.table != output)
        {
            print(JsonValue.of(summary).toString());
            return;
        }
        final TextTable table = new TextTable("WHAT", ">FIGURE");
        summary.forEach((what, figure) -> table.row(what, String.valueOf(figure)));
        table.print(terminal.out());
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

    private void write(final String file, final List<String> lines)
    {
        if (null != file)
        {
            final Path path = terminal.path(file);
            try
            {
                Files.write(path, lines, StandardCharsets.UTF_8);
            }
            catch (final IOException ex)
            {
                throw usage(file + ": cannot be written; is there such a directory, and is it yours?");
            }
        }
    }

    /** Seeds and delays would be read and not heeded. */
    private void refuseFleetOptions()
    {
        for (final OptionSpec option : spec.commandLine().getParseResult().matchedOptions())
        {
            final boolean isOfLogsToo = null != swf && ESTIMATES.equals(option.longestName());
            if (!isOfLogsToo && option.userObject() instanceof Field field &&
                FleetRunOptions.class == field.getDeclaringClass())
            {
                refuse(option.longestName(), option);
            }
        }
    }

    private void refuse(final String option, final Object value)
    {
        if (null != value)
        {
            throw usage(option + " does not go with this input");
        }
    }

    private void print(final String line)
    {
        terminal.out().println(line);
    }

    private static CliException usage(final String message)
    {
        return new CliException(ExitCode.USAGE, message);
    }

    /** Forms of the answer. */
    enum Form
    {
        table, jsonl, json
    }
}
