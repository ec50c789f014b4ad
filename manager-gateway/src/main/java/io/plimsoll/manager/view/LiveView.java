package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What has been journalled and released, for any reading thread; written by egress only. */
public interface LiveView
{
    /** Highest released sequence, which all answers have at least reached. */
    long sequence();

    /** Null if unknown or forgotten. */
    SessionView session(long id);

    /** Account that a session counts for; -1 if it is unknown or forgotten. */
    default int ownerOf(final long id)
    {
        final SessionView session = session(id);
        return null == session ? -1 : session.ownerId();
    }

    /** The same, also of one that was forgotten lately: of about a million of them. */
    default int ownerEver(final long id)
    {
        return ownerOf(id);
    }

    /** States that a session went through; null if it is unknown or forgotten. */
    SessionHistory history(long id);

    /**
     * What a session depends on, what depends on it, and so on.
     *
     * @param id     of the session.
     * @param before whether to look at what it depends on.
     * @param behind whether to look at what depends on it.
     * @param most   sessions and arrays in the answer.
     * @return null if it is unknown or forgotten.
     */
    SessionGraph graph(long id, boolean before, boolean behind, int most);

    /**
     * Lists sessions in order of id.
     *
     * @param filter what to list.
     * @param cursor 0, or the nextCursor of the page before.
     * @param limit  most sessions a page, 1 to 1000.
     */
    SessionPage sessions(SessionFilter filter, long cursor, int limit);

    /**
     * Lists sessions in descending order of id.
     *
     * @param filter which.
     * @param cursor id to go down from, 0 for the highest: {@code nextCursor} of the page before.
     * @param limit  most sessions a page, 1 to 1000.
     */
    SessionPage sessionsDown(SessionFilter filter, long cursor, int limit);

    List<AgentView> agents();

    /** How many agents there are of each liveness, by its ordinal. */
    default long[] agentsByLiveness()
    {
        final long[] counts = new long[Liveness.values().length];
        agents().forEach(agent -> counts[agent.liveness().ordinal()]++);
        return counts;
    }

    /** How many agents there are, by what they can do. */
    default AgentCounts agentCounts()
    {
        final List<AgentView> agents = agents();
        return new AgentCounts(
            agentsByLiveness(),
            agents.stream().filter(agent -> Liveness.LOST != agent.liveness() && !agent.connected()).count(),
            agents.stream().filter(AgentView::drained).count(),
            agents.stream().filter(AgentView::quarantined).count());
    }

    /** Another number whenever capacity, labels or group of an agent may have changed. */
    default long agentsVersion()
    {
        return sequence();
    }

    /** Null if unknown. */
    AgentView agent(int id);

    /** Null if no agent has this name. */
    AgentView agent(String name);

    /** Null if no group has this name. */
    GroupView group(String name);

    List<GroupView> groupList();

    /** By name or by number; null if there is neither. */
    AccountView account(String idOrName);

    /** Numbers of an account and of all whose sessions count for it. */
    Set<Integer> accountsBelow(int accountId);

    List<AccountView> accounts();

    /** Name of an account; of one that is not known its number. */
    String accountName(int accountId);

    /** Sessions by state, from counters. */
    Map<LifeState, Long> counts();

    /** Sessions of a group by state; all zero if there is no such group. */
    Map<LifeState, Long> counts(String group);

    boolean lostTail();

    /**
     * Completes when the session is in a terminal state; at once if it is. Bounded: fails with
     * {@link io.plimsoll.manager.control.OverloadedException} beyond the maximum of waiters. The waiter is removed
     * when the future is cancelled.
     *
     * @param id of the session.
     * @return null inside if unknown or forgotten.
     */
    CompletableFuture<SessionView> whenEnded(long id);
}
