package io.plimsoll.core.policy;

/** Requests by how many devices they take: 0 for none, 1 for a share of one, then by powers of two of whole ones. */
public final class DeviceClass
{
    /** Number of classes. */
    public static final int COUNT = 8;

    /** No device at all. */
    public static final int NONE = 0;

    /** A share of one device. */
    public static final int SHARE = 1;

    private static final int FIRST_WHOLE = 2;

    private DeviceClass()
    {
    }

    /**
     * Class of a request: 1, 2, 3 to 4, 5 to 8, 9 to 16 and more whole devices are classes of their own.
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
        final int log = Integer.SIZE - Integer.numberOfLeadingZeros(deviceCount - 1);
        return Math.min(COUNT - 1, FIRST_WHOLE + log);
    }
}
