package io.plimsoll.transport.memory;

import io.plimsoll.transport.uplink.UplinkGrant;
import io.plimsoll.transport.uplink.UplinkReceiver;
import io.plimsoll.transport.uplink.UplinkSender;
import io.plimsoll.transport.uplink.UplinkSenderFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The uplink in memory: senders by channel, and receivers that let through what the real one would. Frames are not
 * sealed, but a sender without the right keys is dropped as it would be there.
 */
public final class MemoryUplink
{
    private final Map<String, Receiver> receivers = new HashMap<>();
    private final int windowMax;

    /**
     * Makes an uplink network.
     *
     * @param windowMax messages that may be under way from one sender on one stream, then it is back-pressured.
     */
    public MemoryUplink(final int windowMax)
    {
        this.windowMax = windowMax;
    }

    /**
     * Opens the manager's side; one that is open on the same channel is replaced, as by a restart.
     *
     * @param channel any name, that goes into Welcome.
     * @return the receiver.
     */
    public UplinkReceiver receiver(final String channel)
    {
        final Receiver receiver = new Receiver(this, channel);
        final Receiver previous = receivers.put(channel, receiver);
        if (null != previous)
        {
            previous.breakAll();
        }
        return receiver;
    }

    /** The agent's side, of any number of agents. */
    public UplinkSenderFactory senders()
    {
        return this::open;
    }

    /** All senders of an agent that are open, for faults. */
    public List<Sender> sendersOf(final int agentId)
    {
        final List<Sender> found = new ArrayList<>();
        for (final Receiver receiver : receivers.values())
        {
            for (final Sender sender : receiver.senders)
            {
                if (sender.grant.agentId() == agentId)
                {
                    found.add(sender);
                }
            }
        }
        return found;
    }

    private Sender open(final UplinkGrant grant)
    {
        final Receiver receiver = receivers.get(grant.channel());
        final Sender sender = new Sender(grant, receiver, windowMax);
        if (null != receiver)
        {
            receiver.senders.add(sender);
        }
        return sender;
    }

    /** The agent's end of one connection, with what is under way; faults are its methods beyond the interface. */
    public static final class Sender implements UplinkSender
    {
        private final UplinkGrant grant;
        private final Receiver receiver;
        private final int windowMax;
        private final ArrayDeque<UnsafeBuffer> heartbeats = new ArrayDeque<>();
        private final ArrayDeque<UnsafeBuffer> reports = new ArrayDeque<>();
        private boolean isBroken;
        private boolean isHeld;

        private Sender(final UplinkGrant grant, final Receiver receiver, final int windowMax)
        {
            this.grant = grant;
            this.receiver = receiver;
            this.windowMax = windowMax;
        }

        @Override
        public boolean isConnected()
        {
            return null != receiver && receiver.isOpen && !isBroken;
        }

        @Override
        public boolean trySend(final int streamId, final DirectBuffer buffer, final int offset, final int length)
        {
            if (isBroken || null != receiver && !receiver.isOpen)
            {
                throw new IllegalStateException("the uplink broke: streamId=" + streamId);
            }
            final ArrayDeque<UnsafeBuffer> queue = HEARTBEAT_STREAM == streamId ? heartbeats : reports;
            if (null == receiver || queue.size() >= windowMax)
            {
                return false;
            }
            final byte[] message = new byte[length];
            buffer.getBytes(offset, message);
            queue.addLast(new UnsafeBuffer(message));
            return true;
        }

        @Override
        public void close()
        {
            isBroken = true;
            if (null != receiver)
            {
                receiver.senders.remove(this);
            }
        }

        /** Breaks the uplink for good: what is under way is lost, and the agent has to make a new connection. */
        public void sever()
        {
            isBroken = true;
            heartbeats.clear();
            reports.clear();
        }

        /**
         * Lets nothing through: heartbeats are lost, reports wait.
         *
         * @param held whether from now on.
         */
        public void hold(final boolean held)
        {
            isHeld = held;
        }

        /** Connection number that it sends for. */
        public long connection()
        {
            return grant.connection();
        }
    }

    private static final class Receiver implements UplinkReceiver
    {
        private final MemoryUplink network;
        private final String channel;
        private final Map<Integer, UplinkGrant> admitted = new HashMap<>();
        private final List<Sender> senders = new ArrayList<>();
        private final List<Sender> round = new ArrayList<>();
        private boolean isOpen = true;
        private int next;

        Receiver(final MemoryUplink network, final String channel)
        {
            this.network = network;
            this.channel = channel;
        }

        @Override
        public String channel()
        {
            return channel;
        }

        @Override
        public void admit(
            final int agentId, final long connection, final byte[] heartbeatKey, final byte[] reportKey)
        {
            final UplinkGrant present = admitted.get(agentId);
            if (null == present || present.connection() <= connection)
            {
                admitted.put(
                    agentId, new UplinkGrant(channel, "", agentId, connection, heartbeatKey, reportKey));
            }
        }

        @Override
        public void dismiss(final int agentId, final long connection)
        {
            final UplinkGrant present = admitted.get(agentId);
            if (null != present && present.connection() == connection)
            {
                admitted.remove(agentId);
            }
        }

        @Override
        public int poll(final Handler handler, final int limit)
        {
            round.clear();
            round.addAll(senders);
            int count = 0;
            for (int i = 0; i < round.size() && count < limit; i++)
            {
                final Sender sender = round.get((next + i) % round.size());
                count += poll(sender, handler, limit - count);
            }
            next = round.isEmpty() ? 0 : (next + 1) % round.size();
            return count;
        }

        @Override
        public void close()
        {
            network.receivers.remove(channel, this);
            breakAll();
        }

        private void breakAll()
        {
            isOpen = false;
            for (final Sender sender : senders)
            {
                sender.sever();
            }
            senders.clear();
        }

        private int poll(final Sender sender, final Handler handler, final int limit)
        {
            if (sender.isHeld)
            {
                sender.heartbeats.clear();
                return 0;
            }
            int count = 0;
            while (count < limit && !sender.reports.isEmpty() &&
                tryTake(sender, UplinkSender.REPORT_STREAM, sender.reports.peekFirst(), handler))
            {
                sender.reports.pollFirst();
                count++;
            }
            while (count < limit && !sender.heartbeats.isEmpty())
            {
                tryTake(sender, UplinkSender.HEARTBEAT_STREAM, sender.heartbeats.pollFirst(), handler);
                count++;
            }
            return count;
        }

        private boolean tryTake(
            final Sender sender, final int streamId, final UnsafeBuffer message, final Handler handler)
        {
            final UplinkGrant present = admitted.get(sender.grant.agentId());
            final boolean isGood = null != present && present.connection() == sender.grant.connection() &&
                Objects.deepEquals(present.heartbeatKey(), sender.grant.heartbeatKey()) &&
                Objects.deepEquals(present.reportKey(), sender.grant.reportKey());
            return !isGood || handler.onMessage(
                present.agentId(), present.connection(), streamId, message, 0, message.capacity());
        }
    }
}
