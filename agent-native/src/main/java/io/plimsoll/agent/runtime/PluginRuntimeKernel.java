package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.plugin.KernelState;
import io.plimsoll.agent.plugin.PluginCalls;
import io.plimsoll.agent.plugin.PluginKernel;
import io.plimsoll.agent.usage.Totals;
import java.nio.file.Path;
import java.util.Map;

/** What the agent knows of a kernel that a plugin runs. Of the agent's thread. */
final class PluginRuntimeKernel implements LoggedKernel
{
    /** What a call may be about. */
    enum What
    {
        START, LOOK, SIGNAL
    }

    /**
     * What a look brought.
     *
     * @param state of the kernel.
     * @param usage of it; null: not asked, or not known to the plugin.
     */
    record Look(KernelState state, Totals usage)
    {
    }

    final Assignment assignment;
    final KernelKey key;
    final Path directory;
    final Seat seat;
    final Map<Integer, Integer> ports;
    PluginKernel told;
    KernelCgroup cgroup;
    /** How it ended, as an earlier life of the agent has kept it; null: it did not then. */
    KernelState kept;

    boolean toStart;
    What what;
    PluginCalls.Call<Look> call;
    long deadlineNs;
    /** A start that was given up and has not come back. */
    PluginCalls.Call<Look> late;

    KernelState state = KernelState.absent();
    Totals usage;
    boolean isRunning;
    /** Until then one of an earlier life that is not there may still come up. */
    long pursuedUntilNs = Long.MIN_VALUE / 2;
    boolean isPursued;
    boolean wasAbsent;
    /** Whether its end was told; what may be left of it is still seen to. */
    boolean isOver;
    boolean inTrouble;
    long troubleSinceNs;
    long nextLookNs;
    long nextUsageNs;

    boolean killing;
    boolean termSent;
    long graceNs;
    long killAtNs;
    long nextSignalNs;

    PluginRuntimeKernel(
        final Assignment assignment, final Path directory, final Seat seat, final Map<Integer, Integer> ports)
    {
        this.assignment = assignment;
        this.directory = directory;
        this.seat = seat;
        this.ports = ports;
        key = assignment.key();
    }

    @Override
    public Path directory()
    {
        return directory;
    }
}
