package io.plimsoll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.bench.core.CostPlot;
import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Plot;
import io.plimsoll.bench.harness.Progress;
import io.plimsoll.bench.harness.Report;
import io.plimsoll.bench.harness.SvgPlot;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

class BenchTest
{
    private static final Pattern POLYLINE = Pattern.compile("<polyline points=\"([^\"]+)\"");

    @ParameterizedTest
    @ValueSource(strings = {"journal", "pipeline", "restore", "e2e"})
    void shouldGiveFiguresThatMakeSense(final String what) throws Exception
    {
        requireSense(Bench.measure(what, Budget.smoke(), Progress.NONE));
    }

    @Test
    void shouldMeasureAndDrawTheCore() throws Exception
    {
        final Report report = Bench.measure("core", Budget.smoke(), Progress.NONE);

        requireSense(report);
        final List<String> rows = report.figures().stream().map(Figure::row).distinct().toList();
        assertTrue(rows.containsAll(List.of("1", "2", "7", "8", "10")), rows.toString());
        for (final Figure figure : report.figures())
        {
            if (figure.name().startsWith("decisions"))
            {
                assertTrue(figure.value() > 0, figure.toString());
                assertTrue((Long)figure.details().get("running") > 0, figure.toString());
            }
            if ("10".equals(figure.row()))
            {
                // Its id, its times, its place in the queue.
                assertTrue(figure.value() > 64, figure.toString());
            }
        }
        final String svg = CostPlot.svg(report.figures());
        assertEquals(svg, CostPlot.svg(report.figures()));
        assertEquals("svg", DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg))).getDocumentElement().getTagName());
        assertTrue(svg.contains("round-robin") && svg.contains("exhaustive scan"), svg);
    }

    @Test
    void shouldDrawWhatThereIs()
    {
        final String svg = CostPlot.svg(List.of(Figure.failed("1", "decisions", "it broke")));

        assertTrue(svg.startsWith("<svg") && svg.endsWith("</svg>\n"), svg);
    }

    @Test
    void shouldDrawPowersOfTenAtEvenDistances()
    {
        final String svg = SvgPlot.render(List.of(new Plot(
            "cost", "agents", "ns", List.of(new Plot.Curve(
                "a < b",
                List.of(new Plot.Point(10, 1), new Plot.Point(100, 10), new Plot.Point(1_000, 100)),
                false)))));

        final Matcher line = POLYLINE.matcher(svg);
        assertTrue(line.find(), svg);
        final List<double[]> points = Arrays.stream(line.group(1).split(" "))
            .map(point -> Arrays.stream(point.split(",")).mapToDouble(Double::parseDouble).toArray())
            .toList();
        for (int axis = 0; axis < 2; axis++)
        {
            final double first = points.get(1)[axis] - points.get(0)[axis];
            assertEquals(first, points.get(2)[axis] - points.get(1)[axis], 0.2, svg);
            assertTrue(0 == axis ? first > 0 : first < 0, svg);
        }
        assertTrue(svg.contains("a &lt; b"), svg);
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() throws Exception
    {
        assertEquals(2, Bench.run("nonsense", new BenchOptions(false, true, null)));
        assertEquals(2, Bench.run("journal", new BenchOptions(false, true, Path.of("journal.svg"))));
    }

    private static void requireSense(final Report report) throws Exception
    {
        assertFalse(report.figures().isEmpty());
        for (final Figure figure : report.figures())
        {
            assertFalse(figure.broken(), figure.toString());
            assertTrue(Double.isFinite(figure.value()) && figure.value() >= 0, figure.toString());
            assertTrue(null == figure.limit() || figure.limit() > 0, figure.toString());
        }
        final JsonNode json = new ObjectMapper().readTree(report.toJson());
        assertEquals(report.what(), json.path("what").asText());
        assertEquals(report.figures().size(), json.path("figures").size());
        assertTrue(json.path("machine").path("cores").asInt() > 0);
        assertTrue(report.toTable().contains(report.figures().get(0).name()));
    }
}
