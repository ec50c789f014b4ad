package io.plimsoll.core.policy;

/** The mix of a whole workload, known beforehand, as the published policies have it. */
record ConfiguredMix(RequestMix mix) implements Packing.MixSource
{
    ConfiguredMix(final OpenbTrace.Workload workload)
    {
        this(TypicalRequests.of(workload.counts(), workload.sets()));
    }

    @Override
    public void onArrival(final OpenbTrace.Shape shape)
    {
    }

    @Override
    public long version()
    {
        return 0;
    }
}
