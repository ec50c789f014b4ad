package io.plimsoll.transport;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Notes as a field of a launch spec; one without any has no such field. Unknown fields are skipped. */
final class SessionNotesCodec
{
    private SessionNotesCodec()
    {
    }

    static void write(final JsonGenerator json, final SessionNotes notes) throws IOException
    {
        if (SessionNotes.NONE.equals(notes))
        {
            return;
        }
        json.writeObjectFieldStart("notes");
        LaunchSpecCodec.writeNumber(json, "idleTimeoutNs", notes.idleTimeoutNs());
        LaunchSpecCodec.writeNumber(json, "lowUseWindowNs", notes.lowUseWindowNs());
        LaunchSpecCodec.writeText(json, "callback", notes.callback());
        LaunchSpecCodec.writeText(json, "template", notes.template());
        LaunchSpecCodec.writeNumber(json, "templateVersion", notes.templateVersion());
        json.writeEndObject();
    }

    static SessionNotes read(final JsonParser json) throws IOException
    {
        if (JsonToken.START_OBJECT != json.currentToken())
        {
            throw new IllegalArgumentException("notes is not an object");
        }
        long idleTimeoutNs = 0;
        long lowUseWindowNs = 0;
        String callback = null;
        String template = null;
        int templateVersion = 0;
        while (JsonToken.FIELD_NAME == json.nextToken())
        {
            final String name = json.currentName();
            json.nextToken();
            switch (name)
            {
                case "idleTimeoutNs" -> idleTimeoutNs = LaunchSpecCodec.Fields.number(name, json);
                case "lowUseWindowNs" -> lowUseWindowNs = LaunchSpecCodec.Fields.number(name, json);
                case "callback" -> callback = LaunchSpecCodec.Fields.text(name, json);
                case "template" -> template = LaunchSpecCodec.Fields.text(name, json);
                case "templateVersion" -> templateVersion = (int)LaunchSpecCodec.Fields.number(name, json);
                default -> json.skipChildren();
            }
        }
        return new SessionNotes(idleTimeoutNs, lowUseWindowNs, callback, template, templateVersion);
    }
}
