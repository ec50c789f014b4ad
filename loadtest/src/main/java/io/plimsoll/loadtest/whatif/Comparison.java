package io.plimsoll.loadtest.whatif;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A record and what would have been, side by side: figures, and the sessions that fared otherwise. */
public final class Comparison
{
    /** Differences of waits below this are none: the hosts of real schedulers wake a little late. */
    static final long NOTICEABLE_NS = 1_000_000_000L;
    private static final int SHOWN_MAX = 10;

    private final WhatIfResult result;
    private final SideFigures recorded;
    private final SideFigures ours;
    private final List<Pair> won = new ArrayList<>();
    private final List<Pair> lost = new ArrayList<>();
    private final List<Pair> otherwise = new ArrayList<>();
    private final Map<String, Balance> byOwner = new TreeMap<>();
    private long asBefore;
    private long added;
    private long removed;
    private long refusedNow;
    private long refusedThen;

    /** Of what came of deciding a journal again. */
    Comparison(final WhatIfResult result)
    {
        this.result = result;
        final WhatIfRun run = result.run();
        recorded = new SideFigures(run.recorded(), result.forkNs(), result.endNs());
        ours = new SideFigures(run.ours(), result.forkNs(), result.endNs());
        for (final SessionBook session : run.recorded().sessions)
        {
            if (SideFigures.isOfStretch(session, result.forkNs(), result.endNs()))
            {
                compare(session);
            }
        }
        for (final SessionBook session : run.ours().sessions)
        {
            if (SideFigures.isOfStretch(session, result.forkNs(), result.endNs()))
            {
                countNew(session);
            }
        }
        final Comparator<Pair> byId = Comparator.comparingLong(pair -> pair.recorded.id);
        won.sort(Comparator.comparingLong(Pair::changeNs).thenComparing(byId));
        lost.sort(Comparator.comparingLong((Pair pair) -> -pair.changeNs).thenComparing(byId));
    }

    private void compare(final SessionBook session)
    {
        final IdMap ids = result.run().ids();
        if (ids.isRemoved(session.id))
        {
            removed++;
            return;
        }
        final long id = result.run().isDifferent() ? ids.ours(session.id) : session.id;
        final SessionBook mine = IdMap.NONE == id ? null : result.run().ours().session(id);
        if (null == mine)
        {
            refusedNow++;
            return;
        }
        final long before = recorded.waitNs(session);
        final long now = ours.waitNs(mine);
        final Pair pair = new Pair(session, mine, before, now, before < 0 || now < 0 ? 0 : now - before);
        final Balance balance =
            byOwner.computeIfAbsent(recorded.ownerName(session.request.ownerId()), name -> new Balance());
        balance.sessions++;
        balance.changeNs += pair.changeNs;
        if (pair.changeNs <= -NOTICEABLE_NS)
        {
            won.add(pair);
            balance.won++;
        }
        else if (pair.changeNs >= NOTICEABLE_NS)
        {
            lost.add(pair);
            balance.lost++;
        }
        else
        {
            asBefore++;
        }
        if (isOtherwise(pair))
        {
            otherwise.add(pair);
        }
    }

    private boolean isOtherwise(final Pair pair)
    {
        final boolean ended = recorded.hasEnded(pair.recorded);
        return ended && ours.hasEnded(pair.ours) &&
            (pair.recorded.state != pair.ours.state || pair.recorded.result != pair.ours.result ||
                pair.recorded.reason != pair.ours.reason);
    }

    private void countNew(final SessionBook session)
    {
        final IdMap.Run run = result.run().ids().run(session.id);
        if (null != run)
        {
            added += run.copy() || null != run.added() ? 1 : 0;
            refusedThen += !run.copy() && null == run.added() && IdMap.NONE == run.recordedFirst() ? 1 : 0;
        }
    }

    /** What is compared. */
    public WhatIfResult result()
    {
        return result;
    }

    SideFigures recorded()
    {
        return recorded;
    }

    SideFigures ours()
    {
        return ours;
    }

    /** Sessions that waited less, those that gained most first. */
    List<Pair> won()
    {
        return won;
    }

    /** Sessions that waited longer, those that lost most first. */
    List<Pair> lost()
    {
        return lost;
    }

    /** Sessions that ended in both, but in another way. */
    List<Pair> otherwise()
    {
        return otherwise;
    }

    /** The first of a list. */
    static List<Pair> shown(final List<Pair> pairs)
    {
        return pairs.subList(0, Math.min(SHOWN_MAX, pairs.size()));
    }

    Map<String, Balance> byOwner()
    {
        return byOwner;
    }

    /** Sessions whose wait did not change noticeably. */
    public long asBefore()
    {
        return asBefore;
    }

    /** Sessions that a change added, copies included. */
    public long added()
    {
        return added;
    }

    /** Sessions that a change removed. */
    public long removed()
    {
        return removed;
    }

    /** Sessions that the scheduler refuses now and took then. */
    public long refusedNow()
    {
        return refusedNow;
    }

    /** Sessions that the scheduler takes now and refused then. */
    public long refusedThen()
    {
        return refusedThen;
    }

    /** Sessions that waited less by a second or more. */
    public int wonCount()
    {
        return won.size();
    }

    /** Sessions that waited longer by a second or more. */
    public int lostCount()
    {
        return lost.size();
    }

    /** What owners gained or lost, all in all. */
    static final class Balance
    {
        long sessions;
        long won;
        long lost;
        long changeNs;
    }

    /**
     * A session on both sides.
     *
     * @param recorded   as it was.
     * @param ours       as it would have been.
     * @param recordedNs wait, -1 if it ended without a start.
     * @param oursNs     wait.
     * @param changeNs   of the wait; 0 if one side has none.
     */
    record Pair(SessionBook recorded, SessionBook ours, long recordedNs, long oursNs, long changeNs)
    {
    }
}
