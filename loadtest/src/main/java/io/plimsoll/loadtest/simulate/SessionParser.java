package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.simulate.SessionSpec.Behaviour;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import io.plimsoll.loadtest.simulate.SessionSpec.Request;
import io.plimsoll.loadtest.simulate.SessionSpec.Rules;
import io.plimsoll.transport.Amounts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Reads the sessions of a scenario: {@code count: 3} makes s-1 to s-3 of s. */
public final class SessionParser
{
    private static final int COUNT_MAX = 1_000_000;
    private static final int EXIT_CODE_MAX = 255;
    private static final int CONSTRAINTS_LENGTH_MAX = 4096;
    private static final int CONSTRAINT_HEADER_LENGTH = 5;
    private static final Map<String, OnLoss> ON_LOSS = Map.of("wait", OnLoss.WAIT, "restart", OnLoss.RESTART);
    private static final Map<String, FailurePolicy> FAILURE_POLICIES = Map.of(
        "strict", FailurePolicy.STRICT,
        "boot-all", FailurePolicy.BOOT_ALL,
        "tolerant", FailurePolicy.TOLERANT);

    private SessionParser()
    {
    }

    /**
     * The sessions of one entry.
     *
     * @param node   of the entry.
     * @param owners finds the account of a session.
     * @param group  of those that name none.
     * @param agents names of agents that are mentioned, separated by bars.
     */
    public static List<SessionSpec> parse(
        final YamlNode node,
        final ToIntFunction<FieldSet> owners,
        final String group,
        final Function<YamlNode, String> agents)
    {
        final FieldSet fields = new FieldSet(node);
        final String name = fields.name();
        final int count = (int)fields.count("count", 1, 1, COUNT_MAX);
        final List<Constraint> constraints = constraints(fields, agents);
        final Request request = RequestParser.parse(fields, constraints);
        checkLength(node, constraints);
        final SessionSpec spec = new SessionSpec(
            name,
            fields.durationNs("at", 0),
            owners.applyAsInt(fields),
            fields.text("group", group),
            (int)fields.count("priority", SessionSpec.PRIORITY_DEFAULT, 0, 100),
            fields.choice("type", SessionType.BATCH, GroupParser.TYPES),
            request,
            rules(fields),
            behaviour(fields),
            after(fields),
            List.copyOf(constraints),
            node.line());
        fields.end();
        final List<SessionSpec> sessions = new ArrayList<>();
        for (int number = 1; number <= count; number++)
        {
            sessions.add(1 == count ? spec : spec.with(name + "-" + number, spec.after()));
        }
        return sessions;
    }

    private static Rules rules(final FieldSet session)
    {
        final Rules usual = Rules.USUAL;
        return new Rules(
            session.durationNs("limit", usual.limitNs()),
            session.durationNs("startsAt", usual.startsAtNs()),
            session.choice("onLoss", usual.onLoss(), ON_LOSS),
            session.choice("failurePolicy", usual.failurePolicy(), FAILURE_POLICIES),
            session.flag("preemptible", usual.preemptible()));
    }

    private static Behaviour behaviour(final FieldSet session)
    {
        final List<Long> durations = new ArrayList<>();
        for (final YamlNode duration : session.list("duration"))
        {
            durations.add(FieldSet.amount(duration, FieldSet::durationNs));
        }
        final List<Integer> exitCodes = new ArrayList<>();
        for (final YamlNode exitCode : session.list("exitCode"))
        {
            final long code = FieldSet.amount(exitCode, Amounts::count);
            if (code > EXIT_CODE_MAX)
            {
                throw exitCode.problem(code + " is no exit code: 0 to " + EXIT_CODE_MAX);
            }
            exitCodes.add((int)code);
        }
        return new Behaviour(
            durations.isEmpty() ? List.of(SessionSpec.FOREVER) : durations,
            exitCodes.isEmpty() ? List.of(0) : exitCodes,
            session.durationNs("startDelay", 0),
            cancelAtNs(session));
    }

    private static long cancelAtNs(final FieldSet session)
    {
        final long cancelAtNs = session.durationNs("cancelAt", SessionSpec.NEVER);
        if (SessionSpec.NEVER != cancelAtNs && cancelAtNs < session.durationNs("at", 0))
        {
            throw session.find("cancelAt").problem(
                session.text("cancelAt", "") + " is before " + session.text("at", "") + ", when it is submitted");
        }
        return cancelAtNs;
    }

    private static List<Dependency> after(final FieldSet session)
    {
        final List<Dependency> after = new ArrayList<>();
        for (final YamlNode node : session.list("after"))
        {
            if (node.isObject())
            {
                final FieldSet fields = new FieldSet(node);
                final String name = fields.need("session").text();
                final boolean any = fields.choice("ends", false, Map.of("any", true, "success", false));
                fields.end();
                after.add(new Dependency(name, any));
            }
            else
            {
                after.add(new Dependency(node.text(), false));
            }
        }
        for (final String name : session.texts("afterAny"))
        {
            after.add(new Dependency(name, true));
        }
        return after;
    }

    /* Constraints. */

    /** The scheduler keeps them with each session. */
    private static void checkLength(final YamlNode node, final List<Constraint> constraints)
    {
        int length = 0;
        for (final Constraint constraint : constraints)
        {
            length += CONSTRAINT_HEADER_LENGTH +
                constraint.key().getBytes(StandardCharsets.UTF_8).length +
                constraint.values().getBytes(StandardCharsets.UTF_8).length;
        }
        if (length > CONSTRAINTS_LENGTH_MAX)
        {
            throw node.problem("what it says of agents and labels takes " + length + " bytes, of at most " +
                CONSTRAINTS_LENGTH_MAX + "; a label in common says more in less");
        }
    }

    private static List<Constraint> constraints(final FieldSet session, final Function<YamlNode, String> names)
    {
        final List<Constraint> constraints = new ArrayList<>();
        if (session.has("arch"))
        {
            constraints.add(new Constraint(ConstraintKind.ARCH_IN, "", String.join("|", session.texts("arch"))));
        }
        for (final String name : new String[]{"model", "deviceModel"})
        {
            if (session.has(name))
            {
                constraints.add(new Constraint(
                    ConstraintKind.LABEL_IN,
                    "cuda" + SessionSpec.MODEL_LABEL,
                    String.join("|", session.texts(name))));
            }
        }
        labels(session.object("labels"), ConstraintKind.LABEL_IN, ConstraintKind.LABEL_EXISTS, constraints);
        labels(session.object("notLabels"), ConstraintKind.LABEL_NOT_IN, ConstraintKind.LABEL_ABSENT, constraints);
        agents(session.find("agents"), names, constraints);
        if (session.has("on"))
        {
            constraints.add(new Constraint(ConstraintKind.AGENT_STRICT, "", names.apply(session.find("on"))));
        }
        if (session.has("prefer"))
        {
            constraints.add(
                new Constraint(ConstraintKind.AGENT_PREFERRED, "", names.apply(session.find("prefer"))));
        }
        relation(session.find("spread"), ConstraintKind.SPREAD_STRICT, ConstraintKind.SPREAD_PREFERRED, constraints);
        relation(session.find("pack"), ConstraintKind.PACK_STRICT, ConstraintKind.PACK_PREFERRED, constraints);
        return constraints;
    }

    /** Label and value, or any of some values; {@code *} is about the label alone. */
    private static void labels(
        final FieldSet labels,
        final ConstraintKind values,
        final ConstraintKind alone,
        final List<Constraint> constraints)
    {
        if (null == labels)
        {
            return;
        }
        for (final Map.Entry<String, YamlNode> label : labels.entries().entrySet())
        {
            final List<String> texts = new ArrayList<>();
            label.getValue().items().forEach(item -> texts.add(item.text()));
            final boolean any = List.of("*").equals(texts);
            constraints.add(
                new Constraint(any ? alone : values, label.getKey(), any ? "" : String.join("|", texts)));
        }
    }

    /** A list of names is strict; an object says which it is. */
    private static void agents(
        final YamlNode node, final Function<YamlNode, String> names, final List<Constraint> constraints)
    {
        if (null == node)
        {
            return;
        }
        if (!node.isObject())
        {
            constraints.add(new Constraint(ConstraintKind.AGENT_STRICT, "", names.apply(node)));
            return;
        }
        final FieldSet fields = new FieldSet(node);
        if (fields.has("strict"))
        {
            constraints.add(new Constraint(ConstraintKind.AGENT_STRICT, "", names.apply(fields.find("strict"))));
        }
        if (fields.has("preferred"))
        {
            constraints.add(
                new Constraint(ConstraintKind.AGENT_PREFERRED, "", names.apply(fields.find("preferred"))));
        }
        fields.end();
    }

    /** The name of a group of sessions is strict; an object says which it is. */
    private static void relation(
        final YamlNode node,
        final ConstraintKind strict,
        final ConstraintKind preferred,
        final List<Constraint> constraints)
    {
        if (null == node)
        {
            return;
        }
        if (node.isScalar())
        {
            constraints.add(new Constraint(strict, node.text(), ""));
            return;
        }
        final FieldSet fields = new FieldSet(node);
        final String name = fields.name();
        final ConstraintKind kind =
            fields.choice("mode", strict, Map.of("strict", strict, "preferred", preferred));
        fields.end();
        constraints.add(new Constraint(kind, name, ""));
    }
}
