package io.plimsoll.core;

import io.plimsoll.core.policy.RequestCounts;
import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.policy.TypicalRequests;
import io.plimsoll.core.sbe.Liveness;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What each group is used to get: as configured, or else learned from what was submitted. State: it changes with
 * events only, and a learned mix is taken from the counts when they have doubled, so that its moment does not depend
 * on who looks when. With it goes which models the group's devices are of.
 *
 * <p>Terms that earlier releases began learned otherwise (up to {@link #EARLIER_MAX} entries, anew with each eighth
 * more, nothing of models), and their journals must lead to the state that they led to then.
 */
final class RequestMixes
{
    /** Decision version of the first release that learned like this. */
    private static final int LEARNED_SINCE = 16;
    /** Until so many kernels were asked for, each submission counts at once. */
    private static final long FIRST = 64;
    private static final int EARLIER_MAX = 64;
    private static final int EARLIER_SHIFT = 3;
    private static final long GROWTH_MAX = 1 << 16;

    private final CoreState state;
    private RequestCounts[] counts = new RequestCounts[0];
    private TypicalRequests[] learned = new TypicalRequests[0];
    private TypicalRequests[] configured = new TypicalRequests[0];
    /** Kernels that were asked for. */
    private long[] seen = new long[0];
    private long[] nextAt = new long[0];
    /** Rises with each change of what a group's mix is. */
    private long[] versions = new long[0];
    /** Devices by number of their model, from 0, which is no model, as of when the mix was made. */
    private long[][] devices = new long[0][];
    /** Of the build that began the term. */
    private int decisionVersion;
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);

    RequestMixes(final CoreState state)
    {
        this.state = state;
    }

    private void ensure(final int group)
    {
        if (group >= counts.length)
        {
            final int from = counts.length;
            counts = Arrays.copyOf(counts, group + 1);
            learned = Arrays.copyOf(learned, group + 1);
            configured = Arrays.copyOf(configured, group + 1);
            seen = Arrays.copyOf(seen, group + 1);
            nextAt = Arrays.copyOf(nextAt, group + 1);
            versions = Arrays.copyOf(versions, group + 1);
            devices = Arrays.copyOf(devices, group + 1);
            for (int i = from; i <= group; i++)
            {
                counts[i] = new RequestCounts();
                learned[i] = new TypicalRequests(state.models, TypicalRequests.ENTRIES_MAX_DEFAULT);
                devices[i] = new long[0];
            }
        }
    }

    /** A manager of a build began a term. */
    void onTermBegan(final int version)
    {
        decisionVersion = version;
    }

    /** Of the build that began the term: what it did not do is not done when its journals are read. */
    int decisionVersion()
    {
        return decisionVersion;
    }

    private boolean isEarlier()
    {
        return decisionVersion < LEARNED_SINCE;
    }

    RequestMix of(final int group)
    {
        ensure(group);
        return null == configured[group] ? learned[group] : configured[group];
    }

    /** Another number whenever the mix is another one. */
    long version(final int group)
    {
        ensure(group);
        return versions[group];
    }

    /** Takes note of so many sessions of a shape that somebody asked for. */
    void learn(final int shape, final long sessions)
    {
        for (int part = shape; Table.NONE != part; part = state.shapes.nextPart(part))
        {
            learnPart(part, sessions * state.shapes.get(state.shapes.kernels, part));
        }
    }

    private void learnPart(final int shape, final long kernels)
    {
        final ShapeTable shapes = state.shapes;
        final int group = shapes.get(shapes.group, shape);
        ensure(group);
        final RequestCounts known = counts[group];
        known.add(
            shapes.amount(shape, SlotTable.CPU),
            shapes.get(shapes.deviceCount, shape),
            shapes.get(shapes.deviceShare, shape),
            state.constraints.modelSet(shapes.get(shapes.constraint, shape)),
            kernels);
        seen[group] += kernels;
        if (seen[group] >= nextAt[group])
        {
            learned[group].update(known, isEarlier() ? EARLIER_MAX : TypicalRequests.ENTRIES_MAX_DEFAULT);
            nextAt[group] = seen[group] + Math.min(GROWTH_MAX, growth(seen[group]));
            countDevices(group);
            versions[group]++;
        }
    }

    private long growth(final long kernels)
    {
        return isEarlier() ? Math.max(1, kernels >> EARLIER_SHIFT) : kernels < FIRST ? 1 : kernels;
    }

    /** Of agents that are not lost. */
    private void countDevices(final int group)
    {
        if (isEarlier())
        {
            return;
        }
        final AgentTable agents = state.agents;
        final long[] counted = new long[state.models.count()];
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            final boolean isThere = group == agents.get(agents.group, agent) &&
                Liveness.LOST.value() != agents.get(agents.liveness, agent);
            for (int slot = 0; isThere && slot < state.slots.count(); slot++)
            {
                if (state.slots.isDevice(slot))
                {
                    counted[agents.model(agent, slot)] += agents.capacity(agent, slot);
                }
            }
        }
        setDevices(group, counted);
    }

    private void setDevices(final int group, final long[] counted)
    {
        devices[group] = counted;
        learned[group].updateModels(counted);
        if (null != configured[group])
        {
            configured[group].updateModels(counted);
        }
    }

    /** The configuration of a group's mix has changed; none at all means that it is learned. */
    void onConfigured(final int group)
    {
        ensure(group);
        configure(group);
        countDevices(group);
    }

    private void configure(final int group)
    {
        final MixTable mixes = state.mixes;
        final RequestCounts given = new RequestCounts(Math.max(1, mixes.count()));
        for (int row = 0; row < mixes.highWater(); row++)
        {
            if (mixes.isLive(row) && group == mixes.get(mixes.group, row))
            {
                final int name = mixes.get(mixes.models, row);
                text.wrap(state.names.buffer(), state.names.offset(name), state.names.length(name));
                given.add(
                    mixes.get(mixes.cpuMillis, row),
                    mixes.get(mixes.deviceCount, row),
                    mixes.get(mixes.deviceShare, row),
                    state.models.set(text, 0, text.capacity()),
                    mixes.get(mixes.occurrences, row));
            }
        }
        configured[group] = 0 == given.size() ? null : TypicalRequests.of(given, state.models);
        versions[group]++;
    }

    long hash(final long seed)
    {
        long hash = seed;
        for (int group = 0; group < counts.length; group++)
        {
            final RequestCounts known = counts[group];
            hash = Hashing.chain(Hashing.chain(hash, seen[group]), nextAt[group]);
            for (int entry = 0; entry < known.size(); entry++)
            {
                hash = Hashing.chain(Hashing.chain(hash, known.cpuMillis(entry)), known.count(entry));
                final long devices = (long)known.deviceCount(entry) << 32 | known.deviceShare(entry);
                hash = Hashing.chain(Hashing.chain(hash, devices), known.modelSet(entry));
            }
            final RequestMix mix = of(group);
            for (int entry = 0; entry < mix.size(); entry++)
            {
                hash = Hashing.chain(hash, Double.doubleToLongBits(mix.weight(entry)));
            }
            for (final long count : devices[group])
            {
                hash = Hashing.chain(hash, count);
            }
        }
        return hash;
    }

    void transfer(final StateBlocks blocks)
    {
        final long[] groups = blocks.fixed(StateBlocks.REQUESTS, 0, counts.length);
        if (groups[0] > 0)
        {
            ensure((int)groups[0] - 1);
        }
        decisionVersion = (int)blocks.fixed(StateBlocks.LEARNED, 0, decisionVersion)[0];
        for (int group = 0; group < counts.length; group++)
        {
            final long[] numbers = blocks.fixed(StateBlocks.REQUESTS, 1 + 3 * group, seen[group], nextAt[group]);
            seen[group] = numbers[0];
            nextAt[group] = numbers[1];
            counts[group].set(blocks.longs(StateBlocks.REQUESTS, 2 + 3 * group, counts[group].values()));
            learned[group].set(blocks.longs(StateBlocks.REQUESTS, 3 + 3 * group, learned[group].values()));
            final long[] counted = blocks.longs(StateBlocks.LEARNED, 1 + group, devices[group]);
            if (blocks.isReading())
            {
                configure(group);
                setDevices(group, counted);
            }
        }
    }
}
