package io.plimsoll.loadtest.csv;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * Tells whoever waits how much of a file has been read, as bytes on the disk tell it. Readers are many and their
 * callers few, so it goes with the thread: what is opened while {@link #during} runs is told to its listener. Any
 * thread.
 */
public final class ReadProgress
{
    private static final ThreadLocal<DoubleConsumer> LISTENER = new ThreadLocal<>();

    private ReadProgress()
    {
    }

    /**
     * Does something that may read files.
     *
     * @param listener told the part that has been read of the file that is being read, from 0 to 1, often.
     * @param work     to do.
     * @return what came of it.
     */
    public static <T> T during(final DoubleConsumer listener, final Supplier<T> work)
    {
        final DoubleConsumer before = LISTENER.get();
        LISTENER.set(listener);
        try
        {
            return work.get();
        }
        finally
        {
            LISTENER.set(before);
        }
    }

    /**
     * A file that is read from here on.
     *
     * @param file that is there.
     * @return its bytes, from the first one on.
     * @throws IOException if it cannot be read.
     */
    public static InputStream open(final Path file) throws IOException
    {
        final InputStream in = Files.newInputStream(file);
        final DoubleConsumer listener = LISTENER.get();
        // What has no length, such as a pipe, has no parts either.
        final long length = null != listener && Files.isRegularFile(file) ? Files.size(file) : 0;
        return 0 == length ? in : new Watched(in, listener, length);
    }

    /** So much of something that is no single file has been read; told if somebody listens. */
    public static void tell(final double part)
    {
        final DoubleConsumer listener = LISTENER.get();
        if (null != listener)
        {
            listener.accept(part);
        }
    }

    /** Counts what goes through it. */
    private static final class Watched extends FilterInputStream
    {
        private final DoubleConsumer listener;
        private final double length;
        private long done;

        Watched(final InputStream in, final DoubleConsumer listener, final long length)
        {
            super(in);
            this.listener = listener;
            this.length = length;
        }

        @Override
        public int read() throws IOException
        {
            final int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(final byte[] bytes, final int offset, final int count) throws IOException
        {
            final int taken = super.read(bytes, offset, count);
            count(taken);
            return taken;
        }

        private void count(final int taken)
        {
            if (taken > 0)
            {
                done += taken;
                listener.accept(Math.min(1, done / length));
            }
        }
    }
}
