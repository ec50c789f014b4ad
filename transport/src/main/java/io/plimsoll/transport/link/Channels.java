package io.plimsoll.transport.link;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How many agents share one connection: the number of a channel stands in the upper half of the agent id of each frame.
 * Channel 0 is the connection itself, which is all that most agents ever use. The first frame on a channel opens it; a
 * message of eight zero bytes, which no message of the protocol begins with, closes it.
 */
final class Channels
{
    /** Most channels of a connection at a time. */
    static final int MAX = 4096;

    private static final int GOODBYE_LENGTH = Long.BYTES;
    private static final UnsafeBuffer GOODBYE = new UnsafeBuffer(new byte[GOODBYE_LENGTH]);

    private Channels()
    {
    }

    static int channel(final long field)
    {
        return (int)(field >>> Integer.SIZE);
    }

    static long agentId(final long field)
    {
        return (int)field;
    }

    static long field(final int channel, final long agentId)
    {
        return (long)channel << Integer.SIZE | agentId & 0xFFFF_FFFFL;
    }

    static boolean isGoodbye(final DirectBuffer buffer, final int offset, final int length)
    {
        return GOODBYE_LENGTH == length && 0 == buffer.getLong(offset);
    }

    static void sayGoodbye(final LinkEndpoint endpoint, final long linkId, final int channel)
    {
        endpoint.trySend(linkId, field(channel, 0), GOODBYE, 0, GOODBYE_LENGTH);
    }
}
