package io.plimsoll.manager.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Cuts a body into lines as it arrives. Holds no more than what has come of the present line; of one that is too long
 * it keeps nothing. One thread.
 */
final class LineSplitter
{
    /** Longest line in bytes, without its end. */
    static final int LINE_LENGTH_MAX = 256 * 1024;

    private static final int INITIAL_LENGTH = 16 * 1024;

    private final LineConsumer consumer;
    private byte[] bytes = new byte[INITIAL_LENGTH];
    private int length;
    private int number;
    private boolean skipping;

    LineSplitter(final LineConsumer consumer)
    {
        this.consumer = consumer;
    }

    /** Takes all that can be read of a buffer, which stays the caller's. */
    void read(final ByteBuf content)
    {
        final int added = content.readableBytes();
        if (bytes.length - length < added)
        {
            bytes = Arrays.copyOf(bytes, Math.max(length + added, 2 * bytes.length));
        }
        content.readBytes(bytes, length, added);
        int scanned = length;
        length += added;
        int start = 0;
        for (; scanned < length; scanned++)
        {
            if ('\n' == bytes[scanned])
            {
                line(start, scanned);
                start = scanned + 1;
            }
        }
        if (length - start > LINE_LENGTH_MAX)
        {
            skipping = true;
        }
        if (skipping)
        {
            start = length;
        }
        System.arraycopy(bytes, start, bytes, 0, length - start);
        length -= start;
    }

    /** The body has ended, perhaps in the middle of its last line. */
    void end()
    {
        if (length > 0 || skipping)
        {
            line(0, length);
            length = 0;
        }
    }

    private void line(final int start, final int end)
    {
        number++;
        if (skipping || end - start > LINE_LENGTH_MAX)
        {
            skipping = false;
            consumer.onLongLine(number);
            return;
        }
        int from = start;
        int to = end;
        while (from < to && isSpace(bytes[from]))
        {
            from++;
        }
        while (from < to && isSpace(bytes[to - 1]))
        {
            to--;
        }
        if (from < to)
        {
            consumer.onLine(number, bytes, from, to - from);
        }
    }

    private static boolean isSpace(final byte octet)
    {
        return ' ' == octet || '\t' == octet || '\r' == octet;
    }

    /** Takes the lines, numbered from 1; empty ones are counted and not shown. */
    interface LineConsumer
    {
        /** A line without spaces around it; the bytes are valid during the call only. */
        void onLine(int number, byte[] bytes, int offset, int length);

        /** A line of more than {@link #LINE_LENGTH_MAX} bytes. */
        void onLongLine(int number);
    }
}
