package io.plimsoll.manager.control;

import io.plimsoll.core.QueueTally;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.QueueCounts;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.agrona.concurrent.NanoClock;

/**
 * Asks the core who waits for what, some thousand sessions at a time, so that nobody waits for the answer to a long
 * question. Who asks while it is counted gets that count; what was counted just now is not counted again. Any thread.
 */
final class QueueCounter
{
    /** Looking at so many takes the core some ten to a hundred microseconds. */
    static final int ROWS = 4_096;

    private static final long FRESH_NS = 1_000_000_000L;

    private final IntFunction<CompletableFuture<QueueTally>> ask;
    private final LiveViewStore view;
    private final NanoClock clock;
    private CompletableFuture<QueueCounts> current;
    private long countedNs;

    /**
     * For one core.
     *
     * @param ask   for the part that begins with a row.
     * @param view  that has the names of groups.
     * @param clock monotonic.
     */
    QueueCounter(
        final IntFunction<CompletableFuture<QueueTally>> ask, final LiveViewStore view, final NanoClock clock)
    {
        this.ask = ask;
        this.view = view;
        this.clock = clock;
    }

    /** Counts; fails as any question does. */
    synchronized CompletableFuture<QueueCounts> count()
    {
        final boolean isUsable = null != current && !current.isCompletedExceptionally() &&
            (!current.isDone() || clock.nanoTime() - countedNs < FRESH_NS);
        if (!isUsable)
        {
            countedNs = clock.nanoTime();
            current = new CompletableFuture<>();
            next(0, new Sums(), current);
        }
        return current;
    }

    private void next(final int firstRow, final Sums sums, final CompletableFuture<QueueCounts> result)
    {
        ask.apply(firstRow).whenComplete((tally, error) ->
        {
            if (null != error)
            {
                result.completeExceptionally(error);
                return;
            }
            sums.add(tally);
            if (tally.nextRow() < 0)
            {
                result.complete(sums.counts(view));
            }
            else
            {
                next(tally.nextRow(), sums, result);
            }
        });
    }

    /** Of the parts so far; one thread after the other. */
    private static final class Sums
    {
        private long[] sessions = new long[0];
        private long[] oldestNs = new long[0];
        private long timestampNs;

        void add(final QueueTally tally)
        {
            sessions = Arrays.copyOf(sessions, Math.max(sessions.length, tally.sessions().length));
            oldestNs = Arrays.copyOf(oldestNs, Math.max(oldestNs.length, tally.oldestNs().length));
            timestampNs = tally.timestampNs();
            for (int i = 0; i < tally.sessions().length; i++)
            {
                sessions[i] += tally.sessions()[i];
            }
            for (int i = 0; i < tally.oldestNs().length; i++)
            {
                final long ns = tally.oldestNs()[i];
                oldestNs[i] = 0 == oldestNs[i] || 0 != ns && ns < oldestNs[i] ? ns : oldestNs[i];
            }
        }

        QueueCounts counts(final LiveViewStore view)
        {
            final int reasons = QueueTally.Reason.count();
            final Map<String, QueueCounts.Group> byGroup = new TreeMap<>();
            for (int group = 0; group < oldestNs.length; group++)
            {
                final long[] counts = Arrays.copyOfRange(sessions, group * reasons, (group + 1) * reasons);
                if (Arrays.stream(counts).sum() > 0)
                {
                    byGroup.put(view.groups().name(group), new QueueCounts.Group(
                        counts, 0 == oldestNs[group] ? 0 : Math.max(0, timestampNs - oldestNs[group])));
                }
            }
            return new QueueCounts(byGroup);
        }
    }
}
