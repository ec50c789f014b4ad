package io.plimsoll.loadtest.openb;

import java.util.Arrays;

/**
 * A pod of the trace.
 *
 * @param name        unique.
 * @param cpuMillis   millicores.
 * @param memoryMib   memory.
 * @param deviceCount GPUs.
 * @param deviceMilli thousandths of each of them.
 * @param models      that will do, separated by a bar; empty: any.
 */
public record OpenbPod(
    String name, long cpuMillis, long memoryMib, int deviceCount, int deviceMilli, String models)
{
    /** Thousandths of a whole device. */
    public static final int WHOLE = 1000;

    /** Whether it shares one GPU with others. */
    public boolean isShare()
    {
        return 1 == deviceCount && deviceMilli < WHOLE;
    }

    /** GPU thousandths in all. */
    public long demandMilli()
    {
        return (long)deviceCount * deviceMilli;
    }

    /** Whether GPUs of a model will do. */
    public boolean allows(final String model)
    {
        return models.isEmpty() || Arrays.asList(models.split("\\|")).contains(model);
    }
}
