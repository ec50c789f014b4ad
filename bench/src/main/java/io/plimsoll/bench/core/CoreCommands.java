package io.plimsoll.bench.core;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.AgentConnectedEncoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.ConfigureAccountEncoder;
import io.plimsoll.core.sbe.ConfigureGroupEncoder;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import io.plimsoll.core.sbe.VictimScope;
import io.plimsoll.loadtest.workload.AgentShape;
import io.plimsoll.loadtest.workload.CommandEncoder;
import io.plimsoll.loadtest.workload.SessionShape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the commands that say more than {@link CommandEncoder} does: policies, owners, labels and constraints. One
 * thread.
 */
final class CoreCommands
{
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    /** All kernels of a session ask for the same. */
    private static final byte[] NO_PARTS = {};
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int DECISIONS_PER_COMMAND_MAX = 1_024;
    private static final int PENDING_MAX = 20_000_000;
    private static final int USUAL_WEIGHT = 1_000;
    private static final byte[] SPEC = "{\"command\":[\"true\"]}".getBytes(StandardCharsets.UTF_8);

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CommandIngress.COMMAND_LENGTH_MAX]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ConfigureGroupEncoder configureGroup = new ConfigureGroupEncoder();
    private final ConfigureAccountEncoder configureAccount = new ConfigureAccountEncoder();
    private final AgentConnectedEncoder agentConnected = new AgentConnectedEncoder();
    private final SubmitSessionsEncoder submitSessions = new SubmitSessionsEncoder();

    /** Holds the command that was written last, from offset 0. */
    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /** Options of the group {@code default}, with the usual deadlines. */
    int configureGroup(final CorePolicy policy)
    {
        configureGroup.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(0)
            .source(CommandEncoder.SOURCE)
            .order(policy.orderPolicy())
            .selection(policy.selectPolicy())
            .attemptsMax(3)
            .decisionsPerCommandMax(DECISIONS_PER_COMMAND_MAX)
            .pendingTimeoutNs(0)
            .scheduledTimeoutNs(10 * SECOND_NS)
            .pullProgressTimeoutNs(300 * SECOND_NS)
            .pullTimeoutNs(7_200 * SECOND_NS)
            .prepareTimeoutNs(60 * SECOND_NS)
            .killTimeoutNs(30 * SECOND_NS)
            .retryBackoffNs(SECOND_NS)
            .pendingMax(PENDING_MAX)
            .backfill(policy.backfillPolicy())
            .preemption(PreemptionMode.OFF)
            .victimScope(VictimScope.GROUP)
            .preemptionMinRuntimeNs(0)
            .ageingNs(0)
            .usageHalfLifeNs(24 * 3_600 * SECOND_NS)
            .quarantineAfter(0)
            .quarantineNs(0)
            .allowedTypes((short)0)
            .kernelsMax(0)
            .acceptUnsatisfiable(BooleanType.F)
            .selectionSeed(1)
            .lostTimeoutNs(0)
            .delayMaxNs(432_000 * SECOND_NS)
            .groupName("default")
            .selectionName(policy.scoreName());
        return HEADER_LENGTH + configureGroup.encodedLength();
    }

    /** A user without limits. */
    int configureUser(final int accountId)
    {
        configureAccount.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(0)
            .source(CommandEncoder.SOURCE)
            .accountId(accountId)
            .parentId(0)
            .level(AccountLevel.USER)
            .weight(USUAL_WEIGHT)
            .sessionsMax(-1)
            .systemSessionsMax(-1)
            .pendingMax(-1)
            .kernelsMax(-1)
            .priorityMax((short)100)
            .allowedTypes((short)0);
        configureAccount.limitsCount(0);
        configureAccount.pendingLimitsCount(0);
        configureAccount.accountName("user-" + accountId);
        return HEADER_LENGTH + configureAccount.encodedLength();
    }

    int agentConnected(final int number, final AgentShape shape, final Map<String, String> labels)
    {
        agentConnected.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(number)
            .source(CommandEncoder.SOURCE)
            .uuidHi(1)
            .uuidLo(number)
            .clusterIdHi(0)
            .clusterIdLo(0)
            .seenTerm(0)
            .seenTermNonce(0)
            .seenSequence(0)
            .kernelsMax(-1);
        final AgentConnectedEncoder.SlotsEncoder slots = agentConnected.slotsCount(shape.slots().size());
        for (final AgentShape.Capacity slot : shape.slots())
        {
            slots.next().kind(slot.kind()).capacity(slot.amount()).slotName(slot.name());
        }
        final AgentConnectedEncoder.LabelsEncoder encoder = agentConnected.labelsCount(labels.size());
        labels.forEach((key, value) -> encoder.next().key(key).value(value));
        agentConnected.agentName("node-" + number).groupName(shape.group()).arch("x86_64");
        return HEADER_LENGTH + agentConnected.encodedLength();
    }

    /** A submission of one owner, 0 for none. */
    int submit(final int ownerId, final List<Job> jobs)
    {
        submitSessions.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(1)
            .source(CommandEncoder.SOURCE)
            .ownerId(ownerId)
            .keyHashHi(0)
            .keyHashLo(0)
            .bodyHashHi(0)
            .bodyHashLo(0);
        submitSessions.specsCount(1).next().hashHi(1).hashLo(1).putSpec(SPEC, 0, SPEC.length);
        final SubmitSessionsEncoder.SessionsEncoder sessions = submitSessions.sessionsCount(jobs.size());
        for (final Job job : jobs)
        {
            entry(sessions.next(), job);
        }
        return HEADER_LENGTH + submitSessions.encodedLength();
    }

    private static void entry(final SubmitSessionsEncoder.SessionsEncoder entry, final Job job)
    {
        final SessionShape shape = job.shape();
        entry.specIndex(0)
            .sessionType(shape.type())
            .onLoss(shape.onLoss())
            .priority((short)shape.priority())
            .kernels(shape.kernels())
            .elementCount(shape.count())
            .array(shape.array() ? BooleanType.T : BooleanType.F)
            .cpuMillis(shape.cpuMillis())
            .memoryBytes(shape.memoryBytes())
            .walltimeNs(shape.walltimeNs())
            .graceNs(shape.graceNs())
            .startsAtNs(0)
            .failurePolicy(FailurePolicy.STRICT)
            .preemptible(BooleanType.F);
        final SubmitSessionsEncoder.SessionsEncoder.SlotsEncoder slots = entry.slotsCount(shape.slots().size());
        for (final SessionShape.Slot slot : shape.slots())
        {
            slots.next().amount(slot.amount()).slotName(slot.name());
        }
        entry.dependenciesCount(0);
        final SubmitSessionsEncoder.SessionsEncoder.ConstraintsEncoder conditions =
            entry.constraintsCount(job.conditions().size());
        for (final Job.Condition condition : job.conditions())
        {
            conditions.next().kind(condition.kind()).key(condition.label()).values(condition.values());
        }
        entry.groupName(shape.group()).sessionName("").putParts(NO_PARTS, 0, 0);
    }
}
