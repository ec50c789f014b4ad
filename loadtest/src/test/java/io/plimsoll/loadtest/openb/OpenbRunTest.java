package io.plimsoll.loadtest.openb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real core, held to the published experiment. */
class OpenbRunTest
{
    private static final boolean IS_ALL = "all".equals(System.getProperty("plimsoll.openb"));
    private static final int FULL = 100;
    private static final int END = 130;
    private static final List<String> WORKLOADS =
        List.of("default", "cpu050", "gpushare40", "gpuspec10", "multigpu20");
    private static final List<Integer> SEEDS = List.of(42, 43, 44);
    private static final Map<String, String> POLICIES = Map.of(
        "FGD", "fragmentation-gradient",
        "BestFit", "best-fit",
        "DotProd", "dot-product",
        "GpuClustering", "gpu-clustering",
        "GpuPacking", "gpu-packing");

    @ParameterizedTest
    @ValueSource(strings = {"FGD", "BestFit", "DotProd", "GpuClustering", "GpuPacking"})
    void shouldPlaceEveryPodAsPublished(final String published) throws Exception
    {
        final OpenbRun run = run("default", 42, POLICIES.get(published));
        final List<String> placements = run.placements();
        int row = 0;
        final Path file = Traces.file("openb/placements_default_42_" + published + ".csv.gz");
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8)))
        {
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                assertEquals(line, placements.get(row++));
            }
        }
        assertEquals(row, placements.size());
        Traces.assertCurve(run.state().curve(), "default", published, 42);
    }

    /** Five of those that were published; {@code -Dplimsoll.openb=all}: every one. */
    static Stream<Arguments> curves()
    {
        if (!IS_ALL)
        {
            return Stream.of(
                Arguments.of("cpu050", 43, "FGD"),
                Arguments.of("gpushare40", 44, "BestFit"),
                Arguments.of("gpuspec10", 42, "GpuPacking"),
                Arguments.of("multigpu20", 43, "GpuClustering"),
                Arguments.of("default", 44, "DotProd"));
        }
        return WORKLOADS.stream().flatMap(workload -> SEEDS.stream().flatMap(seed ->
            POLICIES.keySet().stream().map(published -> Arguments.of(workload, seed, published))));
    }

    @ParameterizedTest
    @MethodSource("curves")
    void shouldFollowThePublishedCurve(final String workload, final int seed, final String published) throws Exception
    {
        Traces.assertCurve(
            run(workload, seed, POLICIES.get(published)).state().curve(), workload, published, seed);
    }

    /** Of two workloads, or of all for which it was published what that leaves. */
    @Test
    void shouldLeaveATenthLessUnallocatedThanFragmentationGradient() throws Exception
    {
        final List<String> workloads = IS_ALL ? WORKLOADS : List.of("default", "gpuspec10");
        final double[] own = new double[END + 1];
        final double[] others = new double[END + 1];
        for (final String workload : workloads)
        {
            for (final int seed : IS_ALL ? SEEDS : List.of(42))
            {
                final List<OpenbCurve.Row> rows = run(workload, seed, "plimsoll").state().curve().rows();
                final List<Double> published =
                    Traces.published("expected_dev_allo_discrete.csv", workload, "FGD", seed);
                for (final int percent : new int[]{FULL, END})
                {
                    final double alloc = rows.get(percent).alloc();
                    assertTrue(alloc > published.get(percent), workload + " " + seed + " at " + percent + ": " + alloc);
                    own[percent] += FULL - alloc;
                    others[percent] += FULL - published.get(percent);
                }
            }
        }
        assertTrue(own[FULL] < 0.9 * others[FULL], own[FULL] + " of " + others[FULL]);
        assertTrue(own[END] < 0.9 * others[END], own[END] + " of " + others[END]);
    }

    private static OpenbRun run(final String workload, final int seed, final String policy)
    {
        return new OpenbRun(
            OpenbFiles.nodes(Traces.file("openb/openb_node_list_gpu_node.csv")),
            OpenbFiles.pods(Traces.file("openb/openb_pod_list_" + workload + ".csv.gz")),
            OpenbFiles.sequence(Traces.file("openb/sequences/" + workload + "_" + seed + ".txt.gz")),
            policy,
            null).run();
    }
}
