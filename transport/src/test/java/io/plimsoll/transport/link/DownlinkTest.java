package io.plimsoll.transport.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.transport.ClosedPort;
import io.plimsoll.transport.auth.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownlinkTest
{
    private static final LinkOptions OPTIONS = LinkOptions.agentDefaults();

    @TempDir
    private Path directory;

    @Test
    void shouldCarryFramesBothWaysInOrder() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS, OPTIONS))
        {
            final long near = rig.connect();
            final long far = rig.atServer.lastOpened();
            for (int i = 0; i < 1000; i++)
            {
                assertTrue(rig.client.trySend(near, i, DownlinkRig.message(8 + i, i), 0, 8 + i));
                assertTrue(rig.server.trySend(far, -i, DownlinkRig.message(16 + i, i), 8, 8 + i));
            }
            rig.client.flush();
            rig.server.flush();
            rig.until("all arrived", () -> 1000 == rig.atServer.frames.size() && 1000 == rig.atClient.frames.size());
            for (int i = 0; i < 1000; i++)
            {
                final RecordingListener.Frame up = rig.atServer.frames.get(i);
                assertEquals(far, up.linkId());
                assertEquals(i, up.agentId());
                assertArrayEquals(DownlinkRig.message(8 + i, i).byteArray(), up.message());
                assertEquals(-i, rig.atClient.frames.get(i).agentId());
            }
            assertEquals("127.0.0.1", rig.client.peerHost(near));
        }
    }

    @Test
    void shouldCarryTheLongestFrameAndRefuseALonger() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS, OPTIONS))
        {
            final long near = rig.connect();
            final int lengthMax = LinkEndpoint.FRAME_LENGTH_MAX - Long.BYTES;
            final UnsafeBuffer longest = DownlinkRig.message(lengthMax + 1, 7);
            assertTrue(rig.client.trySend(near, 1, longest, 0, lengthMax));
            rig.client.flush();
            rig.until("arrived", () -> !rig.atServer.frames.isEmpty());
            assertEquals(lengthMax, rig.atServer.frames.get(0).message().length);
            assertThrows(
                IllegalArgumentException.class, () -> rig.client.trySend(near, 1, longest, 0, lengthMax + 1));
        }
    }

    @Test
    void shouldDeliverWhatWasQueuedBeforeALinkIsClosed() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS, OPTIONS))
        {
            final long near = rig.connect();
            final long far = rig.atServer.lastOpened();
            rig.server.trySend(far, 0, DownlinkRig.message(100, 1), 0, 100);
            rig.server.closeLink(far, "refused");
            rig.server.closeLink(far, "again");
            assertFalse(rig.server.trySend(far, 0, DownlinkRig.message(100, 1), 0, 100));
            rig.until("closed", () -> rig.atClient.closed.containsKey(near) && rig.atServer.closed.containsKey(far));
            assertEquals(1, rig.atClient.frames.size());
            assertEquals("refused", rig.atServer.closed.get(far));
            assertEquals(CloseReason.BY_PEER, rig.atClient.closed.get(near));
            assertFalse(rig.client.trySend(near, 0, DownlinkRig.message(100, 1), 0, 100));
            assertEquals("", rig.client.peerHost(near));
        }
    }

    @Test
    void shouldDeliverAgainWhatTheListenerRefusesWhenBackPressured() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS, OPTIONS))
        {
            final long near = rig.connect();
            rig.atServer.isRefusing = true;
            rig.client.trySend(near, 1, DownlinkRig.message(8, 1), 0, 8);
            rig.client.trySend(near, 2, DownlinkRig.message(8, 1), 0, 8);
            rig.client.flush();
            rig.until("refused thrice", () -> rig.atServer.refused >= 3);
            rig.atServer.isRefusing = false;
            rig.until("both arrived", () -> 2 == rig.atServer.frames.size());
            assertEquals(1, rig.atServer.frames.get(0).agentId());
            assertEquals(2, rig.atServer.frames.get(1).agentId());
        }
    }

    @Test
    void shouldStopToReadWhenTheQueueIsFullAndLoseNothing() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS, OPTIONS.withOutboxLengthMax(64 * 1024 * 1024)))
        {
            final int count = 500;
            final long near = rig.connect();
            rig.atServer.isRefusing = true;
            for (int i = 0; i < count; i++)
            {
                assertTrue(rig.client.trySend(near, i, DownlinkRig.message(32 * 1024, i), 0, 32 * 1024));
            }
            rig.client.flush();
            rig.until("stalled", () -> rig.server.counters().inboundStalls() > 0);
            rig.atServer.isRefusing = false;
            rig.until("all arrived", () -> count == rig.atServer.frames.size());
            for (int i = 0; i < count; i++)
            {
                assertEquals(i, rig.atServer.frames.get(i).agentId());
            }
        }
    }

    @Test
    void shouldTellTheEndOfALinkEvenIfTheQueueWasFull() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS, OPTIONS))
        {
            final long near = rig.connect();
            final long far = rig.atServer.lastOpened();
            rig.atServer.isRefusing = true;
            for (int i = 0; i < 100; i++)
            {
                rig.client.trySend(near, i, DownlinkRig.message(32 * 1024, i), 0, 32 * 1024);
            }
            rig.client.flush();
            rig.until("stalled", () -> rig.server.counters().inboundStalls() > 0);
            rig.client.closeLink(near, "done");
            rig.atServer.isRefusing = false;
            rig.until("closed", () -> rig.atServer.closed.containsKey(far));
            assertEquals(100, rig.atServer.frames.size());
        }
    }

    @Test
    void shouldCloseALinkWhoseOutboxOverflows() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS.withOutboxLengthMax(LinkEndpoint.FRAME_LENGTH_MAX), OPTIONS))
        {
            final long near = rig.connect();
            final long far = rig.atServer.lastOpened();
            boolean isSent = true;
            for (int i = 0; i < 1000 && isSent; i++)
            {
                isSent = rig.server.trySend(far, 0, DownlinkRig.message(8192, i), 0, 8192);
            }
            assertFalse(isSent);
            rig.until("closed", () -> rig.atClient.closed.containsKey(near) && rig.atServer.closed.containsKey(far));
            assertEquals(CloseReason.OUTBOX_OVERFLOW, rig.atServer.closed.get(far));
            assertEquals(1, rig.server.counters().outboxOverflows());
        }
    }

    @Test
    void shouldRefuseAServerOfAnotherAuthority() throws Exception
    {
        final CertificateAuthority other = CertificateAuthority.openOrCreate(
            directory.resolve("other"), new SecureRandom(), System.currentTimeMillis());
        try (DownlinkRig rig = rig(OPTIONS, OPTIONS);
            DownlinkClient client = new DownlinkClient(OPTIONS, other.sha256()))
        {
            final RecordingListener listener = new RecordingListener();
            final long linkId = client.tryConnect("127.0.0.1", rig.server.port());
            rig.until("refused", () -> client.poll(listener, 10) > 0 && listener.closed.containsKey(linkId));
            assertTrue(listener.closed.get(linkId).startsWith(CloseReason.WRONG_CA), listener.closed.get(linkId));
            assertTrue(listener.opened.isEmpty());
            rig.until("counted", () -> rig.server.counters().handshakesFailed() > 0);
            assertTrue(rig.atServer.opened.isEmpty());
        }
    }

    @Test
    void shouldShowANewCertificateOfTheSameAuthority() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS, OPTIONS))
        {
            rig.connect();
            Files.delete(directory.resolve("ca/server.pem"));
            rig.server.identity(CertificateAuthority.openOrCreate(
                directory.resolve("ca"), new SecureRandom(), System.currentTimeMillis()).server());
            rig.connect();
            assertEquals(2, rig.atServer.opened.size());
            assertTrue(rig.atServer.closed.isEmpty());
        }
    }

    @Test
    void shouldSayWhenNobodyListens() throws Exception
    {
        try (ClosedPort port = new ClosedPort(); DownlinkRig rig = rig(OPTIONS, OPTIONS))
        {
            final long linkId = rig.client.tryConnect("127.0.0.1", port.number());
            rig.until("failed", () -> rig.atClient.closed.containsKey(linkId));
            assertTrue(rig.atClient.closed.get(linkId).startsWith(CloseReason.CANNOT_CONNECT));
            final long unknown = rig.client.tryConnect("no-such-host.invalid", 1);
            rig.until("failed", () -> rig.atClient.closed.containsKey(unknown));
            assertEquals(
                CloseReason.CANNOT_CONNECT + ": unknown host no-such-host.invalid", rig.atClient.closed.get(unknown)
                    .replaceAll("(host no-such-host.invalid).*", "$1"));
        }
    }

    @Test
    void shouldTellThatAPeerSpeaksHttp() throws Exception
    {
        try (ServerSocket http = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            DownlinkRig rig = rig(OPTIONS, OPTIONS))
        {
            final long linkId = rig.client.tryConnect("127.0.0.1", http.getLocalPort());
            try (Socket accepted = http.accept())
            {
                accepted.getInputStream().read(new byte[100]);
                accepted.getOutputStream().write(
                    "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                rig.until("failed", () -> rig.atClient.closed.containsKey(linkId));
            }
            assertEquals(CloseReason.NOT_TLS, rig.atClient.closed.get(linkId));
        }
    }

    @Test
    void shouldBoundStrangersInNumber() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS.withLinks(10, 2), OPTIONS);
            Socket first = new Socket(InetAddress.getLoopbackAddress(), rig.server.port());
            Socket second = new Socket(InetAddress.getLoopbackAddress(), rig.server.port());
            Socket third = new Socket(InetAddress.getLoopbackAddress(), rig.server.port()))
        {
            assertEquals(-1, third.getInputStream().read());
            assertEquals(1, rig.server.counters().connectionsRefused());
            assertEquals(2, rig.server.counters().connectionsAccepted.sum());
            assertTrue(first.isConnected() && second.isConnected());
        }
    }

    @Test
    void shouldBoundStrangersInTime() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS.withTimeouts(60_000, 60_000, 1, 60_000), OPTIONS))
        {
            try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), rig.server.port()))
            {
                assertEquals(-1, stranger.getInputStream().read());
            }
            rig.until("counted", () -> 1 == rig.server.counters().timeouts());
            final long[] linkId = {rig.client.tryConnect("127.0.0.1", rig.server.port())};
            rig.until("an agent that says nothing is timed out", () ->
            {
                // The time may be over before the handshake is: then there was no agent yet that could be silent.
                if (rig.atServer.opened.isEmpty() && rig.atClient.closed.containsKey(linkId[0]))
                {
                    linkId[0] = rig.client.tryConnect("127.0.0.1", rig.server.port());
                }
                return !rig.atServer.closed.isEmpty();
            });
            for (final String reason : rig.atServer.closed.values())
            {
                assertTrue(reason.startsWith(CloseReason.TIMED_OUT), reason);
            }
        }
    }

    @Test
    void shouldCountAnAgentThatWasWelcomedAsNoStranger() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS.withLinks(10, 1), OPTIONS))
        {
            for (int i = 0; i < 3; i++)
            {
                rig.connect();
                rig.server.trySend(rig.atServer.lastOpened(), 4711, DownlinkRig.message(8, 0), 0, 8);
            }
            assertEquals(0, rig.server.counters().connectionsRefused());
            rig.connect();
            final long tooMany = rig.client.tryConnect("127.0.0.1", rig.server.port());
            rig.until("refused", () -> rig.atClient.closed.containsKey(tooMany));
            assertEquals(1, rig.server.counters().connectionsRefused());
        }
    }

    @Test
    void shouldSayThatAPortIsInUse() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS, OPTIONS))
        {
            final String message = assertThrows(IOException.class, () -> DownlinkServer.launch(
                OPTIONS, rig.ca.server(), new InetSocketAddress("127.0.0.1", rig.server.port()))).getMessage();
            assertEquals(
                "cannot listen for agents on 127.0.0.1:" + rig.server.port() + ": Address already in use", message);
        }
    }

    @Test
    void shouldCloseAllLinksWithTheServer() throws Exception
    {
        try (DownlinkRig rig = rig(OPTIONS, OPTIONS))
        {
            final long near = rig.connect();
            rig.server.trySend(rig.atServer.lastOpened(), 1, DownlinkRig.message(8, 0), 0, 8);
            rig.server.close();
            rig.until("closed", () -> rig.atClient.closed.containsKey(near));
            assertEquals(1, rig.atClient.frames.size());
        }
    }

    private DownlinkRig rig(final LinkOptions serverOptions, final LinkOptions clientOptions) throws IOException
    {
        return new DownlinkRig(directory, serverOptions, clientOptions);
    }
}
