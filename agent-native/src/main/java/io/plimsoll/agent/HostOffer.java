package io.plimsoll.agent;

import io.plimsoll.agent.gpu.GpuSample;
import io.plimsoll.agent.gpu.GpuWatch;
import io.plimsoll.agent.gpu.HostGpus;
import io.plimsoll.agent.topology.FailedDevice;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.SysfsTopology;
import io.plimsoll.agent.topology.TopologyWriter;
import io.plimsoll.transport.HostDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host has to offer: what was found, or what was configured instead. A GPU that fails is offered no more, and
 * the label {@code cuda.failed} names it.
 */
final class HostOffer implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(HostOffer.class);
    private static final String MODEL = "cuda.model";
    private static final String FAILED = "cuda.failed";

    private final Map<String, Long> configured;
    private final Map<String, String> labels;
    private final HostTopology host;
    private final HostGpus gpus;
    private final GpuWatch watch;
    private List<FailedDevice> failed = List.of();
    private Supplier<Map<String, String>> changing;
    private Map<String, String> changed = Map.of();

    /**
     * Looks at the host, once.
     *
     * @param configured amounts by slot that replace or add to what is found.
     * @param labels     that replace or add to what is found.
     * @param gpus       of the host; closed with this.
     */
    HostOffer(final Map<String, Long> configured, final Map<String, String> labels, final HostGpus gpus)
    {
        this.configured = Map.copyOf(configured);
        this.labels = new LinkedHashMap<>(labels);
        this.gpus = gpus;
        host = SysfsTopology.live();
        watch = gpus.watch();
        failed = null == watch ? List.of() : watch.failed();
        if (!gpus.note().isEmpty())
        {
            LOG.info("{}", gpus.note());
        }
    }

    /**
     * Lets labels change; before anything is offered.
     *
     * @param now gives those of now, which nobody can configure otherwise. Any thread.
     */
    void labels(final Supplier<Map<String, String>> now)
    {
        changing = now;
        changed = now.get();
    }

    /** The host with its GPUs, as it was found. */
    HostTopology host()
    {
        return now();
    }

    /** How its GPUs did when they were last looked at; any thread. */
    List<GpuSample> gpuSamples()
    {
        return null == watch ? List.of() : watch.samples();
    }

    Offer offer()
    {
        final HostTopology now = now();
        final Map<String, Long> found = new TreeMap<>();
        now.devices().forEach(device ->
            found.merge(device.slot(), device.capacityMillis() / HostDevice.MILLIS, Long::sum));
        // A slot of which all have failed is offered as none at all, and not left out as if it had never been.
        failed.stream().filter(one -> !one.slot().isEmpty()).forEach(one -> found.putIfAbsent(one.slot(), 0L));
        final Map<String, Long> amounts = new LinkedHashMap<>(found);
        configured.forEach((slot, amount) -> amounts.put(
            slot, failed.isEmpty() ? amount : Math.min(amount, found.getOrDefault(slot, amount))));
        final Map<String, String> told = new LinkedHashMap<>(labels);
        final List<String> models = now.devices().stream()
            .map(HostDevice::model).filter(model -> !model.isEmpty()).distinct().toList();
        if (1 == models.size())
        {
            told.putIfAbsent(MODEL, models.get(0));
        }
        if (!failed.isEmpty())
        {
            told.put(FAILED, String.join(",", failed.stream().map(FailedDevice::id).toList()));
        }
        told.putAll(changed);
        final byte[] document = HostDocument.deflate(TopologyWriter.write(now));
        return new Offer(
            Topology.capacities(amounts),
            told,
            failed.stream().map(FailedDevice::id).toList(),
            null == document ? new byte[0] : document);
    }

    private HostTopology now()
    {
        return gpus.addTo(host, failed);
    }

    /**
     * Something to step, about once a second, on a thread of its own.
     *
     * @param onChange told what is offered from then on.
     * @return null if nothing can change.
     */
    Agent watch(final Consumer<Offer> onChange)
    {
        return null == watch && null == changing ? null : new Agent()
        {
            @Override
            public String roleName()
            {
                return null == watch ? "plimsoll-offer" : watch.roleName();
            }

            @Override
            public int doWork()
            {
                final int workCount = null == watch ? 0 : watch.doWork();
                final List<FailedDevice> failedNow = null == watch ? failed : watch.failed();
                final Map<String, String> changedNow = null == changing ? changed : changing.get();
                if (failedNow != failed || !changedNow.equals(changed))
                {
                    failed = failedNow;
                    changed = changedNow;
                    onChange.accept(offer());
                }
                return workCount;
            }

            @Override
            public void onClose()
            {
                if (null == watch)
                {
                    gpus.close();
                }
                else
                {
                    watch.onClose();
                }
            }
        };
    }

    /** For one that was never watched; the watch closes what it watches. */
    @Override
    public void close()
    {
        gpus.close();
    }
}
