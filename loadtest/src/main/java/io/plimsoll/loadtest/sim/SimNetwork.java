package io.plimsoll.loadtest.sim;

import io.plimsoll.loadtest.sim.SimLink.Kind;
import io.plimsoll.loadtest.sim.SimLink.Message;
import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.link.LinkListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Links in memory. In order and without loss while both sides live, as TCP is, but late; held up by a partition, ended
 * by either side, by a cut, or by the end of a process.
 */
final class SimNetwork implements LinkEndpoint
{
    private static final long DELAY_NS = 10_000_000L;
    private static final long LONG_DELAY_NS = 3_000_000_000L;
    private static final long DETECTION_NS = 10_000_000_000L;
    private static final int RESET_ONE_IN = 40;

    private final SimTime time;
    private final SplittableRandom random;
    private final Trace trace;
    private final int[] partitionedToManager;
    private final int[] partitionedToAgent;
    private final List<SimLink> links = new ArrayList<>();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private long nextLinkId = 1;
    private boolean managerUp;
    private int losing;
    private int slow;

    SimNetwork(final SimTime time, final SplittableRandom random, final int hosts, final Trace trace)
    {
        this.time = time;
        this.random = random;
        this.trace = trace;
        partitionedToManager = new int[hosts];
        partitionedToAgent = new int[hosts];
    }

    /** Whether anything is cut off between a host and the manager. */
    boolean isPartitioned(final int host)
    {
        return isPartitionedToManager(host) || isPartitionedToAgent(host);
    }

    boolean isPartitionedToManager(final int host)
    {
        return 0 != partitionedToManager[host];
    }

    private boolean isPartitionedToAgent(final int host)
    {
        return 0 != partitionedToAgent[host];
    }

    /** One more reason, or one less, why nothing passes in these directions. */
    void partition(final int host, final boolean toManager, final boolean toAgent, final int change)
    {
        partitionedToManager[host] += toManager ? change : 0;
        partitionedToAgent[host] += toAgent ? change : 0;
    }

    /** One more reason, or one less, why packets are lost. */
    void losing(final int change)
    {
        losing += change;
    }

    boolean isLosing()
    {
        return 0 != losing;
    }

    /** One more reason, or one less, why everything takes seconds. */
    void slow(final int change)
    {
        slow += change;
    }

    /** When the next thing under way arrives; {@link Long#MAX_VALUE} if there is none. */
    long nextDueNs()
    {
        long dueNs = Long.MAX_VALUE;
        for (int i = 0; i < links.size(); i++)
        {
            final SimLink link = links.get(i);
            dueNs = Math.min(dueNs, Math.min(dueNs(link.toManager()), dueNs(link.toAgent())));
        }
        return dueNs;
    }

    private static long dueNs(final ArrayDeque<Message> queue)
    {
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().dueNs();
    }

    void onManagerUp()
    {
        managerUp = true;
    }

    void onManagerDown()
    {
        managerUp = false;
        for (final SimLink link : links)
        {
            link.managerOpen(false);
            link.toManager().clear();
            closeAgentSide(link);
        }
    }

    void onAgentDown(final int host)
    {
        for (final SimLink link : links)
        {
            if (host == link.host())
            {
                link.agentOpen(false);
                link.toAgent().clear();
                closeManagerSide(link);
            }
        }
    }

    /** Ends every link of a host for both sides; what was under way is lost. */
    void cut(final int host)
    {
        for (final SimLink link : links)
        {
            if (host == link.host())
            {
                reset(link);
            }
        }
    }

    long delayNs()
    {
        return 1 + random.nextLong(0 != slow ? LONG_DELAY_NS : DELAY_NS);
    }

    @Override
    public int poll(final LinkListener listener, final int limit)
    {
        int events = 0;
        // By number: the listener may open and close links meanwhile.
        for (int i = 0; i < links.size(); i++)
        {
            final SimLink link = links.get(i);
            events += deliver(link, link.toManager(), true, listener, limit - events);
        }
        links.removeIf(SimLink::isOver);
        return events;
    }

    @Override
    public boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        final SimLink link = find(linkId);
        if (null == link || !link.managerOpen())
        {
            return false;
        }
        if (isReset(link))
        {
            return true;
        }
        send(link.toAgent(), Kind.FRAME, false, agentId, copy(buffer, offset, length));
        return true;
    }

    /** A stream that loses what it cannot send again is over, for both sides. */
    private boolean isReset(final SimLink link)
    {
        if (0 == losing || 0 != random.nextInt(RESET_ONE_IN))
        {
            return false;
        }
        reset(link);
        return true;
    }

    private void reset(final SimLink link)
    {
        // What a side that is closed already has still to hear is of its own doing.
        if (link.managerOpen())
        {
            link.toManager().clear();
        }
        if (link.agentOpen())
        {
            link.toAgent().clear();
        }
        closeManagerSide(link);
        closeAgentSide(link);
    }

    @Override
    public void flush()
    {
        // Delays are drawn for each message.
    }

    @Override
    public void closeLink(final long linkId, final String reason)
    {
        final SimLink link = find(linkId);
        if (null != link && link.managerOpen())
        {
            link.managerOpen(false);
            link.toManager().clear();
            link.toManager().add(new Message(Kind.CLOSED, time.nowNs(), true, 0, null));
            closeAgentSide(link);
        }
    }

    /** The agent's side on a host. */
    LinkConnector connector(final int host)
    {
        return new AgentSide(host);
    }

    private int deliver(
        final SimLink link,
        final ArrayDeque<Message> queue,
        final boolean toManager,
        final LinkListener listener,
        final int limit)
    {
        int events = 0;
        while (events < limit && !queue.isEmpty())
        {
            final Message message = queue.peek();
            final boolean held = toManager ? isPartitionedToManager(link.host()) : isPartitionedToAgent(link.host());
            if (message.dueNs() > time.nowNs() || !message.local() && held)
            {
                break;
            }
            trace.add(message.dueNs(), link.id(), message.agentId());
            if (Kind.FRAME == message.kind())
            {
                view.wrap(message.bytes());
                if (!listener.onFrame(link.id(), message.agentId(), view, 0, message.bytes().length))
                {
                    break;
                }
                // Unless the listener closed the link, which has emptied the queue.
                queue.removeFirstOccurrence(message);
            }
            else
            {
                queue.remove();
                tell(link, message, listener);
            }
            events++;
        }
        return events;
    }

    private static void tell(final SimLink link, final Message message, final LinkListener listener)
    {
        if (Kind.OPENED == message.kind())
        {
            listener.onOpened(link.id(), "host-" + link.host());
        }
        else
        {
            listener.onClosed(link.id(), "closed");
        }
    }

    private void closeAgentSide(final SimLink link)
    {
        if (link.agentOpen())
        {
            link.agentOpen(false);
            send(link.toAgent(), Kind.CLOSED, false, 0, null);
            notice(link.toAgent(), isPartitionedToAgent(link.host()));
        }
    }

    private void closeManagerSide(final SimLink link)
    {
        if (link.managerOpen())
        {
            link.managerOpen(false);
            send(link.toManager(), Kind.CLOSED, false, 0, null);
            notice(link.toManager(), isPartitionedToManager(link.host()));
        }
    }

    /** Behind a partition the end is not told; each side notices by itself in the end. */
    private void notice(final ArrayDeque<Message> queue, final boolean held)
    {
        if (held)
        {
            queue.clear();
            queue.add(new Message(Kind.CLOSED, time.nowNs() + DETECTION_NS, true, 0, null));
        }
    }

    private void send(
        final ArrayDeque<Message> queue, final Kind kind, final boolean local, final long agentId, final byte[] bytes)
    {
        final long dueNs = time.nowNs() + delayNs();
        final long lastNs = queue.isEmpty() ? 0 : queue.peekLast().dueNs();
        queue.add(new Message(kind, Math.max(dueNs, lastNs), local, agentId, bytes));
    }

    private SimLink find(final long linkId)
    {
        for (final SimLink link : links)
        {
            if (linkId == link.id())
            {
                return link;
            }
        }
        return null;
    }

    static byte[] copy(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    private final class AgentSide implements LinkConnector
    {
        private final int host;

        AgentSide(final int host)
        {
            this.host = host;
        }

        @Override
        public long tryConnect(final String hostName, final int port)
        {
            final SimLink link = new SimLink(nextLinkId++, host);
            links.add(link);
            if (managerUp && !isPartitioned(host))
            {
                link.agentOpen(true);
                link.managerOpen(true);
                send(link.toManager(), Kind.OPENED, false, 0, null);
                send(link.toAgent(), Kind.OPENED, false, 0, null);
            }
            else
            {
                link.toAgent().add(new Message(Kind.CLOSED, time.nowNs() + delayNs(), true, 0, null));
            }
            return link.id();
        }

        @Override
        public String peerHost(final long linkId)
        {
            return "manager";
        }

        @Override
        public int poll(final LinkListener listener, final int limit)
        {
            int events = 0;
            for (int i = 0; i < links.size(); i++)
            {
                final SimLink link = links.get(i);
                if (host == link.host())
                {
                    events += deliver(link, link.toAgent(), false, listener, limit - events);
                }
            }
            return events;
        }

        @Override
        public boolean trySend(
            final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
        {
            final SimLink link = find(linkId);
            if (null == link || !link.agentOpen())
            {
                return false;
            }
            if (isReset(link))
            {
                return true;
            }
            send(link.toManager(), Kind.FRAME, false, agentId, copy(buffer, offset, length));
            return true;
        }

        @Override
        public void flush()
        {
            // Delays are drawn for each message.
        }

        @Override
        public void closeLink(final long linkId, final String reason)
        {
            final SimLink link = find(linkId);
            if (null != link && link.agentOpen())
            {
                link.agentOpen(false);
                link.toAgent().clear();
                link.toAgent().add(new Message(Kind.CLOSED, time.nowNs(), true, 0, null));
                closeManagerSide(link);
            }
        }

        @Override
        public void close()
        {
            onAgentDown(host);
        }
    }
}
