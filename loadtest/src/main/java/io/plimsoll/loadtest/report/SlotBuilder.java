package io.plimsoll.loadtest.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Utilisation and fragmentation of every slot of every group. */
final class SlotBuilder
{
    private static final double THOUSANDTHS = 1_000;
    private static final double PERCENT = 100;

    private final Survey survey;
    private final ReportRange range;
    private final BookedNames names;
    private final Map<Integer, Map<Integer, Double[]>> fragmentation;

    SlotBuilder(final Survey survey, final Inquiry inquiry)
    {
        this.survey = survey;
        range = survey.range;
        names = survey.book.names();
        fragmentation = inquiry.fragmentation().parts();
    }

    List<Report.Slot> build()
    {
        final List<Report.Slot> slots = new ArrayList<>();
        survey.usage.byGroup().forEach(
            (group, usage) -> usage.bySlot.forEach((slot, slotUsage) -> slots.add(build(group, slot, slotUsage))));
        return slots;
    }

    private Report.Slot build(final int group, final int slot, final UsageListener.SlotUsage usage)
    {
        final boolean isInThousandths = BookedNames.CPU == slot || names.isDevice(slot);
        final double scale = isInThousandths ? THOUSANDTHS : 1;
        final Double[] used = new Double[range.buckets()];
        final Double[] useless = new Double[range.buckets()];
        final Double[] parts =
            fragmentation.getOrDefault(group, Map.of()).getOrDefault(slot, new Double[range.buckets()]);
        for (int bucket = 0; bucket < range.buckets(); bucket++)
        {
            used[bucket] = ReportBuilder.percent(usage.usedNs[bucket], usage.capacityNs[bucket]);
            useless[bucket] = null == parts[bucket] ? null : PERCENT * parts[bucket];
        }
        final int first = range.baselineBuckets();
        return new Report.Slot(
            names.group(group),
            names.slot(slot),
            BookedNames.CPU == slot ? "cores" : BookedNames.MEMORY == slot ? "bytes" :
                names.isDevice(slot) ? "devices" : "units",
            ReportBuilder.percent(sum(usage.usedNs, first, range.buckets()), sum(usage.capacityNs, first, range
                .buckets())),
            ReportBuilder.percent(sum(usage.usedNs, 0, first), sum(usage.capacityNs, 0, first)),
            mean(useless, first, range.buckets()),
            mean(useless, 0, first),
            mean(range, usage.usedNs, scale),
            mean(range, usage.capacityNs, scale),
            used,
            useless);
    }

    private static double sum(final double[] values, final int from, final int to)
    {
        return Arrays.stream(values, from, to).sum();
    }

    private static Double mean(final Double[] values, final int from, final int to)
    {
        double sum = 0;
        int count = 0;
        for (int i = from; i < to; i++)
        {
            sum += null == values[i] ? 0 : values[i];
            count += null == values[i] ? 0 : 1;
        }
        return 0 == count ? null : sum / count;
    }

    /** Integrals over the time of each bucket divided by its length. */
    static double[] mean(final ReportRange range, final double[] integral, final double scale)
    {
        final double[] means = new double[range.buckets()];
        for (int bucket = 0; bucket < means.length; bucket++)
        {
            means[bucket] =
                integral[bucket] / (range.bucketEndNs(bucket) - range.bucketStartNs(bucket)) / scale;
        }
        return means;
    }
}
