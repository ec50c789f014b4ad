package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.simulate.SessionSpec;
import io.plimsoll.loadtest.simulate.SessionSpec.Behaviour;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import io.plimsoll.loadtest.simulate.SessionSpec.Rules;
import java.util.List;

/**
 * A session, or an array of them, as a workload tells of it: what is asked for and what will happen, but nothing of
 * when and where it is placed.
 *
 * @param name        in the source.
 * @param arrivalNs   from the origin of the workload.
 * @param tenant      who asks.
 * @param type        of the session.
 * @param priority    0 to 100.
 * @param preemptible whether it may have to yield.
 * @param request     what each element needs.
 * @param limitNs     walltime limit; 0: none.
 * @param elements    1, or more for an array.
 * @param lives       of the elements; the last one stands for the rest, so one is enough if all are equal.
 * @param after       names of jobs that must end first.
 */
public record Job(
    String name,
    long arrivalNs,
    Tenant tenant,
    SessionType type,
    int priority,
    boolean preemptible,
    JobRequest request,
    long limitNs,
    int elements,
    List<Life> lives,
    List<Dependency> after)
{
    /** A duration without end, as of services. */
    public static final long FOREVER = SessionSpec.FOREVER;
    /** A duration that the source does not tell. */
    public static final long UNKNOWN = -1;
    /** No walltime limit. */
    public static final long NO_LIMIT = 0;
    /** It ends well. */
    public static final int SUCCESS = 0;

    /** A batch session of the usual kind. */
    public static Job batch(
        final String name,
        final long arrivalNs,
        final Tenant tenant,
        final JobRequest request,
        final long durationNs,
        final long limitNs)
    {
        return new Job(
            name, arrivalNs, tenant, SessionType.BATCH, SessionSpec.PRIORITY_DEFAULT, true, request, limitNs, 1,
            List.of(new Life(durationNs, SUCCESS)), List.of());
    }

    /** The same with another walltime limit. */
    public Job withLimit(final long otherNs)
    {
        return new Job(
            name, arrivalNs, tenant, type, priority, preemptible, request, otherNs, elements, lives, after);
    }

    /** The same, waiting for others than it does. */
    public Job after(final List<Dependency> others)
    {
        return others.equals(after) ? this : new Job(
            name, arrivalNs, tenant, type, priority, preemptible, request, limitNs, elements, lives, others);
    }

    /** Of an element of it, from 0. */
    public Life life(final int element)
    {
        return lives.get(Math.min(element, lives.size() - 1));
    }

    /** Of the first element, which is the only one unless it is an array. */
    public long durationNs()
    {
        return lives.get(0).durationNs();
    }

    /** Of the first element. */
    public int exitCode()
    {
        return lives.get(0).exitCode();
    }

    public boolean isArray()
    {
        return elements > 1;
    }

    /** Whether every element has an end that is known. */
    public boolean isFinite()
    {
        for (final Life life : lives)
        {
            if (life.durationNs() < 0 || FOREVER == life.durationNs())
            {
                return false;
            }
        }
        return true;
    }

    /**
     * An element of it as a scenario says it; a duration that is not known is one without end.
     *
     * @param element from 0.
     * @param ownerId number of the account; 0: none.
     * @param group   where it waits if the job does not say.
     * @param line    for messages.
     */
    public SessionSpec toSession(final int element, final int ownerId, final String group, final int line)
    {
        final Life life = life(element);
        final Rules usual = Rules.USUAL;
        return new SessionSpec(
            isArray() ? name + "[" + element + "]" : name,
            arrivalNs,
            ownerId,
            tenant.group().isEmpty() ? group : tenant.group(),
            priority,
            type,
            request.toRequest(),
            new Rules(limitNs, usual.startsAtNs(), usual.onLoss(), usual.failurePolicy(), preemptible),
            new Behaviour(
                List.of(life.durationNs() < 0 ? FOREVER : life.durationNs()),
                List.of(life.exitCode()),
                0,
                SessionSpec.NEVER),
            after,
            request.constraints(),
            line);
    }
}
