package io.plimsoll.manager.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.concurrent.Future;
import io.plimsoll.manager.view.EventFeed;
import io.plimsoll.manager.view.UnknownSequenceException;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * Server-sent events for one reader. Events arrive on the feed's thread, never more than were asked for, and are
 * written on the event loop, several at once; each one written allows the feed one more. A reader that is too slow gets
 * a last event that says so.
 */
final class EventStream
{
    private static final String RESUME = "; resume from the id of the last event";

    private final Exchange exchange;
    private final HttpLimits limits;
    private final EventPosition position;
    private final EventFilter filter;
    private final LongPredicate visible;
    private final StreamedReply reply;
    private final Queue<EventFeed.FeedEvent> arrived;
    private final AtomicBoolean isDrainDue = new AtomicBoolean();
    private EventFeed feed;
    private EventFeed.Subscription subscription;
    /** The last event that was not for this reader, behind all that were; null: none. */
    private EventFeed.FeedEvent passed;
    private Future<?> heartbeat;
    private boolean isQuiet = true;
    private boolean isGapTold;

    /**
     * A stream that is not open yet.
     *
     * @param exchange that it answers.
     * @param limits   bounds.
     * @param position last event that the reader has.
     * @param filter   which events it wants.
     * @param visible  of ids of sessions; null: all.
     */
    EventStream(
        final Exchange exchange,
        final HttpLimits limits,
        final EventPosition position,
        final EventFilter filter,
        final LongPredicate visible)
    {
        this.exchange = exchange;
        this.limits = limits;
        this.arrived = new ManyToOneConcurrentArrayQueue<>(limits.streamEventsWindow());
        this.position = position;
        this.visible = visible;
        this.filter = filter;
        this.reply = new StreamedReply(exchange, limits.stuckReaderTimeoutMs(), this::taken, this::stuck);
    }

    void open(final EventFeed from, final AtomicInteger streams)
    {
        feed = from;
        StreamSlots.enter(streams, limits.streamsMax());
        exchange.onEnd(() ->
        {
            StreamSlots.leave(streams);
            close();
            reply.stop();
        });
        try
        {
            if (position.isGiven())
            {
                feed.check(position.sequence(), Integer.MAX_VALUE == position.index(), position.reign());
            }
            subscription = feed.subscribe(position.afterSequence(), this::onEvent, this::onGone);
        }
        catch (final UnknownSequenceException ex)
        {
            throw unknown(ex).asException();
        }
        catch (final IllegalArgumentException ex)
        {
            throw pruned(ex.getMessage()).asException();
        }
        exchange.onRevoked(why ->
        {
            close();
            lastWord(why.code(), why.detail());
            reply.end();
        });
        reply.start("text/event-stream; charset=utf-8");
        if (EventPosition.NOW.equals(position))
        {
            // Whoever is cut off before the first event knows from where to go on.
            reply.write(comment("from now on", Long.toString(subscription.after())), 0);
        }
        heartbeat = exchange.channel().eventLoop().scheduleWithFixedDelay(
            this::beat, limits.heartbeatIntervalMs(), limits.heartbeatIntervalMs(), TimeUnit.MILLISECONDS);
        subscription.request(limits.streamEventsWindow());
    }

    /** Seen events may have become nothing, so the reader has to know; it may go on from what both know. */
    private static Problem unknown(final UnknownSequenceException thrown)
    {
        final Problem problem = new Problem(410, "sequence-unknown", thrown.getMessage());
        return thrown.newest() > 0 ? problem.with("newest", thrown.newest()) : problem;
    }

    /** The feed says in its message which is the oldest; programs find it as a member. */
    private static Problem pruned(final String message)
    {
        final Problem problem = new Problem(410, "sequence-pruned", String.valueOf(message));
        final String digits = String.valueOf(message).replaceAll("^.*?(\\d+)\\D*$", "$1");
        final long oldest = IdRanges.id(digits);
        return oldest > 0 ? problem.with("oldest", oldest) : problem;
    }

    /** Feed thread. */
    private void onEvent(final EventFeed.FeedEvent event)
    {
        if (!arrived.offer(event))
        {
            throw new IllegalStateException("more events than were asked for: window=" + limits.streamEventsWindow());
        }
        if (isDrainDue.compareAndSet(false, true))
        {
            exchange.channel().eventLoop().execute(this::drain);
        }
    }

    /** Feed thread. */
    private void onGone(final String reason)
    {
        exchange.channel().eventLoop().execute(() ->
        {
            drain();
            lastWord("reader-dropped", reason + RESUME);
            reply.end();
        });
    }

    private void drain()
    {
        isDrainDue.set(false);
        final ByteBuf text = exchange.channel().alloc().buffer();
        long shown = 0;
        long skipped = 0;
        EventFeed.FeedEvent event = arrived.poll();
        while (null != event)
        {
            if (isWanted(event))
            {
                append(text, event);
                passed = null;
                shown++;
            }
            else
            {
                tellOfGap(text, event);
                passed = position.covers(event) ? passed : event;
                skipped++;
            }
            event = arrived.poll();
        }
        if (skipped > 0 && !reply.isEnded())
        {
            subscription.request(skipped);
        }
        if (text.isReadable())
        {
            isQuiet = false;
            reply.write(text, shown);
        }
        else
        {
            text.release();
        }
    }

    /** Once: whose the sessions were of whose events it would get some is not known any more. */
    private void tellOfGap(final ByteBuf text, final EventFeed.FeedEvent event)
    {
        if (!isGapTold && !position.covers(event) && filter.isUndecided(event, null == visible))
        {
            isGapTold = true;
            ByteBufUtil.writeUtf8(
                text,
                "event: incomplete\ndata: {\"code\":\"sessions-forgotten\",\"sequence\":" + event.sequence() +
                    ",\"detail\":\"from here on events of sessions that were forgotten long ago are left out, because" +
                    " whose they were is not known any more; GET /v1/sessions?all=true&history=true has them\"}\n\n");
        }
    }

    private boolean isWanted(final EventFeed.FeedEvent event)
    {
        return !position.covers(event) && filter.isWanted(event) && (null == visible || isVisible(event.json()));
    }

    private boolean isVisible(final String json)
    {
        final EventSessions sessions = EventSessions.of(json);
        return 0 == sessions.firstId() || visible.test(sessions.firstId());
    }

    /** The fields of the event stand behind those that every event has. */
    private void append(final ByteBuf text, final EventFeed.FeedEvent event)
    {
        final String json = event.json();
        final String fields = json.length() > 2 ? "," + json.substring(1) : "}";
        ByteBufUtil.writeUtf8(
            text,
            "id: " + id(event) + "\nevent: " + event.type() +
                "\ndata: {\"sequence\":" + event.sequence() + ",\"time\":\"" + JsonFields.time(event.timeNs()) +
                "\",\"event\":\"" + event.type() + '"' + fields + "\n\n");
    }

    private String id(final EventFeed.FeedEvent event)
    {
        final String reign = feed.reign(event.sequence());
        return event.sequence() + "." + event.index() + (reign.isEmpty() ? "" : "." + reign);
    }

    /** What no reader takes for an event, though it takes the id over. */
    private ByteBuf comment(final String comment, final String id)
    {
        return ByteBufUtil.writeUtf8(
            exchange.channel().alloc(), ": " + comment + (id.isEmpty() ? "" : "\nid: " + id) + "\n\n");
    }

    private void taken(final long events)
    {
        subscription.request(events);
    }

    private void beat()
    {
        if (isQuiet && reply.isTaken())
        {
            // With the place of what this reader has no use for: it need not be there any more when it comes back.
            reply.write(comment("still here", null == passed ? "" : id(passed)), 0);
            passed = null;
        }
        isQuiet = true;
    }

    private void stuck()
    {
        lastWord(
            "reader-dropped", "the reader took nothing for " + limits.stuckReaderTimeoutMs() / 1000 + " s" + RESUME);
        close();
        reply.abort();
    }

    private void lastWord(final String code, final String detail)
    {
        final ByteBuf document = Json.write(exchange.channel().alloc(), json ->
        {
            json.writeStartObject();
            json.writeStringField("code", code);
            json.writeStringField("detail", detail);
            json.writeEndObject();
        });
        final ByteBuf text = exchange.channel().alloc().buffer();
        ByteBufUtil.writeUtf8(text, "event: dropped\ndata: ");
        text.writeBytes(document);
        document.release();
        ByteBufUtil.writeUtf8(text, "\n\n");
        reply.write(text, 0);
    }

    private void close()
    {
        if (null != heartbeat)
        {
            heartbeat.cancel(false);
        }
        if (null != subscription)
        {
            subscription.close();
        }
        arrived.clear();
    }
}
