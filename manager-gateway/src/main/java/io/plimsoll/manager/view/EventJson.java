package io.plimsoll.manager.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.OrphanFoundDecoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import io.plimsoll.manager.control.RequestOrigin;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.egress.RequestOrigins;
import io.plimsoll.manager.view.EventFeed.FeedEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Queue;
import java.util.UUID;

/**
 * Writes what users may see of a record as JSON, one object an event. States are upper case, results lower case, and
 * reasons kebab case, as everywhere in the API. For the thread of the feed.
 */
final class EventJson implements RecordListener
{
    private static final JsonFactory JSON = new JsonFactory();
    private static final int KERNEL_BITS = 10;
    private static final int NAME_CHANGED = 1 << 2;
    private static final int KERNEL_MASK = (1 << KERNEL_BITS) - 1;

    private final LiveViewStore view;
    private final RequestOrigins origins;
    private Queue<FeedEvent> target;

    EventJson(final LiveViewStore view, final RequestOrigins origins)
    {
        this.view = view;
        this.origins = origins;
    }

    /** Where the events of the next record go. */
    void target(final Queue<FeedEvent> queue)
    {
        target = queue;
    }

    @Override
    public void onTermBegan(final TermBeganDecoder event, final ReleasedRecord record)
    {
        add(
            record,
            "manager.started",
            json ->
            {
                json.writeStringField("clusterId", new UUID(event.clusterIdHi(), event.clusterIdLo()).toString());
                json.writeNumberField("term", event.term());
            });
    }

    @Override
    public void onLostTailChanged(final LostTailChangedDecoder event, final ReleasedRecord record)
    {
        add(
            record,
            "manager.lost-tail",
            json ->
            {
                json.writeBooleanField("lostTail", BooleanType.T == event.lostTail());
                json.writeNumberField("agentId", event.agentId());
                json.writeNumberField("term", event.term());
            });
    }

    @Override
    public void onSessionQueued(final SessionQueuedDecoder event, final ReleasedRecord record)
    {
        add(
            record,
            "session.queued",
            json ->
            {
                json.writeNumberField("sessionId", event.sessionId());
                json.writeNumberField("count", event.elementCount());
                json.writeBooleanField("array", BooleanType.T == event.array());
                json.writeStringField("name", record.submission().name(event.entryIndex()));
                json.writeStringField("group", view.groups().name(event.groupId()));
                json.writeStringField("owner", view.accountName(event.ownerId()));
                json.writeStringField("type", event.sessionType().name().toLowerCase(Locale.ROOT));
                json.writeNumberField("priority", event.priority());
                json.writeNumberField("kernels", event.kernels());
                json.writeNumberField("cpuMillis", event.cpuMillis());
                json.writeNumberField("memoryBytes", event.memoryBytes());
                json.writeStringField("state", LifeState.PENDING.name());
                writeRequest(json, event.sessionId());
            });
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        add(
            record,
            "session.state",
            json ->
            {
                json.writeNumberField("sessionId", event.sessionId());
                json.writeStringField("state", event.state().name());
                json.writeStringField("result", event.result().name().toLowerCase(Locale.ROOT));
                json.writeStringField("reason", kebab(event.reason()));
                json.writeNumberField("attempt", event.attempt());
                writeExitCode(json, event.exitCode());
                writeOrigin(json, event.sessionId());
            });
    }

    @Override
    public void onSessionUpdated(final SessionUpdatedDecoder event, final ReleasedRecord record)
    {
        add(
            record,
            "session.updated",
            json ->
            {
                json.writeNumberField("sessionId", event.sessionId());
                json.writeNumberField("count", event.elementCount());
                json.writeNumberField("priority", event.priority());
                json.writeNumberField("walltimeNs", event.walltimeNs());
                if (0 != (event.changes() & NAME_CHANGED))
                {
                    json.writeStringField("name", event.sessionName());
                }
                writeOrigin(json, event.sessionId());
            });
    }

    @Override
    public void onSessionForgotten(final SessionForgottenDecoder event, final ReleasedRecord record)
    {
        add(record, "session.forgotten", json ->
        {
            json.writeNumberField("sessionId", event.sessionId());
            writeOrigin(json, event.sessionId());
        });
    }

    @Override
    public void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
        add(
            record,
            "kernel.state",
            json ->
            {
                writeKernel(json, event.kernelId(), event.agentId());
                json.writeStringField("state", LifeState.SCHEDULED.name());
                json.writeStringField("reason", kebab(Reason.NONE));
                json.writeNumberField("attempt", event.attempt());
            });
    }

    @Override
    public void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
        add(
            record,
            "kernel.state",
            json ->
            {
                writeKernel(json, event.kernelId(), event.agentId());
                json.writeStringField("state", event.state().name());
                json.writeStringField("reason", kebab(event.reason()));
                json.writeNumberField("attempt", event.attempt());
                writeExitCode(json, event.exitCode());
                if (BooleanType.T == event.held())
                {
                    json.writeBooleanField("held", true);
                }
            });
    }

    private void writeKernel(final JsonGenerator json, final long kernelId, final int agentId) throws IOException
    {
        json.writeNumberField("kernelId", kernelId);
        json.writeNumberField("sessionId", kernelId >> KERNEL_BITS);
        json.writeNumberField("index", kernelId & KERNEL_MASK);
        json.writeNumberField("agentId", agentId);
        json.writeStringField("agent", view.agentName(agentId));
        writeOrigin(json, kernelId >> KERNEL_BITS);
    }

    /** Of a session that was forgotten long ago nobody knows. */
    private void writeOrigin(final JsonGenerator json, final long sessionId) throws IOException
    {
        final int ownerId = view.ownerEver(sessionId);
        final int groupId = view.groupEver(sessionId);
        if (ownerId >= 0 && groupId >= 0)
        {
            json.writeStringField("group", view.groups().name(groupId));
            json.writeStringField("owner", view.accountName(ownerId));
        }
        writeRequest(json, sessionId);
    }

    /** Of a session that came long ago, or before the start, nobody knows. */
    private void writeRequest(final JsonGenerator json, final long sessionId) throws IOException
    {
        final RequestOrigin origin = origins.find(sessionId);
        if (null != origin)
        {
            json.writeStringField("requestId", origin.requestId());
        }
    }

    private static void writeExitCode(final JsonGenerator json, final int exitCode) throws IOException
    {
        if (exitCode >= 0)
        {
            json.writeNumberField("exitCode", exitCode);
        }
    }

    @Override
    public void onAgentAttached(final AgentAttachedDecoder event, final ReleasedRecord record)
    {
        add(
            record,
            "agent.attached",
            json ->
            {
                json.writeNumberField("agentId", event.agentId());
                json.writeNumberField("connection", event.connection());
                json.writeStringField("uuid", new UUID(event.uuidHi(), event.uuidLo()).toString());
                json.writeStringField("group", view.groups().name(event.groupId()));
                json.writeBooleanField("lostTail", BooleanType.T == event.lostTail());
                skipGroups(event);
                json.writeStringField("agent", event.agentName());
            });
    }

    /** Texts can be read only behind the groups. */
    private static void skipGroups(final AgentAttachedDecoder event)
    {
        final AgentAttachedDecoder.SlotsDecoder slots = event.slots();
        while (slots.hasNext())
        {
            slots.next();
        }
        for (final AgentAttachedDecoder.LabelsDecoder label : event.labels())
        {
            label.skipKey();
            label.skipValue();
        }
    }

    @Override
    public void onAgentChanged(final AgentChangedDecoder event, final ReleasedRecord record)
    {
        add(
            record,
            "agent.state",
            json ->
            {
                json.writeNumberField("agentId", event.agentId());
                json.writeStringField("agent", view.agentName(event.agentId()));
                json.writeNumberField("connection", event.connection());
                json.writeBooleanField("connected", BooleanType.T == event.connected());
                json.writeBooleanField("reconciled", BooleanType.T == event.reconciled());
                json.writeStringField("liveness", event.liveness().name().toLowerCase(Locale.ROOT));
                json.writeBooleanField("drained", BooleanType.T == event.drained());
            });
    }

    @Override
    public void onOrphanFound(final OrphanFoundDecoder event, final ReleasedRecord record)
    {
        add(
            record,
            "agent.orphan",
            json ->
            {
                json.writeNumberField("agentId", event.agentId());
                json.writeStringField("agent", view.agentName(event.agentId()));
                json.writeNumberField("kernelId", event.kernelId());
                json.writeNumberField("term", event.term());
                json.writeNumberField("attempt", event.attempt());
            });
    }

    private void add(final ReleasedRecord record, final String type, final Fields fields)
    {
        final StringWriter text = new StringWriter(192);
        try (JsonGenerator json = JSON.createGenerator(text))
        {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        target.add(
            new FeedEvent(record.sequence(), record.eventIndex(), record.timestampNs(), type, text.toString()));
    }

    private static String kebab(final Reason reason)
    {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private interface Fields
    {
        void write(JsonGenerator json) throws IOException;
    }
}
