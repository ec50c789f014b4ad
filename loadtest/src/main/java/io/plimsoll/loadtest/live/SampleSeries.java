package io.plimsoll.loadtest.live;

import java.util.ArrayList;
import java.util.List;

/**
 * Samples of a run of any length: when there are too many, two neighbours become one, and from then on each is of twice
 * the time. One thread.
 */
final class SampleSeries
{
    private final int samplesMax;
    private final List<Sample> samples = new ArrayList<>();
    /** Looks that make a sample. */
    private int looks = 1;
    private int looksOfLast;

    /**
     * An empty one.
     *
     * @param samplesMax that it keeps at most, even.
     */
    SampleSeries(final int samplesMax)
    {
        this.samplesMax = samplesMax;
    }

    void add(final Sample sample)
    {
        final int last = samples.size() - 1;
        if (last >= 0 && looksOfLast < looks)
        {
            samples.set(last, samples.get(last).with(looksOfLast, sample));
            looksOfLast++;
            return;
        }
        if (samples.size() == samplesMax)
        {
            for (int i = 0; i < samplesMax / 2; i++)
            {
                samples.set(i, samples.get(2 * i).with(1, samples.get(2 * i + 1)));
            }
            samples.subList(samplesMax / 2, samplesMax).clear();
            looks *= 2;
        }
        samples.add(sample);
        looksOfLast = 1;
    }

    List<Sample> list()
    {
        return samples;
    }
}
