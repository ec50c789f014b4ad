package io.plimsoll.agent;

import io.plimsoll.agent.gpu.HostGpus;
import io.plimsoll.agent.runtime.RuntimeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an agent would find on this host, without starting one: for people who ask before they do.
 *
 * @param capacities that it would offer.
 * @param notes      what they should know of how kernels would run.
 */
public record HostReport(List<Capacity> capacities, List<String> notes)
{
    /** Looks. Leaves nothing behind. */
    public static HostReport inspect()
    {
        try (HostOffer offer = new HostOffer(Map.of(), Map.of(), HostGpus.find()))
        {
            final List<String> notes = new ArrayList<>(RuntimeReport.notes());
            notes.addAll(offer.host().details().notes());
            return new HostReport(offer.offer().capacities(), List.copyOf(notes));
        }
    }
}
