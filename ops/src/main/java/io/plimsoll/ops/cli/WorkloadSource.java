package io.plimsoll.ops.cli;

import io.plimsoll.journal.JournalException;
import io.plimsoll.loadtest.csv.ReadProgress;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadFiles;
import io.plimsoll.loadtest.jobs.WorkloadFormat;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.whatif.WhatIfException;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** How commands are told what a workload is read from. */
final class WorkloadSource
{
    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        description = "What the file is: plimsoll, openb-pods, swf, philly, dlrm, journal, generator or scenario; " +
            "as its content says unless told otherwise.")
    private String format;

    @Option(
        names = "--seed", paramLabel = "N", description = "Of what is left to chance; 1 unless told otherwise.")
    private long seed = 1;

    long seed()
    {
        return seed;
    }

    /** Reads a workload. */
    Workload read(final Terminal terminal, final String file)
    {
        return watched(terminal, file, () -> told(() -> WorkloadFiles.read(
            terminal.path(file), null == format ? null : WorkloadFormat.parse("--format", format), seed)));
    }

    /** Does what reads files; who sits at a terminal sees how far it is. */
    static <T> T watched(final Terminal terminal, final String file, final Supplier<T> work)
    {
        try (PartLine line = PartLine.of(terminal, "reading " + file))
        {
            return ReadProgress.during(line, work);
        }
    }

    /** Does what takes its time with what has been read; who sits at a terminal sees how far it is. */
    static <T> T computed(final Terminal terminal, final String what, final Supplier<T> work)
    {
        try (PartLine line = PartLine.of(terminal, what))
        {
            return ReadProgress.during(line, () -> told(work));
        }
    }

    /** What goes wrong with input is one sentence. */
    static <T> T told(final Supplier<T> work)
    {
        try
        {
            return work.get();
        }
        catch (final ScenarioException | WhatIfException | IllegalArgumentException ex)
        {
            throw new CliException(ExitCode.USAGE, ex.getMessage());
        }
        catch (final JournalException ex)
        {
            throw new CliException(ExitCode.JOURNAL, ex.getMessage());
        }
    }
}
