package io.plimsoll.loadtest.openb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real core, held to the published experiment. */
class OpenbRunTest
{
    @ParameterizedTest
    @CsvSource({
        "FGD, fragmentation-gradient",
        "BestFit, best-fit",
        "DotProd, dot-product",
        "GpuClustering, gpu-clustering",
        "GpuPacking, gpu-packing"})
    void shouldPlaceEveryPodAsPublished(final String published, final String policy) throws Exception
    {
        final OpenbRun run = run("default", 42, policy);
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

    @ParameterizedTest
    @CsvSource({
        "cpu050, 43, FGD, fragmentation-gradient",
        "gpushare40, 44, BestFit, best-fit",
        "gpuspec10, 42, GpuPacking, gpu-packing",
        "multigpu20, 43, GpuClustering, gpu-clustering",
        "default, 44, DotProd, dot-product"})
    void shouldFollowThePublishedCurve(
        final String workload, final int seed, final String published, final String policy) throws Exception
    {
        Traces.assertCurve(run(workload, seed, policy).state().curve(), workload, published, seed);
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
