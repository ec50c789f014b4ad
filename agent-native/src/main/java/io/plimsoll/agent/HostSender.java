package io.plimsoll.agent;

import io.plimsoll.transport.HostDocument;
import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.HostPartEncoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import org.agrona.ExpandableArrayBuffer;

/** Sends the document that describes the host, once a connection, a part at a time. Of the agent's thread. */
final class HostSender
{
    /** First version of the messages at which a manager takes it. */
    private static final int VERSION_MIN = 4;
    private static final byte[] NOTHING = new byte[0];

    private final LinkConnector links;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(512);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final HostPartEncoder encoder = new HostPartEncoder();
    private byte[] document = NOTHING;
    private long linkId;
    private long agentId;
    private int sent;
    private int part;

    HostSender(final LinkConnector links)
    {
        this.links = links;
    }

    /** A new connection, to a manager of that version. */
    void connected(final long newLinkId, final long newAgentId, final int version, final byte[] deflated)
    {
        linkId = newLinkId;
        agentId = newAgentId;
        document = version < VERSION_MIN ? NOTHING : deflated;
        sent = 0;
        part = 0;
    }

    /** Nothing is left to send. */
    void disconnected()
    {
        document = NOTHING;
        sent = 0;
    }

    int doWork()
    {
        if (sent == document.length)
        {
            return 0;
        }
        final int length = Math.min(HostDocument.PART_MAX, document.length - sent);
        encoder.wrapAndApplyHeader(buffer, 0, header)
            .part(part)
            .last(sent + length == document.length ? BooleanType.T : BooleanType.F)
            .putContent(document, sent, length);
        if (!links.trySend(
            linkId, agentId, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength()))
        {
            return 0;
        }
        sent += length;
        part++;
        return 1;
    }
}
