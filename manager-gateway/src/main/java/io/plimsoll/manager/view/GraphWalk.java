package io.plimsoll.manager.view;

import io.plimsoll.manager.view.SessionGraph.Edge;
import io.plimsoll.manager.view.SessionGraph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks from one session along its dependencies, nearest first. Of one reader, for one walk. */
final class GraphWalk
{
    private final ViewLock lock;
    private final SessionTable sessions;
    private final Map<Long, Node> nodes = new LinkedHashMap<>();
    private final Set<Edge> edges = new LinkedHashSet<>();
    private final ArrayDeque<Long> before = new ArrayDeque<>();
    private final ArrayDeque<Long> behind = new ArrayDeque<>();
    private int most;
    private boolean truncated;

    GraphWalk(final ViewLock lock, final SessionTable sessions)
    {
        this.lock = lock;
        this.sessions = sessions;
    }

    /** Null if there is no such session. */
    SessionGraph walk(final long id, final boolean isBefore, final boolean isBehind, final int nodesMax)
    {
        most = nodesMax;
        if (null == form(id))
        {
            return null;
        }
        nodes.put(id, session(id));
        if (isBefore)
        {
            before.add(id);
        }
        if (isBehind)
        {
            behind.add(id);
        }
        while (!before.isEmpty())
        {
            lookBefore(before.poll());
        }
        while (!behind.isEmpty())
        {
            lookBehind(behind.poll());
        }
        return new SessionGraph(List.copyOf(nodes.values()), List.copyOf(edges), truncated);
    }

    private SessionForm form(final long id)
    {
        return lock.read(() ->
        {
            final SessionRow row = sessions.row(id);
            final ArrayRow array = null == row ? sessions.array(id) : null;
            if (SessionRow.FORGOTTEN == row)
            {
                return null;
            }
            return null != row ? row.form : null == array ? null : array.form(id);
        });
    }

    private void lookBefore(final long id)
    {
        final SessionForm form = form(id);
        if (null == form)
        {
            return;
        }
        for (final long target : form.dependencies())
        {
            addBefore(target, id, false);
        }
        for (final long target : form.terms().afterAny())
        {
            addBefore(target, id, true);
        }
    }

    private void addBefore(final long target, final long id, final boolean anyEnd)
    {
        final boolean known = nodes.containsKey(target);
        if (known || isRoom())
        {
            edges.add(new Edge(target, id, anyEnd));
        }
        if (!known && nodes.size() < most)
        {
            nodes.put(target, session(target));
            before.add(target);
        }
    }

    private boolean isRoom()
    {
        truncated |= nodes.size() >= most;
        return nodes.size() < most;
    }

    private void lookBehind(final long id)
    {
        final Node from = nodes.get(id);
        final List<Long> targets = new ArrayList<>();
        targets.add(id);
        if (from.lastId() > id)
        {
            // Of an array, whoever depends on any of its elements; as many of them as there may be nodes.
            for (long element = id + 1; element <= from.lastId() && targets.size() < most; element++)
            {
                targets.add(element);
            }
        }
        for (final long target : targets)
        {
            for (final SessionForm form : sessions.dependents.of(target).values())
            {
                final boolean known = nodes.containsKey(form.firstId());
                if (!known && !isRoom())
                {
                    return;
                }
                if (!known)
                {
                    nodes.put(form.firstId(), form.array() ? array(form) : session(form.firstId()));
                    behind.add(form.firstId());
                }
                edges.add(new Edge(id, form.firstId(), form.terms().afterAny().contains(target)));
            }
        }
    }

    private static Node array(final SessionForm form)
    {
        return new Node(form.firstId(), form.firstId() + form.count() - 1, form.name(), null, null);
    }

    private Node session(final long id)
    {
        return lock.read(() ->
        {
            final SessionRow row = sessions.row(id);
            final ArrayRow array = null == row ? sessions.array(id) : null;
            if (SessionRow.FORGOTTEN == row || null == row && null == array)
            {
                return new Node(id, id, "", null, null);
            }
            final SessionRow shown = null == row ? new SessionRow(array.form(id)) : row;
            return new Node(id, id, shown.form.name(), shown.state, shown.result);
        });
    }
}
