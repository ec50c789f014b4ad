package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.csv.CsvRow;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Jobs that others of a file wait for: each has to be there, and to come before them. One thread. */
final class Mentions
{
    private final Map<String, String> firstPlace = new HashMap<>();

    /** A row names some. */
    List<Dependency> of(final CsvRow row, final List<Dependency> after)
    {
        after.forEach(dependency -> firstPlace.computeIfAbsent(dependency.session(), name -> row.place()));
        return after;
    }

    /**
     * All are there.
     *
     * @throws ScenarioException that names the line of the first that is not, or that comes too late.
     */
    void check(final Workload workload)
    {
        if (firstPlace.isEmpty())
        {
            return;
        }
        final Map<String, Boolean> come = new HashMap<>();
        firstPlace.keySet().forEach(name -> come.put(name, false));
        String late = null;
        for (int i = 0; i < workload.size(); i++)
        {
            final Job job = workload.job(i);
            for (final Dependency dependency : job.after())
            {
                late = null == late && !come.get(dependency.session()) ? dependency.session() : late;
            }
            come.replace(job.name(), true);
        }
        if (null != late)
        {
            final boolean isThere = come.get(late);
            throw new ScenarioException(firstPlace.get(late) + ", after: " + (isThere ?
                "job '" + late + "' comes later itself; what is waited for comes before" :
                "there is no job '" + late + "' in this file"));
        }
    }

    /** How often jobs wait for others that do not come before them, as the begin of a journal may leave them. */
    static long gone(final Workload workload)
    {
        final Set<String> come = new HashSet<>();
        long gone = 0;
        for (int i = 0; i < workload.size(); i++)
        {
            final Job job = workload.job(i);
            gone += job.after().stream().filter(dependency -> !come.contains(dependency.session())).count();
            come.add(job.name());
        }
        return gone;
    }

    /**
     * A job that waits for nobody who has not come.
     *
     * @param come before it; it is added.
     */
    static Job without(final Job job, final Set<String> come)
    {
        final List<Dependency> present =
            job.after().stream().filter(dependency -> come.contains(dependency.session())).toList();
        come.add(job.name());
        return job.after(present);
    }
}
