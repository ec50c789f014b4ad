package io.plimsoll.ops.cli;

import java.io.PrintStream;

/** A line at a terminal that is written over, and wiped away at the end. For one thread. */
final class ScreenLine implements AutoCloseable
{
    private final PrintStream out;
    private int shown;

    ScreenLine(final PrintStream out)
    {
        this.out = out;
    }

    void show(final String text)
    {
        out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
        out.flush();
        shown = text.length();
    }

    @Override
    public void close()
    {
        if (shown > 0)
        {
            out.print("\r" + " ".repeat(shown) + "\r");
            out.flush();
            shown = 0;
        }
    }
}
