package io.plimsoll.loadtest.virtual;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.loadtest.compare.ComparisonPage;
import io.plimsoll.loadtest.csv.CsvFolder;
import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.jobs.Skipped;
import io.plimsoll.loadtest.page.PlotPage;
import io.plimsoll.loadtest.whatif.WaitFigures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What runs of a workload on a fleet came to: as JSON, as a page, as tables.
 *
 * @param first     run, of which the series are told.
 * @param fleet     it ran on.
 * @param policies  by what they are about.
 * @param runs      figures by seed.
 * @param firstSeed of them.
 * @param series    of the first run; null if it was not watched.
 * @param effect    of other policies; null: nobody asked.
 * @param stateHash of the core after the first run; null: nobody asked.
 */
public record SimulationReport(
    ClusterRun first,
    Fleet fleet,
    Map<String, String> policies,
    List<RunFigures> runs,
    long firstSeed,
    RunSeries series,
    PolicyEffect effect,
    String stateHash)
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int FORMAT_VERSION = 1;

    /** Lists that nobody changes. */
    public SimulationReport
    {
        runs = List.copyOf(runs);
    }

    /** All of it, on one line. */
    public String json()
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = MAPPER.createGenerator(text))
        {
            json.writeStartObject();
            json.writeStringField("format", "plimsoll-simulation");
            json.writeNumberField("formatVersion", FORMAT_VERSION);
            json.writeBooleanField("summary", true);
            json.writeStringField("workload", first.workload().name());
            json.writeStringField("fleet", fleet.name());
            json.writeNumberField("machines", fleet.machines().size());
            json.writeObjectField("policies", policies);
            final FiguresJson figures = new FiguresJson(json);
            figures.runs(runs);
            figures.waits("waitSecondsByGroup", runs.get(0).waitsByGroup());
            figures.waits("waitSecondsByUser", runs.get(0).waitsByUser());
            json.writeObjectField("refusedBy", first.refusals());
            leftOut(json);
            figures.perSeed("perSeed", runs, firstSeed);
            if (null != effect)
            {
                effect.json(json, "against");
            }
            if (null != series)
            {
                json.writeObjectField("series", series);
            }
            if (null != stateHash)
            {
                json.writeStringField("stateHash", stateHash);
            }
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    private void leftOut(final JsonGenerator json) throws IOException
    {
        json.writeArrayFieldStart("leftOut");
        for (final Skipped some : first.workload().skipped())
        {
            json.writeStartObject();
            json.writeStringField("why", some.why());
            json.writeNumberField("count", some.count());
            json.writeStringField("first", some.first());
            json.writeEndObject();
        }
        json.writeEndArray();
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
            "Plimsoll simulation",
            json(),
            PlotPage.resource(SimulationReport.class, "run.js") + ComparisonPage.script() +
                PlotPage.resource(SimulationReport.class, "simulation.js"),
            target);
    }

    /** Tables: the columns are in docs/SIMULATE.md. */
    public void csv(final CsvFolder folder)
    {
        figuresCsv(folder, runs, firstSeed);
        folder.table(
            "groups",
            List.of("group", "sessions", "unstarted", "wait_mean_s", "wait_p50_s", "wait_p95_s", "wait_max_s"),
            rows -> runs.get(0).waitsByGroup().forEach((group, waits) -> rows.add(waits(group, waits))));
        SeriesCsv.write(series, folder);
    }

    private static Object[] waits(final String group, final WaitFigures waits)
    {
        return new Object[]{
            group, waits.count(), waits.stillWaiting(), waits.meanSeconds(), waits.percentileSeconds(50),
            waits.percentileSeconds(95), waits.percentileSeconds(100)};
    }

    /** A row for each figure of each run. */
    public static void figuresCsv(final CsvFolder folder, final List<RunFigures> runs, final long firstSeed)
    {
        folder.table("figures", List.of("seed", "figure", "value"), rows ->
        {
            for (int run = 0; run < runs.size(); run++)
            {
                for (final Map.Entry<String, ToDoubleFunction<RunFigures>> figure : FiguresJson.all().entrySet())
                {
                    rows.add(firstSeed + run, figure.getKey(), figure.getValue().applyAsDouble(runs.get(run)));
                }
            }
        });
    }
}
