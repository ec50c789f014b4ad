package io.plimsoll.core.policy;

/**
 * What one agent has, as a policy sees it: a flyweight that is only good during the call it is given to.
 *
 * <p>Slot 0 is cpu in millicores, slot 1 is mem in bytes. Devices are those of the family that the request asks for,
 * or of the agent's first family if it asks for none.
 */
public interface AgentView
{
    /** Slot of cpu, in millicores. */
    int CPU = 0;

    /** Slot of mem, in bytes. */
    int MEM = 1;

    /** Thousandths of a whole device. */
    int WHOLE = 1000;

    /** Number of the agent; ties between equal scores go to the lowest. */
    int agentId();

    /** All of a slot that the agent offers. */
    long capacity(int slot);

    /** What is free of a slot. */
    long free(int slot);

    /** How many devices there are; 0 to 64. */
    int devices();

    /** Free thousandths of a device; {@link #WHOLE} is idle. */
    int deviceFree(int device);

    /** Free thousandths of all devices together. */
    default int devicesFree()
    {
        int sum = 0;
        for (int device = devices() - 1; device >= 0; device--)
        {
            sum += deviceFree(device);
        }
        return sum;
    }

    /** The model of the devices, as a number that is the same for equal names; 0 if there is none. */
    int model();

    /**
     * How many kernels of a class run here.
     *
     * @param deviceClass see {@link DeviceClass}.
     */
    int running(int deviceClass);
}
