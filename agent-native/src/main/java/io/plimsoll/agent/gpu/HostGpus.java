package io.plimsoll.agent.gpu;

import io.plimsoll.agent.topology.FailedDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.PciFunction;
import java.util.List;

/** GPUs of the host that this runs on. Where there is no driver, there are none. */
public final class HostGpus implements AutoCloseable
{
    /** As the driver installs it. */
    public static final String LIBRARY = "libnvidia-ml.so.1";

    private final GpuInventory inventory;
    private final String note;

    private HostGpus(final GpuInventory inventory, final String note)
    {
        this.inventory = inventory;
        this.note = note;
    }

    /** Asks the driver. */
    public static HostGpus find()
    {
        return find(LIBRARY);
    }

    /** Asks a library of another name, or at a path. */
    public static HostGpus find(final String libraryName)
    {
        final NvmlLibrary library = NvmlLibrary.load(libraryName);
        if (null == library)
        {
            return new HostGpus(null, "no GPUs of NVIDIA are offered: " + LIBRARY + " is not installed");
        }
        final Nvml nvml = new Nvml(library);
        return nvml.init() ? new HostGpus(new GpuInventory(nvml), "") : new HostGpus(
            null, "no GPUs of NVIDIA are offered: " + LIBRARY + " answers error " + nvml.code() + ", see nvidia-smi");
    }

    /** Why there are none, in a sentence; empty: the driver answers. */
    public String note()
    {
        return note;
    }

    /** The host with them; it notes if it has some that cannot be offered. */
    public HostTopology addTo(final HostTopology host)
    {
        return addTo(host, null == inventory ? List.of() : inventory.failed());
    }

    /** The host with those that have not failed since. */
    public HostTopology addTo(final HostTopology host, final List<FailedDevice> failed)
    {
        if (null != inventory)
        {
            return inventory.addTo(host, failed);
        }
        return host.details().pci().stream().anyMatch(PciFunction::isGpu) ? host.withNote(note) : host;
    }

    /** Something to step, about once a second; null: there is nothing to look after. Closing it closes this. */
    public GpuWatch watch()
    {
        return null == inventory || inventory.gpus().isEmpty() ? null : new GpuWatch(inventory);
    }

    @Override
    public void close()
    {
        if (null != inventory)
        {
            inventory.close();
        }
    }
}
