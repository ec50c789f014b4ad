package io.plimsoll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Report;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchTest
{
    @ParameterizedTest
    @ValueSource(strings = {"core", "journal", "pipeline", "e2e"})
    void shouldGiveFiguresThatMakeSense(final String what) throws Exception
    {
        final Report report = Bench.measure(what, Budget.smoke());

        assertFalse(report.figures().isEmpty());
        for (final Figure figure : report.figures())
        {
            assertTrue(Double.isFinite(figure.value()) && figure.value() >= 0, figure.toString());
            assertTrue(null == figure.limit() || figure.limit() > 0, figure.toString());
        }
        final JsonNode json = new ObjectMapper().readTree(report.toJson());
        assertEquals(what, json.path("what").asText());
        assertEquals(report.figures().size(), json.path("figures").size());
        assertTrue(json.path("machine").path("cores").asInt() > 0);
        assertTrue(report.toTable().contains(report.figures().get(0).name()));
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow()
    {
        assertEquals(2, Bench.run("nonsense", false));
    }

    @Test
    void shouldNameRowsOfTheTableOfTargets() throws Exception
    {
        final List<String> rows =
            Bench.measure("core", Budget.smoke()).figures().stream().map(Figure::row).distinct().toList();

        assertTrue(rows.containsAll(List.of("1", "2", "7", "8", "10")), rows.toString());
    }
}
