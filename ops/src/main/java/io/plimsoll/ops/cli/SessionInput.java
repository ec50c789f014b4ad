package io.plimsoll.ops.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives a session that was just submitted its input, on a thread of its own, from when it runs. What is typed goes on
 * when the connection breaks off; a file or pipe that has been read in part cannot be read again, and then the session
 * is cancelled rather than left with half of it.
 */
final class SessionInput implements AutoCloseable
{
    private static final int BUFFER_LENGTH = 16 * 1024;
    private static final long RETRY_NS = 50_000_000;

    private final Api api;
    private final long id;
    private final PrintStream err;
    private boolean typed;
    private boolean given;
    private volatile boolean closed;
    private volatile RemoteCommand command;

    SessionInput(final Api api, final long id, final PrintStream err)
    {
        this.api = api;
        this.id = id;
        this.err = err;
    }

    void start(final InputStream in, final boolean isScreen)
    {
        typed = isScreen;
        final Thread thread = new Thread(() -> run(in), "input");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(final InputStream in)
    {
        final byte[] buffer = new byte[BUFFER_LENGTH];
        try
        {
            boolean goesOn = join();
            int length = goesOn ? in.read(buffer) : -1;
            while (goesOn && length >= 0)
            {
                while (goesOn && !command.send(buffer, length))
                {
                    goesOn = join();
                }
                given = true;
                length = goesOn ? in.read(buffer) : -1;
            }
            while (goesOn)
            {
                command.endInput();
                command.await();
                goesOn = join();
            }
        }
        catch (final IOException ex)
        {
            giveUp("the standard input cannot be read: " + ex.getMessage());
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the kernel takes input; false if it is over. */
    private boolean join() throws InterruptedException
    {
        while (!closed)
        {
            final RemoteCommand next =
                new RemoteCommand(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
            try
            {
                next.start(api, "/v1/sessions/" + id + "/attach?kernel=0&output=false", null);
                if (given && !typed)
                {
                    next.close();
                    giveUp("it has begun anew, or the connection broke off, and its input cannot be read again");
                    return false;
                }
                command = next;
                return !closed;
            }
            catch (final CliException notYet)
            {
                next.close();
                LockSupport.parkNanos(RETRY_NS);
            }
        }
        return false;
    }

    private void giveUp(final String why)
    {
        if (!closed)
        {
            err.println("plimsoll: cancelling session " + id + ": " + why);
            try (Api another = api.another())
            {
                another.cancel(IdRanges.parse(List.of(Long.toString(id))));
            }
            catch (final CliException ex)
            {
                err.println("plimsoll: session " + id + " may still run: " + ex.getMessage());
            }
        }
    }

    @Override
    public void close()
    {
        closed = true;
        final RemoteCommand current = command;
        if (null != current)
        {
            current.close();
        }
    }
}
