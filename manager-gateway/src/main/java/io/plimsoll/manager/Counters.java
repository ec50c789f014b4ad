package io.plimsoll.manager;

import io.plimsoll.core.pipeline.LatencyHistogram;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counters of the manager with fixed names, and gauges that are sampled when somebody looks. Any thread. */
public final class Counters
{
    private final LongAdder[] adders = new LongAdder[Counter.values().length];
    private final Map<String, Sampled> sampledByName = new ConcurrentSkipListMap<>();
    private final Map<String, Histogram> histogramByName = new ConcurrentSkipListMap<>();

    /** All zero. */
    public Counters()
    {
        for (int i = 0; i < adders.length; i++)
        {
            adders[i] = new LongAdder();
        }
    }

    public void increment(final Counter counter)
    {
        adders[counter.ordinal()].increment();
    }

    public void add(final Counter counter, final long amount)
    {
        adders[counter.ordinal()].add(amount);
    }

    public long value(final Counter counter)
    {
        return adders[counter.ordinal()].sum();
    }

    /**
     * Registers a gauge, in place of one of the same name.
     *
     * @param name   in Prometheus' spelling without the prefix {@code plimsoll_}; may end with labels in braces.
     * @param help   one sentence.
     * @param sample called by whoever looks, on its thread.
     */
    public void gauge(final String name, final String help, final LongSupplier sample)
    {
        sampledByName.put(name, new Sampled(name, help, false, sample));
    }

    /** Registers a counter that somebody else keeps; as {@link #gauge}, for values that only rise. */
    public void counter(final String name, final String help, final LongSupplier sample)
    {
        sampledByName.put(name, new Sampled(name, help, true, sample));
    }

    /**
     * Registers how long something takes.
     *
     * @param name   as that of a {@link #gauge}, ending in {@code _seconds} before any labels.
     * @param help   one sentence.
     * @param values that somebody else keeps.
     */
    public void histogram(final String name, final String help, final LatencyHistogram values)
    {
        histogramByName.put(name, new Histogram(name, help, values));
    }

    /** All that is measured, those with the same name and other labels together. */
    public Collection<Histogram> histograms()
    {
        return histogramByName.values();
    }

    /** A value of a label as Prometheus wants it between quotes. */
    public static String label(final String value)
    {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** Values as of now: our counters in their order, then all that is registered by name. */
    public List<Sample> snapshot()
    {
        final List<Sample> samples = new ArrayList<>();
        for (final Counter counter : Counter.values())
        {
            samples.add(new Sample(counter.metricName(), counter.help(), true, value(counter)));
        }
        for (final Sampled sampled : sampledByName.values())
        {
            samples.add(
                new Sample(sampled.name(), sampled.help(), sampled.monotonic(), sampled.sample().getAsLong()));
        }
        return samples;
    }

    /** What is counted; names are for good, entries are appended. */
    public enum Counter
    {
        RECORDS_RELEASED("records_released_total", "Journalled records handed to egress"),
        EVENTS_RELEASED("events_released_total", "Events in released records"),
        SESSIONS_SUBMITTED("sessions_submitted_total", "Sessions accepted, array elements counted"),
        SUBMISSIONS_REJECTED("submissions_rejected_total", "Chunks of submissions that the core refused"),
        SUBMISSIONS_OVERLOADED("submissions_overloaded_total", "Chunks refused because a bound was reached"),
        REPLIES_TIMED_OUT("replies_timed_out_total", "Calls that got no answer before the reply deadline"),
        ASSIGNMENTS_SENT("assignments_sent_total", "Assign frames queued on links"),
        ASSIGNMENTS_UNSENT("assignments_unsent_total", "Assign frames without an open link; repeated on reconnection"),
        KILLS_SENT("kills_sent_total", "Kill frames queued on links"),
        REPORT_ACKS_SENT("report_acks_sent_total", "Acknowledgements of journalled reports"),
        LEASES_GRANTED("leases_granted_total", "Lease grants queued on links"),
        LINKS_OPENED("links_opened_total", "Connections of agents that finished TLS"),
        LINKS_CLOSED("links_closed_total", "Connections of agents that ended"),
        LINKS_REFUSED("links_refused_total", "Connections refused at the handshake"),
        LINKS_HOSTILE("links_hostile_total", "Connections closed because of what was sent on them"),
        LINKS_SUPERSEDED("links_superseded_total", "Connections replaced by a newer one of the same agent"),
        AGENTS_JOINED("agents_joined_total", "Credentials handed out for a join token"),
        HEARTBEATS("heartbeats_total", "Heartbeats received"),
        REPORTS("reports_total", "Reports and inventory parts taken into the ring"),
        UPLINK_BACK_PRESSURED("uplink_back_pressured_total", "Uplink messages left for later: the ring was full"),
        AGENTS_SUSPECTED("agents_suspected_total", "Agents told to the core as suspect"),
        AGENTS_LOST("agents_lost_total", "Agents told to the core as lost"),
        AGENTS_RETURNED("agents_returned_total", "Agents told to the core as returned"),
        TRACKER_PAUSES("tracker_pauses_total", "Pauses of the liveness tracker of over a second"),
        LOG_STREAMS_OPENED("log_streams_opened_total", "Log streams opened at agents"),
        TERMINALS_OPENED("terminals_opened_total", "Commands opened beside kernels"),
        FEED_EVENTS("feed_events_total", "Events handed to subscribers"),
        POISONED_REFUSED("poisoned_refused_total", "Repetitions of commands that once broke the core, not decided"),
        USAGE("usage_total", "Messages of what hosts and kernels use"),
        USAGE_DROPPED("usage_dropped_total", "Kernels in them that are not the agent's, or are too many"),
        HOST_DOCUMENTS_DROPPED("host_documents_dropped_total", "Descriptions of hosts for which there was no room");

        private final String metricName;
        private final String help;

        Counter(final String metricName, final String help)
        {
            this.metricName = metricName;
            this.help = help;
        }

        public String metricName()
        {
            return metricName;
        }

        public String help()
        {
            return help;
        }
    }

    /**
     * A value.
     *
     * @param name      without the prefix {@code plimsoll_}.
     * @param help      one sentence.
     * @param monotonic whether it only rises.
     * @param value     of it.
     */
    public record Sample(String name, String help, boolean monotonic, long value)
    {
    }

    /**
     * How long something takes.
     *
     * @param name   without the prefix {@code plimsoll_}; may end with labels in braces.
     * @param help   one sentence.
     * @param values by bounds.
     */
    public record Histogram(String name, String help, LatencyHistogram values)
    {
    }

    private record Sampled(String name, String help, boolean monotonic, LongSupplier sample)
    {
    }
}
