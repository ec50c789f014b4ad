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

    /** Another number whenever anything here is different: what was computed from an earlier version is void. */
    default long version()
    {
        return 0;
    }

    /** Highest number of a model that the group has devices of; 0 if nothing is known of its devices. */
    default int modelMax()
    {
        return 0;
    }

    /**
     * Share of the group's devices that are of a model.
     *
     * @param model from 0, which is no model, to {@link #modelMax()}.
     * @return from 0 to 1.
     */
    default double modelShare(final int model)
    {
        return 0;
    }
}
