package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.LifeState;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long sessions waited: from when they were queued (or were allowed to start, if that was later; or were put back
 * after an attempt that failed) until they were placed.
 */
final class WaitListener implements ReportListener
{
    /** Owners that are told one by one; who comes later is told with all others. */
    static final int OWNERS_MAX = 200;
    /** Stands for all further owners. */
    static final int OTHERS = -1;

    private final ReportRange range;
    private final Map<Integer, WaitLane> byGroup = new TreeMap<>();
    private final Map<Integer, WaitLane> byOwner = new TreeMap<>();

    WaitListener(final ReportRange range)
    {
        this.range = range;
    }

    Map<Integer, WaitLane> byGroup()
    {
        return byGroup;
    }

    Map<Integer, WaitLane> byOwner()
    {
        return byOwner;
    }

    private WaitLane group(final BookedSession session)
    {
        return byGroup.computeIfAbsent(session.groupId, id -> new WaitLane(range));
    }

    private WaitLane owner(final BookedSession session)
    {
        final boolean isOther = byOwner.size() >= OWNERS_MAX && !byOwner.containsKey(session.ownerId);
        return byOwner.computeIfAbsent(isOther ? OTHERS : session.ownerId, id -> new WaitLane(range));
    }

    @Override
    public void onSubmitted(final BookedSession row, final long nowNs)
    {
        group(row).begin(row.waitingSinceNs, row.count);
        owner(row).begin(row.waitingSinceNs, row.count);
    }

    @Override
    public void onWaitingAgain(final BookedSession session, final long nowNs)
    {
        group(session).begin(session.waitingSinceNs, 1);
        owner(session).begin(session.waitingSinceNs, 1);
    }

    @Override
    public void onWaited(
        final BookedSession session, final BookedSession row, final LifeState next, final long nowNs)
    {
        end(group(session), session, next, nowNs);
        end(owner(session), session, next, nowNs);
    }

    private static void end(
        final WaitLane lane, final BookedSession session, final LifeState next, final long nowNs)
    {
        lane.end(session.waitingSinceNs);
        if (!BookedSession.isTerminal(next))
        {
            lane.placed(nowNs - session.waitingSinceNs, nowNs);
        }
    }

    @Override
    public void onBucketEnd(final int bucket, final long endNs)
    {
        byGroup.values().forEach(lane -> lane.onBucketEnd(bucket, endNs));
        byOwner.values().forEach(lane -> lane.onBucketEnd(bucket, endNs));
    }
}
