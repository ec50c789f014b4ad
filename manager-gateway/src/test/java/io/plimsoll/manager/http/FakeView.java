package io.plimsoll.manager.http;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionGraph;
import io.plimsoll.manager.view.SessionHistory;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionStep;
import io.plimsoll.manager.view.SessionView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A view over maps that a test fills. Any thread. */
final class FakeView implements LiveView
{
    final ConcurrentSkipListMap<Long, SessionView> sessions = new ConcurrentSkipListMap<>();
    final ConcurrentSkipListMap<Integer, AgentView> agents = new ConcurrentSkipListMap<>();
    final Map<CompletableFuture<SessionView>, Long> waiters = new ConcurrentHashMap<>();
    final ConcurrentSkipListMap<String, GroupView> groups = new ConcurrentSkipListMap<>();
    final ConcurrentSkipListMap<String, AccountView> accounts = new ConcurrentSkipListMap<>();
    volatile boolean lostTail;
    volatile long agentsVersion;

    void put(final SessionView session)
    {
        sessions.put(session.id(), session);
        if (ApiNames.hasEnded(session.state()))
        {
            waiters.forEach((future, id) ->
            {
                if (id == session.id())
                {
                    waiters.remove(future);
                    future.complete(session);
                }
            });
        }
    }

    @Override
    public long sequence()
    {
        return 4711;
    }

    @Override
    public long agentsVersion()
    {
        return agentsVersion;
    }

    @Override
    public SessionView session(final long id)
    {
        return sessions.get(id);
    }

    @Override
    public SessionHistory history(final long id)
    {
        final SessionView session = sessions.get(id);
        return null == session ? null : new SessionHistory(0, List.of(
            new SessionStep(session.submittedNs(), LifeState.PENDING, Result.UNDEFINED, Reason.NONE, 0, -1),
            new SessionStep(
                session.submittedNs() + 1_500_000, session.state(), session.result(), session.reason(),
                session.attempt(), session.exitCode())));
    }

    @Override
    public SessionGraph graph(final long id, final boolean before, final boolean behind, final int most)
    {
        final SessionView session = sessions.get(id);
        return null == session ? null : new SessionGraph(
            List.of(
                new SessionGraph.Node(id, id, session.name(), session.state(), session.result()),
                new SessionGraph.Node(3, 9, "", null, null)),
            List.of(before ? new SessionGraph.Edge(3, id, false) : new SessionGraph.Edge(id, 3, true)),
            most < 2);
    }

    @Override
    public SessionPage sessions(final SessionFilter filter, final long cursor, final int limit)
    {
        final List<SessionView> page = new ArrayList<>();
        for (final SessionView session : sessions.tailMap(cursor, true).values())
        {
            if (filter.matches(session))
            {
                if (page.size() == limit)
                {
                    return new SessionPage(page, session.id());
                }
                page.add(session);
            }
        }
        return new SessionPage(page, 0);
    }

    @Override
    public SessionPage sessionsDown(final SessionFilter filter, final long cursor, final int limit)
    {
        final List<SessionView> page = new ArrayList<>();
        final long from = 0 == cursor ? Long.MAX_VALUE : cursor;
        for (final SessionView session : sessions.headMap(from, true).descendingMap().values())
        {
            if (filter.matches(session))
            {
                if (page.size() == limit)
                {
                    return new SessionPage(page, session.id());
                }
                page.add(session);
            }
        }
        return new SessionPage(page, 0);
    }

    @Override
    public List<AgentView> agents()
    {
        return List.copyOf(agents.values());
    }

    @Override
    public AgentView agent(final int id)
    {
        return agents.get(id);
    }

    @Override
    public AgentView agent(final String name)
    {
        return agents.values().stream().filter(agent -> agent.name().equals(name)).findFirst().orElse(null);
    }

    @Override
    public GroupView group(final String name)
    {
        return groups.get(name);
    }

    @Override
    public List<GroupView> groupList()
    {
        return List.copyOf(groups.values());
    }

    @Override
    public Set<Integer> accountsBelow(final int accountId)
    {
        return Set.of(accountId);
    }

    @Override
    public AccountView account(final String idOrName)
    {
        return accounts.values().stream()
            .filter(account ->
                account.options().name().equals(idOrName) || idOrName.equals("" + account.options().id()))
            .findFirst().orElse(null);
    }

    @Override
    public String accountName(final int accountId)
    {
        final AccountView account = account(Integer.toString(accountId));
        return null == account ? Integer.toString(accountId) : account.options().name();
    }

    @Override
    public List<AccountView> accounts()
    {
        return List.copyOf(accounts.values());
    }

    @Override
    public Map<LifeState, Long> counts()
    {
        final Map<LifeState, Long> counts = new EnumMap<>(LifeState.class);
        sessions.values().forEach(session -> counts.merge(session.state(), 1L, Long::sum));
        return counts;
    }

    @Override
    public Map<LifeState, Long> counts(final String group)
    {
        final Map<LifeState, Long> counts = new EnumMap<>(LifeState.class);
        sessions.values().stream().filter(session -> session.group().equals(group))
            .forEach(session -> counts.merge(session.state(), 1L, Long::sum));
        return counts;
    }

    @Override
    public boolean lostTail()
    {
        return lostTail;
    }

    @Override
    public CompletableFuture<SessionView> whenEnded(final long id)
    {
        final SessionView session = sessions.get(id);
        if (null == session || ApiNames.hasEnded(session.state()))
        {
            return CompletableFuture.completedFuture(session);
        }
        final CompletableFuture<SessionView> future = new CompletableFuture<>();
        waiters.put(future, id);
        future.whenComplete((value, thrown) -> waiters.remove(future));
        return future;
    }
}
