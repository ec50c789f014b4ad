package io.plimsoll.loadtest.virtual;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.loadtest.page.JsonNumbers;
import io.plimsoll.loadtest.whatif.WaitFigures;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
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
    private static final int[] PERCENTS = {50, 90, 95, 99};
    private static final Map<String, ToDoubleFunction<RunFigures>> FIGURES = figures();

    private final JsonGenerator json;

    /** Writes to a generator, into an object that is open. */
    public FiguresJson(final JsonGenerator json)
    {
        this.json = json;
    }

    /** All figures of a run, by their names; those of one object have its name and a dot before their own. */
    public static Map<String, ToDoubleFunction<RunFigures>> all()
    {
        return FIGURES;
    }

    private static Map<String, ToDoubleFunction<RunFigures>> figures()
    {
        final Map<String, ToDoubleFunction<RunFigures>> figures = new LinkedHashMap<>();
        figures.put("sessions", RunFigures::sessions);
        figures.put("refused", RunFigures::refused);
        figures.put("unstarted", RunFigures::unstarted);
        figures.put("failed", RunFigures::failed);
        figures.put("attempts", RunFigures::attempts);
        figures.put("waitSeconds.mean", run -> run.waits().meanSeconds());
        for (final int percent : PERCENTS)
        {
            figures.put("waitSeconds.p" + percent, run -> run.waits().percentileSeconds(percent));
        }
        figures.put("waitSeconds.max", run -> run.waits().percentileSeconds(100));
        figures.put("boundedSlowdown", RunFigures::boundedSlowdown);
        figures.put("cpuUse", RunFigures::cpuUse);
        figures.put("memoryUse", RunFigures::memoryUse);
        figures.put("gpuUse", RunFigures::deviceUse);
        figures.put("waiting", RunFigures::waitingMean);
        figures.put("warmupSeconds", run -> run.warmupNs() / SECOND_NS);
        figures.put("endSeconds", run -> run.endNs() / SECOND_NS);
        return Collections.unmodifiableMap(figures);
    }

    /** All runs of one setup. */
    public void runs(final List<RunFigures> runs) throws IOException
    {
        json.writeNumberField("seeds", runs.size());
        nested((field, figure) -> interval(field, runs, figure));
    }

    /** Each run by itself, as an array. */
    public void perSeed(final String field, final List<RunFigures> runs, final long firstSeed) throws IOException
    {
        json.writeArrayFieldStart(field);
        long seed = firstSeed;
        for (final RunFigures run : runs)
        {
            json.writeStartObject();
            json.writeNumberField("seed", seed++);
            nested((name, figure) -> number(name, figure.applyAsDouble(run)));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private interface Field
    {
        void write(String field, ToDoubleFunction<RunFigures> figure) throws IOException;
    }

    /** Figures with a dot in their names are those of an object. */
    private void nested(final Field field) throws IOException
    {
        String open = "";
        for (final Map.Entry<String, ToDoubleFunction<RunFigures>> figure : FIGURES.entrySet())
        {
            final int dot = figure.getKey().indexOf('.');
            final String object = dot < 0 ? "" : figure.getKey().substring(0, dot);
            if (!open.equals(object))
            {
                if (!open.isEmpty())
                {
                    json.writeEndObject();
                }
                if (!object.isEmpty())
                {
                    json.writeObjectFieldStart(object);
                }
                open = object;
            }
            field.write(figure.getKey().substring(dot + 1), figure.getValue());
        }
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
            number("mean", figures.meanSeconds());
            for (final int percent : PERCENTS)
            {
                number("p" + percent, figures.percentileSeconds(percent));
            }
            number("max", figures.percentileSeconds(100));
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
        JsonNumbers.write(json, field, value);
    }
}
