package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.kernel.AssignmentCodec;
import io.plimsoll.transport.sbe.AssignDecoder;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Whatever comes over the link, the agent drops the link at worst, and comes back. */
class HostileFramesTest
{
    private static final int FRAMES = 20_000;
    private static final int LENGTH_MAX = 512;
    /** The transport drops links with shorter ones by itself. */
    private static final int LINK_LENGTH_MIN = 8;

    private final AgentHarness harness = new AgentHarness();
    private final Random random = new Random(4711);

    @Test
    void shouldSurviveRandomBytesBehindGoodHeader()
    {
        harness.active();
        for (int i = 0; i < FRAMES; i++)
        {
            final byte[] frame = new byte[MessageHeaderDecoder.ENCODED_LENGTH + random.nextInt(LENGTH_MAX)];
            random.nextBytes(frame);
            final UnsafeBuffer header = new UnsafeBuffer(frame);
            header.putShort(0, (short)random.nextInt(200));
            header.putShort(2, (short)(AssignDecoder.TEMPLATE_ID - 3 + random.nextInt(12)));
            header.putShort(4, (short)MessageHeaderDecoder.SCHEMA_ID);
            header.putShort(6, (short)1);
            sendAndRecover(frame);
        }
    }

    @Test
    void shouldSurviveAssignmentsCutOffOrChanged()
    {
        harness.active();
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int length = new AssignmentCodec().encodeMessage(Assignments.of(1).make(), buffer, 0);
        for (int i = 0; i < FRAMES / 4; i++)
        {
            final int cut = LINK_LENGTH_MIN + random.nextInt(length - LINK_LENGTH_MIN);
            final byte[] frame = new byte[0 == i % 2 ? cut : length];
            buffer.getBytes(0, frame);
            if (frame.length == length)
            {
                frame[random.nextInt(length)] = (byte)random.nextInt();
            }
            sendAndRecover(frame);
        }
        assertTrue(harness.runtime.launches.size() > 0);
    }

    private void sendAndRecover(final byte[] frame)
    {
        harness.manager.sendBroken(frame);
        harness.step(2);
        for (int i = 0; i < 10 && AgentState.ACTIVE != harness.state(); i++)
        {
            harness.pass(TimeUnit.SECONDS.toNanos(10), TimeUnit.MILLISECONDS.toNanos(100));
        }
        assertEquals(AgentState.ACTIVE, harness.state());
    }
}
