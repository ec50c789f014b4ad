package io.plimsoll.core.testkit;

import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.SessionPart;
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
import io.plimsoll.core.sbe.ConfigureAccountEncoder;
import io.plimsoll.core.sbe.ConfigureGroupEncoder;
import io.plimsoll.core.sbe.ContinueEncoder;
import io.plimsoll.core.sbe.DrainAgentEncoder;
import io.plimsoll.core.sbe.EndSessionEncoder;
import io.plimsoll.core.sbe.KernelReportEncoder;
import io.plimsoll.core.sbe.ManagerStartedEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.PoisonedEncoder;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import io.plimsoll.core.sbe.TimeHeldEncoder;
import io.plimsoll.core.sbe.TimePassedEncoder;
import io.plimsoll.core.sbe.UpdateSessionsEncoder;
import io.plimsoll.core.sbe.VictimScope;
import java.util.List;
import java.util.Map;
import org.agrona.ExpandableArrayBuffer;

/** Writes commands of the core for tests, each into the same buffer; {@link #length()} is that of the last one. */
public final class Commands
{
    public static final long CLUSTER_HI = 0x1111;
    public static final long CLUSTER_LO = 0x2222;
    /** Whose the sessions are unless it is said. */
    public static final int OWNER = 5;
    public static final long SECOND_NS = 1_000_000_000L;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private int length;

    public ExpandableArrayBuffer buffer()
    {
        return buffer;
    }

    public int length()
    {
        return length;
    }

    public byte[] bytes()
    {
        final byte[] copy = new byte[length];
        buffer.getBytes(0, copy);
        return copy;
    }

    public Commands managerStarted(final long term, final long nonce)
    {
        final ManagerStartedEncoder encoder = new ManagerStartedEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.clusterIdHi(CLUSTER_HI).clusterIdLo(CLUSTER_LO).term(term).termNonce(nonce)
            .decisionVersion(SchedulerCore.DECISION_VERSION);
        encoder.forgetAfterNs(0).endedMax(0).build("test");
        return end(encoder.limit());
    }

    public Commands configureGroup(final GroupSettings settings)
    {
        final ConfigureGroupEncoder encoder = new ConfigureGroupEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.correlationId(1)
            .source(1)
            .order(settings.order)
            .selection(settings.selection)
            .attemptsMax(settings.attemptsMax)
            .decisionsPerCommandMax(settings.decisionsPerCommandMax)
            .pendingTimeoutNs(settings.pendingTimeoutNs)
            .scheduledTimeoutNs(10 * SECOND_NS)
            .pullProgressTimeoutNs(300 * SECOND_NS)
            .pullTimeoutNs(7200 * SECOND_NS)
            .prepareTimeoutNs(60 * SECOND_NS)
            .killTimeoutNs(30 * SECOND_NS)
            .retryBackoffNs(settings.retryBackoffNs)
            .pendingMax(settings.pendingMax)
            .backfill(settings.backfill)
            .preemption(settings.preemption)
            .victimScope(settings.victimScope)
            .preemptionMinRuntimeNs(settings.preemptionMinRuntimeNs)
            .ageingNs(settings.ageingNs)
            .usageHalfLifeNs(settings.usageHalfLifeNs)
            .quarantineAfter(settings.quarantineAfter)
            .quarantineNs(settings.quarantineNs)
            .allowedTypes(settings.allowedTypes)
            .kernelsMax(settings.kernelsMax)
            .acceptUnsatisfiable(bool(settings.acceptUnsatisfiable))
            .selectionSeed(settings.selectionSeed)
            .lostTimeoutNs(0)
            .delayMaxNs(settings.delayMaxNs);
        encoder.groupName(settings.name).selectionName(settings.selectionName);
        return end(encoder.limit());
    }

    public Commands configureAccount(final AccountSettings settings)
    {
        final ConfigureAccountEncoder encoder = new ConfigureAccountEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.correlationId(19)
            .source(1)
            .accountId(settings.id)
            .parentId(settings.parent)
            .level(settings.level)
            .weight(settings.weight)
            .sessionsMax(settings.sessionsMax)
            .systemSessionsMax(settings.systemSessionsMax)
            .pendingMax(settings.pendingMax)
            .kernelsMax(settings.kernelsMax)
            .priorityMax((short)settings.priorityMax)
            .allowedTypes((short)settings.allowedTypes)
            .projectId(settings.project);
        final ConfigureAccountEncoder.LimitsEncoder limits = encoder.limitsCount(settings.limits.size());
        for (final Map.Entry<String, Long> limit : settings.limits.entrySet())
        {
            limits.next().amount(limit.getValue()).slotName(limit.getKey());
        }
        final ConfigureAccountEncoder.PendingLimitsEncoder pending =
            encoder.pendingLimitsCount(settings.pendingLimits.size());
        for (final Map.Entry<String, Long> limit : settings.pendingLimits.entrySet())
        {
            pending.next().amount(limit.getValue()).slotName(limit.getKey());
        }
        encoder.accountName(settings.name);
        return end(encoder.limit());
    }

    public Commands agentConnected(final AgentHello hello)
    {
        final AgentConnectedEncoder encoder = new AgentConnectedEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.correlationId(hello.correlationId)
            .source(1)
            .uuidHi(0xA0)
            .uuidLo(hello.uuid)
            .clusterIdHi(hello.clusterIdHi)
            .clusterIdLo(hello.clusterIdLo)
            .seenTerm(hello.seenTerm)
            .seenTermNonce(hello.seenTermNonce)
            .seenSequence(hello.seenSequence)
            .kernelsMax(hello.kernelsMax);
        final AgentConnectedEncoder.SlotsEncoder slots = encoder.slotsCount(hello.slots.size());
        for (final Map.Entry<String, Long> slot : hello.slots.entrySet())
        {
            final SlotKind kind = slot.getKey().endsWith(".device") ? SlotKind.DEVICE : SlotKind.COUNT;
            slots.next().kind(kind).capacity(slot.getValue()).slotName(slot.getKey());
        }
        final AgentConnectedEncoder.LabelsEncoder labels = encoder.labelsCount(hello.labels.size());
        for (final Map.Entry<String, String> label : hello.labels.entrySet())
        {
            labels.next().key(label.getKey()).value(label.getValue());
        }
        encoder.agentName(hello.name).groupName(hello.group).arch(hello.arch);
        return end(encoder.limit());
    }

    public Commands agentDisconnected(final int agent, final long connection)
    {
        final AgentDisconnectedEncoder encoder =
            new AgentDisconnectedEncoder().wrapAndApplyHeader(buffer, 0, header).agentId(agent).connection(connection);
        return end(encoder.limit());
    }

    public Commands agentSuspect(final int agent, final long connection)
    {
        final AgentSuspectEncoder encoder =
            new AgentSuspectEncoder().wrapAndApplyHeader(buffer, 0, header).agentId(agent).connection(connection);
        return end(encoder.limit());
    }

    public Commands agentLost(final int agent, final long connection)
    {
        final AgentLostEncoder encoder =
            new AgentLostEncoder().wrapAndApplyHeader(buffer, 0, header).agentId(agent).connection(connection);
        return end(encoder.limit());
    }

    public Commands agentReturned(final int agent, final long connection)
    {
        final AgentReturnedEncoder encoder =
            new AgentReturnedEncoder().wrapAndApplyHeader(buffer, 0, header).agentId(agent).connection(connection);
        return end(encoder.limit());
    }

    public Commands drain(final int agent, final boolean drained)
    {
        final DrainAgentEncoder encoder = new DrainAgentEncoder().wrapAndApplyHeader(buffer, 0, header)
            .correlationId(7)
            .source(1)
            .agentId(agent)
            .drained(bool(drained));
        return end(encoder.limit());
    }

    public Commands inventory(
        final int agent,
        final long connection,
        final int part,
        final boolean last,
        final long highestAssignment,
        final List<HeldKernel> kernels)
    {
        final AgentInventoryEncoder encoder = new AgentInventoryEncoder().wrapAndApplyHeader(buffer, 0, header)
            .agentId(agent)
            .connection(connection)
            .part(part)
            .last(bool(last))
            .highestAssignment(highestAssignment);
        final AgentInventoryEncoder.KernelsEncoder group = encoder.kernelsCount(kernels.size());
        for (final HeldKernel kernel : kernels)
        {
            group.next()
                .kernelId(kernel.kernelId())
                .term(kernel.term())
                .termNonce(kernel.termNonce())
                .attempt(kernel.attempt())
                .sequence(kernel.sequence())
                .clusterIdHi(kernel.clusterIdHi())
                .clusterIdLo(kernel.clusterIdLo())
                .kind(kernel.kind())
                .reason(kernel.reason())
                .exitCode(kernel.exitCode());
        }
        return end(encoder.limit());
    }

    public Commands report(
        final int agent, final long connection, final Epoch epoch, final ReportKind kind, final int exitCode)
    {
        return report(agent, connection, epoch, kind, Reason.NONE, exitCode);
    }

    public Commands report(
        final int agent,
        final long connection,
        final Epoch epoch,
        final ReportKind kind,
        final Reason reason,
        final int exitCode)
    {
        final KernelReportEncoder encoder = new KernelReportEncoder().wrapAndApplyHeader(buffer, 0, header)
            .agentId(agent)
            .connection(connection)
            .reportNo(1)
            .kernelId(epoch.kernelId())
            .term(epoch.term())
            .attempt(epoch.attempt())
            .kind(kind)
            .reason(reason)
            .exitCode(exitCode)
            .followed(BooleanType.F);
        encoder.cpus("").devices("").detail("");
        return end(encoder.limit());
    }

    /** The report that was written last says that more follows. */
    public Commands followed()
    {
        new KernelReportEncoder().wrap(buffer, MessageHeaderEncoder.ENCODED_LENGTH).followed(BooleanType.T);
        return this;
    }

    public Commands submit(final SubmitSpec... sessions)
    {
        return submit(0, 0, sessions);
    }

    public Commands submitAs(final int owner, final SubmitSpec... sessions)
    {
        return submit(owner, 0, 0, sessions);
    }

    public Commands submit(final long key, final long body, final SubmitSpec... sessions)
    {
        return submit(OWNER, key, body, sessions);
    }

    private Commands submit(final int owner, final long key, final long body, final SubmitSpec... sessions)
    {
        final SubmitSessionsEncoder encoder = new SubmitSessionsEncoder().wrapAndApplyHeader(buffer, 0, header)
            .correlationId(11)
            .source(1)
            .ownerId(owner)
            .keyHashHi(0)
            .keyHashLo(key)
            .bodyHashHi(0)
            .bodyHashLo(body);
        final SubmitSessionsEncoder.SpecsEncoder specs = encoder.specsCount(sessions.length);
        for (final SubmitSpec session : sessions)
        {
            specs.next().hashHi(9).hashLo(session.spec).putSpec(new byte[]{1, 2}, 0, 2);
        }
        final SubmitSessionsEncoder.SessionsEncoder group = encoder.sessionsCount(sessions.length);
        for (int i = 0; i < sessions.length; i++)
        {
            write(group.next(), i, sessions[i]);
        }
        return end(encoder.limit());
    }

    private static void write(
        final SubmitSessionsEncoder.SessionsEncoder encoder, final int index, final SubmitSpec session)
    {
        encoder.specIndex(index)
            .sessionType(session.type)
            .onLoss(session.onLoss)
            .priority((short)session.priority)
            .kernels(session.kernels)
            .elementCount(session.count)
            .array(bool(session.array))
            .cpuMillis(session.cpuMillis)
            .memoryBytes(session.memoryBytes)
            .walltimeNs(session.walltimeNs)
            .graceNs(session.graceNs)
            .startsAtNs(session.startsAtNs)
            .failurePolicy(session.failurePolicy)
            .preemptible(bool(session.preemptible));
        final SubmitSessionsEncoder.SessionsEncoder.SlotsEncoder slots = encoder.slotsCount(session.slots.size());
        for (final Map.Entry<String, Long> slot : session.slots.entrySet())
        {
            slots.next().amount(slot.getValue()).slotName(slot.getKey());
        }
        final SubmitSessionsEncoder.SessionsEncoder.DependenciesEncoder dependencies =
            encoder.dependenciesCount(session.dependencies.length);
        for (final long dependency : session.dependencies)
        {
            dependencies.next().sessionId(dependency).anyEnd(bool(session.anyEnd));
        }
        final SubmitSessionsEncoder.SessionsEncoder.ConstraintsEncoder constraints =
            encoder.constraintsCount(session.constraints.size());
        for (final SubmitSpec.Constraint constraint : session.constraints)
        {
            constraints.next().kind(constraint.kind()).key(constraint.key()).values(constraint.values());
        }
        encoder.groupName(session.group).sessionName("s");
        final byte[] parts = SessionPart.encode(session.parts);
        encoder.putParts(parts, 0, parts.length);
    }

    public Commands cancel(final long... ranges)
    {
        final CancelSessionsEncoder encoder = new CancelSessionsEncoder().wrapAndApplyHeader(buffer, 0, header)
            .correlationId(13)
            .source(1)
            .ownerId(5);
        final CancelSessionsEncoder.RangesEncoder group = encoder.rangesCount(ranges.length / 2);
        for (int i = 0; i < ranges.length; i += 2)
        {
            group.next().firstId(ranges[i]).lastId(ranges[i + 1]);
        }
        return end(encoder.limit());
    }

    /** Ends a session that is not used. */
    public Commands end(final long sessionId, final int attempt, final Reason reason)
    {
        return end(new EndSessionEncoder().wrapAndApplyHeader(buffer, 0, header)
            .correlationId(13)
            .source(1)
            .sessionId(sessionId)
            .attempt(attempt)
            .reason(reason)
            .limit());
    }

    /** Changes priority and walltime where they are not negative, and the name where it is not null. */
    public Commands update(
        final long firstId, final long lastId, final int priority, final long walltimeNs, final String name)
    {
        final int changes = (priority < 0 ? 0 : 1) | (walltimeNs < 0 ? 0 : 2) | (null == name ? 0 : 4);
        final UpdateSessionsEncoder encoder = new UpdateSessionsEncoder().wrapAndApplyHeader(buffer, 0, header)
            .correlationId(13)
            .source(1)
            .ownerId(5)
            .firstId(firstId)
            .lastId(lastId)
            .changes((short)changes)
            .priority((short)Math.max(priority, 0))
            .walltimeNs(Math.max(walltimeNs, 0))
            .sessionName(null == name ? "" : name);
        return end(encoder.limit());
    }

    public Commands timePassed()
    {
        return end(new TimePassedEncoder().wrapAndApplyHeader(buffer, 0, header).limit());
    }

    public Commands timeHeld(final long heldNs)
    {
        return end(new TimeHeldEncoder().wrapAndApplyHeader(buffer, 0, header).heldNs(heldNs).limit());
    }

    public Commands goOn()
    {
        return end(new ContinueEncoder().wrapAndApplyHeader(buffer, 0, header).limit());
    }

    public Commands acceptLoss(final long term, final long nonce)
    {
        final AcceptLossEncoder encoder = new AcceptLossEncoder().wrapAndApplyHeader(buffer, 0, header)
            .correlationId(17)
            .source(1)
            .term(term)
            .termNonce(nonce);
        return end(encoder.limit());
    }

    /** Turns a command into the record of one on which the core threw. */
    public Commands poisoned(final byte[] command)
    {
        final PoisonedEncoder encoder = new PoisonedEncoder().wrapAndApplyHeader(buffer, 0, header)
            .templateId((command[2] & 0xFF) | (command[3] & 0xFF) << 8)
            .source(0)
            .correlationId(0);
        encoder.exception("planted").putCommand(command, 0, command.length);
        return end(encoder.limit());
    }

    private Commands end(final int limit)
    {
        length = limit;
        return this;
    }

    private static BooleanType bool(final boolean value)
    {
        return value ? BooleanType.T : BooleanType.F;
    }

    /** Options of a resource group, with the defaults of the design. */
    public static final class GroupSettings
    {
        public String name = "default";
        public OrderPolicy order = OrderPolicy.FIFO;
        public Backfill backfill = Backfill.GREEDY;
        public long delayMaxNs;
        public long ageingNs;
        public long usageHalfLifeNs;
        public short allowedTypes;
        public int kernelsMax;
        public SelectPolicy selection = SelectPolicy.CONCENTRATED;
        public String selectionName = "";
        public long selectionSeed;
        public boolean acceptUnsatisfiable;
        public int attemptsMax = 3;
        public int decisionsPerCommandMax = 1000;
        public long pendingTimeoutNs;
        public long retryBackoffNs = SECOND_NS;
        public int pendingMax = 10_000_000;
        public int quarantineAfter;
        public long quarantineNs;
        public PreemptionMode preemption = PreemptionMode.OFF;
        public VictimScope victimScope = VictimScope.GROUP;
        public long preemptionMinRuntimeNs;
    }

    /** Identity of one attempt at a kernel. */
    public record Epoch(long kernelId, long term, int attempt)
    {
        public long sessionId()
        {
            return kernelId >> 10;
        }
    }
}
