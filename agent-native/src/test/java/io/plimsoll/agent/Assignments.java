package io.plimsoll.agent;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Makes assignments, of one kernel with little of anything unless told otherwise. */
public final class Assignments
{
    public static final long CLUSTER_HI = 0x0123_4567_89ab_cdefL;
    public static final long CLUSTER_LO = 0x7edc_ba98_7654_3210L;
    public static final long NONCE = 99;

    private KernelKey key = key(1, 1, 1);
    private long assignmentNo = 1;
    private boolean restartOnLoss;
    private long cpuMillis;
    private long memoryBytes;
    private long walltimeNs;
    private long graceNs = TimeUnit.SECONDS.toNanos(10);
    private List<SlotGrant> slots = List.of();
    private int kernelIndex;
    private List<String> hosts = List.of("node-1");
    private List<String> addresses = List.of();
    private byte[] spec = LaunchSpecCodec.encode(new LaunchSpec(List.of("/bin/true"), null, null, null, 0, 0));

    private Assignments()
    {
    }

    public static KernelKey key(final long kernelId, final long term, final int attempt)
    {
        return new KernelKey(CLUSTER_HI, CLUSTER_LO, kernelId, term, attempt);
    }

    public static Assignments of(final long kernelId)
    {
        final Assignments assignments = new Assignments();
        assignments.key = key(kernelId, 1, 1);
        assignments.assignmentNo = kernelId;
        return assignments;
    }

    public Assignments epoch(final long term, final int attempt)
    {
        key = key(key.kernelId(), term, attempt);
        return this;
    }

    /** Of the request that submitted the session. */
    public Assignments request(final String request)
    {
        key = new KernelKey(
            key.clusterIdHi(), key.clusterIdLo(), key.kernelId(), key.term(), key.attempt(), request);
        return this;
    }

    public Assignments number(final long number)
    {
        assignmentNo = number;
        return this;
    }

    public Assignments restartOnLoss()
    {
        restartOnLoss = true;
        return this;
    }

    public Assignments cpu(final long millis)
    {
        cpuMillis = millis;
        return this;
    }

    public Assignments memory(final long bytes)
    {
        memoryBytes = bytes;
        return this;
    }

    public Assignments walltime(final long durationNs, final long grace)
    {
        walltimeNs = durationNs;
        graceNs = grace;
        return this;
    }

    public Assignments slots(final SlotGrant... grants)
    {
        slots = List.of(grants);
        return this;
    }

    public Assignments command(final String... command)
    {
        return spec(new LaunchSpec(List.of(command), null, null, null, 0, 0));
    }

    /** A script with ports of the host. */
    public Assignments ports(final String script, final Integer... ports)
    {
        return spec(new LaunchSpec(
            List.of("/bin/sh", "-c", script), null, null, null, 0, 0,
            ContainerSpec.NONE.withPorts(List.of(ports))));
    }

    public Assignments shell(final String script)
    {
        return command("/bin/sh", "-c", script);
    }

    public Assignments simulated(final long durationNs, final String... command)
    {
        return spec(new LaunchSpec(List.of(command), Map.of(), null, null, 0, durationNs));
    }

    public Assignments spec(final LaunchSpec launchSpec)
    {
        spec = LaunchSpecCodec.encode(launchSpec);
        return this;
    }

    public Assignments rawSpec(final byte[] bytes)
    {
        spec = bytes;
        return this;
    }

    /** One of several kernels, of which each is on one of these. */
    public Assignments among(final int index, final String... nodes)
    {
        kernelIndex = index;
        hosts = List.of(nodes);
        return this;
    }

    /** Of the nodes of {@link #among}. */
    public Assignments at(final String... nodeAddresses)
    {
        addresses = List.of(nodeAddresses);
        return this;
    }

    public Assignment make()
    {
        return new Assignment(
            key, NONCE, assignmentNo, 1000 + assignmentNo, key.kernelId() >> 10, kernelIndex, hosts.size(), -1,
            restartOnLoss, cpuMillis, memoryBytes, walltimeNs, graceNs, slots, hosts, addresses, spec);
    }
}
