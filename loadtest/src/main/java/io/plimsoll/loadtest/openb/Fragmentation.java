package io.plimsoll.loadtest.openb;

/**
 * How much of a machine's idle GPU the typical pods could not use, by reason. The sum of all but {@link Part#Q3} is its
 * fragmentation.
 */
public final class Fragmentation
{
    private final TypicalPods typical;

    /**
     * For a workload.
     *
     * @param typical pods of it.
     */
    public Fragmentation(final TypicalPods typical)
    {
        this.typical = typical;
    }

    /**
     * Parts of the idle GPU of a machine.
     *
     * @param cpuFree millicores.
     * @param free    thousandths of each device.
     * @param model   of the devices.
     * @return thousandths by {@link Part}.
     */
    public double[] parts(final long cpuFree, final int[] free, final String model)
    {
        final double[] parts = new double[Part.values().length];
        double idle = 0;
        for (final int device : free)
        {
            idle += device;
        }
        for (int i = 0; i < typical.size(); i++)
        {
            add(typical.kind(i), typical.weight(i), cpuFree, free, model, idle, parts);
        }
        return parts;
    }

    private static void add(
        final OpenbPod kind,
        final double weight,
        final long cpuFree,
        final int[] free,
        final String model,
        final double idle,
        final double[] parts)
    {
        final boolean cpuOk = cpuFree >= kind.cpuMillis();
        if (0 == kind.deviceCount())
        {
            parts[(cpuOk ? Part.XL : Part.XR).ordinal()] += weight * idle;
            return;
        }
        if (!kind.allows(model))
        {
            parts[Part.NA.ordinal()] += weight * idle;
            return;
        }
        int fitting = 0;
        double tooSmall = 0;
        for (final int device : free)
        {
            fitting += device >= kind.deviceMilli() ? 1 : 0;
            tooSmall += device >= kind.deviceMilli() ? 0 : device;
        }
        final boolean deviceOk = fitting >= kind.deviceCount();
        if (deviceOk && cpuOk)
        {
            parts[Part.Q2.ordinal()] += weight * tooSmall;
            parts[Part.Q3.ordinal()] += weight * (idle - tooSmall);
        }
        else
        {
            parts[(deviceOk ? Part.Q4 : cpuOk ? Part.Q2 : Part.Q1).ordinal()] += weight * idle;
        }
    }

    /** Fragmentation of a machine in thousandths of a device: all parts but what a typical pod could use. */
    public static double sum(final double[] parts)
    {
        double sum = 0;
        for (final Part part : Part.values())
        {
            sum += Part.Q3 == part ? 0 : parts[part.ordinal()];
        }
        return sum;
    }

    /** Why a part of the idle GPU can or cannot be used. */
    public enum Part
    {
        /** Too little on devices and processors. */
        Q1,
        /** Too little on the devices. */
        Q2,
        /** Usable. */
        Q3,
        /** Too few processors. */
        Q4,
        /** Asked for by pods without GPU, which would fit. */
        XL,
        /** Asked for by pods without GPU, which would not fit. */
        XR,
        /** Not of the model that is asked for. */
        NA
    }
}
