package io.plimsoll.loadtest.sim;

import io.plimsoll.journal.CommitMode;
import java.util.List;

/** Makes the faults of a plan happen, and those that last end again. */
final class FaultInjector
{
    private static final long MILLISECOND_NS = SimTime.MILLISECOND_NS;
    private static final int STORM_WAVES = 5;
    private static final int OUT_OF_ORDER = 3;

    private final Simulation simulation;
    private final SimWorld world;
    private final List<SimHost> hosts;
    private final SimTime time;
    private int slowDisks;
    private boolean powerWasCut;
    private boolean mayBeTorn;

    FaultInjector(
        final Simulation simulation, final SimWorld world, final List<SimHost> hosts, final SimTime time)
    {
        this.simulation = simulation;
        this.world = world;
        this.hosts = hosts;
        this.time = time;
    }

    boolean diskIsSlow()
    {
        return 0 != slowDisks;
    }

    /** Whether a power cut has met a journal that is not forced to disk. */
    boolean hasCutAsync()
    {
        return powerWasCut && CommitMode.ASYNC == simulation.commitMode();
    }

    /**
     * Whether the files may be torn in a way that nobody can tell from damage: of what was not forced, something later
     * is on the disk and something earlier is not. Asked once: then somebody has looked.
     */
    boolean takesTorn()
    {
        final boolean torn = mayBeTorn;
        mayBeTorn = false;
        return torn;
    }

    void inject(final Fault fault)
    {
        final long endNs = time.nowNs() + fault.lengthMs() * MILLISECOND_NS;
        switch (fault.kind().target())
        {
            case HOST -> onHost(fault, hosts.get(fault.target()), endNs);
            case NETWORK -> onNetwork(fault, endNs);
            case ANY -> drift(fault, endNs);
            default -> onManager(fault, endNs);
        }
    }

    private void onManager(final Fault fault, final long endNs)
    {
        final SimDisk disk = world.disk();
        switch (fault.kind())
        {
            case MANAGER_CRASH -> crashManager(fault, endNs);
            case MANAGER_PAUSE -> simulation.pauseManager(endNs);
            case MANAGER_POWER_CUT ->
            {
                powerWasCut = true;
                disk.powerCut(fault.parameter(), mayBeTorn);
                mayBeTorn |= OUT_OF_ORDER == (fault.parameter() & 3);
                simulation.endManager(endNs);
            }
            case CLOCK_JUMP -> world.clock().jump(fault.parameter() * MILLISECOND_NS);
            case DISK_SLOW -> during(endNs, on -> slowDisks += on ? 1 : -1);
            case DISK_SHORT -> during(endNs, disk::spaceIsShort);
            case DISK_FULL -> during(endNs, disk::full);
            case DISK_SYNC_FAILS -> disk.nextSyncFails(0 != (fault.parameter() & 1));
            case DISK_SYNC_LIES -> during(endNs, disk::syncsLie);
            case DISK_LOST_WRITE -> disk.spoilNextWrite(false, fault.parameter());
            case DISK_MISDIRECTED -> disk.spoilNextWrite(true, fault.parameter());
            default -> disk.flipBit(SimFile.mix(fault.parameter()));
        }
    }

    private void crashManager(final Fault fault, final long endNs)
    {
        if (0 == fault.parameter())
        {
            simulation.endManager(endNs);
        }
        else
        {
            world.disk().endProcessAfter((int)fault.parameter(), SimFile.mix(fault.parameter() ^ fault.atMs()));
        }
    }

    private void onHost(final Fault fault, final SimHost host, final long endNs)
    {
        switch (fault.kind())
        {
            case AGENT_CRASH ->
            {
                if (0 == fault.parameter())
                {
                    host.crash(endNs);
                }
                else
                {
                    host.crashAfter((int)fault.parameter(), endNs);
                }
            }
            case AGENT_FREEZE -> host.freeze(endNs);
            case HOST_REBOOT -> host.reboot(endNs);
            case HOST_POWER_CUT -> host.powerCut(endNs, fault.parameter());
            case HOST_OLD_STATE -> host.restoreOld(endNs, fault.parameter());
            case LINK_CUT -> world.network().cut(fault.target());
            case LAUNCH_FAILURES -> during(endNs, host.kernels()::failures);
            case PARTITION_TO_MANAGER -> partition(fault.target(), true, false, endNs);
            case PARTITION_TO_AGENT -> partition(fault.target(), false, true, endNs);
            default -> partition(fault.target(), true, true, endNs);
        }
    }

    private void partition(final int host, final boolean toManager, final boolean toAgent, final long endNs)
    {
        during(endNs, on -> world.network().partition(host, toManager, toAgent, on ? 1 : -1));
    }

    private void onNetwork(final Fault fault, final long endNs)
    {
        switch (fault.kind())
        {
            case NET_LOSS -> during(endNs, on -> world.network().losing(on ? 1 : -1));
            case NET_DUPLICATES -> during(endNs, on -> world.uplink().duplicating(on ? 1 : -1));
            case NET_REORDER -> during(endNs, on -> world.uplink().reordering(on ? 1 : -1));
            case NET_DELAY -> during(endNs, on -> world.network().slow(on ? 1 : -1));
            default -> storm(endNs);
        }
    }

    private void storm(final long endNs)
    {
        final long waveNs = (endNs - time.nowNs()) / STORM_WAVES;
        for (int i = 0; i < STORM_WAVES; i++)
        {
            simulation.later(time.nowNs() + i * waveNs, this::cutAll);
        }
    }

    private void cutAll()
    {
        for (int i = 0; i < hosts.size(); i++)
        {
            world.network().cut(i);
        }
    }

    private void drift(final Fault fault, final long endNs)
    {
        final int target = fault.target();
        during(endNs, on ->
            (target < 0 ? world.clock() : hosts.get(target).clock()).drift(on ? fault.parameter() : 0));
    }

    private void during(final long endNs, final Switch fault)
    {
        fault.set(true);
        simulation.later(endNs, () -> fault.set(false));
    }

    /** Something that is wrong or not. */
    @FunctionalInterface
    private interface Switch
    {
        void set(boolean on);
    }
}
