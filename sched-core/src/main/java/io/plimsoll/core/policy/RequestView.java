package io.plimsoll.core.policy;

/** What each kernel of a session asks for, as a policy sees it: a flyweight, good during the call it is given to. */
public interface RequestView
{
    /** Amount of a slot; cpu in millicores, mem in bytes. */
    long amount(int slot);

    /** Devices of each kernel; 0 if it asks for none. */
    int deviceCount();

    /** Thousandths of each of these devices, {@link AgentView#WHOLE} for whole ones; 0 if it asks for none. */
    int deviceShare();

    /** Whether devices of this model will do; 0 is no model. */
    boolean allowsModel(int model);
}
