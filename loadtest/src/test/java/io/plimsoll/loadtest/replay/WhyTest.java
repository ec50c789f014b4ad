package io.plimsoll.loadtest.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.loadtest.simulate.ScenarioJournal;
import io.plimsoll.loadtest.simulate.ScenarioParser;
import io.plimsoll.loadtest.simulate.ScenarioRun;
import io.plimsoll.manager.replay.ReplayException;
import io.plimsoll.manager.replay.ReplayedCluster;
import io.plimsoll.manager.why.WaitStory;
import io.plimsoll.manager.why.WaitStory.Passage;
import io.plimsoll.manager.why.WaitStory.Wait;
import io.plimsoll.manager.why.WaitStoryteller;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stories of sessions whose causes of waiting the scenario decides. */
class WhyTest
{
    @TempDir
    private Path directory;

    private WaitStory why(final String scenario, final long sessionId)
    {
        record(scenario);
        try (ReplayedCluster cluster = ReplayedCluster.open(directory))
        {
            return WaitStoryteller.tell(cluster, sessionId);
        }
    }

    private void record(final String scenario)
    {
        try (ScenarioJournal journal = new ScenarioJournal(directory))
        {
            new ScenarioRun(ScenarioParser.parse(scenario), null, journal).run(ScenarioRun.TO_THE_END);
        }
    }

    private static long seconds(final long ns)
    {
        return Math.round(ns / (double)TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void shouldTellOfAQuotaThatFreesItself()
    {
        final WaitStory story = why(
            """
            agents: [{name: a, cpu: 8}]
            owners:
              users:
                - {name: alice, project: p, domain: d, limits: {cpu: 2}}
                - {name: bob, project: p, domain: d}
            sessions:
              - {name: long, user: alice, kernels: [{cpu: 2}], duration: 100s}
              - {name: waits, at: 10s, user: alice, kernels: [{cpu: 1}], duration: 5s}
              - {name: passes, at: 20s, count: 3, user: bob, kernels: [{cpu: 1}], duration: 10s}
            """,
            2);
        assertEquals(LifeState.TERMINATED, story.session().state());
        final Wait wait = story.waits().get(0);
        assertEquals(90, seconds(wait.to().timestampNs() - wait.from().timestampNs()));
        assertEquals(1, wait.passages().size(), wait.toString());
        final Passage passage = wait.passages().get(0);
        assertEquals(List.of("quota"), passage.waitsFor());
        assertTrue(
            passage.summary().contains("user alice: cpu: used 2 + requested 1 > limit 2 (over by 1)"),
            passage.summary());
        assertEquals(3, passage.meanwhile().sessions());
        assertEquals(3, passage.meanwhile().later());
        assertEquals(3L, passage.meanwhile().byOwner().get("bob"));
        assertEquals("a", passage.meanwhile().examples().get(0).agent());
        assertTrue(passage.passed() >= 2, "passed=" + passage.passed());
        assertEquals(
            List.of("session 1 of alice ended on a (completed), which freed cpu 2 and mem 0 bytes"), wait.freed());
        assertEquals("a", wait.placed().get(0).agent());
        assertEquals(story.passed(), wait.passed());
    }

    @Test
    void shouldTellOfADependencyAndThenOfRoom()
    {
        final WaitStory story = why(
            """
            agents: [{name: a, cpu: 4}]
            sessions:
              - {name: first, kernels: [{cpu: 1}], duration: 10s}
              - {name: other, at: 2s, kernels: [{cpu: 3}], duration: 30s}
              - {name: waits, at: 1s, kernels: [{cpu: 2}], duration: 5s, after: [first]}
            """,
            2);
        final List<Passage> passages = story.waits().get(0).passages();
        assertTrue(passages.get(0).waitsFor().contains("dependencies"), passages.toString());
        assertEquals(0, passages.get(0).passed(), "nobody considers what depends on others");
        final Passage last = passages.get(passages.size() - 1);
        assertEquals(List.of("resources"), last.waitsFor());
        assertEquals(22, seconds(last.lengthNs()));
        assertTrue(story.waits().get(0).freed().get(0).startsWith("session 3 of "), story.waits().toString());
    }

    @Test
    void shouldTellOfEachAttemptAndOfTheGangThatStarves()
    {
        final String scenario =
            """
            groups: [{name: default, quarantineAfter: 2, attempts: 5}]
            agents: [{name: a, count: 2, cpu: 4}]
            sessions:
              - {name: long, kernels: [{cpu: 2}], duration: 300s, on: [a-1]}
              - {name: small, at: 5s, count: 40, kernels: [{cpu: 2}], duration: 10s}
              - {name: gang, at: 1s, kernels: [{cpu: 3, count: 2}], duration: 5s}
            failures: [{at: 2s, agent: a-2, down: 30s, kind: starts-fail}]
            """;
        final WaitStory gang = why(scenario, 2);
        final Wait wait = gang.waits().get(gang.waits().size() - 1);
        assertTrue(
            wait.passages().stream().anyMatch(passage -> passage.last().rejected().containsKey("quarantined")),
            wait.toString());
        final long later = wait.passages().stream().mapToLong(passage -> passage.meanwhile().later()).sum();
        assertTrue(later >= 40, "later=" + later);
        assertTrue(wait.passages().stream().allMatch(passage -> passage.waitsFor().contains("resources") ||
            passage.waitsFor().contains("start-time")), wait.toString());
        assertNull(wait.to());
        assertTrue(wait.freed().isEmpty());
        try (ReplayedCluster cluster = ReplayedCluster.open(directory))
        {
            final WaitStory retried = WaitStoryteller.tell(cluster, 4);
            assertTrue(retried.waits().size() > 1, retried.waits().toString());
            assertTrue(retried.life().size() > retried.waits().size());
        }
    }

    @Test
    void shouldSampleWhatIsTooMuchAndSaySo()
    {
        record(
            """
            agents: [{name: a, cpu: 1}]
            sessions:
              - {name: s, count: 400, kernels: [{cpu: 1}], duration: 1s}
            """);
        try (ReplayedCluster cluster = ReplayedCluster.open(directory))
        {
            final WaitStory all = WaitStoryteller.tell(cluster, 400);
            final WaitStory some = WaitStoryteller.tell(cluster, 400, 50);
            assertEquals(all.passed(), some.passed());
            assertTrue(some.examined() < 60, "examined=" + some.examined());
            assertEquals(all.waits().get(0).to(), some.waits().get(0).to());
            assertEquals(
                all.waits().get(0).passages().stream().map(Passage::waitsFor).toList(),
                some.waits().get(0).passages().stream().map(Passage::waitsFor).toList());
            final long core = cluster.core().stateHash();
            assertEquals(399, all.passed());
            assertTrue(all.examined() >= 398, "examined=" + all.examined());
            cluster.moveTo(all.to().sequence());
            assertEquals(core, cluster.core().stateHash());
        }
    }

    @Test
    void shouldSayThatThereIsNoSuchSession()
    {
        final ReplayException refused = assertThrows(
            ReplayException.class, () -> why("{agents: [{name: a, cpu: 1}], sessions: [{name: s}]}", 17));
        assertTrue(refused.getMessage().contains("no session 17"), refused.getMessage());
    }
}
