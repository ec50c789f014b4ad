package io.plimsoll.agent.runtime;

import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalSink;
import io.plimsoll.transport.sbe.TerminalCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The standard input of a container, by the engine's attach. One thread connects and sees when the engine ends it,
 * another writes: both may be made to wait by the engine. Input under way is bounded by the credit of whoever sends it.
 * <p>
 * The engine has no call that ends the input of a container that was made to keep it open; one that was made to take
 * it once has it ended by the engine when its first connection ends.
 */
final class DockerInput implements KernelTerminal
{
    private static final Logger LOG = LoggerFactory.getLogger(DockerInput.class);
    private static final byte END_OF_INPUT = 4;
    private static final long STACK_BYTES = 256 * 1024;
    /** The end of the kernel is told within, and that is what counts then. */
    private static final long KERNEL_END_NS = TimeUnit.SECONDS.toNanos(5);

    private final Engine engine;
    private final String container;
    private final boolean once;
    /** Of one with a terminal; null: it has none. */
    private final ContainerLog shown;
    private final boolean tty;
    private final long startByNs;

    // Guarded by this.
    private final ArrayDeque<byte[]> input = new ArrayDeque<>();
    private ExecConnection connection;
    private String failure;
    private int taken;
    private boolean connected;
    private boolean inputEnds;
    private boolean resized;
    private int rows;
    private int columns;
    private boolean closed;

    // Of the agent's thread.
    private long failedNs;
    private boolean told;

    private DockerInput(
        final Engine engine, final String container, final boolean once, final ContainerLog shown, final long startByNs)
    {
        this.shown = shown;
        tty = null != shown;
        this.engine = engine;
        this.container = container;
        this.once = once;
        this.startByNs = startByNs;
    }

    /** Begins to connect. */
    static DockerInput open(
        final Engine engine, final String container, final boolean once, final ContainerLog shown, final long startByNs)
    {
        final DockerInput opened = new DockerInput(engine, container, once, shown, startByNs);
        thread(opened::run, "plimsoll-docker-attach");
        return opened;
    }

    private static void thread(final Runnable task, final String name)
    {
        final Thread thread = new Thread(null, task, name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private void run()
    {
        try (ExecConnection opened = engine.connectExec(tty))
        {
            synchronized (this)
            {
                connection = opened;
                if (closed)
                {
                    return;
                }
            }
            opened.attachInput(container);
            if (tty)
            {
                // What is typed before that would be answered unseen.
                shown.awaitShowing();
            }
            synchronized (this)
            {
                connected = true;
            }
            thread(this::write, "plimsoll-docker-attach-in");
            while (opened.read((stderr, content) -> drop()))
            {
                // Until its end; there is nothing to read.
                continue;
            }
            fail("the Docker Engine has ended the input of the kernel");
        }
        catch (final IOException e)
        {
            fail(e.getMessage());
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private static void drop()
    {
        // Output comes from the logs.
    }

    private synchronized void fail(final String why)
    {
        failure = null == failure ? String.valueOf(why) : failure;
        notifyAll();
    }

    private void write()
    {
        try
        {
            while (writeNext())
            {
                // Until there is no more.
                continue;
            }
        }
        catch (final IOException e)
        {
            fail(e.getMessage());
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private boolean writeNext() throws IOException, InterruptedException
    {
        final byte[] content;
        final boolean isResize;
        synchronized (this)
        {
            while (input.isEmpty() && !inputEnds && !resized && !closed && null == failure)
            {
                wait();
            }
            if (closed || null != failure)
            {
                return false;
            }
            isResize = resized;
            resized = false;
            content = isResize ? null : input.poll();
        }
        if (isResize)
        {
            resize();
            return true;
        }
        if (null == content)
        {
            endInputOf(connection);
            return false;
        }
        connection.write(ByteBuffer.wrap(content));
        synchronized (this)
        {
            taken += content.length;
        }
        return true;
    }

    /** A terminal has a key for it. */
    private void endInputOf(final ExecConnection open) throws IOException
    {
        if (tty)
        {
            open.write(ByteBuffer.wrap(new byte[]{END_OF_INPUT}));
        }
        else
        {
            open.endInput();
        }
    }

    private void resize()
    {
        final int newRows;
        final int newColumns;
        synchronized (this)
        {
            newRows = rows;
            newColumns = columns;
        }
        try
        {
            engine.resize(container, newRows, newColumns);
        }
        catch (final EngineException e)
        {
            LOG.debug("no new size for {}: {}", container, e.getMessage());
        }
    }

    @Override
    public synchronized void input(final byte[] content)
    {
        input.add(content);
        notifyAll();
    }

    /** What is kept open is for the next client. */
    @Override
    public synchronized void endInput()
    {
        inputEnds = once;
        notifyAll();
    }

    @Override
    public synchronized void size(final int newRows, final int newColumns)
    {
        if (tty)
        {
            rows = newRows;
            columns = newColumns;
            resized = true;
            notifyAll();
        }
    }

    @Override
    public synchronized int poll(final TerminalSink sink, final int bytesMax, final long nowNs)
    {
        final int done = taken;
        taken = 0;
        if (done > 0)
        {
            sink.onInputTaken(done);
        }
        if (told || null == failure && (connected || nowNs - startByNs <= 0))
        {
            return done > 0 ? 1 : 0;
        }
        failedNs = 0 == failedNs ? nowNs : failedNs;
        // An input that was ended is gone in any case, and then nobody waits for anything.
        if (!inputEnds && (null == failure || nowNs - failedNs > KERNEL_END_NS))
        {
            told = true;
            sink.onFailure(new TerminalException(
                TerminalCode.FAILED,
                (null == failure ? "the Docker Engine does not answer" : failure) + "; the kernel goes on"));
        }
        return done > 0 ? 1 : 0;
    }

    @Override
    public synchronized void close(final long nowNs)
    {
        closed = true;
        input.clear();
        notifyAll();
        if (null != connection)
        {
            connection.close();
        }
    }

    @Override
    public boolean pollGone(final long nowNs)
    {
        return true;
    }
}
