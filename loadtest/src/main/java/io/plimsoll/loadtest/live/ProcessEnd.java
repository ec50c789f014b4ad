package io.plimsoll.loadtest.live;

import java.util.concurrent.TimeUnit;

/**
 * Waits for processes that were told to end, kills those that take too long, and does not wait for ever for those
 * either: one that hangs in the kernel, as on a disk that is gone, outlives SIGKILL. Any thread.
 *
 * @param stopMs until it is killed.
 * @param killMs until it is given up, from then on.
 */
record ProcessEnd(long stopMs, long killMs)
{
    /**
     * Waits for one. Who is interrupted meanwhile has it killed at once, and is interrupted still.
     *
     * @return whether it has ended.
     */
    boolean await(final Process process)
    {
        boolean isInterrupted = false;
        try
        {
            if (process.waitFor(stopMs, TimeUnit.MILLISECONDS))
            {
                return true;
            }
        }
        catch (final InterruptedException ex)
        {
            isInterrupted = true;
        }
        process.destroyForcibly();
        process.onExit().completeOnTimeout(process, killMs, TimeUnit.MILLISECONDS).join();
        if (isInterrupted)
        {
            Thread.currentThread().interrupt();
        }
        return !process.isAlive();
    }
}
