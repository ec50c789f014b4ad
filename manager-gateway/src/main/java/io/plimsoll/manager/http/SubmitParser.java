package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.identity.Template;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the body of a submission in one pass over its bytes: one session, or <code>{"sessions": […]}</code>. Unknown
 * names, wrong kinds and anything that is not exactly JSON end in a {@link ProblemException} that names the place.
 * Stateless.
 */
final class SubmitParser
{
    static final int SESSIONS_MAX = 100_000;

    private static final String SESSIONS = "sessions";

    /** What JSON for the launch spec can be longer than the JSON of the session it was read from. */
    private static final int SPEC_OVERHEAD_MAX = 512;

    private SubmitParser()
    {
    }

    /** Reads a whole body; names of accounts become their numbers. */
    static Submission parse(final byte[] body, final SubmissionNames accounts)
    {
        Json.checkUtf8(body);
        try (JsonParser parser = Json.parser(body))
        {
            return document(parser, accounts);
        }
        catch (final JsonProcessingException ex)
        {
            throw badJson(ex).asException();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Reads a line that is one session; names of accounts become their numbers. */
    static SessionRequest parseLine(
        final byte[] bytes, final int offset, final int length, final SubmissionNames accounts)
    {
        Json.checkUtf8(bytes, offset, length);
        try (JsonParser parser = Json.parser(bytes, offset, length))
        {
            parser.nextToken();
            FieldReader.expectObject(parser, "a session, such as {\"command\": [\"/bin/true\"]}");
            final SessionDraft draft = new SessionDraft();
            while (JsonToken.END_OBJECT != parser.nextToken())
            {
                final String field = parser.currentName();
                parser.nextToken();
                field(draft, field, parser);
            }
            endOfBody(parser);
            return checked(draft.build("", accounts), "", length);
        }
        catch (final JsonProcessingException ex)
        {
            throw badJson(ex).asException();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** The problem for a body that the parser could not read. */
    static Problem badJson(final JsonProcessingException ex)
    {
        final String place = null == ex.getLocation() ?
            "" : " at line " + ex.getLocation().getLineNr() + ", column " + ex.getLocation().getColumnNr();
        final String message = ex.getOriginalMessage();
        return new Problem(400, "bad-json", "the body is not JSON as it should be" + place + ": " + message);
    }

    private static Submission document(final JsonParser parser, final SubmissionNames accounts)
        throws IOException
    {
        if (null == parser.nextToken())
        {
            throw new Problem(
                400, "bad-json", "the body is empty; send a session, such as {\"command\": [\"/bin/true\"]}")
                .asException();
        }
        FieldReader.expectObject(parser, "an object: one session, or {\"sessions\": [...]}");
        final SessionDraft draft = new SessionDraft();
        List<SessionRequest> sessions = null;
        boolean single = false;
        while (JsonToken.END_OBJECT != parser.nextToken())
        {
            final String field = parser.currentName();
            parser.nextToken();
            if (SESSIONS.equals(field))
            {
                if (single || null != sessions)
                {
                    throw onlySessions(parser);
                }
                sessions = sessions(parser, accounts);
            }
            else if (null != sessions)
            {
                throw onlySessions(parser);
            }
            else
            {
                single = true;
                field(draft, field, parser);
            }
        }
        endOfBody(parser);
        return null != sessions ?
            new Submission(sessions, false) :
            new Submission(
                List.of(checked(draft.build("", accounts), "", parser.currentLocation().getByteOffset())), true);
    }

    static void endOfBody(final JsonParser parser) throws IOException
    {
        if (null != parser.nextToken())
        {
            throw new Problem(400, "bad-json", "there is more after the end of the JSON object").asException();
        }
    }

    private static ProblemException onlySessions(final JsonParser parser)
    {
        return FieldReader.problem(
            "conflicting-fields", parser, "a body is either one session or only a list \"sessions\"");
    }

    private static List<SessionRequest> sessions(final JsonParser parser, final SubmissionNames accounts)
        throws IOException
    {
        if (JsonToken.START_ARRAY != parser.currentToken())
        {
            throw FieldReader.wrongType(parser, "an array of sessions");
        }
        final List<SessionRequest> sessions = new ArrayList<>();
        while (JsonToken.END_ARRAY != parser.nextToken())
        {
            FieldReader.expectObject(parser, "a session, such as {\"command\": [\"/bin/true\"]}");
            if (sessions.size() >= SESSIONS_MAX)
            {
                throw FieldReader.outOfRange(parser, "at most " + SESSIONS_MAX + " sessions in one request");
            }
            sessions.add(session(parser, sessions.size(), accounts));
        }
        if (sessions.isEmpty())
        {
            throw FieldReader.outOfRange(parser, "at least one session");
        }
        return sessions;
    }

    private static SessionRequest session(
        final JsonParser parser, final int index, final SubmissionNames accounts) throws IOException
    {
        final long start = parser.currentLocation().getByteOffset();
        final SessionDraft draft = new SessionDraft();
        while (JsonToken.END_OBJECT != parser.nextToken())
        {
            final String field = parser.currentName();
            parser.nextToken();
            field(draft, field, parser);
        }
        final String pointer = "/sessions/" + index;
        return checked(draft.build(pointer, accounts), pointer, parser.currentLocation().getByteOffset() - start);
    }

    static void field(final SessionDraft draft, final String field, final JsonParser parser) throws IOException
    {
        if (!draft.tryField(field, parser))
        {
            final List<String> near = NearMatch.find(field, SessionDraft.FIELDS);
            final String pointer = parser.getParsingContext().pathAsPointer().toString();
            throw new Problem(
                400, "unknown-field", pointer + ": there is no such field of a session" + NearMatch.hint(near))
                .field(pointer)
                .with("nearest", near)
                .asException();
        }
    }

    /** The spec is measured only when the text it came from could have been long enough. */
    private static SessionRequest checked(final SessionRequest session, final String pointer, final long textLength)
    {
        final int fromTemplate = null == session.spec().notes().template() ? 0 : Template.LENGTH_MAX;
        if (textLength + fromTemplate + SPEC_OVERHEAD_MAX > LaunchSpec.LENGTH_MAX)
        {
            try
            {
                LaunchSpecCodec.encode(session.spec());
            }
            catch (final IllegalArgumentException ex)
            {
                throw new Problem(400, "out-of-range", pointer + "/command: " + ex.getMessage())
                    .field(pointer + "/command")
                    .asException();
            }
        }
        return session;
    }

    /**
     * What a body held.
     *
     * @param sessions at least one.
     * @param single   whether the body was one session rather than a list.
     */
    record Submission(List<SessionRequest> sessions, boolean single)
    {
    }
}
