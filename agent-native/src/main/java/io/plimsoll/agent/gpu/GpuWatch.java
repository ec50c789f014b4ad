package io.plimsoll.agent.gpu;

import com.sun.jna.Pointer;
import io.plimsoll.agent.topology.FailedDevice;
import io.plimsoll.agent.topology.HostDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after GPUs, a step at a time: hears what happens to them, and asks them how they do. One that fails is taken
 * out until the agent starts anew: errors that come and go would take the kernels with them. Stepped by a thread of its
 * own, since a driver in trouble may take seconds to answer; what is found may be read by any.
 */
public final class GpuWatch implements Agent
{
    private static final Logger LOG = LoggerFactory.getLogger(GpuWatch.class);
    private static final int EVENTS_MAX = 64;
    /** Errors of programs, which say nothing of the GPU (NVIDIA, XID Errors). */
    private static final Set<Long> XIDS_OF_PROGRAMS = Set.of(13L, 31L, 43L, 45L, 68L, 109L);

    private final GpuInventory inventory;
    private final Nvml nvml;
    private final Pointer events;
    private final long[] errorsBefore;
    private volatile List<FailedDevice> failed;
    private volatile List<GpuSample> samples = List.of();

    GpuWatch(final GpuInventory inventory)
    {
        this.inventory = inventory;
        nvml = inventory.nvml();
        failed = List.copyOf(inventory.failed());
        errorsBefore = new long[inventory.gpus().size()];
        events = errorsBefore.length > 0 ? nvml.eventSet() : null;
        for (int i = 0; i < errorsBefore.length; i++)
        {
            final Pointer gpu = inventory.gpus().get(i).handle();
            // What was corrected by a reset, or had happened before, is no reason to be without the GPU for good.
            errorsBefore[i] = nvml.uncorrectableErrors(gpu);
            if (null != events)
            {
                nvml.register(gpu, events);
            }
        }
    }

    @Override
    public String roleName()
    {
        return "plimsoll-gpus";
    }

    /** Those taken out, in the order in which they failed; any thread. */
    public List<FailedDevice> failed()
    {
        return failed;
    }

    /** How the others do; any thread. */
    public List<GpuSample> samples()
    {
        return samples;
    }

    @Override
    public int doWork()
    {
        int workCount = hear();
        final List<GpuSample> now = new ArrayList<>();
        for (int i = 0; i < errorsBefore.length; i++)
        {
            final Gpu gpu = inventory.gpus().get(i);
            if (!isOut(gpu))
            {
                final GpuSample sample = sample(gpu);
                if (NvmlLibrary.GPU_IS_LOST == nvml.code())
                {
                    workCount += takeOut(gpu, GpuInventory.reason(nvml.code()));
                }
                else if (sample.uncorrectableErrors() > errorsBefore[i])
                {
                    workCount += takeOut(gpu, "its memory has errors that cannot be corrected");
                }
                else
                {
                    now.add(sample);
                    addSlices(gpu, now);
                }
            }
        }
        samples = List.copyOf(now);
        return workCount;
    }

    /** NVML knows what of its memory a slice uses, and of nothing else how it does. */
    private void addSlices(final Gpu gpu, final List<GpuSample> now)
    {
        if (null != gpu.slices())
        {
            gpu.slices().forEach(slice -> now.add(
                new GpuSample(slice.id(), -1, nvml.memoryUsedBytes(slice.handle()), -1, -1, 0)));
        }
    }

    private int hear()
    {
        int workCount = 0;
        Nvml.GpuEvent event = null == events ? null : nvml.event(events);
        while (null != event && workCount < EVENTS_MAX)
        {
            workCount++;
            for (final Gpu gpu : inventory.gpus())
            {
                if (gpu.handle().equals(event.gpu()) && !isOut(gpu))
                {
                    onEvent(gpu, event);
                }
            }
            event = nvml.event(events);
        }
        return workCount;
    }

    private void onEvent(final Gpu gpu, final Nvml.GpuEvent event)
    {
        if (Nvml.XID == event.type() && XIDS_OF_PROGRAMS.contains(event.data()))
        {
            LOG.info("{} ({}): a program made Xid {}", gpu.id(), gpu.uuid(), event.data());
        }
        else if (Nvml.XID == event.type())
        {
            takeOut(gpu, "Xid " + event.data());
        }
        else if (Nvml.DOUBLE_BIT_ECC == event.type())
        {
            takeOut(gpu, "its memory has errors that cannot be corrected");
        }
    }

    private boolean isOut(final Gpu gpu)
    {
        return failed.stream().anyMatch(one -> one.id().equals(gpu.id()));
    }

    private int takeOut(final Gpu gpu, final String reason)
    {
        LOG.error("{} ({}, {}) failed and gets no more kernels: {}", gpu.id(), gpu.uuid(), gpu.pci(), reason);
        final List<FailedDevice> all = new ArrayList<>(failed);
        final String slot = null == gpu.slices() ? HostDevice.CUDA : "";
        all.add(new FailedDevice(gpu.id(), slot, gpu.uuid(), gpu.pci(), reason));
        failed = List.copyOf(all);
        return 1;
    }

    /** The errors last: what that call answers tells whether the GPU is still there. */
    private GpuSample sample(final Gpu gpu)
    {
        final Pointer handle = gpu.handle();
        return new GpuSample(
            gpu.id(),
            nvml.utilisation(handle),
            nvml.memoryUsedBytes(handle),
            nvml.temperature(handle),
            nvml.powerMilliwatt(handle),
            nvml.uncorrectableErrors(handle));
    }

    @Override
    public void onClose()
    {
        if (null != events)
        {
            nvml.free(events);
        }
        inventory.close();
    }
}
