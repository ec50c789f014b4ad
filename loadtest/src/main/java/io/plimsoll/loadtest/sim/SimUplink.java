package io.plimsoll.loadtest.sim;

import io.plimsoll.transport.uplink.UplinkGrant;
import io.plimsoll.transport.uplink.UplinkReceiver;
import io.plimsoll.transport.uplink.UplinkSender;
import io.plimsoll.transport.uplink.UplinkSenderFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The uplink in memory: heartbeats may be lost, reports arrive in order while the connection lives and are lost with
 * it. Frames of connections that were not admitted, or sealed with other keys, are dropped.
 */
final class SimUplink implements UplinkReceiver
{
    private static final int HEARTBEAT_LOST_ONE_IN = 20;
    private static final int WINDOW = 16;

    private final SimTime time;
    private final SimNetwork network;
    private final SplittableRandom random;
    private final Map<Integer, Admission> admissionByAgentId = new HashMap<>();
    private final List<Sender> senders = new ArrayList<>();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    SimUplink(final SimTime time, final SimNetwork network, final SplittableRandom random)
    {
        this.time = time;
        this.network = network;
        this.random = random;
    }

    UplinkSenderFactory factory(final int host)
    {
        return grant ->
        {
            final Sender sender = new Sender(host, grant);
            senders.add(sender);
            return sender;
        };
    }

    void onManagerDown()
    {
        admissionByAgentId.clear();
        senders.forEach(Sender::fail);
        senders.clear();
    }

    void onAgentDown(final int host)
    {
        senders.removeIf(sender -> host == sender.host);
    }

    @Override
    public String channel()
    {
        return "sim";
    }

    @Override
    public void admit(
        final int agentId, final long connection, final byte[] heartbeatKey, final byte[] reportKey)
    {
        admissionByAgentId.put(agentId, new Admission(connection, heartbeatKey.clone(), reportKey.clone()));
    }

    @Override
    public void dismiss(final int agentId, final long connection)
    {
        final Admission admission = admissionByAgentId.get(agentId);
        if (null != admission && connection == admission.connection())
        {
            admissionByAgentId.remove(agentId);
        }
    }

    @Override
    public int poll(final Handler handler, final int limit)
    {
        int fragments = 0;
        for (final Sender sender : new ArrayList<>(senders))
        {
            fragments += deliver(sender, UplinkSender.HEARTBEAT_STREAM, sender.heartbeats, handler, limit - fragments);
            fragments += deliver(sender, UplinkSender.REPORT_STREAM, sender.reports, handler, limit - fragments);
        }
        return fragments;
    }

    @Override
    public void close()
    {
        // The simulation says when the manager is gone.
    }

    private int deliver(
        final Sender sender,
        final int streamId,
        final ArrayDeque<Sent> queue,
        final Handler handler,
        final int limit)
    {
        int fragments = 0;
        while (fragments < limit && !queue.isEmpty() && queue.peek().dueNs() <= time.nowNs() &&
            !network.isPartitioned(sender.host))
        {
            final Sent sent = queue.peek();
            final UplinkGrant grant = sender.grant;
            final Admission admission = admissionByAgentId.get(grant.agentId());
            if (null != admission && admission.opens(grant))
            {
                view.wrap(sent.bytes());
                if (!handler.onMessage(
                    grant.agentId(), grant.connection(), streamId, view, 0, sent.bytes().length))
                {
                    break;
                }
            }
            queue.remove();
            fragments++;
        }
        return fragments;
    }

    private record Sent(long dueNs, byte[] bytes)
    {
    }

    private record Admission(long connection, byte[] heartbeatKey, byte[] reportKey)
    {
        boolean opens(final UplinkGrant grant)
        {
            return connection == grant.connection() &&
                Arrays.equals(heartbeatKey, grant.heartbeatKey()) &&
                Arrays.equals(reportKey, grant.reportKey());
        }
    }

    private final class Sender implements UplinkSender
    {
        private final int host;
        private final UplinkGrant grant;
        private final ArrayDeque<Sent> heartbeats = new ArrayDeque<>();
        private final ArrayDeque<Sent> reports = new ArrayDeque<>();
        private final long connectedNs = time.nowNs() + network.delayNs();
        private boolean failed;

        Sender(final int host, final UplinkGrant grant)
        {
            this.host = host;
            this.grant = grant;
        }

        void fail()
        {
            failed = true;
        }

        @Override
        public boolean isConnected()
        {
            return !failed && time.nowNs() >= connectedNs && !network.isPartitioned(host);
        }

        @Override
        public boolean trySend(final int streamId, final DirectBuffer buffer, final int offset, final int length)
        {
            if (failed || time.nowNs() < connectedNs)
            {
                return false;
            }
            if (HEARTBEAT_STREAM == streamId)
            {
                if (!network.isPartitioned(host) && 0 != random.nextInt(HEARTBEAT_LOST_ONE_IN))
                {
                    add(heartbeats, buffer, offset, length);
                }
                return true;
            }
            if (reports.size() >= WINDOW)
            {
                return false;
            }
            add(reports, buffer, offset, length);
            return true;
        }

        @Override
        public void close()
        {
            failed = true;
            senders.remove(this);
        }

        private void add(
            final ArrayDeque<Sent> queue, final DirectBuffer buffer, final int offset, final int length)
        {
            final long lastNs = queue.isEmpty() ? 0 : queue.peekLast().dueNs();
            queue.add(new Sent(
                Math.max(lastNs, time.nowNs() + network.delayNs()), SimNetwork.copy(buffer, offset, length)));
        }
    }
}
