package io.plimsoll.core.policy;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What docs/PLIMSOLL_POLICY.md says of the policy was measured by {@link Tournament}, which has no scheduler in it:
 * here the scheduler, which learns by itself, places pods where that does. Needs the traces, see
 * {@link OpenbTrace#find}.
 */
class PlimsollInCoreTest
{
    private static final int SEED = 42;
    private static final int MODELS_MAX = 16;

    private final OpenbTrace trace = OpenbTrace.find();
    private CoreHarness core;
    private long submitted;

    @BeforeEach
    void findTrace()
    {
        assumeTrue(null != trace, "skipped: there is no ../shared/traces/openb");
    }

    /** Requests of this workload are bound to models more than those of any other. */
    @Test
    void shouldPlaceWhereTheTournamentDoes()
    {
        final OpenbTrace.Workload listed = trace.workload(System.getProperty("plimsoll.workload", "gpuspec33"));
        final OpenbTrace.Sequence sequence = trace.draw(listed, Integer.getInteger("plimsoll.seed", SEED));
        final OpenbTrace.Workload workload = numberedAsTheyCome(listed, sequence.arrivals());
        final List<Integer> expected = new ArrayList<>();
        new Packing(trace.nodes(), sequence.ranks(), workload, new PlimsollPolicy(), new LearnedMix(trace, workload))
            .run(sequence.arrivals(), (position, pod, node, devices) -> expected.add(node));

        join(sequence.ranks());
        int placed = 0;
        for (int position = 0; position < expected.size(); position++)
        {
            final int agent = place(workload, sequence.arrivals()[position]);
            final int node = 0 == agent ? Packing.DROPPED : nodeOfRank(sequence.ranks(), agent - 1);
            assertEquals(expected.get(position), node, "pod " + position);
            placed += 0 == agent ? 0 : 1;
        }
        assertTrue(placed > expected.size() / 2, "placed: " + placed);
        assertEquals(core.core().stateHash(), core.restored().stateHash());
    }

    /** Numbers of sets of models are the last rule for ties, and the core gives them in the order of arrival. */
    private static OpenbTrace.Workload numberedAsTheyCome(final OpenbTrace.Workload listed, final int[] arrivals)
    {
        final List<Integer> sets = new ArrayList<>(List.of(ModelSets.ANY));
        for (final int pod : arrivals)
        {
            final int set = listed.shapes().get(listed.shapeOf()[pod]).modelSet();
            if (!sets.contains(set))
            {
                sets.add(set);
            }
        }
        final List<OpenbTrace.Shape> shapes = new ArrayList<>();
        for (final OpenbTrace.Shape shape : listed.shapes())
        {
            shapes.add(new OpenbTrace.Shape(
                shape.cpu(), shape.deviceCount(), shape.deviceShare(), sets.indexOf(shape.modelSet())));
        }
        return new OpenbTrace.Workload(
            listed.name(), listed.pods(), listed.shapeOf(), listed.memory(), shapes,
            (set, model) -> listed.sets().allows(sets.get(set), model));
    }

    /** Agents get their numbers in the order of their ranks, so that ties are broken alike. */
    private void join(final int[] ranks)
    {
        final GroupSettings settings = new GroupSettings();
        settings.selection = SelectPolicy.SCORED;
        settings.selectionName = "plimsoll";
        settings.acceptUnsatisfiable = true;
        core = CoreHarness.started(CoreOptions.defaults(), settings);
        for (int rank = 0; rank < ranks.length; rank++)
        {
            final OpenbTrace.Node node = trace.nodes().get(nodeOfRank(ranks, rank));
            core.join(new AgentHello(rank + 1, node.cpu(), node.memory())
                .slot("cuda.device", node.devices())
                .label("cuda.model", "m" + node.model()));
        }
    }

    private static int nodeOfRank(final int[] ranks, final int rank)
    {
        return IntStream.range(0, ranks.length).filter(node -> ranks[node] == rank).findFirst().orElseThrow();
    }

    /** The agent, from 1; 0: none. */
    private int place(final OpenbTrace.Workload workload, final int pod)
    {
        final OpenbTrace.Shape shape = workload.shapes().get(workload.shapeOf()[pod]);
        final SubmitSpec asked = session().cpu(shape.cpu()).mem(workload.memory()[pod]);
        if (shape.deviceCount() > 0)
        {
            final boolean isShare = shape.deviceShare() < AgentView.WHOLE;
            asked.slot(isShare ? "cuda.shares" : "cuda.device", isShare ? shape.deviceShare() : shape.deviceCount());
        }
        if (ModelSets.ANY != shape.modelSet())
        {
            // Some ask for models that no node has, and are of different sets all the same.
            final List<String> models = new ArrayList<>(List.of("set-" + shape.modelSet()));
            IntStream.range(1, MODELS_MAX).filter(model -> workload.sets().allows(shape.modelSet(), model))
                .forEach(model -> models.add("m" + model));
            asked.constrained(ConstraintKind.LABEL_IN, "cuda.model", String.join("|", models));
        }
        submitted++;
        for (final String event : core.run(core.command.submit(asked)))
        {
            if (event.startsWith("assigned "))
            {
                return Integer.parseInt(event.split(" ")[3]);
            }
        }
        core.run(core.command.cancel(submitted, submitted));
        return 0;
    }
}
