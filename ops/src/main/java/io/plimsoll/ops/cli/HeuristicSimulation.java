package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.simulate.EventPrinter;
import io.plimsoll.loadtest.simulate.Heuristic;
import io.plimsoll.loadtest.simulate.HeuristicRun;
import io.plimsoll.loadtest.swf.SwfJob;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Windows of a log under a published heuristic, one after the other, each on an empty machine. */
final class HeuristicSimulation
{
    private final Heuristic heuristic;
    private final int processors;
    private final boolean isBackfilling;
    private final EventPrinter printer;
    private final List<BigDecimal> slowdowns = new ArrayList<>();
    private final List<String> lines = new ArrayList<>(List.of("job,wait"));
    private double slowdownSum;
    private long stateHash;

    /** The printer is null if no events are to be told. */
    HeuristicSimulation(
        final Heuristic heuristic, final int processors, final boolean isBackfilling, final EventPrinter printer)
    {
        this.heuristic = heuristic;
        this.processors = processors;
        this.isBackfilling = isBackfilling;
        this.printer = printer;
    }

    /** Runs the windows, whose jobs have names by their ids; with a hash of all final states if that is wanted. */
    HeuristicSimulation run(
        final List<List<SwfJob>> windows, final LongFunction<String> names, final boolean isHashed)
    {
        for (final List<SwfJob> window : windows)
        {
            final HeuristicRun run = new HeuristicRun(window, processors, heuristic, isBackfilling, printer).run();
            final long[] waited = run.waits();
            for (int i = 0; i < waited.length; i++)
            {
                lines.add(names.apply(window.get(i).id()) + "," + waited[i]);
            }
            slowdowns.add(BigDecimal.valueOf(run.boundedSlowdown()).setScale(6, RoundingMode.HALF_EVEN));
            slowdownSum += run.boundedSlowdown();
            stateHash = isHashed ? 31 * stateHash + run.stateHash() : 0;
        }
        return this;
    }

    /** How long each job has waited in seconds, as lines of a table with its heading. */
    List<String> waits()
    {
        return lines;
    }

    /** Figures of all windows. */
    Map<String, Object> summary(final long skippedLines)
    {
        final Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("jobs", lines.size() - 1);
        summary.put(
            "meanBoundedSlowdown",
            BigDecimal.valueOf(slowdownSum / slowdowns.size()).setScale(4, RoundingMode.HALF_EVEN));
        summary.put("windows", slowdowns);
        summary.put("skippedLines", skippedLines);
        return summary;
    }

    long stateHash()
    {
        return stateHash;
    }
}
