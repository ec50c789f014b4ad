package io.plimsoll.core;

import io.plimsoll.core.sbe.AcceptLossDecoder;
import io.plimsoll.core.sbe.AgentConnectedDecoder;
import io.plimsoll.core.sbe.AgentDisconnectedDecoder;
import io.plimsoll.core.sbe.AgentInventoryDecoder;
import io.plimsoll.core.sbe.AgentLostDecoder;
import io.plimsoll.core.sbe.AgentReturnedDecoder;
import io.plimsoll.core.sbe.AgentSuspectDecoder;
import io.plimsoll.core.sbe.CancelSessionsDecoder;
import io.plimsoll.core.sbe.ConfigureAccountDecoder;
import io.plimsoll.core.sbe.ConfigureGroupDecoder;
import io.plimsoll.core.sbe.ConfigureMixDecoder;
import io.plimsoll.core.sbe.ContinueDecoder;
import io.plimsoll.core.sbe.DrainAgentDecoder;
import io.plimsoll.core.sbe.EndSessionDecoder;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.TimeHeldDecoder;
import io.plimsoll.core.sbe.TimePassedDecoder;
import io.plimsoll.core.sbe.UpdateSessionsDecoder;
import org.agrona.DirectBuffer;

/** Hands each command to the class that decides it. */
final class CommandDecider
{
    /**
     * Most bytes of events that a command itself can cause, without what follows from it. The longest are a part of an
     * inventory whose kernels have all ended (128 bytes for each 58 of the command) and a bulk submission in which each
     * session has a spec of its own (160 for 90).
     */
    static final int EVENTS_LENGTH_MAX = 160 * 1024;

    private final CoreState state;
    private final SubmitDecider submit;
    private final CancelDecider cancel;
    private final UpdateDecider update;
    private final AgentDecider agent;
    private final KernelDecider kernel;
    private final ClusterDecider cluster;
    private final AccountDecider accounts;
    private final ClusterEmitter answers;
    private final WorkBudget budget;
    private final CommandBytes bytes;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AgentDisconnectedDecoder disconnected = new AgentDisconnectedDecoder();
    private final AgentSuspectDecoder suspect = new AgentSuspectDecoder();
    private final AgentLostDecoder lost = new AgentLostDecoder();
    private final AgentReturnedDecoder returned = new AgentReturnedDecoder();
    private final PoisonedDecoder poisoned = new PoisonedDecoder();
    private final PoisonName poisonName = new PoisonName();
    private boolean leavesPlacing;

    CommandDecider(
        final CoreState state,
        final CommandBytes bytes,
        final CancelDecider cancel,
        final KernelDecider kernel,
        final Emitter emitter,
        final ClusterEmitter answers,
        final WorkBudget budget)
    {
        this.state = state;
        this.bytes = bytes;
        submit = new SubmitDecider(state, emitter, answers, bytes);
        this.cancel = cancel;
        update = new UpdateDecider(state, answers);
        agent = new AgentDecider(state, answers);
        this.kernel = kernel;
        cluster = new ClusterDecider(state, answers);
        accounts = new AccountDecider(state, answers);
        this.answers = answers;
        this.budget = budget;
    }

    /** Decides the command at an offset, of which the bytes are. */
    void onCommand(final DirectBuffer buffer, final int offset, final int length)
    {
        leavesPlacing = false;
        if (state.poisoned.count() > 0 && isPoisoned(buffer, offset, length))
        {
            return;
        }
        switch (bytes.templateId())
        {
            case KernelReportDecoder.TEMPLATE_ID ->
            {
                kernel.onReport(bytes);
                leavesPlacing = KernelDecider.isFollowed(bytes);
            }
            case SubmitSessionsDecoder.TEMPLATE_ID -> leavesPlacing = !submit.onSubmit(buffer, offset);
            default -> onOtherCommand(buffer, offset);
        }
    }

    /** Whether what may be placed is left to the next command after this one, which was decided last. */
    boolean leavesPlacing()
    {
        return leavesPlacing;
    }

    private void onOtherCommand(final DirectBuffer buffer, final int offset)
    {
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case CancelSessionsDecoder.TEMPLATE_ID ->
            {
                cancel.command().wrapAndApplyHeader(buffer, offset, header);
                cancel.onCancel(budget);
            }
            case EndSessionDecoder.TEMPLATE_ID ->
            {
                cancel.endCommand().wrapAndApplyHeader(buffer, offset, header);
                cancel.onEnd();
            }
            case UpdateSessionsDecoder.TEMPLATE_ID ->
            {
                update.command().wrapAndApplyHeader(buffer, offset, header);
                update.onUpdate(budget);
            }
            case TimePassedDecoder.TEMPLATE_ID, ContinueDecoder.TEMPLATE_ID ->
            {
                // What there is to do follows from state.
            }
            case PoisonedDecoder.TEMPLATE_ID -> remember(buffer, offset, header);
            default -> onAgentCommand(buffer, offset);
        }
    }

    private void onAgentCommand(final DirectBuffer buffer, final int offset)
    {
        switch (header.templateId())
        {
            case AgentConnectedDecoder.TEMPLATE_ID ->
            {
                agent.connected.wrapAndApplyHeader(buffer, offset, header);
                agent.onConnected();
            }
            case AgentDisconnectedDecoder.TEMPLATE_ID ->
            {
                disconnected.wrapAndApplyHeader(buffer, offset, header);
                agent.onDisconnected(disconnected.agentId(), disconnected.connection());
            }
            case AgentInventoryDecoder.TEMPLATE_ID ->
            {
                kernel.inventory.wrapAndApplyHeader(buffer, offset, header);
                kernel.onInventory();
            }
            case AgentSuspectDecoder.TEMPLATE_ID ->
            {
                suspect.wrapAndApplyHeader(buffer, offset, header);
                agent.onLiveness(suspect.agentId(), suspect.connection(), Liveness.SUSPECT);
            }
            case AgentLostDecoder.TEMPLATE_ID ->
            {
                lost.wrapAndApplyHeader(buffer, offset, header);
                agent.onLiveness(lost.agentId(), lost.connection(), Liveness.LOST);
            }
            case AgentReturnedDecoder.TEMPLATE_ID ->
            {
                returned.wrapAndApplyHeader(buffer, offset, header);
                agent.onLiveness(returned.agentId(), returned.connection(), Liveness.ALIVE);
            }
            default -> onOperatorCommand(buffer, offset);
        }
    }

    private void onOperatorCommand(final DirectBuffer buffer, final int offset)
    {
        switch (header.templateId())
        {
            case DrainAgentDecoder.TEMPLATE_ID ->
            {
                agent.drain.wrapAndApplyHeader(buffer, offset, header);
                agent.onDrain();
            }
            case ManagerStartedDecoder.TEMPLATE_ID ->
            {
                cluster.managerStarted.wrapAndApplyHeader(buffer, offset, header);
                cluster.onManagerStarted();
            }
            case TimeHeldDecoder.TEMPLATE_ID ->
            {
                cluster.timeHeld.wrapAndApplyHeader(buffer, offset, header);
                cluster.onTimeHeld();
            }
            case ConfigureGroupDecoder.TEMPLATE_ID ->
            {
                cluster.configureGroup.wrapAndApplyHeader(buffer, offset, header);
                cluster.onConfigureGroup();
            }
            case ConfigureAccountDecoder.TEMPLATE_ID ->
            {
                accounts.configureAccount.wrapAndApplyHeader(buffer, offset, header);
                accounts.onConfigureAccount();
            }
            case ConfigureMixDecoder.TEMPLATE_ID ->
            {
                accounts.configureMix.wrapAndApplyHeader(buffer, offset, header);
                accounts.onConfigureMix();
            }
            case AcceptLossDecoder.TEMPLATE_ID ->
            {
                cluster.acceptLoss.wrapAndApplyHeader(buffer, offset, header);
                cluster.onAcceptLoss();
            }
            default -> throw new IllegalArgumentException("unknown command templateId=" + header.templateId());
        }
    }

    /** The same input as one on which the core threw is refused, not decided again. */
    private boolean isPoisoned(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        poisonName.read(buffer, offset, length);
        if (!state.poisoned.contains(header.templateId(), poisonName.source(), poisonName.number()))
        {
            return false;
        }
        if (poisonName.isAnswered())
        {
            answers.rejected(poisonName.correlationId(), poisonName.answerSource(), RejectCode.POISONED, 0);
        }
        return true;
    }

    /** Keeps the name of a poisoned command. */
    void remember(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder messageHeader)
    {
        poisoned.wrapAndApplyHeader(buffer, offset, messageHeader);
        poisonName.read(poisoned);
        state.poisoned.add(
            poisoned.templateId(), poisonName.source(), poisonName.number(), state.options.poisonedMax());
    }
}
