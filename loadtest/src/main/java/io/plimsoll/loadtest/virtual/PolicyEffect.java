package io.plimsoll.loadtest.virtual;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.loadtest.compare.Comparison;
import io.plimsoll.loadtest.compare.Side;
import io.plimsoll.loadtest.compare.Side.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What other policies would do to the same workload.
 *
 * @param name      of the other policies, as they were asked for.
 * @param policies  all of the others, by what they are about.
 * @param runs      figures under them, by seed.
 * @param firstSeed of them.
 * @param same      the effect on the same fleet, with the same load.
 * @param best      what each needs, or carries; null: not looked for.
 */
public record PolicyEffect(
    String name, Map<String, String> policies, List<RunFigures> runs, long firstSeed, Comparison same, Best best)
{
    /**
     * The smallest fleet of each, or its largest load.
     *
     * @param first      machines by kind under the first policies; null: no fleet will do.
     * @param second     under the others.
     * @param firstCost  of them, an hour; null: not known.
     * @param secondCost of them.
     * @param firstLoad  times the load of the workload.
     * @param secondLoad under the others.
     * @param comparison of the one on its fleet with the other on its own; null unless there are both.
     */
    public record Best(
        Map<String, Integer> first,
        Map<String, Integer> second,
        Number firstCost,
        Number secondCost,
        double firstLoad,
        double secondLoad,
        Comparison comparison)
    {
    }

    /** Runs that differ in one thing only, two by two. */
    public static Comparison compare(
        final String first, final List<RunFigures> one, final String second, final List<RunFigures> other)
    {
        return Comparison.of(side(first, one), side(second, other));
    }

    private static Side side(final String name, final List<RunFigures> figures)
    {
        final List<Run> runs = new ArrayList<>();
        for (final RunFigures run : figures)
        {
            final Map<String, Double> told = new LinkedHashMap<>();
            FiguresJson.all().forEach((figure, of) -> told.put(figure, of.applyAsDouble(run)));
            runs.add(new Run((long)runs.size(), told));
        }
        return new Side(name, Map.of(), runs);
    }

    /** As a field of an object. */
    public void json(final JsonGenerator json, final String field) throws IOException
    {
        final FiguresJson figures = new FiguresJson(json);
        json.writeObjectFieldStart(field);
        json.writeStringField("name", name);
        json.writeObjectField("policies", policies);
        json.writeObjectFieldStart("same");
        same.json(json);
        json.writeEndObject();
        figures.perSeed("perSeed", runs, firstSeed);
        if (null != best)
        {
            json.writeObjectFieldStart("best");
            json.writeObjectField("firstMachines", best.first);
            json.writeObjectField("secondMachines", best.second);
            json.writeObjectField("firstCostPerHour", best.firstCost);
            json.writeObjectField("secondCostPerHour", best.secondCost);
            figures.number("firstLoad", best.firstLoad);
            figures.number("secondLoad", best.secondLoad);
            if (null != best.comparison)
            {
                json.writeObjectFieldStart("each");
                best.comparison.json(json);
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
