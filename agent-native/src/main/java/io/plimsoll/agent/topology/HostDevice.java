package io.plimsoll.agent.topology;

import java.util.List;

/**
 * An accelerator, or anything else that kernels are given by the piece.
 *
 * @param id             unique on the host, such as {@code cuda0}.
 * @param slot           that it is capacity of, such as {@code cuda.device} or {@code cuda.shares}.
 * @param numa           id of its NUMA node; {@link #NO_NODE}: not known.
 * @param capacityMillis thousandths that it offers of the slot; a whole device is 1000.
 * @param quantumMillis  thousandths of which shares are multiples; 0: only whole amounts can be had.
 * @param unique         whether exactly one such can be had at a time, as with slices of a MIG GPU.
 * @param model          for people and filters; empty: not known.
 * @param pci            address such as {@code 0000:17:00.0}; empty: none.
 * @param path           PCI addresses of the bridges between root and device, the root's first; empty: not known.
 * @param details        beyond what choosing one needs.
 */
public record HostDevice(
    String id,
    String slot,
    int numa,
    long capacityMillis,
    long quantumMillis,
    boolean unique,
    String model,
    String pci,
    List<String> path,
    DeviceDetails details)
{
    /** Of devices that do not say where they are. */
    public static final int NO_NODE = -1;
    /** Slot of whole GPUs. */
    public static final String CUDA = "cuda.device";
    /** End of the names of slots of whole devices. */
    public static final String DEVICES = ".device";
    /** End of the names of slots of shares. */
    public static final String SHARES = ".shares";
    /** Thousandths of one. */
    public static final long MILLIS = 1000;

    private static final long QUANTUM_DEFAULT = 10;

    /** The same as one piece, whatever of it can be had. */
    public HostDevice whole()
    {
        return new HostDevice(id, slot, numa, MILLIS, 0, false, model, pci, path, details);
    }

    /** Quantum of slots that do not say theirs: a hundredth for shares, none for all others. */
    public static long quantumMillis(final String slot)
    {
        return slot.endsWith(SHARES) ? QUANTUM_DEFAULT : 0;
    }
}
