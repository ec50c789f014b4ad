package io.plimsoll.bench.core;

import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Plot;
import io.plimsoll.bench.harness.SvgPlot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Draws what a decision costs against the size of the cluster, and against the length of the queue. */
public final class CostPlot
{
    private static final String COST = "ns per decision";

    private CostPlot()
    {
    }

    /**
     * Draws.
     *
     * @param figures of the core.
     * @return an SVG document.
     */
    public static String svg(final List<Figure> figures)
    {
        final Map<String, List<Plot.Point>> points = new LinkedHashMap<>();
        for (final Figure figure : figures)
        {
            final Map<String, Object> details = figure.details();
            if (details.containsKey(DecisionFigures.CURVE))
            {
                final Plot.Point point = new Plot.Point(
                    (Integer)details.get(DecisionFigures.AT), (Double)details.get(DecisionFigures.NS_PER_DECISION));
                points.computeIfAbsent((String)details.get(DecisionFigures.CURVE), name -> new ArrayList<>())
                    .add(point);
            }
        }
        final List<Plot.Point> waiting = points.remove(DecisionFigures.WAITING_CURVE);
        final List<Plot.Point> scans = points.remove(DecisionFigures.SCAN_CURVE);
        final List<Plot.Curve> byAgents = new ArrayList<>();
        points.forEach((name, curve) -> byAgents.add(new Plot.Curve(name, curve, false)));
        if (null != scans)
        {
            byAgents.add(new Plot.Curve("exhaustive scan, for comparison", scans, true));
        }
        final List<Plot> plots = new ArrayList<>();
        if (!byAgents.isEmpty())
        {
            plots.add(new Plot("Cost by size of the cluster", "agents", COST, byAgents));
        }
        if (null != waiting && waiting.stream().anyMatch(point -> point.x() > 0))
        {
            plots.add(new Plot(
                "Cost by length of the queue", "sessions that wait and do not fit", COST, byWaiting(waiting)));
        }
        return SvgPlot.render(plots);
    }

    /** A logarithmic axis has no place for an empty queue: its cost is a line across. */
    private static List<Plot.Curve> byWaiting(final List<Plot.Point> waiting)
    {
        final List<Plot.Point> some = waiting.stream().filter(point -> point.x() > 0).toList();
        final List<Plot.Curve> curves = new ArrayList<>();
        curves.add(new Plot.Curve("submission, placement and end", some, false));
        waiting.stream().filter(point -> 0 == point.x()).findFirst().ifPresent(without -> curves.add(new Plot.Curve(
            "the same, nobody waits",
            some.stream().map(point -> new Plot.Point(point.x(), without.y())).toList(),
            true)));
        return curves;
    }
}
