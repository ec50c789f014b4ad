package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the terms of a session where they come alone, beside a submission that is no JSON. Fields, rules and messages
 * are those of the API. Used once, by one thread.
 */
final class TermsReader
{
    private static final String ACCOUNT = "account";
    private static final String PROJECT = "project";
    private static final List<String> FIELDS = fields();

    private final TermsDraft draft = new TermsDraft();
    private final Set<String> seen = new HashSet<>();
    private String account;
    private String project;

    private static List<String> fields()
    {
        final List<String> fields = new ArrayList<>(TermsDraft.FIELDS);
        fields.add(ACCOUNT);
        fields.add(PROJECT);
        return List.copyOf(fields);
    }

    /** Reads an object; throws the problem if it is none, or wrong. */
    void read(final byte[] json)
    {
        Json.checkUtf8(json);
        try (JsonParser parser = Json.parser(json))
        {
            if (null == parser.nextToken())
            {
                throw new Problem(400, "bad-json", "the terms are blank; leave them out").asException();
            }
            FieldReader.expectObject(parser, "an object of terms, such as {\"after\": [7]}");
            while (JsonToken.END_OBJECT != parser.nextToken())
            {
                final String field = parser.currentName();
                parser.nextToken();
                read(field, parser);
            }
            SubmitParser.endOfBody(parser);
        }
        catch (final JsonProcessingException ex)
        {
            throw SubmitParser.badJson(ex).asException();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void read(final String field, final JsonParser parser) throws IOException
    {
        if (!FIELDS.contains(field))
        {
            final List<String> near = NearMatch.find(field, FIELDS);
            throw new Problem(
                400, "unknown-field", "/" + field + ": there is no such field of terms" + NearMatch.hint(near))
                .field("/" + field)
                .with("nearest", near)
                .asException();
        }
        if (!seen.add(field))
        {
            throw FieldReader.duplicate(parser);
        }
        if (JsonToken.VALUE_NULL == parser.currentToken())
        {
            return;
        }
        switch (field)
        {
            case ACCOUNT -> account = SessionDraft.readAccount(parser);
            case PROJECT -> project = SessionDraft.readProject(parser);
            default -> draft.read(field, parser);
        }
    }

    TermsDraft draft()
    {
        return draft;
    }

    /** By what the account is known that it counts for; null: the submitter's own. */
    String account()
    {
        return SessionDraft.account("", account, project);
    }
}
