package io.plimsoll.loadtest.virtual;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.loadtest.whatif.WaitFigures;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The figures of runs as JSON: times in seconds, parts from 0 to 1. A figure of several runs is an object with its mean
 * and how far off that may be, {@code null} for a single run.
 */
public final class FiguresJson
{
    private static final double SECOND_NS = 1e9;
    private static final MathContext DIGITS = new MathContext(6);
    private static final int[] PERCENTS = {50, 90, 95, 99};

    private final JsonGenerator json;

    /** Writes to a generator, into an object that is open. */
    public FiguresJson(final JsonGenerator json)
    {
        this.json = json;
    }

    /** All runs of one setup. */
    public void runs(final List<RunFigures> runs) throws IOException
    {
        json.writeNumberField("seeds", runs.size());
        interval("sessions", runs, RunFigures::sessions);
        interval("refused", runs, RunFigures::refused);
        interval("unstarted", runs, RunFigures::unstarted);
        interval("failed", runs, RunFigures::failed);
        interval("attempts", runs, RunFigures::attempts);
        json.writeObjectFieldStart("waitSeconds");
        interval("mean", runs, run -> run.waits().meanNs() / SECOND_NS);
        for (final int percent : PERCENTS)
        {
            interval("p" + percent, runs, run -> run.waits().percentileNs(percent) / SECOND_NS);
        }
        interval("max", runs, run -> run.waits().percentileNs(100) / SECOND_NS);
        json.writeEndObject();
        interval("boundedSlowdown", runs, RunFigures::boundedSlowdown);
        interval("cpuUse", runs, RunFigures::cpuUse);
        interval("memoryUse", runs, RunFigures::memoryUse);
        interval("gpuUse", runs, RunFigures::deviceUse);
        interval("waiting", runs, RunFigures::waitingMean);
        interval("warmupSeconds", runs, run -> run.warmupNs() / SECOND_NS);
        interval("endSeconds", runs, run -> run.endNs() / SECOND_NS);
    }

    /** Waits of one run, by whatever they are told apart by. */
    public void waits(final String field, final Map<String, WaitFigures> waits) throws IOException
    {
        json.writeObjectFieldStart(field);
        for (final Map.Entry<String, WaitFigures> entry : waits.entrySet())
        {
            final WaitFigures figures = entry.getValue();
            json.writeObjectFieldStart(entry.getKey());
            json.writeNumberField("sessions", figures.count());
            json.writeNumberField("unstarted", figures.stillWaiting());
            number("mean", figures.meanNs() / SECOND_NS);
            for (final int percent : PERCENTS)
            {
                number("p" + percent, figures.percentileNs(percent) / SECOND_NS);
            }
            number("max", figures.percentileNs(100) / SECOND_NS);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void interval(final String field, final List<RunFigures> runs, final ToDoubleFunction<RunFigures> figure)
        throws IOException
    {
        final Interval interval = SeedRuns.interval(runs, figure);
        json.writeObjectFieldStart(field);
        number("mean", interval.mean());
        number("plusMinus", interval.halfWidth());
        json.writeEndObject();
    }

    /** Six digits; null for what is no number. */
    public void number(final String field, final double value) throws IOException
    {
        json.writeFieldName(field);
        if (Double.isFinite(value))
        {
            json.writeNumber(new BigDecimal(value, DIGITS).stripTrailingZeros().toPlainString());
        }
        else
        {
            json.writeNull();
        }
    }
}
