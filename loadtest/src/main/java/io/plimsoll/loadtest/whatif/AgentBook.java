package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.loadtest.simulate.AgentSpec;
import java.util.Arrays;
import java.util.TreeMap;

/** What events say of one machine. */
final class AgentBook
{
    static final int DEVICES_MAX = 64;

    final int id;
    long uuidHi;
    long uuidLo;
    String name = "";
    /** As it described itself on its last connection. */
    AgentSpec spec;
    int groupId;
    long connection;
    long highestAssignment;
    boolean connected;
    /** Parts of its inventory that were taken on this connection. */
    int inventoryParts;
    boolean inventoryComplete;
    boolean reconciled;
    boolean drained;
    boolean quarantined;
    Liveness liveness = Liveness.ALIVE;
    /** By resource. */
    long[] capacity = new long[2];
    /** By resource. */
    long[] used = new long[2];
    /** Thousandths in use by device, by resource; null for what is no device. */
    int[][] deviceUsed = new int[2][];
    /** What it counts for at this moment, by resource: see {@link ClusterMeter}. */
    long[] counted = new long[2];
    /** Kernels that are placed here and not proven gone, by assignment. */
    final TreeMap<Long, KernelBook> kernels = new TreeMap<>();

    AgentBook(final int id)
    {
        this.id = id;
    }

    /** Whether kernels may be placed on it. */
    boolean takesWork()
    {
        return connected && reconciled && !drained && !quarantined && Liveness.ALIVE == liveness;
    }

    void grow(final int resources)
    {
        if (capacity.length < resources)
        {
            capacity = Arrays.copyOf(capacity, resources);
            used = Arrays.copyOf(used, resources);
            deviceUsed = Arrays.copyOf(deviceUsed, resources);
            counted = Arrays.copyOf(counted, resources);
        }
    }

    long free(final int resource)
    {
        return resource < capacity.length ? capacity[resource] - used[resource] : 0;
    }
}
