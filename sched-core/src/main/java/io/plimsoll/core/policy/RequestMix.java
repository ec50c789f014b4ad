package io.plimsoll.core.policy;

/**
 * The requests that a group is used to get, with how often they come: what a policy may know of the future. Either
 * configured or learned from what was submitted so far. Entries are in falling order of weight.
 */
public interface RequestMix
{
    /** Number of entries. */
    int size();

    /** Millicores of an entry. */
    long cpuMillis(int entry);

    /** Devices of an entry. */
    int deviceCount(int entry);

    /** Thousandths of each device of an entry. */
    int deviceShare(int entry);

    /** Whether devices of a model will do for an entry. */
    boolean allowsModel(int entry, int model);

    /** Share of all requests; the weights sum to 1. */
    double weight(int entry);
}
