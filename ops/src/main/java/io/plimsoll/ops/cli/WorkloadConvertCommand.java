package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.jobs.Anonymiser;
import io.plimsoll.loadtest.jobs.JobFilter;
import io.plimsoll.loadtest.jobs.Transform;
import io.plimsoll.loadtest.jobs.Workload;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Writes workloads in our own format, changed on the way if told so. */
@Command(
    name = "convert",
    sortOptions = false,
    description = {
        "Writes a workload, or several as one, in the format that everything here reads, changed if told so.",
        "What is told is done in this order: merge, filter, scale, anonymise. docs/WORKLOADS.md says how."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll workload convert KTH-SP2.swf.gz --to kth.csv.gz",
        "  plimsoll workload convert philly.csv.gz --filter 'group=6214e9 and arrival<28d' --to four-weeks.csv",
        "  plimsoll workload convert philly.csv.gz --scale-rate 1.25 --scale-duration 0.9 --to next-year.csv.gz",
        "  plimsoll workload convert ours.csv theirs.csv --to both.csv.gz",
        "  plimsoll workload convert ~/.plimsoll --anonymise key.txt --to for-others.csv.gz"})
final class WorkloadConvertCommand implements Callable<Integer>
{
    private static final BigDecimal FACTOR_MAX = BigDecimal.valueOf(1000);

    private final Terminal terminal;

    @Parameters(
        paramLabel = "FILE",
        arity = "1..*",
        description = "Of workloads, or data directories of managers; several become one.")
    private List<String> files;

    @Mixin
    private WorkloadSource source;

    @Option(
        names = "--by-clock",
        description = "Of several, each begins when it did; unless told so they begin together.")
    private boolean byClock;

    @Option(
        names = "--filter",
        paramLabel = "EXPR",
        description = "Only jobs of which this is so, such as 'group=a100|h100 and gpu>=8 and not user=bob'.")
    private String filter;

    @Option(
        names = "--scale-rate",
        paramLabel = "FACTOR",
        converter = FactorConverter.class,
        description = "So many times the jobs, at the hours at which they come anyway.")
    private BigDecimal rate;

    @Option(
        names = "--scale-size",
        paramLabel = "FACTOR",
        converter = FactorConverter.class,
        description = "Each kernel asks for so many times as much, rounded up.")
    private BigDecimal size;

    @Option(
        names = "--scale-duration",
        paramLabel = "FACTOR",
        converter = FactorConverter.class,
        description = "Everything runs so many times as long, limits included.")
    private BigDecimal duration;

    @Option(
        names = "--anonymise",
        paramLabel = "KEYFILE",
        description = "Puts other words for all names; the same ones for the same key, and nobody without it can " +
            "tell them. The file has 16 bytes at least.")
    private String keyFile;

    @Mixin
    private WorkloadTarget target = new WorkloadTarget();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    WorkloadConvertCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        check("--scale-rate", rate);
        check("--scale-size", size);
        check("--scale-duration", duration);
        final Anonymiser anonymiser = null == keyFile ? null : anonymiser();
        final List<String> inputs = new ArrayList<>(files);
        if (null != keyFile)
        {
            inputs.add(keyFile);
        }
        return target.write(terminal, inputs, () -> changed(anonymiser));
    }

    private Workload changed(final Anonymiser anonymiser)
    {
        Workload workload = WorkloadTarget.notEmpty(merged(), String.join(", ", files) + ": there is no job in it");
        if (null != filter)
        {
            final Workload all = workload;
            workload = WorkloadTarget.notEmpty(
                Transform.filter(all, told("--filter", () -> JobFilter.parse(filter, all.originEpochNs()))),
                "--filter: '" + filter + "' is so of no job, of " + all.size());
        }
        workload = null == rate ? workload : WorkloadTarget.notEmpty(
            Transform.scaleRate(workload, rate, source.seed()),
            "--scale-rate: by chance " + rate + " times " + workload.size() + " jobs are none");
        workload = null == size ? workload : Transform.scaleSize(workload, size);
        workload = null == duration ? workload : Transform.scaleDuration(workload, duration);
        return null == anonymiser ? workload : anonymiser.apply(workload);
    }

    private static void check(final String option, final BigDecimal factor)
    {
        if (null != factor && (factor.signum() <= 0 || factor.compareTo(FACTOR_MAX) > 0))
        {
            throw new CliException(
                ExitCode.USAGE, option + ": " + factor + " is no factor: use one above 0, up to " + FACTOR_MAX);
        }
    }

    private static <T> T told(final String option, final Supplier<T> work)
    {
        try
        {
            return work.get();
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CliException(ExitCode.USAGE, option + ": " + ex.getMessage());
        }
    }

    private Workload merged()
    {
        final List<Workload> workloads = new ArrayList<>();
        for (final String file : files)
        {
            final Workload workload = source.read(terminal, file);
            if (byClock && !workload.hasOrigin())
            {
                throw new CliException(ExitCode.USAGE, "--by-clock: " + file + " does not tell when it began");
            }
            workloads.add(workload);
        }
        return 1 == workloads.size() ? workloads.get(0) : Transform.merge(workloads, byClock);
    }

    private Anonymiser anonymiser()
    {
        try
        {
            final byte[] key = Files.readAllBytes(terminal.path(keyFile));
            return told("--anonymise", () -> new Anonymiser(key));
        }
        catch (final IOException ex)
        {
            throw new CliException(
                ExitCode.USAGE, "--anonymise: " + keyFile + " cannot be read; is it there, and yours to read?");
        }
    }

    /** Says what would be right, which the exceptions of the platform do not. */
    private static final class FactorConverter implements ITypeConverter<BigDecimal>
    {
        @Override
        public BigDecimal convert(final String text)
        {
            try
            {
                return new BigDecimal(text.strip());
            }
            catch (final NumberFormatException ex)
            {
                throw new TypeConversionException("'" + text + "' is no factor: use a number such as 1.5");
            }
        }
    }
}
