package io.plimsoll.loadtest.openb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The measure itself, held to published numbers with placements that were published too: no scheduler takes part. */
class OpenbMeasureTest
{
    @Test
    void shouldCountWhatATypicalPodCannotUse()
    {
        final TypicalPods typical = new TypicalPods(List.of(new OpenbPod("p", 6000, 0, 1, 465, "")));
        final double[] parts =
            new Fragmentation(typical).parts(1000, new int[]{200, 1000, 1000, 500}, "T4");
        assertEquals(2700, parts[Fragmentation.Part.Q4.ordinal()]);
        assertEquals(2700, Fragmentation.sum(parts));
        assertEquals(251.91, 0.0933 * Fragmentation.sum(parts), 0.001);
    }

    @Test
    void shouldKeepWhatIsUsableApart()
    {
        final TypicalPods typical = new TypicalPods(List.of(
            new OpenbPod("p", 1000, 0, 1, 600, ""),
            new OpenbPod("q", 1000, 0, 1, 600, "V100"),
            new OpenbPod("r", 9000, 0, 0, 0, ""),
            new OpenbPod("s", 100, 0, 0, 0, "")));
        final double[] parts = new Fragmentation(typical).parts(2000, new int[]{200, 1000}, "T4");
        assertArrayEquals(new double[]{0, 50, 250, 0, 300, 300, 300}, parts);
        assertEquals(950, Fragmentation.sum(parts));
    }

    @Test
    void shouldTakeTheMostFrequentPods()
    {
        final Path pods = Traces.file("openb/openb_pod_list_default.csv.gz");
        final TypicalPods typical = new TypicalPods(OpenbFiles.pods(pods));
        assertEquals(35, typical.size());
        double sum = 0;
        for (int i = 0; i < typical.size(); i++)
        {
            sum += typical.weight(i);
        }
        assertEquals(1, sum, 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FGD", "BestFit", "DotProd", "GpuClustering", "GpuPacking"})
    void shouldMeasureThePublishedPlacementsAsPublished(final String policy) throws Exception
    {
        final List<OpenbNode> nodes = OpenbFiles.nodes(Traces.file("openb/openb_node_list_gpu_node.csv"));
        final List<OpenbPod> pods = OpenbFiles.pods(Traces.file("openb/openb_pod_list_default.csv.gz"));
        final OpenbSequence sequence = OpenbFiles.sequence(Traces.file("openb/sequences/default_42.txt.gz"));
        final OpenbState state = new OpenbState(sequence.nodesByRank(nodes), new TypicalPods(pods));
        replay(state, sequence.arrivals(pods), Traces.file("openb/placements_default_42_" + policy + ".csv.gz"));
        Traces.assertCurve(state.curve(), "default", policy, 42);
        assertFinalState(state, policy);
    }

    private static void replay(final OpenbState state, final List<OpenbPod> arrivals, final Path placements)
        throws Exception
    {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(placements)), StandardCharsets.UTF_8)))
        {
            reader.readLine();
            for (final OpenbPod pod : arrivals)
            {
                final String[] cells = reader.readLine().split(",", -1);
                assertEquals(pod.name(), cells[1]);
                final List<Integer> devices = new ArrayList<>();
                for (final String device : cells[3].isEmpty() ? new String[0] : cells[3].split("-"))
                {
                    devices.add(Integer.parseInt(device));
                }
                if (cells[2].isEmpty())
                {
                    state.dropped(pod);
                }
                else
                {
                    state.placed(pod, cells[2], devices);
                }
            }
        }
    }

    private static void assertFinalState(final OpenbState state, final String policy) throws Exception
    {
        for (final String line : Files.readAllLines(Traces.file("openb/extended_final_state_dev.csv")))
        {
            if (line.startsWith("default," + policy + ",42,"))
            {
                final String[] cells = line.split(",");
                assertEquals(Long.parseLong(cells[3]), state.arrived());
                assertEquals(Long.parseLong(cells[4]), state.arrivedMilli());
                assertEquals(Long.parseLong(cells[5]), state.usedMilli());
                assertEquals(Long.parseLong(cells[6]), state.usedCpuMillis());
                assertEquals(Long.parseLong(cells[7]), state.devicesTouched());
                assertEquals(Long.parseLong(cells[8]), state.dropped());
                assertEquals(Double.parseDouble(cells[9]), state.fragMilli(), 0.01);
                for (final Fragmentation.Part part : Fragmentation.Part.values())
                {
                    assertEquals(Double.parseDouble(cells[10 + part.ordinal()]), state.part(part), 0.01);
                }
            }
        }
    }
}
