package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.VictimScope;
import io.plimsoll.loadtest.simulate.GroupSpec.Failures;
import io.plimsoll.loadtest.simulate.GroupSpec.Limits;
import io.plimsoll.loadtest.simulate.GroupSpec.Preemption;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads the groups of a scenario. */
public final class GroupParser
{
    /** Types of sessions by name. */
    static final Map<String, SessionType> TYPES = Map.of(
        "batch", SessionType.BATCH,
        "interactive", SessionType.INTERACTIVE,
        "inference", SessionType.INFERENCE,
        "system", SessionType.SYSTEM);
    private static final Map<String, PreemptionMode> MODES =
        Map.of("terminate", PreemptionMode.TERMINATE, "reschedule", PreemptionMode.RESCHEDULE);
    private static final Map<String, VictimScope> SCOPES = Map.of(
        "group", VictimScope.GROUP,
        "resource-group", VictimScope.GROUP,
        "domain", VictimScope.DOMAIN,
        "project", VictimScope.PROJECT,
        "user", VictimScope.USER);

    private GroupParser()
    {
    }

    /** The options of one group; those that are not given are the usual ones. */
    public static GroupSpec parse(final YamlNode node)
    {
        return parse(node, GroupParser::knownOrder);
    }

    /** The same, with who says which order is meant. */
    static GroupSpec parse(final YamlNode node, final Function<YamlNode, OrderPolicy> orders)
    {
        final FieldSet fields = new FieldSet(node);
        final GroupSpec usual = GroupSpec.usual(fields.name());
        final YamlNode order = fields.find("order");
        final GroupSpec group = new GroupSpec(
            usual.name(),
            null == order ? usual.order() : orders.apply(order),
            select(fields, usual.select()),
            fields.choice("backfill", usual.backfill(), GroupSpec.BACKFILLS),
            preemption(fields),
            limits(fields),
            failures(fields),
            fields.durationNs("ageing", 0),
            fields.durationNs("halfLife", 0),
            fields.durationNs("delayMax", usual.delayMaxNs()),
            fields.count("seed", 0, 0, Long.MAX_VALUE),
            List.of(),
            node.line());
        fields.end();
        return group;
    }

    private static OrderPolicy knownOrder(final YamlNode order)
    {
        return FieldSet.choice(order, GroupSpec.ORDERS);
    }

    /** An order that nobody knows is {@code drf}, as users of existing schedulers expect, and is told. */
    static OrderPolicy knownOrderOrDrf(final YamlNode order, final Consumer<String> warnings)
    {
        final String name = order.text();
        try
        {
            return knownOrder(order);
        }
        catch (final ScenarioException ex)
        {
            warnings.accept(ex.getMessage() + ": drf instead of " + name);
            return OrderPolicy.DRF;
        }
    }

    private static String select(final FieldSet group, final String otherwise)
    {
        final YamlNode node = group.find("select");
        if (null == node)
        {
            return otherwise;
        }
        try
        {
            return GroupSpec.selectNamed(node.text());
        }
        catch (final IllegalArgumentException ex)
        {
            throw node.problem(ex.getMessage());
        }
    }

    private static Preemption preemption(final FieldSet group)
    {
        final YamlNode node = group.find("preemption");
        if (null == node)
        {
            return Preemption.OFF;
        }
        final FieldSet fields = new FieldSet(node);
        final boolean enabled = fields.flag("enabled", true);
        final PreemptionMode mode = fields.choice("mode", PreemptionMode.TERMINATE, MODES);
        final VictimScope scope = fields.choice("scope", VictimScope.GROUP, SCOPES);
        final long minRuntimeNs = fields.durationNs("minRuntime", 0);
        fields.end();
        return new Preemption(enabled ? mode : PreemptionMode.OFF, scope, minRuntimeNs);
    }

    private static Limits limits(final FieldSet group)
    {
        final Limits usual = Limits.usual();
        return new Limits(
            group.durationNs("pendingTimeout", 0),
            (int)group.count("pendingMax", usual.pendingMax(), 0, Integer.MAX_VALUE),
            types(group),
            (int)group.count("containersMax", 0, 0, Integer.MAX_VALUE),
            group.choice("unsatisfiable", true, Map.of("wait", true, "reject", false)));
    }

    private static Failures failures(final FieldSet group)
    {
        final Failures usual = Failures.usual();
        return new Failures(
            (int)group.count("attempts", usual.attemptsMax(), 1, 1_000_000),
            group.durationNs("retryBackoff", usual.retryBackoffNs()),
            (int)group.count("quarantineAfter", usual.quarantineAfter(), 0, Integer.MAX_VALUE),
            group.durationNs("quarantine", usual.quarantineNs()));
    }

    /** A bit for each type in the field {@code types}; 0 if it is not given, which allows all. */
    public static int types(final FieldSet fields)
    {
        int bits = 0;
        for (final YamlNode type : fields.list("types"))
        {
            bits |= 1 << FieldSet.choice(type, TYPES).value();
        }
        return bits;
    }
}
