package io.plimsoll.core.policy;

/**
 * Requests by how many devices they take: 0 for none, 1 for a share of one, then a class for each number of devices up
 * to sixteen. More than that are told apart by powers of two, since agents with so many devices are rare.
 */
public final class DeviceClass
{
    /** Number of classes. */
    public static final int COUNT = 20;

    /** No device at all. */
    public static final int NONE = 0;

    /** A share of one device. */
    public static final int SHARE = 1;

    private static final int EXACT_MAX = 16;
    private static final int TO_32 = 18;
    private static final int TO_64 = 19;

    private DeviceClass()
    {
    }

    /**
     * Class of a request: 1 to 16 devices are classes of their own, then 17 to 32, then more.
     *
     * @param deviceCount devices of each kernel.
     * @param deviceShare thousandths of each of them.
     * @return from 0, below {@link #COUNT}.
     */
    public static int of(final int deviceCount, final int deviceShare)
    {
        if (0 == deviceCount)
        {
            return NONE;
        }
        if (1 == deviceCount && deviceShare < AgentView.WHOLE)
        {
            return SHARE;
        }
        if (deviceCount <= EXACT_MAX)
        {
            return SHARE + deviceCount;
        }
        return deviceCount <= 2 * EXACT_MAX ? TO_32 : TO_64;
    }
}
