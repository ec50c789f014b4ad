package io.plimsoll.agent.usage;

import io.plimsoll.agent.kernel.KernelKey;
import java.util.List;

/**
 * A kernel that runs, and where its traces are to be found.
 *
 * @param key     of it.
 * @param mark    that the names of its control groups have, and of no others: of its directory, or of its container.
 * @param pid     of its first process; 0: whichever is in a control group with that mark.
 * @param devices ids of the physical devices that it has.
 * @param told    what whoever runs it says that it uses; null: whoever looks finds out.
 */
public record UsageSubject(KernelKey key, String mark, int pid, List<String> devices, Totals told)
{
    /** One that is looked at. */
    public UsageSubject(final KernelKey key, final String mark, final int pid, final List<String> devices)
    {
        this(key, mark, pid, devices, null);
    }
}
