package io.plimsoll.manager.callback;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;

/** Makes deliveries of what the journal says, for all receivers or for one. Of the stage's thread. */
final class CallbackEvents implements RecordListener
{
    private static final JsonFactory JSON = new JsonFactory();
    private static final long SECOND_NS = 1_000_000_000L;

    private final String clusterId;
    private final Function<SessionView, CallbackUrl> urls;
    private final LiveViewStore view;
    private final CallbackQueues queues;
    private CallbackTarget only;
    private boolean isFull;
    private int fullIndex;

    CallbackEvents(
        final String clusterId,
        final Function<SessionView, CallbackUrl> urls,
        final LiveViewStore view,
        final CallbackQueues queues)
    {
        this.clusterId = clusterId;
        this.urls = urls;
        this.view = view;
        this.queues = queues;
    }

    void forAll()
    {
        only = null;
    }

    void only(final CallbackTarget target)
    {
        only = target;
    }

    void isFull(final boolean value)
    {
        isFull = value;
    }

    boolean isFull()
    {
        return isFull;
    }

    int fullIndex()
    {
        return fullIndex;
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        final SessionView session = view.session(event.sessionId());
        final CallbackUrl url = null == session ? null : urls.apply(session);
        if (null == url)
        {
            return;
        }
        if (null == only)
        {
            final CallbackTarget target = queues.target(url);
            if (null == target)
            {
                queues.refused(session.id(), "too many receivers");
            }
            else if (0 == target.resumeSequence && !queues.offer(target, delivery(event, record, session, url)))
            {
                target.resumeSequence = record.sequence();
                target.resumeIndex = record.eventIndex();
            }
            return;
        }
        final boolean isKnown =
            record.sequence() == only.resumeSequence && record.eventIndex() < only.resumeIndex;
        if (!isFull && !isKnown && only.name.equals(url.target()) &&
            !queues.offer(only, delivery(event, record, session, url)))
        {
            isFull = true;
            fullIndex = record.eventIndex();
        }
    }

    private CallbackDelivery delivery(
        final SessionAdvancedDecoder event,
        final ReleasedRecord record,
        final SessionView session,
        final CallbackUrl url)
    {
        final String id = clusterId + "." + record.sequence() + "." + record.eventIndex();
        return new CallbackDelivery(
            url, session.id(), session.ownerId(), record.sequence(), record.timestampNs(), id,
            body(event, record, session, id));
    }

    private static byte[] body(
        final SessionAdvancedDecoder event, final ReleasedRecord record, final SessionView session, final String id)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out))
        {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("type", "session.state");
            json.writeNumberField("sequence", record.sequence());
            json.writeStringField("at", Instant.ofEpochSecond(
                record.timestampNs() / SECOND_NS, record.timestampNs() % SECOND_NS).toString());
            json.writeNumberField("sessionId", session.id());
            json.writeStringField("name", session.name());
            json.writeStringField("owner", session.owner());
            json.writeStringField("state", event.state().name());
            json.writeStringField("result", event.result().name().toLowerCase(Locale.ROOT));
            json.writeStringField("reason", event.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            json.writeNumberField("attempt", event.attempt());
            if (event.exitCode() < 0)
            {
                json.writeNullField("exitCode");
            }
            else
            {
                json.writeNumberField("exitCode", event.exitCode());
            }
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return out.toByteArray();
    }
}
