package io.plimsoll.loadtest.swf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.loadtest.simulate.HeuristicRun;
import io.plimsoll.loadtest.swf.ReferenceHeuristics.Heuristic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceHeuristicsTest
{
    private static final int PROCESSORS = 256;
    private static final int WINDOW = 1024;
    private static final Map<Heuristic, io.plimsoll.loadtest.simulate.Heuristic> ON_CORE = Map.of(
        Heuristic.FCFS, io.plimsoll.loadtest.simulate.Heuristic.FCFS,
        Heuristic.WFP, io.plimsoll.loadtest.simulate.Heuristic.WFP3,
        Heuristic.UNI, io.plimsoll.loadtest.simulate.Heuristic.UNICEP,
        Heuristic.SJF, io.plimsoll.loadtest.simulate.Heuristic.SJF,
        Heuristic.F1, io.plimsoll.loadtest.simulate.Heuristic.F1);

    @ParameterizedTest
    @CsvSource({
        "FCFS,7273.77,235.82", "WFP,19753.53,133.87", "UNI,22274.74,307.23", "SJF,277.35,73.31", "F1,258.37,75.07"})
    void shouldGiveThePublishedTable(final Heuristic heuristic, final double alone, final double backfilled)
        throws IOException
    {
        final String expected =
            Files.readString(Traces.file("lublin/expected_dev_Lublin-1.json"), StandardCharsets.UTF_8);
        final List<SwfJob> jobs = SwfReader.jobs(
            Traces.file("lublin/lublin_256.swf.gz"), SwfDialect.HEURISTICS, PROCESSORS, SwfJob.BY_ID);
        final double[] starts = numbers(expected, "starts", 0);

        assertTable(
            numbers(expected, heuristic.name(), expected.indexOf("\"no_backfill\"")), jobs, starts, heuristic, false,
            alone);
        assertTable(
            numbers(expected, heuristic.name(), expected.indexOf("\"backfill\"")), jobs, starts, heuristic, true,
            backfilled);
    }

    private static void assertTable(
        final double[] published,
        final List<SwfJob> jobs,
        final double[] starts,
        final Heuristic heuristic,
        final boolean backfill,
        final double mean)
    {
        double sum = 0;
        for (int i = 0; i < starts.length; i++)
        {
            final int start = (int)starts[i];
            final double slowdown = ReferenceHeuristics.boundedSlowdown(
                jobs.subList(start, start + WINDOW), PROCESSORS, heuristic, backfill);
            assertEquals(published[i], slowdown, 0.000001, heuristic + " window " + start);
            final HeuristicRun run = new HeuristicRun(
                jobs.subList(start, start + WINDOW), PROCESSORS, ON_CORE.get(heuristic), backfill, null);
            assertEquals(published[i], run.run().boundedSlowdown(), 0.000001, heuristic + " on the core, at " + start);
            sum += slowdown;
        }
        assertEquals(mean, sum / starts.length, 0.005, heuristic.name());
    }

    private static double[] numbers(final String json, final String name, final int from)
    {
        final int open = json.indexOf('[', json.indexOf('"' + name + '"', from));
        return Arrays.stream(json.substring(open + 1, json.indexOf(']', open)).split(","))
            .mapToDouble(text -> Double.parseDouble(text.strip()))
            .toArray();
    }
}
