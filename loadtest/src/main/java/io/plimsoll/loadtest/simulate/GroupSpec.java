package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.policy.SelectionPolicies;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.sbe.VictimScope;
import io.plimsoll.transport.NearMatch;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A resource group with its policy and options.
 *
 * @param name            of the group.
 * @param order           who is next.
 * @param select          where: name of the policy.
 * @param backfill        who may go before a session that does not fit.
 * @param preemption      whether and how the less important yield.
 * @param limits          timeouts and bounds.
 * @param failures        what follows when starts fail.
 * @param ageingNs        waiting that is worth a point of priority; 0: none.
 * @param usageHalfLifeNs in which usage counts half; 0: never.
 * @param delayMaxNs      most that predictive backfill may delay anyone.
 * @param seed            of random selection.
 * @param mix             what the group is used to get; empty: learned.
 * @param line            of the scenario.
 */
public record GroupSpec(
    String name,
    OrderPolicy order,
    String select,
    Backfill backfill,
    Preemption preemption,
    Limits limits,
    Failures failures,
    long ageingNs,
    long usageHalfLifeNs,
    long delayMaxNs,
    long seed,
    List<TypicalRequest> mix,
    int line)
{
    /** Name of the group of those who name none. */
    public static final String DEFAULT_NAME = "default";
    /** Order policies by name. */
    static final Map<String, OrderPolicy> ORDERS = Map.of(
        "fifo", OrderPolicy.FIFO,
        "lifo", OrderPolicy.LIFO,
        "drf", OrderPolicy.DRF,
        "fair-share", OrderPolicy.FAIR_SHARE);
    /** Backfill policies by name. */
    static final Map<String, Backfill> BACKFILLS = Map.of(
        "none", Backfill.NONE,
        "greedy", Backfill.GREEDY,
        "easy", Backfill.EASY,
        "easy-sjbf", Backfill.EASY_SJBF,
        "conservative", Backfill.CONSERVATIVE,
        "predictive", Backfill.PREDICTIVE);
    private static final Map<String, PreemptionMode> PREEMPTIONS = Map.of(
        "off", PreemptionMode.OFF,
        "terminate", PreemptionMode.TERMINATE,
        "reschedule", PreemptionMode.RESCHEDULE);
    /** Selection policies that are no scores; any other name is that of a policy that scores. */
    private static final Map<String, SelectPolicy> SELECTIONS = Map.of(
        "concentrated", SelectPolicy.CONCENTRATED,
        "dispersed", SelectPolicy.DISPERSED,
        "round-robin", SelectPolicy.ROUND_ROBIN,
        "roundrobin", SelectPolicy.ROUND_ROBIN,
        "random", SelectPolicy.RANDOM,
        "topology", SelectPolicy.TOPOLOGY);

    /** Slots to compare before others are named behind these two. */
    private static final String SLOTS_FIRST = "(concentrated|dispersed)(:[a-z0-9][a-z0-9._-]{0,63}){1,8}";

    /** A group with the usual options of a manager. */
    public static GroupSpec usual(final String name)
    {
        return new GroupSpec(
            name,
            OrderPolicy.FIFO,
            "concentrated",
            Backfill.GREEDY,
            Preemption.OFF,
            Limits.usual(),
            Failures.usual(),
            0,
            0,
            432_000_000_000_000L,
            0,
            List.of(),
            0);
    }

    /**
     * The same under other policies, by name; null leaves one as it is.
     *
     * @throws ScenarioException that begins with the one that there is not: order, select or backfill.
     */
    public GroupSpec withPolicies(final String newOrder, final String newSelect, final String newBackfill)
    {
        return with(
            chosen("order", newOrder, text -> named(text, ORDERS)),
            chosen("select", newSelect, GroupSpec::selectNamed),
            chosen("backfill", newBackfill, text -> named(text, BACKFILLS)));
    }

    /**
     * The same under other policies, as {@code backfill=easy,preemption=reschedule}; {@code group.} may stand before
     * each.
     *
     * @throws ScenarioException that says what would be right.
     */
    public GroupSpec withPolicies(final String text)
    {
        GroupSpec changed = this;
        for (final String part : text.split(",", -1))
        {
            final String[] pair = part.strip().split("=", 2);
            final String what = pair[0].strip().replaceFirst("^group\\.", "");
            if (pair.length < 2 || pair[1].isBlank())
            {
                throw new ScenarioException(
                    part + " is not order=, select=, backfill= or preemption= and the name of a policy");
            }
            changed = switch (what)
            {
                case "order" -> changed.withPolicies(pair[1], null, null);
                case "select" -> changed.withPolicies(null, pair[1], null);
                case "backfill" -> changed.withPolicies(null, null, pair[1]);
                case "preemption" -> changed.withPreemption(pair[1]);
                default -> throw new ScenarioException(what + " is none of order, select, backfill, preemption");
            };
        }
        return changed;
    }

    /**
     * The same with preemption of less priority within the group: off, terminate or reschedule.
     *
     * @throws ScenarioException if it is none of these.
     */
    public GroupSpec withPreemption(final String mode)
    {
        final Preemption other = chosen("preemption", mode, text -> new Preemption(
            named(text, PREEMPTIONS), VictimScope.GROUP, preemption.minRuntimeNs()));
        return new GroupSpec(
            name, order, select, backfill, other, limits, failures, ageingNs, usageHalfLifeNs, delayMaxNs, seed, mix,
            line);
    }

    private static <T> T chosen(final String what, final String text, final Function<String, T> reader)
    {
        try
        {
            return null == text ? null : reader.apply(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ScenarioException(what + ": " + ex.getMessage());
        }
    }

    private static <T> T named(final String name, final Map<String, T> policies)
    {
        final T policy = policies.get(name.strip().toLowerCase(Locale.ROOT));
        if (null == policy)
        {
            throw new IllegalArgumentException(unknown(name, policies.keySet()));
        }
        return policy;
    }

    /** The name of a selection as it is known; whoever means another is told which there are. */
    static String selectNamed(final String text)
    {
        final String name = text.strip().toLowerCase(Locale.ROOT);
        final List<String> scored = SelectionPolicies.names();
        if (!SELECTIONS.containsKey(name) && !scored.contains(name) && !name.matches(SLOTS_FIRST))
        {
            final Set<String> known = new TreeSet<>(SELECTIONS.keySet());
            known.addAll(scored);
            throw new IllegalArgumentException(unknown(text, known));
        }
        return name;
    }

    private static String unknown(final String name, final Collection<String> known)
    {
        return name + " is none of " + String.join(", ", new TreeSet<>(known)) +
            NearMatch.hint(NearMatch.find(name, known));
    }

    /** The same under other policies; null leaves one as it is. */
    public GroupSpec with(final OrderPolicy newOrder, final String newSelect, final Backfill newBackfill)
    {
        return new GroupSpec(
            name,
            null == newOrder ? order : newOrder,
            null == newSelect ? select : newSelect,
            null == newBackfill ? backfill : newBackfill,
            preemption,
            limits,
            failures,
            ageingNs,
            usageHalfLifeNs,
            delayMaxNs,
            seed,
            mix,
            line);
    }

    /** The names of its policies, by the questions that they answer. */
    public Map<String, String> told()
    {
        final Map<String, String> told = new LinkedHashMap<>();
        told.put("order", nameOf(order));
        told.put("select", select);
        told.put("backfill", nameOf(backfill));
        if (PreemptionMode.OFF != preemption.mode())
        {
            told.put("preemption", nameOf(preemption.mode()));
        }
        return told;
    }

    private static String nameOf(final Enum<?> policy)
    {
        return VirtualCluster.kebab(policy);
    }

    /** The same under another name. */
    public GroupSpec named(final String other)
    {
        return new GroupSpec(
            other, order, select, backfill, preemption, limits, failures, ageingNs, usageHalfLifeNs, delayMaxNs, seed,
            mix, line);
    }

    /** The same with another bound of predictive backfill. */
    public GroupSpec withDelayMax(final long newDelayMaxNs)
    {
        return new GroupSpec(
            name, order, select, backfill, preemption, limits, failures, ageingNs, usageHalfLifeNs, newDelayMaxNs, seed,
            mix, line);
    }

    /** The same with another mix. */
    public GroupSpec withMix(final List<TypicalRequest> newMix)
    {
        return new GroupSpec(
            name, order, select, backfill, preemption, limits, failures, ageingNs, usageHalfLifeNs, delayMaxNs, seed,
            newMix, line);
    }

    public SelectPolicy selection()
    {
        return SELECTIONS.getOrDefault(select.replaceFirst(":.*", ""), SelectPolicy.SCORED);
    }

    public String selectionName()
    {
        return SelectPolicy.SCORED == selection() || select.contains(":") ? select : "";
    }

    /**
     * Who yields.
     *
     * @param mode         off, or what becomes of victims.
     * @param scope        of victims.
     * @param minRuntimeNs who has run for less is no victim.
     */
    public record Preemption(PreemptionMode mode, VictimScope scope, long minRuntimeNs)
    {
        /** Nobody yields. */
        public static final Preemption OFF = new Preemption(PreemptionMode.OFF, VictimScope.GROUP, 0);
    }

    /**
     * Bounds.
     *
     * @param pendingTimeoutNs   0: none.
     * @param pendingMax         most that may wait.
     * @param allowedTypes       bit per session type; 0: all.
     * @param kernelsMax         of one session; 0: no limit.
     * @param unsatisfiableWaits whether what no agent could hold waits, rather than being refused.
     */
    public record Limits(
        long pendingTimeoutNs, int pendingMax, int allowedTypes, int kernelsMax, boolean unsatisfiableWaits)
    {
        static Limits usual()
        {
            return new Limits(0, 1_000_000_000, 0, 0, true);
        }
    }

    /**
     * What follows when starts fail.
     *
     * @param attemptsMax     of one session.
     * @param retryBackoffNs  doubled with each attempt.
     * @param quarantineAfter failed starts in a row on one agent; 0: never.
     * @param quarantineNs    0: for good.
     */
    public record Failures(int attemptsMax, long retryBackoffNs, int quarantineAfter, long quarantineNs)
    {
        static Failures usual()
        {
            return new Failures(3, 1_000_000_000L, 0, 0);
        }
    }

    /**
     * A request that a group often gets.
     *
     * @param cpuMillis   of it.
     * @param deviceCount of it.
     * @param deviceShare thousandths of each device.
     * @param occurrences how often.
     * @param models      of devices that will do, separated by a bar; empty: any.
     */
    public record TypicalRequest(long cpuMillis, int deviceCount, int deviceShare, long occurrences, String models)
    {
    }
}
