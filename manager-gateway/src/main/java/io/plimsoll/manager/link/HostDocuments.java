package io.plimsoll.manager.link;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.transport.HostDocument;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.HostPartDecoder;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The documents in which agents describe their hosts, deflated as they came: thousands of agents that come back at once
 * must not cost the thread of the links more than a copy. Whether one makes sense is seen by whoever asks for it. In
 * memory only; agents send theirs with each connection. Written by the thread of the links, read by any.
 */
public final class HostDocuments
{
    /** Of nobody. */
    public static final HostDocuments NONE = new HostDocuments(new Counters(), 0);

    static final FrameShape PART = FrameShape.flat(HostPartDecoder.TEMPLATE_ID, HostPartDecoder.BLOCK_LENGTH, 1);

    private static final long BYTES_MAX = 256L << 20;

    private final Counters counters;
    private final long bytesMax;
    private final Map<Integer, byte[]> documentById = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Long2ObjectHashMap<Parts> partsByLink = new Long2ObjectHashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final HostPartDecoder decoder = new HostPartDecoder();

    /** None yet. */
    public HostDocuments(final Counters counters)
    {
        this(counters, BYTES_MAX);
        counters.gauge("host_document_bytes", "Descriptions of hosts, deflated", bytes::get);
    }

    HostDocuments(final Counters counters, final long bytesMax)
    {
        this.counters = counters;
        this.bytesMax = bytesMax;
    }

    /**
     * A part came in. The thread of the links.
     *
     * @return false if it cannot be one of an honest agent: the link is to be closed.
     */
    boolean onPart(
        final long linkId, final int agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!PART.fits(buffer, offset, length))
        {
            return false;
        }
        decoder.wrapAndApplyHeader(buffer, offset, header);
        final Parts parts = partsByLink.computeIfAbsent(linkId, id -> new Parts());
        final boolean isLast = BooleanType.T == decoder.last();
        final int contentLength = decoder.contentLength();
        if (decoder.part() != parts.next || 0 == contentLength ||
            parts.bytes.size() + contentLength > HostDocument.DEFLATED_MAX)
        {
            return false;
        }
        final byte[] content = new byte[contentLength];
        decoder.getContent(content, 0, contentLength);
        parts.bytes.writeBytes(content);
        parts.next++;
        if (isLast)
        {
            store(agentId, parts.bytes.toByteArray());
            parts.next = 0;
            parts.bytes.reset();
        }
        return true;
    }

    private void store(final int agentId, final byte[] document)
    {
        final byte[] before = documentById.get(agentId);
        final long growth = document.length - (null == before ? 0 : before.length);
        if (bytes.get() + growth > bytesMax)
        {
            counters.increment(Counter.HOST_DOCUMENTS_DROPPED);
            return;
        }
        bytes.addAndGet(growth);
        documentById.put(agentId, document);
    }

    /** A link is gone, and what it had begun. The thread of the links. */
    void onLinkClosed(final long linkId)
    {
        partsByLink.remove(linkId);
    }

    /** What an agent sent last, deflated; null: nothing, as far as is known here. Any thread. */
    public byte[] document(final int agentId)
    {
        return documentById.get(agentId);
    }

    private static final class Parts
    {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
        private int next;
    }
}
