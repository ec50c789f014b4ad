package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Says why a session is where it is. Reads tables and caches and changes neither, so it may be asked between any two
 * commands, or not at all. What is decided is looked at anew and exhaustively, agent by agent, rather than taken from
 * what the pass knows.
 */
final class Explainer
{
    /** Ready sessions that are passed in counting; who has more in front is told so. */
    private static final int PASSED_MAX = 100_000;

    private final CoreState state;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final Quotas quotas;
    private final LimitReport limits;
    private final AgentExplainer agents;
    private final ExpectedStart expected;
    private int passed;

    Explainer(final CoreState state)
    {
        this.state = state;
        sessions = state.sessions;
        shapes = state.shapes;
        quotas = new Quotas(state);
        limits = new LimitReport(state);
        agents = new AgentExplainer(state);
        expected = new ExpectedStart(state);
    }

    Explanation explain(final long sessionId)
    {
        final int session = sessions.find(sessionId);
        if (Table.NONE == session)
        {
            return Explanation.unknown(state.sequence, state.timestampNs, sessionId);
        }
        final int shape = sessions.get(sessions.shape, session);
        return LifeState.PENDING.value() == sessions.get(sessions.state, session) ?
            pending(sessionId, session, shape) : started(sessionId, session, shape);
    }

    Explanation examine(final long sessionId)
    {
        final int session = sessions.find(sessionId);
        if (Table.NONE == session)
        {
            return Explanation.unknown(state.sequence, state.timestampNs, sessionId);
        }
        final int shape = sessions.get(sessions.shape, session);
        if (LifeState.PENDING.value() != sessions.get(sessions.state, session))
        {
            return started(sessionId, session, shape);
        }
        if (shapes.isParted(shape))
        {
            // Whether all of its parts fit is tried as a pass would.
            state.schedule.ensureValid();
        }
        final int group = shapes.get(shapes.group, shape);
        final List<Explanation.Unmet> unmet = new ArrayList<>();
        final int unmetCount = unmet(session, unmet);
        quotas.report(shape, limits);
        final int length = limits.render();
        return new Explanation(
            state.sequence,
            state.timestampNs,
            sessionId,
            true,
            sessions.get(sessions.state, session),
            state.lostTail,
            group,
            unmet,
            unmetCount,
            toCome(sessions.get(sessions.startsAtNs, session)),
            toCome(sessions.get(sessions.notBeforeNs, session)),
            length > 0 ? limitText(length) : "",
            0,
            true,
            state.groups.get(state.groups.pending, group),
            agents.explain(group, session, shape),
            0,
            false,
            "");
    }

    private Explanation started(final long sessionId, final int session, final int shape)
    {
        return new Explanation(
            state.sequence, state.timestampNs, sessionId, true, sessions.get(sessions.state, session), state.lostTail,
            shapes.get(shapes.group, shape), List.of(), 0, 0, 0, "", 0, true, 0, null, 0, false, "");
    }

    private Explanation pending(final long sessionId, final int session, final int shape)
    {
        final int group = shapes.get(shapes.group, shape);
        final List<Explanation.Unmet> unmet = new ArrayList<>();
        final int unmetCount = unmet(session, unmet);
        quotas.report(shape, limits);
        final int length = limits.render();
        final String limitText = length > 0 ? limitText(length) : "";
        final boolean ready = 0 != sessions.get(sessions.queued, session);
        passed = 0;
        final long position = ready ? position(sessionId, session, group) : 0;
        final Explanation.Agents said = agents.explain(group, session, shape);
        final int reservation = state.reservations.find(session, (int)Math.min(
            sessionId - sessions.get(sessions.nextId, session), ConservativeQueue.RESERVATIONS_MAX));
        final boolean reserved = Table.NONE != reservation || ready && isReserved(group, shape, session, sessionId);
        return new Explanation(
            state.sequence,
            state.timestampNs,
            sessionId,
            true,
            sessions.get(sessions.state, session),
            state.lostTail,
            group,
            unmet,
            unmetCount,
            toCome(sessions.get(sessions.startsAtNs, session)),
            toCome(sessions.get(sessions.notBeforeNs, session)),
            limitText,
            position,
            passed < PASSED_MAX,
            state.groups.get(state.groups.pending, group),
            said,
            Table.NONE != reservation ?
                Math.max(state.reservations.get(state.reservations.startNs, reservation), state.timestampNs) :
                expectedNs(group, session, sessionId, said),
            reserved,
            missingPolicy(group));
    }

    private String missingPolicy(final int group)
    {
        final Names names = state.names;
        final int name = state.groups.get(state.groups.selection, group);
        return state.schedule.lacksPolicy(group) ?
            names.buffer().getStringWithoutLengthAscii(names.offset(name), names.length(name)) :
            "";
    }

    private long toCome(final long epochNs)
    {
        return epochNs > state.timestampNs ? epochNs : 0;
    }

    private String limitText(final int length)
    {
        final byte[] bytes = new byte[length];
        limits.text().getBytes(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Those that have not ended as they must; a dependency that was met stays an edge until its dependent starts. */
    private int unmet(final int session, final List<Explanation.Unmet> unmet)
    {
        final EdgeTable edges = state.edges;
        int count = 0;
        for (int edge = sessions.get(sessions.dependencyHead, session);
            Table.NONE != edge && sessions.get(sessions.unmet, session) > 0;
            edge = edges.edges.get(edges.edges.nextOfDependent, edge))
        {
            final long target = edges.targets.get(edges.targets.sessionId, edges.edges.get(edges.edges.target, edge));
            final int row = sessions.find(target);
            if (Table.NONE != row && !sessions.isTerminal(row))
            {
                count++;
                if (unmet.size() < Explanation.UNMET_MAX)
                {
                    unmet.add(new Explanation.Unmet(target, 0 != edges.edges.get(edges.edges.anyEnd, edge)));
                }
            }
        }
        return count;
    }

    /** How many ready sessions of a group go before one, plus one; elements of arrays count one by one. */
    private long position(final long sessionId, final int session, final int group)
    {
        final GroupQueue queue = state.schedule.queue(group);
        final GroupOrder order = queue.order();
        order.refresh();
        final int own = sessions.get(sessions.shape, session);
        long before = sessionId - sessions.get(sessions.nextId, session);
        // Nobody overtakes in a shape, so a session goes when the last of those before it there would.
        int last = session;
        for (int other = order.first(own);
            Table.NONE != other && other != session && passed < PASSED_MAX;
            other = order.next(other))
        {
            last = queue.isBefore(last, other) ? other : last;
            before += sessions.waiting(other);
            passed++;
        }
        for (int shape = 0; shape < shapes.highWater() && passed < PASSED_MAX; shape++)
        {
            if (shape != own && shapes.isLive(shape) && group == shapes.get(shapes.group, shape))
            {
                before += before(queue, shape, last);
            }
        }
        return before + 1;
    }

    private long before(final GroupQueue queue, final int shape, final int session)
    {
        final GroupOrder order = queue.order();
        long before = 0;
        for (int other = order.first(shape);
            Table.NONE != other && passed < PASSED_MAX && queue.isBefore(other, session);
            other = order.next(other))
        {
            before += sessions.waiting(other);
            passed++;
        }
        return before;
    }

    /** Whether room is kept for a session, of an array for the element that goes next: as the head, or as claimant. */
    private boolean isReserved(final int group, final int shape, final int session, final long sessionId)
    {
        if (sessionId != sessions.get(sessions.nextId, session))
        {
            return false;
        }
        final GroupQueue queue = state.schedule.queue(group);
        if (queue.hasHeads())
        {
            // Caches that were dropped know no head before the next look.
            state.schedule.nextPlaceable(group);
        }
        final Reservation head = queue.head();
        return null != head && shape == head.shape() && session == queue.order().first(shape) || isClaimant(sessionId);
    }

    private boolean isClaimant(final long sessionId)
    {
        int agent = state.agents.claims > 0 ? state.schedule.agentIndex.nextClaimed(0) : Table.NONE;
        while (Table.NONE != agent && sessionId != state.agents.get(state.agents.claimedBy, agent))
        {
            agent = state.schedule.agentIndex.nextClaimed(agent);
        }
        return Table.NONE != agent;
    }

    /** By the limits of what runs; at the latest by what was promised to the session. */
    private long expectedNs(
        final int group, final int session, final long sessionId, final Explanation.Agents said)
    {
        final long promisedNs = toCome(state.schedule.queue(group).promisedNs(sessionId));
        final long startNs = expected.ofNs(group, session, sessionId, said.places() >= said.kernels());
        return 0 == startNs || (0 != promisedNs && promisedNs < startNs) ? promisedNs : startNs;
    }
}
