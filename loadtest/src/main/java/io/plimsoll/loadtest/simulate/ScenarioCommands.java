package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.AgentConnectedEncoder;
import io.plimsoll.core.sbe.AgentDisconnectedEncoder;
import io.plimsoll.core.sbe.AgentInventoryEncoder;
import io.plimsoll.core.sbe.AgentLostEncoder;
import io.plimsoll.core.sbe.AgentReturnedEncoder;
import io.plimsoll.core.sbe.AgentSuspectEncoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.CancelSessionsEncoder;
import io.plimsoll.core.sbe.ConfigureAccountEncoder;
import io.plimsoll.core.sbe.ConfigureGroupEncoder;
import io.plimsoll.core.sbe.ConfigureMixEncoder;
import io.plimsoll.core.sbe.ContinueEncoder;
import io.plimsoll.core.sbe.DrainAgentEncoder;
import io.plimsoll.core.sbe.KernelReportEncoder;
import io.plimsoll.core.sbe.ManagerStartedEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import io.plimsoll.core.sbe.TimePassedEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes one command at a time into a buffer of its own. What a scenario says becomes commands here and only here. */
public final class ScenarioCommands
{
    /** Who the commands claim to come from. */
    static final int SOURCE = 8;
    /** The only term of a simulation. */
    static final long TERM = 1;
    private static final long TERM_NONCE = 1;
    private static final long CLUSTER_ID = 1;
    private static final long SECOND_NS = 1_000_000_000L;
    /** Agents of a simulation do what they are told, as slowly as the scenario likes. */
    private static final long NEVER_NS = 1L << 60;
    private static final int DECISIONS_PER_COMMAND_MAX = 1_000_000;
    /** Nothing is launched; readers of a journal want to show something. */
    private static final byte[] SPEC = "{\"command\":[\"simulated\"]}".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CommandIngress.COMMAND_LENGTH_MAX]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ManagerStartedEncoder managerStarted = new ManagerStartedEncoder();
    private final ConfigureGroupEncoder configureGroup = new ConfigureGroupEncoder();
    private final ConfigureAccountEncoder configureAccount = new ConfigureAccountEncoder();
    private final ConfigureMixEncoder configureMix = new ConfigureMixEncoder();
    private final SubmitSessionsEncoder submitSessions = new SubmitSessionsEncoder();
    private final CancelSessionsEncoder cancelSessions = new CancelSessionsEncoder();
    private final AgentConnectedEncoder agentConnected = new AgentConnectedEncoder();
    private final AgentDisconnectedEncoder agentDisconnected = new AgentDisconnectedEncoder();
    private final AgentInventoryEncoder agentInventory = new AgentInventoryEncoder();
    private final AgentSuspectEncoder agentSuspect = new AgentSuspectEncoder();
    private final AgentLostEncoder agentLost = new AgentLostEncoder();
    private final AgentReturnedEncoder agentReturned = new AgentReturnedEncoder();
    private final DrainAgentEncoder drainAgent = new DrainAgentEncoder();
    private final KernelReportEncoder kernelReport = new KernelReportEncoder();
    private final TimePassedEncoder timePassed = new TimePassedEncoder();
    private final ContinueEncoder continuation = new ContinueEncoder();

    /** Holds the command that was written last, from offset 0. */
    public UnsafeBuffer buffer()
    {
        return buffer;
    }

    int managerStarted(final int decisionVersion, final CoreOptions options)
    {
        managerStarted.wrapAndApplyHeader(buffer, 0, header)
            .clusterIdHi(CLUSTER_ID)
            .clusterIdLo(CLUSTER_ID)
            .term(TERM)
            .termNonce(TERM_NONCE)
            .decisionVersion(decisionVersion)
            .forgetAfterNs(options.forgetAfterNs())
            .endedMax(options.endedMax())
            .build("simulate");
        return HEADER_LENGTH + managerStarted.encodedLength();
    }

    int configureGroup(final long correlationId, final GroupSpec group)
    {
        configureGroup.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(SOURCE)
            .order(group.order())
            .selection(group.selection())
            .attemptsMax(group.failures().attemptsMax())
            .decisionsPerCommandMax(DECISIONS_PER_COMMAND_MAX)
            .pendingTimeoutNs(group.limits().pendingTimeoutNs())
            .scheduledTimeoutNs(NEVER_NS)
            .pullProgressTimeoutNs(NEVER_NS)
            .pullTimeoutNs(NEVER_NS)
            .prepareTimeoutNs(NEVER_NS)
            .killTimeoutNs(NEVER_NS)
            .retryBackoffNs(group.failures().retryBackoffNs())
            .pendingMax(group.limits().pendingMax())
            .backfill(group.backfill())
            .preemption(group.preemption().mode())
            .victimScope(group.preemption().scope())
            .preemptionMinRuntimeNs(group.preemption().minRuntimeNs())
            .ageingNs(group.ageingNs())
            .usageHalfLifeNs(group.usageHalfLifeNs())
            .quarantineAfter(group.failures().quarantineAfter())
            .quarantineNs(group.failures().quarantineNs())
            .allowedTypes((short)group.limits().allowedTypes())
            .kernelsMax(group.limits().kernelsMax())
            .acceptUnsatisfiable(flag(group.limits().unsatisfiableWaits()))
            .selectionSeed(group.seed())
            .lostTimeoutNs(0)
            .delayMaxNs(group.delayMaxNs())
            .groupName(group.name())
            .selectionName(group.selectionName());
        return HEADER_LENGTH + configureGroup.encodedLength();
    }

    int configureAccount(final long correlationId, final AccountSpec account)
    {
        final AccountSpec.Limits limits = account.limits();
        configureAccount.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(SOURCE)
            .accountId(account.id())
            .parentId(account.parentId())
            .level(account.level())
            .weight(account.weightMillis())
            .sessionsMax(limits.sessionsMax())
            .systemSessionsMax(limits.systemSessionsMax())
            .pendingMax(limits.pendingMax())
            .kernelsMax(limits.kernelsMax())
            .priorityMax((short)limits.priorityMax())
            .allowedTypes((short)limits.allowedTypes());
        final ConfigureAccountEncoder.LimitsEncoder slots = configureAccount.limitsCount(limits.slots().size());
        for (final Scenario.SlotAmount slot : limits.slots())
        {
            slots.next().amount(slot.amount()).slotName(slot.name());
        }
        final ConfigureAccountEncoder.PendingLimitsEncoder waiting =
            configureAccount.pendingLimitsCount(limits.pendingSlots().size());
        for (final Scenario.SlotAmount slot : limits.pendingSlots())
        {
            waiting.next().amount(slot.amount()).slotName(slot.name());
        }
        configureAccount.accountName(account.name());
        return HEADER_LENGTH + configureAccount.encodedLength();
    }

    int configureMix(final long correlationId, final String group, final List<GroupSpec.TypicalRequest> mix)
    {
        configureMix.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId).source(SOURCE);
        final ConfigureMixEncoder.EntriesEncoder entries = configureMix.entriesCount(mix.size());
        for (final GroupSpec.TypicalRequest request : mix)
        {
            entries.next()
                .cpuMillis(request.cpuMillis())
                .deviceCount(request.deviceCount())
                .deviceShare(request.deviceShare())
                .occurrences(request.occurrences())
                .models(request.models());
        }
        configureMix.groupName(group);
        return HEADER_LENGTH + configureMix.encodedLength();
    }

    /**
     * A submission of one session.
     *
     * @param correlationId of the reply.
     * @param session       to submit.
     * @param startsAtNs    epoch nanoseconds before which it is not placed; 0: at once.
     * @param dependencies  ids of what it waits for, in the order in which the session names them.
     * @return length of the command.
     */
    public int submit(
        final long correlationId, final SessionSpec session, final long startsAtNs, final long[] dependencies)
    {
        submitSessions.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(SOURCE)
            .ownerId(session.ownerId())
            .keyHashHi(0)
            .keyHashLo(0)
            .bodyHashHi(0)
            .bodyHashLo(0);
        submitSessions.specsCount(1).next().hashHi(1).hashLo(1).putSpec(SPEC, 0, SPEC.length);
        final SessionSpec.Request request = session.request();
        final SubmitSessionsEncoder.SessionsEncoder entry = submitSessions.sessionsCount(1).next()
            .specIndex(0)
            .sessionType(session.type())
            .onLoss(session.rules().onLoss())
            .priority((short)session.priority())
            .kernels(request.kernels())
            .elementCount(1)
            .array(BooleanType.F)
            .cpuMillis(request.cpuMillis())
            .memoryBytes(request.memoryBytes())
            .walltimeNs(session.rules().limitNs())
            .graceNs(10 * SECOND_NS)
            .startsAtNs(startsAtNs)
            .failurePolicy(session.rules().failurePolicy())
            .preemptible(flag(session.rules().preemptible()));
        final SubmitSessionsEncoder.SessionsEncoder.SlotsEncoder slots = entry.slotsCount(request.slots().size());
        for (final Scenario.SlotAmount slot : request.slots())
        {
            slots.next().amount(slot.amount()).slotName(slot.name());
        }
        final SubmitSessionsEncoder.SessionsEncoder.DependenciesEncoder waits =
            entry.dependenciesCount(dependencies.length);
        for (int i = 0; i < dependencies.length; i++)
        {
            waits.next().sessionId(dependencies[i]).anyEnd(flag(session.after().get(i).anyEnd()));
        }
        final SubmitSessionsEncoder.SessionsEncoder.ConstraintsEncoder conditions =
            entry.constraintsCount(session.constraints().size());
        for (final SessionSpec.Constraint constraint : session.constraints())
        {
            conditions.next().kind(constraint.kind()).key(constraint.key()).values(constraint.values());
        }
        entry.groupName(session.group()).sessionName(session.name());
        final byte[] parts = SessionPart.encode(request.parts());
        entry.putParts(parts, 0, parts.length);
        return HEADER_LENGTH + submitSessions.encodedLength();
    }

    int cancel(final long sessionId)
    {
        cancelSessions.wrapAndApplyHeader(buffer, 0, header).correlationId(0).source(SOURCE).ownerId(0);
        cancelSessions.rangesCount(1).next().firstId(sessionId).lastId(sessionId);
        return HEADER_LENGTH + cancelSessions.encodedLength();
    }

    int agentConnected(final long correlationId, final VirtualAgent agent)
    {
        final AgentSpec spec = agent.spec();
        agentConnected.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(SOURCE)
            .uuidHi(1)
            .uuidLo(agent.number())
            .clusterIdHi(0)
            .clusterIdLo(0)
            .seenTerm(0)
            .seenTermNonce(0)
            .seenSequence(0);
        spec.describe(agentConnected);
        return HEADER_LENGTH + agentConnected.encodedLength();
    }

    int agentDisconnected(final VirtualAgent agent)
    {
        agentDisconnected.wrapAndApplyHeader(buffer, 0, header)
            .agentId(agent.agentId())
            .connection(agent.connection());
        return HEADER_LENGTH + agentDisconnected.encodedLength();
    }

    int agentSuspect(final VirtualAgent agent)
    {
        agentSuspect.wrapAndApplyHeader(buffer, 0, header).agentId(agent.agentId()).connection(agent.connection());
        return HEADER_LENGTH + agentSuspect.encodedLength();
    }

    int agentLost(final VirtualAgent agent)
    {
        agentLost.wrapAndApplyHeader(buffer, 0, header).agentId(agent.agentId()).connection(agent.connection());
        return HEADER_LENGTH + agentLost.encodedLength();
    }

    int agentReturned(final VirtualAgent agent)
    {
        agentReturned.wrapAndApplyHeader(buffer, 0, header).agentId(agent.agentId()).connection(agent.connection());
        return HEADER_LENGTH + agentReturned.encodedLength();
    }

    int drainAgent(final VirtualAgent agent, final boolean drained)
    {
        drainAgent.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(0)
            .source(SOURCE)
            .agentId(agent.agentId())
            .drained(flag(drained));
        return HEADER_LENGTH + drainAgent.encodedLength();
    }

    /** The whole inventory of an agent that holds nothing. */
    int emptyInventory(final VirtualAgent agent)
    {
        agentInventory.wrapAndApplyHeader(buffer, 0, header)
            .agentId(agent.agentId())
            .connection(agent.connection())
            .part(0)
            .last(BooleanType.T)
            .highestAssignment(agent.highestAssignment());
        agentInventory.kernelsCount(0);
        return HEADER_LENGTH + agentInventory.encodedLength();
    }

    int kernelReport(
        final VirtualKernel kernel,
        final ReportKind kind,
        final Reason reason,
        final int exitCode,
        final boolean followed)
    {
        final VirtualAgent agent = kernel.agent();
        kernelReport.wrapAndApplyHeader(buffer, 0, header)
            .agentId(agent.agentId())
            .connection(agent.connection())
            .reportNo(agent.nextReport())
            .kernelId(kernel.kernelId())
            .term(TERM)
            .attempt(kernel.attempt())
            .kind(kind)
            .reason(reason)
            .exitCode(exitCode)
            .followed(flag(followed))
            .cpus("")
            .devices("")
            .detail("");
        return HEADER_LENGTH + kernelReport.encodedLength();
    }

    int timePassed()
    {
        timePassed.wrapAndApplyHeader(buffer, 0, header);
        return HEADER_LENGTH + timePassed.encodedLength();
    }

    int continuation()
    {
        continuation.wrapAndApplyHeader(buffer, 0, header);
        return HEADER_LENGTH + continuation.encodedLength();
    }

    private static BooleanType flag(final boolean value)
    {
        return value ? BooleanType.T : BooleanType.F;
    }
}
