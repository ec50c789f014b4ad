package io.plimsoll.loadtest.whatif;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Machines on which nothing came to run for a while: at least two sessions in a row failed to start, and none started
 * in between. Whatever is placed there meanwhile fails likewise.
 */
final class BlackHoles
{
    private static final int SESSIONS_MIN = 2;

    private final Map<Integer, List<Hole>> holesByAgent = new HashMap<>();
    private final Map<Integer, Run> runByAgent = new HashMap<>();

    /** A kernel has started. */
    void onStarted(final int agentId, final long assignedNs)
    {
        final Run run = runByAgent.get(agentId);
        if (null != run && assignedNs >= run.firstNs)
        {
            runByAgent.remove(agentId);
            close(agentId, run, assignedNs);
        }
    }

    /** A kernel has failed to start. */
    void onFailed(final int agentId, final long sessionId, final KernelTrace trace)
    {
        final Run run = runByAgent.computeIfAbsent(agentId, id -> new Run(trace.assignedNs, sessionId, trace));
        run.sessions += run.lastSession == sessionId ? 0 : 1;
        run.lastSession = sessionId;
    }

    /** The journal is over: what has not ended goes on. */
    void settle()
    {
        runByAgent.forEach((agentId, run) -> close(agentId, run, Long.MAX_VALUE));
        runByAgent.clear();
    }

    private void close(final int agentId, final Run run, final long endNs)
    {
        if (run.sessions >= SESSIONS_MIN)
        {
            holesByAgent.computeIfAbsent(agentId, id -> new ArrayList<>())
                .add(new Hole(run.firstNs, endNs, run.sample));
        }
    }

    /** How what is placed on an agent at a time fails, null if it does not. */
    KernelTrace find(final int agentId, final long atNs)
    {
        for (final Hole hole : holesByAgent.getOrDefault(agentId, List.of()))
        {
            if (atNs >= hole.fromNs && atNs < hole.toNs)
            {
                return hole.sample;
            }
        }
        return null;
    }

    private record Hole(long fromNs, long toNs, KernelTrace sample)
    {
    }

    private static final class Run
    {
        private final long firstNs;
        private final KernelTrace sample;
        private long lastSession;
        private int sessions = 1;

        Run(final long firstNs, final long lastSession, final KernelTrace sample)
        {
            this.firstNs = firstNs;
            this.lastSession = lastSession;
            this.sample = sample;
        }
    }
}
