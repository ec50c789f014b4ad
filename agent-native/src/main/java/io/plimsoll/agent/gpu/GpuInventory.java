package io.plimsoll.agent.gpu;

import com.sun.jna.Pointer;
import io.plimsoll.agent.topology.DeviceDetails;
import io.plimsoll.agent.topology.DeviceLevel;
import io.plimsoll.agent.topology.DeviceLink;
import io.plimsoll.agent.topology.FailedDevice;
import io.plimsoll.agent.topology.HostDetails;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.PciFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * GPUs of this host, by NVML. They are found once: what is plugged in or cut into slices later is found by the next
 * start. For one thread at a time.
 */
final class GpuInventory implements AutoCloseable
{
    private static final String MIG_SLOT = "cuda.mig-";
    private static final int LANES_MAX = 32;
    private static final long GIBIBYTE = 1L << 30;
    private static final int EIGHTHS = 8;

    private final Nvml nvml;
    private final List<Gpu> gpus = new ArrayList<>();
    private final List<FailedDevice> failed = new ArrayList<>();
    private final List<DeviceLink> links = new ArrayList<>();
    private final List<DeviceLevel> levels = new ArrayList<>();

    /** Initialised NVML; closing this shuts it down. */
    GpuInventory(final Nvml nvml)
    {
        this.nvml = nvml;
        final int count = nvml.count();
        for (int i = 0; i < count; i++)
        {
            final Pointer handle = nvml.gpu(i);
            if (null == handle)
            {
                failed.add(new FailedDevice("cuda" + i, HostDevice.CUDA, "", "", reason(nvml.code())));
            }
            else
            {
                gpus.add(gpu("cuda" + i, handle));
            }
        }
        findLinks();
        findLevels();
    }

    Nvml nvml()
    {
        return nvml;
    }

    List<Gpu> gpus()
    {
        return gpus;
    }

    /** Those that could not even be asked. */
    List<FailedDevice> failed()
    {
        return failed;
    }

    static String reason(final int code)
    {
        return NvmlLibrary.GPU_IS_LOST == code ?
            "it has fallen off the bus" : "its driver cannot say anything of it (NVML error " + code + ")";
    }

    /** The host with its GPUs, without those that failed. */
    HostTopology addTo(final HostTopology host, final List<FailedDevice> failedNow)
    {
        final List<HostDevice> devices = new ArrayList<>(host.devices());
        for (final Gpu gpu : gpus)
        {
            if (failedNow.stream().noneMatch(one -> one.id().equals(gpu.id())))
            {
                addDevices(gpu, host, devices);
            }
        }
        final HostDetails details = host.details();
        return new HostTopology(
            host.numa(),
            host.distances(),
            host.cores(),
            List.copyOf(devices),
            host.nics(),
            links.stream().filter(link -> has(devices, link.from()) && has(devices, link.to())).toList(),
            host.exclusive(),
            host.reserved(),
            new HostDetails(
                details.sockets(),
                details.caches(),
                details.pci(),
                levels.stream().filter(level -> has(devices, level.from()) && has(devices, level.to())).toList(),
                List.copyOf(failedNow),
                details.offline(),
                details.notes()));
    }

    private static boolean has(final List<HostDevice> devices, final String id)
    {
        return devices.stream().anyMatch(device -> device.id().equals(id));
    }

    private static void addDevices(final Gpu gpu, final HostTopology host, final List<HostDevice> devices)
    {
        final PciFunction function = host.details().pci().stream()
            .filter(one -> one.address().equals(gpu.pci())).findFirst().orElse(null);
        final int numa = null != function ? function.numa() :
            1 == host.numa().size() ? host.numa().get(0).id() : HostDevice.NO_NODE;
        final List<String> path = null == function ? List.of() : function.path();
        if (null == gpu.slices())
        {
            devices.add(device(
                gpu, gpu.id(), HostDevice.CUDA, numa, path, new DeviceDetails(gpu.memoryBytes(), gpu.uuid(), "")));
            return;
        }
        gpu.slices().forEach(slice -> devices.add(device(
            gpu, slice.id(), MIG_SLOT + slice.profile(), numa, path,
            new DeviceDetails(slice.memoryBytes(), slice.uuid(), gpu.id()))));
    }

    private static HostDevice device(
        final Gpu gpu,
        final String id,
        final String slot,
        final int numa,
        final List<String> path,
        final DeviceDetails details)
    {
        return new HostDevice(
            id, slot, numa, HostDevice.MILLIS, 0, slot.startsWith(MIG_SLOT), gpu.model(), gpu.pci(), path, details);
    }

    private Gpu gpu(final String id, final Pointer handle)
    {
        final long memoryBytes = nvml.memoryBytes(handle);
        return new Gpu(
            handle,
            id,
            nvml.uuid(handle),
            nvml.pci(handle),
            nvml.name(handle).replaceFirst("^NVIDIA ", "").strip().replace(' ', '-'),
            memoryBytes,
            nvml.isMig(handle) ? slices(id, handle, memoryBytes) : null);
    }

    private List<Gpu.Slice> slices(final String id, final Pointer gpu, final long memoryBytes)
    {
        final List<Gpu.Slice> slices = new ArrayList<>();
        final int max = nvml.migCountMax(gpu);
        for (int i = 0; i < max; i++)
        {
            final Pointer mig = nvml.mig(gpu, i);
            if (null != mig)
            {
                final Nvml.Slice slice = nvml.slice(mig);
                if (null != slice)
                {
                    slices.add(new Gpu.Slice(
                        mig, id + '-' + slices.size(), nvml.uuid(mig), profile(slice, memoryBytes),
                        slice.memoryBytes()));
                }
            }
        }
        return List.copyOf(slices);
    }

    /** Name of a profile as NVIDIA's tools make it: memory in eighths of the GPU's, rounded to whole GB. */
    static String profile(final Nvml.Slice slice, final long memoryBytes)
    {
        final double share = Math.ceil((double)slice.memoryBytes() / memoryBytes * EIGHTHS) / EIGHTHS;
        final long gigabytes = Math.round(share * ((memoryBytes + GIBIBYTE - 1) / GIBIBYTE));
        return (slice.compute() == slice.slices() ? "" : slice.compute() + "c.") + slice.slices() + "g." +
            gigabytes + "gb";
    }

    /** Lanes that lead to another GPU, or to a switch that lanes of another lead to as well. */
    private void findLinks()
    {
        final List<Map<String, Integer>> lanes = new ArrayList<>();
        for (final Gpu gpu : gpus)
        {
            final Map<String, Integer> count = new HashMap<>();
            String to = nvml.linked(gpu.handle(), 0);
            for (int lane = 1; null != to && lane <= LANES_MAX; lane++)
            {
                if (!to.isEmpty())
                {
                    count.merge(to, 1, Integer::sum);
                }
                to = nvml.linked(gpu.handle(), lane);
            }
            lanes.add(count);
        }
        for (int i = 0; i < gpus.size(); i++)
        {
            for (int j = i + 1; j < gpus.size(); j++)
            {
                int count = Math.max(
                    lanes.get(i).getOrDefault(gpus.get(j).pci(), 0), lanes.get(j).getOrDefault(gpus.get(i).pci(), 0));
                for (final Map.Entry<String, Integer> lane : new TreeMap<>(lanes.get(i)).entrySet())
                {
                    final boolean isGpu = gpus.stream().anyMatch(gpu -> gpu.pci().equals(lane.getKey()));
                    count += isGpu ? 0 : Math.min(lane.getValue(), lanes.get(j).getOrDefault(lane.getKey(), 0));
                }
                if (count > 0)
                {
                    links.add(new DeviceLink(gpus.get(i).id(), gpus.get(j).id(), count));
                }
            }
        }
    }

    private void findLevels()
    {
        for (int i = 0; i < gpus.size(); i++)
        {
            for (int j = i + 1; j < gpus.size(); j++)
            {
                final int code = nvml.commonAncestor(gpus.get(i).handle(), gpus.get(j).handle());
                if (code >= 0)
                {
                    levels.add(new DeviceLevel(gpus.get(i).id(), gpus.get(j).id(), DeviceLevel.Level.of(code)));
                }
            }
        }
    }

    @Override
    public void close()
    {
        nvml.shutdown();
    }
}
