package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.Amounts;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Where and when a session of a submission may run, while its JSON is read; used once, by one thread. */
final class TermsDraft
{
    /** Fields that {@link #read} knows. */
    static final List<String> FIELDS = List.of(
        "after", "afterAny", "startAt", "failurePolicy", "preemptible", "arch", "labels", "deviceModel", "on", "prefer",
        "spread", "pack");

    private static final int TEXT_LENGTH_MAX = 128;
    private static final int LIST_LENGTH_MAX = 64;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long START_MAX_NS = 1L << 62;
    private static final String STRICT = ":strict";

    private final List<Long> dependencies = new ArrayList<>();
    private final List<Long> afterAny = new ArrayList<>();
    private final List<Constraint> constraints = new ArrayList<>();
    private long startsAtNs;
    private FailurePolicy failurePolicy = FailurePolicy.STRICT;
    private boolean preemptible;

    void read(final String field, final JsonParser parser) throws IOException
    {
        switch (field)
        {
            case "after" -> ids(parser, dependencies);
            case "afterAny" -> ids(parser, afterAny);
            case "startAt" -> startsAtNs = startAt(parser);
            case "failurePolicy" -> failurePolicy = failurePolicy(parser);
            case "preemptible" -> preemptible = flag(parser);
            case "arch" -> add(ConstraintKind.ARCH_IN, "", values(parser, "an architecture, such as \"x86_64\""));
            case "labels" -> labels(parser);
            case "deviceModel" -> add(
                ConstraintKind.LABEL_IN, Constraint.MODEL_LABEL, values(parser, "a model, such as \"A100\""));
            case "on" -> add(ConstraintKind.AGENT_STRICT, "", values(parser, "the name of an agent"));
            case "prefer" -> add(ConstraintKind.AGENT_PREFERRED, "", values(parser, "the name of an agent"));
            case "spread" -> relation(parser, ConstraintKind.SPREAD_STRICT, ConstraintKind.SPREAD_PREFERRED);
            case "pack" -> relation(parser, ConstraintKind.PACK_STRICT, ConstraintKind.PACK_PREFERRED);
            default -> throw new IllegalStateException("field=" + field);
        }
    }

    List<Long> dependencies()
    {
        return dependencies;
    }

    SessionTerms terms(final int accountId, final List<SessionPart> parts)
    {
        final boolean plain = 0 == accountId && 0 == startsAtNs && FailurePolicy.STRICT == failurePolicy &&
            !preemptible && afterAny.isEmpty() && constraints.isEmpty() && parts.isEmpty();
        return plain ? SessionTerms.DEFAULTS : new SessionTerms(
            accountId, startsAtNs, failurePolicy, preemptible, List.copyOf(afterAny), List.copyOf(constraints), parts);
    }

    /** Containers need an agent that can run them, and can do so now. */
    void needsEngine()
    {
        add(ConstraintKind.LABEL_EXISTS, ContainerSpec.ENGINE_LABEL, "");
        add(ConstraintKind.LABEL_NOT_IN, ContainerSpec.DEGRADED_LABEL, ContainerSpec.ENGINE_LABEL);
    }

    /** A runtime of the agents' own is not on every agent. */
    void needsRuntime(final String runtime)
    {
        add(ConstraintKind.LABEL_EXISTS, LaunchSpec.RUNTIME_LABEL + runtime, "");
    }

    private void add(final ConstraintKind kind, final String key, final String values)
    {
        constraints.add(new Constraint(kind, key, values));
    }

    private void ids(final JsonParser parser, final List<Long> ids) throws IOException
    {
        final String right = "an array of session ids or ranges, such as [7, \"5-204\"]";
        if (JsonToken.START_ARRAY != parser.currentToken())
        {
            throw FieldReader.wrongType(parser, right);
        }
        while (JsonToken.END_ARRAY != parser.nextToken())
        {
            final IdRange range = SessionDraft.idRange(parser, right);
            final int left = SessionDraft.DEPENDENCIES_MAX - dependencies.size() - afterAny.size();
            if (range.lastId() - range.firstId() >= left)
            {
                throw FieldReader.outOfRange(parser, "at most " + SessionDraft.DEPENDENCIES_MAX + " ids in all");
            }
            for (long id = range.firstId(); id <= range.lastId(); id++)
            {
                ids.add(id);
            }
        }
    }

    /** A time, or a duration from now on: the manager's clock decides, that of the client may be wrong. */
    private static long startAt(final JsonParser parser) throws IOException
    {
        final String right = "a time such as \"2026-11-22T18:00:00Z\", or a duration from now such as \"90m\"";
        final String text = FieldReader.text(parser, TEXT_LENGTH_MAX, right);
        final Instant now = Instant.now();
        try
        {
            if (text.indexOf('T') > 0)
            {
                return checked(parser, Math.max(0, epochNs(OffsetDateTime.parse(text).toInstant())));
            }
            return checked(parser, Math.addExact(epochNs(now), Amounts.durationNs(text)));
        }
        catch (final DateTimeException | IllegalArgumentException | ArithmeticException ex)
        {
            throw FieldReader.outOfRange(parser, right);
        }
    }

    private static long checked(final JsonParser parser, final long epochNs) throws IOException
    {
        if (epochNs > START_MAX_NS)
        {
            throw FieldReader.outOfRange(parser, "a time before the year 2116");
        }
        return epochNs;
    }

    private static long epochNs(final Instant time)
    {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), NS_PER_S), time.getNano());
    }

    private static FailurePolicy failurePolicy(final JsonParser parser) throws IOException
    {
        final String right = "\"strict\", \"boot-all\" or \"tolerant\"";
        return switch (FieldReader.text(parser, TEXT_LENGTH_MAX, right))
        {
            case "strict" -> FailurePolicy.STRICT;
            case "boot-all" -> FailurePolicy.BOOT_ALL;
            case "tolerant" -> FailurePolicy.TOLERANT;
            default -> throw FieldReader.outOfRange(parser, right);
        };
    }

    static boolean flag(final JsonParser parser) throws IOException
    {
        return switch (parser.currentToken())
        {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw FieldReader.wrongType(parser, "true or false");
        };
    }

    /** One text, or several of which any will do. */
    private static String values(final JsonParser parser, final String right) throws IOException
    {
        if (JsonToken.START_ARRAY != parser.currentToken())
        {
            return value(parser, right);
        }
        final List<String> values = new ArrayList<>();
        while (JsonToken.END_ARRAY != parser.nextToken())
        {
            values.add(value(parser, right));
            if (values.size() > LIST_LENGTH_MAX)
            {
                throw FieldReader.outOfRange(parser, "at most " + LIST_LENGTH_MAX + " of them");
            }
        }
        if (values.isEmpty())
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return String.join("|", values);
    }

    private static String value(final JsonParser parser, final String right) throws IOException
    {
        final String text = FieldReader.text(parser, TEXT_LENGTH_MAX, right);
        if (text.isEmpty() || text.startsWith("|") || text.endsWith("|") || text.contains("||"))
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return text;
    }

    private void labels(final JsonParser parser) throws IOException
    {
        final String right = "an array of conditions, such as [\"zone=z1|z2\", \"disk!=hdd\", \"ssd\", \"!spot\"]";
        if (JsonToken.START_ARRAY != parser.currentToken())
        {
            throw FieldReader.wrongType(parser, right);
        }
        int count = 0;
        while (JsonToken.END_ARRAY != parser.nextToken())
        {
            final Constraint constraint = label(FieldReader.text(parser, TEXT_LENGTH_MAX, right));
            if (null == constraint || ++count > LIST_LENGTH_MAX)
            {
                throw FieldReader.outOfRange(parser, right + ", at most " + LIST_LENGTH_MAX);
            }
            constraints.add(constraint);
        }
    }

    /** Null if the text is no condition on a label. */
    static Constraint label(final String text)
    {
        final int equals = text.indexOf('=');
        if (equals < 0)
        {
            final boolean absent = text.startsWith("!");
            final String key = absent ? text.substring(1) : text;
            final ConstraintKind kind = absent ? ConstraintKind.LABEL_ABSENT : ConstraintKind.LABEL_EXISTS;
            return isKey(key) ? new Constraint(kind, key, "") : null;
        }
        final boolean not = equals > 0 && '!' == text.charAt(equals - 1);
        final String key = text.substring(0, not ? equals - 1 : equals);
        final String values = text.substring(equals + 1);
        final boolean right = isKey(key) && !values.isEmpty() && !values.startsWith("|") && !values.endsWith("|") &&
            !values.contains("||");
        return right ?
            new Constraint(not ? ConstraintKind.LABEL_NOT_IN : ConstraintKind.LABEL_IN, key, values) : null;
    }

    private static boolean isKey(final String key)
    {
        return !key.isEmpty() && key.chars().noneMatch(c -> '!' == c || '|' == c || Character.isWhitespace(c));
    }

    private void relation(final JsonParser parser, final ConstraintKind strict, final ConstraintKind preferred)
        throws IOException
    {
        final String right = "the name of a group of sessions, such as \"web\" or \"web:strict\"";
        final String text = FieldReader.text(parser, TEXT_LENGTH_MAX, right);
        final boolean isStrict = text.endsWith(STRICT);
        final String name = isStrict ? text.substring(0, text.length() - STRICT.length()) : text;
        if (name.isEmpty() || name.indexOf(':') >= 0)
        {
            throw FieldReader.outOfRange(parser, right);
        }
        add(isStrict ? strict : preferred, name, "");
    }
}
