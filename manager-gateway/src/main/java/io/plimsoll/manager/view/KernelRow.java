package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;

/** A placed kernel in its current attempt. Changed under the view's write lock. */
final class KernelRow
{
    LifeState state;
    Reason reason;
    int exitCode;
    long startedNs;
    long endedNs;
    String cpus;
    String devices;
    String detail;
    Assignment assignment;

    KernelRow copy()
    {
        final KernelRow copy = new KernelRow();
        copy.state = state;
        copy.reason = reason;
        copy.exitCode = exitCode;
        copy.startedNs = startedNs;
        copy.endedNs = endedNs;
        copy.cpus = cpus;
        copy.devices = devices;
        copy.detail = detail;
        copy.assignment = assignment;
        return copy;
    }

    void begin(final Assignment next)
    {
        assignment = next;
        state = LifeState.SCHEDULED;
        reason = Reason.NONE;
        exitCode = -1;
        startedNs = 0;
        endedNs = 0;
        cpus = "";
        devices = "";
        detail = "";
    }
}
