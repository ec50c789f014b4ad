package io.plimsoll.loadtest.openb;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The cluster of a run as it fills, measured after each arrival; the scheduler does not see it. */
public final class OpenbState
{
    private final Map<String, Integer> indexByName = new HashMap<>();
    private final List<NodeState> nodes = new ArrayList<>();
    private final Fragmentation fragmentation;
    private final double[][] parts;
    private final double[] frag;
    private final OpenbCurve curve;
    private long arrivedMilli;
    private long usedMilli;
    private long usedCpuMillis;
    private int arrived;
    private int dropped;

    /**
     * An empty cluster.
     *
     * @param machines of it.
     * @param typical  pods of the workload.
     */
    public OpenbState(final List<OpenbNode> machines, final TypicalPods typical)
    {
        fragmentation = new Fragmentation(typical);
        parts = new double[machines.size()][];
        frag = new double[machines.size()];
        int devices = 0;
        for (final OpenbNode node : machines)
        {
            indexByName.put(node.name(), nodes.size());
            nodes.add(new NodeState(node));
            devices += node.devices();
            measure(nodes.size() - 1);
        }
        curve = new OpenbCurve(devices);
    }

    /** A pod came and fits nowhere. */
    public void dropped(final OpenbPod pod)
    {
        dropped++;
        arrived(pod);
    }

    /**
     * A pod came and was placed.
     *
     * @param pod     that came.
     * @param node    name of its machine.
     * @param devices of it that the pod uses.
     */
    public void placed(final OpenbPod pod, final String node, final List<Integer> devices)
    {
        final int index = indexByName.get(node);
        final NodeState state = nodes.get(index);
        state.takeCpu(pod.cpuMillis());
        if (devices.size() != pod.deviceCount())
        {
            throw new IllegalStateException("pod=" + pod + " got devices=" + devices + " of node=" + node);
        }
        devices.forEach(device -> state.takeDevice(device, pod.deviceMilli()));
        usedMilli += pod.demandMilli();
        usedCpuMillis += pod.cpuMillis();
        measure(index);
        arrived(pod);
    }

    private void measure(final int index)
    {
        final NodeState state = nodes.get(index);
        parts[index] = fragmentation.parts(state.cpuFree(), state.free(), state.node().model());
        frag[index] = Fragmentation.sum(parts[index]);
    }

    private void arrived(final OpenbPod pod)
    {
        arrived++;
        arrivedMilli += pod.demandMilli();
        curve.add(arrivedMilli, usedMilli, fragMilli());
    }

    /** What it came to, for a report: names and numbers. */
    public Map<String, Object> summary()
    {
        final Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("pods", arrived);
        summary.put("dropped", dropped);
        summary.put("arrivedGpuMilli", arrivedMilli);
        summary.put("usedGpuMilli", usedMilli);
        summary.put("idleGpuMilli", idleMilli());
        summary.put("usedCpuMilli", usedCpuMillis);
        summary.put("gpusTouched", devicesTouched());
        summary.put("fragGpuMilli", twoDecimals(fragMilli()));
        for (final Fragmentation.Part part : Fragmentation.Part.values())
        {
            summary.put(part.name().toLowerCase(Locale.ROOT), twoDecimals(part(part)));
        }
        return summary;
    }

    private static BigDecimal twoDecimals(final double value)
    {
        return BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_EVEN);
    }

    /** Its course so far. */
    public OpenbCurve curve()
    {
        return curve;
    }

    /** Pods that came. */
    public int arrived()
    {
        return arrived;
    }

    /** Pods that fitted nowhere. */
    public int dropped()
    {
        return dropped;
    }

    /** GPU thousandths asked for. */
    public long arrivedMilli()
    {
        return arrivedMilli;
    }

    /** GPU thousandths in use. */
    public long usedMilli()
    {
        return usedMilli;
    }

    /** Millicores in use. */
    public long usedCpuMillis()
    {
        return usedCpuMillis;
    }

    /** GPUs of which anything is in use. */
    public int devicesTouched()
    {
        int touched = 0;
        for (final NodeState node : nodes)
        {
            touched += node.touched();
        }
        return touched;
    }

    /** Idle GPU thousandths. */
    public long idleMilli()
    {
        long idle = 0;
        for (final NodeState node : nodes)
        {
            idle += node.freeMilli();
        }
        return idle;
    }

    /** Fragmentation of all machines, in GPU thousandths. */
    public double fragMilli()
    {
        double sum = 0;
        for (final double node : frag)
        {
            sum += node;
        }
        return sum;
    }

    /** A part of the idle GPU of all machines, in thousandths. */
    public double part(final Fragmentation.Part part)
    {
        double sum = 0;
        for (final double[] node : parts)
        {
            sum += node[part.ordinal()];
        }
        return sum;
    }
}
