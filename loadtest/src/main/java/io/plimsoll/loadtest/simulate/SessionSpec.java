package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import java.util.List;

/**
 * A session and what it does once it runs.
 *
 * @param name        unique.
 * @param atNs        when it is submitted.
 * @param ownerId     number of its account, 0: none.
 * @param group       where it waits.
 * @param priority    0 to 100.
 * @param type        of the session.
 * @param request     what each of its kernels needs.
 * @param rules       under which it runs.
 * @param behaviour   what its kernels do.
 * @param after       what it waits for.
 * @param constraints on its agents.
 * @param line        of the scenario.
 */
public record SessionSpec(
    String name,
    long atNs,
    int ownerId,
    String group,
    int priority,
    SessionType type,
    Request request,
    Rules rules,
    Behaviour behaviour,
    List<Dependency> after,
    List<Constraint> constraints,
    int line)
{
    /** Priority of those who ask for none. */
    public static final int PRIORITY_DEFAULT = 10;
    /** A duration without end. */
    public static final long FOREVER = Long.MAX_VALUE;
    /** Label that tells the model of an agent's devices, behind the name of their family. */
    public static final String MODEL_LABEL = ".model";
    /** It is never cancelled. */
    public static final long NEVER = -1;

    /** The same under another name, behind others. */
    SessionSpec with(final String newName, final List<Dependency> newAfter)
    {
        return new SessionSpec(
            newName, atNs, ownerId, group, priority, type, request, rules, behaviour, newAfter, constraints, line);
    }

    /** The same in another group. */
    public SessionSpec in(final String other)
    {
        return group.equals(other) ? this : new SessionSpec(
            name, atNs, ownerId, other, priority, type, request, rules, behaviour, after, constraints, line);
    }

    /**
     * What each kernel needs.
     *
     * @param kernels     how many.
     * @param cpuMillis   millicores.
     * @param memoryBytes bytes.
     * @param slots       further ones.
     * @param parts       kernels after those, which need something else.
     */
    public record Request(
        int kernels, long cpuMillis, long memoryBytes, List<SlotAmount> slots, List<SessionPart> parts)
    {
        /** All kernels need the same. */
        public Request(final int kernels, final long cpuMillis, final long memoryBytes, final List<SlotAmount> slots)
        {
            this(kernels, cpuMillis, memoryBytes, slots, List.of());
        }
    }

    /**
     * Rules.
     *
     * @param limitNs       longest run time; 0: none.
     * @param startsAtNs    not placed before; 0: at once.
     * @param onLoss        of its agent.
     * @param failurePolicy what the end of one kernel means.
     * @param preemptible   whether it may have to yield.
     */
    public record Rules(
        long limitNs, long startsAtNs, OnLoss onLoss, FailurePolicy failurePolicy, boolean preemptible)
    {
        /** No limit, at once, again elsewhere. */
        public static final Rules USUAL = new Rules(0, 0, OnLoss.RESTART, FailurePolicy.STRICT, true);
    }

    /**
     * What its kernels do. Lists are by kernel, and the last value stands for the rest.
     *
     * @param durationsNs  how long each of them runs.
     * @param exitCodes    with which each of them ends.
     * @param startDelayNs between assignment and run.
     * @param cancelAtNs   when its user cancels it; {@link #NEVER}: not at all.
     */
    public record Behaviour(
        List<Long> durationsNs, List<Integer> exitCodes, long startDelayNs, long cancelAtNs)
    {
        public long durationNs(final int kernel)
        {
            return durationsNs.get(Math.min(kernel, durationsNs.size() - 1));
        }

        public int exitCode(final int kernel)
        {
            return exitCodes.get(Math.min(kernel, exitCodes.size() - 1));
        }
    }

    /**
     * A session that has to end first.
     *
     * @param session name.
     * @param anyEnd  whether any end will do, not only success.
     */
    public record Dependency(String session, boolean anyEnd)
    {
    }

    /**
     * A condition on agents.
     *
     * @param kind   of it.
     * @param key    of a label, or of a group of sessions.
     * @param values separated by a bar; any of them will do.
     */
    public record Constraint(ConstraintKind kind, String key, String values)
    {
    }
}
