package io.plimsoll.agent;

import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.agent.device.DevicePlugins;
import io.plimsoll.agent.gpu.GpuSample;
import io.plimsoll.agent.gpu.GpuWatch;
import io.plimsoll.agent.gpu.HostGpus;
import io.plimsoll.agent.topology.FailedDevice;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.NumaNode;
import io.plimsoll.agent.topology.SysfsTopology;
import io.plimsoll.agent.topology.TopologyWriter;
import io.plimsoll.transport.HostDocument;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
    private static final String CUDA = "cuda";
    private static final String MODEL = ".model";
    private static final String FAILED = ".failed";
    private static final int LABEL_LENGTH_MAX = 64;

    private final Map<String, Long> configured;
    private final Map<String, String> labels;
    private final HostTopology host;
    private final HostTopology.Reserve reserved;
    private final HostGpus gpus;
    private final GpuWatch watch;
    private final DevicePlugins plugins;
    private List<FailedDevice> failed;
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
        this(configured, labels, gpus, Map.of());
    }

    /** The same with devices of plugins, which have settings by name. */
    HostOffer(
        final Map<String, Long> configured,
        final Map<String, String> labels,
        final HostGpus gpus,
        final Map<String, String> devices)
    {
        this(configured, labels, gpus, devices, HostTopology.Reserve.NONE);
    }

    /** The same less what the host keeps for itself. */
    HostOffer(
        final Map<String, Long> configured,
        final Map<String, String> labels,
        final HostGpus gpus,
        final Map<String, String> devices,
        final HostTopology.Reserve reserved)
    {
        this.reserved = reserved;
        this.configured = Map.copyOf(configured);
        this.labels = new LinkedHashMap<>(labels);
        this.gpus = gpus;
        host = without(SysfsTopology.live(), reserved);
        watch = gpus.watch();
        plugins = new DevicePlugins(devices, gpus.addTo(host));
        failed = failedNow();
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
        final List<GpuSample> samples = new ArrayList<>(null == watch ? List.of() : watch.samples());
        samples.addAll(plugins.samples());
        return samples;
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
        final Map<String, Set<String>> models = new TreeMap<>();
        now.devices().stream().filter(device -> !device.model().isEmpty()).forEach(device ->
            models.computeIfAbsent(family(device.slot()), family -> new TreeSet<>()).add(device.model()));
        models.forEach((family, names) ->
        {
            if (1 == names.size())
            {
                told.putIfAbsent(family + MODEL, cut(names.iterator().next()));
            }
        });
        SlotLabels.put(told, now.devices());
        final Map<String, String> lost = new TreeMap<>();
        failed.forEach(one -> lost.merge(
            one.slot().isEmpty() ? CUDA : family(one.slot()), one.id(), (some, more) -> some + ',' + more));
        lost.forEach((family, ids) -> told.put(family + FAILED, cut(ids)));
        changed.forEach((key, value) -> told.put(key, cut(value)));
        // Less than the system has where some of it is huge pages, or memory of GPUs.
        final long plainBytes = now.numa().stream().mapToLong(NumaNode::plainBytes).sum();
        if (plainBytes > 0 || reserved.memoryBytes() > 0)
        {
            final long bytes = Math.min(plainBytes > 0 ? plainBytes : Long.MAX_VALUE, Topology.memoryBytes());
            amounts.putIfAbsent(Capacity.MEM, Math.max(0, bytes - reserved.memoryBytes()));
        }
        if (!reserved.cpus().isEmpty())
        {
            final long kept = now.numa().stream().mapToLong(node -> common(node.cpus(), reserved.cpus())).sum();
            amounts.putIfAbsent(Capacity.CPU, Math.max(0, Topology.cores() - kept) * HostDevice.MILLIS);
        }
        final byte[] document = HostDocument.deflate(TopologyWriter.write(now));
        return new Offer(
            Topology.capacities(amounts),
            told,
            failed.stream().map(FailedDevice::id).toList(),
            null == document ? new byte[0] : document);
    }

    /** Memory beyond a limit that the agent itself is under is kept from kernels already. */
    private static HostTopology without(final HostTopology host, final HostTopology.Reserve reserved)
    {
        final BitSet cpus = (BitSet)host.reserved().cpus().clone();
        cpus.or(reserved.cpus());
        return host.with(
            new HostTopology.Reserve(cpus, host.reserved().memoryBytes() + reserved.memoryBytes()));
    }

    private static long common(final BitSet some, final BitSet others)
    {
        final BitSet both = (BitSet)some.clone();
        both.and(others);
        return both.cardinality();
    }

    /** What comes before the first dot: cuda of cuda.device. */
    private static String family(final String slot)
    {
        final int dot = slot.indexOf('.');
        return dot < 0 ? slot : slot.substring(0, dot);
    }

    /** A label that is too long would keep the agent out. */
    private static String cut(final String label)
    {
        return label.length() <= LABEL_LENGTH_MAX ? label : label.substring(0, LABEL_LENGTH_MAX - 3) + "...";
    }

    private HostTopology now()
    {
        final HostTopology found = gpus.addTo(host, failed);
        if (plugins.isEmpty())
        {
            return found;
        }
        final List<HostDevice> devices = new ArrayList<>(found.devices());
        devices.addAll(plugins.devices());
        return found.with(List.copyOf(devices)).withFailed(failed);
    }

    private List<FailedDevice> failedNow()
    {
        final List<FailedDevice> all = new ArrayList<>(null == watch ? List.of() : watch.failed());
        all.addAll(plugins.failed());
        return all;
    }

    /** What went wrong with plugins, for people. */
    List<String> notes()
    {
        return plugins.notes();
    }

    /** What a kernel gets that has those devices; any thread. */
    DeviceAccess access(final Collection<String> devices)
    {
        return plugins.access(devices);
    }

    /**
     * Something to step, about once a second, on a thread of its own.
     *
     * @param onChange told what is offered from then on.
     * @return null if nothing can change.
     */
    Agent watch(final Consumer<Offer> onChange)
    {
        return null == watch && null == changing && plugins.isEmpty() ? null : new Agent()
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
                plugins.look();
                final List<FailedDevice> failedNow = failedNow();
                final Map<String, String> changedNow = null == changing ? changed : changing.get();
                if (!failedNow.equals(failed) || !changedNow.equals(changed))
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
                plugins.close();
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
        plugins.close();
        gpus.close();
    }
}
