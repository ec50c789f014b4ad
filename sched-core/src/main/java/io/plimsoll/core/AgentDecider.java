package io.plimsoll.core;

import io.plimsoll.core.sbe.AgentAttachedEncoder;
import io.plimsoll.core.sbe.AgentConnectedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.DrainAgentDecoder;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SlotKind;
import org.agrona.concurrent.UnsafeBuffer;

/** Decides what becomes of agents that come, go and fall silent. A command of an older connection changes nothing. */
final class AgentDecider
{
    private static final int NAME_LENGTH_MAX = 255;
    private static final int LABELS_MAX = 64;

    private final CoreState state;
    private final ClusterEmitter emitter;
    private final AgentTable agents;
    private final Rejection rejection = new Rejection();
    final AgentConnectedDecoder connected = new AgentConnectedDecoder();
    final DrainAgentDecoder drain = new DrainAgentDecoder();
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final byte[] sharesName = new byte[NAME_LENGTH_MAX];
    private final UnsafeBuffer shares = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer arch = new UnsafeBuffer(0, 0);
    private final long[] capacity = new long[SlotTable.SLOTS_MAX];
    private int newSlots;

    AgentDecider(final CoreState state, final ClusterEmitter emitter)
    {
        this.state = state;
        this.emitter = emitter;
        agents = state.agents;
    }

    void onConnected()
    {
        rejection.reset(connected.correlationId(), connected.source());
        final int known = agents.find(connected.uuidHi(), connected.uuidLo());
        final int agent = Table.NONE == known ? agents.highWater() : known;
        final long agentsMax = state.options.agentsMax();
        if (agent > agentsMax)
        {
            emitter.rejected(rejection.because(RejectCode.TOO_MANY_AGENTS, agent, agentsMax), "agents");
            return;
        }
        if (checkSlots() && checkName(agent))
        {
            connected.wrapGroupName(text);
            final int group = state.groups.find(text, 0, text.capacity());
            if (Table.NONE == group)
            {
                emitter.rejected(
                    rejection.because(RejectCode.UNKNOWN_GROUP, 0, 0), text, 0, text.capacity());
                return;
            }
            connected.wrapArch(arch);
            attach(agent, group);
        }
    }

    private boolean checkSlots()
    {
        newSlots = 0;
        int named = 0;
        for (final AgentConnectedDecoder.SlotsDecoder offered : connected.slots())
        {
            final SlotKind kind = offered.kind();
            final long amount = offered.capacity();
            offered.wrapSlotName(text);
            final int slot = state.slots.find(text, 0, text.capacity());
            final boolean device = SlotKind.DEVICE == kind;
            final long most = device ? SlotTable.DEVICES_MAX : EntryLimits.AMOUNT_MAX;
            final boolean kindFits = (device || SlotKind.COUNT == kind) &&
                (Table.NONE == slot ? isOffered(kind, SlotTable.kindOf(text)) : device == state.slots.isDevice(slot)) &&
                (Table.NONE == slot || !state.slots.isShare(slot));
            if (amount < 0 || amount > most || !kindFits || 0 == text.capacity() || text.capacity() > NAME_LENGTH_MAX)
            {
                emitter.rejected(
                    rejection.because(RejectCode.OUT_OF_RANGE, amount, kindFits ? most : 0),
                    text, 0, Math.min(text.capacity(), NAME_LENGTH_MAX));
                return false;
            }
            newSlots += (Table.NONE == slot ? 1 : 0) + (lacksShares(slot, kind) ? 1 : 0);
            named++;
        }
        if (!checkLabels())
        {
            return false;
        }
        if (state.slots.count() + newSlots > SlotTable.SLOTS_MAX || named > SlotTable.SLOTS_MAX)
        {
            rejection.because(RejectCode.OUT_OF_RANGE, Math.max(named, state.slots.count() + newSlots),
                SlotTable.SLOTS_MAX);
            emitter.rejected(rejection, "slots");
            return false;
        }
        return true;
    }

    /** A name may say what a slot is; shares come with their devices, so no agent offers them. */
    private static boolean isOffered(final SlotKind kind, final SlotKind byName)
    {
        return SlotKind.COUNT == byName || kind == byName;
    }

    /** Whether a slot of devices, or one that is to be, still needs that of their shares. */
    private boolean lacksShares(final int slot, final SlotKind kind)
    {
        return SlotKind.DEVICE == kind && SlotKind.DEVICE == SlotTable.kindOf(text) &&
            (Table.NONE == slot || Table.NONE == state.slots.partner(slot));
    }

    private boolean checkLabels()
    {
        int count = 0;
        for (final AgentConnectedDecoder.LabelsDecoder label : connected.labels())
        {
            label.wrapKey(text);
            label.wrapValue(arch);
            final int longest = Math.max(text.capacity(), arch.capacity());
            if (++count > LABELS_MAX || 0 == text.capacity() || longest > NAME_LENGTH_MAX)
            {
                final boolean tooMany = count > LABELS_MAX;
                rejection.because(
                    RejectCode.OUT_OF_RANGE, tooMany ? count : longest, tooMany ? LABELS_MAX : NAME_LENGTH_MAX);
                emitter.rejected(rejection, "labels");
                return false;
            }
        }
        return true;
    }

    private boolean checkName(final int agent)
    {
        connected.wrapAgentName(text);
        if (0 == text.capacity() || text.capacity() > NAME_LENGTH_MAX)
        {
            rejection.because(RejectCode.OUT_OF_RANGE, text.capacity(), NAME_LENGTH_MAX);
            emitter.rejected(rejection, "agentName");
            return false;
        }
        final int nameId = state.names.find(text, 0, text.capacity());
        final int other = Table.NONE == nameId ? Table.NONE : agents.otherWithName(nameId, agent);
        if (Table.NONE != other)
        {
            rejection.subject = other;
            emitter.rejected(rejection.because(RejectCode.NAME_IN_USE, 0, 0), text, 0, text.capacity());
            return false;
        }
        return true;
    }

    private void attach(final int agent, final int group)
    {
        connected.sbeRewind();
        defineSlots();
        final boolean ours = state.isOurCluster(connected.clusterIdHi(), connected.clusterIdLo());
        final boolean sawMore = ours && connected.seenTerm() >= state.acceptedTerm && !holdsSeen();
        final long connection = agents.isKnown(agent) ? agents.get(agents.connection, agent) + 1 : 1;
        emitter.agentAttached(connected, agent, connection, group, sawMore, capacity);
        emitLabels();
        connected.wrapAgentName(text);
        connected.skipGroupName();
        connected.wrapArch(arch);
        emitter.agentAttachedTexts(text, arch);
        if (sawMore && !state.lostTail)
        {
            emitter.lostTail(agent, connected.seenTerm(), connected.seenTermNonce());
        }
    }

    private void emitLabels()
    {
        final AgentConnectedDecoder.LabelsDecoder labels = connected.labels();
        final AgentAttachedEncoder.LabelsEncoder attached = emitter.agentAttachedLabels(labels.count());
        while (labels.hasNext())
        {
            labels.next().wrapKey(text);
            labels.wrapValue(arch);
            attached.next().putKey(text, 0, text.capacity()).putValue(arch, 0, arch.capacity());
        }
    }

    private boolean holdsSeen()
    {
        return 0 == connected.seenTerm() && 0 == connected.seenSequence() ||
            state.terms.holds(
                connected.seenTerm(), connected.seenTermNonce(), connected.seenSequence(), state.sequence);
    }

    private void defineSlots()
    {
        for (int slot = 0; slot < capacity.length; slot++)
        {
            capacity[slot] = 0;
        }
        for (final AgentConnectedDecoder.SlotsDecoder offered : connected.slots())
        {
            final SlotKind kind = offered.kind();
            final long amount = offered.capacity();
            offered.wrapSlotName(text);
            int slot = state.slots.find(text, 0, text.capacity());
            if (Table.NONE == slot)
            {
                slot = state.slots.count();
                emitter.slotDefined(slot, kind, text);
            }
            if (lacksShares(slot, kind))
            {
                shares.wrap(sharesName, 0, text.capacity());
                SlotTable.partnerName(text, shares);
                emitter.slotDefined(state.slots.count(), SlotKind.SHARE, shares);
            }
            capacity[slot] = amount;
        }
    }

    /** Whether a command is about the present connection of an agent that we know. */
    boolean isCurrent(final int agent, final long connection)
    {
        return agents.isKnown(agent) && connection == agents.get(agents.connection, agent);
    }

    void onDisconnected(final int agent, final long connection)
    {
        if (isCurrent(agent, connection) && 0 != agents.get(agents.connected, agent))
        {
            emitter.agentConnected(agent, false);
        }
    }

    void onLiveness(final int agent, final long connection, final Liveness liveness)
    {
        if (isCurrent(agent, connection) && liveness.value() != agents.get(agents.liveness, agent) &&
            !(Liveness.SUSPECT == liveness && Liveness.LOST.value() == agents.get(agents.liveness, agent)))
        {
            emitter.agentLiveness(agent, liveness);
        }
    }

    void onDrain()
    {
        final int agent = drain.agentId();
        if (agents.isKnown(agent))
        {
            emitter.agentDrained(agent, BooleanType.T == drain.drained(), drain.correlationId());
        }
        else
        {
            emitter.rejected(drain.correlationId(), drain.source(), RejectCode.UNKNOWN_AGENT, agent);
        }
    }
}
