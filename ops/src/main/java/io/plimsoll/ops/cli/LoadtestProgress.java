package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.live.LoadProgress;
import java.util.Locale;
import java.util.function.Consumer;

/** One line at a terminal that says how far a load test is. One thread. */
final class LoadtestProgress implements Consumer<LoadProgress>, AutoCloseable
{
    private static final int PERCENT = 100;

    private final ScreenLine line;

    LoadtestProgress(final Terminal terminal, final boolean isWanted)
    {
        line = isWanted ? new ScreenLine(terminal.err()) : null;
    }

    @Override
    public void accept(final LoadProgress progress)
    {
        if (null != line)
        {
            line.show(text(progress));
        }
    }

    static String text(final LoadProgress progress)
    {
        final StringBuilder text = new StringBuilder(96);
        if (progress.total() > 0)
        {
            text.append(String.format(
                Locale.ROOT, "%3d %%  %s: %,d of %,d", PERCENT * progress.done() / progress.total(),
                progress.phase(), progress.done(), progress.total()));
        }
        else
        {
            text.append(String.format(Locale.ROOT, "%s: %,d", progress.phase(), progress.done()));
        }
        if (!progress.detail().isEmpty())
        {
            text.append(", ").append(progress.detail());
        }
        if (progress.secondsLeft() >= 0)
        {
            text.append(", ").append(Sessions.duration((long)Math.ceil(progress.secondsLeft()) * 1_000))
                .append(" left");
        }
        return text.toString();
    }

    @Override
    public void close()
    {
        wipe();
    }

    /** Nothing more is shown for now. */
    void wipe()
    {
        if (null != line)
        {
            line.close();
        }
    }
}
