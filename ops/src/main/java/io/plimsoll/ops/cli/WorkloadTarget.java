package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.jobs.JobCsv;
import io.plimsoll.loadtest.jobs.Workload;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Option;

/** Where the jobs of a workload go; the end of its name says how they are written. */
final class WorkloadTarget
{
    private static final String CSV = ".csv";
    private static final String COMPRESSED = ".csv.gz";

    @Option(
        names = "--to",
        required = true,
        paramLabel = "OUT",
        description = "Takes the jobs; ends with .csv, or .csv.gz to be compressed.")
    private String target;

    /** Refuses to write nothing, which nobody asks for and nothing that reads it takes. */
    static Workload notEmpty(final Workload workload, final String why)
    {
        if (0 == workload.size())
        {
            throw new CliException(ExitCode.USAGE, why + "; nothing is written");
        }
        return workload;
    }

    /** Opens it, unless it is one of what is read, makes a workload, writes it, and says how many jobs that were. */
    int write(final Terminal terminal, final Collection<String> inputs, final Supplier<Workload> maker)
    {
        if (!target.endsWith(CSV) && !target.endsWith(COMPRESSED))
        {
            throw new CliException(
                ExitCode.USAGE, "--to: " + target + " must end with " + CSV + " or " + COMPRESSED);
        }
        try (OutputFile file = OutputFile.open(
            "--to", target, terminal, inputs.stream().map(terminal::path).toList()))
        {
            final Workload workload = maker.get();
            file.write(stream ->
            {
                if (target.endsWith(COMPRESSED))
                {
                    final GZIPOutputStream compressed = new GZIPOutputStream(stream, 1 << 16);
                    JobCsv.write(workload, compressed);
                    compressed.finish();
                }
                else
                {
                    JobCsv.write(workload, stream);
                }
            });
            file.keep();
            terminal.out().println(workload.size() + " jobs");
        }
        return ExitCode.OK;
    }
}
