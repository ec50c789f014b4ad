package io.plimsoll.loadtest.jobs;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * Jobs in order of their arrival; at one instant in that of the source. Immutable; they are kept in columns, and a job
 * is made when it is asked for, so that ten million of them fit into memory. Any thread may read.
 * <p>
 * {@link WorkloadBuilder} makes one.
 */
public final class Workload
{
    /** When it began is not known. */
    public static final long NO_ORIGIN = Long.MIN_VALUE;

    private final String name;
    private final long originEpochNs;
    private final long clockNs;
    private final JobColumns columns;
    private final List<Skipped> skipped;
    private final List<String> notes;

    Workload(
        final String name,
        final long originEpochNs,
        final long clockNs,
        final JobColumns columns,
        final List<Skipped> skipped,
        final List<String> notes)
    {
        this.name = name;
        this.originEpochNs = originEpochNs;
        this.clockNs = clockNs;
        this.columns = columns;
        this.skipped = List.copyOf(skipped);
        this.notes = List.copyOf(notes);
    }

    /** One of the same name, beginning at the same time, with the same notes, and no jobs yet. */
    public WorkloadBuilder like()
    {
        final WorkloadBuilder builder = new WorkloadBuilder(name).originEpochNs(originEpochNs).clockNs(clockNs);
        skipped.forEach(builder::skip);
        notes.forEach(builder::note);
        return builder;
    }

    public String name()
    {
        return name;
    }

    /** Epoch nanoseconds of arrival 0, or {@link #NO_ORIGIN}. */
    public long originEpochNs()
    {
        return originEpochNs;
    }

    /** What the clock of the log itself showed at arrival 0, in nanoseconds; 0 unless it has one. */
    public long clockNs()
    {
        return clockNs;
    }

    public boolean hasOrigin()
    {
        return NO_ORIGIN != originEpochNs;
    }

    public int size()
    {
        return columns.size();
    }

    /** The job at a place, from 0. */
    public Job job(final int index)
    {
        return columns.job(index);
    }

    /** All of them; each is made anew when it is asked for. */
    public List<Job> jobs()
    {
        return new Jobs(columns);
    }

    /* Single columns, for loops over all jobs. */

    public long arrivalNs(final int index)
    {
        return columns.arrivalNs(index);
    }

    public Tenant tenant(final int index)
    {
        return columns.tenant(index);
    }

    public JobRequest request(final int index)
    {
        return columns.request(index);
    }

    /** Whether some job waits for others to end. */
    public boolean hasDependencies()
    {
        return columns.hasDependencies();
    }

    /** Elements of all jobs: sessions that will be there. */
    public long sessions()
    {
        long sum = 0;
        for (int i = 0; i < columns.size(); i++)
        {
            sum += columns.elements(i);
        }
        return sum;
    }

    /** From the origin to the last arrival; 0 without jobs. */
    public long lastArrivalNs()
    {
        return 0 == size() ? 0 : columns.arrivalNs(size() - 1);
    }

    /** Those that ask, in the order in which they first did. */
    public List<Tenant> tenants()
    {
        return columns.tenants();
    }

    /** What is asked for, in the order in which it first was. */
    public List<JobRequest> requests()
    {
        return columns.requests();
    }

    /** What of the source is no job, and why. */
    public List<Skipped> skipped()
    {
        return skipped;
    }

    /** What a reader should know of how jobs were made of the source. */
    public List<String> notes()
    {
        return notes;
    }

    private static final class Jobs extends AbstractList<Job> implements RandomAccess
    {
        private final JobColumns columns;

        Jobs(final JobColumns columns)
        {
            this.columns = columns;
        }

        @Override
        public Job get(final int index)
        {
            return columns.job(index);
        }

        @Override
        public int size()
        {
            return columns.size();
        }
    }
}
