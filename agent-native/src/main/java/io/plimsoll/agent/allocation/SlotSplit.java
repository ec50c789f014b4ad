package io.plimsoll.agent.allocation;

import io.plimsoll.agent.topology.HostDevice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How one amount is split among devices of one slot: how many devices it takes, and what each of some devices would
 * give. Amounts in thousandths. The rules are those that users of existing agents rely on.
 */
final class SlotSplit
{
    /** Shares are divided more finely than they are given, and rounded down at the end. */
    private static final long FINER = 1000;
    /** So much parts differ that are even, because they do not divide. */
    private static final long REST = 1;

    private final AllocationOptions options;
    private final DeviceUse use;
    private final long wanted;
    private final int[] usable;
    private final int[] others;
    private final int size;

    /**
     * Looks at a wish.
     *
     * @param whole so many of its devices the same request has whole.
     * @throws AllocationException if it cannot be met.
     */
    SlotSplit(final AllocationOptions options, final DeviceUse use, final long wanted, final int whole)
        throws AllocationException
    {
        this.options = options;
        this.use = use;
        this.wanted = wanted;
        check();
        final long least = use.isShared() ? Math.max(1, options.minShareMillis()) : HostDevice.MILLIS;
        usable = IntStream.range(0, use.ids().length).filter(i -> use.freeMillis()[i] >= least).toArray();
        // Which ones it has whole does not matter for what is left of the others: those are free as a whole.
        others = Arrays.copyOfRange(byFree(usable), Math.min(whole, usable.length), usable.length);
        long total = 0;
        for (final int device : others)
        {
            total += use.isShared() ? use.freeMillis()[device] : use.floor(use.freeMillis()[device]);
        }
        if (total < wanted)
        {
            throw insufficient(total);
        }
        size = size();
    }

    private void check() throws AllocationException
    {
        if (wanted < 0)
        {
            throw new AllocationException(
                AllocationException.Kind.ARGUMENT, use.slot() + ": " + text(wanted) + " cannot be negative");
        }
        if (use.isShared() && 0 == use.floor(wanted))
        {
            throw new AllocationException(AllocationException.Kind.QUANTUM, use.slot() + ": " + text(wanted) +
                " is less than the least share " + text(use.quantumMillis()));
        }
        if (!use.isShared() && 0 != wanted % HostDevice.MILLIS)
        {
            throw new AllocationException(
                AllocationException.Kind.ARGUMENT, use.slot() + ": " + text(wanted) + " is not a whole number");
        }
    }

    private AllocationException insufficient(final long free)
    {
        return new AllocationException(AllocationException.Kind.INSUFFICIENT,
            use.slot() + ": " + text(wanted) + " requested, " + text(free) + " free");
    }

    static String text(final long millis)
    {
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
    }

    /** Indices within the slot of devices that have something left. */
    int[] usable()
    {
        return usable;
    }

    /** Those of them that have an equal part of it left: nearly any of them will do. */
    int[] ample()
    {
        final long part = (wanted + size - 1) / size;
        return Arrays.stream(usable).filter(i -> use.floor(use.freeMillis()[i]) >= use.floor(part)).toArray();
    }

    /** As many as it takes that are next to each other by what is left, the most first: one of these can be had. */
    List<int[]> windows()
    {
        final int[] byFree = byFree(usable);
        final List<int[]> windows = new ArrayList<>();
        for (int i = 0; i + size <= byFree.length; i++)
        {
            windows.add(Arrays.stream(byFree, i, i + size).sorted().toArray());
        }
        return windows;
    }

    /** Devices that it takes. */
    int devices()
    {
        return size;
    }

    private int size() throws AllocationException
    {
        final int[] byFree = others;
        if (use.isShared() && !options.fragmentation())
        {
            return unfragmented(byFree);
        }
        if (Split.EVENLY == options.split())
        {
            return use.isShared() ? mostEven(byFree) : (int)Math.min(wanted / HostDevice.MILLIS, usable.length);
        }
        for (int count = 1; count <= byFree.length; count++)
        {
            if (null != split(Arrays.copyOf(byFree, count)))
            {
                return count;
            }
        }
        throw insufficient(Arrays.stream(others).mapToLong(i -> use.floor(use.freeMillis()[i])).sum());
    }

    private int unfragmented(final int[] byFree) throws AllocationException
    {
        final long first = (wanted + use.capacity() - 1) / use.capacity();
        for (int count = (int)Math.min(first, byFree.length + 1L); count <= byFree.length; count++)
        {
            if (null != split(Arrays.copyOf(byFree, count)))
            {
                return count;
            }
            if (wanted <= use.capacity())
            {
                break;
            }
        }
        throw new AllocationException(AllocationException.Kind.FRAGMENTED, use.slot() + ": " + text(wanted) +
            " requested; " + text(use.total()) + " free, in pieces of which none is large enough");
    }

    /** As few devices as give the most even parts; for each number the best are next to each other by what is free. */
    private int mostEven(final int[] byFree) throws AllocationException
    {
        int best = 0;
        long bestRange = Long.MAX_VALUE;
        for (int count = 1; count <= byFree.length; count++)
        {
            for (int i = 0; i + count <= byFree.length; i++)
            {
                final int[] window = Arrays.copyOfRange(byFree, i, i + count);
                final long range = null == split(window) ? Long.MAX_VALUE : range(window);
                if (range < bestRange - REST)
                {
                    best = count;
                    bestRange = range;
                }
            }
            if (1 == best)
            {
                break;
            }
        }
        if (0 == best)
        {
            throw insufficient(use.total());
        }
        return best;
    }

    private int[] byFree(final int[] devices)
    {
        return Arrays.stream(devices)
            .boxed()
            .sorted(Comparator.<Integer>comparingLong(i -> -use.freeMillis()[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    }

    /**
     * What devices would give, in their order; null if they do not have it, or one of them would give nothing.
     *
     * @param devices indices within the slot, ascending or by what is free.
     */
    long[] split(final int[] devices)
    {
        final int[] byFree = byFree(devices);
        final long[] parts = use.isShared() && !options.fragmentation() ? whole(byFree) :
            Split.FILL == options.split() ? fill(byFree) :
            use.isShared() ? evenShares(byFree) : evenUnits(byFree);
        if (null == parts)
        {
            return null;
        }
        final long[] ordered = new long[devices.length];
        for (int i = 0; i < byFree.length; i++)
        {
            final int device = byFree[i];
            final long part = parts[i];
            IntStream.range(0, devices.length).filter(j -> devices[j] == device).forEach(j -> ordered[j] = part);
        }
        return ordered;
    }

    private long[] fill(final int[] byFree)
    {
        final long[] parts = new long[byFree.length];
        long left = use.floor(wanted);
        for (int i = 0; i < byFree.length; i++)
        {
            parts[i] = use.floor(Math.min(left, use.freeMillis()[byFree[i]]));
            left -= parts[i];
            if (0 == parts[i])
            {
                return null;
            }
        }
        return 0 == left ? parts : null;
    }

    private long[] evenUnits(final int[] byFree)
    {
        final long[] parts = new long[byFree.length];
        long left = wanted / HostDevice.MILLIS;
        for (int i = byFree.length - 1; i >= 0; i--)
        {
            final long units = Math.min(use.freeMillis()[byFree[i]] / HostDevice.MILLIS, left / (i + 1));
            parts[i] = units * HostDevice.MILLIS;
            left -= units;
            if (0 == units)
            {
                return null;
            }
        }
        return 0 == left ? parts : null;
    }

    private long[] evenShares(final int[] byFree)
    {
        final long[] parts = exactShares(byFree);
        if (null == parts)
        {
            return null;
        }
        for (int i = 0; i < parts.length; i++)
        {
            parts[i] = use.floor(parts[i] / FINER);
            if (0 == parts[i])
            {
                return null;
            }
        }
        return parts;
    }

    private long[] exactShares(final int[] byFree)
    {
        final long[] parts = new long[byFree.length];
        long left = wanted * FINER;
        for (int i = byFree.length - 1; i >= 0; i--)
        {
            parts[i] = Math.min(use.freeMillis()[byFree[i]] * FINER, left / (i + 1));
            left -= parts[i];
        }
        return 0 == left ? parts : null;
    }

    private long[] whole(final int[] byFree)
    {
        final long target = use.floor(wanted);
        final long each = use.floor(target / byFree.length);
        long extras = target - each * byFree.length;
        final long[] parts = new long[byFree.length];
        for (int i = 0; i < byFree.length; i++)
        {
            final long extra = Math.min(extras, use.quantumMillis());
            parts[i] = each + extra;
            extras -= extra;
            if (0 == parts[i] || parts[i] > use.freeMillis()[byFree[i]])
            {
                return null;
            }
        }
        return parts;
    }

    /** How uneven the parts are; 0: not at all, or it does not matter. */
    long range(final int[] devices)
    {
        if (Split.EVENLY != options.split() || !use.isShared() || !options.fragmentation())
        {
            return 0;
        }
        final long[] parts = exactShares(byFree(devices));
        if (null == parts)
        {
            return Long.MAX_VALUE;
        }
        final long range = Arrays.stream(parts).max().orElse(0) - Arrays.stream(parts).min().orElse(0);
        return range <= REST ? 0 : range;
    }

    /** What speaks against these devices if their distances are the same: least goes first. */
    long preference(final int[] devices)
    {
        long free = 0;
        for (final int device : devices)
        {
            free += use.freeMillis()[device];
        }
        return Split.FILL == options.split() && !use.ofWhole() || !use.isShared() ? -free : free;
    }
}
