package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.jobs.Distribution;
import java.util.List;

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
     * @param downNs  until it is there again.
     */
    record Outage(String machine, long atNs, long downNs)
    {
    }
}
