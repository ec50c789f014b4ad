package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Agents that were lost, and on which agents kernels failed, and why. */
final class AgentListener implements ReportListener
{
    /** Losses that are told one by one. */
    private static final int LOSSES_MAX = 500;

    final long[] lost;
    final long[] kernelsPlaced;
    final long[] kernelsFailed;
    final List<Loss> losses = new ArrayList<>();
    final Map<Reason, Long> failedByReason = new EnumMap<>(Reason.class);
    final Map<Integer, Work> byAgent = new TreeMap<>();
    private final ReportRange range;
    /** Of agents that are lost now. */
    private final Map<Integer, Loss> open = new TreeMap<>();

    AgentListener(final ReportRange range)
    {
        this.range = range;
        lost = new long[range.buckets()];
        kernelsPlaced = new long[range.buckets()];
        kernelsFailed = new long[range.buckets()];
    }

    /** From when an agent was lost, and until when. */
    static final class Loss
    {
        final BookedAgent agent;
        final long atNs;
        final int kernels;
        /** 0: not by the end. */
        long returnedNs;

        private Loss(final BookedAgent agent, final long atNs, final int kernels)
        {
            this.agent = agent;
            this.atNs = atNs;
            this.kernels = kernels;
        }
    }

    /** Of an agent, in the range. */
    static final class Work
    {
        final BookedAgent agent;
        final Map<Reason, Long> failedByReason = new EnumMap<>(Reason.class);
        long placed;
        long failed;

        private Work(final BookedAgent agent)
        {
            this.agent = agent;
        }
    }

    private Work work(final BookedAgent agent)
    {
        return byAgent.computeIfAbsent(agent.id, id -> new Work(agent));
    }

    @Override
    public void onAgent(final BookedAgent agent, final Liveness before, final long nowNs)
    {
        if (Liveness.LOST == agent.liveness && Liveness.LOST != before)
        {
            final Loss loss = new Loss(agent, nowNs, agent.kernels.size());
            open.put(agent.id, loss);
            final int bucket = range.bucket(nowNs);
            if (bucket >= 0)
            {
                lost[bucket]++;
            }
            if (range.covers(nowNs) && losses.size() < LOSSES_MAX)
            {
                losses.add(loss);
            }
        }
        else if (Liveness.LOST != agent.liveness && Liveness.LOST == before)
        {
            final Loss loss = open.remove(agent.id);
            if (null != loss)
            {
                loss.returnedNs = nowNs;
                if (loss.atNs < range.fromNs() && nowNs >= range.fromNs() && losses.size() < LOSSES_MAX)
                {
                    losses.add(loss);
                }
            }
        }
    }

    /** Adds those that were lost before the range and are lost still. */
    void onEnd()
    {
        for (final Loss loss : open.values())
        {
            if (loss.atNs < range.fromNs() && losses.size() < LOSSES_MAX)
            {
                losses.add(loss);
            }
        }
        losses.sort(Comparator.comparingLong(loss -> loss.atNs));
    }

    @Override
    public void onPlaced(final BookedKernel kernel, final long nowNs)
    {
        final int bucket = range.bucket(nowNs);
        if (bucket >= 0)
        {
            kernelsPlaced[bucket]++;
        }
        if (range.covers(nowNs))
        {
            work(kernel.agent).placed++;
        }
    }

    @Override
    public void onKernel(final BookedKernel kernel, final LifeState before, final long sinceNs, final long nowNs)
    {
        if (!kernel.hasFailed() || BookedSession.isTerminal(before))
        {
            return;
        }
        final int bucket = range.bucket(nowNs);
        if (bucket >= 0)
        {
            kernelsFailed[bucket]++;
        }
        if (range.covers(nowNs))
        {
            final Work work = work(kernel.agent);
            work.failed++;
            work.failedByReason.merge(kernel.reason, 1L, Long::sum);
            failedByReason.merge(kernel.reason, 1L, Long::sum);
        }
    }
}
