package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.usage.AgentUse;
import io.plimsoll.manager.usage.DeviceLoad;
import io.plimsoll.manager.usage.KernelUse;
import io.plimsoll.transport.usage.Usage;
import io.plimsoll.manager.view.AgentView;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What is used, for Prometheus: of the hosts of each group together, of the {@value #AGENTS_MAX} hosts that are known
 * longest with as many devices, and of the {@value #KERNELS_MAX} kernels that have run longest, so that the number of
 * series stays bounded and a series does not come and go with its rank. Any event loop.
 */
final class UsageMetrics
{
    static final int KERNELS_MAX = 200;
    static final int AGENTS_MAX = 2_000;

    private static final int KERNEL_BITS = 10;
    private static final int KERNEL_MASK = (1 << KERNEL_BITS) - 1;
    private static final int MILLI = 3;
    private static final int NANO = 9;

    private final StringBuilder text;
    private final int agentsMax;

    UsageMetrics(final StringBuilder text)
    {
        this(text, AGENTS_MAX);
    }

    UsageMetrics(final StringBuilder text, final int agentsMax)
    {
        this.text = text;
        this.agentsMax = agentsMax;
    }

    void append(final ManagerServices services)
    {
        hosts(services);
        final List<Series<Usage>> kernels = new ArrayList<>();
        for (final KernelUse use : services.usage().running(null, KERNELS_MAX))
        {
            final AgentView agent = services.view().agent(use.agentId());
            kernels.add(new Series<>(
                "session=\"" + (use.kernelId() >> KERNEL_BITS) + "\",kernel=\"" + (use.kernelId() & KERNEL_MASK) +
                    "\",agent=\"" + (null == agent ? "" : escaped(agent.name())) + '"',
                use.statistics().last()));
        }
        families("kernel", "the kernel", kernels);
        family("kernel_memory_peak_bytes", "Most memory of the kernel so far", false, kernels, 0,
            Usage::memoryPeakBytes);
    }

    private void hosts(final ManagerServices services)
    {
        final Map<String, GroupUse> groups = new TreeMap<>();
        final List<Series<Usage>> hosts = new ArrayList<>();
        final List<Series<AgentUse>> agents = new ArrayList<>();
        final List<Series<DeviceLoad>> devices = new ArrayList<>();
        final List<AgentView> known = new ArrayList<>(services.view().agents());
        known.sort(Comparator.comparingInt(AgentView::id));
        for (final AgentView agent : known)
        {
            final AgentUse use = agent.connected() ? services.usage().agent(agent.id()) : null;
            if (null == use)
            {
                continue;
            }
            groups.computeIfAbsent(agent.group(), group -> new GroupUse()).add(use);
            final String label = "agent=\"" + escaped(agent.name()) + '"';
            if (agents.size() < agentsMax)
            {
                agents.add(new Series<>(label, use));
                hosts.add(new Series<>(label, use.statistics().last()));
            }
            for (final DeviceLoad device : use.devices())
            {
                if (devices.size() < agentsMax)
                {
                    devices.add(new Series<>(label + ",device=\"" + escaped(device.id()) + '"', device));
                }
            }
        }
        groups(groups);
        family("agent_memory_total_bytes", "Memory of the host", false, agents, 0, AgentUse::memoryTotalBytes);
        family("agent_processors", "Processors of the host", false, agents, 0, AgentUse::processors);
        families("agent", "the host", hosts);
        families(devices);
    }

    private void groups(final Map<String, GroupUse> byName)
    {
        final List<Series<GroupUse>> groups = new ArrayList<>();
        byName.forEach((name, use) -> groups.add(new Series<>("group=\"" + escaped(name) + '"', use)));
        family("group_hosts", "Hosts of the group that tell what they use", false, groups, 0, use -> use.hosts);
        family("group_processors", "Processors of these", false, groups, 0, use -> use.processors);
        family("group_cpu_cores", "Processors that these use", false, groups, MILLI, use -> use.cpuMillis);
        family("group_memory_total_bytes", "Memory of these", false, groups, 0, use -> use.memoryTotalBytes);
        family("group_memory_bytes", "Memory that these use", false, groups, 0, use -> use.memoryBytes);
        family("group_devices", "Devices of these", false, groups, 0, use -> use.devices);
        family("group_device_memory_bytes", "Memory in use on these", false, groups, 0, use -> use.deviceMemoryBytes);
        family("group_device_watts", "Power that these take", false, groups, MILLI, use -> use.deviceMilliwatt);
    }

    private void families(final String of, final String whom, final List<Series<Usage>> all)
    {
        family(of + "_cpu_cores", "Processors that " + whom + " uses", false, all, MILLI, Usage::cpuMillis);
        family(of + "_cpu_seconds_total", "Processor time of " + whom, true, all, NANO, Usage::cpuNs);
        family(of + "_memory_bytes", "Memory that " + whom + " uses", false, all, 0, Usage::memoryBytes);
        family(of + "_disk_read_bytes_total", "Read from disks by " + whom, true, all, 0, Usage::readBytes);
        family(of + "_disk_written_bytes_total", "Written to disks by " + whom, true, all, 0, Usage::writtenBytes);
        family(of + "_network_received_bytes_total", "Received by " + whom, true, all, 0, Usage::receivedBytes);
        family(of + "_network_sent_bytes_total", "Sent by " + whom, true, all, 0, Usage::sentBytes);
        family(of + "_gpu_percent", "How busy GPUs of " + whom + " are", false, all, 0, Usage::gpuPercent);
        family(of + "_gpu_memory_bytes", "Memory in use on GPUs of " + whom, false, all, 0, Usage::gpuMemoryBytes);
    }

    private void families(final List<Series<DeviceLoad>> all)
    {
        family("device_percent", "How busy the device is", false, all, 0, DeviceLoad::utilisationPercent);
        family("device_memory_bytes", "Memory in use on the device", false, all, 0, DeviceLoad::memoryUsedBytes);
        family("device_celsius", "Temperature of the device", false, all, 0, DeviceLoad::temperatureCelsius);
        family("device_watts", "Power that the device takes", false, all, MILLI, DeviceLoad::powerMilliwatt);
        family("device_uncorrectable_errors", "Of its memory since its driver started", false, all, 0,
            DeviceLoad::uncorrectableErrors);
    }

    private <T> void family(
        final String name,
        final String help,
        final boolean rises,
        final List<Series<T>> all,
        final int scale,
        final ToLongFunction<T> value)
    {
        boolean described = false;
        for (final Series<T> one : all)
        {
            final long number = value.applyAsLong(one.of());
            if (number >= 0)
            {
                if (!described)
                {
                    described = true;
                    text.append("# HELP plimsoll_").append(name).append(' ').append(help).append('\n');
                    text.append("# TYPE plimsoll_").append(name).append(rises ? " counter\n" : " gauge\n");
                }
                text.append("plimsoll_").append(name).append('{').append(one.labels()).append("} ")
                    .append(BigDecimal.valueOf(number, scale).toPlainString()).append('\n');
            }
        }
    }

    private static String escaped(final String label)
    {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** Sums over the hosts of a group; what one of them does not know counts for nothing. */
    private static final class GroupUse
    {
        private long hosts;
        private long processors;
        private long cpuMillis;
        private long memoryTotalBytes;
        private long memoryBytes;
        private long devices;
        private long deviceMemoryBytes;
        private long deviceMilliwatt;

        void add(final AgentUse use)
        {
            final Usage last = use.statistics().last();
            hosts++;
            processors += use.processors();
            memoryTotalBytes += use.memoryTotalBytes();
            cpuMillis += Math.max(0, last.cpuMillis());
            memoryBytes += Math.max(0, last.memoryBytes());
            for (final DeviceLoad device : use.devices())
            {
                devices++;
                deviceMemoryBytes += Math.max(0, device.memoryUsedBytes());
                deviceMilliwatt += Math.max(0, device.powerMilliwatt());
            }
        }
    }

    private record Series<T>(String labels, T of)
    {
    }
}
