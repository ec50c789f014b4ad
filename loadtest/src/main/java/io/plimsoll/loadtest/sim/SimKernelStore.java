package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.KernelStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An agent's directory of kernels: outlives its process, and a power cut but for what is young. The agent's process may
 * end before and after each change.
 */
final class SimKernelStore implements KernelStore
{
    private final SimTime time;
    private final Countdown countdown;
    private final Map<KernelKey, Kept> kept = new LinkedHashMap<>();

    SimKernelStore(final SimTime time, final Countdown countdown)
    {
        this.time = time;
        this.countdown = countdown;
    }

    @Override
    public String tryStore(final Assignment assignment)
    {
        put(assignment.key(), new Kept(assignment, null, false, time.nowNs()));
        return null;
    }

    @Override
    public void limit(final Assignment assignment)
    {
        final Kept before = kept.get(assignment.key());
        if (null != before)
        {
            put(assignment.key(), new Kept(assignment, before.verdict, before.acknowledged, time.nowNs()));
        }
    }

    @Override
    public boolean tryFence(final KernelKey key, final KernelEnd end)
    {
        put(key, new Kept(null, end, false, time.nowNs()));
        return true;
    }

    @Override
    public void verdict(final KernelKey key, final KernelEnd end)
    {
        final Kept before = kept.get(key);
        if (null != before)
        {
            put(key, new Kept(before.assignment, end, before.acknowledged, time.nowNs()));
        }
    }

    @Override
    public void acknowledged(final KernelKey key)
    {
        final Kept before = kept.get(key);
        if (null != before)
        {
            put(key, new Kept(before.assignment, before.verdict, true, time.nowNs()));
        }
    }

    @Override
    public void remove(final KernelKey key)
    {
        countdown.step();
        kept.remove(key);
        countdown.step();
    }

    @Override
    public void load(final Loader loader)
    {
        for (final Map.Entry<KernelKey, Kept> entry : new ArrayList<>(kept.entrySet()))
        {
            final Kept value = entry.getValue();
            loader.onKernel(entry.getKey(), value.assignment, value.verdict, value.acknowledged);
        }
    }

    /** What there is now. */
    Map<KernelKey, Kept> copy()
    {
        return new LinkedHashMap<>(kept);
    }

    /** Those of which anything is kept. */
    Set<KernelKey> keys()
    {
        return kept.keySet();
    }

    /** Becomes what there was. */
    void become(final Map<KernelKey, Kept> copy)
    {
        kept.clear();
        kept.putAll(copy);
    }

    /** Of what is younger than this, some is lost. */
    void powerCut(final long windowNs, final long choice)
    {
        final long afterNs = time.nowNs() - windowNs;
        kept.entrySet().removeIf(entry -> entry.getValue().changedNs > afterNs &&
            0 != (SimFile.mix(choice ^ entry.getKey().hashCode()) & 1));
    }

    private void put(final KernelKey key, final Kept value)
    {
        countdown.step();
        kept.put(key, value);
        countdown.step();
    }

    /**
     * One kernel.
     *
     * @param assignment   null: a fence.
     * @param verdict      null: none.
     * @param acknowledged whether the manager has journalled its end.
     * @param changedNs    when this was last written.
     */
    record Kept(Assignment assignment, KernelEnd verdict, boolean acknowledged, long changedNs)
    {
    }
}
