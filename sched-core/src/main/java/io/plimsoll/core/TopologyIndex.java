package io.plimsoll.core;

import java.util.Arrays;

/**
 * What is known of the racks and blocks of a pool, by need. Memory is bounded: of the needs that were not seen for
 * longest, it is forgotten. A cache.
 */
final class TopologyIndex
{
    private static final long BYTES_MAX = 64L << 20;
    private static final int NEEDS_MAX = 1024;

    private final AgentPool pool;
    private final NeedTable needs;
    private TopologyPlaces[] places = new TopologyPlaces[16];
    private int count;
    private long uses;

    TopologyIndex(final CoreState state, final AgentPool pool)
    {
        this.pool = pool;
        needs = state.shapes.needs;
    }

    /** Where a need finds room, up to date. */
    TopologyPlaces of(
        final int need, final TopologyMap map, final Wanted wanted, final Trial trial, final AgentFilter filter)
    {
        final int row = needs.get(needs.scores, need) - 1;
        final boolean known = row >= 0 && row < count && places[row].serial == needs.get(needs.serial, need);
        final TopologyPlaces found = known ? places[row] : add(need);
        found.refresh(map, wanted.kernels, trial, filter);
        found.usedAt = ++uses;
        return found;
    }

    private TopologyPlaces add(final int need)
    {
        final long bytes = Math.max(1024, pool.positions() * 8L);
        final int row = count >= NEEDS_MAX || count * bytes > BYTES_MAX ? oldest() : count++;
        if (row == places.length)
        {
            places = Arrays.copyOf(places, row * 2);
        }
        if (null == places[row])
        {
            places[row] = new TopologyPlaces(pool);
        }
        places[row].serial = needs.get(needs.serial, need);
        places[row].forget();
        needs.set(needs.scores, need, row + 1);
        return places[row];
    }

    private int oldest()
    {
        int oldest = 0;
        for (int row = 1; row < count; row++)
        {
            oldest = places[row].usedAt < places[oldest].usedAt ? row : oldest;
        }
        return oldest;
    }
}
