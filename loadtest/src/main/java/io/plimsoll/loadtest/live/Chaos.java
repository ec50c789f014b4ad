package io.plimsoll.loadtest.live;

import io.plimsoll.loadtest.jobs.Draws;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes things go wrong. Stepped by one thread; a kill takes as long as the manager needs to come back. */
final class Chaos
{
    private static final double SECOND_NS = 1e9;
    private static final long SLOW_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final ChaosPlan plan;
    private final Swarm swarm;
    private final LiveManager manager;
    private final Draws draws;
    private final List<Double> killSeconds = new ArrayList<>();
    private long nextFlapNs;
    private long nextStormNs;
    private long nextKillNs;
    private long flaps;
    private long storms;
    private int slow;

    Chaos(final ChaosPlan plan, final Swarm swarm, final LiveManager manager, final long seed, final long nowNs)
    {
        this.plan = plan;
        this.swarm = swarm;
        this.manager = manager;
        draws = new Draws(seed, 1);
        nextFlapNs = nowNs;
        nextStormNs = nowNs + plan.stormEveryNs();
        nextKillNs = nowNs + plan.killEveryNs();
        final int slowOnes = (int)Math.ceil(plan.slowShare() * swarm.count());
        for (slow = 0; slow < slowOnes; slow++)
        {
            swarm.slow(slow, SLOW_NS);
        }
    }

    /** Does what is due. */
    void step(final long nowNs)
    {
        while (plan.flapsPerSecond() > 0 && nowNs >= nextFlapNs)
        {
            final int agent = (int)Math.min(swarm.count() - 1, (long)(draws.uniform() * swarm.count()));
            flaps += swarm.drop(agent) ? 1 : 0;
            nextFlapNs += (long)(SECOND_NS / plan.flapsPerSecond());
        }
        if (plan.stormEveryNs() > 0 && nowNs >= nextStormNs)
        {
            storms += swarm.dropAll() ? 1 : 0;
            nextStormNs = nowNs + plan.stormEveryNs();
        }
        if (plan.killEveryNs() > 0 && nowNs >= nextKillNs)
        {
            manager.killAndRestart();
            final long backNs = System.nanoTime();
            killSeconds.add((backNs - nowNs) / SECOND_NS);
            nextKillNs = backNs + plan.killEveryNs();
        }
    }

    LoadResult.Disorder done()
    {
        return new LoadResult.Disorder(flaps, storms, slow, List.copyOf(killSeconds));
    }
}
