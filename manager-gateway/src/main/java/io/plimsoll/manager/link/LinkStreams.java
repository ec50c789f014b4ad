package io.plimsoll.manager.link;

import io.plimsoll.transport.sbe.LogDataDecoder;
import org.agrona.DirectBuffer;

/**
 * What agents send on their links of their own, once they are attached.
 *
 * @param logs      takes output of kernels.
 * @param terminals takes output of commands beside them.
 */
public record LinkStreams(LogStreams logs, TerminalStreams terminals)
{
    /** False: the frame is broken, unexpected, or breaks the agreement. The thread of the links. */
    boolean onFrame(final long linkId, final DirectBuffer buffer, final int offset, final int length)
    {
        final int templateId = FrameShape.templateId(buffer, offset, length);
        return LogDataDecoder.TEMPLATE_ID == templateId ?
            logs.onLogData(linkId, buffer, offset, length) :
            terminals.onFrame(templateId, linkId, buffer, offset, length);
    }

    void onLinkClosed(final long linkId)
    {
        logs.onLinkClosed(linkId);
        terminals.onLinkClosed(linkId);
    }

    /** Nothing has come from an agent for long, though nobody has closed its link. */
    void onLinkSilent(final long linkId)
    {
        logs.onLinkSilent(linkId);
        terminals.onLinkSilent(linkId);
    }

    boolean isEmpty()
    {
        return 0 == logs.size() && 0 == terminals.size();
    }
}
