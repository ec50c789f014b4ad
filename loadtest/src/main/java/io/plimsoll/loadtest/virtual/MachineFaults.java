package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.jobs.Distribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How machines fail. What runs on one that does is lost, and the scheduler is told at once. */
public sealed interface MachineFaults
{
    /** None does. */
    MachineFaults NONE = new Recorded(List.of());

    /**
     * Each fails by itself, again and again.
     *
     * @param up   seconds between a repair and the next failure.
     * @param down seconds until it is repaired.
     */
    record Renewal(Distribution up, Distribution down) implements MachineFaults
    {
    }

    /**
     * As a log says.
     *
     * @param outages of machines.
     */
    record Recorded(List<Outage> outages) implements MachineFaults
    {
        /** A list that nobody changes. */
        public Recorded
        {
            outages = List.copyOf(outages);
        }
    }

    /**
     * One failure.
     *
     * @param machine name.
     * @param atNs    when.
     * @param downNs  until it is there again; {@link #FOR_GOOD}.
     */
    record Outage(String machine, long atNs, long downNs)
    {
        /** It does not come back. */
        public static final long FOR_GOOD = Long.MAX_VALUE;

        /** When it is there again; {@link #FOR_GOOD}: never. */
        long untilNs()
        {
            return downNs >= FOR_GOOD - atNs ? FOR_GOOD : atNs + downNs;
        }

        /** The same without any that overlap: a machine is back when the last of its failures is over. */
        static List<Outage> apart(final List<Outage> outages)
        {
            final Map<String, Integer> lastByMachine = new HashMap<>();
            final List<Outage> apart = new ArrayList<>();
            final List<Outage> inOrder = new ArrayList<>(outages);
            inOrder.sort(Comparator.comparingLong(Outage::atNs));
            for (final Outage outage : inOrder)
            {
                final Integer index = lastByMachine.get(outage.machine);
                final Outage last = null == index ? null : apart.get(index);
                if (null == last || outage.atNs > last.untilNs())
                {
                    lastByMachine.put(outage.machine, apart.size());
                    apart.add(outage);
                }
                else if (outage.untilNs() > last.untilNs())
                {
                    final long downNs = FOR_GOOD == outage.untilNs() ? FOR_GOOD : outage.untilNs() - last.atNs;
                    apart.set(index, new Outage(last.machine, last.atNs, downNs));
                }
            }
            return apart;
        }
    }
}
