package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import java.util.Arrays;

/** What a journal tells of one attempt at a kernel: where it was placed, and each step that its agent reported. */
final class KernelTrace
{
    private static final Step[] NO_STEPS = new Step[0];

    final int index;
    final int attempt;
    final int agentId;
    final long assignedNs;
    private Step[] steps = NO_STEPS;
    private long killNs;
    private Reason killReason = Reason.NONE;
    /** Sequence of the inventory that no longer held it, 0 if there was none. */
    long missingAt;

    KernelTrace(final int index, final int attempt, final int agentId, final long assignedNs)
    {
        this.index = index;
        this.attempt = attempt;
        this.agentId = agentId;
        this.assignedNs = assignedNs;
    }

    void add(final Step step)
    {
        if (null == end())
        {
            steps = Arrays.copyOf(steps, steps.length + 1);
            steps[steps.length - 1] = step;
        }
    }

    void killed(final long atNs, final Reason reason)
    {
        if (0 == killNs)
        {
            killNs = atNs;
            killReason = reason;
        }
    }

    Reason killReason()
    {
        return killReason;
    }

    Step[] steps()
    {
        return steps;
    }

    /** When it was first told to end, 0 if never. */
    long killNs()
    {
        return killNs;
    }

    /** Its last step, null if it was not seen to end. */
    Step end()
    {
        final Step last = 0 == steps.length ? null : steps[steps.length - 1];
        return null != last && last.isEnd() ? last : null;
    }

    Step running()
    {
        for (final Step step : steps)
        {
            if (ReportKind.RUNNING == step.kind())
            {
                return step;
            }
        }
        return null;
    }

    /** Since when it ran: an end without a start that was reported began with the step before. */
    long runningNs()
    {
        final Step running = running();
        if (null != running)
        {
            return running.atNs();
        }
        return steps.length > 1 ? steps[steps.length - 2].atNs() : assignedNs;
    }

    /** What its end says about what it would have done elsewhere. */
    Fate fate()
    {
        final Step end = end();
        if (isStartTimeout())
        {
            return Fate.HUNG;
        }
        if (null == end)
        {
            return Fate.OPEN;
        }
        if (Reason.WALLTIME == end.reason() || Reason.WALLTIME == killReason)
        {
            return Fate.WALLTIME;
        }
        if (0 != killNs && killNs <= end.atNs())
        {
            return Fate.OTHER;
        }
        return switch (end.reason())
        {
            case NONE, COMPLETED, EXIT_CODE, OUT_OF_MEMORY, SIGNALLED ->
                ReportKind.EXITED == end.kind() || null != running() ? Fate.OWN : Fate.START_FAILED;
            case LAUNCH_FAILED, PULL_FAILED, PULL_TIMEOUT, START_TIMEOUT ->
                null == running() ? Fate.START_FAILED : Fate.OTHER;
            case SUPERVISOR_DIED -> Fate.DIED;
            default -> Fate.OTHER;
        };
    }

    private boolean isStartTimeout()
    {
        return 0 != killNs && null == running() &&
            (Reason.START_TIMEOUT == killReason || Reason.PULL_TIMEOUT == killReason);
    }

    /** Whether it never came to run, through no order of anybody. */
    boolean failedToStart()
    {
        final Fate fate = fate();
        return Fate.HUNG == fate || Fate.START_FAILED == fate;
    }

    /** What an end tells. */
    enum Fate
    {
        /** It did what it did: so it would elsewhere. */
        OWN,
        /** It ran into its limit. */
        WALLTIME,
        /** It could not be started. */
        START_FAILED,
        /** It did not start in time, and was told to end for that. */
        HUNG,
        /** What held it died; it may not have, elsewhere. */
        DIED,
        /** Somebody ended it, or its machine did: it would have gone on. */
        OTHER,
        /** It had not ended. */
        OPEN
    }

    /**
     * A report.
     *
     * @param sequence of the command that held it.
     * @param atNs     when.
     * @param kind     of it.
     * @param reason   of an end.
     * @param exitCode of an end.
     */
    record Step(long sequence, long atNs, ReportKind kind, Reason reason, int exitCode)
    {
        boolean isEnd()
        {
            return ReportKind.EXITED == kind || ReportKind.FAILED == kind;
        }
    }
}
