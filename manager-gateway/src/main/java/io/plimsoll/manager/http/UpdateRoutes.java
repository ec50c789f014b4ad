package io.plimsoll.manager.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.control.SessionChange;
import io.plimsoll.manager.control.UpdateReply;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Changes of sessions that have not ended. Event loops only. */
final class UpdateRoutes
{
    private static final int PAGE = 1_000;

    private final ManagerServices services;
    private final Visibility visibility;
    private final Turns turns = new Turns();

    UpdateRoutes(final ManagerServices services)
    {
        this.services = services;
        visibility = new Visibility(services);
    }

    List<Route> routes()
    {
        return List.of(
            Route.change("PATCH", "/v1/sessions/{id}", this::one),
            Route.post("/v1/sessions/update", this::many));
    }

    private void one(final Exchange exchange)
    {
        final SessionView present = visibility.session(exchange);
        final long id = present.id();
        final UpdateParser.Update update = UpdateParser.one(exchange.body());
        final SessionChange change = within(exchange, update.change(), Set.of(present.ownerId()));
        exchange.whenDone(
            turns.inTurn(id, exchange.channel().eventLoop(), () ->
            {
                // As those have left it that came before.
                final SessionView session = services.view().session(id);
                SessionTag.require(exchange, null == session ? present : session);
                return services.control().update(List.of(new IdRange(id, id)), change);
            }),
            reply -> updated(exchange, id, reply));
    }

    private void updated(final Exchange exchange, final long id, final UpdateReply reply)
    {
        final SessionView session = reply.unknown() > 0 ? null : services.view().session(id);
        if (null == session)
        {
            throw SessionRoutes.unknownSession(Long.toString(id)).asException();
        }
        if (reply.alreadyEnded() > 0)
        {
            throw new Problem(409, "already-ended", "session " + id + " has ended already").asException();
        }
        exchange.response().header(HttpHeaderNames.ETAG, SessionTag.of(exchange, session));
        exchange.json(200, json -> SessionJson.write(json, session, services.usage(), services.facts()));
    }

    private SessionChange within(final Exchange exchange, final SessionChange change, final Set<Integer> owners)
    {
        return new SessionChange(
            change.priority(),
            LifetimeCap.within(services, exchange.caller(), owners, change.walltimeNs()),
            change.name());
    }

    private void many(final Exchange exchange)
    {
        final UpdateParser.Update update = UpdateParser.many(exchange.body());
        exchange.whenDone(
            VisibleRanges.of(services.view(), visibility.owners(exchange.caller()), update.ranges(), exchange),
            visible -> many(exchange, update, visible));
    }

    private void many(final Exchange exchange, final UpdateParser.Update update, final VisibleRanges visible)
    {
        final SessionChange change = null == update.change().walltimeNs() ?
            update.change() : within(exchange, update.change(), owners(visible.ranges()));
        exchange.whenDone(services.control().update(visible.ranges(), change), reply ->
            exchange.json(200, json ->
            {
                json.writeStartObject();
                json.writeNumberField("updated", reply.updated());
                json.writeNumberField("alreadyEnded", reply.alreadyEnded());
                json.writeNumberField("unknown", reply.unknown() + visible.hidden());
                json.writeNumberField("sequence", reply.sequence());
                json.writeStringField("durability", services.info().get().commitMode());
                json.writeEndObject();
            }));
    }

    /** Accounts that sessions count for. */
    private Set<Integer> owners(final List<IdRange> ranges)
    {
        final Set<Integer> owners = new TreeSet<>();
        for (final IdRange range : ranges)
        {
            long cursor = range.firstId();
            while (0 != cursor && cursor <= range.lastId())
            {
                final SessionPage page =
                    services.view().sessions(SessionFilter.of(null, range.lastId()), cursor, PAGE);
                page.sessions().forEach(session -> owners.add(session.ownerId()));
                cursor = page.nextCursor();
            }
        }
        return owners;
    }
}
