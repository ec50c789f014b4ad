package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.Explanation;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KillRequestedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import io.plimsoll.loadtest.simulate.VirtualKernel.DeviceShare;
import io.plimsoll.manager.http.ExplanationText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * A core with the machines it believes in. It tells the core what happens and keeps what the core decides; what follows
 * from a decision is up to a {@link Listener}, which must not feed the core itself but note what to do next.
 */
public final class VirtualCluster
{
    /** Start time of what may start at once. */
    public static final long AT_ONCE = -1;

    private final ScenarioCommands commands = new ScenarioCommands();
    private final CoreOptions options;
    private final VirtualCore core;
    private final List<VirtualAgent> agents = new ArrayList<>();
    private final Map<Integer, VirtualAgent> agentById = new HashMap<>();
    private final Map<Long, VirtualKernel> kernels = new HashMap<>();
    private final List<Slot> slots = new ArrayList<>();
    private final Listener listener;
    private final EventPrinter events;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmissionAcceptedDecoder accepted = new SubmissionAcceptedDecoder();
    private final CommandRejectedDecoder rejected = new CommandRejectedDecoder();
    private final SessionAdvancedDecoder session = new SessionAdvancedDecoder();
    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private final KillRequestedDecoder kill = new KillRequestedDecoder();
    private final AgentAttachedDecoder attached = new AgentAttachedDecoder();
    private final SlotDefinedDecoder slotDefined = new SlotDefinedDecoder();
    private VirtualAgent attaching;
    private long correlationId;
    private long acceptedId;
    private String rejectionCode;
    private String rejection;

    /**
     * An empty cluster.
     *
     * @param listener to what the core decides.
     * @param events   sees every event; null: nobody does.
     */
    public VirtualCluster(final Listener listener, final EventPrinter events)
    {
        this(listener, events, record ->
        {
            // Nobody keeps it.
        });
    }

    /**
     * An empty cluster whose records somebody keeps.
     *
     * @param listener to what the core decides.
     * @param events   sees every event; null: nobody does.
     * @param records  takes every command with its events.
     */
    public VirtualCluster(
        final Listener listener, final EventPrinter events, final Consumer<RecordFlyweight> records)
    {
        this(listener, events, records, VirtualCore.OPTIONS);
    }

    /**
     * An empty cluster that forgets sessions once so many others have ended after them, as a manager does.
     *
     * @param listener to what the core decides.
     * @param ended    sessions that it remembers.
     */
    public VirtualCluster(final Listener listener, final int ended)
    {
        this(
            listener,
            null,
            record ->
            {
                // Nobody keeps it.
            },
            VirtualCore.remembering(ended));
    }

    private VirtualCluster(
        final Listener listener,
        final EventPrinter events,
        final Consumer<RecordFlyweight> records,
        final CoreOptions options)
    {
        this.options = options;
        core = new VirtualCore(commands, this::onEvent, records, options);
        this.listener = listener;
        this.events = events;
        slots.add(new Slot("cpu", SlotKind.COUNT));
        slots.add(new Slot("mem", SlotKind.COUNT));
    }

    /** Hash of the state of the core: equal histories, equal hashes. */
    public long stateHash()
    {
        return core.stateHash();
    }

    /** What the tables of the core take. */
    public long memoryBytes()
    {
        return core.memoryBytes();
    }

    VirtualCore core()
    {
        return core;
    }

    /** When the core wants to be woken; Long.MAX_VALUE: never. */
    public long nextDeadlineNs()
    {
        return core.nextDeadlineNs();
    }

    /** Wakes the core at a time that it asked for. */
    public void wake(final long atNs)
    {
        core.wake(atNs);
    }

    /* Setting up. */

    /** The first command of all. */
    public void start(final long atNs)
    {
        core.feed(commands.managerStarted(SchedulerCore.DECISION_VERSION, options), atNs);
    }

    /** Makes a group. */
    public void configure(final GroupSpec group, final long atNs)
    {
        mustDo(commands.configureGroup(nextCorrelation(), group), atNs, group.line(), "groups", group.name());
    }

    /** Makes an account. */
    public void configure(final AccountSpec account, final long atNs)
    {
        mustDo(commands.configureAccount(nextCorrelation(), account), atNs, account.line(), "owners", account.name());
    }

    /** Tells what a group is used to get, if that is known. */
    public void configureMix(final GroupSpec group, final long atNs)
    {
        if (!group.mix().isEmpty())
        {
            mustDo(
                commands.configureMix(nextCorrelation(), group.name(), group.mix()),
                atNs,
                group.line(),
                "mix",
                group.name());
        }
    }

    /** Makes an agent known that will join later. */
    public VirtualAgent add(final AgentSpec spec)
    {
        final VirtualAgent agent = new VirtualAgent(spec, agents.size() + 1);
        agents.add(agent);
        return agent;
    }

    /** An agent connects, and has nothing. */
    public void join(final VirtualAgent agent, final long atNs)
    {
        join(agent, false, atNs);
    }

    /** The same, maybe of one that is drained before anything could be placed there. */
    void join(final VirtualAgent agent, final boolean drained, final long atNs)
    {
        attaching = agent;
        final AgentSpec spec = agent.spec();
        mustDo(commands.agentConnected(nextCorrelation(), agent), atNs, spec.line(), "agents", spec.name());
        if (drained)
        {
            drain(agent, true, atNs);
        }
        core.feed(commands.emptyInventory(agent), atNs);
    }

    private void mustDo(
        final int length, final long atNs, final int line, final String field, final String name)
    {
        rejection = null;
        core.feed(length, atNs);
        if (null != rejection)
        {
            final String problem = name + " was refused: " + rejection;
            throw 0 == line ? new ScenarioException(problem) : new ScenarioException(line, field, problem);
        }
    }

    private long nextCorrelation()
    {
        return ++correlationId;
    }

    /* What happens. */

    /**
     * Submits a session.
     *
     * @return its id, or 0 if it was refused; {@link #rejectionCode} then says why.
     */
    public long submit(final SessionSpec spec, final long startsAtNs, final long[] dependencies, final long atNs)
    {
        final long id = submitAhead(spec, startsAtNs, dependencies, atNs);
        core.settle(atNs);
        return id;
    }

    /** The same for one that starts later: nobody is placed because of it before the next command. */
    long submitAhead(final SessionSpec spec, final long startsAtNs, final long[] dependencies, final long atNs)
    {
        acceptedId = 0;
        rejection = null;
        final long epochNs = AT_ONCE == startsAtNs ? 0 : VirtualCore.START_NS + startsAtNs;
        core.one(commands.submit(nextCorrelation(), spec, epochNs, dependencies), atNs);
        return acceptedId;
    }

    /** Why the last submission was refused, as the API would say it. */
    public String rejectionCode()
    {
        return rejectionCode;
    }

    /** The same with all that the core had to say about it. */
    public String rejection()
    {
        return rejection;
    }

    /** A user wants a session to end. */
    public void cancel(final long sessionId, final long atNs)
    {
        core.feed(commands.cancel(sessionId), atNs);
    }

    /** A kernel has begun to run. */
    public void running(final VirtualKernel kernel, final long atNs)
    {
        kernel.started(atNs);
        core.feed(commands.kernelReport(kernel, ReportKind.RUNNING, Reason.NONE, 0, false), atNs);
    }

    /** A kernel has ended; nothing of it is left on its agent. */
    public void exited(final VirtualKernel kernel, final Reason reason, final int exitCode, final long atNs)
    {
        exited(kernel, reason, exitCode, atNs, false);
    }

    /** The same, maybe as one of several that end at this instant; {@link #ended} follows the last. */
    void exited(
        final VirtualKernel kernel,
        final Reason reason,
        final int exitCode,
        final long atNs,
        final boolean followed)
    {
        end(kernel);
        report(commands.kernelReport(kernel, ReportKind.EXITED, reason, exitCode, followed), atNs, followed);
    }

    private void report(final int length, final long atNs, final boolean followed)
    {
        core.one(length, atNs);
        if (!followed)
        {
            core.settle(atNs);
        }
    }

    /** All that end at this instant have ended: what has become possible is placed. */
    void ended(final long atNs)
    {
        core.settle(atNs);
    }

    /** A kernel did not come to run. */
    public void failed(final VirtualKernel kernel, final Reason reason, final long atNs)
    {
        failed(kernel, reason, atNs, false);
    }

    /** The same, maybe as one of several that end at this instant; {@link #ended} follows the last. */
    void failed(final VirtualKernel kernel, final Reason reason, final long atNs, final boolean followed)
    {
        end(kernel);
        report(commands.kernelReport(kernel, ReportKind.FAILED, reason, 0, followed), atNs, followed);
    }

    private void end(final VirtualKernel kernel)
    {
        kernel.gone();
        kernel.agent().kernels().remove(kernel.kernelId(), kernel);
        kernels.remove(kernel.kernelId(), kernel);
    }

    /** A machine dies, and is noticed at once. */
    public void crash(final VirtualAgent agent, final long atNs)
    {
        agent.kernels().values().forEach(kernel -> kernels.remove(kernel.kernelId(), kernel));
        agent.crash();
        core.feed(commands.agentDisconnected(agent), atNs);
        core.feed(commands.agentLost(agent), atNs);
    }

    /** Nothing new is placed there while it is suspect, and nothing else changes. */
    public void suspect(final VirtualAgent agent, final long atNs)
    {
        core.feed(commands.agentSuspect(agent), atNs);
    }

    /** Ends {@link #suspect}: what has become possible is placed by this one command. */
    public void returned(final VirtualAgent agent, final long atNs)
    {
        core.feed(commands.agentReturned(agent), atNs);
    }

    void drain(final VirtualAgent agent, final boolean drained, final long atNs)
    {
        core.feed(commands.drainAgent(agent, drained), atNs);
    }

    /** What a session waits for first, of the causes of docs/REPORT.md; of resources also which most machines lack. */
    public String waitsFor(final long sessionId)
    {
        final Explanation said = core.examine(sessionId);
        final List<String> causes = ExplanationText.waitsFor(said);
        final String first = causes.isEmpty() ? "turn" : causes.get(0);
        if (!"resources".equals(first))
        {
            return first;
        }
        final int[] lacking = said.agents().lacking();
        int most = 0;
        for (int slot = 1; slot < lacking.length; slot++)
        {
            most = lacking[slot] > lacking[most] ? slot : most;
        }
        return 0 == lacking.length || 0 == lacking[most] ? first : first + ": " + plain(slots.get(most).name());
    }

    /** All that a session waits for, in a line; empty unless it waits. */
    String allWaitsFor(final long sessionId)
    {
        return WaitText.of(core.examine(sessionId), slot -> slots.get(slot).name());
    }

    /** Whole ones and shares are the same to who looks at a queue. */
    private static String plain(final String slot)
    {
        return slot.startsWith("cuda.") ? "gpu" : slot;
    }

    /* What the core decides. */

    private void onEvent(final DirectBuffer buffer, final int offset, final int length)
    {
        if (null != events)
        {
            events.onEvent(core.nowNs(), core.sequence(), buffer, offset);
        }
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case SessionAdvancedDecoder.TEMPLATE_ID ->
            {
                session.wrapAndApplyHeader(buffer, offset, header);
                listener.onSession(
                    session.sessionId(), session.state(), session.result(), session.reason(), session.attempt());
            }
            case KernelAssignedDecoder.TEMPLATE_ID ->
            {
                assigned.wrapAndApplyHeader(buffer, offset, header);
                onAssigned();
            }
            case SubmissionAcceptedDecoder.TEMPLATE_ID ->
            {
                accepted.wrapAndApplyHeader(buffer, offset, header);
                acceptedId = accepted.firstId();
            }
            case CommandRejectedDecoder.TEMPLATE_ID ->
            {
                rejected.wrapAndApplyHeader(buffer, offset, header);
                onRejected();
            }
            default -> onClusterEvent(buffer, offset);
        }
    }

    private void onClusterEvent(final DirectBuffer buffer, final int offset)
    {
        switch (header.templateId())
        {
            case KillRequestedDecoder.TEMPLATE_ID ->
            {
                kill.wrapAndApplyHeader(buffer, offset, header);
                final VirtualKernel kernel = kernels.get(kill.kernelId());
                if (null != kernel && kernel.attempt() == kill.attempt())
                {
                    listener.onKill(kernel, kill.reason());
                }
            }
            case AgentAttachedDecoder.TEMPLATE_ID ->
            {
                attached.wrapAndApplyHeader(buffer, offset, header);
                attaching.onAttached(attached.agentId(), attached.connection());
                agentById.put(attached.agentId(), attaching);
            }
            case SlotDefinedDecoder.TEMPLATE_ID ->
            {
                slotDefined.wrapAndApplyHeader(buffer, offset, header);
                final int slotId = slotDefined.slotId();
                while (slots.size() <= slotId)
                {
                    slots.add(null);
                }
                final SlotKind kind = slotDefined.kind();
                slots.set(slotId, new Slot(slotDefined.slotName(), kind));
            }
            default ->
            {
                // The other events tell nothing that a machine would act on.
            }
        }
    }

    private void onAssigned()
    {
        final VirtualAgent agent = agentById.get(assigned.agentId());
        final long kernelId = assigned.kernelId();
        final int attempt = assigned.attempt();
        final long assignmentNo = assigned.assignmentNo();
        final long cpuMillis = assigned.cpuMillis();
        final long memoryBytes = assigned.memoryBytes();
        final List<DeviceShare> devices = new ArrayList<>();
        for (final KernelAssignedDecoder.SlotsDecoder used : assigned.slots())
        {
            devices(slots.get(used.slotId()), used.amount(), used.devices(), devices);
        }
        final VirtualKernel kernel =
            new VirtualKernel(kernelId, attempt, agent, cpuMillis, memoryBytes, List.copyOf(devices));
        kernels.put(kernelId, kernel);
        agent.onAssigned(kernel, assignmentNo);
        listener.onAssigned(kernel);
    }

    /** Whole devices, or equal shares of as few as can hold them. */
    private static void devices(
        final Slot slot, final long amount, final long mask, final List<DeviceShare> devices)
    {
        if (SlotKind.DEVICE != slot.kind() && SlotKind.SHARE != slot.kind())
        {
            return;
        }
        final int count = Long.bitCount(mask);
        final long share = SlotKind.DEVICE == slot.kind() ? 1000 : (amount + count - 1) / Math.max(1, count);
        final String kind = slot.name().substring(0, slot.name().lastIndexOf('.'));
        for (long left = mask; 0 != left; left &= left - 1)
        {
            devices.add(new DeviceShare(kind, Long.numberOfTrailingZeros(left), share));
        }
    }

    private void onRejected()
    {
        rejectionCode = kebab(rejected.code());
        final long requested = rejected.requested();
        final long limit = rejected.limitValue();
        final String field = rejected.field();
        final String detail = rejected.detail();
        if (detail.isEmpty())
        {
            rejection = rejectionCode + (field.isEmpty() ? "" : " (" + field + ")") +
                (0 == requested && 0 == limit ? "" : ": " + requested + ", limit " + limit);
        }
        else
        {
            rejection = rejectionCode + ": " + detail.replace("\n", "; ");
        }
    }

    /** The name of an enum value as the API writes it. */
    static String kebab(final Enum<?> value)
    {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Told what the core decides, in order. */
    public interface Listener
    {
        /** A session changed its state. */
        void onSession(long sessionId, LifeState state, Result result, Reason reason, int attempt);

        /** A kernel was placed; it is to be started. */
        void onAssigned(VirtualKernel kernel);

        /** A kernel that was placed is to be ended. */
        void onKill(VirtualKernel kernel, Reason reason);
    }

    private record Slot(String name, SlotKind kind)
    {
    }
}
