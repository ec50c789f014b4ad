package io.plimsoll.manager.callback;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.RecordSource;
import io.plimsoll.manager.view.SessionView;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the journal for states that somebody wants to be told of, and hands them to {@link CallbackQueues}. The journal
 * is the queue: what a receiver has no room for is read again when it has, so that a slow one costs nobody anything,
 * and a restart goes on where {@link CallbackPosition} says. Egress only says that there is something to read. Stepped
 * by a thread of its own.
 */
public final class CallbackStage implements Agent, RecordListener, CallbackView
{
    private static final Logger LOGGER = LoggerFactory.getLogger(CallbackStage.class);
    private static final int RECORDS_PER_CYCLE = 512;
    private static final long BROKEN_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long SAVE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SAVE_QUIET_NS = TimeUnit.SECONDS.toNanos(30);

    private final RecordSource source;
    private final LiveViewStore view;
    private final CallbackPosition position;
    private final CallbackQueues queues;
    private final CallbackGuard guard;
    private final EpochNanoClock epochClock;
    private final NanoClock clock;
    private final CallbackEvents events;
    private final RecordDispatcher dispatcher;
    private final RecordFlyweight record = new RecordFlyweight();
    private volatile Supplier<Identity> identities = () -> Identity.EMPTY;
    private volatile boolean isPolicy;
    /** Sequence of the last record with something to tell, and of the first after which nothing was left to read. */
    private volatile long wanted;
    private volatile long wantedFirst;
    private volatile long handled;
    private Identity known;
    private RecordSource.Cursor cursor;
    private CallbackPosition.State saved;
    private long savedNs;
    private long brokenUntilNs;

    /**
     * Of one manager; begins where the position says, or with what comes.
     *
     * @param source    of released records.
     * @param view      that must be shown each event before this.
     * @param clusterId in the ids of callbacks.
     * @param ports     where callbacks go, and where the position is kept.
     * @param epoch     for people.
     * @param clock     monotonic.
     * @param counters  to register in.
     */
    public CallbackStage(
        final RecordSource source,
        final LiveViewStore view,
        final String clusterId,
        final CallbackPorts ports,
        final EpochNanoClock epoch,
        final NanoClock clock,
        final Counters counters)
    {
        this.source = source;
        this.view = view;
        epochClock = epoch;
        this.clock = clock;
        position = ports.position();
        guard = new CallbackGuard(ports.options());
        queues = new CallbackQueues(ports, guard, epoch, clock, counters);
        events = new CallbackEvents(clusterId, this::urlOf, view, queues);
        dispatcher = new RecordDispatcher(events);
        savedNs = clock.nanoTime();
        brokenUntilNs = savedNs;
        begin();
    }

    private void begin()
    {
        handled = view.sequence();
        try
        {
            saved = position.read();
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            LOGGER.error("callbacks begin with what comes now: {}", ex.getMessage());
        }
        if (null != saved && saved.position() <= view.sequence())
        {
            handled = saved.position();
            wanted = view.sequence();
            queues.restore(saved);
        }
    }

    /** Whose policies hold; until then, nobody's. */
    public void identities(final Supplier<Identity> current)
    {
        identities = current;
    }

    @Override
    public String roleName()
    {
        return "callbacks";
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord released)
    {
        if (isPolicy || view.hasNotes(event.sessionId()))
        {
            final long sequence = released.sequence();
            if (wanted <= handled)
            {
                wantedFirst = sequence;
            }
            wanted = sequence;
        }
    }

    @Override
    public void onSessionForgotten(final SessionForgottenDecoder event, final ReleasedRecord released)
    {
        queues.forget(event.sessionId());
    }

    /** What cannot be read now is read later: nothing else of the manager depends on it. */
    @Override
    public int doWork()
    {
        if (brokenUntilNs - clock.nanoTime() > 0)
        {
            return 0;
        }
        try
        {
            return step();
        }
        catch (final RuntimeException ex)
        {
            LOGGER.error("callbacks rest for a while, since the journal cannot be read for them", ex);
            brokenUntilNs = clock.nanoTime() + BROKEN_NS;
            closeCursor();
            return 0;
        }
    }

    private int step()
    {
        final Identity current = identities.get();
        if (current != known)
        {
            known = current;
            isPolicy = current.hasCallbacks();
        }
        final int workCount = read() + resume() + queues.step();
        save(false);
        return workCount;
    }

    /** Goes on with the journal; skips what nobody wants to be told of. */
    private int read()
    {
        if (handled >= wanted)
        {
            closeCursor();
            return 0;
        }
        if (null == cursor)
        {
            cursor = source.open(oldestOf(Math.max(handled + 1, wantedFirst)));
        }
        int count = 0;
        events.forAll();
        while (count < RECORDS_PER_CYCLE && cursor.next(record))
        {
            dispatcher.dispatch(record);
            handled = record.sequence();
            count++;
        }
        return count;
    }

    private long oldestOf(final long sequence)
    {
        final long oldest = source.oldestSequence();
        if (sequence < oldest)
        {
            LOGGER.error(
                "callbacks from sequence {} to {} are lost: the journal has them no longer", sequence, oldest);
        }
        return Math.max(sequence, oldest);
    }

    private void closeCursor()
    {
        if (null != cursor)
        {
            cursor.close();
            cursor = null;
        }
    }

    /** Receivers that had no room get what they missed, up to where all others are. */
    private int resume()
    {
        int count = 0;
        for (final CallbackTarget target : queues.resumable())
        {
            try (RecordSource.Cursor again = source.open(oldestOf(target.resumeSequence)))
            {
                count += resume(target, again);
            }
        }
        return count;
    }

    private int resume(final CallbackTarget target, final RecordSource.Cursor again)
    {
        events.only(target);
        int count = 0;
        while (count < RECORDS_PER_CYCLE && target.resumeSequence <= handled && again.next(record))
        {
            final long sequence = record.sequence();
            events.isFull(false);
            dispatcher.dispatch(record);
            count++;
            if (events.isFull())
            {
                target.resumeSequence = sequence;
                target.resumeIndex = events.fullIndex();
                return count;
            }
            target.resumeSequence = sequence + 1;
            target.resumeIndex = 0;
        }
        if (target.resumeSequence > handled)
        {
            target.resumeSequence = 0;
        }
        return count;
    }

    private CallbackUrl urlOf(final SessionView session)
    {
        final String own = null == session.spec() ? null : session.spec().notes().callback();
        final String text = null == own && isPolicy ? known.callbackOf(session.ownerId()) : own;
        try
        {
            return null == text ? null : CallbackUrl.parse(text);
        }
        catch (final IllegalArgumentException ex)
        {
            return null;
        }
    }

    @Override
    public CallbackStatus status(final SessionView session)
    {
        final String own = null == session.spec() ? null : session.spec().notes().callback();
        final String url = null == own ? identities.get().callbackOf(session.ownerId()) : own;
        if (null == url)
        {
            return null;
        }
        final CallbackLedger.Entry entry = queues.entry(session.id());
        return new CallbackStatus(url, entry.pending(), entry.error(), entry.errorNs(), entry.givenUp());
    }

    @Override
    public String objection(final CallbackUrl url)
    {
        return guard.objection(url);
    }

    /** Soon if something has changed that a restart should know, and now and then in any case. */
    private void save(final boolean now)
    {
        final long nowNs = clock.nanoTime();
        if (!now && nowNs - savedNs < SAVE_NS)
        {
            return;
        }
        if (handled >= wanted)
        {
            handled = Math.max(handled, idleAt());
        }
        final Map<String, Long> targets = new TreeMap<>();
        queues.targets().forEach(target -> targets.put(target.name, target.doneBefore(handled + 1)));
        final CallbackPosition.State state = new CallbackPosition.State(handled, targets, queues.kept());
        final boolean isSame = null != saved && saved.targets().equals(targets) &&
            saved.givenUp().equals(state.givenUp());
        if (isSame && (saved.position() == handled || !now && nowNs - savedNs < SAVE_QUIET_NS))
        {
            return;
        }
        savedNs = nowNs;
        try
        {
            position.write(state);
            saved = state;
        }
        catch (final IOException ex)
        {
            LOGGER.warn("the position of callbacks cannot be kept: {}; they would be told again", ex.getMessage());
        }
    }

    /** Sequence up to which nothing is left to read, if nothing has come meanwhile. */
    private long idleAt()
    {
        final long sequence = view.sequence();
        return wanted <= handled ? sequence : handled;
    }

    @Override
    public void onClose()
    {
        closeCursor();
        save(true);
        queues.close();
    }
}
