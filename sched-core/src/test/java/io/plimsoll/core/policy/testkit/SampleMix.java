package io.plimsoll.core.policy.testkit;

import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.testkit.SeededRandom;

/** A mix made up from random numbers; it stays as it is, as its version says. */
final class SampleMix implements RequestMix
{
    /** Highest number of a model. */
    static final int MODELS = 4;

    private final SampleRequest[] entries;
    private final long version;

    SampleMix(final int size, final long version, final SeededRandom random)
    {
        this.version = version;
        entries = new SampleRequest[size];
        for (int entry = 0; entry < size; entry++)
        {
            entries[entry] = new SampleRequest(random).open();
        }
    }

    @Override
    public int size()
    {
        return entries.length;
    }

    @Override
    public long cpuMillis(final int entry)
    {
        return entries[entry].cpuMillis();
    }

    @Override
    public int deviceCount(final int entry)
    {
        return entries[entry].devices();
    }

    @Override
    public int deviceShare(final int entry)
    {
        return entries[entry].share();
    }

    @Override
    public boolean allowsModel(final int entry, final int model)
    {
        return entries[entry].allowsModel(model);
    }

    @Override
    public double weight(final int entry)
    {
        return 2.0 * (entries.length - entry) / (entries.length * (entries.length + 1.0));
    }

    @Override
    public long version()
    {
        return version;
    }

    @Override
    public int modelMax()
    {
        return MODELS;
    }

    @Override
    public double modelShare(final int model)
    {
        return 1.0 / (MODELS + 1);
    }
}
