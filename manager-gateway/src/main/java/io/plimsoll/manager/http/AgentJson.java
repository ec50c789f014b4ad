package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.AgentView;
import java.io.IOException;
import java.util.Map;

/** An agent as all routes show it, and as the command line prints it. */
final class AgentJson
{
    private AgentJson()
    {
    }

    static void write(final JsonGenerator json, final AgentView agent, final UsageView usage) throws IOException
    {
        json.writeStartObject();
        json.writeNumberField("id", agent.id());
        json.writeStringField("name", agent.name());
        json.writeStringField("uuid", agent.uuid());
        json.writeStringField("group", agent.group());
        json.writeStringField("arch", agent.arch());
        json.writeObjectFieldStart("labels");
        for (final Map.Entry<String, String> label : agent.labels().entrySet())
        {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        json.writeStringField("state", agent.liveness().name());
        json.writeBooleanField("connected", agent.connected());
        json.writeBooleanField("reconciled", agent.reconciled());
        json.writeBooleanField("drained", agent.drained());
        json.writeBooleanField("quarantined", agent.quarantined());
        json.writeNumberField("connection", agent.connection());
        JsonFields.slots(json, "capacity", agent.capacity());
        JsonFields.slots(json, "used", agent.used());
        json.writeNumberField("kernels", agent.kernels());
        JsonFields.longOrNull(json, "kernelsMax", Math.max(-1, agent.kernelsMax()), -1);
        json.writeArrayFieldStart("orphans");
        for (final String orphan : agent.orphans())
        {
            json.writeString(orphan);
        }
        json.writeEndArray();
        UsageJson.agent(json, usage.agent(agent.id()));
        json.writeEndObject();
    }
}
