package io.plimsoll.core;

import io.plimsoll.core.sbe.AgentInventoryDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;

/** Decides what agents say of kernels: single reports, and inventories after a connection. */
final class KernelDecider
{
    private static final long ORPHAN_GRACE_NS = 10_000_000_000L;

    private final CoreState state;
    private final Emitter emitter;
    private final ClusterEmitter clusterEmitter;
    private final Lifecycle lifecycle;
    private final AgentTable agents;
    private final KernelTable kernels;
    final AgentInventoryDecoder inventory = new AgentInventoryDecoder();

    KernelDecider(
        final CoreState state,
        final Emitter emitter,
        final ClusterEmitter clusterEmitter,
        final Lifecycle lifecycle)
    {
        this.state = state;
        this.emitter = emitter;
        this.clusterEmitter = clusterEmitter;
        this.lifecycle = lifecycle;
        agents = state.agents;
        kernels = state.kernels;
    }

    /** Whether a report says that nothing is to be placed before the next command. */
    static boolean isFollowed(final CommandBytes bytes)
    {
        return bytes.version() >= KernelReportDecoder.followedSinceVersion() &&
            BooleanType.T.value() ==
                bytes.getByte(CommandBytes.HEADER_LENGTH + KernelReportDecoder.followedEncodingOffset());
    }

    void onReport(final CommandBytes bytes)
    {
        final int block = CommandBytes.HEADER_LENGTH;
        bytes.require(block, KernelReportDecoder.BLOCK_LENGTH);
        state.ended.fetchHead();
        final int agent = bytes.getInt(block + KernelReportDecoder.agentIdEncodingOffset());
        final long connection = bytes.getLong(block + KernelReportDecoder.connectionEncodingOffset());
        if (!agents.isKnown(agent) || connection != agents.get(agents.connection, agent))
        {
            return;
        }
        final int kernel = find(
            agent,
            bytes.getLong(block + KernelReportDecoder.kernelIdEncodingOffset()),
            bytes.getLong(block + KernelReportDecoder.termEncodingOffset()),
            bytes.getInt(block + KernelReportDecoder.attemptEncodingOffset()));
        if (Table.NONE != kernel)
        {
            onStep(
                kernel,
                ReportKind.get((short)bytes.getByte(block + KernelReportDecoder.kindEncodingOffset())),
                Reason.get((short)bytes.getByte(block + KernelReportDecoder.reasonEncodingOffset())),
                bytes.getInt(block + KernelReportDecoder.exitCodeEncodingOffset()));
        }
    }

    /** Row of a kernel of exactly this epoch on this agent, NONE if there is none. */
    private int find(final int agent, final long kernelId, final long term, final int attempt)
    {
        final int kernel = kernels.find(kernelId);
        final boolean same = Table.NONE != kernel &&
            agent == kernels.get(kernels.agent, kernel) &&
            term == kernels.get(kernels.term, kernel) &&
            attempt == kernels.get(kernels.attempt, kernel);
        return same ? kernel : Table.NONE;
    }

    private void onStep(final int kernel, final ReportKind kind, final Reason reason, final int exitCode)
    {
        switch (kind)
        {
            case ACKNOWLEDGED -> advance(kernel, LifeState.SCHEDULED, LifeState.SCHEDULED);
            case PULLING -> advance(kernel, LifeState.PULLING, LifeState.PULLING);
            case PREPARING -> advance(kernel, LifeState.PREPARING, LifeState.PULLING);
            case RUNNING -> advance(kernel, LifeState.RUNNING, LifeState.PREPARING);
            case EXITED -> lifecycle.onExited(kernel, known(reason), exitCode);
            case FAILED -> lifecycle.onFailed(kernel, known(reason));
            default ->
            {
                // A kind of a later version: nothing that we could act on.
            }
        }
    }

    private static Reason known(final Reason reason)
    {
        return Reason.NULL_VAL == reason || Reason.SBE_UNKNOWN == reason ? Reason.NONE : reason;
    }

    /** Takes a step forward; a step from a state beyond {@code last}, or of a session that stops, is old news. */
    private void advance(final int kernel, final LifeState next, final LifeState last)
    {
        final int session = kernels.get(kernels.session, kernel);
        if (kernels.get(kernels.state, kernel) <= last.value() &&
            LifeState.TERMINATING.value() != state.sessions.get(state.sessions.state, session))
        {
            lifecycle.advance(kernel, next);
        }
    }

    /* Inventories. */

    void onInventory()
    {
        final int agent = inventory.agentId();
        if (!agents.isKnown(agent) ||
            inventory.connection() != agents.get(agents.connection, agent) ||
            0 == agents.get(agents.connected, agent) ||
            0 != agents.get(agents.inventoryComplete, agent) ||
            inventory.part() != agents.get(agents.inventoryParts, agent))
        {
            return;
        }
        for (final AgentInventoryDecoder.KernelsDecoder held : inventory.kernels())
        {
            final int kernel = find(agent, held.kernelId(), held.term(), held.attempt());
            if (Table.NONE != kernel && state.isOurCluster(held.clusterIdHi(), held.clusterIdLo()))
            {
                onHeld(kernel, held);
            }
            else
            {
                onUnknown(agent, held);
            }
        }
        clusterEmitter.inventoryReceived(
            agent, inventory.part(), BooleanType.T == inventory.last(), inventory.highestAssignment());
    }

    private void onHeld(final int kernel, final AgentInventoryDecoder.KernelsDecoder held)
    {
        final ReportKind kind = held.kind();
        if (ReportKind.EXITED != kind && ReportKind.FAILED != kind)
        {
            clusterEmitter.inventoryMarked(kernel);
            if (0 != kernels.get(kernels.held, kernel) ||
                LifeState.TERMINATING.value() == kernels.get(kernels.state, kernel))
            {
                emitter.killRequested(kernel, Reason.get(kernels.get(kernels.reason, kernel)));
                return;
            }
            if (kind.value() < ReportKind.PREPARING.value() && wasLaunched(kernel))
            {
                lifecycle.onForgotten(kernel);
                return;
            }
        }
        onStep(kernel, kind, held.reason(), held.exitCode());
    }

    /** What we do not know is only ended if our own journal once started it; anything else may be another's. */
    private void onUnknown(final int agent, final AgentInventoryDecoder.KernelsDecoder held)
    {
        final ReportKind kind = held.kind();
        final boolean ours = state.isOurCluster(held.clusterIdHi(), held.clusterIdLo()) &&
            state.terms.holds(held.term(), held.termNonce(), held.sequence(), state.sequence);
        if (!ours)
        {
            clusterEmitter.orphanFound(
                agent,
                held.kernelId(),
                held.term(),
                held.attempt(),
                held.clusterIdHi(),
                held.clusterIdLo());
        }
        else if (!state.lostTail && ReportKind.EXITED != kind && ReportKind.FAILED != kind)
        {
            emitter.killRequested(
                held.kernelId(), agent, held.term(), held.attempt(), ORPHAN_GRACE_NS, Reason.SUPERSEDED);
        }
    }

    /* Follow-up, a kernel at a time. */

    /** Whether there is something to do about an agent: kernels lost with it, or an inventory to conclude. */
    boolean hasWork(final int agent)
    {
        return hasLost(agent) || isReconciling(agent);
    }

    private boolean hasLost(final int agent)
    {
        return Liveness.LOST.value() == agents.get(agents.liveness, agent) &&
            Table.NONE != agents.get(agents.restartHead, agent);
    }

    private boolean isReconciling(final int agent)
    {
        return 0 != agents.get(agents.inventoryComplete, agent) && 0 == agents.get(agents.reconciled, agent) &&
            !state.lostTail;
    }

    /** Does one piece of it. */
    void work(final int agent)
    {
        if (hasLost(agent))
        {
            abandon(agents.get(agents.restartHead, agent));
            return;
        }
        final int kernel = firstUnmarked(agent);
        if (Table.NONE == kernel)
        {
            clusterEmitter.agentReconciled(agent);
        }
        else if (kernels.get(kernels.assignmentNo, kernel) <= agents.get(agents.highestAssignment, agent) ||
            hasBegun(kernel))
        {
            lifecycle.onFailed(kernel, Reason.KERNEL_MISSING);
        }
        else
        {
            repeat(kernel);
        }
    }

    /**
     * The lease has run out, so it no longer runs. Should the assignment itself still be under way on a link that only
     * stalled, the order to end it goes behind it, and before any new lease.
     */
    private void abandon(final int kernel)
    {
        if (0 != agents.get(agents.connected, kernels.get(kernels.agent, kernel)))
        {
            emitter.killRequested(kernel, Reason.SUPERSEDED);
        }
        lifecycle.onFailed(kernel, Reason.AGENT_LOST);
    }

    private int firstUnmarked(final int agent)
    {
        final int waiting = agents.get(agents.waitHead, agent);
        if (Table.NONE != waiting && isUnmarked(waiting, agent))
        {
            return waiting;
        }
        final int restart = agents.get(agents.restartHead, agent);
        return Table.NONE != restart && isUnmarked(restart, agent) ? restart : Table.NONE;
    }

    private boolean isUnmarked(final int kernel, final int agent)
    {
        return kernels.get(kernels.markedConnection, kernel) != agents.get(agents.connection, agent);
    }

    /** An agent that still means to launch it has been restored from a copy, which is older than the launch. */
    private boolean wasLaunched(final int kernel)
    {
        final int reached = kernels.get(kernels.state, kernel);
        return LifeState.PREPARING.value() == reached || LifeState.RUNNING.value() == reached;
    }

    /**
     * It was seen beyond its assignment: an agent that does not know of that has lost files, or has been restored from
     * a copy. What has run once does not run again in the same epoch.
     */
    private boolean hasBegun(final int kernel)
    {
        final int reached = kernels.get(kernels.state, kernel);
        return reached > LifeState.SCHEDULED.value() && reached < LifeState.TERMINATING.value();
    }

    /** The agent never stored this assignment: it gets it again, or learns that it must never start it. */
    private void repeat(final int kernel)
    {
        if (0 != kernels.get(kernels.held, kernel) ||
            LifeState.TERMINATING.value() == kernels.get(kernels.state, kernel))
        {
            emitter.killRequested(kernel, Reason.get(kernels.get(kernels.reason, kernel)));
        }
        else
        {
            clusterEmitter.assignmentRepeated(kernel);
        }
        clusterEmitter.inventoryMarked(kernel);
    }
}
