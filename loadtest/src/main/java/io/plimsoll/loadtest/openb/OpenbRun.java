package io.plimsoll.loadtest.openb;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.loadtest.simulate.AccountSpec;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.EventPrinter;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.SessionSpec;
import io.plimsoll.loadtest.simulate.VirtualCluster;
import io.plimsoll.loadtest.simulate.VirtualKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lets the pods of a workload come to the real core, one a second, which is more than it takes; none leaves. What is
 * not placed at once is cancelled. Machines get their ids in the order of their ranks, so that the core's rule for
 * ties, the lowest id, is the one of the experiment.
 */
public final class OpenbRun implements VirtualCluster.Listener
{
    /** Policy that learns what is usual instead of being told. */
    private static final String LEARNS = "plimsoll";
    private static final String GROUP = "openb";
    private static final String DEVICE = "cuda.device";
    private static final String SHARES = "cuda.shares";
    private static final String MODEL = "cuda" + SessionSpec.MODEL_LABEL;
    private static final long SECOND_NS = 1_000_000_000L;
    /** Of the published experiment. */
    private static final int PODS_PER_NODE = 1001;

    private final VirtualCluster cluster;
    private final List<OpenbNode> nodes;
    private final List<OpenbPod> arrivals;
    private final OpenbState state;
    private final GroupSpec group;
    private final List<String> placements = new ArrayList<>();
    private VirtualKernel placed;

    /**
     * A workload under a policy.
     *
     * @param nodes    of the cluster.
     * @param pods     of the workload, as listed.
     * @param sequence ranks and order of arrival.
     * @param select   name of the policy.
     * @param events   sees every event; null: nobody does.
     */
    public OpenbRun(
        final List<OpenbNode> nodes,
        final List<OpenbPod> pods,
        final OpenbSequence sequence,
        final String select,
        final EventPrinter events)
    {
        this.nodes = sequence.nodesByRank(nodes);
        arrivals = sequence.arrivals(pods);
        final TypicalPods typical = new TypicalPods(pods);
        state = new OpenbState(this.nodes, typical);
        final GroupSpec usual = GroupSpec.usual(GROUP).with(null, select, null);
        group = null != select && select.startsWith(LEARNS) ? usual : usual.withMix(typical.mix());
        cluster = new VirtualCluster(this, events);
        placements.add("arrival_pos,pod,node,gpu_ids");
    }

    /** Runs it. */
    public OpenbRun run()
    {
        cluster.start(0);
        cluster.configure(group, 0);
        for (final OpenbNode node : nodes)
        {
            cluster.join(cluster.add(agent(node)), 0);
        }
        cluster.configureMix(group, 0);
        for (int position = 0; position < arrivals.size(); position++)
        {
            arrive(position, arrivals.get(position));
        }
        return this;
    }

    /** The cluster as it was left. */
    public OpenbState state()
    {
        return state;
    }

    /** One line a pod, in order of arrival, under a header; no machine: dropped. */
    public List<String> placements()
    {
        return placements;
    }

    /** Hash of the state of the core. */
    public long stateHash()
    {
        return cluster.stateHash();
    }

    private static AgentSpec agent(final OpenbNode node)
    {
        final List<AgentSpec.Capacity> slots = new ArrayList<>(List.of(
            new AgentSpec.Capacity("cpu", SlotKind.COUNT, node.cpuMillis()),
            new AgentSpec.Capacity("mem", SlotKind.COUNT, node.memoryMib() << 20)));
        final Map<String, String> labels = new TreeMap<>();
        if (node.devices() > 0)
        {
            slots.add(new AgentSpec.Capacity(DEVICE, SlotKind.DEVICE, node.devices()));
            labels.put(MODEL, node.model());
        }
        return new AgentSpec(node.name(), GROUP, "x86_64", 0, slots, labels, PODS_PER_NODE, 0);
    }

    private void arrive(final int position, final OpenbPod pod)
    {
        final long nowNs = (position + 1) * SECOND_NS;
        placed = null;
        final long sessionId = cluster.submit(session(position, pod), VirtualCluster.AT_ONCE, new long[0], nowNs);
        if (0 == sessionId)
        {
            throw new ScenarioException(pod.name() + " was refused: " + cluster.rejection());
        }
        final String line = position + "," + pod.name() + ",";
        if (null == placed)
        {
            cluster.cancel(sessionId, nowNs);
            placements.add(line + ",");
            state.dropped(pod);
        }
        else
        {
            cluster.running(placed, nowNs);
            final List<Integer> devices = new ArrayList<>();
            placed.devices().forEach(device -> devices.add(device.index()));
            final String node = placed.agent().spec().name();
            final List<String> names = new ArrayList<>();
            devices.forEach(device -> names.add(Integer.toString(device)));
            placements.add(line + node + "," + String.join("-", names));
            state.placed(pod, node, devices);
        }
    }

    private static SessionSpec session(final int position, final OpenbPod pod)
    {
        final List<SlotAmount> slots = new ArrayList<>();
        final List<SessionSpec.Constraint> constraints = new ArrayList<>();
        if (pod.deviceCount() > 0)
        {
            slots.add(pod.deviceMilli() < OpenbPod.WHOLE ?
                new SlotAmount(SHARES, pod.demandMilli()) :
                new SlotAmount(DEVICE, pod.deviceCount()));
            if (!pod.models().isEmpty())
            {
                constraints.add(new SessionSpec.Constraint(ConstraintKind.LABEL_IN, MODEL, pod.models()));
            }
        }
        return new SessionSpec(
            pod.name() + "#" + position,
            0,
            AccountSpec.NOBODY,
            GROUP,
            SessionSpec.PRIORITY_DEFAULT,
            SessionType.BATCH,
            new SessionSpec.Request(1, pod.cpuMillis(), pod.memoryMib() << 20, slots),
            SessionSpec.Rules.USUAL,
            new SessionSpec.Behaviour(List.of(SessionSpec.FOREVER), List.of(0), 0, SessionSpec.NEVER),
            List.of(),
            constraints,
            0);
    }

    @Override
    public void onAssigned(final VirtualKernel kernel)
    {
        placed = kernel;
    }

    @Override
    public void onSession(
        final long sessionId, final LifeState newState, final Result result, final Reason reason, final int attempt)
    {
        // What matters here is told by assignments.
    }

    @Override
    public void onKill(final VirtualKernel kernel, final Reason reason)
    {
        throw new IllegalStateException("kernelId=" + kernel.kernelId() + " reason=" + reason + ": none ends here");
    }
}
