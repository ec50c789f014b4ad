package io.plimsoll.loadtest.sim;

/** Ends a process in the middle of what it does: after so many things that it does to the world. */
final class Countdown
{
    private int left;

    void start(final int operations)
    {
        left = operations;
    }

    void stop()
    {
        left = 0;
    }

    void step()
    {
        if (left > 0 && 0 == --left)
        {
            throw new ProcessEnd("an agent ends");
        }
    }
}
