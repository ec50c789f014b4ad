package io.plimsoll.ops.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * What one thread writes another reads. Full, it holds up the writer. Unlike the pipes of the JDK it does not mind
 * which threads these are, nor whether they live on.
 */
final class ChunkPipe extends OutputStream
{
    private static final int CHUNKS_MAX = 16;
    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(CHUNKS_MAX);
    private volatile boolean abandoned;

    @Override
    public void write(final int octet) throws IOException
    {
        write(new byte[]{(byte)octet}, 0, 1);
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException
    {
        if (length > 0)
        {
            put(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }

    /** What was written is all. */
    @Override
    public void close() throws IOException
    {
        put(END);
    }

    private void put(final byte[] chunk) throws IOException
    {
        if (abandoned)
        {
            return;
        }
        try
        {
            chunks.put(chunk);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
    }

    /** Nobody wants it any more; writers are not held up, and who reads is at the end. */
    void abandon()
    {
        abandoned = true;
        chunks.clear();
        chunks.offer(END);
    }

    InputStream reader()
    {
        return new Reader();
    }

    private final class Reader extends InputStream
    {
        private byte[] chunk = new byte[0];
        private int offset;
        private boolean ended;

        @Override
        public int read() throws IOException
        {
            final byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(final byte[] bytes, final int start, final int length) throws IOException
        {
            if (length > 0 && !ended && offset == chunk.length)
            {
                next();
            }
            if (ended)
            {
                return -1;
            }
            final int part = Math.min(length, chunk.length - offset);
            System.arraycopy(chunk, offset, bytes, start, part);
            offset += part;
            return part;
        }

        private void next() throws IOException
        {
            try
            {
                chunk = chunks.take();
                offset = 0;
                ended = END == chunk || abandoned;
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", ex);
            }
        }
    }
}
