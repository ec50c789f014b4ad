package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.control.SessionTerms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Terms of a session, in the words in which they can be asked for. */
final class TermsJson
{
    private TermsJson()
    {
    }

    static void write(final JsonGenerator json, final SessionTerms terms) throws IOException
    {
        json.writeArrayFieldStart("afterAny");
        for (final long id : terms.afterAny())
        {
            json.writeNumber(id);
        }
        json.writeEndArray();
        JsonFields.time(json, "startAt", terms.startsAtNs());
        json.writeStringField("failurePolicy", ApiNames.lower(terms.failurePolicy()).replace('_', '-'));
        json.writeBooleanField("preemptible", terms.preemptible());
        texts(json, "arch", values(terms, ConstraintKind.ARCH_IN));
        texts(json, "labels", labels(terms));
        texts(json, "on", values(terms, ConstraintKind.AGENT_STRICT));
        texts(json, "prefer", values(terms, ConstraintKind.AGENT_PREFERRED));
        relation(json, "spread", terms, ConstraintKind.SPREAD_STRICT, ConstraintKind.SPREAD_PREFERRED);
        relation(json, "pack", terms, ConstraintKind.PACK_STRICT, ConstraintKind.PACK_PREFERRED);
    }

    private static void texts(final JsonGenerator json, final String name, final List<String> texts)
        throws IOException
    {
        json.writeArrayFieldStart(name);
        for (final String text : texts)
        {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static List<String> values(final SessionTerms terms, final ConstraintKind kind)
    {
        final List<String> values = new ArrayList<>();
        for (final Constraint constraint : terms.constraints())
        {
            if (kind == constraint.kind())
            {
                values.addAll(constraint.valueList());
            }
        }
        return values;
    }

    private static List<String> labels(final SessionTerms terms)
    {
        final List<String> labels = new ArrayList<>();
        for (final Constraint constraint : terms.constraints())
        {
            if (constraint.isEngine() || constraint.isRuntime())
            {
                continue;
            }
            switch (constraint.kind())
            {
                case LABEL_IN -> labels.add(constraint.key() + "=" + constraint.values());
                case LABEL_NOT_IN -> labels.add(constraint.key() + "!=" + constraint.values());
                case LABEL_EXISTS -> labels.add(constraint.key());
                case LABEL_ABSENT -> labels.add("!" + constraint.key());
                default ->
                {
                }
            }
        }
        return labels;
    }

    private static void relation(
        final JsonGenerator json,
        final String name,
        final SessionTerms terms,
        final ConstraintKind strict,
        final ConstraintKind preferred) throws IOException
    {
        for (final Constraint constraint : terms.constraints())
        {
            if (strict == constraint.kind() || preferred == constraint.kind())
            {
                json.writeStringField(name, constraint.key() + (strict == constraint.kind() ? ":strict" : ""));
                return;
            }
        }
        json.writeNullField(name);
    }
}
