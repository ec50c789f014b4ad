package io.plimsoll.transport.uplink;

import static io.plimsoll.transport.uplink.UplinkSender.HEARTBEAT_STREAM;
import static io.plimsoll.transport.uplink.UplinkSender.REPORT_STREAM;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrameAdmissionTest
{
    private static final byte[] HEARTBEAT_KEY = UplinkRig.HEARTBEAT_KEY;
    private static final byte[] REPORT_KEY = UplinkRig.REPORT_KEY;
    private static final long IMAGE = 99;

    private final UplinkCounters counters = new UplinkCounters();
    private final FrameAdmission admission = new FrameAdmission(counters);
    private final List<byte[]> delivered = new ArrayList<>();
    private boolean isRefusing;

    @BeforeEach
    void admitOne()
    {
        admission.admit(new AdmittedAgent(7, 3, HEARTBEAT_KEY, REPORT_KEY));
        admission.applyChanges();
    }

    @Test
    void shouldOpenWhatWasSealed()
    {
        final FrameSealer reports = new FrameSealer(REPORT_STREAM, 7, 3, REPORT_KEY);
        final FrameSealer heartbeats = new FrameSealer(HEARTBEAT_STREAM, 7, 3, HEARTBEAT_KEY);
        for (int length = 8; length <= UplinkFrame.MESSAGE_LENGTH_MAX; length += 1 + length / 3)
        {
            final byte[] message = UplinkRig.message(length, length).byteArray();
            assertEquals(FrameAdmission.Verdict.TAKEN, offer(REPORT_STREAM, seal(reports, message)));
            assertEquals(FrameAdmission.Verdict.TAKEN, offer(HEARTBEAT_STREAM, seal(heartbeats, message)));
            assertArrayEquals(message, delivered.get(delivered.size() - 1));
            assertArrayEquals(message, delivered.get(delivered.size() - 2));
        }
    }

    @Test
    void shouldTakeTheSameFrameOnlyOnceAndNoOlderOne()
    {
        final FrameSealer sealer = new FrameSealer(REPORT_STREAM, 7, 3, REPORT_KEY);
        final UnsafeBuffer first = seal(sealer, new byte[8]);
        final UnsafeBuffer second = seal(sealer, new byte[8]);
        assertEquals(FrameAdmission.Verdict.TAKEN, offer(REPORT_STREAM, second));
        assertEquals(FrameAdmission.Verdict.DROPPED, offer(REPORT_STREAM, second));
        assertEquals(FrameAdmission.Verdict.DROPPED, offer(REPORT_STREAM, first));
        assertEquals(2, counters.replayed());
        assertEquals(1, delivered.size());
    }

    @Test
    void shouldTakeAFrameThatWasRefusedBeforeWhenOfferedAgain()
    {
        final UnsafeBuffer frame = seal(new FrameSealer(REPORT_STREAM, 7, 3, REPORT_KEY), new byte[8]);
        isRefusing = true;
        assertEquals(FrameAdmission.Verdict.REFUSED, offer(REPORT_STREAM, frame));
        assertEquals(FrameAdmission.Verdict.REFUSED, offer(REPORT_STREAM, frame));
        isRefusing = false;
        assertEquals(FrameAdmission.Verdict.TAKEN, offer(REPORT_STREAM, frame));
        assertEquals(0, counters.replayed());
    }

    @Test
    void shouldDropEveryFrameInWhichAnyBitWasChanged()
    {
        final UnsafeBuffer frame = seal(new FrameSealer(REPORT_STREAM, 7, 3, REPORT_KEY), new byte[20]);
        for (int bit = 0; bit < frame.capacity() * Byte.SIZE; bit++)
        {
            final UnsafeBuffer changed = new UnsafeBuffer(frame.byteArray().clone());
            changed.putByte(bit / Byte.SIZE, (byte)(changed.getByte(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE));
            assertEquals(FrameAdmission.Verdict.DROPPED, offer(REPORT_STREAM, changed), "bit=" + bit);
        }
        assertEquals(FrameAdmission.Verdict.TAKEN, offer(REPORT_STREAM, frame));
    }

    @Test
    void shouldDropFramesOfTheOtherStreamOrAnotherKey()
    {
        final UnsafeBuffer heartbeat = seal(new FrameSealer(HEARTBEAT_STREAM, 7, 3, HEARTBEAT_KEY), new byte[8]);
        assertEquals(FrameAdmission.Verdict.DROPPED, offer(REPORT_STREAM, heartbeat));
        assertEquals(1, counters.malformed());
        final UnsafeBuffer wrongKey = seal(new FrameSealer(REPORT_STREAM, 7, 3, HEARTBEAT_KEY), new byte[8]);
        assertEquals(FrameAdmission.Verdict.DROPPED, offer(REPORT_STREAM, wrongKey));
        assertEquals(1, counters.forged());
    }

    @Test
    void shouldTakeOnlyThePresentConnection()
    {
        final FrameSealer old = new FrameSealer(REPORT_STREAM, 7, 3, REPORT_KEY);
        admission.admit(new AdmittedAgent(7, 4, HEARTBEAT_KEY, REPORT_KEY));
        // Not applied yet: the frame itself makes it so.
        assertEquals(
            FrameAdmission.Verdict.TAKEN,
            offer(REPORT_STREAM, seal(new FrameSealer(REPORT_STREAM, 7, 4, REPORT_KEY), new byte[8])));
        assertEquals(FrameAdmission.Verdict.DROPPED, offer(REPORT_STREAM, seal(old, new byte[8])));
        assertEquals(1, counters.stale());
        admission.admit(new AdmittedAgent(7, 3, HEARTBEAT_KEY, REPORT_KEY));
        admission.dismiss(7, 3);
        assertEquals(FrameAdmission.Verdict.DROPPED, offer(REPORT_STREAM, seal(old, new byte[8])));
        assertEquals(2, counters.stale());
        admission.dismiss(7, 4);
        assertEquals(FrameAdmission.Verdict.DROPPED, offer(REPORT_STREAM, seal(old, new byte[8])));
        assertEquals(1, counters.unknown());
    }

    @Test
    void shouldEndWithTheLatestOfManyChangesBetweenTwoPolls()
    {
        admission.admit(new AdmittedAgent(7, 4, HEARTBEAT_KEY, REPORT_KEY));
        admission.dismiss(7, 3);
        admission.admit(new AdmittedAgent(7, 5, HEARTBEAT_KEY, REPORT_KEY));
        admission.dismiss(7, 4);
        assertEquals(
            FrameAdmission.Verdict.TAKEN,
            offer(REPORT_STREAM, seal(new FrameSealer(REPORT_STREAM, 7, 5, REPORT_KEY), new byte[8])));
        admission.admit(new AdmittedAgent(7, 6, HEARTBEAT_KEY, REPORT_KEY));
        admission.dismiss(7, 6);
        admission.applyChanges();
        for (int connection = 3; connection <= 6; connection++)
        {
            assertEquals(
                FrameAdmission.Verdict.DROPPED,
                offer(REPORT_STREAM, seal(new FrameSealer(REPORT_STREAM, 7, connection, REPORT_KEY), new byte[8])));
        }
        assertEquals(4, counters.unknown());
    }

    @Test
    void shouldNotTakeReportsOfOneConnectionFromASecondImage()
    {
        final FrameSealer sealer = new FrameSealer(REPORT_STREAM, 7, 3, REPORT_KEY);
        assertEquals(FrameAdmission.Verdict.TAKEN, offer(REPORT_STREAM, seal(sealer, new byte[8])));
        final UnsafeBuffer next = seal(sealer, new byte[8]);
        assertEquals(
            FrameAdmission.Verdict.BROKEN,
            admission.onFrame(REPORT_STREAM, IMAGE + 1, next, 0, next.capacity(), this::onMessage));
        assertEquals(1, delivered.size());
    }

    @Test
    void shouldDeliverNothingOfRandomFrames()
    {
        final SplittableRandom random = new SplittableRandom(11);
        final UnsafeBuffer good = seal(new FrameSealer(REPORT_STREAM, 7, 3, REPORT_KEY), new byte[100]);
        for (int i = 0; i < 20_000; i++)
        {
            final byte[] bytes = random.nextBoolean() ? good.byteArray().clone() : new byte[random.nextInt(300)];
            if (0 == bytes.length || bytes.length != good.capacity())
            {
                random.nextBytes(bytes);
            }
            else
            {
                bytes[random.nextInt(bytes.length)] ^= (byte)(1 + random.nextInt(255));
            }
            assertEquals(FrameAdmission.Verdict.DROPPED, offer(REPORT_STREAM, new UnsafeBuffer(bytes)));
        }
        assertFalse(delivered.iterator().hasNext());
        assertEquals(
            20_000,
            counters.malformed() + counters.unknown() + counters.stale() + counters.replayed() + counters.forged());
    }

    private static UnsafeBuffer seal(final FrameSealer sealer, final byte[] message)
    {
        final int length = sealer.seal(new UnsafeBuffer(message), 0, message.length);
        final byte[] frame = new byte[length];
        sealer.frame().getBytes(0, frame);
        return new UnsafeBuffer(frame);
    }

    private FrameAdmission.Verdict offer(final int streamId, final UnsafeBuffer frame)
    {
        return admission.onFrame(streamId, IMAGE, frame, 0, frame.capacity(), this::onMessage);
    }

    private boolean onMessage(
        final int agentId, final long connection, final int streamId, final DirectBuffer buffer, final int offset,
        final int length)
    {
        if (isRefusing)
        {
            return false;
        }
        assertEquals(offset + length, buffer.capacity());
        final byte[] message = new byte[length];
        buffer.getBytes(offset, message);
        delivered.add(message);
        return true;
    }
}
