package io.plimsoll.loadtest.plan;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.virtual.ClusterRun;
import io.plimsoll.loadtest.virtual.RunFigures;
import io.plimsoll.loadtest.virtual.RunSeries;
import io.plimsoll.loadtest.virtual.RunSetup;
import io.plimsoll.loadtest.virtual.SeedRuns;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.ToIntFunction;

/**
 * Searches for the smallest fleet with which all objectives hold with every seed, and for the largest load that a fleet
 * carries. That more machines never make it worse is taken for granted, which nearly holds: scheduling has anomalies
 * (Graham 1969), so what is found is a fleet that holds while one of a machine less does not, both of which were run.
 *
 * <p>Several kinds are reduced in turn, in every order in which one of them goes first, each by halving; the cheapest
 * result wins. It cannot be had cheaper by leaving out machines of any one kind; an exchange of several of one kind for
 * another's is found only if an order leads there.
 */
public final class Planner
{
    private final LongFunction<Workload> workloads;
    private final RunSetup setup;
    private final List<Objective> objectives;
    private final Options options;
    private final Map<Map<MachineKind, Integer>, Trial> tried = new LinkedHashMap<>();
    private final Consumer<Trial> progress;

    /**
     * A search that has not begun.
     *
     * @param workloads  one for each seed.
     * @param setup      of all runs; its seed is the first.
     * @param objectives that are to hold.
     * @param options    of the search.
     * @param progress   told of everything that was tried.
     */
    public Planner(
        final LongFunction<Workload> workloads,
        final RunSetup setup,
        final List<Objective> objectives,
        final Options options,
        final Consumer<Trial> progress)
    {
        this.workloads = workloads;
        this.setup = setup;
        this.objectives = List.copyOf(objectives);
        this.options = options;
        this.progress = progress;
        if (objectives.isEmpty())
        {
            throw new IllegalArgumentException("objective: at least one must be given");
        }
    }

    /**
     * How to search.
     *
     * @param seeds    of each trial.
     * @param threads  at a time.
     * @param warmupNs time before which nothing counts, or {@link io.plimsoll.loadtest.virtual.Warmup#BY_RULE}.
     */
    public record Options(int seeds, int threads, long warmupNs)
    {
    }

    /* The smallest fleet. */

    /**
     * Finds the smallest fleet.
     *
     * @param fleet what cannot be varied of it stays.
     * @param vary  machines that there may be more or fewer of; kinds that the fleet has.
     * @return what was found.
     */
    public FleetPlan smallest(final Fleet fleet, final List<Vary> vary)
    {
        final Fleet largest = with(fleet, vary, Vary::to);
        final Trial all = tryFleet(largest);
        if (!all.isEnough())
        {
            return new FleetPlan(null, all, trials());
        }
        Trial best = null;
        for (int first = 0; first < vary.size(); first++)
        {
            final Trial found = needed(reduce(all, rotated(vary, first)), vary);
            best = null == best || isCheaper(found.fleet(), best.fleet()) ? found : best;
        }
        if (!best.holds())
        {
            // What more machines would only miss by more.
            return new FleetPlan(null, best, trials());
        }
        return new FleetPlan(best, oneLess(best, vary), trials());
    }

    private static List<Vary> rotated(final List<Vary> vary, final int first)
    {
        final List<Vary> rotated = new ArrayList<>(vary.subList(first, vary.size()));
        rotated.addAll(vary.subList(0, first));
        return rotated;
    }

    /** By price where every machine has one, by number otherwise. */
    private static boolean isCheaper(final Fleet one, final Fleet other)
    {
        if (!one.isPriced() || !other.isPriced())
        {
            return one.machines().size() < other.machines().size();
        }
        final BigDecimal oneCost = one.machines().isEmpty() ? BigDecimal.ZERO : one.costPerHour();
        final BigDecimal otherCost = other.machines().isEmpty() ? BigDecimal.ZERO : other.costPerHour();
        return oneCost.compareTo(otherCost) < 0;
    }

    private Trial reduce(final Trial from, final List<Vary> vary)
    {
        Trial held = from;
        for (final Vary one : vary)
        {
            held = reduce(held, one);
        }
        return held;
    }

    /** Nothing can be left out of what this returns: where a machine less of some kind does as well, that is taken. */
    private Trial needed(final Trial found, final List<Vary> vary)
    {
        Trial held = found;
        Trial smaller = found;
        while (null != smaller)
        {
            held = smaller;
            smaller = null;
            for (int i = 0; i < vary.size() && null == smaller; i++)
            {
                final Trial less = less(held, vary.get(i));
                smaller = null != less && less.isEnough() ? less : null;
            }
        }
        return held;
    }

    /** A machine of a kind less; null if there may be no fewer. */
    private Trial less(final Trial than, final Vary vary)
    {
        final int count = count(than.fleet(), vary.kind());
        return count > vary.from() ? tryFleet(with(than.fleet(), vary.kind(), count - 1)) : null;
    }

    /** The fewest of one kind, between its bounds, with which all holds. */
    private Trial reduce(final Trial from, final Vary vary)
    {
        Trial held = from;
        int enough = count(from.fleet(), vary.kind());
        int tooFew = vary.from() - 1;
        while (enough - tooFew > 1)
        {
            final int middle = tooFew + (enough - tooFew) / 2;
            final Trial trial = tryFleet(with(from.fleet(), vary.kind(), middle));
            if (trial.isEnough())
            {
                enough = middle;
                held = trial;
            }
            else
            {
                tooFew = middle;
            }
        }
        return held;
    }

    /** A fleet of a machine less that does not hold; null if all is as small as it may be. */
    private Trial oneLess(final Trial best, final List<Vary> vary)
    {
        for (final Vary one : vary)
        {
            final Trial less = less(best, one);
            if (null != less && !less.isEnough())
            {
                return less;
            }
        }
        return null;
    }

    private static int count(final Fleet fleet, final String kind)
    {
        return (int)fleet.machines().stream().filter(machine -> machine.kind().name().equals(kind)).count();
    }

    private static Fleet with(final Fleet fleet, final List<Vary> vary, final ToIntFunction<Vary> count)
    {
        Fleet changed = fleet;
        for (final Vary one : vary)
        {
            changed = with(changed, one.kind(), count.applyAsInt(one));
        }
        return changed;
    }

    private static Fleet with(final Fleet fleet, final String kindName, final int count)
    {
        final MachineKind kind = fleet.kind(kindName);
        if (null == kind)
        {
            // What else a machine has is a field of its kind, and one may hope that it varies as well.
            final int dot = kindName.lastIndexOf('.');
            throw new IllegalArgumentException(dot > 0 && null != fleet.kind(kindName.substring(0, dot)) ?
                "vary: " + kindName + " does not vary, only how many machines there are: " +
                    kindName.substring(0, dot) + ".count=FROM..TO" :
                "vary: the fleet has no machines of kind " + kindName + "; it has " +
                    String.join(", ", fleet.kinds().keySet().stream().map(MachineKind::name).toList()));
        }
        return fleet.withCount(kind, count);
    }

    private Trial tryFleet(final Fleet fleet)
    {
        final Trial known = tried.get(fleet.kinds());
        if (null != known)
        {
            return known;
        }
        final Trial trial = run(fleet, 1);
        tried.put(fleet.kinds(), trial);
        return trial;
    }

    private List<Trial> trials()
    {
        return List.copyOf(tried.values());
    }

    /* The largest load. */

    /**
     * Finds how many times the arrivals of its workload a fleet carries, to one part in a hundred.
     *
     * @param fleet as it is.
     * @param most  load that is looked at.
     * @return a load that holds beside one that does not, or only one of these.
     */
    public LoadPlan largestLoad(final Fleet fleet, final double most)
    {
        Trial held = null;
        Trial missed = null;
        double carries = 0;
        double tooMuch = most;
        double load = Math.min(1, most);
        final List<Trial> trials = new ArrayList<>();
        for (final Objective objective : objectives)
        {
            if (!objective.isUpper())
            {
                throw new IllegalArgumentException(
                    "objective: " + objective.text() + " no load is too much for: where the largest is looked for, " +
                        "use bounds with <, or --vary");
            }
        }
        while (null == missed && carries < most || null != missed && tooMuch > carries * 1.01 && tooMuch > 0.001)
        {
            final Trial trial = run(fleet, load);
            trials.add(trial);
            if (trial.holds())
            {
                held = trial;
                carries = load;
            }
            else
            {
                missed = trial;
                tooMuch = load;
            }
            load = null == missed ? Math.min(most, carries * 2) : (carries + tooMuch) / 2;
        }
        return new LoadPlan(held, missed, trials);
    }

    /* One trial. */

    private Trial run(final Fleet fleet, final double load)
    {
        final List<RunFigures> figures = new ArrayList<>();
        final List<Objective.Miss> misses = new ArrayList<>();
        RunFigures telling = null;
        // So many at a time that no thread is idle, and no more: the first seed that misses is enough.
        for (int done = 0; done < options.seeds() && isEnough(misses); done += options.threads())
        {
            final List<RunFigures> some = SeedRuns.of(
                Math.min(options.threads(), options.seeds() - done),
                setup.seed() + done,
                options.threads(),
                seed -> figures(fleet, load, seed),
                part ->
                {
                    // A trial is told of when it is over.
                });
            for (final RunFigures one : some)
            {
                figures.add(one);
                if (isEnough(misses))
                {
                    final int before = misses.size();
                    objectives.forEach(objective -> misses.addAll(objective.misses(one)));
                    telling = null == telling || misses.size() > before ? one : telling;
                }
            }
        }
        final Trial trial = new Trial(fleet, load, figures, misses, telling);
        progress.accept(trial);
        return trial;
    }

    private static boolean isEnough(final List<Objective.Miss> misses)
    {
        return misses.stream().noneMatch(miss -> miss.objective().isUpper());
    }

    /** All seeds on a fleet, whatever they miss. */
    public List<RunFigures> all(final Fleet fleet, final double load)
    {
        return SeedRuns.of(
            options.seeds(),
            setup.seed(),
            options.threads(),
            seed -> figures(fleet, load, seed),
            part ->
            {
                // Few runs beside those of the search.
            });
    }

    /** The first seed of a trial once more, watched. */
    public RunSeries series(final Trial trial)
    {
        final Workload workload = LoadScale.of(workloads.apply(setup.seed()), trial.load(), setup.seed());
        return RunSeries.of(new ClusterRun(workload, trial.fleet(), setup).watched().run(), options.warmupNs());
    }

    private RunFigures figures(final Fleet fleet, final double load, final long seed)
    {
        if (fleet.machines().isEmpty())
        {
            return RunFigures.NOTHING_RAN;
        }
        final Workload workload = LoadScale.of(workloads.apply(seed), load, seed);
        return RunFigures.ofWhole(new ClusterRun(workload, fleet, setup.withSeed(seed)).run(), options.warmupNs());
    }
}
