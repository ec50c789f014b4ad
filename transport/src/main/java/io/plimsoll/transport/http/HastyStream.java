package io.plimsoll.transport.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/**
 * Gives up on whoever sends so slowly that no silence is ever long enough: a thousand bytes a second are asked for,
 * after a start as long as a silence may be.
 */
final class HastyStream extends FilterInputStream
{
    private static final long NS_PER_MS = 1_000_000;

    private final long startNs = System.nanoTime();
    private final int silenceMs;
    private long count;

    /**
     * In time from now on.
     *
     * @param silenceMs longest silence; 0: no haste.
     */
    HastyStream(final InputStream in, final int silenceMs)
    {
        super(in);
        this.silenceMs = silenceMs;
    }

    @Override
    public int read() throws IOException
    {
        checkTime();
        count++;
        return super.read();
    }

    @Override
    public int read(final byte[] buffer, final int offset, final int length) throws IOException
    {
        checkTime();
        final int read = super.read(buffer, offset, length);
        count += Math.max(0, read);
        return read;
    }

    private void checkTime() throws SocketTimeoutException
    {
        if (silenceMs > 0 && System.nanoTime() - startNs > (silenceMs + count) * NS_PER_MS)
        {
            throw new SocketTimeoutException("it comes too slowly");
        }
    }
}
