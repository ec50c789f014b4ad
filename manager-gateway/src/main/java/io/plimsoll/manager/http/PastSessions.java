package io.plimsoll.manager.http;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.history.PastQuery;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Sessions wherever they are known: the manager's memory has those that have not ended, and some that have; history has
 * all that have ended, unless they are too old for it. Event loops only.
 */
final class PastSessions
{
    private static final int UNKNOWN = -1;

    private final ManagerServices services;
    private final Visibility visibility;

    PastSessions(final ManagerServices services)
    {
        this.services = services;
        visibility = new Visibility(services);
    }

    /** Whether a session can only be in history. */
    boolean isPast(final long id)
    {
        return services.history().isKept() && UNKNOWN == services.view().ownerOf(id);
    }

    /** Hands over the session of the path, or answers with 404 if there is none for the caller. */
    void find(final Exchange exchange, final Consumer<SessionView> action)
    {
        final long id = SessionRoutes.id(exchange);
        if (isPast(id))
        {
            answer(
                exchange, id, services.history().session(id, Visibility.scope(exchange.caller())), action);
        }
        else
        {
            action.accept(visibility.session(exchange));
        }
    }

    /** Hands over what was found, or answers with 404 if that is nothing. */
    static <T> void answer(
        final Exchange exchange, final long id, final CompletableFuture<T> found, final Consumer<T> action)
    {
        exchange.whenDone(found, one ->
        {
            if (null == one)
            {
                throw SessionRoutes.unknownSession(Long.toString(id)).asException();
            }
            action.accept(one);
        });
    }

    /** Whether history may know sessions that match, and is to be asked. */
    boolean mayMatch(final SessionFilter filter)
    {
        return services.history().isKept() &&
            (null == filter.states() || filter.states().stream().anyMatch(PastSessions::hasEnded));
    }

    private static boolean hasEnded(final LifeState state)
    {
        return ApiNames.hasEnded(state);
    }

    /** A page in order of ids, both ways; its cursor is the next id to look at, 0 at the end. */
    CompletableFuture<SessionPage> byId(
        final Exchange exchange, final SessionFilter filter, final boolean isUp, final long cursor, final int limit)
    {
        final SessionPage present = isUp ?
            services.view().sessions(filter, cursor, limit) : services.view().sessionsDown(filter, cursor, limit);
        return services.history().sessions(new PastQuery(
            filter,
            Visibility.scope(exchange.caller()),
            isUp ? PastQuery.Order.ID_UP : PastQuery.Order.ID_DOWN,
            new PastQuery.After(0, cursor),
            limit)).thenApply(past -> merged(present, past, isUp, limit));
    }

    private SessionPage merged(
        final SessionPage present, final List<SessionView> past, final boolean isUp, final int limit)
    {
        final Comparator<SessionView> byId = Comparator.comparingLong(SessionView::id);
        final Comparator<SessionView> order = isUp ? byId : byId.reversed();
        // Neither has said anything of ids from its bound on.
        long bound = present.nextCursor();
        if (past.size() == limit)
        {
            final long last = past.get(limit - 1).id();
            final long pastBound = isUp ? last + 1 : last - 1;
            bound = 0 == bound ? pastBound : isUp ? Math.min(bound, pastBound) : Math.max(bound, pastBound);
        }
        final List<SessionView> all = union(present.sessions(), past);
        final long end = bound;
        all.removeIf(session -> 0 != end && (isUp ? session.id() >= end : session.id() <= end));
        all.sort(order);
        return all.size() > limit ?
            new SessionPage(List.copyOf(all.subList(0, limit)), all.get(limit).id()) : new SessionPage(all, bound);
    }

    /** A page in order of priority; its cursor is 1 if there is more, and else 0. */
    CompletableFuture<SessionPage> byPriority(
        final Exchange exchange, final SessionFilter filter, final PageOrder order, final int limit)
    {
        return new SortedPage(services.view(), filter, order, limit).run(exchange).thenCompose(present ->
            services.history().sessions(new PastQuery(
                filter,
                Visibility.scope(exchange.caller()),
                order.isHighestFirst() ? PastQuery.Order.PRIORITY_DOWN : PastQuery.Order.PRIORITY_UP,
                order.after(),
                limit)).thenApply(past -> merged(present, past, order, limit)));
    }

    private SessionPage merged(
        final SessionPage present, final List<SessionView> past, final PageOrder order, final int limit)
    {
        final List<SessionView> all = union(present.sessions(), past);
        final boolean isPresentCut = 0 != present.nextCursor();
        final boolean isPastCut = past.size() == limit;
        if (isPresentCut)
        {
            removeBehind(all, last(present.sessions()), order);
        }
        if (isPastCut)
        {
            removeBehind(all, last(past), order);
        }
        all.sort(order.comparator());
        final boolean isMore = isPresentCut || isPastCut || all.size() > limit;
        return new SessionPage(List.copyOf(all.subList(0, Math.min(limit, all.size()))), isMore ? 1 : 0);
    }

    private static SessionView last(final List<SessionView> sessions)
    {
        return sessions.get(sessions.size() - 1);
    }

    private static void removeBehind(final List<SessionView> all, final SessionView end, final PageOrder order)
    {
        all.removeIf(session -> order.comparator().compare(session, end) > 0);
    }

    /** What memory says counts; what it has forgotten since it was asked is in history. */
    private List<SessionView> union(final List<SessionView> present, final List<SessionView> past)
    {
        final List<SessionView> all = new ArrayList<>(present);
        final Set<Long> shown = new HashSet<>();
        present.forEach(session -> shown.add(session.id()));
        for (final SessionView session : past)
        {
            if (!shown.contains(session.id()) && UNKNOWN == services.view().ownerOf(session.id()))
            {
                all.add(session);
            }
        }
        return all;
    }
}
