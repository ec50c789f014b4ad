package io.plimsoll.manager.history;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import java.util.Map;

/** A kernel in one attempt on its way into its row. For one thread. */
final class PastKernel
{
    final long sessionId;
    final int attempt;
    final int index;
    int agentId;
    String agent = "";
    long term;
    LifeState state = LifeState.SCHEDULED;
    Reason reason = Reason.NONE;
    int exitCode = -1;
    long cpuMillis;
    long memoryBytes;
    Map<String, Long> slots = Map.of();
    String cpus = "";
    String devices = "";
    String detail = "";
    long assignedNs;
    long startedNs;
    long endedNs;

    PastKernel(final long sessionId, final int attempt, final int index)
    {
        this.sessionId = sessionId;
        this.attempt = attempt;
        this.index = index;
    }
}
