package io.plimsoll.manager.usage;

import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.view.Assignment;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.usage.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Keeps what agents tell of what is used, beside the live view and as long as that knows the session. Written by the
 * thread of the links, swept by the one of the records, read by any. An agent is believed only what it says of kernels
 * that were placed on it.
 */
public final class UsageStore implements UsageView, RecordListener
{
    static final int KERNELS_MAX = 100_000;

    private static final int DEVICES_MAX = 256;
    private static final int KERNEL_BITS = 10;
    /** In the order of their numbers: cuda2 comes before cuda10. */
    private static final Comparator<String> DEVICES =
        Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private final LiveViewStore view;
    private final EpochNanoClock clock;
    private final Counters counters;
    private final int kernelsMax;
    private final ConcurrentSkipListMap<Long, KernelUse> kernelById = new ConcurrentSkipListMap<>();
    private final Map<Integer, AgentUse> agentById = new ConcurrentHashMap<>();
    private final AtomicInteger kernelCount = new AtomicInteger();

    /**
     * Empty.
     *
     * @param view     that must be shown each event before this.
     * @param clock    of the manager.
     * @param counters to count in.
     */
    public UsageStore(final LiveViewStore view, final EpochNanoClock clock, final Counters counters)
    {
        this(view, clock, counters, KERNELS_MAX);
    }

    UsageStore(final LiveViewStore view, final EpochNanoClock clock, final Counters counters, final int kernelsMax)
    {
        this.view = view;
        this.clock = clock;
        this.counters = counters;
        this.kernelsMax = kernelsMax;
        counters.gauge("usage_kernels", "Kernels of which it is known what they use", kernelCount::get);
    }

    /** In epoch nanoseconds. */
    public long nowNs()
    {
        return clock.nanoTime();
    }

    /** An agent tells of its host. */
    public void onHost(final int agentId, final int processors, final long memoryTotalBytes, final Usage usage)
    {
        agentById.merge(
            agentId,
            new AgentUse(
                processors, memoryTotalBytes, UsageStatistics.NONE.with(usage, clock.nanoTime(), true), List.of()),
            (before, now) -> new AgentUse(
                processors,
                memoryTotalBytes,
                before.statistics().with(usage, clock.nanoTime(), true),
                before.devices()));
    }

    /** An agent tells of some of its devices. */
    public void onDevices(final int agentId, final List<DeviceLoad> loads)
    {
        final AgentUse before = agentById.getOrDefault(agentId, new AgentUse(0, 0, UsageStatistics.NONE, List.of()));
        final Map<String, DeviceLoad> byId = new TreeMap<>(DEVICES);
        before.devices().forEach(device -> byId.put(device.id(), device));
        for (final DeviceLoad load : loads)
        {
            if (byId.size() < DEVICES_MAX || byId.containsKey(load.id()))
            {
                byId.put(load.id(), load);
            }
        }
        agentById.put(
            agentId,
            new AgentUse(
                before.processors(), before.memoryTotalBytes(), before.statistics(), List.copyOf(byId.values())));
    }

    /** An agent tells of a kernel. */
    public void onKernel(final int agentId, final long kernelId, final int attempt, final Usage usage)
    {
        final KernelUse before = kernelById.get(kernelId);
        if (null != before && before.attempt() == attempt && before.agentId() == agentId)
        {
            final UsageStatistics next = before.statistics().with(usage, clock.nanoTime(), false);
            // If it was forgotten or has ended meanwhile, that holds.
            kernelById.computeIfPresent(kernelId, (id, now) ->
                now.attempt() == attempt ? new KernelUse(kernelId, attempt, agentId, now.ended(), next) : now);
            return;
        }
        begin(agentId, kernelId, attempt, usage, before);
    }

    private void begin(
        final int agentId, final long kernelId, final int attempt, final Usage usage, final KernelUse before)
    {
        final Assignment assignment = view.assignment(kernelId, attempt);
        final boolean isOld = null != before && before.attempt() >= attempt;
        if (isOld || null == assignment || assignment.agentId() != agentId ||
            null == before && kernelCount.get() >= kernelsMax)
        {
            counters.increment(Counter.USAGE_DROPPED);
            return;
        }
        final KernelUse first = new KernelUse(
            kernelId, attempt, agentId, false, UsageStatistics.NONE.with(usage, clock.nanoTime(), false));
        if (null == kernelById.put(kernelId, first))
        {
            kernelCount.incrementAndGet();
        }
        // What happened between the question and the entry has not found it: this does that work.
        final SessionView session = view.session(kernelId >> KERNEL_BITS);
        if (null == session)
        {
            forget(kernelId);
        }
        else
        {
            session.kernels().stream()
                .filter(kernel -> kernel.kernelId() == kernelId && hasEnded(kernel.state()))
                .forEach(kernel -> ended(kernelId));
        }
    }

    private void forget(final Long kernelId)
    {
        if (null != kernelById.remove(kernelId))
        {
            kernelCount.decrementAndGet();
        }
    }

    @Override
    public void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
        if (hasEnded(event.state()))
        {
            ended(event.kernelId());
        }
    }

    private void ended(final long kernelId)
    {
        kernelById.computeIfPresent(kernelId, (id, use) ->
            new KernelUse(use.kernelId(), use.attempt(), use.agentId(), true, use.statistics()));
    }

    private static boolean hasEnded(final LifeState state)
    {
        return LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state;
    }

    @Override
    public void onSessionForgotten(final SessionForgottenDecoder event, final ReleasedRecord record)
    {
        final long first = event.sessionId() << KERNEL_BITS;
        for (final Long kernelId : kernelById.subMap(first, first + (1L << KERNEL_BITS)).keySet())
        {
            forget(kernelId);
        }
    }

    @Override
    public KernelUse kernel(final long kernelId, final int attempt)
    {
        final KernelUse use = kernelById.get(kernelId);
        return null == use || use.attempt() != attempt ? null : use;
    }

    @Override
    public AgentUse agent(final int agentId)
    {
        return agentById.get(agentId);
    }

    @Override
    public List<KernelUse> running(final Comparator<KernelUse> order, final int limit)
    {
        if (null == order)
        {
            return kernelById.values().stream().filter(use -> !use.ended()).limit(limit).toList();
        }
        final List<KernelUse> running = new ArrayList<>(kernelById.values());
        running.removeIf(KernelUse::ended);
        running.sort(order);
        return List.copyOf(running.subList(0, Math.min(limit, running.size())));
    }

    @Override
    public int kernels()
    {
        return kernelCount.get();
    }
}
