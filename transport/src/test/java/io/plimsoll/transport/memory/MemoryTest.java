package io.plimsoll.transport.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.transport.link.CloseReason;
import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.link.LinkListener;
import io.plimsoll.transport.link.LinkOptions;
import io.plimsoll.transport.uplink.UplinkGrant;
import io.plimsoll.transport.uplink.UplinkReceiver;
import io.plimsoll.transport.uplink.UplinkSender;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MemoryTest
{
    private final MemoryLinkNetwork network = new MemoryLinkNetwork(
        LinkOptions.agentDefaults().withOutboxLengthMax(LinkEndpoint.FRAME_LENGTH_MAX).withLinks(2, 2));
    private final MemoryLinkServer server = network.listen("manager", 7078);
    private final MemoryLinkClient client = network.newClient("agent");
    private final Log atServer = new Log();
    private final Log atClient = new Log();

    @Test
    void shouldCarryFramesOnceTheyAreFlushed()
    {
        final long near = client.tryConnect("manager", 7078);
        pollBoth();
        assertEquals(List.of("opened agent:0"), atServer.lines);
        assertEquals(List.of("opened manager:7078"), atClient.lines);
        assertEquals("manager", client.peerHost(near));
        send(client, near, 7);
        pollBoth();
        assertEquals(1, atServer.lines.size());
        client.flush();
        pollBoth();
        assertEquals("frame 7", atServer.last());
        send(server, atServer.linkId, 7);
        server.closeLink(atServer.linkId, "refused");
        pollBoth();
        assertEquals(List.of("opened manager:7078", "frame 7", "closed closed by peer"), atClient.lines);
        assertEquals("closed refused", atServer.last());
        assertFalse(send(client, near, 7));
        assertEquals("", client.peerHost(near));
    }

    @Test
    void shouldDeliverAgainWhatIsRefused()
    {
        final long near = client.tryConnect("manager", 7078);
        pollBoth();
        send(client, near, 1);
        send(client, near, 2);
        client.flush();
        atServer.isRefusing = true;
        assertEquals(0, server.poll(atServer, 10));
        atServer.isRefusing = false;
        assertEquals(2, server.poll(atServer, 10));
        assertEquals(List.of("opened agent:0", "frame 1", "frame 2"), atServer.lines);
    }

    @Test
    void shouldCloseALinkWhoseOutboxOverflows()
    {
        final long near = client.tryConnect("manager", 7078);
        pollBoth();
        final UnsafeBuffer big = new UnsafeBuffer(new byte[60_000]);
        assertTrue(client.trySend(near, 1, big, 0, 60_000));
        client.flush();
        assertFalse(client.trySend(near, 1, big, 0, 60_000));
        pollBoth();
        assertEquals("closed " + CloseReason.OUTBOX_OVERFLOW, atClient.last());
        assertEquals("closed " + CloseReason.OUTBOX_OVERFLOW, atServer.last());
    }

    @Test
    void shouldFailAttemptsThatReachNobodyOrTooMany()
    {
        client.tryConnect("elsewhere", 1);
        pollBoth();
        assertEquals("closed " + CloseReason.CANNOT_CONNECT + ": elsewhere:1", atClient.last());
        client.reachable(false);
        client.tryConnect("manager", 7078);
        pollBoth();
        assertTrue(atClient.last().startsWith("closed " + CloseReason.CANNOT_CONNECT));
        client.reachable(true);
        client.tryConnect("manager", 7078);
        client.tryConnect("manager", 7078);
        assertEquals(LinkConnector.NO_LINK, client.tryConnect("manager", 7078));
        network.newClient("other").tryConnect("manager", 7078);
        assertEquals(2, network.links().size());
    }

    @Test
    void shouldBreakAndHoldLinksOnDemand()
    {
        final long near = client.tryConnect("manager", 7078);
        pollBoth();
        final MemoryLink far = network.links().get(0);
        far.hold(true);
        send(client, near, 5);
        client.flush();
        pollBoth();
        assertEquals(1, atServer.lines.size());
        far.hold(false);
        pollBoth();
        assertEquals("frame 5", atServer.last());
        send(client, near, 6);
        client.flush();
        far.sever("cut");
        pollBoth();
        assertEquals("closed cut", atServer.last());
        assertEquals("closed cut", atClient.last());
        client.tryConnect("manager", 7078);
        pollBoth();
        server.crash();
        pollBoth();
        assertEquals("closed connection reset", atClient.last());
        assertEquals(0, network.links().size());
    }

    @Test
    void shouldCarryUplinkMessagesOfThePresentConnectionOnly()
    {
        final MemoryUplink uplink = new MemoryUplink(2);
        final UplinkReceiver receiver = uplink.receiver("memory:manager");
        final byte[] key = new byte[16];
        final Log log = new Log();
        receiver.admit(7, 3, key, key);
        final UplinkSender sender = uplink.senders().open(new UplinkGrant(receiver.channel(), "", 7, 3, key, key));
        assertTrue(sender.isConnected());
        log.isRefusing = true;
        assertTrue(sender.trySend(UplinkSender.REPORT_STREAM, new UnsafeBuffer(new byte[8]), 0, 8));
        assertTrue(sender.trySend(UplinkSender.REPORT_STREAM, new UnsafeBuffer(new byte[8]), 0, 8));
        assertFalse(sender.trySend(UplinkSender.REPORT_STREAM, new UnsafeBuffer(new byte[8]), 0, 8));
        assertEquals(0, receiver.poll(log::onMessage, 10));
        log.isRefusing = false;
        assertEquals(2, receiver.poll(log::onMessage, 10));
        assertEquals(List.of("report 7/3", "report 7/3"), log.lines);
        receiver.admit(7, 4, key, key);
        sender.trySend(UplinkSender.REPORT_STREAM, new UnsafeBuffer(new byte[8]), 0, 8);
        receiver.poll(log::onMessage, 10);
        assertEquals(2, log.lines.size());
        uplink.sendersOf(7).get(0).sever();
        assertFalse(sender.isConnected());
        assertThrows(
            IllegalStateException.class,
            () -> sender.trySend(UplinkSender.REPORT_STREAM, new UnsafeBuffer(new byte[8]), 0, 8));
        receiver.close();
        assertFalse(uplink.senders().open(new UplinkGrant("memory:manager", "", 7, 4, key, key)).isConnected());
    }

    private void pollBoth()
    {
        server.poll(atServer, 10);
        client.poll(atClient, 10);
        server.poll(atServer, 10);
    }

    private static boolean send(final LinkEndpoint endpoint, final long linkId, final long agentId)
    {
        return endpoint.trySend(linkId, agentId, new UnsafeBuffer(new byte[8]), 0, 8);
    }

    private static final class Log implements LinkListener
    {
        private final List<String> lines = new ArrayList<>();
        private long linkId;
        private boolean isRefusing;

        @Override
        public void onOpened(final long id, final String peer)
        {
            linkId = id;
            lines.add("opened " + peer);
        }

        @Override
        public boolean onFrame(
            final long id, final long agentId, final DirectBuffer buffer, final int offset, final int length)
        {
            return !isRefusing && lines.add("frame " + agentId);
        }

        @Override
        public void onClosed(final long id, final String reason)
        {
            lines.add("closed " + reason);
        }

        boolean onMessage(
            final int agentId, final long connection, final int streamId, final DirectBuffer buffer, final int offset,
            final int length)
        {
            return !isRefusing && lines.add("report " + agentId + "/" + connection);
        }

        String last()
        {
            return lines.get(lines.size() - 1);
        }
    }
}
