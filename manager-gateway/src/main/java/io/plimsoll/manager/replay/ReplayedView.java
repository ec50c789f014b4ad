package io.plimsoll.manager.replay;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionGraph;
import io.plimsoll.manager.view.SessionHistory;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The view of wherever a replay stands at the moment. */
record ReplayedView(ReplayedCluster cluster) implements LiveView
{
    @Override
    public long sequence()
    {
        return cluster.view().sequence();
    }

    @Override
    public SessionView session(final long id)
    {
        return cluster.view().session(id);
    }

    @Override
    public SessionHistory history(final long id)
    {
        return cluster.view().history(id);
    }

    @Override
    public SessionGraph graph(final long id, final boolean before, final boolean behind, final int most)
    {
        return cluster.view().graph(id, before, behind, most);
    }

    @Override
    public SessionPage sessions(final SessionFilter filter, final long cursor, final int limit)
    {
        return cluster.view().sessions(filter, cursor, limit);
    }

    @Override
    public SessionPage sessionsDown(final SessionFilter filter, final long cursor, final int limit)
    {
        return cluster.view().sessionsDown(filter, cursor, limit);
    }

    @Override
    public List<AgentView> agents()
    {
        return cluster.view().agents();
    }

    @Override
    public AgentView agent(final int id)
    {
        return cluster.view().agent(id);
    }

    @Override
    public AgentView agent(final String name)
    {
        return cluster.view().agent(name);
    }

    @Override
    public GroupView group(final String name)
    {
        return cluster.view().group(name);
    }

    @Override
    public List<GroupView> groupList()
    {
        return cluster.view().groupList();
    }

    @Override
    public AccountView account(final String idOrName)
    {
        return cluster.view().account(idOrName);
    }

    @Override
    public Set<Integer> accountsBelow(final int accountId)
    {
        return cluster.view().accountsBelow(accountId);
    }

    @Override
    public String accountName(final int accountId)
    {
        return cluster.view().accountName(accountId);
    }

    @Override
    public List<AccountView> accounts()
    {
        return cluster.view().accounts();
    }

    @Override
    public Map<LifeState, Long> counts()
    {
        return cluster.view().counts();
    }

    @Override
    public Map<LifeState, Long> counts(final String group)
    {
        return cluster.view().counts(group);
    }

    @Override
    public boolean lostTail()
    {
        return cluster.view().lostTail();
    }

    /** Time stands still: whoever waits gets what is there. */
    @Override
    public CompletableFuture<SessionView> whenEnded(final long id)
    {
        return CompletableFuture.completedFuture(session(id));
    }
}
