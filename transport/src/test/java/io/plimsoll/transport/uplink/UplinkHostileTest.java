package io.plimsoll.transport.uplink;

import static io.plimsoll.transport.uplink.UplinkSender.REPORT_STREAM;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class UplinkHostileTest
{
    private static final int FRAMES = 20_000;
    private static final int GOOD_EVERY = 100;
    private static final int LONGEST = 256 * 1024;
    private static final int DATAGRAM_LENGTH_MAX = 1408;

    @Test
    void shouldDropBrokenFramesAndGoOn() throws Exception
    {
        final SplittableRandom random = new SplittableRandom(Long.getLong("plimsoll.seed", 20_261_122L));
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults());
            Aeron hostile = rig.agentDriver.connectThreaded())
        {
            final UplinkSender good = rig.connect(7, 3);
            final ExclusivePublication publication = hostile.addExclusivePublication(
                UplinkChannels.forSender(rig.receiver.channel(), "127.0.0.1", 2 * 1024 * 1024), REPORT_STREAM);
            final FrameSealer sealer = new FrameSealer(REPORT_STREAM, 7, 3, UplinkRig.REPORT_KEY);
            int goodSent = 0;
            for (int i = 0; i < FRAMES; i++)
            {
                final UnsafeBuffer frame = broken(random, sealer);
                rig.until("sent", () -> publication.offer(frame, 0, frame.capacity()) > 0);
                if (0 == i % GOOD_EVERY)
                {
                    goodSent++;
                    rig.send(good, REPORT_STREAM, UplinkRig.message(60, i));
                }
            }
            final int expected = goodSent;
            final UplinkCounters counters = rig.receiver.counters();
            rig.until("good messages arrive", () -> expected == rig.messages.size());
            rig.until("all others are counted", () -> FRAMES <= counters.malformed() + counters.unknown() +
                counters.stale() + counters.replayed() + counters.forged());
            assertTrue(good.isConnected());
            assertTrue(counters.malformed() > 0 && counters.unknown() > 0 && counters.forged() > 0);
            publication.close();
            rig.assertNoErrors();
        }
    }

    @Test
    void shouldSurviveBrokenDatagramsAndGoOn() throws Exception
    {
        final SplittableRandom random = new SplittableRandom(Long.getLong("plimsoll.seed", 20_261_122L));
        try (UplinkRig rig = new UplinkRig(UplinkSenderOptions.defaults());
            DatagramSocket socket = new DatagramSocket())
        {
            final UplinkSender good = rig.connect(7, 3);
            int goodSent = 0;
            for (int i = 0; i < FRAMES; i++)
            {
                final byte[] datagram = datagram(random);
                socket.send(new DatagramPacket(
                    datagram, datagram.length, InetAddress.getLoopbackAddress(), rig.receiver.port()));
                rig.receiver.poll(rig, 10);
                if (0 == i % GOOD_EVERY)
                {
                    goodSent++;
                    rig.send(good, REPORT_STREAM, UplinkRig.message(60, i));
                }
            }
            final int expected = goodSent;
            rig.until("good messages arrive", () -> expected == rig.messages.size());
            assertTrue(good.isConnected());
            rig.assertNoErrors();
        }
    }

    private static UnsafeBuffer broken(final SplittableRandom random, final FrameSealer sealer)
    {
        final int kind = random.nextInt(100);
        if (kind < 2)
        {
            return UplinkRig.message(UplinkFrame.LENGTH_MAX + 1 + random.nextInt(LONGEST - UplinkFrame.LENGTH_MAX), 1);
        }
        final byte[] bytes;
        if (kind < 50)
        {
            bytes = new byte[random.nextInt(kind < 5 ? 5000 : 200)];
            random.nextBytes(bytes);
        }
        else
        {
            final int length = sealer.seal(UplinkRig.message(50, kind), 0, 50);
            bytes = new byte[length];
            sealer.frame().getBytes(0, bytes);
            bytes[random.nextInt(length)] ^= (byte)(1 + random.nextInt(255));
        }
        return new UnsafeBuffer(bytes);
    }

    /** Noise, and what looks like Aeron's own frames. */
    private static byte[] datagram(final SplittableRandom random)
    {
        final byte[] bytes = new byte[1 + random.nextInt(DATAGRAM_LENGTH_MAX)];
        random.nextBytes(bytes);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        if (bytes.length >= SetupFlyweight.HEADER_LENGTH && random.nextBoolean())
        {
            final int[] types = {
                HeaderFlyweight.HDR_TYPE_DATA, HeaderFlyweight.HDR_TYPE_PAD, HeaderFlyweight.HDR_TYPE_SETUP,
                HeaderFlyweight.HDR_TYPE_NAK, HeaderFlyweight.HDR_TYPE_SM, HeaderFlyweight.HDR_TYPE_RTTM};
            new HeaderFlyweight(buffer)
                .frameLength(random.nextBoolean() ? bytes.length : random.nextInt())
                .headerType(types[random.nextInt(types.length)])
                .flags((short)random.nextInt(256))
                .version((short)HeaderFlyweight.CURRENT_VERSION);
            if (random.nextBoolean())
            {
                buffer.putInt(
                    DataHeaderFlyweight.STREAM_ID_FIELD_OFFSET, REPORT_STREAM, ByteOrder.LITTLE_ENDIAN);
            }
        }
        return bytes;
    }
}
