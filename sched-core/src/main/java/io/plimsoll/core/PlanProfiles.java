package io.plimsoll.core;

import io.plimsoll.core.sbe.Liveness;
import java.util.Arrays;

/**
 * The profiles of a group's agents, as far as anybody asked for them, and what has been gained on them since: who did
 * not fit need only be looked at again where there is more than there was. A cache.
 */
final class PlanProfiles
{
    /** Gains that are kept apart: with more, all count as forgotten. */
    private static final int GAINS_MAX = 1024;
    private static final int SPARES_MAX = 16;

    private final CoreState state;
    private final int group;
    private final AgentTable agents;
    private final ReservationTable reservations;
    private final KernelEnds ends;
    /** By agent. */
    private AgentProfile[] profiles = new AgentProfile[64];
    private boolean[] isKnown = new boolean[64];
    private long[] riseNs = new long[64];
    private final AgentProfile scratch;
    private final ProfileGain gain = new ProfileGain();
    /** What known profiles were when changes were last taken note of, where reservations came or went since. */
    private AgentProfile[] befores = new AgentProfile[64];
    /** Whether more than that has changed, so that the profile is to be made anew. */
    private boolean[] isWhole = new boolean[64];
    private final AgentProfile[] spares = new AgentProfile[SPARES_MAX];
    private int spareCount;
    private final AgentSet changed = new AgentSet();
    private final AgentSet gainedNow = new AgentSet();
    /** Agents of which more may be reserved than there will be. */
    private final AgentSet suspects = new AgentSet();
    private boolean isEveryGainWhole;
    private long nextRiseNs = ExpectedEnds.NEVER;
    private long seenNs = Long.MIN_VALUE;

    private long forgotten;
    private int gains;
    private final int[] gainAgent = new int[GAINS_MAX];
    private final long[] gainFromNs = new long[GAINS_MAX];
    private final long[] gainToNs = new long[GAINS_MAX];
    private final long[] gainCpuMillis = new long[GAINS_MAX];

    PlanProfiles(final CoreState state, final int group)
    {
        this.state = state;
        this.group = group;
        agents = state.agents;
        reservations = state.reservations;
        ends = state.schedule.kernelEnds;
        scratch = new AgentProfile(state, ends);
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (group == agents.get(agents.group, agent) || 0 != agents.get(agents.reserved, agent))
            {
                changed.add(agent);
            }
        }
    }

    /** Sessions of several priorities wait, and some see fewer reservations than others: gains are not compared. */
    void onManyPriorities()
    {
        isEveryGainWhole = true;
    }

    void onChanged(final int agent)
    {
        changed.add(agent);
        if (agent < isWhole.length)
        {
            isWhole[agent] = true;
        }
    }

    /** A reservation on an agent has come (1) or gone (-1): its profile follows at once. */
    void onReserved(final int agent, final int reservation, final int change)
    {
        changed.add(agent);
        if (agent >= profiles.length || !isKnown[agent] || isWhole[agent])
        {
            return;
        }
        if (!profiles[agent].isOfAllSlots())
        {
            isWhole[agent] = true;
            return;
        }
        if (null == befores[agent])
        {
            befores[agent] = spare();
            befores[agent].copy(profiles[agent]);
        }
        profiles[agent].onReserved(reservation, change);
    }

    private AgentProfile spare()
    {
        return spareCount > 0 ? spares[--spareCount] : new AgentProfile(state, ends);
    }

    private void keep(final AgentProfile profile)
    {
        if (spareCount < SPARES_MAX)
        {
            spares[spareCount++] = profile;
        }
    }

    /** What an agent's profile was, which is made anew unless it has followed all that has changed. */
    private AgentProfile renew(final int agent)
    {
        final AgentProfile known = befores[agent];
        if (!isWhole[agent] && null != known)
        {
            rise(agent);
            return known;
        }
        final AgentProfile before = null == known ? profiles[agent] : known;
        profiles[agent] = null == known ? spare() : profiles[agent];
        build(agent);
        return before;
    }

    void onGain(final int agent)
    {
        gainedNow.add(agent);
    }

    /** Whether nothing has changed, by itself or with the time. */
    boolean isUnchanged()
    {
        return changed.isEmpty() && gainedNow.isEmpty() && state.timestampNs < nextRiseNs;
    }

    /** Takes note of all that has changed; without anybody who minds, it is forgotten. */
    void refresh(final boolean anybody)
    {
        for (int agent = changed.first(); Table.NONE != agent; agent = changed.next(agent))
        {
            refresh(agent, anybody);
        }
        changed.clear();
        for (int agent = gainedNow.first(); Table.NONE != agent; agent = gainedNow.next(agent))
        {
            addGain(agent, state.timestampNs, state.timestampNs);
        }
        gainedNow.clear();
        if (state.timestampNs >= nextRiseNs)
        {
            noteRises();
        }
        seenNs = state.timestampNs;
        if (!anybody)
        {
            forget();
        }
    }

    private void refresh(final int agent, final boolean anybody)
    {
        ensure(agent);
        final boolean isReserved = 0 != agents.get(agents.reserved, agent);
        if (isReserved)
        {
            suspects.add(agent);
        }
        else
        {
            suspects.remove(agent);
        }
        if (!isKnown[agent] || !anybody)
        {
            isKnown[agent] = false;
            forget(agent);
            addGain(agent, state.timestampNs, ExpectedEnds.NEVER);
            return;
        }
        final AgentProfile before = renew(agent);
        compare(agent, before);
        befores[agent] = before;
        forget(agent);
    }

    private void forget(final int agent)
    {
        isWhole[agent] = false;
        if (null != befores[agent])
        {
            keep(befores[agent]);
            befores[agent] = null;
        }
    }

    private void compare(final int agent, final AgentProfile before)
    {
        final AgentProfile after = profiles[agent];
        if (isEveryGainWhole || after.isOpen() && !before.isOpen())
        {
            addGain(agent, state.timestampNs, ExpectedEnds.NEVER);
            return;
        }
        gain.compare(before, after, state.timestampNs);
        if (ExpectedEnds.NEVER != gain.fromNs())
        {
            addGain(agent, gain.fromNs(), gain.toNs(), gain.cpuMillis());
        }
        else
        {
            // A share may be had where others now share a device for longer.
            addGain(agent, state.timestampNs, state.timestampNs);
        }
    }

    private void build(final int agent)
    {
        profiles[agent].build(agent, isOpen(agent), null);
        isKnown[agent] = true;
        rise(agent);
    }

    private void rise(final int agent)
    {
        riseNs[agent] = profiles[agent].nextRiseNs(Math.max(seenNs, Long.MIN_VALUE + 1));
        nextRiseNs = Math.min(nextRiseNs, riseNs[agent]);
    }

    /** What was to have ended by now and has not may let others in who were planned for after it. */
    private void noteRises()
    {
        nextRiseNs = ExpectedEnds.NEVER;
        for (int agent = 1; agent < Math.min(agents.highWater(), profiles.length); agent++)
        {
            if (isKnown[agent])
            {
                if (riseNs[agent] <= state.timestampNs)
                {
                    addGain(agent, state.timestampNs, ExpectedEnds.NEVER);
                    riseNs[agent] = profiles[agent].nextRiseNs(state.timestampNs);
                }
                nextRiseNs = Math.min(nextRiseNs, riseNs[agent]);
            }
        }
    }

    private void ensure(final int agent)
    {
        if (agent >= profiles.length)
        {
            final int length = Math.max(agent + 1, profiles.length * 2);
            profiles = Arrays.copyOf(profiles, length);
            isKnown = Arrays.copyOf(isKnown, length);
            riseNs = Arrays.copyOf(riseNs, length);
            befores = Arrays.copyOf(befores, length);
            isWhole = Arrays.copyOf(isWhole, length);
        }
        if (null == profiles[agent])
        {
            profiles[agent] = new AgentProfile(state, ends);
        }
    }

    /** Whether room may be planned for: the agent is there. */
    private boolean isOpen(final int agent)
    {
        return group == agents.get(agents.group, agent) && agents.mayGetWork(agent);
    }

    /** Whether room that was planned for on an agent will still be had: it may be out of reach for a while. */
    boolean isKept(final int agent)
    {
        return group == agents.get(agents.group, agent) &&
            0 == agents.get(agents.drained, agent) &&
            0 == agents.get(agents.quarantined, agent) &&
            Liveness.LOST.value() != agents.get(agents.liveness, agent);
    }

    AgentProfile profile(final int agent)
    {
        ensure(agent);
        if (!isKnown[agent])
        {
            build(agent);
        }
        return profiles[agent];
    }

    /** The profile of an agent if there is one that has followed all that changed, else null. */
    AgentProfile present(final int agent)
    {
        return agent < profiles.length && isKnown[agent] && !isWhole[agent] ? profiles[agent] : null;
    }

    /** An agent as if there were only some of the reservations on it. */
    AgentProfile profile(final int agent, final AgentProfile.Filter filter)
    {
        scratch.build(agent, isOpen(agent), filter);
        return scratch;
    }

    /* Agents with too many reservations. */

    int nextSuspect()
    {
        return suspects.first();
    }

    void clear(final int suspect)
    {
        suspects.remove(suspect);
    }

    /* Gains. */

    private void addGain(final int agent, final long fromNs, final long toNs)
    {
        addGain(agent, fromNs, toNs, Long.MAX_VALUE);
    }

    private void addGain(final int agent, final long fromNs, final long toNs, final long cpuMillis)
    {
        if (GAINS_MAX == gains)
        {
            forget();
        }
        gainAgent[gains] = agent;
        gainFromNs[gains] = fromNs;
        gainCpuMillis[gains] = cpuMillis;
        gainToNs[gains++] = toNs;
    }

    /** Who was looked at before now is to be looked at as if for the first time, or knows it all. */
    void forget()
    {
        forgotten += gains + 1;
        gains = 0;
    }

    /** A number that stands for all gains so far. */
    long now()
    {
        return forgotten + gains;
    }

    /** The first gain that comes after such a number; NONE if they were forgotten. */
    int since(final long number)
    {
        return number < forgotten ? Table.NONE : (int)(number - forgotten);
    }

    int gains()
    {
        return gains;
    }

    int gainAgent(final int gain)
    {
        return gainAgent[gain];
    }

    /** Epoch; from when on there is more. */
    long gainFromNs(final int gain)
    {
        return gainFromNs[gain];
    }

    long gainToNs(final int gain)
    {
        return gainToNs[gain];
    }

    /** The most that is free at once between those times. */
    long gainCpuMillis(final int gain)
    {
        return gainCpuMillis[gain];
    }
}
