package io.plimsoll.loadtest.whatif;

import io.plimsoll.loadtest.whatif.KernelTrace.Fate;
import java.util.ArrayList;
import java.util.List;

/** All that a journal tells of what the kernels of one session did. */
final class SessionLife
{
    /** Nothing is known. */
    static final SessionLife UNKNOWN = new SessionLife();

    private final List<KernelTrace> traces = new ArrayList<>(1);

    void add(final KernelTrace trace)
    {
        traces.add(trace);
    }

    /** That of one kernel in one attempt, null if there was none. */
    KernelTrace find(final int index, final int attempt)
    {
        for (final KernelTrace trace : traces)
        {
            if (trace.index == index && trace.attempt == attempt)
            {
                return trace;
            }
        }
        return null;
    }

    /** The last one of a kernel with a fate, null if there is none. */
    KernelTrace last(final int index, final Fate fate)
    {
        for (int i = traces.size() - 1; i >= 0; i--)
        {
            if (traces.get(i).index == index && traces.get(i).fate() == fate)
            {
                return traces.get(i);
            }
        }
        return null;
    }

    /** The last one in which a kernel ran, null if it never did. */
    KernelTrace lastStarted(final int index)
    {
        for (int i = traces.size() - 1; i >= 0; i--)
        {
            final KernelTrace trace = traces.get(i);
            if (trace.index == index && (null != trace.running() || Fate.OWN == trace.fate()))
            {
                return trace;
            }
        }
        return null;
    }

    /** Whether any kernel ended by itself: then the session has an end of its own. */
    boolean hasOwnEnd()
    {
        return traces.stream().anyMatch(trace -> Fate.OWN == trace.fate());
    }

    boolean everStarted()
    {
        return traces.stream().anyMatch(trace -> null != trace.running() || Fate.OWN == trace.fate());
    }

    List<KernelTrace> traces()
    {
        return traces;
    }
}
