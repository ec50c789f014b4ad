package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what a container writes from the engine to the files of its kernel, each byte once whatever ends in between:
 * the engine's stream, the engine, or the agent. Beside the files stands a cursor: the time of the newest entry that
 * was copied, how many entries of that time, and how long both files were then. What the files have beyond is skipped.
 * <pre>
 *   log-cursor   "TIME ENTRIES STDOUT STDERR .LINEENDS"
 * </pre>
 * Entries come on the thread of the stream, and what terminals show on those of {@link DockerScreen}; the rest is the
 * agent's thread's.
 */
final class ContainerLog implements Engine.LogSink
{
    static final String CURSOR = "log-cursor";
    private static final Logger LOG = LoggerFactory.getLogger(ContainerLog.class);
    private static final int TIME_LENGTH = 30;
    private static final int FIELDS = 5;
    private static final String MARK = ".";
    private static final long SAVE_INTERVAL_NS = 1_000_000_000L;
    private static final long RETRY_NS = 500_000_000L;
    private static final long TAIL_LENGTH_MAX = 4 * ScreenTail.LENGTH_MAX;
    private static final long WAIT_MS = 20;
    private static final long QUIET_NS = 200_000_000L;
    private static final long QUIET_WITHIN_NS = 2_000_000_000L;
    private static final long SHOWING_WITHIN_NS = 3_000_000_000L;
    /** How long the rest of a line may take on its other way. */
    private static final long HALF_NS = 300_000_000L;

    private final Path directory;
    /** What a terminal shows; null: it has none. Guarded by this. */
    private final ScreenTail tail;
    private volatile DockerScreen screen;
    private long entryNs;
    /** When something was shown, or was about to be. */
    private long shownNs;
    private final LineEnds lineEnds = new LineEnds();
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
     * @param tty       whether it has a terminal.
     */
    ContainerLog(final Path directory, final boolean tty)
    {
        this.directory = directory;
        tail = tty ? new ScreenTail() : null;
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
        synchronized (this)
        {
            resume();
            state = State.FOLLOWING;
            savedNs = System.nanoTime();
            entryNs = savedNs;
            notifyAll();
        }
        stream = engine.follow(container, second(resumeTime), null != tail, this);
    }

    /** Shows what a terminal writes as it comes, besides what the engine's log says of it, unless somebody does. */
    void show(final Engine engine, final String container, final boolean isNew)
    {
        final DockerScreen last = screen;
        if (null != tail && !closed && State.COMPLETE != state && (null == last || last.hasEnded()))
        {
            final DockerScreen next = new DockerScreen(engine, container, this);
            screen = next;
            next.begin(isNew);
        }
    }

    /** Waits until nothing has come from the engine's log for a moment, or it seems that it will go on for ever. */
    synchronized void awaitQuiet() throws InterruptedException
    {
        final long sinceNs = System.nanoTime();
        long nowNs = sinceNs;
        while (!closed && State.COMPLETE != state && nowNs - sinceNs < QUIET_WITHIN_NS &&
            (State.FOLLOWING != state || nowNs - entryNs < QUIET_NS))
        {
            wait(WAIT_MS);
            nowNs = System.nanoTime();
        }
    }

    /** Waits until what a terminal answers will be shown, but not for long. */
    synchronized void awaitShowing() throws InterruptedException
    {
        final long sinceNs = System.nanoTime();
        while (null != tail && !closed && (null == screen || !screen.isAttached()) &&
            System.nanoTime() - sinceNs < SHOWING_WITHIN_NS)
        {
            wait(WAIT_MS);
        }
    }

    /** What a terminal writes; false: nobody wants it any more. Waits while the engine's log is far behind. */
    synchronized boolean onShown(final DockerScreen from, final byte[] content) throws InterruptedException
    {
        while (!closed && from == screen && State.COMPLETE != state &&
            (State.FOLLOWING != state || tail.aheadLength() > ScreenTail.LENGTH_MAX))
        {
            wait(WAIT_MS);
        }
        if (closed || from != screen || State.COMPLETE == state)
        {
            return false;
        }
        write(0, ByteBuffer.wrap(tail.ofScreen(content)));
        shownNs = System.nanoTime();
        notifyAll();
        return true;
    }

    /** From now on all is shown that it writes, or nothing more. */
    synchronized void onShowing(final DockerScreen from, final boolean isLive)
    {
        if (from == screen)
        {
            tail.live(isLive);
            shownNs = System.nanoTime();
            notifyAll();
        }
    }

    private void resume() throws IOException
    {
        final long[] ends = {end(KernelDirectory.STDOUT), end(KernelDirectory.STDERR)};
        final String[] cursor = cursor();
        resumeTime = null == cursor ? "" : cursor[0];
        resumeEntries = null == cursor ? 0 : Long.parseLong(cursor[1]);
        skip[0] = Math.max(0, ends[0] - (null == cursor ? 0 : Long.parseLong(cursor[2])));
        if (null != tail)
        {
            final byte[] kept = newest(Math.min(skip[0], TAIL_LENGTH_MAX));
            skip[0] -= kept.length;
            tail.reset(kept);
        }
        skip[1] = Math.max(0, ends[1] - (null == cursor ? 0 : Long.parseLong(cursor[3])));
        time = "";
        entriesOfTime = 0;
        resumed = null == cursor;
        lineEnds.restore(null == cursor ? "" : cursor[FIELDS - 1].substring(MARK.length()));
        copiedTime = resumeTime;
        copiedEntries = resumeEntries;
        files[0] = open(KernelDirectory.STDOUT);
        files[1] = open(KernelDirectory.STDERR);
    }

    /** What is shown is told from what is not by what it is, since an engine that ends may lose the end of its log. */
    private byte[] newest(final long length) throws IOException
    {
        final ByteBuffer kept = ByteBuffer.allocate((int)length);
        try (FileChannel file = FileChannel.open(directory.resolve(KernelDirectory.STDOUT), StandardOpenOption.READ))
        {
            long at = Math.max(0, file.size() - length);
            for (int read = file.read(kept, at); read > 0; read = file.read(kept, at))
            {
                at += read;
            }
        }
        catch (final NoSuchFileException e)
        {
            return new byte[0];
        }
        return Arrays.copyOf(kept.array(), kept.position());
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
        return FIELDS == fields.length && fields[FIELDS - 1].startsWith(MARK) ? fields : null;
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
        entryNs = System.nanoTime();
        final int file = stderr ? 1 : 0;
        if (null == tail && lineEnds.isLostBefore(file, entry, TIME_LENGTH + 1))
        {
            // In place of the blank behind the time.
            entry[TIME_LENGTH] = '\n';
            copy(file, entry, TIME_LENGTH);
        }
        else
        {
            copy(file, entry, TIME_LENGTH + 1);
        }
        copiedTime = time;
        copiedEntries = entriesOfTime;
        if (System.nanoTime() - savedNs > SAVE_INTERVAL_NS)
        {
            save();
        }
    }

    private void copy(final int file, final byte[] entry, final int offset)
    {
        final int length = entry.length - offset;
        final int skipped = (int)Math.min(skip[file], length);
        skip[file] -= skipped;
        final int from = offset + skipped;
        write(file, null == tail ? ByteBuffer.wrap(entry, from, length - skipped) : notShown(entry, from));
    }

    private ByteBuffer notShown(final byte[] entry, final int from)
    {
        try
        {
            while (tail.isHalf(entry, from) && !closed &&
                System.nanoTime() - entryNs < HALF_NS && System.nanoTime() - shownNs < HALF_NS)
            {
                wait(WAIT_MS);
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        notifyAll();
        return ByteBuffer.wrap(tail.ofLog(entry, from));
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
            final long told = end(KernelDirectory.STDOUT) - (null == tail ? 0 : tail.aheadLength());
            final String end = told + " " + end(KernelDirectory.STDERR);
            Files.write(
                directory.resolve(CURSOR),
                String.join(
                    " ", copiedTime, Long.toString(copiedEntries), end, MARK + lineEnds + '\n')
                    .getBytes(StandardCharsets.US_ASCII));
        }
        catch (final IOException e)
        {
            LOG.debug("cannot save the cursor of {}: {}", directory, e.toString());
        }
    }

    @Override
    public synchronized void onEnd(final Throwable failure)
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
        notifyAll();
    }

    /** Nothing more is to be seen. */
    void hide()
    {
        final DockerScreen last = screen;
        if (null != last)
        {
            last.close();
        }
    }

    /** Stops copying; what is missing is copied by the next one. */
    void close()
    {
        closed = true;
        synchronized (this)
        {
            // Nothing is written behind this: another one may go on from here.
            state = State.IDLE;
            notifyAll();
        }
        hide();
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
