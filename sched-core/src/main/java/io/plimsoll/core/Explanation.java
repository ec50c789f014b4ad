package io.plimsoll.core;

import java.util.List;

/**
 * Why a session is where it is, as of a sequence of the journal, in numbers: who shows it to people has the names.
 * Immutable. All that says why a session waits is empty unless it does.
 *
 * @param sequence       of the last command that it takes into account.
 * @param timestampNs    of that command.
 * @param sessionId      that was asked about.
 * @param known          whether there is such a session; if not, nothing else is said.
 * @param state          code of its state.
 * @param lostTail       whether nothing is placed at all, because the journal lost its tail.
 * @param group          number of its resource group.
 * @param unmet          sessions that must end first; the first {@value #UNMET_MAX} of them.
 * @param unmetCount     how many there are in all.
 * @param startsAtNs     before which it was not to start, if that is to come; otherwise 0.
 * @param notBeforeNs    end of the pause after an attempt that failed, if that is to come; otherwise 0.
 * @param limits         of accounts that leave no room for it, in words, separated by semicolons; empty if none.
 * @param position       among those of its group that are ready, from 1; 0 if it is not ready itself.
 * @param positionExact  whether that is its place, or it is further behind.
 * @param waiting        sessions of its group that wait, ready or not.
 * @param agents         what its group's agents say to it; null unless it waits.
 * @param expectedNs     when it is expected to start, by the walltime limits of what runs, if nobody goes before it:
 *                       its time has come then, what it depends on has ended, and limits and agents leave it room; 0
 *                       if nobody knows, or nothing but its turn is in the way.
 * @param reserved       whether room is reserved for it then, so that nobody who comes later goes before it.
 * @param missingPolicy  name of the policy by which its group selects, if the manager was started without it; its group
 *                       places nothing then. Otherwise empty.
 */
public record Explanation(
    long sequence,
    long timestampNs,
    long sessionId,
    boolean known,
    int state,
    boolean lostTail,
    int group,
    List<Unmet> unmet,
    int unmetCount,
    long startsAtNs,
    long notBeforeNs,
    String limits,
    long position,
    boolean positionExact,
    long waiting,
    Agents agents,
    long expectedNs,
    boolean reserved,
    String missingPolicy)
{
    /** Most dependencies that are named one by one. */
    public static final int UNMET_MAX = 100;

    /** Why an agent gets no kernel of a session: the first that applies, in this order. */
    public enum Filter
    {
        LOST,
        DISCONNECTED,
        SUSPECT,
        NOT_RECONCILED,
        DRAINED,
        QUARANTINED,
        CONSTRAINT,
        CLAIMED,
        KERNELS_MAX
    }

    /**
     * A session that must end first.
     *
     * @param sessionId of it.
     * @param anyEnd    whether any end will do, or only success.
     */
    public record Unmet(long sessionId, boolean anyEnd)
    {
    }

    /**
     * What the agents of the group say.
     *
     * @param total        of the group.
     * @param rejected     by {@link Filter}.
     * @param byConstraint rejected by each constraint of the session, in the order in which it has them: the first that
     *                     is not met counts.
     * @param lacking      of those that pass: how many have too little of each slot, by its number; one may lack many.
     * @param fitting      of those that pass: how many have room for a kernel or more.
     * @param places       kernels of the session that they have room for, counted up to those that it has.
     * @param kernels      that it has.
     * @param shortfall    what is missing where least is missing; null if nothing is, or nobody passes who might have
     *                     another kernel.
     * @param part         number from 0 of the part of the session that lacks room, of which {@code lacking}, {@code
     *                     fitting} and {@code shortfall} tell, once the others have theirs; 0 if none does.
     * @param parts        of the session: 1 unless its kernels ask for different things.
     */
    public record Agents(
        int total,
        int[] rejected,
        int[] byConstraint,
        int[] lacking,
        int fitting,
        long places,
        int kernels,
        Shortfall shortfall,
        int part,
        int parts)
    {
    }

    /**
     * What is missing for the next kernel beyond those that there are places for; for all of them on one agent if they
     * must be together.
     *
     * @param agents  that this much would do on, any of them.
     * @param missing by slot number.
     */
    public record Shortfall(int agents, long[] missing)
    {
    }

    static Explanation unknown(final long sequence, final long timestampNs, final long sessionId)
    {
        return new Explanation(
            sequence, timestampNs, sessionId, false, 0, false, 0, List.of(), 0, 0, 0, "", 0, true, 0, null, 0, false,
            "");
    }
}
