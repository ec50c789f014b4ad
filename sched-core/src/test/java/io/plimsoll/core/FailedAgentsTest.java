package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the selection: agents on which attempts failed come last, the one that failed last at the very end. */
class FailedAgentsTest
{
    private static final Pattern ASSIGNED = Pattern.compile("assigned 1\\.([0-9]+) agent ([0-9]+)");
    private static final int AGENTS = 4;

    private CoreHarness core;

    static Stream<String> selections()
    {
        return Stream.of(
            "CONCENTRATED", "DISPERSED", "ROUND_ROBIN", "RANDOM", "TOPOLOGY", "best-fit", "dot-product", "plimsoll");
    }

    private void start(final String selection, final int agents)
    {
        final GroupSettings settings = new GroupSettings();
        settings.attemptsMax = 100;
        settings.retryBackoffNs = Commands.SECOND_NS;
        settings.selection =
            selection.equals(selection.toUpperCase()) ? SelectPolicy.valueOf(selection) : SelectPolicy.SCORED;
        settings.selectionName = SelectPolicy.SCORED == settings.selection ? selection : "";
        core = CoreHarness.started(CoreOptions.defaults(), settings);
        for (int agent = 1; agent <= agents; agent++)
        {
            core.join(agent, 4000, 10_000);
        }
    }

    /** Agents of the kernels of the session, in order of their indexes, as of the last command. */
    private List<Integer> assigned()
    {
        final List<Integer> agents = new ArrayList<>();
        final Matcher matcher = ASSIGNED.matcher(String.join("\n", core.last()));
        while (matcher.find())
        {
            assertEquals(agents.size(), Integer.parseInt(matcher.group(1)));
            agents.add(Integer.parseInt(matcher.group(2)));
        }
        return agents;
    }

    /** The first kernel fails, which ends the second one, if any; returns where they go next. */
    private List<Integer> failAndGoOn(final boolean hasSibling)
    {
        core.report(1, 0, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
        if (hasSibling)
        {
            core.report(1, 1, ReportKind.EXITED, Reason.SIBLING_FAILED, 143);
        }
        core.pass(1000 * Commands.SECOND_NS);
        return assigned();
    }

    /** Agents of the first kernel in attempts of which each fails. */
    private List<Integer> tried(final SubmitSpec spec, final int attempts)
    {
        core.run(core.command.submit(spec));
        final List<Integer> tried = new ArrayList<>(List.of(assigned().get(0)));
        while (tried.size() < attempts)
        {
            tried.add(failAndGoOn(!spec.parts.isEmpty()).get(0));
        }
        return tried;
    }

    private static void assertInTurns(final List<Integer> tried)
    {
        final List<Integer> first = tried.subList(0, AGENTS);
        assertEquals(AGENTS, Set.copyOf(first).size(), "each agent once before any twice: " + tried);
        assertEquals(first, tried.subList(AGENTS, 2 * AGENTS), "then the one that failed longest ago: " + tried);
    }

    @ParameterizedTest
    @MethodSource("selections")
    void shouldTryEachAgentBeforeAnyTwice(final String selection)
    {
        start(selection, AGENTS);
        assertInTurns(tried(session().cpu(3000), 2 * AGENTS));
    }

    @ParameterizedTest
    @MethodSource("selections")
    void shouldTryEachAgentBeforeThePreferredOneTwice(final String selection)
    {
        start(selection, AGENTS);
        final List<Integer> tried = tried(
            session().cpu(3000).constrained(ConstraintKind.AGENT_PREFERRED, "", "agent-2"), 2 * AGENTS);
        assertEquals(2, tried.get(0));
        assertInTurns(tried);
    }

    @ParameterizedTest
    @MethodSource("selections")
    void shouldLeaveOutAllThatFailedAsLongAsOthersHaveRoomForAGang(final String selection)
    {
        start(selection, 5);
        core.run(core.command.submit(session().cpu(3000).kernels(2).failurePolicy(FailurePolicy.STRICT)));
        final Set<Integer> failed = new HashSet<>();
        List<Integer> agents = assigned();
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            failed.add(agents.get(0));
            agents = failAndGoOn(true);
            final Set<Integer> left = new HashSet<>(IntStream.rangeClosed(1, 5).boxed().toList());
            left.removeAll(failed);
            assertEquals(2, agents.size(), agents.toString());
            assertEquals(left.size() >= 2, left.containsAll(agents), agents + " beside failed " + failed);
        }
    }

    @ParameterizedTest
    @MethodSource("selections")
    void shouldTryEachAgentBeforeAnyTwiceWhereKernelsDiffer(final String selection)
    {
        start(selection, AGENTS);
        assertInTurns(tried(session().cpu(3000).part(1, 1000, 100), 2 * AGENTS));
    }

    @Test
    void shouldForgetWhichFailedLongestAgoWhenTooManyDid()
    {
        start("CONCENTRATED", SessionTable.FAILED_AGENTS_MAX + 2);
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2), tried(session().cpu(3000), 11));
    }
}
