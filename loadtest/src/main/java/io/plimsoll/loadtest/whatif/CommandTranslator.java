package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AgentConnectedDecoder;
import io.plimsoll.core.sbe.AgentConnectedEncoder;
import io.plimsoll.core.sbe.AgentDisconnectedDecoder;
import io.plimsoll.core.sbe.AgentDisconnectedEncoder;
import io.plimsoll.core.sbe.AgentInventoryDecoder;
import io.plimsoll.core.sbe.AgentLostDecoder;
import io.plimsoll.core.sbe.AgentReturnedDecoder;
import io.plimsoll.core.sbe.AgentSuspectDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.CancelSessionsDecoder;
import io.plimsoll.core.sbe.ConfigureAccountDecoder;
import io.plimsoll.core.sbe.ConfigureAccountEncoder;
import io.plimsoll.core.sbe.ConfigureGroupDecoder;
import io.plimsoll.core.sbe.ConfigureGroupEncoder;
import io.plimsoll.core.sbe.ContinueDecoder;
import io.plimsoll.core.sbe.DrainAgentDecoder;
import io.plimsoll.core.sbe.DrainAgentEncoder;
import io.plimsoll.core.sbe.EndSessionDecoder;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.TimePassedDecoder;
import io.plimsoll.core.sbe.UpdateSessionsDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives a core that decides anew the causes of a record, in its own terms: ids of agents, connections and sessions are
 * others once something was decided otherwise. Consequences are left out: {@link Machines} make them. One thread.
 */
final class CommandTranslator
{
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int BUFFER_LENGTH = 1 << 17;
    /** A sequence that no journal holds. */
    private static final long NEVER = Long.MAX_VALUE >> 1;

    private final Change change;
    private final ClusterBooks recorded;
    private final ClusterBooks ours;
    private final Machines machines;
    private final SubmissionTranslator submissions;
    private final CommandFeed feed;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final AgentConnectedDecoder connected = new AgentConnectedDecoder();
    private final AgentConnectedEncoder connectedEncoder = new AgentConnectedEncoder();
    private final AgentDisconnectedDecoder disconnected = new AgentDisconnectedDecoder();
    private final AgentDisconnectedEncoder disconnectedEncoder = new AgentDisconnectedEncoder();
    private final AgentInventoryDecoder inventory = new AgentInventoryDecoder();
    private final DrainAgentDecoder drain = new DrainAgentDecoder();
    private final DrainAgentEncoder drainEncoder = new DrainAgentEncoder();
    private final ConfigureGroupDecoder configureGroup = new ConfigureGroupDecoder();
    private final ConfigureGroupEncoder configureGroupEncoder = new ConfigureGroupEncoder();
    private final ConfigureAccountDecoder configureAccount = new ConfigureAccountDecoder();
    private final ConfigureAccountEncoder configureAccountEncoder = new ConfigureAccountEncoder();
    private final SubmitSessionsDecoder submit = new SubmitSessionsDecoder();
    private final CancelSessionsDecoder cancel = new CancelSessionsDecoder();
    private final UpdateSessionsDecoder update = new UpdateSessionsDecoder();
    private final EndSessionDecoder end = new EndSessionDecoder();

    CommandTranslator(
        final Change change,
        final ClusterBooks recorded,
        final ClusterBooks ours,
        final Machines machines,
        final IdMap ids,
        final CommandFeed feed)
    {
        this.change = change;
        this.recorded = recorded;
        this.ours = ours;
        this.machines = machines;
        this.feed = feed;
        submissions = new SubmissionTranslator(change, ids, feed);
    }

    /** Whether a change says anything about a command itself. */
    boolean isTouched(final RecordFlyweight record)
    {
        final DirectBuffer from = record.buffer();
        final int offset = record.commandOffset();
        header.wrap(from, offset);
        return switch (header.templateId())
        {
            case SubmitSessionsDecoder.TEMPLATE_ID ->
                change.isAboutSubmissions() &&
                    submissions.isTouched(submit.wrapAndApplyHeader(from, offset, header), record);
            case ConfigureGroupDecoder.TEMPLATE_ID ->
            {
                final GroupSettings group = GroupSettings.of(configureGroup.wrapAndApplyHeader(from, offset, header));
                yield !group.isSame(changed(group));
            }
            case ConfigureAccountDecoder.TEMPLATE_ID ->
            {
                final AccountSettings account =
                    AccountSettings.of(configureAccount.wrapAndApplyHeader(from, offset, header));
                yield !account.isSame(changed(account));
            }
            case AgentConnectedDecoder.TEMPLATE_ID -> isOfRemovedAgent(from, offset);
            default -> false;
        };
    }

    private GroupSettings changed(final GroupSettings group)
    {
        final Change.GroupChange wanted = change.group(group.name);
        return null == wanted ? group : group.with(wanted.spec(), wanted.given());
    }

    private AccountSettings changed(final AccountSettings account)
    {
        final AccountChange wanted = change.account(account);
        return null == wanted ? account : account.with(wanted);
    }

    /** One that was there before the fork takes nothing more, but ends what it has; others never come. */
    private boolean isOfRemovedAgent(final DirectBuffer from, final int offset)
    {
        if (change.agentsRemoved().isEmpty())
        {
            return false;
        }
        connected.wrapAndApplyHeader(from, offset, header);
        final long uuidHi = connected.uuidHi();
        final long uuidLo = connected.uuidLo();
        connected.sbeSkip();
        connected.sbeRewind();
        for (final AgentConnectedDecoder.SlotsDecoder slot : connected.slots())
        {
            slot.skipSlotName();
        }
        for (final AgentConnectedDecoder.LabelsDecoder label : connected.labels())
        {
            label.skipKey();
            label.skipValue();
        }
        return change.agentsRemoved().contains(connected.agentName()) && null == ours.agent(uuidHi, uuidLo);
    }

    /** Lets the core decide what a record causes. The books of the record are those before it. */
    void translate(final RecordFlyweight record)
    {
        final DirectBuffer from = record.buffer();
        final int offset = record.commandOffset();
        header.wrap(from, offset);
        switch (header.templateId())
        {
            case KernelReportDecoder.TEMPLATE_ID, TimePassedDecoder.TEMPLATE_ID, ContinueDecoder.TEMPLATE_ID ->
            {
                // Consequences.
            }
            case SubmitSessionsDecoder.TEMPLATE_ID ->
                submissions.translate(submit.wrapAndApplyHeader(from, offset, header), record);
            case CancelSessionsDecoder.TEMPLATE_ID ->
                submissions.translate(cancel.wrapAndApplyHeader(from, offset, header), record);
            case EndSessionDecoder.TEMPLATE_ID ->
                submissions.translate(end.wrapAndApplyHeader(from, offset, header), record);
            case UpdateSessionsDecoder.TEMPLATE_ID ->
                submissions.translate(update.wrapAndApplyHeader(from, offset, header), record);
            case ConfigureGroupDecoder.TEMPLATE_ID ->
            {
                final GroupSettings group =
                    changed(GroupSettings.of(configureGroup.wrapAndApplyHeader(from, offset, header)));
                final long correlationId = configureGroup.correlationId();
                final int source = configureGroup.source();
                feed.feed(
                    buffer, 0, group.encode(buffer, headerEncoder, configureGroupEncoder, correlationId, source));
            }
            case ConfigureAccountDecoder.TEMPLATE_ID ->
            {
                final AccountSettings account =
                    changed(AccountSettings.of(configureAccount.wrapAndApplyHeader(from, offset, header)));
                final long correlationId = configureAccount.correlationId();
                final int source = configureAccount.source();
                feed.feed(
                    buffer, 0, account.encode(buffer, headerEncoder, configureAccountEncoder, correlationId, source));
            }
            default -> onAgentCommand(record);
        }
    }

    private void onAgentCommand(final RecordFlyweight record)
    {
        final DirectBuffer from = record.buffer();
        final int offset = record.commandOffset();
        switch (header.templateId())
        {
            case AgentConnectedDecoder.TEMPLATE_ID -> connect(record);
            case AgentDisconnectedDecoder.TEMPLATE_ID,
                AgentSuspectDecoder.TEMPLATE_ID,
                AgentLostDecoder.TEMPLATE_ID,
                AgentReturnedDecoder.TEMPLATE_ID -> aboutAgent(record);
            case AgentInventoryDecoder.TEMPLATE_ID ->
            {
                inventory.wrapAndApplyHeader(from, offset, header);
                final AgentBook agent = current(inventory.agentId(), inventory.connection());
                if (null != agent && BooleanType.T == inventory.last() && agent.connected && !agent.inventoryComplete)
                {
                    machines.inventory(agent, record.sequence());
                }
            }
            case DrainAgentDecoder.TEMPLATE_ID ->
            {
                drain.wrapAndApplyHeader(from, offset, header);
                final AgentBook agent = ours(drain.agentId());
                if (null != agent && !change.agentsRemoved().contains(agent.name))
                {
                    copy(record);
                    drainEncoder.wrap(buffer, HEADER_LENGTH).agentId(agent.id);
                    feed.feed(buffer, 0, record.commandLength());
                }
            }
            default -> feed.feed(from, offset, record.commandLength());
        }
    }

    private void connect(final RecordFlyweight record)
    {
        if (isOfRemovedAgent(record.buffer(), record.commandOffset()))
        {
            return;
        }
        copy(record);
        connected.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        // What it had seen is told in sequences of the record; only whether that was more than there is matters.
        connectedEncoder.wrap(buffer, HEADER_LENGTH);
        if (RecordedAnswers.isLostTail(record))
        {
            connectedEncoder.seenSequence(NEVER);
        }
        else
        {
            connectedEncoder.clusterIdHi(0).clusterIdLo(0).seenTerm(0).seenTermNonce(0).seenSequence(0);
        }
        feed.feed(buffer, 0, record.commandLength());
    }

    /** Agent and connection are the first fields of all four. */
    private void aboutAgent(final RecordFlyweight record)
    {
        disconnected.wrap(
            record.buffer(), record.commandOffset() + HEADER_LENGTH, header.blockLength(), header.version());
        final AgentBook agent = current(disconnected.agentId(), disconnected.connection());
        if (null != agent)
        {
            copy(record);
            disconnectedEncoder.wrap(buffer, HEADER_LENGTH).agentId(agent.id).connection(agent.connection);
            feed.feed(buffer, 0, record.commandLength());
        }
    }

    private void copy(final RecordFlyweight record)
    {
        buffer.putBytes(0, record.buffer(), record.commandOffset(), record.commandLength());
    }

    /** Our agent, if the command is about the present connection of a recorded one. */
    private AgentBook current(final int recordedId, final long connection)
    {
        final AgentBook agent = recorded.agent(recordedId);
        return null == agent || agent.connection != connection ? null : ours(recordedId);
    }

    private AgentBook ours(final int recordedId)
    {
        final AgentBook agent = recorded.agent(recordedId);
        return null == agent ? null : ours.agent(agent.uuidHi, agent.uuidLo);
    }
}
