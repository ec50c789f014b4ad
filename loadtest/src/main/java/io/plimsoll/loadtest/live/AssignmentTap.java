package io.plimsoll.loadtest.live;

import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.link.LinkListener;
import io.plimsoll.transport.sbe.AssignDecoder;
import io.plimsoll.transport.sbe.KillDecoder;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

/** The agents' end of the links, which tells of each assignment as it comes in. The agents' thread. */
public final class AssignmentTap implements LinkConnector, LinkListener
{
    private static final int KERNEL_BITS = 10;
    private static final int KERNEL_MASK = (1 << KERNEL_BITS) - 1;

    private final LinkConnector links;
    private final Listener assignments;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AssignDecoder assign = new AssignDecoder();
    private final KillDecoder kill = new KillDecoder();
    private LinkListener listener;

    /**
     * Something between agents and their links.
     *
     * @param links       to the manager.
     * @param assignments told of each, also of those that come again.
     */
    public AssignmentTap(final LinkConnector links, final Listener assignments)
    {
        this.links = links;
        this.assignments = assignments;
    }

    @Override
    public int poll(final LinkListener to, final int limit)
    {
        listener = to;
        return links.poll(this, limit);
    }

    @Override
    public void onOpened(final long linkId, final String peer)
    {
        listener.onOpened(linkId, peer);
    }

    @Override
    public boolean onFrame(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        if (AssignDecoder.TEMPLATE_ID == header.templateId())
        {
            assign.wrapAndApplyHeader(buffer, offset, header);
            assignments.onAssigned(assign.sessionId(), assign.kernelIndex(), System.nanoTime());
        }
        else if (KillDecoder.TEMPLATE_ID == header.templateId())
        {
            kill.wrapAndApplyHeader(buffer, offset, header);
            assignments.onKilled(
                kill.kernelId() >> KERNEL_BITS, (int)kill.kernelId() & KERNEL_MASK, kill.attempt());
        }
        return listener.onFrame(linkId, agentId, buffer, offset, length);
    }

    @Override
    public void onClosed(final long linkId, final String reason)
    {
        listener.onClosed(linkId, reason);
    }

    @Override
    public long tryConnect(final String host, final int port)
    {
        return links.tryConnect(host, port);
    }

    @Override
    public String peerHost(final long linkId)
    {
        return links.peerHost(linkId);
    }

    @Override
    public boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        return links.trySend(linkId, agentId, buffer, offset, length);
    }

    @Override
    public void flush()
    {
        links.flush();
    }

    @Override
    public void closeLink(final long linkId, final String reason)
    {
        links.closeLink(linkId, reason);
    }

    @Override
    public void close()
    {
        links.close();
    }

    /** Told of assignments. */
    @FunctionalInterface
    public interface Listener
    {
        /**
         * An assignment came in.
         *
         * @param sessionId   of its session.
         * @param kernelIndex in it.
         * @param nowNs       of {@link System#nanoTime}.
         */
        void onAssigned(long sessionId, int kernelIndex, long nowNs);

        /**
         * The manager tells an agent to end a kernel.
         *
         * @param sessionId   of its session.
         * @param kernelIndex in it.
         * @param attempt     to end.
         */
        default void onKilled(final long sessionId, final int kernelIndex, final int attempt)
        {
            // Not everybody cares.
        }
    }
}
