package io.plimsoll.transport.uplink;

import static io.plimsoll.transport.uplink.UplinkSender.HEARTBEAT_STREAM;
import static io.plimsoll.transport.uplink.UplinkSender.REPORT_STREAM;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.transport.Await;
import java.io.IOException;
import java.net.DatagramSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UplinkTest
{
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCarryReportsInOrderAndUpToTheLongest(final boolean isIpc) throws Exception
    {
        try (UplinkRig rig = new UplinkRig(isIpc ? UplinkSenderOptions.ipc() : UplinkSenderOptions.defaults()))
        {
            final UplinkSender sender = rig.connect(7, 3);
            for (int i = 0; i < 300; i++)
            {
                final int length = 0 == i % 100 ? 64 * 1024 : 8 + i * 7;
                rig.send(sender, REPORT_STREAM, UplinkRig.message(length, i));
            }
            rig.until("all arrived", () -> 300 == rig.messages.size());
            for (int i = 0; i < 300; i++)
            {
                final UplinkRig.Message message = rig.messages.get(i);
                assertEquals(7, message.agentId());
                assertEquals(3, message.connection());
                assertEquals(REPORT_STREAM, message.streamId());
                assertArrayEquals(
                    UplinkRig.message(0 == i % 100 ? 64 * 1024 : 8 + i * 7, i).byteArray(), message.content());
            }
            rig.hear(sender);
            assertEquals(HEARTBEAT_STREAM, rig.messages.get(300).streamId());
            sender.close();
            rig.assertNoErrors();
        }
    }

    @Test
    void shouldDeliverAgainWhatTheHandlerRefusesWhenBackPressured() throws Exception
    {
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults()))
        {
            final UplinkSender sender = rig.connect(7, 3);
            rig.isRefusing = true;
            rig.send(sender, REPORT_STREAM, UplinkRig.message(100, 1));
            rig.send(sender, REPORT_STREAM, UplinkRig.message(60_000, 2));
            rig.send(sender, REPORT_STREAM, UplinkRig.message(100, 3));
            rig.until("refused thrice", () -> rig.refused >= 3);
            rig.isRefusing = false;
            rig.until("first arrived", () -> !rig.messages.isEmpty());
            rig.isRefusing = true;
            final int refusedBefore = rig.refused;
            rig.until("refused again", () -> rig.refused > refusedBefore || 3 == rig.messages.size());
            rig.isRefusing = false;
            rig.until("all arrived", () -> 3 == rig.messages.size());
            for (int i = 0; i < 3; i++)
            {
                assertEquals(i + 1, rig.messages.get(i).content()[0]);
            }
            assertEquals(0, rig.receiver.counters().replayed());
            rig.assertNoErrors();
        }
    }

    @Test
    void shouldPushBackWhenTheReceiverDoesNotTakeReports() throws Exception
    {
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults()))
        {
            final UplinkSender sender = rig.connect(7, 3);
            rig.isRefusing = true;
            final int[] sent = {0};
            int failed = 0;
            while (failed < 1000)
            {
                if (sender.trySend(REPORT_STREAM, UplinkRig.message(10_000, sent[0]), 0, 10_000))
                {
                    sent[0]++;
                }
                else
                {
                    failed++;
                }
                rig.receiver.poll(rig, 10);
            }
            rig.isRefusing = false;
            rig.until("all that was taken arrives", () -> sent[0] == rig.messages.size());
            for (int i = 0; i < sent[0]; i++)
            {
                assertEquals((byte)i, rig.messages.get(i).content()[0]);
            }
            rig.assertNoErrors();
        }
    }

    @Test
    void shouldServeManyAgentsAtOnce() throws Exception
    {
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults()))
        {
            final UplinkSender[] senders = new UplinkSender[20];
            for (int i = 0; i < senders.length; i++)
            {
                senders[i] = rig.connect(i + 1, 1);
            }
            for (int round = 0; round < 10; round++)
            {
                for (final UplinkSender sender : senders)
                {
                    rig.send(sender, HEARTBEAT_STREAM, UplinkRig.message(40, round));
                    rig.send(sender, REPORT_STREAM, UplinkRig.message(40, round));
                }
            }
            rig.until("all reports arrived", () -> 10 * senders.length == rig.reports());
            rig.hear(senders);
            rig.assertNoErrors();
        }
    }

    @Test
    void shouldServeManyAgentsThroughSharedStreams() throws Exception
    {
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults().shared()))
        {
            final UplinkSender[] senders = new UplinkSender[500];
            for (int i = 0; i < senders.length; i++)
            {
                senders[i] = rig.connect(i + 1, 1);
            }
            for (int round = 0; round < 5; round++)
            {
                for (final UplinkSender sender : senders)
                {
                    rig.send(sender, HEARTBEAT_STREAM, UplinkRig.message(40, round));
                    rig.send(sender, REPORT_STREAM, UplinkRig.message(40, round));
                }
            }
            rig.until("all reports arrived", () -> 5 * senders.length == rig.reports());
            rig.hear(senders);
            assertEquals(2, rig.receiver.counters().imagesAvailable.sum());
            for (int i = 1; i < senders.length; i++)
            {
                senders[i].close();
                senders[i].close();
            }
            assertFalse(senders[1].isConnected());
            rig.send(senders[0], REPORT_STREAM, UplinkRig.message(40, 1));
            rig.until("arrived", () -> 5 * senders.length + 1 == rig.reports());
            senders[0].close();
            rig.send(rig.connect(1, 2), REPORT_STREAM, UplinkRig.message(40, 1));
            rig.until("all arrived", () -> 5 * senders.length + 2 == rig.reports());
            rig.assertNoErrors();
        }
    }

    @Test
    void shouldDropTheOldConnectionOfAnAgentThatCameBack() throws Exception
    {
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults()))
        {
            final UplinkSender old = rig.connect(7, 3);
            final UplinkSender fresh = rig.connect(7, 4);
            rig.send(old, REPORT_STREAM, UplinkRig.message(40, 1));
            rig.until("dropped", () -> 1 == rig.receiver.counters().stale());
            rig.send(fresh, REPORT_STREAM, UplinkRig.message(40, 2));
            rig.until("arrived", () -> 1 == rig.messages.size());
            assertEquals(4, rig.messages.get(0).connection());
            rig.receiver.dismiss(7, 3);
            rig.send(fresh, REPORT_STREAM, UplinkRig.message(40, 3));
            rig.until("arrived", () -> 2 == rig.messages.size());
            rig.receiver.dismiss(7, 4);
            rig.send(fresh, REPORT_STREAM, UplinkRig.message(40, 4));
            rig.until("dropped", () -> 1 == rig.receiver.counters().unknown());
            rig.assertNoErrors();
        }
    }

    @Test
    void shouldBreakAConnectionWhoseReportsComeOnASecondImage() throws Exception
    {
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults()))
        {
            final UplinkSender first = rig.connect(7, 3);
            final UplinkSender second = rig.open(rig.grant(7, 3));
            rig.send(first, REPORT_STREAM, UplinkRig.message(40, 1));
            rig.until("arrived", () -> 1 == rig.messages.size());
            rig.send(second, REPORT_STREAM, UplinkRig.message(40, 1));
            rig.send(second, REPORT_STREAM, UplinkRig.message(40, 2));
            rig.until("broken", () -> 1 == rig.receiver.counters().broken() && !second.isConnected());
            assertEquals(1, rig.receiver.counters().replayed());
            assertEquals(1, rig.receiver.counters().imagesRejected());
            rig.send(first, REPORT_STREAM, UplinkRig.message(40, 1));
            rig.until("the first goes on", () -> 2 == rig.messages.size());
            assertTrue(first.isConnected());
        }
    }

    @Test
    void shouldNotStandBeforeTheReceiverDoes() throws Exception
    {
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults()))
        {
            final UplinkSender sender = rig.uplinks.open(new UplinkGrant(
                UplinkChannels.udp("", freeUdpPort()), "127.0.0.1", 1, 1, UplinkRig.HEARTBEAT_KEY,
                UplinkRig.REPORT_KEY));
            for (int i = 0; i < 1000; i++)
            {
                assertFalse(sender.isConnected());
                assertFalse(sender.trySend(REPORT_STREAM, UplinkRig.message(40, 1), 0, 40));
            }
            sender.close();
            rig.assertNoErrors();
        }
    }

    @Test
    void shouldBeBrokenForGoodOnceTheReceiverIsGone() throws Exception
    {
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults()))
        {
            final UplinkSender sender = rig.connect(7, 3);
            rig.receiver.close();
            Await.until("broken", () -> !sender.isConnected());
            assertThrows(
                IllegalStateException.class, () -> sender.trySend(REPORT_STREAM, UplinkRig.message(40, 1), 0, 40));
            final AeronUplinkReceiver[] again = new AeronUplinkReceiver[1];
            Await.until("listening again", () ->
            {
                again[0] = tryLaunch(rig);
                return null != again[0];
            });
            again[0].admit(7, 3, UplinkRig.HEARTBEAT_KEY, UplinkRig.REPORT_KEY);
            for (int i = 0; i < 1000; i++)
            {
                again[0].poll(rig, 10);
                assertFalse(sender.isConnected());
            }
            again[0].close();
        }
    }

    @Test
    void shouldSayThatAPortIsInUse() throws Exception
    {
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults());
            MediaDriverHost other = MediaDriverHost.launch(MediaDriverOptions.embedded()))
        {
            final String message = assertThrows(IOException.class, () -> AeronUplinkReceiver.launch(
                other, UplinkReceiverOptions.of("127.0.0.1", rig.receiver.port()))).getMessage();
            assertTrue(message.startsWith(
                "cannot listen for agents' reports on 127.0.0.1:" + rig.receiver.port() + " (UDP): "), message);
            assertTrue(message.contains("Address already in use"), message);
        }
    }

    private static AeronUplinkReceiver tryLaunch(final UplinkRig rig)
    {
        try
        {
            return AeronUplinkReceiver.launch(
                rig.managerDriver, UplinkReceiverOptions.of("127.0.0.1", rig.receiver.port()));
        }
        catch (final IOException ex)
        {
            // The driver lets go of the port a little after its last image.
            return null;
        }
    }

    private static int freeUdpPort() throws IOException
    {
        try (DatagramSocket socket = new DatagramSocket(0))
        {
            return socket.getLocalPort();
        }
    }
}
