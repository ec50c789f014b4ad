package io.plimsoll.core;

import io.plimsoll.core.policy.RequestCounts;
import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.policy.TypicalRequests;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What each group is used to get: as configured, or else learned from what was submitted. State: it changes with
 * events only, and a learned mix is taken from the counts when they have grown by an eighth, so that its moment does
 * not depend on who looks when.
 */
final class RequestMixes
{
    /** Entries of a learned mix at most; they bound the cost of a score. */
    private static final int LEARNED_MAX = 64;
    private static final int GROWTH_SHIFT = 3;
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
            for (int i = from; i <= group; i++)
            {
                counts[i] = new RequestCounts();
                learned[i] = new TypicalRequests(state.models, LEARNED_MAX);
            }
        }
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
            learned[group].update(known);
            nextAt[group] = seen[group] + Math.min(GROWTH_MAX, Math.max(1, seen[group] >> GROWTH_SHIFT));
            versions[group]++;
        }
    }

    /** The configuration of a group's mix has changed; none at all means that it is learned. */
    void onConfigured(final int group)
    {
        ensure(group);
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
        for (int group = 0; group < counts.length; group++)
        {
            final long[] numbers = blocks.fixed(StateBlocks.REQUESTS, 1 + 3 * group, seen[group], nextAt[group]);
            seen[group] = numbers[0];
            nextAt[group] = numbers[1];
            counts[group].set(blocks.longs(StateBlocks.REQUESTS, 2 + 3 * group, counts[group].values()));
            learned[group].set(blocks.longs(StateBlocks.REQUESTS, 3 + 3 * group, learned[group].values()));
            if (blocks.isReading())
            {
                onConfigured(group);
            }
        }
    }
}
