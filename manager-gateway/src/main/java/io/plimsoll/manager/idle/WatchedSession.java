package io.plimsoll.manager.idle;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.identity.IdlePolicy;
import io.plimsoll.manager.usage.KernelUse;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.usage.Usage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntPredicate;

/**
 * A session that runs, and since when it has not been used. Times are of the monotonic clock. Looked at by one thread;
 * bytes and readers come from any.
 */
final class WatchedSession
{
    /** A network is never quite silent: what does not exceed this is nobody's. */
    static final long NOISE_BYTES_PER_SECOND = 100;
    /** What was said longer ago says nothing of now; agents repeat themselves each minute. */
    static final long STALE_NS = 150_000_000_000L;

    private static final long SECOND_NS = 1_000_000_000L;

    final long id;
    final int attempt;
    private final long[] kernelIds;
    private final int[] kernelAttempts;
    private final int[] agentIds;
    private final long[] bytes;
    private final long[] sampledNs;
    private final long[] cpuMillis;
    private final AtomicIntegerArray hasEnded;
    private final boolean hasPorts;
    private volatile IdlePolicy rules;
    private volatile long trafficNs;
    private volatile long usedNs;
    private long graceEndNs;
    private final long startedNs;
    long askedNs;
    boolean isAsked;

    /**
     * From now on.
     *
     * @param session   that runs.
     * @param rules     that hold.
     * @param nowNs     monotonic.
     * @param runningNs for how long it has run.
     */
    WatchedSession(final SessionView session, final IdlePolicy rules, final long nowNs, final long runningNs)
    {
        id = session.id();
        attempt = session.attempt();
        final int count = session.kernels().size();
        kernelIds = new long[count];
        kernelAttempts = new int[count];
        agentIds = new int[count];
        bytes = new long[count];
        sampledNs = new long[count];
        for (int i = 0; i < count; i++)
        {
            final KernelView kernel = session.kernels().get(i);
            kernelIds[i] = kernel.kernelId();
            kernelAttempts[i] = kernel.attempt();
            agentIds[i] = kernel.agentId();
            bytes[i] = Usage.UNKNOWN;
        }
        hasEnded = new AtomicIntegerArray(count);
        ended(session);
        cpuMillis = cpuMillis(session, count);
        hasPorts = null != session.spec() && !session.spec().container().ports().isEmpty();
        startedNs = nowNs - runningNs;
        trafficNs = nowNs;
        usedNs = nowNs;
        rules(rules);
    }

    /** What each asks for: the first ones what the session says, the others what their parts say. */
    private static long[] cpuMillis(final SessionView session, final int count)
    {
        final long[] millis = new long[count];
        Arrays.fill(millis, session.cpuMillis());
        int to = count;
        final List<SessionPart> parts = session.terms().parts();
        for (int i = parts.size() - 1; i >= 0; i--)
        {
            final int from = Math.max(0, to - parts.get(i).kernels());
            Arrays.fill(millis, from, to, parts.get(i).cpuMillis());
            to = from;
        }
        return millis;
    }

    /** What has ended by then has. */
    void ended(final SessionView session)
    {
        final int count = Math.min(kernelIds.length, session.kernels().size());
        for (int i = 0; i < count; i++)
        {
            final KernelView kernel = session.kernels().get(i);
            if (isTerminal(kernel.state()))
            {
                onKernelEnded(i, kernel.attempt());
            }
        }
    }

    /**
     * One of its kernels has ended, and others go on: from now on it is judged by those. Any thread.
     *
     * @param index  of the kernel; one that it does not have is nothing.
     * @param ofWhat number of its attempt; another is nothing either.
     */
    void onKernelEnded(final int index, final int ofWhat)
    {
        if (index < kernelIds.length && kernelAttempts[index] == ofWhat)
        {
            hasEnded.set(index, 1);
        }
    }

    static boolean isTerminal(final LifeState state)
    {
        return LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state;
    }

    /** Others hold from now on; what has been counted stays. */
    void rules(final IdlePolicy changed)
    {
        rules = changed;
        graceEndNs = startedNs + changed.graceNs();
    }

    IdlePolicy rules()
    {
        return rules;
    }

    /** Something went in or out. Any thread. */
    void onTraffic(final long nowNs)
    {
        trafficNs = nowNs;
    }

    /** For so long nobody could have been heard. */
    void hold(final long gapNs)
    {
        trafficNs += gapNs;
        usedNs += gapNs;
    }

    long trafficLeftNs(final long nowNs)
    {
        return left(rules.timeoutNs(), trafficNs, nowNs);
    }

    long useLeftNs(final long nowNs)
    {
        return left(rules.windowNs(), usedNs, nowNs);
    }

    private static long left(final long limitNs, final long sinceNs, final long nowNs)
    {
        return 0 == limitNs ? Long.MAX_VALUE : Math.max(0, limitNs - (nowNs - sinceNs));
    }

    /**
     * Takes in what is known of its use.
     *
     * @param usage   as agents tell.
     * @param reaches whether an agent can be heard.
     * @param nowNs   monotonic.
     * @param epochNs the same moment for people.
     */
    void look(final UsageView usage, final IntPredicate reaches, final long nowNs, final long epochNs)
    {
        boolean isReached = true;
        boolean isNetworkKnown = true;
        boolean isFresh = true;
        final Sum cpu = new Sum();
        final Sum gpu = new Sum();
        long askedMillis = 0;
        for (int i = 0; i < kernelIds.length; i++)
        {
            if (0 != hasEnded.get(i))
            {
                // Nothing more will be heard of it, nor is there anything that it could still be used for.
                continue;
            }
            askedMillis += cpuMillis[i];
            isReached &= reaches.test(agentIds[i]);
            final KernelUse use = usage.kernel(kernelIds[i], kernelAttempts[i]);
            if (null == use || epochNs - use.statistics().atNs() > STALE_NS)
            {
                isFresh = false;
                isNetworkKnown = false;
                continue;
            }
            final Usage last = use.statistics().last();
            cpu.add(last.cpuMillis());
            gpu.add(last.gpuPercent());
            isNetworkKnown &= last.receivedBytes() >= 0 && last.sentBytes() >= 0;
            lookAtNetwork(i, use, last, nowNs);
        }
        // Nobody can be held to what could not be seen: somebody may be using its ports, or the machine.
        if (!isReached || hasPorts && !isNetworkKnown)
        {
            trafficNs = nowNs;
        }
        if (!isReached || !isFresh || !isLow(cpu, gpu, askedMillis))
        {
            usedNs = nowNs;
        }
        if (graceEndNs - usedNs > 0)
        {
            usedNs = graceEndNs;
        }
    }

    private void lookAtNetwork(final int index, final KernelUse use, final Usage last, final long nowNs)
    {
        final long atNs = use.statistics().atNs();
        if (last.receivedBytes() < 0 || last.sentBytes() < 0 || atNs == sampledNs[index])
        {
            return;
        }
        final long sum = last.receivedBytes() + last.sentBytes();
        final long noise = Math.max(1, (atNs - sampledNs[index]) / SECOND_NS) * NOISE_BYTES_PER_SECOND;
        if (bytes[index] >= 0 && sum - bytes[index] > noise)
        {
            trafficNs = nowNs;
        }
        bytes[index] = sum;
        sampledNs[index] = atNs;
    }

    /** Whether all that is known is next to nothing, and something is. */
    private boolean isLow(final Sum cpu, final Sum gpu, final long askedMillis)
    {
        final boolean isCpuLow = cpu.sum * 100 < rules.cpuPercent() * askedMillis;
        final boolean isGpuLow = gpu.sum < (long)rules.gpuPercent() * gpu.count;
        return cpu.count > 0 && isCpuLow && (0 == gpu.count || isGpuLow);
    }

    private static final class Sum
    {
        private long sum;
        private int count;

        void add(final long value)
        {
            if (value >= 0)
            {
                sum += value;
                count++;
            }
        }
    }
}
