package io.plimsoll.transport.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.PooledByteBufAllocator;
import io.plimsoll.transport.Await;
import io.plimsoll.transport.auth.PinnedAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownlinkHostileTest
{
    private static final int FRAMES = 20_000;
    private static final int STRANGERS = 500;
    private static final int GOOD_EVERY = 20;
    private static final LinkOptions OPTIONS = LinkOptions.agentDefaults();

    @TempDir
    private Path directory;

    @Test
    void shouldFindALeak()
    {
        LeakCounter.assertNone();
        PooledByteBufAllocator.DEFAULT.heapBuffer(16);
        Await.until("the leak is found", () ->
        {
            LeakCounter.collect();
            return LeakCounter.clear() > 0;
        });
    }

    @Test
    void shouldSurviveBrokenFramesAndGoOn() throws Exception
    {
        final long seed = Long.getLong("plimsoll.seed", 20_261_122L);
        final SplittableRandom random = new SplittableRandom(seed);
        try (DownlinkRig rig = new DownlinkRig(directory, OPTIONS, OPTIONS))
        {
            final long good = rig.connect();
            final long goodAtServer = rig.atServer.lastOpened();
            rig.server.trySend(goodAtServer, 1, DownlinkRig.message(8, 0), 0, 8);
            rig.server.flush();
            final SSLContext tls = SSLContext.getInstance("TLSv1.3");
            tls.init(null, new TrustManager[]{new PinnedAuthority(rig.ca.sha256())}, null);
            int sent = 0;
            int connections = 0;
            int goodSent = 0;
            while (sent < FRAMES)
            {
                sent += attack(rig, tls, random);
                connections++;
                if (0 == connections % GOOD_EVERY)
                {
                    assertTrue(rig.client.trySend(good, ++goodSent, DownlinkRig.message(100, 1), 0, 100));
                    rig.client.flush();
                }
                rig.poll();
            }
            final long expected = goodSent;
            rig.until("good frames arrive", () -> expected == rig.atServer.frames.stream()
                .filter(frame -> goodAtServer == frame.linkId()).count());
            rig.until("hostile links are gone", () -> rig.atServer.closed.size() == rig.atServer.opened.size() - 1);
            assertTrue(rig.atClient.closed.isEmpty(), "seed=" + seed);
            assertTrue(rig.server.counters().badFrames() > 0);
            assertEquals(rig.server.counters().linksOpened() - 1, rig.server.counters().linksClosed());
        }
        LeakCounter.assertNone();
    }

    @Test
    void shouldSurviveStrangersThatDoNotEvenSpeakTls() throws Exception
    {
        final SplittableRandom random = new SplittableRandom(7);
        try (DownlinkRig rig = new DownlinkRig(directory, OPTIONS, OPTIONS))
        {
            rig.connect();
            for (int i = 0; i < STRANGERS; i++)
            {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.server.port()))
                {
                    write(socket.getOutputStream(), strange(random));
                }
                rig.poll();
            }
            rig.connect();
            rig.until("all accepted", () -> rig.server.counters().handshakesFailed() >= STRANGERS * 9 / 10);
            assertEquals(2, rig.atServer.opened.size());
            assertTrue(rig.atServer.closed.isEmpty());
        }
        LeakCounter.assertNone();
    }

    /** One connection with some frames that are well framed but senseless, and an end that is not. */
    private static int attack(final DownlinkRig rig, final SSLContext tls, final SplittableRandom random)
        throws IOException
    {
        int sent = 0;
        try (SSLSocket socket = (SSLSocket)tls.getSocketFactory().createSocket(
            InetAddress.getLoopbackAddress(), rig.server.port()))
        {
            final SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[]{0 == random.nextInt(20) ? "h2" : Tls.PROTOCOL});
            socket.setSSLParameters(parameters);
            final OutputStream out = socket.getOutputStream();
            for (int senseless = random.nextInt(80); senseless > 0; senseless--)
            {
                sent++;
                write(out, frame(random, 16 + random.nextInt(200)));
                rig.poll();
            }
            sent++;
            switch (random.nextInt(4))
            {
                case 0 -> write(out, frame(random, random.nextInt(16)));
                case 1 -> write(out, lengthOnly(LinkEndpoint.FRAME_LENGTH_MAX + 1 + random.nextInt(1 << 30)));
                case 2 -> write(out, lengthOnly(-1 - random.nextInt(1 << 30)));
                default ->
                {
                    final byte[] frame = frame(random, 100);
                    write(out, Arrays.copyOf(frame, 1 + random.nextInt(frame.length - 1)));
                }
            }
        }
        catch (final IOException ex)
        {
            // The server closed while we were still writing, as it should.
            sent++;
        }
        return sent;
    }

    private static byte[] frame(final SplittableRandom random, final int length)
    {
        final byte[] bytes = new byte[Integer.BYTES + length];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
        return bytes;
    }

    private static byte[] lengthOnly(final int length)
    {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array();
    }

    private static byte[] strange(final SplittableRandom random)
    {
        final byte[] bytes = new byte[1 + random.nextInt(2000)];
        random.nextBytes(bytes);
        switch (random.nextInt(4))
        {
            case 0 ->
            {
                return "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            }
            case 1 ->
            {
                // Looks like the record of a ClientHello.
                bytes[0] = 0x16;
                return bytes;
            }
            default ->
            {
                return bytes;
            }
        }
    }

    private static void write(final OutputStream out, final byte[] bytes) throws IOException
    {
        out.write(bytes);
        out.flush();
    }
}
