package io.plimsoll.loadtest.plan;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.virtual.RunFigures;
import java.util.List;

/**
 * A fleet that was tried.
 *
 * @param fleet   that it was.
 * @param load    times the arrivals of the workload.
 * @param figures of the runs, by seed; fewer than seeds if one of the first already missed.
 * @param misses  of the first seed that missed, and of those before it that missed no more than a bound from below;
 *                empty: all objectives hold with every seed.
 * @param telling figures of that seed, or of the first if none missed.
 */
public record Trial(
    Fleet fleet, double load, List<RunFigures> figures, List<Objective.Miss> misses, RunFigures telling)
{
    /** Lists that nobody changes. */
    public Trial
    {
        figures = List.copyOf(figures);
        misses = List.copyOf(misses);
    }

    /** Whether all objectives hold with every seed. */
    public boolean holds()
    {
        return misses.isEmpty();
    }

    /** Whether there are machines enough: bounds from below, such as of what is used, fewer machines meet better. */
    boolean isEnough()
    {
        return misses.stream().noneMatch(miss -> miss.objective().isUpper());
    }
}
