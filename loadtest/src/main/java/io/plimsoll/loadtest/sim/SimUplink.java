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
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The uplink in memory. Heartbeats may be lost, come twice and overtake each other. Reports arrive in order while the
 * stream lives: what was lost is sent again and comes late, what comes twice is dropped, and a stream that cannot
 * repair a hole breaks. Frames of connections that were not admitted, sealed with other keys, or with a counter that is
 * not beyond all before, are dropped.
 */
final class SimUplink implements UplinkReceiver
{
    private static final int WINDOW = 16;
    private static final int LOST_ONE_IN = 3;
    private static final int TWICE_ONE_IN = 4;
    private static final int BREAKS_ONE_IN = 30;
    private static final long REORDERED_NS = 2 * SimTime.SECOND_NS;
    private static final long RESENT_NS = SimTime.SECOND_NS / 10;

    private final SimTime time;
    private final SimNetwork network;
    private final SplittableRandom random;
    private final Trace trace;
    private final Map<Integer, Admission> admissionByAgentId = new HashMap<>();
    private final List<Sender> senders = new ArrayList<>();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private int duplicating;
    private int reordering;
    private boolean staleAdmitted;

    SimUplink(
        final SimTime time, final SimNetwork network, final SplittableRandom random, final Trace trace)
    {
        this.time = time;
        this.network = network;
        this.random = random;
        this.trace = trace;
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

    /** One more reason, or one less, why datagrams come twice. */
    void duplicating(final int change)
    {
        duplicating += change;
    }

    /** One more reason, or one less, why datagrams overtake each other. */
    void reordering(final int change)
    {
        reordering += change;
    }

    /** Plants a bug: frames of connections that are over are let through. */
    void admitStale()
    {
        staleAdmitted = true;
    }

    long nextDueNs()
    {
        long dueNs = Long.MAX_VALUE;
        for (int i = 0; i < senders.size(); i++)
        {
            final Sender sender = senders.get(i);
            dueNs = sender.heartbeats.isEmpty() ? dueNs : Math.min(dueNs, sender.heartbeats.peek().dueNs());
            dueNs = sender.reports.isEmpty() ? dueNs : Math.min(dueNs, sender.reports.peek().dueNs());
        }
        return dueNs;
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
        if (null != admission && connection == admission.connection)
        {
            admissionByAgentId.remove(agentId);
        }
    }

    @Override
    public int poll(final Handler handler, final int limit)
    {
        int fragments = 0;
        for (int i = 0; i < senders.size(); i++)
        {
            final Sender sender = senders.get(i);
            if (!network.isPartitionedToManager(sender.host))
            {
                fragments += heartbeats(sender, handler, limit - fragments);
                fragments += reports(sender, handler, limit - fragments);
            }
        }
        senders.removeIf(sender -> sender.closed && sender.heartbeats.isEmpty() && sender.reports.isEmpty());
        return fragments;
    }

    @Override
    public void close()
    {
        // The simulation says when the manager is gone.
    }

    private int heartbeats(final Sender sender, final Handler handler, final int limit)
    {
        int fragments = 0;
        while (fragments < limit && !sender.heartbeats.isEmpty() && sender.heartbeats.peek().dueNs() <= time.nowNs())
        {
            final Sent sent = sender.heartbeats.poll();
            final Admission admission = admission(sender.grant);
            if (null != admission && sent.counter() > admission.heartbeatCounter)
            {
                admission.heartbeatCounter = sent.counter();
                deliver(sender, UplinkSender.HEARTBEAT_STREAM, sent, handler);
            }
            fragments++;
        }
        return fragments;
    }

    private int reports(final Sender sender, final Handler handler, final int limit)
    {
        int fragments = 0;
        while (fragments < limit && !sender.reports.isEmpty() && sender.reports.peek().dueNs() <= time.nowNs())
        {
            final Sent sent = sender.reports.peek();
            final Admission admission = admission(sender.grant);
            if (null != admission && sent.counter() > admission.reportCounter)
            {
                if (!deliver(sender, UplinkSender.REPORT_STREAM, sent, handler))
                {
                    break;
                }
                admission.reportCounter = sent.counter();
            }
            sender.reports.poll();
            fragments++;
        }
        return fragments;
    }

    private boolean deliver(final Sender sender, final int streamId, final Sent sent, final Handler handler)
    {
        trace.add(sent.dueNs(), streamId, sender.grant.connection());
        view.wrap(sent.bytes());
        return handler.onMessage(
            sender.grant.agentId(), sender.grant.connection(), streamId, view, 0, sent.bytes().length);
    }

    /** Who may send with that key; null: nobody. */
    private Admission admission(final UplinkGrant grant)
    {
        final Admission admission = admissionByAgentId.get(grant.agentId());
        return null != admission && (staleAdmitted || admission.opens(grant)) ? admission : null;
    }

    private record Sent(long counter, long dueNs, byte[] bytes) implements Comparable<Sent>
    {
        @Override
        public int compareTo(final Sent that)
        {
            final int byDue = Long.compare(dueNs, that.dueNs);
            return 0 == byDue ? Long.compare(counter, that.counter) : byDue;
        }
    }

    private static final class Admission
    {
        private final long connection;
        private final byte[] heartbeatKey;
        private final byte[] reportKey;
        private long heartbeatCounter;
        private long reportCounter;

        Admission(final long connection, final byte[] heartbeatKey, final byte[] reportKey)
        {
            this.connection = connection;
            this.heartbeatKey = heartbeatKey;
            this.reportKey = reportKey;
        }

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
        private final PriorityQueue<Sent> heartbeats = new PriorityQueue<>();
        private final ArrayDeque<Sent> reports = new ArrayDeque<>();
        private final long connectedNs = time.nowNs() + network.delayNs();
        private long heartbeatCounter;
        private long reportCounter;
        private long brokenNs = Long.MAX_VALUE;
        private boolean broken;
        private boolean failed;
        private boolean closed;

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
            return !failed && time.nowNs() >= connectedNs && time.nowNs() < brokenNs && !network.isPartitioned(host);
        }

        @Override
        public boolean trySend(final int streamId, final DirectBuffer buffer, final int offset, final int length)
        {
            if (failed || closed || time.nowNs() < connectedNs)
            {
                return false;
            }
            final byte[] bytes = SimNetwork.copy(buffer, offset, length);
            return HEARTBEAT_STREAM == streamId ? heartbeat(bytes) : report(bytes);
        }

        private boolean heartbeat(final byte[] bytes)
        {
            final long counter = ++heartbeatCounter;
            if (network.isPartitionedToManager(host) || network.isLosing() && 0 != random.nextInt(LOST_ONE_IN))
            {
                return true;
            }
            final long delayNs = network.delayNs() + (0 == reordering ? 0 : random.nextLong(REORDERED_NS));
            heartbeats.add(new Sent(counter, time.nowNs() + delayNs, bytes));
            if (0 != duplicating && 0 == random.nextInt(TWICE_ONE_IN))
            {
                heartbeats.add(new Sent(counter, time.nowNs() + delayNs + network.delayNs(), bytes));
            }
            return true;
        }

        private boolean report(final byte[] bytes)
        {
            if (reports.size() >= WINDOW)
            {
                return false;
            }
            final long counter = ++reportCounter;
            if (broken)
            {
                // Nobody listens any more, which shows a little later.
                return true;
            }
            long delayNs = network.delayNs();
            if (network.isLosing())
            {
                if (0 == random.nextInt(BREAKS_ONE_IN))
                {
                    broken = true;
                    brokenNs = time.nowNs() + network.delayNs();
                    return true;
                }
                delayNs += 0 == random.nextInt(LOST_ONE_IN) ? RESENT_NS : 0;
            }
            delayNs += 0 == reordering ? 0 : random.nextLong(REORDERED_NS);
            final long lastNs = reports.isEmpty() ? 0 : reports.peekLast().dueNs();
            reports.add(new Sent(counter, Math.max(lastNs, time.nowNs() + delayNs), bytes));
            if (0 != duplicating && 0 == random.nextInt(TWICE_ONE_IN))
            {
                reports.add(new Sent(counter, reports.peekLast().dueNs(), bytes));
            }
            return true;
        }

        @Override
        public void close()
        {
            // What is under way may still arrive, when nobody wants it any more.
            failed = true;
            closed = true;
        }
    }
}
