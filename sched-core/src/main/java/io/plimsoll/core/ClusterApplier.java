package io.plimsoll.core;

import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.CancelProgressedDecoder;
import io.plimsoll.core.sbe.DeadlinesMovedDecoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MixConfiguredDecoder;
import io.plimsoll.core.sbe.OrphanFoundDecoder;
import io.plimsoll.core.sbe.SelectionFoundDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/** Applies events about terms, groups, slots and unfinished cancellations. */
final class ClusterApplier
{
    /** Far more assignments than one agent can have been given after the last sequence that our journal holds. */
    static final long ASSIGNMENTS_SKIPPED = 1L << 32;

    private final CoreState state;
    private final TermBeganDecoder termBegan = new TermBeganDecoder();
    private final LostTailChangedDecoder lostTail = new LostTailChangedDecoder();
    private final GroupConfiguredDecoder group = new GroupConfiguredDecoder();
    private final DeadlinesMovedDecoder deadlinesMoved = new DeadlinesMovedDecoder();
    private final SelectionFoundDecoder selection = new SelectionFoundDecoder();
    private final SlotDefinedDecoder slot = new SlotDefinedDecoder();
    private final AccountConfiguredDecoder account = new AccountConfiguredDecoder();
    private final MixConfiguredDecoder mix = new MixConfiguredDecoder();
    private final OrphanFoundDecoder orphan = new OrphanFoundDecoder();
    private final CancelProgressedDecoder cancel = new CancelProgressedDecoder();
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final LongArrayList ranges = new LongArrayList();
    private final AgentApplier agentApplier;

    ClusterApplier(final CoreState state)
    {
        this.state = state;
        agentApplier = new AgentApplier(state);
    }

    void onTermBegan(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        termBegan.wrapAndApplyHeader(buffer, offset, header);
        state.clusterIdHi = termBegan.clusterIdHi();
        state.clusterIdLo = termBegan.clusterIdLo();
        state.requests.onTermBegan(termBegan.decisionVersion());
        begin(termBegan.term(), termBegan.termNonce());
    }

    private void begin(final long term, final long nonce)
    {
        state.term = term;
        state.termNonce = nonce;
        state.terms.add(term, nonce, state.sequence);
        disconnectAll();
        extendDeadlines();
    }

    void onLostTailChanged(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        lostTail.wrapAndApplyHeader(buffer, offset, header);
        state.lostTail = BooleanType.T == lostTail.lostTail();
        if (!state.lostTail)
        {
            state.acceptedTerm = lostTail.term();
            state.nextSessionId = lostTail.nextSessionId();
            final AgentTable agents = state.agents;
            for (int agent = 1; agent < agents.highWater(); agent++)
            {
                agents.add(agents.nextAssignment, agent, ASSIGNMENTS_SKIPPED);
            }
            begin(lostTail.term(), lostTail.termNonce());
        }
    }

    /** A new reign knows no connection: every agent has to come back and say what it holds. */
    private void disconnectAll()
    {
        final AgentTable agents = state.agents;
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            state.schedule.agentIndex.beforeChange(agent);
            agentApplier.connected(agent, false);
            agents.set(agents.reconciled, agent, (byte)0);
            agents.set(agents.inventoryComplete, agent, (byte)0);
        }
    }

    /** Nobody could report while no manager was there, so what was due meanwhile gets its last stretch again. */
    private void extendDeadlines()
    {
        final KernelTable kernels = state.kernels;
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel) &&
                kernels.get(kernels.state, kernel) >= LifeState.RUNNING.value() &&
                kernels.get(kernels.deadlineNs, kernel) > 0)
            {
                final int groupId = state.shapes.get(state.shapes.group, kernels.get(kernels.shape, kernel));
                final long stretchNs = kernels.get(kernels.graceNs, kernel) +
                    state.groups.get(state.groups.killTimeoutNs, groupId);
                final long deadlineNs = kernels.get(kernels.deadlineNs, kernel);
                kernels.set(kernels.deadlineNs, kernel, Math.max(deadlineNs, state.timestampNs + stretchNs));
                state.schedule.deadlines.armKernel(kernel);
            }
        }
    }

    /** Nobody could be heard for a while, which is nothing that who was to report can be blamed for. */
    void onDeadlinesMoved(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        final long heldNs = deadlinesMoved.wrapAndApplyHeader(buffer, offset, header).heldNs();
        final KernelTable kernels = state.kernels;
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel) && kernels.get(kernels.deadlineNs, kernel) > 0 && !state.isPaused(kernel))
            {
                kernels.add(kernels.deadlineNs, kernel, heldNs);
                if (0 != kernels.get(kernels.pullDeadlineNs, kernel))
                {
                    kernels.add(kernels.pullDeadlineNs, kernel, heldNs);
                }
                state.schedule.deadlines.onKernelMoved(kernel);
                state.schedule.onAgentChanged(kernels.get(kernels.agent, kernel));
            }
        }
        state.schedule.deadlines.moveKernels(heldNs);
    }

    void onGroupConfigured(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        group.wrapAndApplyHeader(buffer, offset, header);
        final GroupTable groups = state.groups;
        final int row = group.groupId() < groups.count() ? group.groupId() : groups.allocate();
        final boolean otherOrder = group.orderRaw() != groups.get(groups.order, row);
        final long halfLifeBeforeNs = groups.get(groups.usageHalfLifeNs, row);
        groups.set(groups.order, row, (byte)group.orderRaw());
        groups.set(groups.select, row, (byte)group.selectionRaw());
        groups.set(groups.attemptsMax, row, group.attemptsMax());
        groups.set(groups.decisionsPerCommandMax, row, group.decisionsPerCommandMax());
        groups.set(groups.pendingTimeoutNs, row, group.pendingTimeoutNs());
        groups.set(groups.scheduledTimeoutNs, row, group.scheduledTimeoutNs());
        groups.set(groups.pullProgressTimeoutNs, row, group.pullProgressTimeoutNs());
        groups.set(groups.pullTimeoutNs, row, group.pullTimeoutNs());
        groups.set(groups.prepareTimeoutNs, row, group.prepareTimeoutNs());
        groups.set(groups.killTimeoutNs, row, group.killTimeoutNs());
        groups.set(groups.retryBackoffNs, row, group.retryBackoffNs());
        groups.set(groups.pendingMax, row, group.pendingMax());
        setPolicies(row);
        if (otherOrder || halfLifeBeforeNs != group.usageHalfLifeNs())
        {
            state.usage.onGroup(row, halfLifeBeforeNs);
        }
        group.wrapGroupName(text);
        groups.set(groups.name, row, state.names.intern(text, 0, text.capacity()));
        group.wrapSelectionName(text);
        groups.set(groups.selection, row, state.names.intern(text, 0, text.capacity()));
        groups.set(groups.selectionMissing, row, (byte)0);
        state.shadows.onGroup(row);
        if (Backfill.CONSERVATIVE.value() != groups.get(groups.backfill, row))
        {
            state.reservations.removeOf(row);
        }
        state.schedule.onGroup(row);
    }

    void onSelectionFound(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        selection.wrapAndApplyHeader(buffer, offset, header);
        final boolean found = BooleanType.T == selection.found();
        state.groups.set(state.groups.selectionMissing, selection.groupId(), (byte)(found ? 0 : 1));
    }

    private void setPolicies(final int row)
    {
        final GroupTable groups = state.groups;
        groups.set(groups.backfill, row, (byte)group.backfillRaw());
        groups.set(groups.preemption, row, (byte)group.preemptionRaw());
        groups.set(groups.victimScope, row, (byte)group.victimScopeRaw());
        groups.set(groups.preemptionMinRuntimeNs, row, group.preemptionMinRuntimeNs());
        groups.set(groups.ageingNs, row, group.ageingNs());
        groups.set(groups.usageHalfLifeNs, row, group.usageHalfLifeNs());
        groups.set(groups.quarantineAfter, row, group.quarantineAfter());
        groups.set(groups.quarantineNs, row, group.quarantineNs());
        groups.set(groups.allowedTypes, row, (byte)group.allowedTypes());
        groups.set(groups.kernelsMax, row, group.kernelsMax());
        groups.set(groups.acceptUnsatisfiable, row, (byte)(BooleanType.T == group.acceptUnsatisfiable() ? 1 : 0));
        groups.set(groups.selectionSeed, row, group.selectionSeed());
        groups.set(groups.lostTimeoutNs, row, group.lostTimeoutNs());
        groups.set(groups.delayMaxNs, row, group.delayMaxNs());
    }

    void onSlotDefined(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        slot.wrapAndApplyHeader(buffer, offset, header);
        final short kind = slot.kindRaw();
        slot.wrapSlotName(text);
        final int row = state.slots.define(kind, text, 0, text.capacity());
        state.onSlotDefined(row);
    }

    void onAccountConfigured(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        account.wrapAndApplyHeader(buffer, offset, header);
        final AccountTable accounts = state.accounts;
        final int known = accounts.find(account.accountId());
        final int row = Table.NONE == known ? accounts.add(account.accountId()) : known;
        accounts.set(accounts.level, row, (byte)account.levelRaw());
        place(row, accounts.find(account.parentId()), accounts.find(projectId()), Table.NONE == known);
        accounts.set(accounts.weight, row, account.weight());
        accounts.set(accounts.sessionsMax, row, account.sessionsMax());
        accounts.set(accounts.systemSessionsMax, row, account.systemSessionsMax());
        accounts.set(accounts.pendingMax, row, account.pendingMax());
        accounts.set(accounts.kernelsMax, row, account.kernelsMax());
        accounts.set(accounts.priorityMax, row, account.priorityMax());
        accounts.set(accounts.allowedTypes, row, (byte)account.allowedTypes());
        accounts.clearLimits(row);
        for (final AccountConfiguredDecoder.LimitsDecoder limit : account.limits())
        {
            accounts.limit(row, limit.slotId(), limit.amount());
        }
        for (final AccountConfiguredDecoder.PendingLimitsDecoder limit : account.pendingLimits())
        {
            accounts.pendingLimit(row, limit.slotId(), limit.amount());
        }
        accounts.onLimits(row);
        account.wrapAccountName(text);
        accounts.set(accounts.name, row, state.names.intern(text, 0, text.capacity()));
        state.usage.onWeight();
        state.schedule.onAccountGain(row);
    }

    /** An event of before there were members has none. */
    private int projectId()
    {
        final int projectId = account.projectId();
        return AccountConfiguredDecoder.projectIdNullValue() == projectId ? 0 : projectId;
    }

    /** Gives an account its place under others, with all that it uses. */
    private void place(final int row, final int above, final int project, final boolean isNew)
    {
        final AccountTable accounts = state.accounts;
        boolean moved = accounts.parent(row) != above || accounts.project(row) != project;
        accounts.parent(row, above);
        accounts.project(row, project);
        if (isNew)
        {
            moved = state.ledger.adopt(row);
        }
        else if (moved)
        {
            state.ledger.recount();
        }
        if (moved)
        {
            state.usage.onAccountsMoved();
            state.schedule.onAccountsMoved();
        }
    }

    void onMixConfigured(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        mix.wrapAndApplyHeader(buffer, offset, header);
        final int groupId = mix.groupId();
        state.mixes.clear(groupId);
        for (final MixConfiguredDecoder.EntriesDecoder entry : mix.entries())
        {
            final long cpuMillis = entry.cpuMillis();
            final int deviceCount = entry.deviceCount();
            final int deviceShare = entry.deviceShare();
            final long occurrences = entry.occurrences();
            entry.wrapModels(text);
            final int models = state.names.intern(text, 0, text.capacity());
            state.mixes.add(groupId, cpuMillis, deviceCount, deviceShare, models, occurrences);
        }
        state.requests.onConfigured(groupId);
    }

    void onOrphanFound(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        orphan.wrapAndApplyHeader(buffer, offset, header);
        if (state.isOurCluster(orphan.clusterIdHi(), orphan.clusterIdLo()))
        {
            state.reportedSessionMax =
                Math.max(state.reportedSessionMax, KernelTable.sessionId(orphan.kernelId()));
        }
    }

    void onKeyForgotten()
    {
        state.keys.removeOldest();
    }

    void onCancelProgressed(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        cancel.wrapAndApplyHeader(buffer, offset, header);
        final CancelTasks tasks = state.cancelTasks;
        final long taskId = cancel.taskId();
        final long correlationId = cancel.correlationId();
        final int source = cancel.source();
        final long cancelled = cancel.cancelled();
        final long alreadyEnded = cancel.alreadyEnded();
        final long unknown = cancel.unknown();
        ranges.clear();
        for (final CancelProgressedDecoder.RangesDecoder range : cancel.ranges())
        {
            ranges.addLong(range.firstId());
            ranges.addLong(range.lastId());
        }
        if (!ranges.isEmpty())
        {
            tasks.add(taskId, correlationId, source, cancelled, alreadyEnded, unknown, ranges);
        }
        else if (tasks.isFirst(taskId))
        {
            tasks.removeFirst();
        }
    }
}
