package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.swf.SwfDialect;
import io.plimsoll.loadtest.swf.SwfJob;
import io.plimsoll.loadtest.swf.SwfLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Option;

/** Which jobs of a log are simulated, and on how large a machine. */
final class SwfOptions
{
    private static final int WINDOW_LENGTH = 1024;

    @Option(names = "--swf", paramLabel = "FILE", description = "A log in the Standard Workload Format.")
    private String file;

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

    boolean isAsked()
    {
        return null != file;
    }

    /** The log, as it was named; null: none is asked for. */
    String file()
    {
        return file;
    }

    /** Refuses the size of a machine, beside an input that has machines of its own. */
    void refuseMachine()
    {
        SimulateCommand.refuse("--procs", processors);
    }

    /** Refuses windows, which only go with the published heuristics. */
    void refuseWindows()
    {
        SimulateCommand.refuse("--windows", windows);
        SimulateCommand.refuse("--window-length", windowLength);
    }

    /** The log, of the jobs that a dialect takes, in an order. */
    SwfLog log(final Terminal terminal, final SwfDialect dialect, final Comparator<SwfJob> jobOrder)
    {
        if (null != processors && processors < 1)
        {
            throw SimulateCommand.usage("--procs: " + processors + " is no number of processors: use one above 0");
        }
        final int known = null == processors ? SwfLog.OF_THE_LOG : processors;
        final SwfLog log = WorkloadSource.watched(
            terminal, file, () -> SwfLog.read(terminal.path(file), dialect, known, jobOrder));
        if (SwfLog.OF_THE_LOG == log.processors())
        {
            throw SimulateCommand.usage(
                file + ": its header tells no MaxProcs; say with --procs N how many processors there are");
        }
        if (log.jobs().isEmpty())
        {
            final boolean requested = SwfDialect.BACKFILLING == dialect;
            throw SimulateCommand.usage(file + ": no job is left: of " + log.skipped() + " lines none has " +
                (requested ? "processors, run time and requested time" : "processors and run time") +
                " for a machine of " + log.processors());
        }
        return log;
    }

    /** Those that were asked for, of jobs in their order; all jobs are one if none was. */
    List<List<SwfJob>> windows(final List<SwfJob> jobs)
    {
        if (null == windows)
        {
            SimulateCommand.refuse("--window-length", windowLength);
            return List.of(jobs);
        }
        final int length = null == windowLength ? WINDOW_LENGTH : windowLength;
        final List<List<SwfJob>> chosen = new ArrayList<>();
        for (final int first : windows)
        {
            if (length < 1 || first < 0 || first > jobs.size() - length)
            {
                throw SimulateCommand.usage(
                    "--windows: there are no " + length + " jobs from " + first + " on; the log has " + jobs.size());
            }
            chosen.add(jobs.subList(first, first + length));
        }
        return chosen;
    }
}
