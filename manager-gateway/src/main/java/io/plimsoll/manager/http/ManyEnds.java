package io.plimsoll.manager.http;

import io.netty.util.concurrent.ScheduledFuture;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the last of many sessions has ended, or for so long. It waits for one at a time, so that a request takes
 * one place among those who wait however many it names, and goes on to the next that has not ended when that one has:
 * each is looked at in the beginning, and once more at most. Parts are looked at one after the other, so that the event
 * loop has time for others between. Of one request; event loop only.
 */
final class ManyEnds
{
    /** Of those that did not succeed so many are told whole. */
    static final int FAILURES_MAX = 100;
    private static final int PART = 500;

    private final ManagerServices services;
    private final Visibility visibility;
    private final Exchange exchange;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final List<SessionView> failures = new ArrayList<>();
    private final List<IdRange> unknown = new ArrayList<>();
    /** Those of which it is not known that they have ended. */
    private List<IdRange> waiting;
    /** Those of them that were looked at and had not. */
    private List<IdRange> still = new ArrayList<>();
    private ScheduledFuture<?> timer;
    private CompletableFuture<SessionView> next;
    private int at;
    private long cursor;
    private long ended;
    private long failed;
    /** All are looked at, rather than those before the first that has not ended. */
    private boolean isWhole = true;
    private boolean isOver;

    ManyEnds(final ManagerServices services, final Exchange exchange, final List<IdRange> ranges)
    {
        this.services = services;
        this.exchange = exchange;
        visibility = new Visibility(services);
        from(ranges);
    }

    /** Completes when all have ended, or when so much time is over. */
    CompletableFuture<Void> run(final long timeoutMs)
    {
        exchange.onEnd(this::close);
        timer = exchange.channel().eventLoop().schedule(this::onTimeout, timeoutMs, TimeUnit.MILLISECONDS);
        step();
        return result;
    }

    long endedCount()
    {
        return ended;
    }

    /** Of those that have ended, how many did not succeed. */
    long failedCount()
    {
        return failed;
    }

    /** The first ones that did not succeed. */
    List<SessionView> failures()
    {
        return failures;
    }

    List<IdRange> waiting()
    {
        return waiting;
    }

    boolean areAllEnded()
    {
        return waiting.isEmpty();
    }

    /** Those that are not there for the caller, or are forgotten. */
    List<IdRange> unknown()
    {
        return unknown;
    }

    private void close()
    {
        isOver = true;
        timer.cancel(false);
        cancelNext();
    }

    private void cancelNext()
    {
        final CompletableFuture<SessionView> waited = next;
        next = null;
        if (null != waited)
        {
            waited.cancel(false);
        }
    }

    private void onTimeout()
    {
        isOver = true;
        if (null != next)
        {
            cancelNext();
            isWhole = true;
            step();
        }
    }

    private void from(final List<IdRange> ranges)
    {
        waiting = ranges;
        at = 0;
        cursor = ranges.isEmpty() ? 0 : ranges.get(0).firstId();
    }

    /** Looks at all that is left, or at what stands before the first that has not ended. */
    private void step()
    {
        for (int looked = 0; at < waiting.size() && looked < PART; looked++)
        {
            final boolean hasNotEnded = !hasEnded(cursor);
            if (hasNotEnded && !isWhole)
            {
                awaitEnd(cursor);
                return;
            }
            if (hasNotEnded)
            {
                VisibleRanges.add(still, cursor);
            }
            advance();
        }
        if (at < waiting.size())
        {
            if (exchange.channel().isActive())
            {
                exchange.channel().eventLoop().execute(this::step);
            }
            return;
        }
        from(still);
        still = new ArrayList<>();
        isWhole = isOver;
        if (waiting.isEmpty() || isOver)
        {
            result.complete(null);
        }
        else
        {
            step();
        }
    }

    private void advance()
    {
        if (cursor < waiting.get(at).lastId())
        {
            cursor++;
        }
        else if (++at < waiting.size())
        {
            cursor = waiting.get(at).firstId();
        }
    }

    /** Whether nobody has to wait for it: what is not there never ends. */
    private boolean hasEnded(final long id)
    {
        final SessionView session =
            visibility.sees(exchange.caller(), services.view().ownerOf(id)) ? services.view().session(id) : null;
        if (null == session)
        {
            VisibleRanges.add(unknown, id);
            return true;
        }
        if (!ApiNames.hasEnded(session.state()))
        {
            return false;
        }
        ended++;
        if (Result.SUCCESS != session.result())
        {
            failed++;
            if (failures.size() < FAILURES_MAX)
            {
                failures.add(session);
            }
        }
        return true;
    }

    private void awaitEnd(final long id)
    {
        if (isOver)
        {
            isWhole = true;
            step();
            return;
        }
        final CompletableFuture<SessionView> end = services.view().whenEnded(id);
        next = end;
        end.whenComplete((session, error) -> exchange.channel().eventLoop().execute(() ->
        {
            if (next == end)
            {
                next = null;
                if (null == error)
                {
                    step();
                }
                else
                {
                    result.completeExceptionally(error);
                }
            }
        }));
    }
}
