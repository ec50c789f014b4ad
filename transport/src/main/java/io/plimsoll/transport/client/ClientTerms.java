package io.plimsoll.transport.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What most sessions say nothing of: after which others one comes, when, where, and for whom. The words are those of
 * the HTTP API, which checks them. Immutable; each method gives another one.
 */
public final class ClientTerms
{
    /** Nothing said. */
    public static final ClientTerms NONE = new ClientTerms(Map.of());

    private static final JsonFactory JSON = new JsonFactory();

    /** Values are texts, flags, lists of ids, or lists of texts. */
    private final Map<String, Object> fields;

    private ClientTerms(final Map<String, Object> fields)
    {
        this.fields = fields;
    }

    /** After sessions that have to end with success first, by their ids. */
    public ClientTerms after(final List<Long> ids)
    {
        return with("after", List.copyOf(ids));
    }

    /** After sessions that have to end first, however they do, by their ids. */
    public ClientTerms afterAny(final List<Long> ids)
    {
        return with("afterAny", List.copyOf(ids));
    }

    /** Not before a time such as {@code 2026-11-22T18:00:00Z}, or a duration from now on such as {@code 90m}. */
    public ClientTerms startAt(final String time)
    {
        return with("startAt", time);
    }

    /** Counts for an account, by name or number. */
    public ClientTerms account(final String idOrName)
    {
        return with("account", idOrName);
    }

    /** Counts for a project of the submitter's, by name. */
    public ClientTerms project(final String name)
    {
        return with("project", name);
    }

    /** What the end of one kernel means for the others: strict, boot-all or tolerant. */
    public ClientTerms failurePolicy(final String policy)
    {
        return with("failurePolicy", policy);
    }

    /** May have to yield to others. */
    public ClientTerms preemptible()
    {
        return with("preemptible", true);
    }

    /** On agents of one of these architectures, such as {@code x86_64}. */
    public ClientTerms arch(final List<String> any)
    {
        return with("arch", List.copyOf(any));
    }

    /** On agents whose labels are so: conditions such as {@code zone=z1|z2}, {@code disk!=hdd}, {@code !spot}. */
    public ClientTerms labels(final List<String> conditions)
    {
        return with("labels", List.copyOf(conditions));
    }

    /** On agents with devices of one of these models. */
    public ClientTerms deviceModel(final List<String> any)
    {
        return with("deviceModel", List.copyOf(any));
    }

    /** On one of these agents and no others. */
    public ClientTerms on(final List<String> agents)
    {
        return with("on", List.copyOf(agents));
    }

    /** On one of these agents if that can be. */
    public ClientTerms prefer(final List<String> agents)
    {
        return with("prefer", List.copyOf(agents));
    }

    /** Apart from others that name the same; with {@code :strict} behind the name if it must be. */
    public ClientTerms spread(final String name)
    {
        return with("spread", name);
    }

    /** On agents of others that name the same; with {@code :strict} behind the name if it must be. */
    public ClientTerms pack(final String name)
    {
        return with("pack", name);
    }

    private ClientTerms with(final String field, final Object value)
    {
        final Map<String, Object> more = new TreeMap<>(fields);
        more.put(field, value);
        return new ClientTerms(more);
    }

    /** As a JSON object in UTF-8; empty if nothing is said. */
    byte[] encode()
    {
        if (fields.isEmpty())
        {
            return new byte[0];
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out))
        {
            json.writeStartObject();
            for (final Map.Entry<String, Object> field : fields.entrySet())
            {
                json.writeFieldName(field.getKey());
                write(json, field.getValue());
            }
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return out.toByteArray();
    }

    private static void write(final JsonGenerator json, final Object value) throws IOException
    {
        if (value instanceof final List<?> list)
        {
            json.writeStartArray();
            for (final Object element : list)
            {
                write(json, element);
            }
            json.writeEndArray();
        }
        else if (value instanceof final Long number)
        {
            json.writeNumber(number);
        }
        else if (value instanceof final Boolean flag)
        {
            json.writeBoolean(flag);
        }
        else
        {
            json.writeString(value.toString());
        }
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof final ClientTerms terms && fields.equals(terms.fields);
    }

    @Override
    public int hashCode()
    {
        return fields.hashCode();
    }

    @Override
    public String toString()
    {
        return "ClientTerms" + fields;
    }
}
