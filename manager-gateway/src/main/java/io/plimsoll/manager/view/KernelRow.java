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
