package io.plimsoll.core;

/** Where kernels of the session that is being placed have found a place so far. */
interface KernelCounts
{
    /** Kernels that an agent has been given. */
    int times(int agent);

    /** Kernels that found a place. */
    int taken();
}
