package io.plimsoll.agent.gpu;

import com.sun.jna.Pointer;
import java.util.List;

/**
 * A GPU as its driver tells it.
 *
 * @param handle      of NVML.
 * @param id          such as {@code cuda0}, by NVML's index, which is in the order of the bus.
 * @param uuid        by which container runtimes know it.
 * @param pci         address.
 * @param model       without spaces, as a label can say it.
 * @param memoryBytes of its own.
 * @param slices      that it is cut into; null: it is whole.
 */
record Gpu(
    Pointer handle, String id, String uuid, String pci, String model, long memoryBytes, List<Slice> slices)
{
    /**
     * A slice of it (MIG).
     *
     * @param handle      of NVML.
     * @param id          such as {@code cuda0-1}.
     * @param uuid        by which container runtimes know it.
     * @param profile     such as {@code 1g.10gb}.
     * @param memoryBytes of its own.
     */
    record Slice(Pointer handle, String id, String uuid, String profile, long memoryBytes)
    {
    }
}
