package io.plimsoll.loadtest.virtual;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Jobs that others wait for. What has ended is told from here, so that the scheduler may forget it as it forgets all
 * others; and a name is forgotten when the last of those that wait for it has come. Of the thread of its run.
 */
final class Awaited
{
    /** Dependencies of a session that the scheduler takes. */
    private static final int OPEN_MAX = CoreOptions.defaults().dependenciesMax();

    private final SessionLog log;
    private final Map<String, Target> targets = new HashMap<>();
    /** Sessions that ended with success. */
    private final BitSet succeeded = new BitSet();

    /**
     * Nobody has come.
     *
     * @param workload that will.
     * @param log      of its sessions.
     */
    Awaited(final Workload workload, final SessionLog log)
    {
        this.log = log;
        if (workload.hasDependencies())
        {
            workload.jobs().forEach(job -> job.after().forEach(
                dependency -> targets.computeIfAbsent(dependency.session(), name -> new Target()).dependents++));
        }
    }

    /** A session ended with success. */
    void succeeded(final int session)
    {
        if (!targets.isEmpty())
        {
            succeeded.set(session);
        }
    }

    /**
     * A job came.
     *
     * @param first session of it in the log, behind which its others are.
     * @param ids   of the scheduler, of each element; 0: it does not know it.
     */
    void came(final String job, final int first, final long[] ids)
    {
        final Target target = targets.isEmpty() ? null : targets.get(job);
        if (null != target)
        {
            target.first = first;
            target.ids = ids;
        }
    }

    /** What a job that comes has yet to wait for. */
    Wait waitOf(final Job job)
    {
        if (job.after().isEmpty())
        {
            return Wait.NONE;
        }
        final List<Dependency> open = new ArrayList<>();
        final List<Long> ids = new ArrayList<>();
        boolean isInVain = false;
        for (final Dependency dependency : job.after())
        {
            final Target target = targets.get(dependency.session());
            target.dependents--;
            if (0 == target.dependents)
            {
                targets.remove(dependency.session());
            }
            for (int element = 0; element < target.ids.length; element++)
            {
                final LifeState state = log.state(target.first + element);
                // Who was refused, or has not come, is waited for by nobody.
                if (null != state && !SessionLog.isTerminal(state))
                {
                    open.add(dependency);
                    ids.add(target.ids[element]);
                }
                isInVain |= null != state && SessionLog.isTerminal(state) && !dependency.anyEnd() &&
                    !succeeded.get(target.first + element);
            }
        }
        // More the scheduler does not take; what came last ends last, as a rule.
        final int from = Math.max(0, open.size() - OPEN_MAX);
        return new Wait(
            open.subList(from, open.size()), ids.stream().skip(from).mapToLong(Long::longValue).toArray(), isInVain);
    }

    /** Names that somebody has yet to come for. */
    int size()
    {
        return targets.size();
    }

    /**
     * What is to be waited for.
     *
     * @param open     jobs that have not ended.
     * @param ids      of them in the scheduler, in the same order.
     * @param isInVain whether one has ended otherwise than it should, so that this one will never run.
     */
    record Wait(List<Dependency> open, long[] ids, boolean isInVain)
    {
        static final Wait NONE = new Wait(List.of(), new long[0], false);
    }

    /** A job that is waited for. */
    private static final class Target
    {
        private int dependents;
        private int first;
        /** None: it has not come. */
        private long[] ids = {};
    }
}
