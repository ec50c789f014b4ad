package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SubmitReply;
import java.io.IOException;
import java.util.List;

/** Hands the ids of the accepted chunks out to the sessions of a submission, in order. */
final class SubmitReplyJson
{
    private final SubmitParser.Submission submission;
    private final List<SubmitReply> chunks;
    private int chunk;
    private long taken;

    SubmitReplyJson(final SubmitParser.Submission submission, final List<SubmitReply> chunks)
    {
        this.submission = submission;
        this.chunks = chunks;
    }

    boolean repeated()
    {
        boolean repeated = true;
        for (final SubmitReply reply : chunks)
        {
            repeated &= reply.repeated();
        }
        return repeated;
    }

    /** First id of the first session. */
    long firstId()
    {
        return chunks.get(0).firstId();
    }

    void write(final JsonGenerator json, final String durability) throws IOException
    {
        json.writeStartObject();
        if (submission.single())
        {
            ids(json, submission.sessions().get(0));
        }
        else
        {
            json.writeArrayFieldStart("sessions");
            for (final SessionRequest session : submission.sessions())
            {
                json.writeStartObject();
                ids(json, session);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeBooleanField("repeated", repeated());
        json.writeNumberField("sequence", chunks.get(chunks.size() - 1).sequence());
        json.writeStringField("durability", durability);
        json.writeEndObject();
    }

    static void array(final JsonGenerator json, final long firstId, final int count) throws IOException
    {
        final long lastId = firstId + count - 1;
        json.writeNumberField("arrayId", firstId);
        json.writeNumberField("firstId", firstId);
        json.writeNumberField("lastId", lastId);
        json.writeNumberField("count", count);
        json.writeStringField("ids", IdRanges.format(firstId, lastId));
    }

    private void ids(final JsonGenerator json, final SessionRequest session) throws IOException
    {
        while (taken >= chunks.get(chunk).count())
        {
            chunk++;
            taken = 0;
        }
        final long firstId = chunks.get(chunk).firstId() + taken;
        taken += session.count();
        if (session.array())
        {
            array(json, firstId, session.count());
        }
        else
        {
            json.writeNumberField("id", firstId);
        }
    }
}
