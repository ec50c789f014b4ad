package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.filter.FilteringGeneratorDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import io.plimsoll.manager.SessionFacts;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which fields of sessions an answer has. Immutable. */
final class FieldSelection
{
    /** As the API names them, in the order in which they are written. */
    static final List<String> FIELDS = List.of(
        "id", "name", "owner", "group", "type", "priority", "state", "result", "reason", "exitCode", "attempt",
        "arrayId", "arrayIndex", "submittedAt", "startedAt", "endedAt", "waitSeconds", "runSeconds", "notBefore",
        "onLoss", "timeoutSeconds", "slots", "parts", "after", "afterAny", "startAt", "failurePolicy", "preemptible",
        "arch", "labels", "on", "prefer", "spread", "pack", "command", "env", "cwd", "image", "runtime", "stdin",
        "tty", "template", "idleTimeoutSeconds", "lowUseWindowSeconds", "idle", "callback", "kernels");

    private final TokenFilter filter;

    private FieldSelection(final TokenFilter filter)
    {
        this.filter = filter;
    }

    /** Of the parameter {@code fields}; all of them if it is not there. */
    static FieldSelection of(final Exchange exchange)
    {
        final String text = exchange.text("fields");
        if (null == text)
        {
            return new FieldSelection(null);
        }
        final Set<String> names = new TreeSet<>();
        for (final String name : text.split(",", FIELDS.size() + 1))
        {
            if (!FIELDS.contains(name.trim()))
            {
                throw exchange.badParameter(
                    "fields", "a list of fields of a session" + NearMatch.hint(NearMatch.find(name.trim(), FIELDS)));
            }
            names.add(name.trim());
        }
        return new FieldSelection(new Named(names));
    }

    void write(
        final JsonGenerator json, final SessionView session, final UsageView usage, final SessionFacts facts)
        throws IOException
    {
        if (null == filter)
        {
            SessionJson.write(json, session, usage, facts);
        }
        else
        {
            SessionJson.write(
                new FilteringGeneratorDelegate(
                    json, new Whole(filter), TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH, true),
                session,
                usage,
                facts);
        }
    }

    /** A session is an object, of which the other filter says what is in it. */
    private static final class Whole extends TokenFilter
    {
        private final TokenFilter fields;

        private Whole(final TokenFilter fields)
        {
            this.fields = fields;
        }

        @Override
        public TokenFilter includeRootValue(final int index)
        {
            return fields;
        }

        @Override
        public TokenFilter includeElement(final int index)
        {
            return fields;
        }
    }

    private static final class Named extends TokenFilter
    {
        private final Set<String> names;

        private Named(final Set<String> names)
        {
            this.names = names;
        }

        @Override
        public TokenFilter includeProperty(final String name)
        {
            return names.contains(name) ? INCLUDE_ALL : null;
        }
    }
}
