package io.plimsoll.manager.link;

import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;

/** What logs and terminals have in common: a request to an agent that goes on until either side ends it, once. */
abstract class LinkStream
{
    final long requestId;
    private final LinkEndpoint endpoint;
    /** Null if there was none when it was opened. */
    private final AgentLink link;
    private final AtomicBoolean ended = new AtomicBoolean();

    LinkStream(final LinkEndpoint endpoint, final long requestId, final AgentLink link)
    {
        this.endpoint = endpoint;
        this.requestId = requestId;
        this.link = link;
    }

    /** Whether it goes over a link. */
    final boolean isOn(final long linkId)
    {
        return null != link && link.linkId() == linkId;
    }

    final boolean isEnded()
    {
        return ended.get();
    }

    /** Ends it on this side; false if it had ended. */
    final boolean leave()
    {
        final boolean first = ended.compareAndSet(false, true);
        if (first)
        {
            onLeft();
        }
        return first;
    }

    /** Nobody looks for it any more. Once, on the thread that ended it. */
    abstract void onLeft();

    /** A message whose header stands at the start of the frame; false without a link, or if that takes none. */
    final boolean send(final UnsafeBuffer frame, final int bodyLength)
    {
        if (null == link)
        {
            return false;
        }
        final boolean sent = endpoint.trySend(
            link.linkId(), link.agentId(), frame, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
        endpoint.flush();
        return sent;
    }
}
