package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.sbe.AgentConnectedEncoder;
import io.plimsoll.core.sbe.AgentInventoryEncoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.DrainAgentEncoder;
import io.plimsoll.core.sbe.KernelReportEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.whatif.KernelPlan.Planned;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Commands that agents of a made-up cluster give cause for. */
final class AgentCommands
{
    /** Who the commands claim to come from. */
    static final int SOURCE = 9;
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int BUFFER_LENGTH = 1 << 17;
    /** Above any that agents have used on their present connections. */
    private static final long FIRST_REPORT = 1L << 40;
    private static final long ADDED_UUID = 0x77686174_2d696600L;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final KernelReportEncoder report = new KernelReportEncoder();
    private final AgentInventoryEncoder inventory = new AgentInventoryEncoder();
    private final AgentConnectedEncoder connected = new AgentConnectedEncoder();
    private final DrainAgentEncoder drain = new DrainAgentEncoder();
    private final SchedulerCore core;
    private final CommandFeed feed;
    private long reportNo = FIRST_REPORT;

    AgentCommands(final SchedulerCore core, final CommandFeed feed)
    {
        this.core = core;
        this.feed = feed;
    }

    void report(final KernelBook kernel, final Planned step)
    {
        // Like the simulator: what ends at one instant ends before anybody looks at the queue.
        final boolean followed = ReportKind.EXITED == step.kind() || Reason.NEVER_STARTED == step.reason();
        feed(
            report(kernel.agent, kernel.kernelId, kernel.term, kernel.attempt, followed)
                .kind(step.kind())
                .reason(step.reason())
                .exitCode(step.exitCode()),
            followed);
    }

    /** The agent has never heard of a kernel that it is to end. */
    void unknown(final AgentBook agent, final long kernelId, final long term, final int attempt)
    {
        feed(
            report(agent, kernelId, term, attempt, true)
                .kind(ReportKind.FAILED)
                .reason(Reason.NEVER_STARTED)
                .exitCode(0),
            true);
    }

    private KernelReportEncoder report(
        final AgentBook agent, final long kernelId, final long term, final int attempt, final boolean followed)
    {
        return report.wrapAndApplyHeader(buffer, 0, header)
            .agentId(agent.id)
            .connection(agent.connection)
            .reportNo(reportNo++)
            .kernelId(kernelId)
            .term(term)
            .attempt(attempt)
            .followed(followed ? BooleanType.T : BooleanType.F);
    }

    private void feed(final KernelReportEncoder written, final boolean followed)
    {
        final int length = HEADER_LENGTH + written.cpus("").devices("").detail("").encodedLength();
        if (followed)
        {
            feed.feedFollowed(buffer, 0, length);
        }
        else
        {
            feed.feed(buffer, 0, length);
        }
    }

    /** The next part of an inventory. */
    void inventory(final AgentBook agent, final List<LiveKernel> kernels, final boolean last)
    {
        inventory.wrapAndApplyHeader(buffer, 0, header)
            .agentId(agent.id)
            .connection(agent.connection)
            .part(agent.inventoryParts)
            .last(last ? BooleanType.T : BooleanType.F)
            .highestAssignment(agent.highestAssignment);
        final AgentInventoryEncoder.KernelsEncoder held = inventory.kernelsCount(kernels.size());
        for (final LiveKernel kernel : kernels)
        {
            held.next()
                .kernelId(kernel.book.kernelId)
                .term(kernel.book.term)
                .termNonce(core.termNonce())
                .attempt(kernel.book.attempt)
                .sequence(0)
                .clusterIdHi(core.clusterIdHi())
                .clusterIdLo(core.clusterIdLo())
                .kind(kernel.kind)
                .reason(kernel.reason)
                .exitCode(kernel.exitCode);
        }
        feed.feed(buffer, 0, HEADER_LENGTH + inventory.encodedLength());
    }

    /** A machine connects that there was not. */
    void connect(final AgentSpec spec, final int number, final long correlationId)
    {
        connected.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(SOURCE)
            .uuidHi(ADDED_UUID)
            .uuidLo(number)
            .clusterIdHi(0)
            .clusterIdLo(0)
            .seenTerm(0)
            .seenTermNonce(0)
            .seenSequence(0);
        spec.describe(connected);
        feed.feed(buffer, 0, HEADER_LENGTH + connected.encodedLength());
    }

    /** Whether an agent is one that {@link #connect} made. */
    static boolean isAdded(final AgentBook agent)
    {
        return ADDED_UUID == agent.uuidHi;
    }

    /** Nothing new is placed on a machine. */
    void drain(final AgentBook agent)
    {
        drain.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(0)
            .source(SOURCE)
            .agentId(agent.id)
            .drained(BooleanType.T);
        feed.feed(buffer, 0, HEADER_LENGTH + drain.encodedLength());
    }
}
