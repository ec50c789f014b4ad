package io.plimsoll.core.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The five published policies on the workloads and seeds that results were published for. Needs the traces, which are
 * not part of the project; see {@link OpenbTrace#find}.
 */
class PublishedResultsTest
{
    private static final String PREFIX = "openb_pod_list_";
    private static final double POINTS_APART_MAX = 0.02;
    private static final int PERCENT_MAX = 130;
    private static final String[] POLICIES =
    {
        "02-DotProd", "03-GpuClustering", "04-GpuPacking", "05-BestFit", "06-FGD"
    };

    private final OpenbTrace trace = OpenbTrace.find();
    private final Map<String, OpenbTrace.Workload> workloads = new HashMap<>();

    @BeforeEach
    void findTrace()
    {
        assumeTrue(null != trace, "skipped: there is no ../shared/traces/openb");
    }

    @Test
    void shouldDrawThePublishedCurvesAndEndInThePublishedStates()
    {
        final List<String[]> allocated = trace.rows("expected_dev_allo_discrete.csv");
        final List<String[]> fragmented = trace.rows("expected_dev_frag_discrete.csv");
        final Map<String, String[]> states = new HashMap<>();
        for (final String[] row : trace.rows("extended_final_state_dev.csv"))
        {
            states.put(String.join(" ", row[0], row[1], row[2]), row);
        }
        int runs = 0;
        for (int i = 0; i < allocated.size(); i++)
        {
            final String[] row = allocated.get(i);
            final String[] twin = fragmented.get(i);
            final SelectionPolicy policy = Published.policy(row[1]);
            assertEquals(row[0] + row[1] + row[3], twin[0] + twin[1] + twin[3]);
            if (null != policy)
            {
                final String name = row[0].substring(PREFIX.length());
                final String run = name + " " + row[1].substring(row[1].indexOf('-') + 1) + " " + row[3];
                assertRun(workload(name), row, twin, states.get(run), policy);
                runs++;
            }
        }
        assertEquals(75, runs);
    }

    @Test
    void shouldPlaceEveryPodAsPublished()
    {
        final OpenbTrace.Workload workload = workload("default");
        final OpenbTrace.Sequence sequence = trace.sequence("default", 42);
        for (final String name : POLICIES)
        {
            final List<String> expected = trace.lines(
                "placements_default_42_" + name.substring(name.indexOf('-') + 1) + ".csv.gz");
            final List<String> placements = new ArrayList<>();
            placements.add(expected.get(0));
            final Packing packing = packing(workload, sequence, Published.policy(name));
            packing.run(sequence.arrivals(), (position, pod, node, devices) ->
                placements.add(position + "," + workload.pods()[pod] + "," +
                    (Packing.DROPPED == node ? "" : trace.nodes().get(node).name()) + "," + numbers(devices)));

            assertEquals(expected.size(), placements.size());
            for (int i = 0; i < placements.size(); i++)
            {
                assertEquals(expected.get(i), placements.get(i), name);
            }
        }
    }

    private void assertRun(
        final OpenbTrace.Workload workload,
        final String[] allocated,
        final String[] fragmented,
        final String[] state,
        final SelectionPolicy policy)
    {
        final OpenbTrace.Sequence sequence = trace.sequence(workload.name(), Integer.parseInt(allocated[3]));
        final Packing packing = packing(workload, sequence, policy);
        final RequestMix mix = new ConfiguredMix(workload).mix();
        final Curve curve = new Curve(packing, trace.nodes().size(), mix, trace.capacity());
        final int[] failed = new int[1];
        packing.run(sequence.arrivals(), (position, pod, node, devices) ->
        {
            failed[0] += Packing.DROPPED == node ? 1 : 0;
            curve.onArrival(position, pod, node, devices);
        });
        final String run = String.join(" ", state[0], state[1], state[2]);
        for (int percent = 0; percent <= PERCENT_MAX; percent++)
        {
            assertPoint(allocated[5 + percent], curve.allocated(percent), run + " allocated at " + percent);
            assertPoint(fragmented[4 + percent], curve.fragmented(percent), run + " fragmented at " + percent);
        }
        assertEquals(Integer.parseInt(state[3]), sequence.arrivals().length, run);
        assertEquals(Integer.parseInt(state[8]), failed[0], run);
        assertState(state, packing, mix, run);
    }

    private void assertState(final String[] state, final Packing packing, final RequestMix mix, final String run)
    {
        final Fragmentation fragmentation = new Fragmentation();
        long cpu = 0;
        int touched = 0;
        double fragment = 0;
        for (int node = 0; node < trace.nodes().size(); node++)
        {
            final ArrayAgent agent = packing.agent(node);
            cpu += agent.capacity(AgentView.CPU) - agent.free(AgentView.CPU);
            touched += agent.devices() - Devices.idle(agent);
            fragment += fragmentation.of(agent).amount(mix);
        }
        assertEquals(Long.parseLong(state[4]), packing.arrivedShares(), run);
        assertEquals(Long.parseLong(state[5]), packing.usedShares(), run);
        assertEquals(Long.parseLong(state[6]), cpu, run);
        assertEquals(Integer.parseInt(state[7]), touched, run);
        assertEquals(Double.parseDouble(state[9]), fragment, 0.01, run);
    }

    private Packing packing(
        final OpenbTrace.Workload workload, final OpenbTrace.Sequence sequence, final SelectionPolicy policy)
    {
        return new Packing(trace.nodes(), sequence.ranks(), workload, policy, new ConfiguredMix(workload));
    }

    private OpenbTrace.Workload workload(final String name)
    {
        return workloads.computeIfAbsent(name, trace::workload);
    }

    private static void assertPoint(final String published, final double point, final String message)
    {
        assertEquals(Double.parseDouble(published), point, POINTS_APART_MAX, message);
    }

    private static String numbers(final long devices)
    {
        final StringBuilder numbers = new StringBuilder();
        for (long rest = devices; 0 != rest; rest &= rest - 1)
        {
            numbers.append(numbers.length() > 0 ? "-" : "").append(Long.numberOfTrailingZeros(rest));
        }
        return numbers.toString();
    }
}
