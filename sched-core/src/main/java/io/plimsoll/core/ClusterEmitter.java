package io.plimsoll.core;

import io.plimsoll.core.sbe.AccountConfiguredEncoder;
import io.plimsoll.core.sbe.AgentAttachedEncoder;
import io.plimsoll.core.sbe.AgentChangedEncoder;
import io.plimsoll.core.sbe.AgentClaimedEncoder;
import io.plimsoll.core.sbe.AgentConnectedDecoder;
import io.plimsoll.core.sbe.AssignmentRepeatedEncoder;
import io.plimsoll.core.sbe.CancelAcceptedEncoder;
import io.plimsoll.core.sbe.CancelProgressedEncoder;
import io.plimsoll.core.sbe.CommandRejectedEncoder;
import io.plimsoll.core.sbe.ConfigureAccountDecoder;
import io.plimsoll.core.sbe.ConfigureGroupDecoder;
import io.plimsoll.core.sbe.ConfigureMixDecoder;
import io.plimsoll.core.sbe.DeadlinesMovedEncoder;
import io.plimsoll.core.sbe.GroupConfiguredEncoder;
import io.plimsoll.core.sbe.InventoryMarkedEncoder;
import io.plimsoll.core.sbe.InventoryReceivedEncoder;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.LostTailChangedEncoder;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MixConfiguredEncoder;
import io.plimsoll.core.sbe.OrphanFoundEncoder;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.ShadowStep;
import io.plimsoll.core.sbe.ShadowSteppedEncoder;
import io.plimsoll.core.sbe.SessionUpdatedEncoder;
import io.plimsoll.core.sbe.SlotDefinedEncoder;
import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.core.sbe.SelectionFoundEncoder;
import io.plimsoll.core.sbe.TermBeganEncoder;
import io.plimsoll.core.sbe.UpdateAcceptedEncoder;
import io.plimsoll.core.sbe.UpdateSessionsDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Events about agents, groups, terms, and answers to commands. */
final class ClusterEmitter
{
    private static final long COUNT_MAX = 0xFFFF_FFFEL;

    private final CoreState state;
    private final EventWriter writer;
    private final TermBeganEncoder termBegan = new TermBeganEncoder();
    private final DeadlinesMovedEncoder deadlinesMoved = new DeadlinesMovedEncoder();
    private final SelectionFoundEncoder selectionFound = new SelectionFoundEncoder();
    private final LostTailChangedEncoder lostTailChanged = new LostTailChangedEncoder();
    private final CommandRejectedEncoder commandRejected = new CommandRejectedEncoder();
    private final AgentAttachedEncoder agentAttached = new AgentAttachedEncoder();
    private final AgentChangedEncoder agentChanged = new AgentChangedEncoder();
    private final InventoryReceivedEncoder inventoryReceived = new InventoryReceivedEncoder();
    private final InventoryMarkedEncoder inventoryMarked = new InventoryMarkedEncoder();
    private final AssignmentRepeatedEncoder assignmentRepeated = new AssignmentRepeatedEncoder();
    private final OrphanFoundEncoder orphanFound = new OrphanFoundEncoder();
    private final GroupConfiguredEncoder groupConfigured = new GroupConfiguredEncoder();
    private final AccountConfiguredEncoder accountConfigured = new AccountConfiguredEncoder();
    private final MixConfiguredEncoder mixConfigured = new MixConfiguredEncoder();
    private final AgentClaimedEncoder agentClaimed = new AgentClaimedEncoder();
    private final ShadowSteppedEncoder shadowStepped = new ShadowSteppedEncoder();
    private final SlotDefinedEncoder slotDefined = new SlotDefinedEncoder();
    private final CancelAcceptedEncoder cancelAccepted = new CancelAcceptedEncoder();
    private final CancelProgressedEncoder cancelProgressed = new CancelProgressedEncoder();
    private final SessionUpdatedEncoder sessionUpdated = new SessionUpdatedEncoder();
    private final UpdateAcceptedEncoder updateAccepted = new UpdateAcceptedEncoder();
    private final UnsafeBuffer text = new UnsafeBuffer(new byte[64]);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private DirectBuffer detail = text;

    ClusterEmitter(final CoreState state, final EventWriter writer)
    {
        this.state = state;
        this.writer = writer;
    }

    void termBegan(final ManagerStartedDecoder command)
    {
        termBegan.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .clusterIdHi(command.clusterIdHi())
            .clusterIdLo(command.clusterIdLo())
            .term(command.term())
            .termNonce(command.termNonce())
            .decisionVersion(command.decisionVersion())
            .nextSessionId(state.nextSessionId);
        writer.end(termBegan.limit());
    }

    void deadlinesMoved(final long heldNs)
    {
        deadlinesMoved.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header).heldNs(heldNs);
        writer.end(deadlinesMoved.limit());
    }

    void selectionFound(final int group, final boolean found)
    {
        selectionFound.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .groupId(group)
            .found(Emitter.bool(found));
        writer.end(selectionFound.limit());
    }

    void lostTail(final int agent, final long seenTerm, final long seenTermNonce)
    {
        lostTailChanged(true, 0, agent, seenTerm, seenTermNonce, state.nextSessionId);
    }

    void lossAccepted(final long correlationId, final long term, final long termNonce, final long nextSessionId)
    {
        lostTailChanged(false, correlationId, 0, term, termNonce, nextSessionId);
    }

    private void lostTailChanged(
        final boolean lost,
        final long correlationId,
        final int agent,
        final long term,
        final long termNonce,
        final long nextSessionId)
    {
        lostTailChanged.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .lostTail(Emitter.bool(lost))
            .correlationId(correlationId)
            .agentId(agent)
            .term(term)
            .termNonce(termNonce)
            .nextSessionId(nextSessionId);
        writer.end(lostTailChanged.limit());
    }

    /** Refuses a command; the field is a constant of ours. */
    void rejected(final Rejection rejection, final String field)
    {
        final int length = text.putStringWithoutLengthAscii(0, field);
        rejected(rejection, text, 0, length);
    }

    /** Refuses a command; the field is a name from the command. */
    void rejected(final Rejection rejection, final DirectBuffer field, final int offset, final int length)
    {
        rejected(rejection, field, offset, length, 0);
    }

    /** Refuses a command, and says at length which limits it exceeds; the field is that of the first. */
    void rejected(final Rejection rejection, final LimitReport report)
    {
        detail = report.text();
        final int slot = report.slot(0);
        if (Table.NONE == slot)
        {
            final int length = text.putStringWithoutLengthAscii(0, report.field());
            rejected(rejection, text, 0, length, report.render());
        }
        else
        {
            final int name = state.slots.get(state.slots.name, slot);
            final int length = state.names.length(name);
            rejected(rejection, state.names.buffer(), state.names.offset(name), length, report.render());
        }
    }

    private void rejected(
        final Rejection rejection,
        final DirectBuffer field,
        final int offset,
        final int length,
        final int detailLength)
    {
        commandRejected.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .correlationId(rejection.correlationId)
            .source(rejection.source)
            .code(rejection.code)
            .entryIndex(rejection.entryIndex)
            .subject(rejection.subject)
            .requested(rejection.requested)
            .limitValue(rejection.limit)
            .putField(field, offset, length)
            .putDetail(detail, 0, detailLength);
        writer.end(commandRejected.limit());
    }

    void rejected(final Rejection rejection, final int nameId)
    {
        rejected(rejection, state.names.buffer(), state.names.offset(nameId), state.names.length(nameId));
    }

    void rejected(final long correlationId, final int source, final RejectCode code, final long subject)
    {
        commandRejected.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .correlationId(correlationId)
            .source(source)
            .code(code)
            .entryIndex(0)
            .subject(subject)
            .requested(0)
            .limitValue(0);
        commandRejected.putField(text, 0, 0).putDetail(text, 0, 0);
        writer.end(commandRejected.limit());
    }

    void agentAttached(
        final AgentConnectedDecoder command,
        final int agent,
        final long connection,
        final int group,
        final boolean lostTail,
        final long[] capacity)
    {
        agentAttached.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .correlationId(command.correlationId())
            .agentId(agent)
            .connection(connection)
            .uuidHi(command.uuidHi())
            .uuidLo(command.uuidLo())
            .groupId(group)
            .lostTail(Emitter.bool(lostTail))
            .seenTerm(command.seenTerm())
            .kernelsMax(command.kernelsMax());
        final AgentAttachedEncoder.SlotsEncoder slots = agentAttached.slotsCount(state.slots.count());
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            slots.next().slotId(slot).capacity(capacity[slot]);
        }
    }

    /** Goes on with the event begun by agentAttached. */
    AgentAttachedEncoder.LabelsEncoder agentAttachedLabels(final int labels)
    {
        return agentAttached.labelsCount(labels);
    }

    /** Completes the event begun by agentAttached with the texts, which stand last in the command. */
    void agentAttachedTexts(final DirectBuffer name, final DirectBuffer arch)
    {
        agentAttached.putAgentName(name, 0, name.capacity());
        agentAttached.putArch(arch, 0, arch.capacity());
        writer.end(agentAttached.limit());
    }

    void agentConnected(final int agent, final boolean connected)
    {
        agentChanged(
            agent,
            connected,
            false,
            liveness(agent),
            0 != state.agents.get(state.agents.drained, agent),
            isQuarantined(agent),
            0);
    }

    void agentReconciled(final int agent)
    {
        agentChanged(
            agent,
            true,
            true,
            liveness(agent),
            0 != state.agents.get(state.agents.drained, agent),
            isQuarantined(agent),
            0);
    }

    void agentLiveness(final int agent, final Liveness liveness)
    {
        final AgentTable agents = state.agents;
        agentChanged(
            agent,
            0 != agents.get(agents.connected, agent),
            0 != agents.get(agents.reconciled, agent),
            liveness,
            0 != agents.get(agents.drained, agent),
            isQuarantined(agent),
            0);
    }

    void agentDrained(final int agent, final boolean drained, final long correlationId)
    {
        final AgentTable agents = state.agents;
        agentChanged(
            agent,
            0 != agents.get(agents.connected, agent),
            0 != agents.get(agents.reconciled, agent),
            liveness(agent),
            drained,
            drained && isQuarantined(agent),
            correlationId);
    }

    /** Too many starts in a row failed on an agent, or it may be tried again. */
    void agentQuarantined(final int agent, final boolean quarantined)
    {
        final AgentTable agents = state.agents;
        agentChanged(
            agent,
            0 != agents.get(agents.connected, agent),
            0 != agents.get(agents.reconciled, agent),
            liveness(agent),
            0 != agents.get(agents.drained, agent),
            quarantined,
            0);
    }

    private boolean isQuarantined(final int agent)
    {
        return 0 != state.agents.get(state.agents.quarantined, agent);
    }

    private Liveness liveness(final int agent)
    {
        return Liveness.get(state.agents.get(state.agents.liveness, agent));
    }

    private void agentChanged(
        final int agent,
        final boolean connected,
        final boolean reconciled,
        final Liveness liveness,
        final boolean drained,
        final boolean quarantined,
        final long correlationId)
    {
        agentChanged.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .agentId(agent)
            .connection(state.agents.get(state.agents.connection, agent))
            .connected(Emitter.bool(connected))
            .reconciled(Emitter.bool(reconciled))
            .liveness(liveness)
            .drained(Emitter.bool(drained))
            .correlationId(correlationId)
            .quarantined(Emitter.bool(quarantined));
        writer.end(agentChanged.limit());
    }

    void inventoryReceived(final int agent, final int part, final boolean last, final long highestAssignment)
    {
        inventoryReceived.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .agentId(agent)
            .connection(state.agents.get(state.agents.connection, agent))
            .part(part)
            .last(Emitter.bool(last))
            .highestAssignment(highestAssignment);
        writer.end(inventoryReceived.limit());
    }

    void inventoryMarked(final int kernel)
    {
        final int agent = state.kernels.get(state.kernels.agent, kernel);
        inventoryMarked.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .agentId(agent)
            .connection(state.agents.get(state.agents.connection, agent))
            .kernelId(state.kernels.get(state.kernels.kernelId, kernel));
        writer.end(inventoryMarked.limit());
    }

    void assignmentRepeated(final int kernel)
    {
        assignmentRepeated.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .kernelId(state.kernels.get(state.kernels.kernelId, kernel))
            .agentId(state.kernels.get(state.kernels.agent, kernel))
            .assignmentNo(state.kernels.get(state.kernels.assignmentNo, kernel));
        writer.end(assignmentRepeated.limit());
    }

    void orphanFound(
        final int agent,
        final long kernelId,
        final long term,
        final int attempt,
        final long clusterIdHi,
        final long clusterIdLo)
    {
        orphanFound.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .agentId(agent)
            .kernelId(kernelId)
            .term(term)
            .attempt(attempt)
            .clusterIdHi(clusterIdHi)
            .clusterIdLo(clusterIdLo);
        writer.end(orphanFound.limit());
    }

    void groupConfigured(final int group, final ConfigureGroupDecoder command)
    {
        groupConfigured.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .groupId(group)
            .correlationId(command.correlationId())
            .order(command.order())
            .selection(command.selection())
            .attemptsMax(command.attemptsMax())
            .decisionsPerCommandMax(command.decisionsPerCommandMax())
            .pendingTimeoutNs(command.pendingTimeoutNs())
            .scheduledTimeoutNs(command.scheduledTimeoutNs())
            .pullProgressTimeoutNs(command.pullProgressTimeoutNs())
            .pullTimeoutNs(command.pullTimeoutNs())
            .prepareTimeoutNs(command.prepareTimeoutNs())
            .killTimeoutNs(command.killTimeoutNs())
            .retryBackoffNs(command.retryBackoffNs())
            .pendingMax(command.pendingMax())
            .backfill(command.backfill())
            .preemption(command.preemption())
            .victimScope(command.victimScope())
            .preemptionMinRuntimeNs(command.preemptionMinRuntimeNs())
            .ageingNs(command.ageingNs())
            .usageHalfLifeNs(command.usageHalfLifeNs())
            .quarantineAfter(command.quarantineAfter())
            .quarantineNs(command.quarantineNs())
            .allowedTypes(command.allowedTypes())
            .kernelsMax(command.kernelsMax())
            .acceptUnsatisfiable(command.acceptUnsatisfiable())
            .selectionSeed(command.selectionSeed())
            .lostTimeoutNs(command.lostTimeoutNs())
            .delayMaxNs(command.delayMaxNs());
        command.wrapGroupName(view);
        groupConfigured.putGroupName(view, 0, view.capacity());
        command.wrapSelectionName(view);
        groupConfigured.putSelectionName(view, 0, view.capacity());
        writer.end(groupConfigured.limit());
    }

    void accountConfigured(final ConfigureAccountDecoder command)
    {
        final int projectId = command.projectId();
        accountConfigured.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .correlationId(command.correlationId())
            .accountId(command.accountId())
            .parentId(command.parentId())
            .level(command.level())
            .weight(command.weight())
            .sessionsMax(command.sessionsMax())
            .systemSessionsMax(command.systemSessionsMax())
            .pendingMax(command.pendingMax())
            .kernelsMax(command.kernelsMax())
            .priorityMax(command.priorityMax())
            .allowedTypes(command.allowedTypes())
            .projectId(ConfigureAccountDecoder.projectIdNullValue() == projectId ? 0 : projectId);
        final ConfigureAccountDecoder.LimitsDecoder limits = command.limits();
        final AccountConfiguredEncoder.LimitsEncoder limitsEncoder = accountConfigured.limitsCount(limits.count());
        while (limits.hasNext())
        {
            final long amount = limits.next().amount();
            limits.wrapSlotName(view);
            limitsEncoder.next().slotId(state.slots.find(view, 0, view.capacity())).amount(amount);
        }
        final ConfigureAccountDecoder.PendingLimitsDecoder pending = command.pendingLimits();
        final AccountConfiguredEncoder.PendingLimitsEncoder pendingEncoder =
            accountConfigured.pendingLimitsCount(pending.count());
        while (pending.hasNext())
        {
            final long amount = pending.next().amount();
            pending.wrapSlotName(view);
            pendingEncoder.next().slotId(state.slots.find(view, 0, view.capacity())).amount(amount);
        }
        command.wrapAccountName(view);
        accountConfigured.putAccountName(view, 0, view.capacity());
        writer.end(accountConfigured.limit());
    }

    void mixConfigured(final int group, final ConfigureMixDecoder command)
    {
        mixConfigured.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .correlationId(command.correlationId())
            .groupId(group);
        final ConfigureMixDecoder.EntriesDecoder entries = command.entries();
        final MixConfiguredEncoder.EntriesEncoder encoder = mixConfigured.entriesCount(entries.count());
        while (entries.hasNext())
        {
            entries.next();
            encoder.next()
                .cpuMillis(entries.cpuMillis())
                .deviceCount(entries.deviceCount())
                .deviceShare(entries.deviceShare())
                .occurrences(entries.occurrences());
            entries.wrapModels(view);
            encoder.putModels(view, 0, view.capacity());
        }
        writer.end(mixConfigured.limit());
    }

    /** Room on an agent is kept for a session, or for none: 0. */
    void agentClaimed(final int agent, final long sessionId)
    {
        agentClaimed.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .agentId(agent)
            .sessionId(sessionId);
        writer.end(agentClaimed.limit());
    }

    void shadowStepped(final int groupId, final ShadowStep step, final long sessionId, final long atNs)
    {
        shadowStepped.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .sessionId(sessionId)
            .atNs(atNs)
            .groupId(groupId)
            .step(step);
        writer.end(shadowStepped.limit());
    }

    void slotDefined(final int slot, final SlotKind kind, final DirectBuffer name)
    {
        slotDefined.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .slotId(slot)
            .kind(kind)
            .putSlotName(name, 0, name.capacity());
        writer.end(slotDefined.limit());
    }

    void cancelAccepted(final CancelProgress progress)
    {
        cancelAccepted.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .correlationId(progress.correlationId)
            .cancelled(Math.min(progress.cancelled, COUNT_MAX))
            .alreadyEnded(Math.min(progress.alreadyEnded, COUNT_MAX))
            .unknown(Math.min(progress.unknown, COUNT_MAX));
        writer.end(cancelAccepted.limit());
    }

    /** Keeps what is left; without ranges, that all is done. */
    void cancelProgressed(final CancelProgress progress, final boolean done)
    {
        cancelProgressed.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .taskId(progress.taskId)
            .correlationId(progress.correlationId)
            .source(progress.source)
            .cancelled(progress.cancelled)
            .alreadyEnded(progress.alreadyEnded)
            .unknown(progress.unknown);
        final int from = done ? progress.rangeCount : progress.range;
        final CancelProgressedEncoder.RangesEncoder ranges =
            cancelProgressed.rangesCount(progress.rangeCount - from);
        for (int i = from; i < progress.rangeCount; i++)
        {
            ranges.next().firstId(progress.firstIds[i]).lastId(progress.lastIds[i]);
        }
        writer.end(cancelProgressed.limit());
    }

    /** A session, or the waiting elements of one row of an array, were changed by the command. */
    void sessionUpdated(
        final long firstId,
        final long count,
        final int priority,
        final long walltimeNs,
        final UpdateSessionsDecoder command,
        final DirectBuffer name)
    {
        sessionUpdated.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .sessionId(firstId)
            .elementCount(count)
            .changes(command.changes())
            .priority((short)priority)
            .walltimeNs(walltimeNs)
            .putSessionName(name, 0, name.capacity());
        writer.end(sessionUpdated.limit());
    }

    void updateAccepted(
        final UpdateSessionsDecoder command,
        final long updated,
        final long alreadyEnded,
        final long unknown,
        final long nextId)
    {
        updateAccepted.wrapAndApplyHeader(writer.buffer(), writer.next(), writer.header)
            .correlationId(command.correlationId())
            .updated(Math.min(updated, COUNT_MAX))
            .alreadyEnded(Math.min(alreadyEnded, COUNT_MAX))
            .unknown(Math.min(unknown, COUNT_MAX))
            .nextId(nextId);
        writer.end(updateAccepted.limit());
    }
}
