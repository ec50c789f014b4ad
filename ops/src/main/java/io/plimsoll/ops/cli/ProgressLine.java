package io.plimsoll.ops.cli;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.RecordVisitor;
import java.io.PrintStream;
import java.util.Locale;
import org.agrona.concurrent.NanoClock;

/**
 * Tells a person at a terminal how far the reading of a journal has come and how long it will go on: one line that is
 * written over, from the second second on, and wiped away at the end. For one thread.
 */
final class ProgressLine implements RecordVisitor, AutoCloseable
{
    private static final long QUIET_NS = 1_000_000_000L;
    private static final long EVERY_NS = 250_000_000L;
    private static final double NS_PER_SECOND = 1e9;
    /** Records between two looks at the clock. */
    private static final int LOOK_EVERY = 1 << 10;

    private final RecordVisitor visitor;
    private final ScreenLine line;
    private final NanoClock clock;
    private final long first;
    private final long last;
    private final long startNs;
    private long nextNs;
    private long seen;

    /**
     * About to read.
     *
     * @param visitor sees each record, too.
     * @param out     of a terminal.
     * @param clock   of the process.
     * @param first   sequence of the first record.
     * @param last    of the last; the line says nothing if there are none.
     */
    ProgressLine(
        final RecordVisitor visitor, final PrintStream out, final NanoClock clock, final long first, final long last)
    {
        this.visitor = visitor;
        line = new ScreenLine(out);
        this.clock = clock;
        this.first = first;
        this.last = last;
        startNs = clock.nanoTime();
        nextNs = startNs + QUIET_NS;
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        visitor.onRecord(record);
        seen++;
        if (0 == seen % LOOK_EVERY)
        {
            final long nowNs = clock.nanoTime();
            if (nowNs >= nextNs && last >= first)
            {
                nextNs = nowNs + EVERY_NS;
                show(record.sequence(), (nowNs - startNs) / NS_PER_SECOND);
            }
        }
    }

    private void show(final long sequence, final double seconds)
    {
        final long done = sequence - first + 1;
        final long all = Math.max(done, last - first + 1);
        final double rate = seen / seconds;
        line.show(String.format(
            Locale.ROOT,
            "%3d %%  %,d of %,d commands, %,.0f a second, %s left",
            100 * done / all,
            done,
            all,
            rate,
            Sessions.duration((long)Math.ceil((all - done) / rate) * 1_000)));
    }

    @Override
    public void close()
    {
        line.close();
    }
}
