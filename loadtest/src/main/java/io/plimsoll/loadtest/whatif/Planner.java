package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.loadtest.simulate.SessionSpec;
import io.plimsoll.loadtest.whatif.KernelPlan.Planned;
import io.plimsoll.loadtest.whatif.KernelTrace.Fate;
import io.plimsoll.loadtest.whatif.KernelTrace.Step;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Makes what a kernel does out of what is recorded of its session: the overhead of its start, its run time, its result.
 * docs/WHAT_IF.md states the rules.
 */
final class Planner
{
    static final int EXIT_CODE_KILLED = 143;

    private final RecordedLives lives;

    Planner(final RecordedLives lives)
    {
        this.lives = lives;
    }

    /**
     * Plans an attempt at a kernel.
     *
     * @param kernel   as it was placed.
     * @param life     what the record has of its session.
     * @param agentId  what the record calls its machine; 0: it does not know it.
     * @param duration by which run times are multiplied; null: as they are.
     */
    KernelPlan plan(final KernelBook kernel, final SessionLife life, final int agentId, final BigDecimal duration)
    {
        final KernelPlan plan = new KernelPlan();
        final long nowNs = kernel.assignedNs;
        final KernelTrace own = life.find(kernel.index(), kernel.attempt);
        final boolean same = null != own && own.agentId == agentId;
        final KernelTrace hole = same ? null : lives.holes().find(agentId, nowNs);
        if (null != hole)
        {
            copy(hole, nowNs, plan);
        }
        else if (same && own.failedToStart())
        {
            copy(own, nowNs, plan);
        }
        else if (failsAnywhere(kernel, life))
        {
            copy(life.last(kernel.index(), Fate.START_FAILED), nowNs, plan);
        }
        else
        {
            start(kernel, life, own, plan);
            end(kernel, life, same ? own : null, duration, plan);
        }
        return plan;
    }

    /** Plans an attempt at a kernel of a session that a change has added: it does what the change says. */
    KernelPlan plan(final KernelBook kernel, final AddedSession added, final int agentId)
    {
        final KernelPlan plan = new KernelPlan();
        final KernelTrace hole = lives.holes().find(agentId, kernel.assignedNs);
        if (null != hole)
        {
            copy(hole, kernel.assignedNs, plan);
            return plan;
        }
        final SessionSpec.Behaviour behaviour = added.spec().behaviour();
        final long runningNs = kernel.assignedNs + behaviour.startDelayNs();
        plan.add(new Planned(runningNs, ReportKind.RUNNING, Reason.NONE, 0, 0));
        final long durationNs = behaviour.durationNs(kernel.index());
        final long limitNs = kernel.session.request.walltimeNs();
        if (limitNs > 0 && limitNs < durationNs)
        {
            plan.add(new Planned(runningNs + limitNs, ReportKind.EXITED, Reason.WALLTIME, EXIT_CODE_KILLED, 0));
        }
        else if (SessionSpec.FOREVER != durationNs)
        {
            plan.add(new Planned(
                runningNs + durationNs, ReportKind.EXITED, Reason.NONE, behaviour.exitCode(kernel.index()), 0));
        }
        return plan;
    }

    /** A failed start, again: one that hung hangs until somebody ends it. */
    private static void copy(final KernelTrace failed, final long nowNs, final KernelPlan plan)
    {
        final boolean hung = Fate.HUNG == failed.fate();
        for (final Step step : failed.steps())
        {
            if (!(hung && step.isEnd()))
            {
                plan.add(Planned.of(step, nowNs + step.atNs() - failed.assignedNs));
            }
        }
    }

    /** Whether it is the session that cannot start, and not a machine. */
    private boolean failsAnywhere(final KernelBook kernel, final SessionLife life)
    {
        final KernelTrace failed = life.last(kernel.index(), Fate.START_FAILED);
        return null != failed && !life.everStarted() &&
            null == lives.holes().find(failed.agentId, failed.assignedNs);
    }

    private void start(
        final KernelBook kernel, final SessionLife life, final KernelTrace own, final KernelPlan plan)
    {
        final boolean ownStarted = null != own && (null != own.running() || Fate.OWN == own.fate());
        final KernelTrace started = ownStarted ? own : life.lastStarted(kernel.index());
        if (null == started)
        {
            // Who was ended before it ran would have needed longer than that.
            final long endedNs = null == own || 0 == own.killNs() ? 0 : own.killNs() - own.assignedNs + 1;
            final long startNs = Math.max(lives.usualStartNs(), endedNs);
            plan.add(new Planned(kernel.assignedNs + startNs, ReportKind.RUNNING, Reason.NONE, 0, 0));
            return;
        }
        for (final Step step : started.steps())
        {
            if (!step.isEnd())
            {
                plan.add(Planned.of(step, kernel.assignedNs + step.atNs() - started.assignedNs));
            }
        }
    }

    private void end(
        final KernelBook kernel,
        final SessionLife life,
        final KernelTrace same,
        final BigDecimal duration,
        final KernelPlan plan)
    {
        final long runningNs = plan.lastNs(kernel.assignedNs);
        final long limitNs = null == kernel.session ? 0 : kernel.session.request.walltimeNs();
        final KernelTrace ended = ended(kernel, life, same);
        if (null != ended)
        {
            final long recordedNs = ended.end().atNs() - ended.runningNs();
            final long runNs = scaled(recordedNs, duration);
            if (0 == limitNs || runNs <= Math.max(limitNs, null == duration ? recordedNs : limitNs))
            {
                plan.add(Planned.of(ended.end(), runningNs + runNs));
                return;
            }
        }
        if (0 == limitNs)
        {
            // Nobody knows, or it runs until its siblings have ended.
            plan.assumed = !life.hasOwnEnd();
            return;
        }
        final KernelTrace stopped = life.last(kernel.index(), Fate.WALLTIME);
        final Step stop = null == stopped ? null : stopped.end();
        if (null != stop && stop.atNs() - stopped.runningNs() >= limitNs)
        {
            // Its agent needed some time to end it.
            plan.add(Planned.of(stop, runningNs + stop.atNs() - stopped.runningNs()));
            return;
        }
        plan.assumed = null == ended && !life.hasOwnEnd();
        plan.add(new Planned(runningNs + limitNs, ReportKind.EXITED, Reason.WALLTIME, EXIT_CODE_KILLED, 0));
    }

    /** The attempt whose end this one has, null if no end is known. */
    private static KernelTrace ended(final KernelBook kernel, final SessionLife life, final KernelTrace same)
    {
        if (null != same && Fate.OWN == same.fate())
        {
            return same;
        }
        final KernelTrace own = life.last(kernel.index(), Fate.OWN);
        return null == own && !life.hasOwnEnd() ? life.last(kernel.index(), Fate.DIED) : own;
    }

    private static long scaled(final long durationNs, final BigDecimal factor)
    {
        return null == factor ?
            durationNs :
            factor.multiply(BigDecimal.valueOf(durationNs)).setScale(0, RoundingMode.HALF_EVEN).longValue();
    }
}
