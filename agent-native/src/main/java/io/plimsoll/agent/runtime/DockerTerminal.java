package io.plimsoll.agent.runtime;

import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.terminal.TerminalSink;
import io.plimsoll.transport.sbe.TerminalCode;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command in a container, by the engine's exec. Two threads talk to the engine, which may make them wait: one starts
 * it and reads, one writes and tells sizes. What is under way between them and the agent's thread is bounded: output by
 * a queue that holds up the reader, input by the credit of whoever sends it.
 * <p>
 * The engine has no call that ends such a command. It is found on this host by a variable, as any process for a
 * terminal is; where the container's processes cannot be seen from here, a second command looks for it inside.
 */
final class DockerTerminal implements KernelTerminal
{
    private static final Logger LOG = LoggerFactory.getLogger(DockerTerminal.class);
    private static final byte END_OF_INPUT = 4;
    private static final int TRIES = 20;
    private static final long TRY_MS = 50;
    private static final long LATE_TRY_MS = 500;
    private static final long STACK_BYTES = 256 * 1024;
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long GIVE_UP_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final String SEARCH =
        "for p in /proc/[0-9]*; do grep -qs \"$1\" $p/environ && kill -9 ${p#/proc/}; done; true";

    private final Engine engine;
    private final String container;
    private final TerminalRequest request;
    private final String mark;
    private final long startByNs;
    private final String silence;

    private final ExecOutput output = new ExecOutput();

    // Guarded by this.
    private final ArrayDeque<byte[]> input = new ArrayDeque<>();
    private int inputTaken;
    private boolean inputEnds;
    private boolean resized;
    private int rows;
    private int columns;
    private String exec;
    private ExecConnection connection;
    private boolean started;
    private boolean closed;
    private boolean ended;
    private boolean left;
    private int exitCode;
    private TerminalException failure;

    // Of the agent's thread.
    private boolean told;
    private long killAtNs;
    private long giveUpNs;
    private long nextLookNs;
    private int emptyLooks;

    private DockerTerminal(
        final Engine engine,
        final String container,
        final TerminalRequest request,
        final String mark,
        final long startByNs,
        final long withinNs)
    {
        this.engine = engine;
        this.container = container;
        this.request = request;
        this.mark = mark;
        this.startByNs = startByNs;
        silence = "the Docker Engine of the kernel's host hangs: within " +
            TimeUnit.NANOSECONDS.toMillis(withinNs) + " ms it has not started the command; the kernel goes on";
        rows = request.rows();
        columns = request.columns();
        resized = request.tty();
        inputEnds = !request.input();
    }

    /** Begins to start it; an engine that takes longer than that hangs. */
    static DockerTerminal open(
        final Engine engine,
        final String container,
        final TerminalRequest request,
        final String mark,
        final long nowNs,
        final long withinNs)
    {
        final DockerTerminal terminal =
            new DockerTerminal(engine, container, request, mark, nowNs + withinNs, withinNs);
        thread(terminal::run, "plimsoll-docker-exec");
        return terminal;
    }

    private static void thread(final Runnable task, final String name)
    {
        final Thread thread = new Thread(null, task, name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private void run()
    {
        try
        {
            final String created = engine.createExec(container, request, List.of(mark));
            final ExecConnection opened = engine.connectExec(request.tty());
            synchronized (this)
            {
                exec = created;
                connection = opened;
                if (closed)
                {
                    opened.close();
                }
            }
            opened.start(created);
            synchronized (this)
            {
                started = true;
            }
            thread(this::write, "plimsoll-docker-exec-in");
            while (opened.read(output::onRead))
            {
                // Until its end.
                continue;
            }
            awaitExit(created);
        }
        catch (final EngineException | IOException e)
        {
            end(0, failure(e));
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        finally
        {
            leave();
        }
    }

    /** What the engine refuses is the command's fault; anything else is the engine's. */
    private TerminalException failure(final Exception e)
    {
        final boolean wasStarted;
        final boolean isConnected;
        synchronized (this)
        {
            wasStarted = started;
            isConnected = null != connection;
        }
        if (e instanceof EngineException failed && EngineException.Kind.NO_ANSWER != failed.kind() ||
            e instanceof IOException && isConnected && !wasStarted && !(e instanceof EOFException))
        {
            return new TerminalException(TerminalCode.CANNOT_START, e.getMessage());
        }
        if (wasStarted)
        {
            return new TerminalException(
                TerminalCode.FAILED,
                "the Docker Engine of the kernel's host does not say any more how the command does (" +
                    e.getMessage() + "); the kernel goes on");
        }
        return new TerminalException(
            TerminalCode.FAILED,
            isTimeout(e) ? silence : "the Docker Engine of the kernel's host cannot be reached (" +
                e.getMessage() + "); the kernel goes on");
    }

    private static boolean isTimeout(final Exception e)
    {
        Throwable cause = e;
        while (null != cause && !(cause instanceof SocketTimeoutException))
        {
            cause = cause.getCause();
        }
        return null != cause;
    }

    /**
     * The streams end a moment before the engine knows how the command did, or long before: a command may close them.
     * Then it is waited for as long as somebody wants to know, and its container lives.
     */
    private void awaitExit(final String created) throws EngineException, InterruptedException
    {
        Integer code = engine.exitCodeOfExec(created);
        for (int i = 0; null == code; i++)
        {
            synchronized (this)
            {
                if (closed)
                {
                    return;
                }
                wait(i < TRIES ? TRY_MS : LATE_TRY_MS);
            }
            code = engine.exitCodeOfExec(created);
        }
        final byte[] refusal = output.refusal();
        if (null != refusal && !engine.hasExecStarted(created))
        {
            end(0, ExecRefusal.of(refusal, request.command().get(0), request.directory()));
            return;
        }
        output.releaseRefusal();
        end(code, null);
    }

    private synchronized void end(final int code, final TerminalException why)
    {
        ended = true;
        exitCode = code;
        failure = why;
        notifyAll();
    }

    /** Last of the reader: what cannot be ended from outside is ended from inside. */
    private void leave()
    {
        final ExecConnection open;
        final String created;
        synchronized (this)
        {
            open = connection;
            created = exec;
            if (!ended)
            {
                // Whatever kept it from saying how the command did, that was not 0.
                ended = true;
                failure = new TerminalException(TerminalCode.FAILED, "nobody knows how the command did");
            }
            notifyAll();
        }
        if (null != open)
        {
            open.close();
        }
        try
        {
            if (null != created)
            {
                endInside(created);
            }
        }
        catch (final EngineException | IOException e)
        {
            LOG.debug("a command in container {} may go on: {}", container, e.getMessage());
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        finally
        {
            synchronized (this)
            {
                left = true;
            }
        }
    }

    private void endInside(final String created) throws EngineException, IOException, InterruptedException
    {
        for (int i = 0; null == engine.exitCodeOfExec(created); i++)
        {
            if (2 * TRIES == i)
            {
                final String search = engine.createExec(
                    container,
                    new TerminalRequest(
                        List.of("/bin/sh", "-c", SEARCH, "plimsoll", mark), List.of(), "", "0", false, false, 1, 1),
                    List.of());
                try (ExecConnection inside = engine.connectExec(false))
                {
                    inside.start(search);
                }
                return;
            }
            TimeUnit.MILLISECONDS.sleep(TRY_MS);
        }
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
            // Nobody reads any more; how the command ended is told by the reader.
            synchronized (this)
            {
                input.forEach(content -> inputTaken += content.length);
                input.clear();
            }
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
            while (input.isEmpty() && !inputEnds && !resized && !ended && !closed)
            {
                wait();
            }
            if (ended || closed)
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
        }
        else if (null == content)
        {
            endInputInside();
            return request.tty() && awaitResize();
        }
        else
        {
            connection.write(ByteBuffer.wrap(content));
            synchronized (this)
            {
                inputTaken += content.length;
            }
        }
        return true;
    }

    /** A terminal has a key for it; half a connection would count as none there. */
    private void endInputInside() throws IOException
    {
        if (!request.tty())
        {
            connection.endInput();
        }
        else if (request.input())
        {
            connection.write(ByteBuffer.wrap(new byte[]{END_OF_INPUT}));
        }
    }

    private synchronized boolean awaitResize() throws InterruptedException
    {
        while (!resized && !ended && !closed)
        {
            wait();
        }
        inputEnds = inputEnds && !resized;
        return resized;
    }

    /** A command that is just being started has no screen yet. */
    private void resize() throws InterruptedException
    {
        for (int i = 0; i < TRIES; i++)
        {
            final int newRows;
            final int newColumns;
            synchronized (this)
            {
                if (ended || closed)
                {
                    return;
                }
                newRows = rows;
                newColumns = columns;
            }
            try
            {
                engine.resizeExec(exec, newRows, newColumns);
                return;
            }
            catch (final EngineException e)
            {
                TimeUnit.MILLISECONDS.sleep(TRY_MS);
            }
        }
    }

    @Override
    public synchronized void input(final byte[] content)
    {
        if (ended)
        {
            inputTaken += content.length;
            return;
        }
        input.add(content);
        notifyAll();
    }

    @Override
    public synchronized void endInput()
    {
        inputEnds = true;
        notifyAll();
    }

    @Override
    public synchronized void size(final int newRows, final int newColumns)
    {
        if (request.tty())
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
        if (told)
        {
            return 0;
        }
        int workCount = 0;
        if (inputTaken > 0)
        {
            sink.onInputTaken(inputTaken);
            inputTaken = 0;
            workCount++;
        }
        workCount += output.poll(sink, bytesMax);
        if (ended && output.isEmpty())
        {
            told = true;
            if (null == failure)
            {
                sink.onExit(exitCode);
            }
            else
            {
                sink.onFailure(failure);
            }
            workCount++;
        }
        else if (!started && !ended && nowNs - startByNs > 0)
        {
            told = true;
            sink.onFailure(new TerminalException(TerminalCode.FAILED, silence));
        }
        return workCount;
    }

    @Override
    public void close(final long nowNs)
    {
        synchronized (this)
        {
            if (closed)
            {
                return;
            }
            closed = true;
            output.close();
            notifyAll();
            if (null != connection)
            {
                connection.close();
            }
        }
        final List<Integer> members = ProcessTable.carrying(mark);
        members.forEach(member -> Libc.kill(member, TerminalLibc.SIGHUP));
        members.forEach(member -> Libc.kill(member, Libc.SIGTERM));
        killAtNs = nowNs + GRACE_NS;
        giveUpNs = nowNs + GIVE_UP_NS;
        nextLookNs = nowNs;
    }

    @Override
    public boolean pollGone(final long nowNs)
    {
        if (nowNs < nextLookNs)
        {
            return false;
        }
        nextLookNs = nowNs + LOOK_INTERVAL_NS;
        final List<Integer> members = ProcessTable.carrying(mark);
        if (nowNs >= killAtNs)
        {
            members.forEach(member -> Libc.kill(member, Libc.SIGKILL));
        }
        synchronized (this)
        {
            // One that is just being executed shows no environment: a second look does not find it so again.
            emptyLooks = members.isEmpty() ? emptyLooks + 1 : 0;
            return left && emptyLooks > 1 || nowNs >= giveUpNs;
        }
    }
}
