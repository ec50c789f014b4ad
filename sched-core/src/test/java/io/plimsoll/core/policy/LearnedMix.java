package io.plimsoll.core.policy;

/** The mix of what has arrived so far, brought up to date whenever twice as much has. */
final class LearnedMix implements Packing.MixSource
{
    private static final int FIRST = 64;

    private final RequestCounts counts = new RequestCounts();
    private final TypicalRequests mix;
    private long next = 1;

    LearnedMix(final OpenbTrace trace, final OpenbTrace.Workload workload)
    {
        mix = new TypicalRequests(workload.sets(), TypicalRequests.ENTRIES_MAX_DEFAULT);
        mix.updateModels(trace.devicesByModel());
    }

    @Override
    public void onArrival(final OpenbTrace.Shape shape)
    {
        counts.add(shape.cpu(), shape.deviceCount(), shape.deviceShare(), shape.modelSet(), 1);
        if (counts.total() >= next)
        {
            mix.update(counts);
            next = Math.max(FIRST, 2 * next);
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
