package io.plimsoll.manager.why;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.JournalCursor;
import io.plimsoll.journal.JournalDamagedException;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.http.ExplanationText;
import io.plimsoll.manager.replay.ReplayedCluster;
import io.plimsoll.manager.replay.UnknownSessionException;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionForm;
import io.plimsoll.manager.view.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Tells why a session waited. It reads the journal twice: once without restoring anything, to find the session's
 * records and how often it was passed over; then it restores the cluster from its submission on and asks the scheduler
 * after those records. If there are too many of them it asks after every so-many-th, and the story says so; what
 * changes agents, limits or options is looked into first. For one thread.
 */
public final class WaitStoryteller
{
    /** Records that are looked into at most for room that came and went; and as many again for other changes. */
    private static final int EXAMINED_MAX = 4_000;
    /** Of these, how many are asked for the place in the queue too, which takes far longer. */
    private static final int PLACED_IN_QUEUE_MAX = 64;
    private static final int PASSAGES_MAX = 20;

    private final ReplayedCluster cluster;
    private final long sessionId;
    private final int examinedMax;
    private final List<WaitStory.Wait> waits = new ArrayList<>();
    private SessionTracker tracker;
    private RecordDispatcher dispatcher;
    private HappeningText happenings;
    private PassageBuilder passages;
    private SessionView lastSeen;
    private WaitStory.Point waitFrom;
    private long passed;
    private long examined;
    private long examinedSpecial;
    private int askedForPlace;
    private long waitPassed;
    private long step = 1;

    private WaitStoryteller(final ReplayedCluster cluster, final long sessionId, final int examinedMax)
    {
        this.cluster = cluster;
        this.sessionId = sessionId;
        this.examinedMax = examinedMax;
    }

    /**
     * Tells the story of a session.
     *
     * @param cluster   moved meanwhile; it ends at the last record that was looked at.
     * @param sessionId of the session.
     * @return the story.
     * @throws UnknownSessionException if the journal knows no such session.
     */
    public static WaitStory tell(final ReplayedCluster cluster, final long sessionId)
    {
        return tell(cluster, sessionId, EXAMINED_MAX);
    }

    /**
     * The same, with a bound on how often the scheduler is asked.
     *
     * @param cluster     moved meanwhile; it ends at the last record that was looked at.
     * @param sessionId   of the session.
     * @param examinedMax questions for room that came and went; and as many again for other changes.
     * @return the story.
     */
    public static WaitStory tell(final ReplayedCluster cluster, final long sessionId, final int examinedMax)
    {
        return new WaitStoryteller(cluster, sessionId, examinedMax).tell();
    }

    private WaitStory tell()
    {
        final long first = goToOldest();
        final boolean wasThere = null != cluster.view().session(sessionId);
        final WaitStory.Point oldest = here();
        final long[] span = scan(first);
        final long moments = span[2];
        step = Math.max(1, (moments + examinedMax - 1) / examinedMax);
        cluster.moveTo(wasThere ? first : span[0] - 1);
        track();
        if (wasThere && tracker.isWaiting())
        {
            beginWait();
        }
        while (cluster.sequence() < span[1] && cluster.next())
        {
            onRecord();
        }
        if (null != waitFrom)
        {
            endWait(null, List.of(), List.of());
        }
        return new WaitStory(
            lastSeen, List.copyOf(tracker.steps()), List.copyOf(waits), examined + examinedSpecial, passed,
            wasThere ? oldest : null, here());
    }

    /** The oldest state that there is; 0 unless records are pruned. */
    private long goToOldest()
    {
        final long oldest = cluster.oldestState();
        cluster.moveTo(oldest);
        return oldest;
    }

    /** First and last record to restore, and how often the session was passed over between them. */
    private long[] scan(final long from)
    {
        track();
        final RecordFlyweight record = new RecordFlyweight();
        final long[] span = {null == tracker.state() ? 0 : from, from, 0};
        try (JournalCursor cursor = cluster.journal().cursor())
        {
            cursor.seek(from + 1);
            while (!tracker.hasEnded() && cursor.next(record))
            {
                final boolean wasWaiting = tracker.isWaiting();
                dispatcher.dispatch(record);
                span[0] = 0 == span[0] && tracker.isOwn() ? record.sequence() : span[0];
                span[1] = null != tracker.state() ? record.sequence() : span[1];
                span[2] += wasWaiting && tracker.isWaiting() && tracker.isMoment() && !tracker.isSpecial() ? 1 : 0;
            }
        }
        catch (final JournalDamagedException ex)
        {
            // The story ends where the journal can no longer be read, as every replay does.
            span[1] = Math.max(span[1], from);
        }
        if (null == tracker.state())
        {
            throw new UnknownSessionException("the journal has no session " + sessionId +
                (0 == from ? "" : ", or no longer: what was before sequence " + from + ", " +
                    ReplayedCluster.time(cluster.timestampNs()) + ", is not kept"));
        }
        return span;
    }

    /** Begins to follow the session from where the cluster stands. */
    private void track()
    {
        tracker = new SessionTracker(sessionId);
        dispatcher = new RecordDispatcher(tracker);
        final LiveViewStore view = cluster.view();
        happenings = new HappeningText(tracker, view, sessionId);
        for (final AgentView agent : view.agents())
        {
            tracker.agent(agent.id(), view.groups().group(agent.group()).id());
        }
        for (final AccountView account : view.accounts())
        {
            tracker.account(
                account.options().id(), account.options().parentId(), account.options().projectId());
        }
        final SessionForm form = view.form(sessionId);
        if (null != form)
        {
            lastSeen = view.session(sessionId);
            tracker.session(form.groupId(), form.ownerId(), lastSeen.state(), form.dependencies());
        }
    }

    private void onRecord()
    {
        final boolean wasWaiting = tracker.isWaiting();
        dispatcher.dispatch(cluster.record());
        if (tracker.isOwn())
        {
            final SessionView seen = cluster.view().session(sessionId);
            lastSeen = null == seen ? lastSeen : seen;
        }
        if (wasWaiting && !tracker.isWaiting())
        {
            happenings.countPlaced(here(), passages);
            endWait(here(), happenings.freed(passages.last()), happenings.placed(here()));
        }
        else if (!wasWaiting && tracker.isWaiting())
        {
            beginWait();
        }
        else if (wasWaiting && (tracker.isMoment() || passages.isTimeUp(cluster.timestampNs())))
        {
            onPassedOver();
            happenings.countPlaced(here(), passages);
        }
    }

    private void beginWait()
    {
        waitFrom = here();
        waitPassed = 0;
        passages = new PassageBuilder();
        examine();
        examined++;
    }

    private void onPassedOver()
    {
        final boolean isHeldBack = passages.isHeldBack();
        if (isHeldBack && !tracker.isSpecial() && !passages.isTimeUp(cluster.timestampNs()))
        {
            return;
        }
        final boolean isAsked = (isHeldBack || tracker.isSpecial()) && examinedSpecial < examinedMax;
        if (isAsked)
        {
            examinedSpecial++;
            examine();
        }
        if (passages.isHeldBack())
        {
            return;
        }
        passed++;
        waitPassed++;
        if (!isAsked && 0 == passed % step)
        {
            examined++;
            examine();
        }
        passages.onPassedOver();
    }

    private void examine()
    {
        final Explanation answer = cluster.examine(sessionId);
        final ExplanationView view = answer.known() ? ExplanationView.of(answer, cluster.view()) : null;
        if (null == view || null == answer.agents())
        {
            return;
        }
        final List<String> waitsFor = ExplanationText.waitsFor(view);
        if (!passages.isSame(view, waitsFor) && askedForPlace < PLACED_IN_QUEUE_MAX)
        {
            askedForPlace++;
            final ExplanationView whole = ExplanationView.of(cluster.explain(sessionId), cluster.view());
            passages.add(here(), whole, ExplanationText.waitsFor(whole), ExplanationText.summary(whole));
        }
        else
        {
            passages.add(here(), view, waitsFor, ExplanationText.summary(view));
        }
    }

    private void endWait(
        final WaitStory.Point to, final List<String> freed, final List<WaitStory.Placement> placed)
    {
        final ToLongFunction<WaitStory.Point> time = WaitStory.Point::timestampNs;
        final List<WaitStory.Passage> told = passages.end(null == to ? here() : to, time);
        final boolean compact = told.size() > PASSAGES_MAX;
        waits.add(new WaitStory.Wait(
            waitFrom, to, waitPassed, compact ? PassageBuilder.compact(told) : told, compact, freed, placed));
        waitFrom = null;
    }

    private WaitStory.Point here()
    {
        return new WaitStory.Point(cluster.sequence(), cluster.timestampNs());
    }
}
