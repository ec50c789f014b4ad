package io.plimsoll.manager.metrics;

import io.plimsoll.core.pipeline.LatencyHistogram;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionForm;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.collections.Long2LongHashMap;

/**
 * Counts what the core decided, and how long sessions waited for it, in the time of the journal. Written by the thread
 * of the records, without garbage but for the first of a kind; read by any.
 */
public final class DecisionMeter implements RecordListener
{
    /** Groups that have series of their own; those beyond share one. */
    static final int GROUPS_MAX = 100;
    /** Sessions whose start is measured at a time; more start unmeasured. */
    static final int STARTING_MAX = 1_000_000;

    private static final long MISSING = Long.MIN_VALUE;
    private static final String OTHERS = "(others)";

    private final LiveViewStore view;
    private final Counters counters;
    private final LatencyHistogram[] assigned = new LatencyHistogram[GROUPS_MAX + 1];
    private final LatencyHistogram[] started = new LatencyHistogram[GROUPS_MAX + 1];
    private final Tally kernels;
    private final Tally ended;
    private final Tally requeued;
    private final Tally refused;
    private final Long2LongHashMap assignedNsBySession = new Long2LongHashMap(MISSING);

    /**
     * All zero.
     *
     * @param view     that must be shown each event before this.
     * @param counters to show the figures in.
     */
    public DecisionMeter(final LiveViewStore view, final Counters counters)
    {
        this.view = view;
        this.counters = counters;
        kernels = new Tally("kernels_assigned_total", "Kernels placed on agents", GROUPS_MAX + 1);
        ended = new Tally("sessions_ended_total", "Sessions that ended, by result and reason", 1 << 10);
        requeued = new Tally("sessions_requeued_total", "Sessions put back into the queue, by reason", 1 << 8);
        refused = new Tally("commands_refused_total", "Commands that the core refused, by code", 1 << 8);
        showUsual();
    }

    /** What usually happens is there before it does: a rate needs a zero to rise from. */
    private void showUsual()
    {
        for (final Reason reason : new Reason[]{Reason.PREEMPTED, Reason.AGENT_LOST, Reason.LAUNCH_FAILED})
        {
            showRequeued(reason);
        }
        showEnded(Result.SUCCESS, Reason.COMPLETED);
        for (final Reason reason : new Reason[]
        {
            Reason.EXIT_CODE, Reason.LAUNCH_FAILED, Reason.PULL_FAILED, Reason.OUT_OF_MEMORY, Reason.AGENT_LOST
        })
        {
            showEnded(Result.FAILURE, reason);
        }
        showRefused(RejectCode.QUOTA_EXCEEDED);
        showRefused(RejectCode.TOO_MANY_PENDING);
        showRefused(RejectCode.UNSATISFIABLE);
    }

    @Override
    public void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
        final SessionForm form = view.form(event.kernelId() >> 10);
        if (null != form)
        {
            final int group = series(form.groupId());
            if (kernels.add(group))
            {
                kernels.show(group, "group=\"" + name(group) + '"');
            }
        }
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        final LifeState state = event.state();
        final long id = event.sessionId();
        switch (state)
        {
            case SCHEDULED -> onAssigned(id, event.attempt(), record.timestampNs());
            case RUNNING -> onRunning(id, record.timestampNs());
            case PENDING ->
            {
                assignedNsBySession.remove(id);
                if (requeued.add(event.reason().value()))
                {
                    showRequeued(event.reason());
                }
            }
            case TERMINATED, CANCELLED, ERROR ->
            {
                assignedNsBySession.remove(id);
                onEnded(event.result(), event.reason());
            }
            default ->
            {
                // On its way.
            }
        }
    }

    private void onAssigned(final long id, final int attempt, final long nowNs)
    {
        if (assignedNsBySession.size() < STARTING_MAX)
        {
            assignedNsBySession.put(id, nowNs);
        }
        final SessionForm form = view.form(id);
        // What waits again has waited since another time, and is told of by the reason why.
        if (null != form && attempt <= 1)
        {
            histogram(
                assigned, form.groupId(), "submit_to_assigned_seconds",
                "From the submission of a session to its first assignment to agents")
                .record(nowNs - form.submittedNs());
        }
    }

    private void onRunning(final long id, final long nowNs)
    {
        final long assignedNs = assignedNsBySession.remove(id);
        final SessionForm form = view.form(id);
        if (MISSING != assignedNs && null != form)
        {
            histogram(
                started, form.groupId(), "assigned_to_running_seconds",
                "From the assignment of a session to agents until all of its kernels run")
                .record(nowNs - assignedNs);
        }
    }

    private void onEnded(final Result result, final Reason reason)
    {
        if (ended.add(kind(result, reason)))
        {
            showEnded(result, reason);
        }
    }

    private static int kind(final Result result, final Reason reason)
    {
        return result.value() << 8 | reason.value();
    }

    private void showEnded(final Result result, final Reason reason)
    {
        ended.show(
            kind(result, reason),
            "result=\"" + result.name().toLowerCase(Locale.ROOT) + "\",reason=\"" + label(reason) + '"');
    }

    private void showRequeued(final Reason reason)
    {
        requeued.show(reason.value(), "reason=\"" + label(reason) + '"');
    }

    private void showRefused(final RejectCode code)
    {
        refused.show(code.value(), "code=\"" + code.name().toLowerCase(Locale.ROOT).replace('_', '-') + '"');
    }

    @Override
    public void onCommandRejected(final CommandRejectedDecoder event, final ReleasedRecord record)
    {
        if (refused.add(event.code().value()))
        {
            showRefused(event.code());
        }
    }

    private LatencyHistogram histogram(
        final LatencyHistogram[] byGroup, final int groupId, final String name, final String help)
    {
        final int group = series(groupId);
        if (null == byGroup[group])
        {
            byGroup[group] = LatencyHistogram.ofWaits();
            counters.histogram(name + "{group=\"" + name(group) + "\"}", help, byGroup[group]);
        }
        return byGroup[group];
    }

    private static int series(final int groupId)
    {
        return groupId < 0 || groupId >= GROUPS_MAX ? GROUPS_MAX : groupId;
    }

    private String name(final int group)
    {
        return Counters.label(GROUPS_MAX == group ? OTHERS : view.groups().name(group));
    }

    private static String label(final Reason reason)
    {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Counts by kind; a kind is shown once there is one of it. */
    private final class Tally
    {
        private final String name;
        private final String help;
        private final AtomicLongArray counts;

        Tally(final String name, final String help, final int kinds)
        {
            this.name = name;
            this.help = help;
            counts = new AtomicLongArray(kinds);
        }

        /** Whether it is the first of its kind. */
        boolean add(final int kind)
        {
            final int index = Math.min(kind & 0xFFFF, counts.length() - 1);
            final long before = counts.getPlain(index);
            counts.setRelease(index, before + 1);
            return 0 == before;
        }

        void show(final int kind, final String labels)
        {
            final int index = Math.min(kind & 0xFFFF, counts.length() - 1);
            counters.counter(name + '{' + labels + '}', help, () -> counts.get(index));
        }
    }
}
