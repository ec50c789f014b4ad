package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.concurrent.ScheduledFuture;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.control.CancelReply;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.Amounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Submit, get, list, cancel and wait. Event loops only. */
final class SessionRoutes
{
    private static final String IDEMPOTENCY_KEY = "idempotency-key";
    private static final int KEY_LENGTH_MAX = 255;
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1000;
    private static final int PAGE_BYTES_MAX = 4 << 20;
    private static final long WAIT_DEFAULT_MS = 30_000;
    private static final Set<LifeState> UNENDED = EnumSet.of(
        LifeState.PENDING,
        LifeState.SCHEDULED,
        LifeState.PULLING,
        LifeState.PREPARING,
        LifeState.RUNNING,
        LifeState.TERMINATING);

    private final ManagerServices services;
    private final HttpLimits limits;
    private final SlotRules slotRules;
    private final Visibility visibility;

    SessionRoutes(final ManagerServices services, final HttpLimits limits)
    {
        this.services = services;
        this.limits = limits;
        slotRules = new SlotRules(services.view());
        visibility = new Visibility(services);
    }

    List<Route> routes()
    {
        return List.of(
            Route.post("/v1/sessions", this::submit),
            Route.get(
                "/v1/sessions",
                Set.of("state", "group", "name", "array", "agent", "all", "cursor", "limit"),
                this::list),
            Route.post("/v1/sessions/cancel", this::cancelMany),
            Route.get("/v1/sessions/{id}", Set.of(), this::one),
            Route.action("DELETE", "/v1/sessions/{id}", this::cancelOne),
            Route.get("/v1/sessions/{id}/wait", Set.of("timeout"), this::await));
    }

    /** Id of the path, or 404: what is no id is no session either. */
    static long id(final Exchange exchange)
    {
        final long id = IdRanges.id(exchange.pathParameter());
        if (id < 1)
        {
            throw unknownSession(exchange.pathParameter()).asException();
        }
        return id;
    }

    static Problem unknownSession(final String id)
    {
        return new Problem(
            404, "unknown-session", "there is no session " + id + ", or it ended so long ago that it is forgotten");
    }

    /** The session of the path, or 404. */
    static SessionView session(final ManagerServices services, final Exchange exchange)
    {
        final long id = id(exchange);
        final SessionView session = services.view().session(id);
        if (null == session)
        {
            throw unknownSession(Long.toString(id)).asException();
        }
        return session;
    }

    private void submit(final Exchange exchange)
    {
        final String key = key(exchange);
        final SubmitParser.Submission submission = SubmitParser.parse(
            exchange.body(), new Owners(services, exchange.caller()));
        final List<SessionRequest> admitted =
            new Admission(services, exchange.caller()).admitted(submission.sessions());
        final SubmitRequest request =
            new SubmitRequest(exchange.ownerId(), key, exchange.body(), slotRules.checked(
                admitted, submission.single()));
        exchange.whenDone(
            services.control().submit(request), replies -> submitted(exchange, submission, replies));
    }

    private void submitted(
        final Exchange exchange, final SubmitParser.Submission submission, final List<SubmitReply> replies)
    {
        final SubmitReplyJson reply = new SubmitReplyJson(submission, replies);
        if (submission.single())
        {
            exchange.response().header(HttpHeaderNames.LOCATION, "/v1/sessions/" + reply.firstId());
        }
        exchange.json(201, json -> reply.write(json, durability()));
    }

    private static String key(final Exchange exchange)
    {
        final String key = exchange.header(IDEMPOTENCY_KEY);
        if (null != key && (key.isEmpty() || key.length() > KEY_LENGTH_MAX))
        {
            throw new Problem(
                400, "bad-idempotency-key", "Idempotency-Key: right is 1 to " + KEY_LENGTH_MAX + " characters")
                .field("Idempotency-Key")
                .asException();
        }
        return key;
    }

    private void list(final Exchange exchange)
    {
        final int limit = (int)exchange.number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
        final long cursor = exchange.number("cursor", 0, 0, Long.MAX_VALUE);
        final long array = exchange.number("array", 0, 1, Long.MAX_VALUE);
        final String agent = exchange.text("agent");
        final SessionFilter filter = new SessionFilter(
            states(exchange),
            exchange.text("group"),
            exchange.text("name"),
            0 == array ? null : array,
            null == agent ? null : AgentRoutes.agent(services, agent).id(),
            visibility.owners(exchange.caller()));
        final SessionPage page = services.view().sessions(filter, cursor, limit);
        exchange.json(200, json -> writePage(json, page));
    }

    /** A page ends early where its sessions are large, so that nobody fills the memory with a thousand of them. */
    private void writePage(final JsonGenerator json, final SessionPage page) throws IOException
    {
        final List<SessionView> sessions = page.sessions();
        json.writeStartObject();
        json.writeArrayFieldStart("sessions");
        int written = 0;
        while (written < sessions.size() && (0 == written || Json.length(json) < PAGE_BYTES_MAX))
        {
            SessionJson.write(json, sessions.get(written), UsageView.NONE);
            written++;
        }
        json.writeEndArray();
        final long nextCursor = written == sessions.size() ? page.nextCursor() : sessions.get(written).id();
        JsonFields.longOrNull(json, "nextCursor", nextCursor, 0);
        json.writeNumberField("sequence", services.view().sequence());
        json.writeEndObject();
    }

    private static Set<LifeState> states(final Exchange exchange)
    {
        final String text = exchange.text("state");
        if (null == text)
        {
            return exchange.flag("all") ? null : UNENDED;
        }
        final Set<LifeState> states = EnumSet.noneOf(LifeState.class);
        for (final String name : text.split(",", 32))
        {
            states.add(state(exchange, name.trim().toUpperCase(Locale.ROOT)));
        }
        return states;
    }

    private static LifeState state(final Exchange exchange, final String name)
    {
        final List<String> known = new ArrayList<>();
        for (final LifeState state : ApiNames.STATES)
        {
            if (state.name().equals(name))
            {
                return state;
            }
            known.add(state.name());
        }
        throw exchange.badParameter("state", "a list of " + String.join(", ", known));
    }

    private void one(final Exchange exchange)
    {
        final SessionView session = visibility.session(exchange);
        exchange.json(200, json -> SessionJson.write(json, session, services.usage()));
    }

    private void cancelOne(final Exchange exchange)
    {
        final long id = id(exchange);
        if (!visibility.sees(exchange.caller(), services.view().ownerOf(id)))
        {
            throw unknownSession(Long.toString(id)).asException();
        }
        exchange.whenDone(services.control().cancel(List.of(new IdRange(id, id))), reply ->
        {
            if (reply.unknown() > 0)
            {
                throw unknownSession(Long.toString(id)).asException();
            }
            if (reply.alreadyEnded() > 0)
            {
                throw new Problem(409, "already-ended", "session " + id + " has ended already").asException();
            }
            cancelled(exchange, reply);
        });
    }

    private void cancelMany(final Exchange exchange)
    {
        final List<IdRange> ranges = CancelParser.ranges(exchange.body());
        final VisibleRanges visible = VisibleRanges.of(
            services.view(), visibility.owners(exchange.caller()), ranges);
        exchange.whenDone(
            services.control().cancel(visible.ranges()),
            reply -> cancelled(exchange, new CancelReply(
                reply.cancelled(), reply.alreadyEnded(), reply.unknown() + visible.hidden(), reply.sequence())));
    }

    private void cancelled(final Exchange exchange, final CancelReply reply)
    {
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeNumberField("cancelled", reply.cancelled());
            json.writeNumberField("alreadyEnded", reply.alreadyEnded());
            json.writeNumberField("unknown", reply.unknown());
            json.writeNumberField("sequence", reply.sequence());
            json.writeStringField("durability", durability());
            json.writeEndObject();
        });
    }

    private void await(final Exchange exchange)
    {
        final long timeoutMs = timeoutMs(exchange);
        final long id = visibility.session(exchange).id();
        final CompletableFuture<SessionView> ended = services.view().whenEnded(id);
        final ScheduledFuture<?> timer = ended.isDone() ? null : exchange.channel().eventLoop().schedule(
            () -> timedOut(exchange, id), timeoutMs, TimeUnit.MILLISECONDS);
        exchange.onEnd(() ->
        {
            ended.cancel(false);
            if (null != timer)
            {
                timer.cancel(false);
            }
        });
        exchange.whenDone(ended, session -> awaited(exchange, id, session));
    }

    private void awaited(final Exchange exchange, final long id, final SessionView session)
    {
        if (null == session)
        {
            throw unknownSession(Long.toString(id)).asException();
        }
        exchange.json(200, json -> SessionJson.write(json, session, services.usage()));
    }

    /** 202: the request was fine, and what it waits for has not come. */
    private void timedOut(final Exchange exchange, final long id)
    {
        if (exchange.isAnswered())
        {
            return;
        }
        final SessionView session = services.view().session(id);
        if (null == session)
        {
            exchange.problem(unknownSession(Long.toString(id)));
        }
        else
        {
            exchange.json(
                ApiNames.hasEnded(session.state()) ? 200 : 202,
                json -> SessionJson.write(json, session, services.usage()));
        }
    }

    private long timeoutMs(final Exchange exchange)
    {
        final String text = exchange.text("timeout");
        if (null == text)
        {
            return Math.min(WAIT_DEFAULT_MS, limits.waitTimeoutMaxMs());
        }
        try
        {
            final boolean seconds = "0".equals(text) || IdRanges.id(text) > 0;
            final long timeoutNs = Amounts.durationNs(seconds ? text + "s" : text);
            return Math.min(TimeUnit.NANOSECONDS.toMillis(timeoutNs), limits.waitTimeoutMaxMs());
        }
        catch (final IllegalArgumentException ex)
        {
            throw exchange.badParameter("timeout", "a duration such as 30s or 2m, or a number of seconds");
        }
    }

    private String durability()
    {
        return services.info().get().commitMode();
    }
}
