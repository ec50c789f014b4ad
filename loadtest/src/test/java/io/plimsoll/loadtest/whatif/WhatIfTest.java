package io.plimsoll.loadtest.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.loadtest.simulate.ScenarioParser;
import io.plimsoll.loadtest.simulate.ScenarioRun;
import io.plimsoll.loadtest.simulate.SessionRun;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would have been, held against the simulator, which knows. */
class WhatIfTest
{
    private static final int SESSIONS = 150;
    private static final long AFTERWARDS_NS = 1L << 58;
    private static final long START_NS = 1_000_000_000_000_000_000L;

    /** Sessions of a scenario by the order of their submission: start and end. */
    private static Map<Integer, String> simulated(final String yaml)
    {
        final Map<Integer, String> story = new TreeMap<>();
        for (final SessionRun session : new ScenarioRun(ScenarioParser.parse(yaml), null)
            .run(ScenarioRun.TO_THE_END).sessions())
        {
            story.put(story.size(), session.startedNs() + " to " + session.endedNs() + " " + session.state());
        }
        return story;
    }

    private static Map<Integer, String> story(final ClusterBooks books)
    {
        final Map<Integer, String> story = new TreeMap<>();
        for (final SessionBook session : books.sessions)
        {
            story.put(
                story.size(),
                fromStart(session.startedNs) + " to " + fromStart(session.endedNs) + " " + session.state);
        }
        return story;
    }

    private static void assertSame(
        final Map<Integer, String> expected, final Map<Integer, String> actual, final String what)
    {
        final StringBuilder differences = new StringBuilder();
        expected.forEach((number, story) ->
        {
            if (!story.equals(actual.get(number)))
            {
                differences.append('\n').append(number).append(" is ").append(actual.get(number)).append(", not ")
                    .append(story);
            }
        });
        assertEquals("", differences.toString(), what);
        assertEquals(expected.size(), actual.size(), what);
    }

    private static long fromStart(final long epochNs)
    {
        return SessionBook.NOT_YET == epochNs ? -1 : epochNs - START_NS;
    }

    private static Map<Integer, String> whatIf(final String recorded, final String change)
    {
        return whatIf(Tapes.simulated(recorded), 1, change);
    }

    private static Map<Integer, String> whatIf(final RecordTape tape, final long from, final String change)
    {
        return story(Tapes.simulatedWhatIf(tape, from)
            .runOn(AFTERWARDS_NS).run(change).run().ours());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                | order: lifo",
        "''                | select: dispersed",
        "''                | backfill: easy",
        "''                | backfill: none",
        "''                | order: drf",
        ", backfill: easy  | backfill: conservative",
        ", order: lifo     | order: fifo",
        ", backfill: none  | ageing: 1h"})
    void shouldComeToWhatTheSimulatorComesTo(final String recorded, final String changed)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            final String before = RandomScenario.uncancelled(seed, SESSIONS, recorded);
            final String field = changed.substring(0, changed.indexOf(':'));
            final String kept = recorded.contains(field) ? "" : recorded;
            final String after = RandomScenario.uncancelled(seed, SESSIONS, kept + ", " + changed);

            final Map<Integer, String> expected = simulated(after);

            assertSame(
                expected, whatIf(before, "groups: [{name: default, " + changed + "}]"), "seed=" + seed + changed);
            assertFalse(expected.equals(simulated(before)) && 1 == seed && changed.contains("lifo"));
        }
    }

    @Test
    void shouldComeToWhatTheSimulatorComesToWithOtherLimitsAndWeights()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            final String before = RandomScenario.uncancelled(seed, SESSIONS, ", order: fair-share");
            final String after = before.replace("limits: {cpu: 20}", "limits: {cpu: 9}")
                .replace("{name: carol,", "{name: carol, weight: 3,");

            assertSame(
                simulated(after),
                whatIf(before, "owners: {users: [{name: bob, limits: {cpu: 9}}, {name: carol, weight: 3}]}"),
                "seed=" + seed);
        }
    }

    @Test
    void shouldComeToWhatTheSimulatorComesToWithMoreMachines()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            final String before = RandomScenario.uncancelled(seed, SESSIONS, "");
            final String after = before.replace("agents: [", "agents: [{name: z, count: 2, cpu: 16, mem: 64g}, ");

            final RecordTape tape = Tapes.simulated(before);
            final long from = Tapes.firstSubmission(tape);

            assertSame(
                simulated(after),
                whatIf(tape, from, "agents: {add: [{name: z, count: 2, cpu: 16, mem: 64g}]}"),
                "seed=" + seed);
            assertSame(
                simulated(after),
                whatIf(tape, from, "agents: {add: [{name: z, like: b-1, count: 2}]}"),
                "seed=" + seed);
        }
    }

    @Test
    void shouldComeToWhatTheSimulatorComesToWithFewerMachines()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            final String before = RandomScenario.uncancelled(seed, SESSIONS, "");
            final String after = before.replace("name: b, count: 2,", "name: b-1,");

            assertSame(simulated(after), whatIf(before, "agents: {remove: b-2}"), "" + seed);
        }
    }

    @Test
    void shouldLeaveNothingOfAnOwnerWhoIsRemoved()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            final String before = RandomScenario.of(seed, SESSIONS, "", false);
            final StringBuilder after = new StringBuilder();
            before.lines()
                .filter(line -> !line.contains("user: alice"))
                .forEach(line -> after.append(line).append('\n'));

            assertSame(simulated(after.toString()), whatIf(before, "sessions: {remove: [{user: alice}]}"), "" + seed);
        }
    }

    @Test
    void shouldComeToWhatTheSimulatorComesToWithOtherRunTimesAndRequests()
    {
        final String before = RandomScenario.of(7, SESSIONS, "", false);

        assertSame(
            simulated(before.replaceAll("duration: (\\d+)ms", "duration: $1" + "0ms")),
            whatIf(before, "sessions: {scale: [{all: true, duration: 10}]}"),
            "run times");
        assertSame(
            simulated(before.replaceAll("mem: (\\d)g, count", "mem: $1" + "0g, count")),
            whatIf(before, "sessions: {scale: [{all: true, mem: 10}]}"),
            "memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "groups: [{name: default, order: fifo, select: concentrated, backfill: greedy, attempts: 3}]",
        "sessions: {scale: [{all: true, duration: 1, cpu: 1.0, count: 1}]}",
        "owners: {users: [{name: bob, limits: {cpu: 20}}]}",
        "{}"})
    void shouldEqualTheRecordIfAChangeChangesNothing(final String change)
    {
        final RecordTape tape = Tapes.simulated(RandomScenario.of(3, SESSIONS, "", true));
        for (final long from : new long[]{1, 40, tape.size() / 2})
        {
            assertTrue(Tapes.simulatedWhatIf(tape, from).run(change).isSame(), change + " from " + from);
        }
    }

    /** One queue and equal machines: more of them never make anyone wait longer. */
    @Test
    void shouldNeverWaitLongerWithMoreMachines()
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            final StringBuilder yaml = new StringBuilder("agents: [{name: a, count: 3, cpu: 1}]\nsessions:\n");
            long atMillis = 0;
            for (int i = 0; i < SESSIONS; i++)
            {
                atMillis += 1 + random.nextInt(40_000);
                yaml.append(String.format(
                    Locale.ROOT,
                    "- {name: s%d, at: %dms, duration: %dms}%n", i, atMillis, 1 + random.nextInt(120_000)));
            }
            final RecordTape tape = Tapes.simulated(yaml.toString());
            long before = Long.MAX_VALUE;
            for (int more = 1; more <= 4; more++)
            {
                final WhatIfResult result = Tapes.simulatedWhatIf(tape, Tapes.firstSubmission(tape))
                    .run("agents: {add: [{name: n, like: a-1, count: " + more + "}]}");
                final Comparison comparison = new Comparison(result);
                assertEquals(0, comparison.lostCount(), "seed=" + seed + " more=" + more);
                final long meanNs = comparison.ours().waits.meanNs();
                assertTrue(meanNs <= before, "seed=" + seed + " more=" + more);
                assertTrue(meanNs < comparison.recorded().waits.meanNs(), "seed=" + seed + " more=" + more);
                before = meanNs;
            }
        }
    }

    @Test
    void shouldAssumeTheWalltimeLimitOfWhatHasNoRecordedEnd()
    {
        final String recorded = "agents: [{name: a, cpu: 1}]\nsessions:\n" +
            "- {name: s1, duration: 100s}\n" +
            "- {name: s2, duration: 500s, limit: 120s, cancelAt: 150s}\n" +
            "- {name: s3, duration: 500s, limit: 300s, cancelAt: 400s}\n" +
            "- {name: s4, at: 900s, duration: 1s}";

        final WhatIfResult result = Tapes.simulatedWhatIf(Tapes.simulated(recorded), 1)
            .run("agents: {add: [{name: b, cpu: 1, at: 0s}]}");

        // The second ran from 100 s on until its user ended it; the third from 150 s on, likewise.
        final Map<Integer, String> story = story(result.run().ours());
        assertEquals("0 to 120000000000 TERMINATED", story.get(1));
        assertEquals("100000000000 to 400000000000 TERMINATED", story.get(2));
        assertEquals(Reason.WALLTIME, result.run().ours().sessions.get(1).reason);
        assertEquals(2, result.run().machines().assumed());
    }

    @Test
    void shouldBreakWhateverIsPlacedOnABrokenMachine()
    {
        final String recorded = "groups: [{name: default, retryBackoff: 1s, attempts: 20}]\n" +
            "agents: [{name: a, cpu: 1}, {name: b, cpu: 1}]\n" +
            "failures: [{at: 0s, agent: a, kind: starts-fail}]\n" +
            "sessions: [{name: s, count: 4, at: 1s, duration: 100s}, {name: late, at: 5000s, duration: 1s}]";
        final RecordTape tape = Tapes.simulated(recorded);
        final WhatIf unchanged = Tapes.simulatedWhatIf(tape, 1);
        final WhatIfResult quarantined = Tapes.simulatedWhatIf(tape, 1)
            .runOn(AFTERWARDS_NS).run("groups: [{name: default, quarantineAfter: 2}]");

        assertTrue(unchanged.run("").isSame());
        assertSame(
            simulated(recorded.replace("attempts: 20", "attempts: 20, quarantineAfter: 2")),
            story(quarantined.run().ours()),
            "a broken machine stays broken");
        assertTrue(quarantined.run().ours().sessions.stream().noneMatch(session -> 1 == session.firstAgentId));
    }

    @Test
    void shouldLetUsersCancelWhenTheyDid()
    {
        final String before = RandomScenario.of(5, SESSIONS, "", true);
        final RecordTape tape = Tapes.simulated(before);
        final WhatIfResult result = Tapes.simulatedWhatIf(tape, 1).run("groups: [{name: default, order: lifo}]");
        final Map<Long, Long> cancelledNs = new TreeMap<>();
        for (final SessionBook session : result.run().recorded().sessions)
        {
            if (Reason.USER_REQUESTED == session.reason)
            {
                cancelledNs.put(session.id, session.endedNs);
            }
        }
        assertTrue(cancelledNs.size() > 3);
        int cancelledAgain = 0;
        for (final SessionBook session : result.run().ours().sessions)
        {
            if (Reason.USER_REQUESTED == session.reason)
            {
                assertEquals(cancelledNs.get(session.id), session.endedNs, "session " + session.id);
                cancelledAgain++;
            }
        }
        assertTrue(cancelledAgain > 3);
    }

    @Test
    void shouldSubmitTwiceAndHalfAsMany()
    {
        final RecordTape tape = Tapes.simulated(RandomScenario.of(6, SESSIONS, "", true));

        final Comparison twice =
            new Comparison(Tapes.simulatedWhatIf(tape, 1).run("sessions: {scale: [{all: true, count: 2}]}"));
        assertEquals(SESSIONS, twice.added());
        assertEquals(2 * SESSIONS, twice.ours().sessions());

        final Comparison half =
            new Comparison(Tapes.simulatedWhatIf(tape, 1).run("sessions: {scale: [{all: true, count: 0.5}]}"));
        assertEquals(SESSIONS / 2, half.removed());
        assertEquals(SESSIONS / 2, half.ours().sessions());
    }

    @Test
    void shouldBeTheSameTwice()
    {
        final RecordTape tape = Tapes.simulated(RandomScenario.of(8, SESSIONS, "", true));
        final String change = "groups: [{name: default, order: lifo}]\nsessions: {scale: [{user: bob, count: 1.7}]}";

        assertEquals(
            Tapes.simulatedWhatIf(tape, 30).report(change).json(),
            Tapes.simulatedWhatIf(tape, 30).report(change).json());
    }

    @Test
    void shouldComeToTheSameFromASnapshotAsFromTheBeginning()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            final RecordTape tape = Tapes.simulated(RandomScenario.of(seed, SESSIONS, "", true));
            final int base = tape.size() / 3;
            final JournalMoment from = JournalMoment.at(tape.size() / 2);
            for (final String change : new String[]{"", "groups: [{name: default, order: lifo}]"})
            {
                final WhatIfResult whole = new WhatIf(
                    Tapes.source(tape), from, JournalMoment.END).run(change);
                final WhatIfResult rest = new WhatIf(
                    Tapes.source(tape, base), from, JournalMoment.END).run(change);

                assertEquals(whole.isSame(), rest.isSame(), "seed=" + seed);
                assertEquals(whole.stateHash(), rest.stateHash(), "seed=" + seed);
                assertEquals(
                    new Comparison(whole).ours().waits.meanNs(), new Comparison(rest).ours().waits.meanNs());
                assertEquals(new Comparison(whole).lostCount(), new Comparison(rest).lostCount(), "seed=" + seed);
            }
        }
    }
}
