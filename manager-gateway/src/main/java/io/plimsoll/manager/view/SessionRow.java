package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import java.util.ArrayList;
import java.util.List;

/** A session that is not, or no longer, just an element of a waiting array. Changed under the view's write lock. */
final class SessionRow
{
    /** Stands where an element of an array that is still alive was forgotten. */
    static final SessionRow FORGOTTEN = new SessionRow(null);

    SessionForm form;
    LifeState state = LifeState.PENDING;
    Result result = Result.UNDEFINED;
    Reason reason = Reason.NONE;
    int attempt;
    int exitCode = -1;
    long notBeforeNs;
    long startedNs;
    long endedNs;
    KernelRow[] kernels;
    private SessionSteps steps;

    SessionRow(final SessionForm form)
    {
        this.form = form;
    }

    /** Itself if it is the marker, which is told by its identity. */
    SessionRow copy()
    {
        if (FORGOTTEN == this)
        {
            return this;
        }
        final SessionRow copy = new SessionRow(form);
        copy.state = state;
        copy.result = result;
        copy.reason = reason;
        copy.attempt = attempt;
        copy.exitCode = exitCode;
        copy.notBeforeNs = notBeforeNs;
        copy.startedNs = startedNs;
        copy.endedNs = endedNs;
        copy.steps = null == steps ? null : steps.copy();
        if (null != kernels)
        {
            copy.kernels = new KernelRow[kernels.length];
            for (int i = 0; i < kernels.length; i++)
            {
                copy.kernels[i] = null == kernels[i] ? null : kernels[i].copy();
            }
        }
        return copy;
    }

    /** Row of a kernel, made when it is first placed. */
    KernelRow kernel(final int index)
    {
        if (null == kernels)
        {
            kernels = new KernelRow[form.kernels()];
        }
        if (null == kernels[index])
        {
            kernels[index] = new KernelRow();
        }
        return kernels[index];
    }

    void step(final long atNs)
    {
        if (null == steps)
        {
            steps = new SessionSteps();
        }
        steps.add(new SessionStep(atNs, state, result, reason, attempt, exitCode));
    }

    SessionHistory history()
    {
        final List<SessionStep> list = new ArrayList<>();
        final SessionSteps kept = steps;
        if (null == kept || 0 == kept.dropped())
        {
            list.add(SessionStep.submission(form.submittedNs()));
        }
        if (null != kept)
        {
            list.addAll(kept.list());
        }
        return new SessionHistory(null == kept ? 0 : kept.dropped(), list);
    }

    /** Newest assignment of a kernel, null if it was never placed. */
    Assignment assignment(final int index)
    {
        final KernelRow[] rows = kernels;
        final KernelRow row = null == rows || index < 0 || index >= rows.length ? null : rows[index];
        return null == row ? null : row.assignment;
    }

    static boolean isTerminal(final LifeState state)
    {
        return LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state;
    }
}
