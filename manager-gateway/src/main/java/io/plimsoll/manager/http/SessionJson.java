package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.core.SessionPart;
import io.plimsoll.manager.SessionFacts;
import io.plimsoll.manager.callback.CallbackStatus;
import io.plimsoll.manager.idle.IdleCheck;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.SessionNotes;
import io.plimsoll.transport.StdinMode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A session as all routes show it, and as the command line prints it. Every field is always there; null says that it
 * has not come or does not apply.
 */
final class SessionJson
{
    private SessionJson()
    {
    }

    static void write(
        final JsonGenerator json, final SessionView session, final UsageView usage, final SessionFacts facts)
        throws IOException
    {
        json.writeStartObject();
        json.writeNumberField("id", session.id());
        json.writeStringField("name", session.name());
        json.writeStringField("owner", session.owner());
        json.writeStringField("group", session.group());
        json.writeStringField("type", ApiNames.lower(session.type()));
        json.writeNumberField("priority", session.priority());
        json.writeStringField("state", session.state().name());
        json.writeStringField("result", ApiNames.lower(session.result()));
        json.writeStringField("reason", ApiNames.reason(session.reason()));
        JsonFields.longOrNull(json, "exitCode", session.exitCode(), -1);
        json.writeNumberField("attempt", session.attempt());
        JsonFields.longOrNull(json, "arrayId", session.arrayId(), 0);
        JsonFields.longOrNull(json, "arrayIndex", session.arrayIndex(), -1);
        JsonFields.time(json, "submittedAt", session.submittedNs());
        JsonFields.time(json, "startedAt", session.startedNs());
        JsonFields.time(json, "endedAt", session.endedNs());
        JsonFields.seconds(json, "waitSeconds", session.submittedNs(), session.startedNs());
        JsonFields.seconds(json, "runSeconds", session.startedNs(), session.endedNs());
        JsonFields.time(json, "notBefore", session.notBeforeNs());
        json.writeStringField("onLoss", ApiNames.lower(session.onLoss()));
        JsonFields.secondsOrNull(json, "timeoutSeconds", session.walltimeNs());
        slots(json, session.cpuMillis(), session.memoryBytes(), session.slots());
        parts(json, session);
        after(json, session.dependencies());
        TermsJson.write(json, session.terms());
        spec(json, session.spec());
        notes(json, session.spec());
        idle(json, facts.idle().checks(session));
        callback(json, session, facts);
        json.writeArrayFieldStart("kernels");
        for (final KernelView kernel : session.kernels())
        {
            kernel(json, kernel, usage);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void slots(
        final JsonGenerator json, final long cpuMillis, final long memoryBytes, final Map<String, Long> further)
        throws IOException
    {
        final Map<String, Long> slots = new LinkedHashMap<>();
        slots.put("cpu", cpuMillis);
        slots.put("mem", memoryBytes);
        slots.putAll(further);
        JsonFields.slots(json, "slots", slots);
    }

    /** What kernels need in order of their indexes, where not all need the same. */
    private static void parts(final JsonGenerator json, final SessionView session) throws IOException
    {
        final List<SessionPart> further = session.terms().parts();
        if (further.isEmpty())
        {
            json.writeNullField("parts");
            return;
        }
        int kernels = session.kernels().size();
        for (final SessionPart part : further)
        {
            kernels -= part.kernels();
        }
        json.writeArrayFieldStart("parts");
        part(json, new SessionPart(kernels, session.cpuMillis(), session.memoryBytes(), session.slots()));
        for (final SessionPart part : further)
        {
            part(json, part);
        }
        json.writeEndArray();
    }

    private static void part(final JsonGenerator json, final SessionPart part) throws IOException
    {
        json.writeStartObject();
        json.writeNumberField("count", part.kernels());
        slots(json, part.cpuMillis(), part.memoryBytes(), part.slots());
        json.writeEndObject();
    }

    private static void after(final JsonGenerator json, final List<Long> dependencies) throws IOException
    {
        json.writeArrayFieldStart("after");
        for (final long id : dependencies)
        {
            json.writeNumber(id);
        }
        json.writeEndArray();
    }

    private static void spec(final JsonGenerator json, final LaunchSpec spec) throws IOException
    {
        json.writeArrayFieldStart("command");
        for (final String part : null == spec || null == spec.command() ? List.<String>of() : spec.command())
        {
            json.writeString(part);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("env");
        final Map<String, String> env = null == spec || null == spec.env() ? Map.of() : spec.env();
        for (final Map.Entry<String, String> variable : env.entrySet())
        {
            json.writeStringField(variable.getKey(), variable.getValue());
        }
        json.writeEndObject();
        JsonFields.textOrNull(json, "cwd", null == spec ? null : spec.cwd());
        JsonFields.textOrNull(json, "image", null == spec ? null : spec.image());
        JsonFields.textOrNull(json, "runtime", null == spec ? null : spec.runtime());
        stdin(json, null == spec ? StdinMode.NONE : spec.stdin());
        json.writeBooleanField("tty", null != spec && spec.tty());
    }

    private static void notes(final JsonGenerator json, final LaunchSpec spec) throws IOException
    {
        final SessionNotes notes = null == spec ? SessionNotes.NONE : spec.notes();
        if (null == notes.template())
        {
            json.writeNullField("template");
        }
        else
        {
            json.writeObjectFieldStart("template");
            json.writeStringField("name", notes.template());
            json.writeNumberField("version", notes.templateVersion());
            json.writeEndObject();
        }
        JsonFields.secondsOrNull(json, "idleTimeoutSeconds", notes.idleTimeoutNs());
        JsonFields.secondsOrNull(json, "lowUseWindowSeconds", notes.lowUseWindowNs());
    }

    private static void callback(final JsonGenerator json, final SessionView session, final SessionFacts facts)
        throws IOException
    {
        final CallbackStatus status = facts.callbacks().status(session);
        if (null == status)
        {
            json.writeNullField("callback");
            return;
        }
        json.writeObjectFieldStart("callback");
        json.writeStringField("url", status.url());
        json.writeNumberField("pending", status.pending());
        json.writeNumberField("givenUp", status.givenUp());
        JsonFields.textOrNull(json, "error", status.error());
        JsonFields.time(json, "errorAt", status.errorNs());
        json.writeEndObject();
    }

    /** What is counted down. */
    private static void idle(final JsonGenerator json, final List<IdleCheck> checks) throws IOException
    {
        json.writeArrayFieldStart("idle");
        for (final IdleCheck check : checks)
        {
            json.writeStartObject();
            json.writeStringField("check", ApiNames.lower(check.kind()));
            JsonFields.decimal(json, "remainingSeconds", TimeUnit.NANOSECONDS.toMillis(check.remainingNs()), 3);
            JsonFields.decimal(json, "limitSeconds", TimeUnit.NANOSECONDS.toMillis(check.limitNs()), 3);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** As it was submitted. */
    private static void stdin(final JsonGenerator json, final StdinMode mode) throws IOException
    {
        if (StdinMode.ONCE == mode)
        {
            json.writeStringField("stdin", "once");
        }
        else
        {
            json.writeBooleanField("stdin", StdinMode.OPEN == mode);
        }
    }

    private static void kernel(final JsonGenerator json, final KernelView kernel, final UsageView usage)
        throws IOException
    {
        json.writeStartObject();
        json.writeNumberField("index", kernel.index());
        json.writeStringField("role", 0 == kernel.index() ? "main" : "sub");
        JsonFields.textOrNull(json, "agent", kernel.agent());
        JsonFields.longOrNull(json, "agentId", kernel.agentId(), 0);
        json.writeStringField("state", kernel.state().name());
        json.writeStringField("reason", ApiNames.reason(kernel.reason()));
        json.writeNumberField("attempt", kernel.attempt());
        JsonFields.textOrNull(json, "cpus", kernel.cpus());
        JsonFields.textOrNull(json, "devices", kernel.devices());
        JsonFields.longOrNull(json, "exitCode", kernel.exitCode(), -1);
        JsonFields.time(json, "startedAt", kernel.startedNs());
        JsonFields.time(json, "endedAt", kernel.endedNs());
        JsonFields.textOrNull(json, "detail", kernel.remark());
        json.writeObjectFieldStart("ports");
        for (final Map.Entry<Integer, String> port : kernel.ports().entrySet())
        {
            json.writeStringField(port.getKey().toString(), port.getValue());
        }
        json.writeEndObject();
        UsageJson.kernel(json, usage.kernel(kernel.kernelId(), kernel.attempt()));
        json.writeEndObject();
    }
}
