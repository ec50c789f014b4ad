package io.plimsoll.agent.allocation;

/**
 * How to allocate.
 *
 * @param split          among devices.
 * @param affinity       to nodes.
 * @param fragmentation  whether a share may be split among devices although one could hold it, were it free.
 * @param minShareMillis least that a device has to have left to be used for shares; thousandths.
 */
public record AllocationOptions(Split split, Affinity affinity, boolean fragmentation, long minShareMillis)
{
    /** What agents do unless they are told otherwise. */
    public static final AllocationOptions DEFAULT = new AllocationOptions(Split.FILL, Affinity.NEAREST, true, 1);

    /** The same with another split. */
    public AllocationOptions with(final Split other)
    {
        return new AllocationOptions(other, affinity, fragmentation, minShareMillis);
    }

    /** The same with another affinity. */
    public AllocationOptions with(final Affinity other)
    {
        return new AllocationOptions(split, other, fragmentation, minShareMillis);
    }
}
