package io.plimsoll.loadtest.plan;

import io.plimsoll.loadtest.compare.Comparison;
import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.virtual.PolicyEffect;
import io.plimsoll.loadtest.virtual.PolicyEffect.Best;
import io.plimsoll.loadtest.virtual.RunFigures;
import io.plimsoll.loadtest.virtual.RunSeries;
import io.plimsoll.loadtest.virtual.RunSetup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** A search under some policies, and the same under others: what that is worth. */
public final class PlanSearch
{
    private static final double LOAD_MAX = 1000;

    private final Fleet fleet;
    private final List<Vary> vary;
    private final LongFunction<Workload> workloads;
    private final List<Objective> objectives;
    private final Planner.Options options;
    private final Progress progress;

    /**
     * A search that has not begun.
     *
     * @param fleet      what cannot be varied of it stays.
     * @param vary       machines that there may be more or fewer of; none: the load is looked for.
     * @param workloads  one for each seed.
     * @param objectives that are to hold.
     * @param options    of the search.
     * @param progress   told of everything that was tried.
     */
    public PlanSearch(
        final Fleet fleet,
        final List<Vary> vary,
        final LongFunction<Workload> workloads,
        final List<Objective> objectives,
        final Planner.Options options,
        final Progress progress)
    {
        this.fleet = fleet;
        this.vary = List.copyOf(vary);
        this.workloads = workloads;
        this.objectives = objectives;
        this.options = options;
        this.progress = progress;
    }

    /** Told of trials. */
    public interface Progress
    {
        /**
         * Something was tried.
         *
         * @param trial that was.
         * @param part  of the search that is done, about, 0 to 1.
         */
        void tried(Trial trial, double part);
    }

    /**
     * What a search came to.
     *
     * @param planner that found it.
     * @param best    with which all objectives hold; null: nothing.
     * @param missed  beside it, with which they do not.
     * @param trials  in order.
     */
    public record Found(Planner planner, Trial best, Trial missed, List<Trial> trials)
    {
        /** What its first run looked like over time; null if nothing was found. */
        public RunSeries series()
        {
            return null == best || best.fleet().machines().isEmpty() ? null : planner.series(best);
        }

        /** As that of a load. */
        public LoadPlan asLoad()
        {
            return new LoadPlan(best, missed, trials);
        }
    }

    /** Searches. */
    public Found run(final RunSetup setup)
    {
        final int[] count = new int[1];
        final double expected = expected();
        final Planner planner = new Planner(workloads, setup, objectives, options, trial ->
            // How many it takes is not known before: what is left falls with each.
            progress.tried(trial, ++count[0] < expected ? count[0] / expected : 1 - 0.5 / count[0]));
        if (vary.isEmpty())
        {
            final LoadPlan plan = planner.largestLoad(fleet, LOAD_MAX);
            return new Found(planner, plan.found(), plan.tooMuch(), plan.trials());
        }
        final FleetPlan plan = planner.smallest(fleet, vary);
        return new Found(planner, plan.found(), plan.tooSmall(), plan.trials());
    }

    /** Trials of a search by halving. */
    private double expected()
    {
        double halvings = 2;
        for (final Vary one : vary)
        {
            halvings += vary.size() * Math.ceil(Math.log(Math.max(2, one.to() - one.from() + 1)) / Math.log(2));
        }
        return vary.isEmpty() ? 10 : halvings;
    }

    /**
     * What other policies would do: on what was found, and searching anew.
     *
     * @param found  under the first policies.
     * @param name   of the others.
     * @param others policies.
     * @param setup  with them.
     */
    public PolicyEffect effect(final Found found, final String name, final GroupSpec others, final RunSetup setup)
    {
        final Found own = run(setup);
        final Trial shown = null == found.best ? found.missed : found.best;
        final Fleet same = vary.isEmpty() ? fleet : shown.fleet();
        final List<RunFigures> first = found.planner.all(same, 1);
        final List<RunFigures> second = own.planner.all(same, 1);
        final boolean isEach = null != found.best && null != own.best && !vary.isEmpty() &&
            !found.best.fleet().kinds().equals(own.best.fleet().kinds());
        final Comparison each = isEach ?
            PolicyEffect.compare("this", found.best.figures(), "other", own.best.figures()) : null;
        return new PolicyEffect(
            name, others.told(), second, setup.seed(), PolicyEffect.compare("this", first, "other", second),
            new Best(
                machines(found.best), machines(own.best), cost(found.best), cost(own.best), load(found.best),
                load(own.best), each));
    }

    private static Map<String, Integer> machines(final Trial trial)
    {
        if (null == trial)
        {
            return null;
        }
        final Map<String, Integer> machines = new LinkedHashMap<>();
        trial.fleet().kinds().forEach((kind, count) -> machines.put(kind.name(), count));
        return machines;
    }

    private static Number cost(final Trial trial)
    {
        return null == trial ? null : trial.fleet().costPerHour();
    }

    private static double load(final Trial trial)
    {
        return null == trial ? 0 : trial.load();
    }
}
