package io.plimsoll.loadtest.workload;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.AcceptLossEncoder;
import io.plimsoll.core.sbe.AgentConnectedEncoder;
import io.plimsoll.core.sbe.AgentDisconnectedEncoder;
import io.plimsoll.core.sbe.AgentInventoryEncoder;
import io.plimsoll.core.sbe.AgentLostEncoder;
import io.plimsoll.core.sbe.AgentReturnedEncoder;
import io.plimsoll.core.sbe.AgentSuspectEncoder;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.CancelSessionsEncoder;
import io.plimsoll.core.sbe.ConfigureGroupEncoder;
import io.plimsoll.core.sbe.ContinueEncoder;
import io.plimsoll.core.sbe.DrainAgentEncoder;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.KernelReportEncoder;
import io.plimsoll.core.sbe.ManagerStartedEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import io.plimsoll.core.sbe.TimePassedEncoder;
import io.plimsoll.core.sbe.VictimScope;
import java.util.Collection;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes one command at a time into a buffer of its own. One thread. */
public final class CommandEncoder
{
    /** Who the generated commands claim to come from. */
    public static final int SOURCE = 7;
    /** Source of commands that nobody waits for an answer to. */
    private static final long NO_CORRELATION = 0;
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    /** All kernels of a session ask for the same. */
    private static final byte[] NO_PARTS = {};

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CommandIngress.COMMAND_LENGTH_MAX]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ManagerStartedEncoder managerStarted = new ManagerStartedEncoder();
    private final ConfigureGroupEncoder configureGroup = new ConfigureGroupEncoder();
    private final SubmitSessionsEncoder submitSessions = new SubmitSessionsEncoder();
    private final CancelSessionsEncoder cancelSessions = new CancelSessionsEncoder();
    private final AgentConnectedEncoder agentConnected = new AgentConnectedEncoder();
    private final AgentDisconnectedEncoder agentDisconnected = new AgentDisconnectedEncoder();
    private final AgentInventoryEncoder agentInventory = new AgentInventoryEncoder();
    private final AgentSuspectEncoder agentSuspect = new AgentSuspectEncoder();
    private final AgentLostEncoder agentLost = new AgentLostEncoder();
    private final AgentReturnedEncoder agentReturned = new AgentReturnedEncoder();
    private final KernelReportEncoder kernelReport = new KernelReportEncoder();
    private final DrainAgentEncoder drainAgent = new DrainAgentEncoder();
    private final AcceptLossEncoder acceptLoss = new AcceptLossEncoder();
    private final TimePassedEncoder timePassed = new TimePassedEncoder();
    private final ContinueEncoder continueEncoder = new ContinueEncoder();

    /** Holds the command that was written last, from offset 0. */
    public UnsafeBuffer buffer()
    {
        return buffer;
    }

    public int managerStarted(final long clusterIdLo, final long term, final int decisionVersion)
    {
        managerStarted.wrapAndApplyHeader(buffer, 0, header)
            .clusterIdHi(1)
            .clusterIdLo(clusterIdLo)
            .term(term)
            .termNonce(term * 31)
            .decisionVersion(decisionVersion)
            .forgetAfterNs(0)
            .endedMax(0)
            .build("loadtest");
        return HEADER_LENGTH + managerStarted.encodedLength();
    }

    /**
     * A group with the usual deadlines.
     *
     * @param name                   of the group.
     * @param selection              of agents.
     * @param decisionsPerCommandMax bound of one pass.
     * @param pendingMax             bound of what may wait.
     * @return length of the command.
     */
    public int configureGroup(
        final String name, final SelectPolicy selection, final int decisionsPerCommandMax, final int pendingMax)
    {
        final long secondNs = 1_000_000_000L;
        configureGroup.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(NO_CORRELATION)
            .source(SOURCE)
            .order(OrderPolicy.FIFO)
            .selection(selection)
            .attemptsMax(3)
            .decisionsPerCommandMax(decisionsPerCommandMax)
            .pendingTimeoutNs(0)
            .scheduledTimeoutNs(10 * secondNs)
            .pullProgressTimeoutNs(300 * secondNs)
            .pullTimeoutNs(7_200 * secondNs)
            .prepareTimeoutNs(60 * secondNs)
            .killTimeoutNs(30 * secondNs)
            .retryBackoffNs(secondNs)
            .pendingMax(pendingMax)
            .backfill(Backfill.GREEDY)
            .preemption(PreemptionMode.OFF)
            .victimScope(VictimScope.GROUP)
            .preemptionMinRuntimeNs(0)
            .ageingNs(0)
            .usageHalfLifeNs(0)
            .quarantineAfter(0)
            .quarantineNs(0)
            .allowedTypes((short)0)
            .kernelsMax(0)
            .acceptUnsatisfiable(BooleanType.F)
            .selectionSeed(0)
            .lostTimeoutNs(0)
            .delayMaxNs(0)
            .groupName(name)
            .selectionName("");
        return HEADER_LENGTH + configureGroup.encodedLength();
    }

    /**
     * A submission without idempotency key.
     *
     * @param correlationId of the reply.
     * @param specs         opaque launch specs.
     * @param sessions      entries.
     * @return length of the command.
     */
    public int submit(final long correlationId, final List<byte[]> specs, final List<SessionShape> sessions)
    {
        return submit(correlationId, 0, 0, specs, sessions);
    }

    /**
     * A submission.
     *
     * @param correlationId of the reply.
     * @param keyHash       idempotency key, 0: none.
     * @param bodyHash      of what was submitted under that key.
     * @param specs         opaque launch specs.
     * @param sessions      entries.
     * @return length of the command.
     */
    public int submit(
        final long correlationId,
        final long keyHash,
        final long bodyHash,
        final List<byte[]> specs,
        final List<SessionShape> sessions)
    {
        submitSessions.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(SOURCE)
            .ownerId(0)
            .keyHashHi(keyHash)
            .keyHashLo(keyHash)
            .bodyHashHi(bodyHash)
            .bodyHashLo(bodyHash);
        final SubmitSessionsEncoder.SpecsEncoder specsEncoder = submitSessions.specsCount(specs.size());
        for (final byte[] spec : specs)
        {
            specsEncoder.next().hashHi(fingerprint(spec)).hashLo(spec.length).putSpec(spec, 0, spec.length);
        }
        final SubmitSessionsEncoder.SessionsEncoder entries = submitSessions.sessionsCount(sessions.size());
        for (final SessionShape session : sessions)
        {
            entry(entries.next(), session);
        }
        return HEADER_LENGTH + submitSessions.encodedLength();
    }

    public int cancel(final long correlationId, final long firstId, final long lastId)
    {
        cancelSessions.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(SOURCE)
            .ownerId(0);
        cancelSessions.rangesCount(1).next().firstId(firstId).lastId(lastId);
        return HEADER_LENGTH + cancelSessions.encodedLength();
    }

    /**
     * An agent opens a link.
     *
     * @param correlationId of the reply.
     * @param agent         that connects.
     * @return length of the command.
     */
    public int agentConnected(final long correlationId, final ScriptedAgent agent)
    {
        agentConnected.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(SOURCE)
            .uuidHi(0x706c696d736f6c6cL)
            .uuidLo(agent.uuid())
            .clusterIdHi(0 == agent.seenTerm() ? 0 : 1)
            .clusterIdLo(agent.seenClusterIdLo())
            .seenTerm(agent.seenTerm())
            .seenTermNonce(agent.seenTermNonce())
            .seenSequence(agent.seenSequence())
            .kernelsMax(-1);
        final List<AgentShape.Capacity> slots = agent.shape().slots();
        final AgentConnectedEncoder.SlotsEncoder encoder = agentConnected.slotsCount(slots.size());
        for (final AgentShape.Capacity slot : slots)
        {
            encoder.next().kind(slot.kind()).capacity(slot.amount()).slotName(slot.name());
        }
        agentConnected.labelsCount(0);
        agentConnected.agentName("node-" + agent.uuid()).groupName(agent.shape().group()).arch("x86_64");
        return HEADER_LENGTH + agentConnected.encodedLength();
    }

    public int agentDisconnected(final int agentId, final long connection)
    {
        agentDisconnected.wrapAndApplyHeader(buffer, 0, header).agentId(agentId).connection(connection);
        return HEADER_LENGTH + agentDisconnected.encodedLength();
    }

    public int agentSuspect(final int agentId, final long connection)
    {
        agentSuspect.wrapAndApplyHeader(buffer, 0, header).agentId(agentId).connection(connection);
        return HEADER_LENGTH + agentSuspect.encodedLength();
    }

    public int agentLost(final int agentId, final long connection)
    {
        agentLost.wrapAndApplyHeader(buffer, 0, header).agentId(agentId).connection(connection);
        return HEADER_LENGTH + agentLost.encodedLength();
    }

    public int agentReturned(final int agentId, final long connection)
    {
        agentReturned.wrapAndApplyHeader(buffer, 0, header).agentId(agentId).connection(connection);
        return HEADER_LENGTH + agentReturned.encodedLength();
    }

    /**
     * One part of an inventory.
     *
     * @param agent   that holds the kernels.
     * @param part    number from 0.
     * @param last    whether it is the last part.
     * @param kernels of this part.
     * @return length of the command.
     */
    public int agentInventory(
        final ScriptedAgent agent, final int part, final boolean last, final Collection<HeldKernel> kernels)
    {
        agentInventory.wrapAndApplyHeader(buffer, 0, header)
            .agentId(agent.agentId())
            .connection(agent.connection())
            .part(part)
            .last(last ? BooleanType.T : BooleanType.F)
            .highestAssignment(agent.highestAssignment());
        final AgentInventoryEncoder.KernelsEncoder encoder = agentInventory.kernelsCount(kernels.size());
        for (final HeldKernel kernel : kernels)
        {
            encoder.next()
                .kernelId(kernel.kernelId())
                .term(kernel.term())
                .termNonce(kernel.term() * 31)
                .attempt(kernel.attempt())
                .sequence(kernel.sequence())
                .clusterIdHi(1)
                .clusterIdLo(kernel.clusterIdLo())
                .kind(kernel.kind())
                .reason(kernel.reason())
                .exitCode(kernel.exitCode());
        }
        return HEADER_LENGTH + agentInventory.encodedLength();
    }

    /**
     * The whole inventory of an agent that holds nothing.
     *
     * @param agentId           that has it.
     * @param connection        of it.
     * @param highestAssignment that it has stored.
     * @return length of the command.
     */
    public int emptyInventory(final int agentId, final long connection, final long highestAssignment)
    {
        agentInventory.wrapAndApplyHeader(buffer, 0, header)
            .agentId(agentId)
            .connection(connection)
            .part(0)
            .last(BooleanType.T)
            .highestAssignment(highestAssignment);
        agentInventory.kernelsCount(0);
        return HEADER_LENGTH + agentInventory.encodedLength();
    }

    /**
     * What an agent says of a kernel.
     *
     * @param agent    that reports.
     * @param reportNo of the connection.
     * @param kernel   with its epoch.
     * @return length of the command.
     */
    public int kernelReport(final ScriptedAgent agent, final long reportNo, final HeldKernel kernel)
    {
        return kernelReport(
            agent.agentId(), agent.connection(), reportNo, kernel.kernelId(), kernel.term(), kernel.attempt(),
            new Step(kernel.kind(), kernel.reason(), kernel.exitCode()));
    }

    /**
     * What an agent says of a kernel, from bare numbers.
     *
     * @param agentId    that reports.
     * @param connection of it.
     * @param reportNo   of the connection.
     * @param kernelId   reported.
     * @param term       of its epoch.
     * @param attempt    of its epoch.
     * @param step       that it made.
     * @return length of the command.
     */
    public int kernelReport(
        final int agentId,
        final long connection,
        final long reportNo,
        final long kernelId,
        final long term,
        final int attempt,
        final Step step)
    {
        kernelReport.wrapAndApplyHeader(buffer, 0, header)
            .agentId(agentId)
            .connection(connection)
            .reportNo(reportNo)
            .kernelId(kernelId)
            .term(term)
            .attempt(attempt)
            .kind(step.kind())
            .reason(step.reason())
            .exitCode(step.exitCode())
            .followed(BooleanType.F)
            .cpus("")
            .devices("")
            .detail("");
        return HEADER_LENGTH + kernelReport.encodedLength();
    }

    public int drainAgent(final long correlationId, final int agentId, final boolean drained)
    {
        drainAgent.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(SOURCE)
            .agentId(agentId)
            .drained(drained ? BooleanType.T : BooleanType.F);
        return HEADER_LENGTH + drainAgent.encodedLength();
    }

    public int acceptLoss(final long correlationId, final long term)
    {
        acceptLoss.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(SOURCE)
            .term(term)
            .termNonce(term * 31);
        return HEADER_LENGTH + acceptLoss.encodedLength();
    }

    public int timePassed()
    {
        timePassed.wrapAndApplyHeader(buffer, 0, header);
        return HEADER_LENGTH + timePassed.encodedLength();
    }

    public int continuation()
    {
        continueEncoder.wrapAndApplyHeader(buffer, 0, header);
        return HEADER_LENGTH + continueEncoder.encodedLength();
    }

    private static void entry(final SubmitSessionsEncoder.SessionsEncoder entry, final SessionShape session)
    {
        entry.specIndex(session.specIndex())
            .sessionType(session.type())
            .onLoss(session.onLoss())
            .priority((short)session.priority())
            .kernels(session.kernels())
            .elementCount(session.count())
            .array(session.array() ? BooleanType.T : BooleanType.F)
            .cpuMillis(session.cpuMillis())
            .memoryBytes(session.memoryBytes())
            .walltimeNs(session.walltimeNs())
            .graceNs(session.graceNs())
            .startsAtNs(0)
            .failurePolicy(FailurePolicy.STRICT)
            .preemptible(BooleanType.F);
        final SubmitSessionsEncoder.SessionsEncoder.SlotsEncoder slots = entry.slotsCount(session.slots().size());
        for (final SessionShape.Slot slot : session.slots())
        {
            slots.next().amount(slot.amount()).slotName(slot.name());
        }
        final SubmitSessionsEncoder.SessionsEncoder.DependenciesEncoder dependencies =
            entry.dependenciesCount(session.dependencies().size());
        for (final long dependency : session.dependencies())
        {
            dependencies.next().sessionId(dependency).anyEnd(BooleanType.F);
        }
        entry.constraintsCount(0);
        entry.groupName(session.group()).sessionName("").putParts(NO_PARTS, 0, 0);
    }

    private static long fingerprint(final byte[] spec)
    {
        long hash = 0xcbf29ce484222325L;
        for (final byte value : spec)
        {
            hash = (hash ^ value) * 0x100000001b3L;
        }
        return hash;
    }

    /**
     * A step of a kernel.
     *
     * @param kind     of the step.
     * @param reason   of a failure.
     * @param exitCode 0 to 255.
     */
    public record Step(ReportKind kind, Reason reason, int exitCode)
    {
    }
}
