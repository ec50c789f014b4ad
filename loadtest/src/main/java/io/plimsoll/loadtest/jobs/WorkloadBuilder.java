package io.plimsoll.loadtest.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes jobs in any order and makes a workload of them. One thread; of no use after {@link #build}. */
public final class WorkloadBuilder
{
    private final JobColumns columns = new JobColumns();
    private final Map<String, Skipped> skipped = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Long> tallies = new LinkedHashMap<>();
    private final String name;
    private long originEpochNs = Workload.NO_ORIGIN;
    private long clockNs;

    public WorkloadBuilder(final String name)
    {
        this.name = name;
    }

    /** When arrival 0 was, in epoch nanoseconds. */
    public WorkloadBuilder originEpochNs(final long epochNs)
    {
        originEpochNs = epochNs;
        return this;
    }

    /** What the clock of the log itself showed at arrival 0, in nanoseconds; 0 unless told. */
    public WorkloadBuilder clockNs(final long ns)
    {
        clockNs = ns;
        return this;
    }

    public WorkloadBuilder add(final Job job)
    {
        columns.add(job);
        return this;
    }

    public int size()
    {
        return columns.size();
    }

    /**
     * Something of the source is no job.
     *
     * @param why   in a few words.
     * @param where such as {@code line 17}.
     */
    public void skip(final String why, final String where)
    {
        skip(new Skipped(why, 1, where));
    }

    public void skip(final Skipped more)
    {
        skipped.merge(more.why(), more, (known, added) ->
            new Skipped(known.why(), known.count() + added.count(), known.first()));
    }

    /** What a reader should know. */
    public void note(final String text)
    {
        if (!notes.contains(text))
        {
            notes.add(text);
        }
    }

    /** The same for something that may be so of many jobs: the note tells of how many. */
    public void tally(final String text)
    {
        tallies.merge(text, 1L, Long::sum);
    }

    public Workload build()
    {
        columns.sort();
        tallies.forEach((text, count) -> note(text + ": " + count));
        return new Workload(name, originEpochNs, clockNs, columns, List.copyOf(skipped.values()), notes);
    }
}
