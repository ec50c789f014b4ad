package io.plimsoll.ops.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Tells a person at a terminal which part of something is done, and how long the rest will take: one line that is
 * written over, from the second second on, and wiped away at the end. For one thread.
 */
final class PartLine implements DoubleConsumer, AutoCloseable
{
    private static final long QUIET_NS = 1_000_000_000L;
    private static final long EVERY_NS = 250_000_000L;
    private static final double SECOND_NS = 1e9;

    private final ScreenLine line;
    private final String what;
    private final NanoClock clock;
    private final long startNs;
    private long nextNs;

    PartLine(final PrintStream out, final String what, final NanoClock clock)
    {
        line = null == out ? null : new ScreenLine(out);
        this.what = what;
        this.clock = clock;
        startNs = clock.nanoTime();
        nextNs = startNs + QUIET_NS;
    }

    /** On standard error of a terminal; says nothing where there is none. */
    static PartLine of(final Terminal terminal, final String what)
    {
        return new PartLine(terminal.isWatched() ? terminal.err() : null, what, SystemNanoClock.INSTANCE);
    }

    @Override
    public void accept(final double part)
    {
        if (null == line)
        {
            return;
        }
        final long nowNs = clock.nanoTime();
        final long tookNs = nowNs - startNs;
        if (nowNs - nextNs >= 0 && part > 0)
        {
            nextNs = nowNs + EVERY_NS;
            line.show(String.format(
                Locale.ROOT, "%s: %d %%, %.0f s left", what, Math.round(100 * part),
                tookNs / SECOND_NS * (1 - part) / part));
        }
    }

    @Override
    public void close()
    {
        if (null != line)
        {
            line.close();
        }
    }
}
