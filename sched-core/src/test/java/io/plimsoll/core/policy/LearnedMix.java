package io.plimsoll.core.policy;

/** The mix of what has arrived so far, as a group of the core learns it: anew whenever twice as much has. */
final class LearnedMix implements Packing.MixSource
{
    private static final int FIRST = 64;
    private static final long GROWTH_MAX = 1 << 16;

    private final RequestCounts counts = new RequestCounts();
    private final TypicalRequests mix;
    private long seen;
    private long next;

    LearnedMix(final OpenbTrace trace, final OpenbTrace.Workload workload)
    {
        mix = new TypicalRequests(workload.sets(), TypicalRequests.ENTRIES_MAX_DEFAULT);
        mix.updateModels(trace.devicesByModel());
    }

    @Override
    public void onArrival(final OpenbTrace.Shape shape)
    {
        counts.add(shape.cpu(), shape.deviceCount(), shape.deviceShare(), shape.modelSet(), 1);
        seen++;
        if (seen >= next)
        {
            mix.update(counts);
            next = seen + (seen < FIRST ? 1 : Math.min(GROWTH_MAX, seen));
        }
    }

    @Override
    public RequestMix mix()
    {
        return mix;
    }

    @Override
    public long version()
    {
        return mix.version();
    }
}
