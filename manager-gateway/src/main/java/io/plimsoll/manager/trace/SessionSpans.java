package io.plimsoll.manager.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.manager.control.RequestOrigin;
import io.plimsoll.manager.egress.SessionTap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * Makes spans of what becomes of sessions, in the time of the journal, from their acceptance until they run:
 * <pre>
 * session
 *  ├─ queue                 until all kernels have agents
 *  └─ kernel 0              from there until it runs
 *      ├─ deliver           until its agent has taken it
 *      ├─ begin             until that says what it does
 *      ├─ pull
 *      └─ prepare
 * </pre>
 * Whoever has to wait again begins another {@code queue}. The thread of the records hands steps over, a thread of its
 * own makes spans of them.
 */
final class SessionSpans implements SessionTap.Sink, Agent
{
    /** Steps that wait to be made spans of. */
    static final int STEPS_MAX = 1 << 14;
    /** Sessions that are followed at a time; the span of the one that has waited longest ends before its time. */
    static final int SESSIONS_MAX = 10_000;

    private static final int STEPS_PER_CYCLE = 256;
    private static final AttributeKey<Long> SESSION = AttributeKey.longKey("plimsoll.session.id");
    private static final AttributeKey<String> GROUP = AttributeKey.stringKey("plimsoll.group");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("plimsoll.attempt");
    private static final AttributeKey<String> AGENT = AttributeKey.stringKey("plimsoll.agent");
    private static final AttributeKey<Long> KERNEL = AttributeKey.longKey("plimsoll.kernel");
    private static final AttributeKey<String> STATE = AttributeKey.stringKey("plimsoll.state");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("plimsoll.reason");
    private static final AttributeKey<Boolean> CUT = AttributeKey.booleanKey("plimsoll.cut");

    private final Tracer tracer;
    private final OneToOneConcurrentArrayQueue<Seen> steps = new OneToOneConcurrentArrayQueue<>(STEPS_MAX);
    private final Map<Long, Followed> followed = new LinkedHashMap<>();
    private final LongAdder dropped = new LongAdder();
    private volatile int size;

    SessionSpans(final Tracer tracer)
    {
        this.tracer = tracer;
    }

    /** Steps for which there was no room. */
    long dropped()
    {
        return dropped.sum();
    }

    /** Sessions that are followed. */
    int size()
    {
        return size;
    }

    @Override
    public void onStep(final RequestOrigin origin, final SessionTap.Step step)
    {
        if (!steps.offer(new Seen(origin, step)))
        {
            dropped.increment();
        }
    }

    @Override
    public String roleName()
    {
        return "traces";
    }

    @Override
    public int doWork()
    {
        int workCount = 0;
        Seen seen = steps.poll();
        while (null != seen)
        {
            take(seen.origin(), seen.step());
            workCount++;
            seen = workCount < STEPS_PER_CYCLE ? steps.poll() : null;
        }
        size = followed.size();
        return workCount;
    }

    /** What has not come to its end by then is told as far as it went. */
    @Override
    public void onClose()
    {
        while (doWork() > 0)
        {
            Thread.onSpinWait();
        }
        followed.values().forEach(Followed::cut);
        followed.clear();
    }

    private void take(final RequestOrigin origin, final SessionTap.Step step)
    {
        final Followed known = followed.get(step.sessionId());
        if (null != known)
        {
            if (step.kernel() >= 0)
            {
                known.onKernel(step);
            }
            else if (known.onSession(step))
            {
                followed.remove(step.sessionId());
            }
        }
        else if (step.kernel() < 0 && LifeState.PENDING == step.state() && Reason.NONE == step.reason())
        {
            begin(origin, step);
        }
    }

    private void begin(final RequestOrigin origin, final SessionTap.Step step)
    {
        if (followed.size() >= SESSIONS_MAX)
        {
            final Iterator<Followed> oldest = followed.values().iterator();
            oldest.next().cut();
            oldest.remove();
        }
        followed.put(step.sessionId(), new Followed(origin, step));
    }

    private Span start(final String name, final Context parent, final long atNs)
    {
        return tracer.spanBuilder(name).setParent(parent).setStartTimestamp(atNs, TimeUnit.NANOSECONDS).startSpan();
    }

    private static void end(final Span span, final long atNs)
    {
        if (null != span)
        {
            span.end(atNs, TimeUnit.NANOSECONDS);
        }
    }

    private static String label(final Enum<?> constant)
    {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private record Seen(RequestOrigin origin, SessionTap.Step step)
    {
    }

    /** A session that does not run yet. */
    private final class Followed
    {
        private final Span span;
        private final Context context;
        private final Map<Integer, Start> starts = new HashMap<>();
        private Span queue;
        private long lastNs;

        Followed(final RequestOrigin origin, final SessionTap.Step step)
        {
            lastNs = step.atNs();
            span = start("session", TraceContext.read(origin.traceparent(), null), step.atNs());
            span.setAttribute(SESSION, step.sessionId());
            span.setAttribute(Tracing.REQUEST_ID, origin.requestId());
            span.setAttribute(GROUP, step.place());
            context = Context.root().with(span);
            queue = start("queue", context, step.atNs());
        }

        /** Whether nothing follows that is of interest. */
        boolean onSession(final SessionTap.Step step)
        {
            lastNs = step.atNs();
            switch (step.state())
            {
                case SCHEDULED -> queued(step.atNs());
                case PENDING ->
                {
                    starts.values().forEach(start -> start.fail(step));
                    starts.clear();
                    queued(step.atNs());
                    queue = start("queue", context, step.atNs());
                    queue.setAttribute(REASON, label(step.reason()));
                }
                case RUNNING ->
                {
                    ended(step);
                    return true;
                }
                case TERMINATED, CANCELLED, ERROR ->
                {
                    span.setStatus(StatusCode.ERROR, label(step.reason()));
                    ended(step);
                    return true;
                }
                default ->
                {
                    // Its kernels say more.
                }
            }
            return false;
        }

        void onKernel(final SessionTap.Step step)
        {
            lastNs = step.atNs();
            final Start start = starts.get(step.kernel());
            if (LifeState.SCHEDULED == step.state() && (null == start || start.attempt != step.attempt()))
            {
                if (null != start)
                {
                    start.fail(step);
                }
                starts.put(step.kernel(), new Start(step));
            }
            else if (null != start && start.onState(step))
            {
                starts.remove(step.kernel());
            }
        }

        void cut()
        {
            span.setAttribute(CUT, true);
            starts.values().forEach(start -> start.end(lastNs));
            queued(lastNs);
            end(span, lastNs);
        }

        private void ended(final SessionTap.Step step)
        {
            starts.values().forEach(start -> start.end(step.atNs()));
            queued(step.atNs());
            span.setAttribute(STATE, label(step.state()));
            span.setAttribute(REASON, label(step.reason()));
            span.setAttribute(ATTEMPT, (long)step.attempt());
            end(span, step.atNs());
        }

        private void queued(final long atNs)
        {
            end(queue, atNs);
            queue = null;
        }

        /** A kernel that an agent was told to start. */
        private final class Start
        {
            private final Span kernel;
            private final Context kernelContext;
            private final int attempt;
            private Span phase;

            Start(final SessionTap.Step step)
            {
                kernel = SessionSpans.this.start("kernel " + step.kernel(), context, step.atNs());
                kernel.setAttribute(KERNEL, (long)step.kernel());
                kernel.setAttribute(AGENT, step.place());
                kernel.setAttribute(ATTEMPT, (long)step.attempt());
                kernelContext = context.with(kernel);
                attempt = step.attempt();
                phase = SessionSpans.this.start("deliver", kernelContext, step.atNs());
            }

            /** Whether it runs, or never will. */
            boolean onState(final SessionTap.Step step)
            {
                switch (step.state())
                {
                    case SCHEDULED -> phase("begin", step.atNs());
                    case PULLING -> phase("pull", step.atNs());
                    case PREPARING -> phase("prepare", step.atNs());
                    case RUNNING ->
                    {
                        end(step.atNs());
                        return true;
                    }
                    case TERMINATED, CANCELLED, ERROR ->
                    {
                        fail(step);
                        return true;
                    }
                    default ->
                    {
                        // On its way to an end.
                    }
                }
                return false;
            }

            private void phase(final String name, final long atNs)
            {
                SessionSpans.end(phase, atNs);
                phase = SessionSpans.this.start(name, kernelContext, atNs);
            }

            void fail(final SessionTap.Step step)
            {
                kernel.setStatus(StatusCode.ERROR, label(step.reason()));
                kernel.setAttribute(REASON, label(step.reason()));
                end(step.atNs());
            }

            void end(final long atNs)
            {
                SessionSpans.end(phase, atNs);
                SessionSpans.end(kernel, atNs);
            }
        }
    }
}
