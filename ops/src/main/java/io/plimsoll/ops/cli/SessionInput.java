package io.plimsoll.ops.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

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
    private final IntUnaryOperator checked;
    private boolean typed;
    private boolean given;
    private volatile boolean closed;
    private volatile boolean left;
    private volatile Consumer<RemoteCommand> joined = next ->
    {
        // Nothing is to be said.
    };
    private volatile RemoteCommand command;

    /**
     * One that has not begun.
     *
     * @param api     of the manager.
     * @param id      of the session.
     * @param err     takes messages.
     * @param checked told of each byte read; below 0: it is not given, and the session is left.
     */
    SessionInput(final Api api, final long id, final PrintStream err, final IntUnaryOperator checked)
    {
        this.api = api;
        this.id = id;
        this.err = err;
        this.checked = checked;
    }

    /** Whether somebody has typed the keys that leave it. */
    boolean isLeft()
    {
        return left;
    }

    /** Tells the kernel how large the screen is, whichever connection it has then. */
    void onJoined(final Consumer<RemoteCommand> action)
    {
        joined = action;
    }

    /** The connection that there is now; null: none yet. */
    RemoteCommand command()
    {
        return command;
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
                goesOn = isAllGiven(buffer, length);
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

    private boolean isAllGiven(final byte[] buffer, final int length)
    {
        for (int i = 0; i < length && !left; i++)
        {
            left = checked.applyAsInt(buffer[i] & 0xFF) < 0;
        }
        return !left;
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
                joined.accept(next);
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
