package io.plimsoll.manager.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.concurrent.ScheduledFuture;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.control.CancelReply;
import io.plimsoll.manager.control.OriginControl;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.Amounts;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Submit, get, list, cancel and wait. Event loops only. */
final class SessionRoutes
{
    private static final String IDEMPOTENCY_KEY = "idempotency-key";
    private static final int KEY_LENGTH_MAX = 255;
    private static final long WAIT_DEFAULT_MS = 30_000;
    /** What a timeout looks like. */
    static final String TIMEOUT_RIGHT = "a duration such as 30s or 2m, or a number of seconds";

    private final ManagerServices services;
    private final HttpLimits limits;
    private final HttpMeters meters;
    private final SlotRules slotRules;
    private final Visibility visibility;
    private final PastSessions past;

    SessionRoutes(final ManagerServices services, final HttpLimits limits, final HttpMeters meters)
    {
        this.services = services;
        this.limits = limits;
        this.meters = meters;
        slotRules = new SlotRules(services.view());
        visibility = new Visibility(services);
        past = new PastSessions(services);
    }

    List<Route> routes()
    {
        return List.of(
            Route.postLines("/v1/sessions", this::submit, this::submitLines),
            Route.post("/v1/sessions/cancel", this::cancelMany),
            Route.get("/v1/sessions/{id}", Set.of("fields"), this::one),
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
                admitted, submission.single()), exchange.origin());
        exchange.whenDone(
            services.control().submit(request), replies -> submitted(exchange, submission, replies));
    }

    private void submitLines(final Exchange exchange)
    {
        final Admission admission = new Admission(services, exchange.caller());
        final LineReader reader = new LineReader(
            exchange.ownerId(),
            new Owners(services, exchange.caller()),
            sessions -> slotRules.checked(admission.admitted(sessions), true));
        new BulkSubmitter(
            exchange, key(exchange), new OriginControl(services.control(), exchange.origin()), reader, limits, meters,
            this::durability)
            .begin();
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

    private void one(final Exchange exchange)
    {
        final FieldSelection fields = FieldSelection.of(exchange);
        past.find(exchange, session -> one(exchange, fields, session));
    }

    private void one(final Exchange exchange, final FieldSelection fields, final SessionView session)
    {
        final String tag = SessionTag.of(exchange, session);
        EntityTag.answer(exchange, 200, tag, json -> fields.write(json, session, services.usage(), services.facts()));
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
        final CancelParser.Cancellation wanted = CancelParser.parse(exchange.body());
        if (wanted.select().isEmpty())
        {
            cancelRanges(exchange, wanted.ranges());
            return;
        }
        // What has ended is nothing to cancel.
        wanted.select().replace("all", "false");
        final SessionFilter filter = new FilterReader(services, exchange.caller()).read(wanted.select());
        exchange.whenDone(new Selection(services.view(), filter, wanted.limit()).run(exchange), found ->
            exchange.whenDone(
                services.control().cancel(found.ranges()), reply -> cancelled(exchange, reply, found.isCut())));
    }

    private void cancelRanges(final Exchange exchange, final List<IdRange> ranges)
    {
        exchange.whenDone(
            VisibleRanges.of(services.view(), visibility.owners(exchange.caller()), ranges, exchange),
            visible -> exchange.whenDone(
                services.control().cancel(visible.ranges()),
                reply -> cancelled(exchange, new CancelReply(
                    reply.cancelled(), reply.alreadyEnded(), reply.unknown() + visible.hidden(), reply.sequence()))));
    }

    private void cancelled(final Exchange exchange, final CancelReply reply)
    {
        cancelled(exchange, reply, false);
    }

    private void cancelled(final Exchange exchange, final CancelReply reply, final boolean more)
    {
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeNumberField("cancelled", reply.cancelled());
            json.writeNumberField("alreadyEnded", reply.alreadyEnded());
            json.writeNumberField("unknown", reply.unknown());
            json.writeBooleanField("more", more);
            json.writeNumberField("sequence", reply.sequence());
            json.writeStringField("durability", durability());
            json.writeEndObject();
        });
    }

    private void await(final Exchange exchange)
    {
        final long timeoutMs = timeoutMs(exchange);
        past.find(exchange, session ->
        {
            if (ApiNames.hasEnded(session.state()))
            {
                exchange.json(200, json -> SessionJson.write(json, session, services.usage(), services.facts()));
            }
            else
            {
                await(exchange, session.id(), timeoutMs);
            }
        });
    }

    private void await(final Exchange exchange, final long id, final long timeoutMs)
    {
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
        exchange.json(200, json -> SessionJson.write(json, session, services.usage(), services.facts()));
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
                json -> SessionJson.write(json, session, services.usage(), services.facts()));
        }
    }

    private long timeoutMs(final Exchange exchange)
    {
        try
        {
            return timeoutMs(exchange.text("timeout"), limits);
        }
        catch (final IllegalArgumentException ex)
        {
            throw exchange.badParameter("timeout", TIMEOUT_RIGHT);
        }
    }

    /**
     * How long a request may wait.
     *
     * @param text   a duration, or a number of seconds; null: as long as is usual.
     * @param limits that say how long it may at most.
     * @throws IllegalArgumentException if it is neither.
     */
    static long timeoutMs(final String text, final HttpLimits limits)
    {
        if (null == text)
        {
            return Math.min(WAIT_DEFAULT_MS, limits.waitTimeoutMaxMs());
        }
        final boolean seconds = "0".equals(text) || IdRanges.id(text) > 0;
        final long timeoutNs = Amounts.durationNs(seconds ? text + "s" : text);
        return Math.min(TimeUnit.NANOSECONDS.toMillis(timeoutNs), limits.waitTimeoutMaxMs());
    }

    private String durability()
    {
        return services.info().get().commitMode();
    }
}
