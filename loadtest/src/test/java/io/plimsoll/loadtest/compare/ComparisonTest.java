package io.plimsoll.loadtest.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.compare.Difference.Verdict;
import io.plimsoll.loadtest.compare.Side.Run;
import io.plimsoll.loadtest.jobs.Draws;
import io.plimsoll.loadtest.simulate.ScenarioException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest
{
    private static final double CLOSE = 1e-4;

    @TempDir
    private Path directory;

    /** Student 1908, the hours of sleep gained with two drugs: t = -4.0621, p = 0.002833; Welch p = 0.07939. */
    @Test
    void shouldFindWhatStudentFound()
    {
        final double[] one = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
        final double[] other = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
        final Difference paired = compare(side("a", true, "sleep", one), side("b", true, "sleep", other));
        assertEquals(1.58, paired.change(), CLOSE);
        assertEquals(0.002833, paired.p(), 1e-6);
        assertEquals(2.4598858 - 1.58, paired.plusMinus(), CLOSE);
        assertTrue(paired.isSignificant());
        final Difference welch = compare(side("a", false, "sleep", one), side("b", false, "sleep", other));
        assertEquals(0.07939, welch.p(), 1e-5);
        assertEquals(3.365483 - 1.58, welch.plusMinus(), 1e-3);
        assertFalse(welch.isSignificant());
    }

    @Test
    void shouldSayThatOneRunTellsNothing()
    {
        final Comparison comparison = Comparison.of(side("a", true, "wait", 1), side("b", true, "wait", 9));
        assertEquals("no interval: one run each", comparison.method());
        assertTrue(Double.isNaN(comparison.differences().get(0).p()));
        assertFalse(comparison.differences().get(0).isSignificant());
        assertEquals(
            "no interval: one side has one run only",
            Comparison.of(side("a", true, "wait", 1), side("b", true, "wait", 9, 8)).method());
    }

    @Test
    void shouldSayThatRunsWithoutChanceTellNoMoreThanOne()
    {
        for (final boolean hasSeeds : new boolean[]{true, false})
        {
            final Comparison comparison =
                Comparison.of(side("a", hasSeeds, "wait", 4, 4, 4), side("b", hasSeeds, "wait", 9, 9, 9));
            assertEquals(
                "no interval: nothing was left to chance, all runs of a side are the same", comparison.method());
            assertEquals(5, comparison.differences().get(0).change(), CLOSE);
            assertFalse(comparison.differences().get(0).isSignificant());
        }
        assertTrue(compare(side("a", true, "wait", 4, 4, 4), side("b", true, "wait", 9, 8.9, 9)).isSignificant());
    }

    @Test
    void shouldCorrectForTheNumberOfFigures()
    {
        // Of 200 figures of the same source a few look different one by one, and none after correction.
        final Draws draws = new Draws(7, 1);
        final List<Run> first = new ArrayList<>();
        final List<Run> second = new ArrayList<>();
        for (long seed = 0; seed < 8; seed++)
        {
            first.add(new Run(seed, noise(draws)));
            second.add(new Run(seed, noise(draws)));
        }
        final List<Difference> differences =
            Comparison.of(new Side("a", Map.of(), first), new Side("b", Map.of(), second)).differences();
        assertTrue(differences.stream().filter(one -> one.p() < Difference.LEVEL).count() > 2);
        assertEquals(0, differences.stream().filter(Difference::isSignificant).count());
    }

    private static Map<String, Double> noise(final Draws draws)
    {
        final Map<String, Double> figures = new LinkedHashMap<>();
        for (int i = 0; i < 200; i++)
        {
            figures.put("f" + i, draws.uniform());
        }
        return figures;
    }

    @Test
    void shouldTakeNoteOfWhatHasNoCounterpart()
    {
        final Side shorter = side("b", true, "wait", 2, 3);
        final Comparison comparison = Comparison.of(side("a", true, "wait", 1, 2, 4), shorter);
        assertEquals(List.of("1 run of a left out: the other side has none with its seed"), comparison.notes());
        assertEquals(1, comparison.differences().get(0).change());
        final Comparison none = Comparison.of(side("a", true, "wait", 1, 2), side("b", true, "size", 1, 2));
        assertEquals(List.of(), none.differences());
        assertEquals(List.of("only a has wait", "only b has size"), none.notes());
    }

    @Test
    void shouldKnowWhatIsWorse()
    {
        assertEquals(Verdict.WORSE, verdict("waitSeconds.p95", 1));
        assertEquals(Verdict.BETTER, verdict("waitSeconds.p95", -1));
        assertEquals(Verdict.BETTER, verdict("sessionsPerSecond", 1));
        assertEquals(Verdict.BETTER, verdict("core alone, 10,000 agents (decisions/s)", 1));
        assertEquals(Verdict.WORSE, verdict("gang of 64, p99 (us)", 1));
        assertEquals(Verdict.BETTER, verdict("memoryUse", 1));
        assertEquals(Verdict.DIFFERENT, verdict("sessions", 1));
    }

    private static Verdict verdict(final String figure, final double change)
    {
        return new Difference(figure, 1, 1 + change, 0, 0, 0).verdict();
    }

    @Test
    void shouldReadWhatCommandsPrint() throws IOException
    {
        write("one.json", "{\"formatVersion\":1,\"waitSeconds\":{\"mean\":{\"mean\":1}}," +
            "\"perSeed\":[{\"seed\":3,\"waitSeconds\":{\"p50\":4.5}},{\"seed\":4,\"waitSeconds\":{\"p50\":null}}]}");
        final Side seeds = ResultFiles.read("one", List.of(directory.resolve("one.json")));
        assertEquals(List.of(3L, 4L), seeds.runs().stream().map(Run::seed).toList());
        assertEquals(Map.of("waitSeconds.p50", 4.5), seeds.runs().get(0).figures());
        assertEquals(0, seeds.figures().size());
        write("plan.json", "{\"objectives\":[],\"carries\":2,\"found\":{\"machines\":{\"a\":3},\"costPerHour\":2.5," +
            "\"perSeed\":[{\"seed\":0,\"sessions\":9}]}}");
        final Side plan = ResultFiles.read("plan", List.of(directory.resolve("plan.json")));
        assertEquals(Map.of("machines.a", 3.0, "costPerHour", 2.5, "carries", 2.0), plan.once());
        write("bench.json", "{\"what\":\"core\",\"machine\":{\"cores\":2},\"figures\":[{\"name\":\"x\",\"value\":7," +
            "\"unit\":\"decisions/s\",\"ratio\":0.5}]}");
        final Side bench = ResultFiles.read("bench", List.of(directory.resolve("bench.json")));
        assertEquals(Map.of("x (decisions/s)", 7.0, "x ratio", 0.5), bench.runs().get(0).figures());
        write("lines.jsonl", "{\"name\":\"s\",\"wait\":1}\n{\"summary\":true,\"sessions\":1}\n");
        assertEquals(
            Map.of("sessions", 1.0),
            ResultFiles.read("lines", List.of(directory.resolve("lines.jsonl"))).runs().get(0).figures());
        assertEquals(5, ResultFiles.read("all", List.of(directory)).runs().size());
    }

    @Test
    void shouldSayWhichFileIsNoResult() throws IOException
    {
        write("bad.json", "{\"a\": 1");
        write("list.json", "[1, 2]");
        for (final String name : List.of("bad.json", "list.json", "missing.json"))
        {
            final ScenarioException problem = assertThrows(
                ScenarioException.class, () -> ResultFiles.read("a", List.of(directory.resolve(name))));
            assertTrue(problem.getMessage().contains(name), problem.getMessage());
        }
    }

    private void write(final String name, final String text) throws IOException
    {
        Files.writeString(directory.resolve(name), text);
    }

    private static Difference compare(final Side one, final Side other)
    {
        return Comparison.of(one, other).differences().get(0);
    }

    private static Side side(final String name, final boolean isSeeded, final String figure, final double... values)
    {
        final List<Run> runs = new ArrayList<>();
        for (final double value : values)
        {
            runs.add(new Run(isSeeded ? (Long)(long)runs.size() : Side.NO_SEED, Map.of(figure, value)));
        }
        return new Side(name, Map.of(), runs);
    }
}
