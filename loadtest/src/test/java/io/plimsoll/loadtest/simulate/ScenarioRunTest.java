package io.plimsoll.loadtest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scenarios small enough to be worked out by hand. */
class ScenarioRunTest
{
    @Test
    void shouldComeBackWhenTheLastOfSeveralFailuresIsOver()
    {
        for (final String kind : List.of("down", "drain"))
        {
            final ScenarioRun run = ScenarioHarness.run("""
                agents: [{name: a, cpu: 1}, {name: b, cpu: 1}]
                sessions:
                  - {name: s, at: 13s, on: [a], duration: 1s}
                  - {name: never, at: 13s, on: [b], duration: 1s}
                failures:
                  - {at: 5s, agent: a, down: 20s, kind: KIND}
                  - {at: 10s, agent: a, down: 2s, kind: KIND}
                  - {at: 5s, agent: b, kind: KIND}
                  - {at: 10s, agent: b, down: 2s, kind: KIND}
                """.replace("KIND", kind));
            assertEquals("s TERMINATED completed 25 26", ScenarioHarness.outcome(run, "s"), kind);
            assertEquals("PENDING", ScenarioHarness.session(run, "never").state(), kind);
        }
    }

    @Test
    void shouldNotComeBeforeItsTimeNorWhileItIsDown()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, at: 60s, cpu: 1}, {name: b, at: 60s, cpu: 1}, {name: c, at: 60s, cpu: 1}]
            sessions:
              - {name: early, on: [a], duration: 50s}
              - {name: across, on: [b], duration: 5s}
              - {name: drained, on: [c], duration: 5s}
            failures:
              - {at: 20s, agent: a, down: 20s}
              - {at: 50s, agent: b, down: 20s}
              - {at: 30s, agent: c, down: 60s, kind: drain}
            """);
        assertEquals("early TERMINATED completed 60 110", ScenarioHarness.outcome(run, "early"));
        assertEquals(1, ScenarioHarness.session(run, "early").attempts());
        assertEquals("across TERMINATED completed 70 75", ScenarioHarness.outcome(run, "across"));
        assertEquals("drained TERMINATED completed 90 95", ScenarioHarness.outcome(run, "drained"));
    }

    @Test
    void shouldRunWhereAProjectGetsItsDomainLater()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, cpu: 4}]
            owners:
              users: [{name: alice, project: p}, {name: bob, project: p, domain: d}]
            sessions: [{name: s, user: alice, duration: 5s}, {name: t, user: bob, duration: 5s}]
            """);
        assertEquals("s TERMINATED completed 0 5", ScenarioHarness.outcome(run, "s"));
        assertEquals("t TERMINATED completed 0 5", ScenarioHarness.outcome(run, "t"));
    }

    @Test
    void shouldSayOfNobodyThatItWasSubmittedLaterThanAllWasOver()
    {
        final List<String> lines = new ArrayList<>();
        new ScenarioReport(new ScenarioRun(
            ScenarioParser.parse("agents: [{name: a, cpu: 1}]\nsessions: [{name: s, at: 60s, duration: 1s}]"), null)
            .run(30_000_000_000L)).jsonLines(lines::add, false);
        assertTrue(lines.get(0).contains("\"state\":\"PENDING\""), lines.get(0));
        assertTrue(lines.get(0).contains("\"submittedAt\":null"), lines.get(0));
    }

    @Test
    void shouldRunOneAfterTheOtherWhereThereIsRoomForOne()
    {
        assertEquals(
            List.of(
                "{\"name\":\"s1\",\"state\":\"TERMINATED\",\"result\":\"success\",\"reason\":\"completed\"," +
                    "\"submittedAt\":0,\"startedAt\":0,\"endedAt\":60,\"waitSeconds\":0,\"attempts\":1," +
                    "\"kernels\":[{\"agent\":\"a\",\"cpu\":2,\"mem\":1073741824,\"devices\":[]}]}",
                "{\"name\":\"s2\",\"state\":\"TERMINATED\",\"result\":\"success\",\"reason\":\"completed\"," +
                    "\"submittedAt\":10.5,\"startedAt\":60,\"endedAt\":90,\"waitSeconds\":49.5,\"attempts\":1," +
                    "\"kernels\":[{\"agent\":\"a\",\"cpu\":2.5,\"mem\":0,\"devices\":[]}]}",
                "{\"summary\":true,\"sessions\":2,\"states\":{\"TERMINATED\":2},\"succeeded\":2,\"endedAt\":90," +
                    "\"meanWaitSeconds\":24.75,\"maxWaitSeconds\":49.5,\"refused\":{}}"),
            ScenarioHarness.json("""
                agents: [{name: a, cpu: 4, mem: 8g}]
                sessions:
                  - {name: s1, kernels: [{cpu: 2, mem: 1g}], duration: 60s}
                  - {name: s2, at: 10500ms, kernels: [{cpu: 2.5}], duration: 30s}
                """));
    }

    @Test
    void shouldLeaveWaitingWhatNothingCanStart()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, cpu: 4, mem: 8192m}]
            sessions:
              - {name: fits, kernels: [{cpu: 2, mem: 2048m}], duration: 5s}
              - {name: tooBig, kernels: [{cpu: 100, mem: 999999m}], duration: 5s}
            """);
        assertEquals("fits TERMINATED completed 0 5", ScenarioHarness.outcome(run, "fits"));
        assertEquals("tooBig PENDING none - -", ScenarioHarness.outcome(run, "tooBig"));
        assertEquals(0, ScenarioHarness.session(run, "tooBig").attempts());
    }

    @Test
    void shouldWaitForWhatOnlyAnAgentBringsThatComesLater()
    {
        final String scenario = """
            groups: [{name: default, unsatisfiable: %s}]
            agents:
              - {name: a, cpu: 4, mem: 8g}
              - {name: b, at: 60s, cpu: 16, mem: 32g, devices: {kind: cuda, model: A100, count: 2},
                 slots: {licences: 3}, labels: {zone: z}, arch: aarch64}
            sessions:
              - {name: device, kernels: [{gpu: 1}], duration: 5s}
              - {name: share, kernels: [{gpu: 0.5}], duration: 5s}
              - {name: slot, kernels: [{slots: {licences: 2}}], duration: 5s}
              - {name: part, kernels: [{cpu: 1}, {cpu: 1, slots: {licences: 1}}], duration: 5s}
              - {name: model, model: A100, duration: 5s}
              - {name: label, labels: {zone: z}, duration: 5s}
              - {name: arch, arch: aarch64, duration: 5s}
              - {name: size, kernels: [{cpu: 8}], duration: 5s}
              - {name: never, kernels: [{slots: {fpga: 1}}], duration: 5s}
            """;
        final List<String> later = List.of("device", "share", "slot", "part", "model", "label", "arch", "size");
        final ScenarioRun waiting = ScenarioHarness.run(scenario.formatted("wait"));
        for (final String name : later)
        {
            assertEquals(name + " TERMINATED completed 60 65", ScenarioHarness.outcome(waiting, name));
        }
        assertEquals("never PENDING none - -", ScenarioHarness.outcome(waiting, "never"));
        final ScenarioRun refusing = ScenarioHarness.run(scenario.formatted("reject"));
        for (final String name : later)
        {
            assertTrue(ScenarioHarness.outcome(refusing, name).contains(" REJECTED "), name);
        }
    }

    @Test
    void shouldEndWhatOverrunsItsLimit()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, cpu: 4}]
            sessions:
              - {name: over, duration: 60s, limit: 45s}
              - {name: exactly, duration: 45s, limit: 45s}
              - {name: broken, duration: 20s, exitCode: 3}
              - {name: endless, duration: 20h}
            """);
        assertEquals("over TERMINATED walltime 0 45", ScenarioHarness.outcome(run, "over"));
        assertEquals("failure", VirtualCluster.kebab(ScenarioHarness.session(run, "over").result()));
        assertEquals("exactly TERMINATED completed 0 45", ScenarioHarness.outcome(run, "exactly"));
        assertEquals("broken TERMINATED exit-code 0 20", ScenarioHarness.outcome(run, "broken"));
        assertEquals("endless TERMINATED completed 0 72000", ScenarioHarness.outcome(run, "endless"));
    }

    @Test
    void shouldWaitForDependenciesAndCancelDependentsOfWhatFailed()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, cpu: 8}]
            sessions:
              - {name: last, after: [first, second], duration: 1s}
              - {name: first, duration: 10s}
              - {name: second, duration: 20s}
              - {name: bad, duration: 5s, exitCode: 1}
              - {name: child, after: [bad], duration: 1s}
              - {name: grandchild, after: [child], duration: 1s}
              - {name: late, at: 30s, after: [bad], duration: 1s}
              - {name: anyway, afterAny: [bad], duration: 1s}
            """);
        assertEquals("last TERMINATED completed 20 21", ScenarioHarness.outcome(run, "last"));
        assertEquals("child CANCELLED dependency-failed - 5", ScenarioHarness.outcome(run, "child"));
        assertEquals("grandchild CANCELLED dependency-failed - 5", ScenarioHarness.outcome(run, "grandchild"));
        assertEquals("late CANCELLED dependency-failed - 30", ScenarioHarness.outcome(run, "late"));
        assertEquals("anyway TERMINATED completed 5 6", ScenarioHarness.outcome(run, "anyway"));
    }

    @Test
    void shouldStartAgainElsewhereWhenAMachineFails()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            groups: [{name: default, retryBackoff: 1s}]
            agents: [{name: a, count: 2, cpu: 2}]
            sessions:
              - {name: moved, kernels: [{cpu: 2}], duration: 60s}
              - {name: stays, kernels: [{cpu: 2}], duration: 50s}
              - {name: waits, at: 10s, kernels: [{cpu: 2}], onLoss: wait, duration: 10s}
            failures: [{at: 30s, agent: a-1, down: 1h}]
            """);
        final SessionRun moved = ScenarioHarness.session(run, "moved");
        assertEquals(2, moved.attempts());
        assertEquals("moved TERMINATED completed 0 110", ScenarioHarness.outcome(run, "moved"));
        assertEquals(List.of("a-2"), ScenarioHarness.agents(run, "moved"));
        assertEquals("stays TERMINATED completed 0 50", ScenarioHarness.outcome(run, "stays"));
        assertEquals("waits TERMINATED completed 110 120", ScenarioHarness.outcome(run, "waits"));
    }

    @Test
    void shouldUseAMachineAgainThatIsBack()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, cpu: 2}]
            sessions:
              - {name: again, kernels: [{cpu: 2}], duration: 60s}
              - {name: lost, at: 200s, kernels: [{cpu: 2}], onLoss: wait, duration: 60s}
            failures:
              - {at: 30s, agent: a, down: 20s}
              - {at: 210s, agent: a, down: 20s}
            """);
        assertEquals("again TERMINATED completed 0 110", ScenarioHarness.outcome(run, "again"));
        assertEquals(2, ScenarioHarness.session(run, "again").attempts());
        // Nobody may run it twice, so it ends when it is known to be gone.
        assertEquals("lost ERROR kernel-missing 200 230", ScenarioHarness.outcome(run, "lost"));
    }

    @Test
    void shouldStartGangsTogetherOrNotAtAll()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, count: 2, cpu: 2}]
            sessions:
              - {name: single, kernels: [{cpu: 1}], duration: 30s}
              - {name: gang, kernels: [{cpu: 1, count: 4}], duration: 10s}
            """);
        assertEquals("gang TERMINATED completed 30 40", ScenarioHarness.outcome(run, "gang"));
        assertEquals(4, ScenarioHarness.agents(run, "gang").size());
    }

    @Test
    void shouldGiveUpAfterTheLastAttempt()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            groups: [{name: default, attempts: 3, retryBackoff: 2s}]
            agents: [{name: a, cpu: 2}]
            sessions: [{name: s, at: 1s, duration: 10s}]
            failures: [{at: 1s, agent: a, kind: starts-fail}]
            """);
        // At 1 s, 2 s later, and 4 s after that.
        assertEquals("s ERROR launch-failed - 7", ScenarioHarness.outcome(run, "s"));
        assertEquals(3, ScenarioHarness.session(run, "s").attempts());
    }

    @Test
    void shouldStopWhereItIsTold()
    {
        final ScenarioRun run = new ScenarioRun(
            ScenarioParser.parse("agents: [{name: a, cpu: 1}]\nsessions: [{name: s, duration: 60s}]"), null)
            .run(30_000_000_000L);
        assertEquals("s RUNNING none 0 -", ScenarioHarness.outcome(run, "s"));
    }

    @Test
    void shouldCancelWhenTheUserWantsTo()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, cpu: 1}]
            sessions:
              - {name: runs, duration: 60s, cancelAt: 20s}
              - {name: waits, duration: 60s, cancelAt: 10s}
            """);
        assertEquals("runs TERMINATED user-requested 0 20", ScenarioHarness.outcome(run, "runs"));
        assertEquals("waits CANCELLED user-requested - 10", ScenarioHarness.outcome(run, "waits"));
    }

    @Test
    void shouldGiveUpWaitingWhenTheGroupSaysSo()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            groups: [{name: default, pendingTimeout: 15s}]
            agents: [{name: a, cpu: 1}]
            sessions:
              - {name: runs, duration: 60s}
              - {name: waits, at: 5s, duration: 60s}
            """);
        assertEquals("waits CANCELLED pending-timeout - 20", ScenarioHarness.outcome(run, "waits"));
    }

    @Test
    void shouldShowDevicesThatAKernelUses()
    {
        final List<String> lines = ScenarioHarness.json("""
            agents: [{name: a, cpu: 8, devices: {kind: cuda, count: 4}}]
            sessions:
              - {name: half, kernels: [{gpu: 0.5}], duration: 10s}
              - {name: two, kernels: [{gpu: 2}], duration: 10s}
              - {name: more, kernels: [{gpu: 0.5}], duration: 10s}
            """);
        assertTrue(lines.get(0).contains("\"devices\":[{\"index\":0,\"share\":500}]"), lines.get(0));
        assertTrue(
            lines.get(1).contains("\"devices\":[{\"index\":1,\"share\":1000},{\"index\":2,\"share\":1000}]"),
            lines.get(1));
        assertTrue(lines.get(2).contains("\"devices\":[{\"index\":0,\"share\":500}]"), lines.get(2));
    }

    @Test
    void shouldGiveWhatEndsTogetherToWhoIsFirst()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, cpu: 4}]
            sessions:
              - {name: s, count: 2, kernels: [{cpu: 2}], duration: 60s}
              - {name: big, at: 10s, kernels: [{cpu: 4}], duration: 10s}
              - {name: small, at: 20s, kernels: [{cpu: 1}], duration: 10s}
              - {name: urgent, at: 60s, priority: 20, kernels: [{cpu: 3}], duration: 10s}
            """);
        assertEquals("urgent TERMINATED completed 60 70", ScenarioHarness.outcome(run, "urgent"));
        assertEquals("small TERMINATED completed 60 70", ScenarioHarness.outcome(run, "small"));
        assertEquals("big TERMINATED completed 70 80", ScenarioHarness.outcome(run, "big"));
    }

    @Test
    void shouldNameEveryLimitThatARefusalIsAbout()
    {
        final List<String> lines = ScenarioHarness.json("""
            agents: [{name: a, cpu: 3}]
            owners: {users: [{name: u, limits: {pending: 1, pendingSlots: {cpu: 3}}}]}
            sessions:
              - {name: runs, user: u, kernels: [{cpu: 3}], duration: 20s}
              - {name: waits, at: 1s, user: u, kernels: [{cpu: 3}], duration: 20s}
              - {name: over, at: 2s, user: u, kernels: [{cpu: 1}], duration: 20s}
            """);
        final String summary = lines.get(lines.size() - 1);
        assertTrue(summary.contains("cpu: used 3 + requested 1 > limit 3 (over by 1)"), summary);
        assertTrue(summary.contains("used 1 + requested 1 > limit 1 (over by 1)"), summary);
    }

    @Test
    void shouldSayWhatASessionWaitsForWhenAllIsOver()
    {
        final List<String> lines = ScenarioHarness.json("""
            agents: [{name: a, cpu: 20, mem: 1g}, {name: b, cpu: 1, arch: aarch64}]
            owners:
              users: [{name: u, project: p, domain: d, limits: {cpu: 10}}]
              projects: [{name: p, domain: d, limits: {cpu: 9}}]
              domains: [{name: d, limits: {cpu: 8, sessions: 2}}]
            sessions:
              - {name: s1, user: u, kernels: [{cpu: 4}]}
              - {name: s2, user: u, kernels: [{cpu: 3}]}
              - {name: over, user: u, kernels: [{cpu: 4}]}
              - {name: later, after: [s1]}
              - {name: big, arch: x86_64, kernels: [{cpu: 30, mem: 2g}]}
            """);
        assertTrue(
            lines.get(2).contains(
                "\"reason\":\"quota: user u: cpu: used 7 + requested 4 > limit 10 (over by 1); " +
                    "project p: cpu: used 7 + requested 4 > limit 9 (over by 2); " +
                    "domain d: sessions: used 2 + requested 1 > limit 2 (over by 1); " +
                    "domain d: cpu: used 7 + requested 4 > limit 8 (over by 3)\""),
            lines.get(2));
        assertTrue(lines.get(3).contains("\"reason\":\"dependencies\""), lines.get(3));
        assertTrue(
            lines.get(4).contains(
                "\"reason\":\"resources: room for 0 of 1 kernel on 2 agents " +
                    "(1 with too little cpu, 1 with too little mem, 1 constraint)\""),
            lines.get(4));
    }

    @Test
    void shouldComeToTheSameStateAgain()
    {
        final StringBuilder text = new StringBuilder("agents: [{name: a, count: 5, cpu: 4}]\nsessions:\n");
        for (int i = 0; i < 200; i++)
        {
            text.append("  - {name: s").append(i).append(", at: ").append(i % 17).append("s, duration: ")
                .append(3 + i % 7).append("s, kernels: [{cpu: ").append(1 + i % 4).append(", count: ")
                .append(1 + i % 3).append("}]}\n");
        }
        text.append("failures: [{at: 6s, agent: a-2, down: 4s}, {at: 9s, agent: a-4, down: 9s}]\n");
        final List<String> first = new ArrayList<>();
        final List<String> second = new ArrayList<>();
        final long hash = new ScenarioRun(ScenarioParser.parse(text.toString()), new EventPrinter(first::add, true))
            .run(ScenarioRun.TO_THE_END)
            .stateHash();
        assertEquals(
            hash,
            new ScenarioRun(ScenarioParser.parse(text.toString()), new EventPrinter(second::add, true))
                .run(ScenarioRun.TO_THE_END)
                .stateHash());
        assertEquals(first, second);
        assertTrue(first.stream().anyMatch(line -> line.contains("\"event\":\"KernelAssigned\"")));
    }

    @Test
    void shouldTakeTheSameWayUnderOtherPoliciesWhenTold()
    {
        final Scenario scenario = ScenarioParser.parse("""
            agents: [{name: a, count: 2, cpu: 4}]
            sessions: [{name: s1, duration: 10s}, {name: s2, duration: 10s}]
            """);
        final ScenarioRun packed = new ScenarioRun(scenario, null).run(ScenarioRun.TO_THE_END);
        assertEquals(List.of("a-1"), ScenarioHarness.agents(packed, "s2"));
        final ScenarioRun spread = new ScenarioRun(scenario.withPolicies("fifo", "dispersed", "none"), null)
            .run(ScenarioRun.TO_THE_END);
        assertEquals(List.of("a-2"), ScenarioHarness.agents(spread, "s2"));
    }

    @Test
    void shouldGiveEverybodyATurnUnderConservativeBackfilling()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            groups: [{name: g, backfill: conservative}]
            agents: [{name: a, cpu: 4}]
            sessions:
              - {name: first, kernels: [{cpu: 2}], duration: 100s, limit: 100s}
              - {name: wide, at: 1s, kernels: [{cpu: 3}], duration: 100s, limit: 100s}
              - {name: all, at: 2s, kernels: [{cpu: 4}], duration: 50s, limit: 50s}
              - {name: tooLong, at: 3s, kernels: [{cpu: 1}], duration: 198s, limit: 198s}
              - {name: fits, at: 4s, kernels: [{cpu: 1}], duration: 196s, limit: 196s}
            """);
        assertEquals("wide TERMINATED completed 100 200", ScenarioHarness.outcome(run, "wide"));
        assertEquals("all TERMINATED completed 200 250", ScenarioHarness.outcome(run, "all"));
        assertEquals("tooLong TERMINATED completed 250 448", ScenarioHarness.outcome(run, "tooLong"));
        assertEquals("fits TERMINATED completed 4 200", ScenarioHarness.outcome(run, "fits"));
    }

    @Test
    void shouldBeBackAtOnceWhenItIsDownForNoTime()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, cpu: 1}]
            sessions: [{name: s, duration: 10s}]
            failures: [{at: 5s, agent: a, down: 0s}]
            """);
        assertEquals(5_000_000_000L + 10_000_000_000L, ScenarioHarness.session(run, "s").endedNs());
        assertEquals(2, ScenarioHarness.session(run, "s").attempts());
    }

    @Test
    void shouldSayThatItsClockDoesNotGoThatFar()
    {
        final ScenarioException ex = assertThrows(ScenarioException.class, () -> ScenarioHarness.run("""
            agents: [{name: a, cpu: 1}]
            sessions: [{name: s, count: 3, duration: 17y}]
            """.replace("17y", "6205d")));
        assertTrue(ex.getMessage().contains("more than 18 years from the start"), ex.getMessage());
    }
}
