package io.plimsoll.loadtest.plan;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.loadtest.compare.ComparisonPage;
import io.plimsoll.loadtest.csv.CsvFolder;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.page.PlotPage;
import io.plimsoll.loadtest.virtual.FiguresJson;
import io.plimsoll.loadtest.virtual.Interval;
import io.plimsoll.loadtest.virtual.PolicyEffect;
import io.plimsoll.loadtest.virtual.Pressure;
import io.plimsoll.loadtest.virtual.RunFigures;
import io.plimsoll.loadtest.virtual.RunSeries;
import io.plimsoll.loadtest.virtual.SeriesCsv;
import io.plimsoll.loadtest.virtual.SimulationReport;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a search came to: as JSON, as a page, as tables.
 *
 * @param asked      what was asked.
 * @param found      with which all objectives hold; null: nothing.
 * @param missed     beside it, with which they do not; null: nothing smaller, or larger, was looked at.
 * @param trials     all that was tried, in order.
 * @param usedUpOn   date on which growth uses up what the fleet carries; null: not asked.
 * @param effect     of other policies; null: not asked.
 * @param series     of the first run of what was found; null: nothing was, or nobody asked.
 */
public record PlanReport(
    Asked asked,
    Trial found,
    Trial missed,
    List<Trial> trials,
    String usedUpOn,
    PolicyEffect effect,
    RunSeries series)
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int FORMAT_VERSION = 1;

    /**
     * What was asked.
     *
     * @param workload   name of it.
     * @param fleet      name of it.
     * @param policies   by what they are about.
     * @param objectives that are to hold.
     * @param vary       kinds of machines that may be more or fewer; none: it is the load that varies.
     * @param seeds      of each trial.
     * @param firstSeed  of them.
     */
    public record Asked(
        String workload,
        String fleet,
        Map<String, String> policies,
        List<Objective> objectives,
        List<String> vary,
        int seeds,
        long firstSeed)
    {
        boolean isLoad()
        {
            return vary.isEmpty();
        }
    }

    /** The load that the fleet carries; 0: none. */
    public double carries()
    {
        return null == found ? 0 : found.load();
    }

    /** All of it, on one line. */
    public String json()
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = MAPPER.createGenerator(text))
        {
            json.writeStartObject();
            json.writeStringField("format", "plimsoll-plan");
            json.writeNumberField("formatVersion", FORMAT_VERSION);
            json.writeStringField("workload", asked.workload);
            json.writeStringField("fleet", asked.fleet);
            json.writeObjectField("policies", asked.policies);
            json.writeObjectField("objectives", asked.objectives.stream().map(Objective::text).toList());
            json.writeObjectField("vary", asked.vary);
            json.writeNumberField("seeds", asked.seeds);
            if (asked.isLoad())
            {
                new FiguresJson(json).number("carries", carries());
                new FiguresJson(json).number("headroom", carries() - 1);
            }
            if (null != usedUpOn)
            {
                json.writeStringField("usedUpOn", usedUpOn);
            }
            trial(json, "found", found);
            trial(json, asked.isLoad() ? "tooMuch" : "tooSmall", missed);
            json.writeNumberField("trials", trials.size());
            json.writeArrayFieldStart("tried");
            for (final Trial trial : trials)
            {
                trial(json, null, trial);
            }
            json.writeEndArray();
            if (null != effect)
            {
                effect.json(json, "against");
            }
            json.writeObjectField("series", series);
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    private void trial(final JsonGenerator json, final String field, final Trial trial) throws IOException
    {
        if (null != field)
        {
            json.writeFieldName(field);
        }
        if (null == trial)
        {
            json.writeNull();
            return;
        }
        final FiguresJson figures = new FiguresJson(json);
        json.writeStartObject();
        json.writeObjectFieldStart("machines");
        for (final Map.Entry<MachineKind, Integer> kind : trial.fleet().kinds().entrySet())
        {
            json.writeNumberField(kind.getKey().name(), kind.getValue());
        }
        json.writeEndObject();
        json.writeObjectField("costPerHour", trial.fleet().costPerHour());
        figures.number("load", trial.load());
        json.writeBooleanField("holds", trial.holds());
        json.writeArrayFieldStart("misses");
        for (final Objective.Miss miss : trial.misses())
        {
            json.writeStartObject();
            json.writeStringField("objective", miss.objective().text());
            json.writeStringField("by", miss.key());
            figures.number("value", miss.value());
            json.writeEndObject();
        }
        json.writeEndArray();
        objectives(json, trial);
        final Pressure pressure = trial.telling().pressure();
        json.writeObjectFieldStart("whileWaiting");
        json.writeStringField("group", pressure.group());
        figures.number("cpuUse", pressure.cpuUse());
        figures.number("memoryUse", pressure.memoryUse());
        figures.number("gpuUse", pressure.deviceUse());
        json.writeStringField("most", pressure.resource());
        json.writeNumberField("worstHour", pressure.worstHour());
        json.writeBooleanField("utc", pressure.isDated());
        json.writeEndObject();
        figures.runs(trial.figures());
        figures.perSeed("perSeed", trial.figures(), asked.firstSeed);
        json.writeEndObject();
    }

    /** What each came to with each seed that was run, of whoever is furthest from it. */
    private void objectives(final JsonGenerator json, final Trial trial) throws IOException
    {
        final FiguresJson figures = new FiguresJson(json);
        json.writeArrayFieldStart("reached");
        for (final Objective objective : asked.objectives)
        {
            json.writeStartObject();
            json.writeStringField("objective", objective.text());
            json.writeStringField("unit", unit(objective));
            figures.number("bound", objective.bound());
            json.writeBooleanField("isUpper", objective.isUpper());
            final List<Double> values = new ArrayList<>();
            for (final RunFigures run : trial.figures())
            {
                values.add(objective.worst(run).value());
            }
            final Interval interval = Interval.of(values);
            figures.number("mean", interval.mean());
            figures.number("plusMinus", interval.halfWidth());
            figures.number("least", values.stream().mapToDouble(value -> value).min().orElse(Double.NaN));
            figures.number("most", values.stream().mapToDouble(value -> value).max().orElse(Double.NaN));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String unit(final Objective objective)
    {
        return objective.metric().unit().name().toLowerCase(Locale.ROOT);
    }

    /**
     * The page.
     *
     * @param target takes it in UTF-8; not closed.
     * @throws IOException if it cannot take it.
     */
    public void html(final OutputStream target) throws IOException
    {
        PlotPage.write(
            "Plimsoll plan",
            json(),
            PlotPage.resource(RunSeries.class, "run.js") + ComparisonPage.script() +
                PlotPage.resource(PlanReport.class, "plan.js"),
            target);
    }

    /** Tables: the columns are in docs/PLAN.md. */
    public void csv(final CsvFolder folder)
    {
        folder.table(
            "trials",
            List.of("trial", "machines", "cost_per_hour", "load", "holds", "objective", "bound", "seed", "value", "by"),
            rows ->
            {
                for (int number = 0; number < trials.size(); number++)
                {
                    rows(number, trials.get(number), rows);
                }
            });
        if (null != found)
        {
            SimulationReport.figuresCsv(folder, found.figures(), asked.firstSeed);
        }
        if (null != series)
        {
            SeriesCsv.write(series, folder);
        }
    }

    private void rows(final int number, final Trial trial, final CsvFolder.Rows rows)
    {
        final List<String> kinds = new ArrayList<>();
        trial.fleet().kinds().forEach((kind, count) -> kinds.add(count + " " + kind.name()));
        for (final Objective objective : asked.objectives)
        {
            for (int run = 0; run < trial.figures().size(); run++)
            {
                final Objective.Miss worst = objective.worst(trial.figures().get(run));
                rows.add(
                    number + 1, String.join(", ", kinds), trial.fleet().costPerHour(), trial.load(),
                    trial.holds() ? 1 : 0, objective.text(), objective.bound(), asked.firstSeed + run, worst.value(),
                    worst.key());
            }
        }
    }
}
