package io.plimsoll.loadtest.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a plan that fails smaller: takes faults and work away, half of them at first and then fewer and fewer, as
 * long as what is left still fails. Any failure counts: a smaller plan that fails otherwise is worth looking at too.
 */
public final class PlanShrinker
{
    private final Predicate<FaultPlan> fails;
    private int triesLeft;

    /**
     * One that asks a predicate.
     *
     * @param fails    whether a plan does.
     * @param triesMax how often it may be asked.
     */
    public PlanShrinker(final Predicate<FaultPlan> fails, final int triesMax)
    {
        this.fails = fails;
        triesLeft = triesMax;
    }

    /**
     * Makes it smaller.
     *
     * @param plan that fails.
     * @return one that fails, with as little as was found.
     */
    public FaultPlan shrink(final FaultPlan plan)
    {
        FaultPlan small = plan;
        int before;
        do
        {
            before = size(small);
            small = withoutFaults(small);
            small = withoutWork(small);
        }
        while (triesLeft > 0 && size(small) < before);
        return small;
    }

    private static int size(final FaultPlan plan)
    {
        return plan.faults().size() + plan.work().size();
    }

    private FaultPlan withoutFaults(final FaultPlan plan)
    {
        List<Fault> left = plan.faults();
        for (int chunk = Math.max(1, left.size() / 2); chunk > 0; chunk /= 2)
        {
            for (int from = 0; from < left.size() && triesLeft > 0;)
            {
                final List<Fault> fewer = without(left, from, chunk);
                final boolean stillFails = tries(plan.with(fewer, plan.work()));
                left = stillFails ? fewer : left;
                from += stillFails ? 0 : chunk;
            }
        }
        return plan.with(left, plan.work());
    }

    private FaultPlan withoutWork(final FaultPlan plan)
    {
        List<Work> left = plan.work();
        for (int chunk = Math.max(1, left.size() / 2); chunk > 0; chunk /= 2)
        {
            for (int from = 0; from < left.size() && triesLeft > 0;)
            {
                final List<Work> fewer = without(left, from, chunk);
                final boolean stillFails = tries(plan.with(plan.faults(), fewer));
                left = stillFails ? fewer : left;
                from += stillFails ? 0 : chunk;
            }
        }
        return plan.with(plan.faults(), left);
    }

    private boolean tries(final FaultPlan plan)
    {
        triesLeft--;
        return fails.test(plan);
    }

    private static <T> List<T> without(final List<T> list, final int from, final int count)
    {
        final List<T> fewer = new ArrayList<>(list.subList(0, from));
        fewer.addAll(list.subList(Math.min(list.size(), from + count), list.size()));
        return fewer;
    }
}
