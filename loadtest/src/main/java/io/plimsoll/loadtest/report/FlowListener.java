package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many sessions came, were placed and ended by bucket, and what else came to pass only now and then. */
final class FlowListener implements ReportListener
{
    /** Reigns and preemptions that are told one by one. */
    private static final int LIST_MAX = 200;

    final long[] submitted;
    final long[] placed;
    final long[] ended;
    final long[] failed;
    final long[] rejected;
    final long[] preempted;
    final List<Reign> reigns = new ArrayList<>();
    final List<Preempted> preemptions = new ArrayList<>();
    final Map<String, Long> rejectedByCode = new TreeMap<>();
    final Map<String, Long> failedByReason = new TreeMap<>();
    final Map<Integer, Long> preemptedByGroup = new TreeMap<>();
    final Map<Integer, Long> preemptedByOwner = new TreeMap<>();
    private final ReportRange range;

    FlowListener(final ReportRange range)
    {
        this.range = range;
        submitted = new long[range.buckets()];
        placed = new long[range.buckets()];
        ended = new long[range.buckets()];
        failed = new long[range.buckets()];
        rejected = new long[range.buckets()];
        preempted = new long[range.buckets()];
    }

    /** A manager began to reign. */
    record Reign(long atNs, long term)
    {
    }

    /** A session had to yield, null: to nobody knows whom. */
    record Preempted(long atNs, BookedSession session, BookedSession preemptor)
    {
    }

    private void add(final long[] series, final long nowNs, final long count)
    {
        final int bucket = range.bucket(nowNs);
        if (bucket >= 0)
        {
            series[bucket] += count;
        }
    }

    @Override
    public void onTerm(final long term, final long nowNs)
    {
        if (range.covers(nowNs) && reigns.size() < LIST_MAX)
        {
            reigns.add(new Reign(nowNs, term));
        }
    }

    @Override
    public void onRejected(final String code, final long nowNs)
    {
        add(rejected, nowNs, 1);
        if (range.covers(nowNs))
        {
            rejectedByCode.merge(code, 1L, Long::sum);
        }
    }

    @Override
    public void onSubmitted(final BookedSession row, final long nowNs)
    {
        add(submitted, nowNs, row.count);
    }

    @Override
    public void onWaited(
        final BookedSession session, final BookedSession row, final LifeState next, final long nowNs)
    {
        if (!BookedSession.isTerminal(next))
        {
            add(placed, nowNs, 1);
        }
    }

    @Override
    public void onSession(final BookedSession session, final Result result, final Reason reason, final long nowNs)
    {
        final LifeState state = session.state;
        if (!BookedSession.isTerminal(state))
        {
            return;
        }
        add(ended, nowNs, 1);
        final boolean isCancelled = LifeState.CANCELLED == state && Reason.USER_REQUESTED != reason;
        if (LifeState.ERROR == state || Result.FAILURE == result || isCancelled)
        {
            add(failed, nowNs, 1);
            if (range.covers(nowNs))
            {
                failedByReason.merge(BookedNames.kebab(reason), 1L, Long::sum);
            }
        }
    }

    @Override
    public void onYielded(final BookedSession session, final BookedSession preemptor, final long nowNs)
    {
        add(preempted, nowNs, 1);
        if (range.covers(nowNs))
        {
            preemptedByGroup.merge(session.groupId, 1L, Long::sum);
            preemptedByOwner.merge(session.ownerId, 1L, Long::sum);
            if (preemptions.size() < LIST_MAX)
            {
                preemptions.add(new Preempted(nowNs, session, preemptor));
            }
        }
    }
}
