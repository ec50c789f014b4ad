package io.plimsoll.core;

import io.plimsoll.core.policy.DeviceClass;
import java.util.Arrays;

/** Agents as they would be after the kernels of one session that have found a place so far: scratch space. */
final class PartsRoom implements KernelCounts
{
    /** Says what an agent has, now or some other time. */
    @FunctionalInterface
    interface Source
    {
        /** Loads what an agent would have free, before any kernel of the session; false if it is not to be used. */
        boolean load(int agent, AgentForecast target);
    }

    private final CoreState state;
    /** Entry of an agent plus one; 0: nothing was taken from it. */
    private int[] entryOf = new int[64];
    private int[] entryAgent = new int[16];
    private AgentForecast[] forecasts = new AgentForecast[16];
    private int[] times = new int[16];
    private int[] running = new int[16 * DeviceClass.COUNT];
    private int entries;
    private int taken;

    PartsRoom(final CoreState state)
    {
        this.state = state;
    }

    void clear()
    {
        for (int entry = 0; entry < entries; entry++)
        {
            entryOf[entryAgent[entry]] = 0;
        }
        entries = 0;
        taken = 0;
    }

    private int entry(final int agent)
    {
        return agent < entryOf.length ? entryOf[agent] - 1 : Table.NONE;
    }

    /** An agent after what was taken; null if nothing was. */
    AgentForecast of(final int agent)
    {
        final int entry = entry(agent);
        return Table.NONE == entry ? null : forecasts[entry];
    }

    /** The same, loaded if nothing was taken from it yet. */
    AgentForecast open(final int agent, final PartsRoom.Source source)
    {
        final AgentForecast known = of(agent);
        if (null != known)
        {
            return known;
        }
        if (agent >= entryOf.length)
        {
            entryOf = Arrays.copyOf(entryOf, Math.max(agent + 1, entryOf.length * 2));
        }
        if (entries == entryAgent.length)
        {
            entryAgent = Arrays.copyOf(entryAgent, entries * 2);
            forecasts = Arrays.copyOf(forecasts, entries * 2);
            times = Arrays.copyOf(times, entries * 2);
            running = Arrays.copyOf(running, running.length * 2);
        }
        if (null == forecasts[entries])
        {
            forecasts[entries] = new AgentForecast(state);
        }
        final AgentForecast forecast = forecasts[entries];
        if (!source.load(agent, forecast))
        {
            throw new IllegalStateException("not to be used: agentId=" + agent);
        }
        entryAgent[entries] = agent;
        times[entries] = 0;
        Arrays.fill(running, entries * DeviceClass.COUNT, (entries + 1) * DeviceClass.COUNT, 0);
        entryOf[agent] = ++entries;
        return forecast;
    }

    /** Kernels of a class were taken from an agent that is open. */
    void note(final int agent, final int deviceClass, final int kernels)
    {
        final int entry = entry(agent);
        times[entry] += kernels;
        running[entry * DeviceClass.COUNT + deviceClass] += kernels;
        taken += kernels;
    }

    /** Number of agents from which something was taken. */
    int agents()
    {
        return entries;
    }

    @Override
    public int times(final int agent)
    {
        final int entry = entry(agent);
        return Table.NONE == entry ? 0 : times[entry];
    }

    @Override
    public int taken()
    {
        return taken;
    }

    /** Kernels of a class that an agent has been given. */
    int running(final int agent, final int deviceClass)
    {
        final int entry = entry(agent);
        return Table.NONE == entry ? 0 : running[entry * DeviceClass.COUNT + deviceClass];
    }
}
