package io.plimsoll.core;

import io.plimsoll.core.sbe.AcceptLossDecoder;
import io.plimsoll.core.sbe.AgentConnectedDecoder;
import io.plimsoll.core.sbe.CancelSessionsDecoder;
import io.plimsoll.core.sbe.ConfigureGroupDecoder;
import io.plimsoll.core.sbe.DrainAgentDecoder;
import io.plimsoll.core.sbe.EndSessionDecoder;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.UpdateSessionsDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What tells whether two commands are the same input. Commands that are answered have source and correlation id. A
 * report is repeated by its agent on a later connection under another number, so what it says of which kernel names it.
 * Of other commands only one with the same bytes is the same.
 */
final class PoisonName
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmitSessionsDecoder submit = new SubmitSessionsDecoder();
    private final CancelSessionsDecoder cancel = new CancelSessionsDecoder();
    private final UpdateSessionsDecoder update = new UpdateSessionsDecoder();
    private final EndSessionDecoder end = new EndSessionDecoder();
    private final DrainAgentDecoder drain = new DrainAgentDecoder();
    private final ConfigureGroupDecoder configure = new ConfigureGroupDecoder();
    private final AcceptLossDecoder acceptLoss = new AcceptLossDecoder();
    private final AgentConnectedDecoder connected = new AgentConnectedDecoder();
    private final KernelReportDecoder report = new KernelReportDecoder();
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private int source;
    private long number;
    private boolean answered;
    private int answerSource;
    private long correlationId;

    int source()
    {
        return source;
    }

    long number()
    {
        return number;
    }

    boolean isAnswered()
    {
        return answered;
    }

    /** Where to the refusal goes, which for a connecting agent is not what names the command. */
    int answerSource()
    {
        return answerSource;
    }

    long correlationId()
    {
        return correlationId;
    }

    void read(final PoisonedDecoder poisoned)
    {
        final int poisonedSource = poisoned.source();
        final long poisonedNumber = poisoned.correlationId();
        poisoned.skipException();
        poisoned.wrapCommand(bytes);
        if (bytes.capacity() >= MessageHeaderDecoder.ENCODED_LENGTH)
        {
            read(bytes, 0, bytes.capacity());
        }
        else
        {
            name(poisonedSource, poisonedNumber);
        }
    }

    void read(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        answered = true;
        switch (header.templateId())
        {
            case SubmitSessionsDecoder.TEMPLATE_ID ->
            {
                submit.wrapAndApplyHeader(buffer, offset, header);
                name(submit.source(), submit.correlationId());
            }
            case CancelSessionsDecoder.TEMPLATE_ID ->
            {
                cancel.wrapAndApplyHeader(buffer, offset, header);
                name(cancel.source(), cancel.correlationId());
            }
            case UpdateSessionsDecoder.TEMPLATE_ID ->
            {
                update.wrapAndApplyHeader(buffer, offset, header);
                name(update.source(), update.correlationId());
            }
            case EndSessionDecoder.TEMPLATE_ID ->
            {
                end.wrapAndApplyHeader(buffer, offset, header);
                name(end.source(), end.correlationId());
            }
            case DrainAgentDecoder.TEMPLATE_ID ->
            {
                drain.wrapAndApplyHeader(buffer, offset, header);
                name(drain.source(), drain.correlationId());
            }
            case ConfigureGroupDecoder.TEMPLATE_ID ->
            {
                configure.wrapAndApplyHeader(buffer, offset, header);
                name(configure.source(), configure.correlationId());
            }
            case AcceptLossDecoder.TEMPLATE_ID ->
            {
                acceptLoss.wrapAndApplyHeader(buffer, offset, header);
                name(acceptLoss.source(), acceptLoss.correlationId());
            }
            case KernelReportDecoder.TEMPLATE_ID -> readReport(buffer, offset);
            case AgentConnectedDecoder.TEMPLATE_ID -> readConnected(buffer, offset);
            default ->
            {
                answered = false;
                name(length, Hashing.bytes(buffer, offset, length));
            }
        }
    }

    private void readReport(final DirectBuffer buffer, final int offset)
    {
        answered = false;
        report.wrapAndApplyHeader(buffer, offset, header);
        final long epoch = Hashing.chain(Hashing.chain(report.kernelId(), report.term()), report.attempt());
        name(report.agentId(), Hashing.chain(epoch, report.kindRaw()));
    }

    private void readConnected(final DirectBuffer buffer, final int offset)
    {
        connected.wrapAndApplyHeader(buffer, offset, header);
        name(connected.source(), connected.correlationId());
        number = Hashing.chain(connected.uuidHi(), connected.uuidLo());
    }

    private void name(final int commandSource, final long commandNumber)
    {
        source = commandSource;
        number = commandNumber;
        answerSource = commandSource;
        correlationId = commandNumber;
    }
}
