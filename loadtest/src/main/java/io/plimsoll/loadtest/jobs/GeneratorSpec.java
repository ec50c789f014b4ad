package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import java.util.List;
import java.util.Map;

/**
 * A workload to make. Times are seconds.
 *
 * @param name          of it.
 * @param originEpochNs when it begins, or {@link Workload#NO_ORIGIN}.
 * @param seconds       how long jobs arrive; infinite if only their number is given.
 * @param jobs          how many arrive at most.
 * @param longest       that no job runs longer than.
 * @param arrivals      when.
 * @param shapes        what they ask for and do.
 * @param users         who asks.
 * @param limits        walltime limits for shapes that tell none, by run time, growing; empty: there are none.
 */
public record GeneratorSpec(
    String name,
    long originEpochNs,
    double seconds,
    long jobs,
    double longest,
    Arrivals arrivals,
    List<Shape> shapes,
    Users users,
    List<LimitBin> limits)
{
    /** Hours of a week. */
    public static final int HOURS = 168;

    /**
     * When jobs arrive.
     *
     * @param perSecond mean rate of jobs.
     * @param week      weights of the hours of a week, which begins on Monday 0:00 UTC, or with the workload if that
     *                  has no origin; empty: all alike.
     * @param daySigma  of a factor of each day, log-normal of mean 1; 0: none.
     * @param gaps      of time in which the rhythm is evened out, scaled to the rate; null: exponential, which makes a
     *                  Poisson process.
     * @param bursts    of a rate that changes by itself; null: none.
     * @param batch     jobs that arrive together; null: one.
     * @param initial   jobs that are there from the start.
     */
    public record Arrivals(
        double perSecond,
        List<Double> week,
        double daySigma,
        Distribution gaps,
        Bursts bursts,
        Distribution batch,
        long initial)
    {
    }

    /**
     * A rate that jumps between two values (a Markov-modulated Poisson process, unless gaps say otherwise).
     *
     * @param factor     by which it is higher in a burst.
     * @param onSeconds  mean length of bursts.
     * @param offSeconds mean time between them.
     */
    public record Bursts(double factor, double onSeconds, double offSeconds)
    {
    }

    /**
     * Jobs of one kind.
     *
     * @param name        of the shape.
     * @param weight      how often it is, among users without habits.
     * @param group       resource group.
     * @param project     of those users who have none.
     * @param type        of the session.
     * @param priority    0 to 100.
     * @param preemptible whether it may have to yield.
     * @param kernels     sets of kernels.
     * @param constraints on agents.
     * @param duration    how long it runs; null: for ever.
     * @param forever     part of them that runs for ever.
     * @param limit       walltime limit.
     * @param elements    of an array; null: no arrays.
     * @param failures    how it ends.
     */
    public record Shape(
        String name,
        double weight,
        String group,
        String project,
        SessionType type,
        int priority,
        boolean preemptible,
        List<Kernels> kernels,
        List<Constraint> constraints,
        Distribution duration,
        double forever,
        Limit limit,
        Distribution elements,
        Failures failures)
    {
    }

    /**
     * Kernels that need the same.
     *
     * @param count how many.
     * @param need  of each.
     */
    public record Kernels(Distribution count, Need need)
    {
    }

    /**
     * Walltime limits: what a job runs, divided by how well its user knows it, and rounded up as people do; or one of
     * those that people ask for, if it is long enough.
     *
     * @param seconds  the same for all; 0: made from the run time; infinite: none.
     * @param accuracy run time divided by limit, above 0 to 1; null: not known.
     * @param round    limits that people ask for, growing; above the last whole multiples of it.
     * @param choice   limits with their weights, of which those below the run time are left out; null: not known.
     */
    public record Limit(double seconds, Distribution accuracy, List<Double> round, Distribution.Choice choice)
    {
        /** The shape does not tell: as the description says for those. */
        public static final Limit NONE = new Limit(0, null, List.of(), null);
        /** Nobody says a limit, whatever the description has for shapes that do not tell. */
        public static final Limit NEVER = new Limit(Double.POSITIVE_INFINITY, null, List.of(), null);

        /** Whether these jobs have no limit, whatever others have. */
        public boolean isNever()
        {
            return Double.isInfinite(seconds);
        }
    }

    /**
     * Jobs that fail.
     *
     * @param share of all.
     * @param exits codes with their weights.
     * @param early whether they end at any time of what they would have run.
     */
    public record Failures(double share, Map<Integer, Double> exits, boolean early)
    {
        /** All goes well. */
        public static final Failures NONE = new Failures(0, Map.of(), false);
    }

    /**
     * Who asks: either some that are listed, or so many that are made up.
     *
     * @param listed     with their habits.
     * @param count      of those made up, 0 if they are listed.
     * @param zipf       exponent of their activity; 0: all alike.
     * @param shapesEach shapes that each of them has; 0: all.
     * @param sigma      of a factor of each one's run times, log-normal of median 1.
     * @param repeat     part of jobs that are like the last one of their user.
     */
    public record Users(
        List<User> listed, int count, double zipf, int shapesEach, double sigma, double repeat)
    {
        /** Nobody in particular. */
        public static final Users NOBODY = new Users(List.of(), 0, 0, 0, 0, 0);
    }

    /**
     * One user.
     *
     * @param name     of the user; empty: not known.
     * @param project  that jobs are for.
     * @param domain   of it.
     * @param weight   how active.
     * @param duration factor of run times.
     * @param rank     where run times lie among those of all that have the same shape; null: as those of all.
     * @param shapes   weights by name of the shape; empty: as all.
     */
    public record User(
        String name,
        String project,
        String domain,
        double weight,
        double duration,
        Rank rank,
        Map<String, Double> shapes)
    {
    }

    /**
     * Where the run times of a user lie among those of all that have the same shape: the part of all that is shorter is
     * the part of a normal distribution below a value that is drawn from this one. So the run times of all users
     * together remain what the shape says.
     *
     * @param mean  0: in the middle.
     * @param sigma 1: as spread as those of all.
     */
    public record Rank(double mean, double sigma)
    {
    }

    /**
     * Walltime limits of jobs that run no longer than something.
     *
     * @param toSeconds run time.
     * @param choice    of limits.
     */
    public record LimitBin(double toSeconds, Distribution.Choice choice)
    {
    }
}
