package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.CancelSessionsEncoder;
import io.plimsoll.core.sbe.ConfigureAccountEncoder;
import io.plimsoll.core.sbe.ConfigureGroupEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.ScenarioCommands;
import io.plimsoll.loadtest.simulate.SessionSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** What a change adds to the causes of a record: commands at the fork, and later ones. */
final class Injections
{
    private static final int BUFFER_LENGTH = 1 << 17;
    private static final int RANGES_MAX = 2_000;
    /** Managers are up again, and agents connected, some time after a start. */
    private static final long RECONNECT_NS = 1_000_000_000L;

    private final Change change;
    private final ClusterBooks books;
    private final Agenda agenda;
    private final CommandFeed feed;
    private final AgentCommands agents;
    private final Machines machines;
    private final IdMap ids;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ConfigureGroupEncoder configureGroup = new ConfigureGroupEncoder();
    private final ConfigureAccountEncoder configureAccount = new ConfigureAccountEncoder();
    private final CancelSessionsEncoder cancel = new CancelSessionsEncoder();
    private final ScenarioCommands submissions = new ScenarioCommands();
    private final Map<String, Long> idByName = new HashMap<>();
    /** The last answer to a command of ours. */
    private String refusal;
    /** What waits for a group or an owner that there is not yet. */
    private final List<Runnable> waiting = new ArrayList<>();
    private long acceptedId;
    private long correlationId = 1L << 60;

    Injections(
        final Change change,
        final ClusterBooks books,
        final Agenda agenda,
        final CommandFeed feed,
        final Machines machines,
        final IdMap ids)
    {
        this.change = change;
        this.books = books;
        this.agenda = agenda;
        this.feed = feed;
        this.machines = machines;
        this.ids = ids;
        agents = machines.commands();
    }

    void onAccepted(final long firstId)
    {
        acceptedId = firstId;
    }

    void onRefused(final String text)
    {
        refusal = text;
    }

    /** Foresees all of them; what would change nothing is left out. */
    void foresee(final long forkNs)
    {
        for (final Change.GroupChange changed : change.groups())
        {
            final GroupSettings now = books.group(changed.spec().name());
            if (null != now && !now.isSame(now.with(changed.spec(), changed.given())))
            {
                agenda.add(forkNs, 0, () -> configure(now.with(changed.spec(), changed.given())));
            }
        }
        foreseeAccounts(forkNs);
        for (final String name : change.agentsRemoved())
        {
            for (final AgentBook agent : books.agents.values())
            {
                if (agent.name.equals(name) && !agent.drained)
                {
                    agenda.add(forkNs, 0, () -> agents.drain(agent));
                }
            }
        }
        for (int i = 0; i < change.agentsAdded().size(); i++)
        {
            final AgentSpec spec = change.agentsAdded().get(i);
            final int number = i + 1;
            agenda.add(forkNs + spec.atNs(), 0, () -> join(spec, number));
        }
        foreseeSessions(forkNs);
    }

    private void foreseeAccounts(final long forkNs)
    {
        for (final AccountChange changed : change.accounts())
        {
            if (changed.newId() > 0)
            {
                final AccountSettings made =
                    AccountSettings.unlimited(changed.newId(), changed.level(), changed.name()).with(changed);
                made.parentId = changed.parentId();
                agenda.add(forkNs, 0, () -> create(made));
            }
            for (final AccountSettings account : books.accounts.values())
            {
                final boolean same = account.level == changed.level() && account.name.equals(changed.name());
                if (same && !account.isSame(account.with(changed)))
                {
                    agenda.add(forkNs, 0, () -> configure(account.with(changed)));
                }
            }
        }
    }

    private void foreseeSessions(final long forkNs)
    {
        final List<long[]> removed = new ArrayList<>();
        for (final SessionBook session : books.sessions)
        {
            if (!session.isEnded() && isRemoved(session))
            {
                if (!removed.isEmpty() && removed.get(removed.size() - 1)[1] == session.id - 1)
                {
                    removed.get(removed.size() - 1)[1] = session.id;
                }
                else
                {
                    removed.add(new long[]{session.id, session.id});
                }
            }
        }
        removed.forEach(range -> ids.removed(range[0], range[1] - range[0] + 1));
        for (int from = 0; from < removed.size(); from += RANGES_MAX)
        {
            final List<long[]> some = removed.subList(from, Math.min(removed.size(), from + RANGES_MAX));
            agenda.add(forkNs, 0, () -> cancel(some));
        }
        for (int i = 0; i < change.added().size(); i++)
        {
            final AddedSession added = new AddedSession(change.added().get(i), i);
            agenda.add(forkNs + added.spec().atNs(), 0, () -> submit(added, forkNs));
        }
    }

    private boolean isRemoved(final SessionBook session)
    {
        final GroupSettings group = books.groups.get(session.request.groupId());
        for (final Selector selector : change.removed())
        {
            if (selector.isByOwnerAndGroup(session.request.ownerId(), group.name) &&
                (!selector.isById() || selector.matches(session.id)))
            {
                return true;
            }
        }
        return false;
    }

    /* What is done then. */

    private void configure(final GroupSettings group)
    {
        mustDo(
            group.encode(buffer, header, configureGroup, ++correlationId, AgentCommands.SOURCE), "group " + group.name);
    }

    /** Groups and owners that were configured may be what others wait for. */
    void onConfigured()
    {
        final long nowNs = feed.nowNs();
        waiting.forEach(action -> agenda.add(nowNs, 0, action));
        waiting.clear();
    }

    private void create(final AccountSettings account)
    {
        if (books.groups.isEmpty() || !isKnown(account.parentId))
        {
            waiting.add(() -> create(account));
            return;
        }
        configure(account);
    }

    private boolean isKnown(final int accountId)
    {
        return 0 == accountId || books.accounts.containsKey(accountId);
    }

    private void configure(final AccountSettings account)
    {
        mustDo(
            account.encode(buffer, header, configureAccount, ++correlationId, AgentCommands.SOURCE),
            "owner " + account.name);
    }

    private void mustDo(final int length, final String what)
    {
        refusal = null;
        feed.feed(buffer, 0, length);
        check(what);
    }

    private void check(final String what)
    {
        if (null != refusal)
        {
            throw new WhatIfException(what + ": the scheduler refused the change: " + refusal);
        }
    }

    private void join(final AgentSpec spec, final int number)
    {
        if (null == books.group(spec.group()))
        {
            waiting.add(() -> join(spec, number));
            return;
        }
        refusal = null;
        agents.connect(spec, number, ++correlationId);
        check("agent " + spec.name());
        for (final AgentBook agent : books.agents.values())
        {
            if (agent.name.equals(spec.name()) && AgentCommands.isAdded(agent))
            {
                machines.inventory(agent, 0);
            }
        }
    }

    /** A manager has started, so agents connect again: recorded ones as they did, added ones by themselves. */
    void onTermBegan()
    {
        for (int i = 0; i < change.agentsAdded().size(); i++)
        {
            final AgentSpec spec = change.agentsAdded().get(i);
            final int number = i + 1;
            if (books.agents.values().stream().anyMatch(
                agent -> AgentCommands.isAdded(agent) && agent.name.equals(spec.name()) && !agent.connected))
            {
                agenda.add(feed.nowNs() + RECONNECT_NS, 0, () -> join(spec, number));
            }
        }
    }

    private void cancel(final List<long[]> ranges)
    {
        cancel.wrapAndApplyHeader(buffer, 0, header).correlationId(0).source(AgentCommands.SOURCE).ownerId(0);
        final CancelSessionsEncoder.RangesEncoder encoded = cancel.rangesCount(ranges.size());
        ranges.forEach(range -> encoded.next().firstId(range[0]).lastId(range[1]));
        feed.feed(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + cancel.encodedLength());
    }

    private void submit(final AddedSession added, final long forkNs)
    {
        final SessionSpec spec = added.spec();
        if (null == books.group(spec.group()) || !isKnown(spec.ownerId()))
        {
            waiting.add(() -> submit(added, forkNs));
            return;
        }
        final long[] dependencies = new long[spec.after().size()];
        for (int i = 0; i < dependencies.length; i++)
        {
            final String name = spec.after().get(i).session();
            // One that was refused is not known: then the scheduler says so.
            dependencies[i] = idByName.getOrDefault(name, 1L << 50);
        }
        acceptedId = 0;
        refusal = null;
        final long startsAtNs = spec.rules().startsAtNs();
        final int length = submissions.submit(
            ++correlationId, spec, 0 == startsAtNs ? 0 : forkNs + startsAtNs, dependencies);
        ids.expect(List.of(new IdMap.Run(0, IdMap.NONE, 0, 1, false, null, added)));
        feed.feed(submissions.buffer(), 0, length);
        if (0 != acceptedId)
        {
            final long id = acceptedId;
            idByName.put(spec.name(), id);
            if (spec.behaviour().cancelAtNs() >= 0)
            {
                agenda.add(
                    Math.max(feed.nowNs(), forkNs + spec.behaviour().cancelAtNs()),
                    0,
                    () -> cancel(List.of(new long[]{id, id})));
            }
        }
    }
}
