package io.plimsoll.loadtest.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SampleSeriesTest
{
    private static final int MAX = 8;

    private final SampleSeries series = new SampleSeries(MAX);

    @Test
    void shouldKeepEachAsLongAsThereIsRoom()
    {
        fill(MAX);

        assertEquals(MAX, series.list().size());
        assertEquals(3, series.list().get(2).submitted());
    }

    @Test
    void shouldStayBoundedAndKeepTheSum()
    {
        // 1,024 looks in eight samples of 128 each.
        fill(1_024);

        assertEquals(MAX, series.list().size());
        double sum = 0;
        for (final Sample sample : series.list())
        {
            sum += sample.submitted() * 128;
        }
        assertEquals(1_024 * 1_025 / 2.0, sum, 1e-6);
        assertEquals(1_024, series.list().get(MAX - 1).seconds());
        assertEquals(1_024, series.list().get(MAX - 1).p99Micros());
        assertTrue(series.list().get(0).p50Micros() < 0);
    }

    private void fill(final int count)
    {
        for (int second = 1; second <= count; second++)
        {
            series.add(new Sample(second, second, 0, 0, -1, second, 7, -1, second));
        }
    }
}
