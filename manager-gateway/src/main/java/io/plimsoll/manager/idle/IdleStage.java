package io.plimsoll.manager.idle;

import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.IdlePolicy;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;

/**
 * Looks at the sessions that run, once a second at each for which a time holds, and ends those that were not used for
 * as long. Counting begins when a session starts to run, and anew when the manager starts: nobody is held to what
 * nobody has seen. Stepped by a thread of its own; records come from that of the egress, bytes and readers from any.
 */
public final class IdleStage implements Agent, RecordListener, IdleView, Traffic
{
    /** Watched at a time: others run on until there is room. */
    static final int WATCHED_MAX = 1_000_000;

    private static final long SWEEP_NS = TimeUnit.SECONDS.toNanos(1);
    /** So long without a step: the process, or its machine, stood still, and nobody could be heard. */
    private static final long GAP_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int STARTED_MAX = 1 << 16;
    private static final int STARTED_PER_CYCLE = 256;
    private static final int SESSIONS_PER_PAGE = 256;
    private static final int LOOKS_PER_CYCLE = 4_096;
    private static final int KERNEL_BITS = 10;
    private static final int KERNEL_MASK = (1 << KERNEL_BITS) - 1;
    private static final SessionFilter RUNNING =
        new SessionFilter(Set.of(LifeState.RUNNING), null, null, null, null);

    private final LiveViewStore view;
    private final UsageView usage;
    private final SessionEnder ender;
    private final EpochNanoClock epochClock;
    private final NanoClock clock;
    private final Map<Long, WatchedSession> watchedById = new ConcurrentHashMap<>();
    private final ManyToOneConcurrentArrayQueue<Long> started = new ManyToOneConcurrentArrayQueue<>(STARTED_MAX);
    private final Map<Integer, Boolean> reachedByAgent = new HashMap<>();
    private final LongAdder ended = new LongAdder();
    private volatile Supplier<Identity> identities = () -> Identity.EMPTY;
    private volatile boolean hasMissed;
    private Identity known = Identity.EMPTY;
    /** Where to go on with all that run; 0: nowhere. */
    private long cursor = 1;
    private Iterator<WatchedSession> sweep;
    private long sweptNs;
    private long steppedNs;

    /**
     * Of one manager.
     *
     * @param view       that must be shown each event before this.
     * @param usage      as agents tell.
     * @param ender      ends sessions.
     * @param epochClock for people.
     * @param clock      monotonic.
     * @param counters   to register in.
     */
    public IdleStage(
        final LiveViewStore view,
        final UsageView usage,
        final SessionEnder ender,
        final EpochNanoClock epochClock,
        final NanoClock clock,
        final Counters counters)
    {
        this.view = view;
        this.usage = usage;
        this.ender = ender;
        this.epochClock = epochClock;
        this.clock = clock;
        steppedNs = clock.nanoTime();
        sweptNs = steppedNs;
        counters.gauge("idle_sessions_watched", "Running sessions that end when they are not used", watchedById::size);
        counters.counter("idle_sessions_ended_total", "Sessions that ended because they were not used", ended::sum);
    }

    /** Whose policies hold; until then, nobody's. */
    public void identities(final Supplier<Identity> source)
    {
        identities = source;
    }

    @Override
    public String roleName()
    {
        return "idle";
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        final Long id = event.sessionId();
        if (LifeState.RUNNING == event.state())
        {
            if (view.mayBeIdle(id) && !started.offer(id))
            {
                hasMissed = true;
            }
        }
        else if (!watchedById.isEmpty())
        {
            watchedById.remove(id);
        }
    }

    @Override
    public void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
        if (!watchedById.isEmpty() && WatchedSession.isTerminal(event.state()))
        {
            final WatchedSession session = watchedById.get(event.kernelId() >> KERNEL_BITS);
            if (null != session)
            {
                session.onKernelEnded((int)event.kernelId() & KERNEL_MASK, event.attempt());
            }
        }
    }

    @Override
    public void onBytes(final long kernelId)
    {
        final WatchedSession session = watchedById.get(kernelId >> KERNEL_BITS);
        if (null != session)
        {
            session.onTraffic(clock.nanoTime());
        }
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        final long gapNs = nowNs - steppedNs;
        steppedNs = nowNs;
        if (gapNs > GAP_NS)
        {
            watchedById.values().forEach(session -> session.hold(gapNs));
        }
        return takeStarted(nowNs) + walk(nowNs) + look(nowNs);
    }

    private int takeStarted(final long nowNs)
    {
        int count = 0;
        Long id = started.poll();
        while (null != id)
        {
            final SessionView session = view.session(id);
            if (null != session)
            {
                watch(session, nowNs);
            }
            count++;
            id = count < STARTED_PER_CYCLE ? started.poll() : null;
        }
        return count;
    }

    /** All that run are looked through when policies have changed, at the start, and when there were too many. */
    private int walk(final long nowNs)
    {
        final Identity current = identities.get();
        if (current != known || hasMissed)
        {
            hasMissed = false;
            known = current;
            cursor = 1;
        }
        if (0 == cursor)
        {
            return 0;
        }
        final SessionPage page = view.sessions(RUNNING, cursor, SESSIONS_PER_PAGE);
        page.sessions().forEach(session -> watch(session, nowNs));
        cursor = page.nextCursor();
        return 1;
    }

    private void watch(final SessionView session, final long nowNs)
    {
        if (LifeState.RUNNING != session.state())
        {
            return;
        }
        final Long id = session.id();
        final IdlePolicy rules = IdleRules.of(session, known);
        final WatchedSession before = watchedById.get(id);
        if (IdleRules.isNone(rules))
        {
            watchedById.remove(id);
        }
        else if (null != before && before.attempt == session.attempt())
        {
            before.rules(rules);
        }
        else if (watchedById.size() < WATCHED_MAX)
        {
            final long runningNs = Math.max(0, epochClock.nanoTime() - session.startedNs());
            final WatchedSession entry = new WatchedSession(session, rules, nowNs, runningNs);
            watchedById.put(id, entry);
            // What ended between the question and the entry has not found it: this does that work.
            final SessionView now = view.session(id);
            if (null == now || LifeState.RUNNING != now.state())
            {
                watchedById.remove(id);
            }
            else
            {
                entry.ended(now);
            }
        }
    }

    private int look(final long nowNs)
    {
        if (null == sweep)
        {
            if (nowNs - sweptNs < SWEEP_NS || watchedById.isEmpty())
            {
                return 0;
            }
            sweptNs = nowNs;
            reachedByAgent.clear();
            sweep = watchedById.values().iterator();
        }
        final long epochNs = epochClock.nanoTime();
        int count = 0;
        while (count < LOOKS_PER_CYCLE && sweep.hasNext())
        {
            look(sweep.next(), nowNs, epochNs);
            count++;
        }
        sweep = sweep.hasNext() ? sweep : null;
        return count;
    }

    private void look(final WatchedSession session, final long nowNs, final long epochNs)
    {
        session.look(usage, this::reaches, nowNs, epochNs);
        final boolean isUnused = 0 == session.useLeftNs(nowNs);
        if ((isUnused || 0 == session.trafficLeftNs(nowNs)) &&
            (!session.isAsked || nowNs - session.askedNs > ASK_AGAIN_NS))
        {
            session.isAsked = true;
            session.askedNs = nowNs;
            final Reason reason = 0 == session.trafficLeftNs(nowNs) ? Reason.IDLE_TIMEOUT : Reason.LOW_USE;
            ender.end(session.id, session.attempt, reason).thenAccept(reply -> ended.add(reply.cancelled()));
        }
    }

    private boolean reaches(final int agentId)
    {
        return reachedByAgent.computeIfAbsent(agentId, id ->
        {
            final AgentView agent = view.agent(id);
            return null != agent && agent.connected();
        });
    }

    @Override
    public List<IdleCheck> checks(final SessionView session)
    {
        if (LifeState.RUNNING != session.state())
        {
            return List.of();
        }
        final List<IdleCheck> checks = new ArrayList<>();
        if (0 != session.walltimeNs())
        {
            final long leftNs = session.startedNs() + session.walltimeNs() - epochClock.nanoTime();
            checks.add(new IdleCheck(IdleCheck.Kind.LIFETIME, Math.max(0, leftNs), session.walltimeNs()));
        }
        final WatchedSession watched = watchedById.get(session.id());
        if (null != watched && watched.attempt == session.attempt())
        {
            final long nowNs = clock.nanoTime();
            final IdlePolicy rules = watched.rules();
            if (0 != rules.timeoutNs())
            {
                checks.add(new IdleCheck(IdleCheck.Kind.TRAFFIC, watched.trafficLeftNs(nowNs), rules.timeoutNs()));
            }
            if (0 != rules.windowNs())
            {
                checks.add(new IdleCheck(IdleCheck.Kind.USE, watched.useLeftNs(nowNs), rules.windowNs()));
            }
        }
        return checks;
    }
}
