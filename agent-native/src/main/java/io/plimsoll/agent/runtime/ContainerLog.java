package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what a container writes from the engine to the files of its kernel, each byte once whatever ends in between:
 * the engine's stream, the engine, or the agent. Beside the files stands a cursor: the time of the newest entry that
 * was copied, how many entries of that time, and how long both files were then. What the files have beyond is skipped.
 * <pre>
 *   log-cursor   "TIME ENTRIES STDOUT STDERR ."
 * </pre>
 * Entries come on the thread of the stream; the rest is the agent's thread's.
 */
final class ContainerLog implements Engine.LogSink
{
    static final String CURSOR = "log-cursor";
    private static final Logger LOG = LoggerFactory.getLogger(ContainerLog.class);
    private static final int TIME_LENGTH = 30;
    private static final int FIELDS = 5;
    private static final long SAVE_INTERVAL_NS = 1_000_000_000L;
    private static final long RETRY_NS = 500_000_000L;

    private final Path directory;
    private final long[] skip = new long[2];
    private final FileChannel[] files = new FileChannel[2];
    private Closeable stream;
    private String time = "";
    private long entriesOfTime;
    private String resumeTime = "";
    private long resumeEntries;
    private boolean resumed;
    private String copiedTime = "";
    private long copiedEntries;
    private long savedNs;
    private volatile boolean closed;
    private volatile State state = State.IDLE;

    /**
     * Opens nothing yet.
     *
     * @param directory of the kernel.
     */
    ContainerLog(final Path directory)
    {
        this.directory = directory;
    }

    boolean isFollowing()
    {
        return State.FOLLOWING == state;
    }

    /** Whether the stream that was opened last has come to its end without a failure. */
    boolean isComplete()
    {
        return State.COMPLETE == state;
    }

    /** What looked complete may not be: the engine was away. */
    void again()
    {
        if (State.COMPLETE == state)
        {
            state = State.IDLE;
        }
    }

    /** Begins to copy from where it stands. */
    void follow(final Engine engine, final String container) throws IOException
    {
        resume();
        state = State.FOLLOWING;
        savedNs = System.nanoTime();
        stream = engine.follow(container, second(resumeTime), this);
    }

    private void resume() throws IOException
    {
        final long[] ends = {end(KernelDirectory.STDOUT), end(KernelDirectory.STDERR)};
        final String[] cursor = cursor();
        resumeTime = null == cursor ? "" : cursor[0];
        resumeEntries = null == cursor ? 0 : Long.parseLong(cursor[1]);
        skip[0] = Math.max(0, ends[0] - (null == cursor ? 0 : Long.parseLong(cursor[2])));
        skip[1] = Math.max(0, ends[1] - (null == cursor ? 0 : Long.parseLong(cursor[3])));
        time = "";
        entriesOfTime = 0;
        resumed = null == cursor;
        copiedTime = resumeTime;
        copiedEntries = resumeEntries;
        files[0] = open(KernelDirectory.STDOUT);
        files[1] = open(KernelDirectory.STDERR);
    }

    private FileChannel open(final String name) throws IOException
    {
        return FileChannel.open(
            directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private long end(final String name) throws IOException
    {
        return LogExtent.of(directory.resolve(name)).endOffset();
    }

    private String[] cursor()
    {
        final String line = KernelFiles.line(directory, CURSOR);
        final String[] fields = null == line ? new String[0] : line.split(" ");
        return FIELDS == fields.length && ".".equals(fields[FIELDS - 1]) ? fields : null;
    }

    private static int second(final String time)
    {
        try
        {
            return time.isEmpty() ? 0 : (int)Instant.parse(time).getEpochSecond();
        }
        catch (final DateTimeParseException e)
        {
            return 0;
        }
    }

    @Override
    public synchronized void onEntry(final boolean stderr, final byte[] entry)
    {
        if (entry.length <= TIME_LENGTH || closed)
        {
            return;
        }
        final String entryTime = new String(entry, 0, TIME_LENGTH, StandardCharsets.US_ASCII);
        entriesOfTime = entryTime.equals(time) ? entriesOfTime + 1 : 1;
        time = entryTime;
        final int order = entryTime.compareTo(resumeTime);
        if (order < 0 || 0 == order && entriesOfTime <= resumeEntries)
        {
            resumed |= 0 == order;
            return;
        }
        if (!resumed)
        {
            // The engine has dropped what the cursor stands for, and with it what would have to be skipped.
            resumed = true;
            skip[0] = 0;
            skip[1] = 0;
        }
        final int file = stderr ? 1 : 0;
        final int length = entry.length - TIME_LENGTH - 1;
        final int skipped = (int)Math.min(skip[file], length);
        skip[file] -= skipped;
        write(file, ByteBuffer.wrap(entry, TIME_LENGTH + 1 + skipped, length - skipped));
        copiedTime = time;
        copiedEntries = entriesOfTime;
        if (System.nanoTime() - savedNs > SAVE_INTERVAL_NS)
        {
            save();
        }
    }

    /** On a full disk it waits: the engine keeps what is not read yet. */
    private void write(final int file, final ByteBuffer bytes)
    {
        while (bytes.hasRemaining() && !closed)
        {
            try
            {
                files[file].write(bytes);
            }
            catch (final IOException e)
            {
                LOG.debug("cannot write to {}: {}", directory, e.toString());
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    private void save()
    {
        savedNs = System.nanoTime();
        if (copiedTime.isEmpty() || skip[0] > 0 || skip[1] > 0)
        {
            return;
        }
        try
        {
            final String end = end(KernelDirectory.STDOUT) + " " + end(KernelDirectory.STDERR);
            Files.write(
                directory.resolve(CURSOR),
                String.join(
                    " ", copiedTime, Long.toString(copiedEntries), end, ".\n").getBytes(StandardCharsets.US_ASCII));
        }
        catch (final IOException e)
        {
            LOG.debug("cannot save the cursor of {}: {}", directory, e.toString());
        }
    }

    @Override
    public void onEnd(final Throwable failure)
    {
        if (!closed)
        {
            save();
        }
        for (final FileChannel file : files)
        {
            try
            {
                file.close();
            }
            catch (final IOException e)
            {
                LOG.debug("closing", e);
            }
        }
        state = null == failure && !closed ? State.COMPLETE : State.IDLE;
    }

    /** Stops copying; what is missing is copied by the next one. */
    void close()
    {
        closed = true;
        synchronized (this)
        {
            // Nothing is written behind this: another one may go on from here.
            state = State.IDLE;
        }
        if (null != stream)
        {
            try
            {
                stream.close();
            }
            catch (final IOException e)
            {
                LOG.debug("closing", e);
            }
        }
    }

    private enum State
    {
        IDLE,
        FOLLOWING,
        COMPLETE
    }
}
