package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import java.util.ArrayList;
import java.util.List;

/** What a kernel does from its assignment on, unless somebody ends it before. */
final class KernelPlan
{
    private final List<Planned> steps = new ArrayList<>(4);
    /** Whether its end is what a limit makes of it, because nobody knows how long it would run. */
    boolean assumed;

    void add(final Planned step)
    {
        steps.add(step);
    }

    int size()
    {
        return steps.size();
    }

    Planned step(final int number)
    {
        return steps.get(number);
    }

    /** When the last of its steps is, a time if there is none. */
    long lastNs(final long otherwise)
    {
        return steps.isEmpty() ? otherwise : steps.get(steps.size() - 1).atNs;
    }

    /**
     * A step.
     *
     * @param atNs     when.
     * @param kind     what its agent reports.
     * @param reason   of an end.
     * @param exitCode of an end.
     * @param sequence of the report in the record, if this is it, at its very time; otherwise 0.
     */
    record Planned(long atNs, ReportKind kind, Reason reason, int exitCode, long sequence)
    {
        static Planned of(final KernelTrace.Step step, final long atNs)
        {
            return new Planned(
                atNs, step.kind(), step.reason(), step.exitCode(), atNs == step.atNs() ? step.sequence() : 0);
        }
    }
}
