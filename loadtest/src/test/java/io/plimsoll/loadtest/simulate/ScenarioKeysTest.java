package io.plimsoll.loadtest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** That fields of a scenario which no other test has do what docs/SIMULATE.md says: name, state, reason, start, end. */
class ScenarioKeysTest
{
    static Stream<Arguments> ofGroups()
    {
        return Stream.of(
            Arguments.of("pendingMax", """
                groups: [{name: default, pendingMax: 2}]
                agents: [{name: a, cpu: 1}]
                sessions:
                  - {name: runs, duration: 20s}
                  - {name: w, count: 3, at: 1s, duration: 5s}
                """, List.of(
                "runs TERMINATED completed 0 20", "w-1 TERMINATED completed 20 25", "w-2 TERMINATED completed 25 30",
                "w-3 REJECTED too-many-pending - 1")),
            Arguments.of("containersMax", """
                groups: [{name: default, containersMax: 2}]
                agents: [{name: a, cpu: 8}]
                sessions:
                  - {name: two, kernels: [{cpu: 1, count: 2}], duration: 5s}
                  - {name: three, kernels: [{cpu: 1, count: 2}, {cpu: 2}], duration: 5s}
                """, List.of("two TERMINATED completed 0 5", "three REJECTED quota-exceeded - 0")),
            Arguments.of("types of a group, and of a user", """
                groups: [{name: default, types: [batch, inference]}]
                agents: [{name: a, cpu: 8}]
                owners: {users: [{name: u, limits: {types: inference}}, {name: v}]}
                sessions:
                  - {name: b, user: v, duration: 5s}
                  - {name: i, user: v, type: interactive, duration: 5s}
                  - {name: n, user: u, type: inference, duration: 5s}
                  - {name: o, user: u, duration: 5s}
                """, List.of(
                "b TERMINATED completed 0 5", "i REJECTED type-not-allowed - 0", "n TERMINATED completed 0 5",
                "o REJECTED type-not-allowed - 0")),
            Arguments.of("scope of those who yield", """
                groups: [{name: default, preemption: {enabled: true, scope: user}}]
                agents: [{name: a, cpu: 2}]
                sessions:
                  - {name: mine, user: u, priority: 5, duration: 100s}
                  - {name: other, user: v, priority: 1, duration: 100s}
                  - {name: high, at: 10s, user: u, priority: 20, duration: 10s}
                """, List.of(
                "mine TERMINATED preempted 0 10", "other TERMINATED completed 0 100",
                "high TERMINATED completed 10 20")),
            Arguments.of("quarantine that ends", """
                groups: [{name: default, attempts: 5, retryBackoff: 0s, quarantineAfter: 2, quarantine: 60s}]
                agents: [{name: a, cpu: 4}]
                sessions: [{name: s, count: 2, at: 1s, duration: 5s}]
                failures: [{agent: a, kind: starts-fail, down: 30s}]
                """, List.of("s-1 TERMINATED completed 61 66", "s-2 TERMINATED completed 61 66")),
            Arguments.of("delayMax of nothing is easy", """
                groups: [{name: default, backfill: predictive, delayMax: 0s}]
                agents: [{name: a, cpu: 4}]
                sessions:
                  - {name: r, kernels: [{cpu: 3}], duration: 100s, limit: 100s}
                  - {name: head, at: 1s, kernels: [{cpu: 4}], duration: 10s, limit: 10s}
                  - {name: long, at: 2s, kernels: [{cpu: 1}], duration: 200s, limit: 200s}
                  - {name: short, at: 3s, kernels: [{cpu: 1}], duration: 50s, limit: 50s}
                """, List.of(
                "r TERMINATED completed 0 100", "head TERMINATED completed 100 110",
                "long TERMINATED completed 110 310", "short TERMINATED completed 3 53")));
    }

    static Stream<Arguments> ofSessions()
    {
        return Stream.of(
            Arguments.of("labels whatever their value", """
                agents: [{name: a, cpu: 1}, {name: b, cpu: 8, labels: {ssd: x}}, {name: c, cpu: 8, labels: {ssd: y}}]
                sessions:
                  - {name: s, count: 2, labels: {ssd: "*"}, kernels: [{cpu: 8}], duration: 5s}
                  - {name: t, notLabels: {ssd: "*"}, count: 2, duration: 5s}
                """, List.of(
                "s-1 TERMINATED completed 0 5", "s-2 TERMINATED completed 0 5", "t-1 TERMINATED completed 0 5",
                "t-2 TERMINATED completed 5 10")),
            Arguments.of("failurePolicy", """
                agents: [{name: a, cpu: 8}]
                sessions:
                  - {name: s, kernels: [{cpu: 1, count: 2}], duration: [50s, 10s], exitCode: [0, 1]}
                  - {name: t, kernels: [{cpu: 1, count: 2}], duration: [50s, 10s], exitCode: [0, 1],
                     failurePolicy: tolerant}
                """, List.of("s TERMINATED exit-code 0 10", "t TERMINATED completed 0 50")),
            Arguments.of("prefer", """
                agents: [{name: a, cpu: 1}, {name: b, cpu: 8}]
                sessions:
                  - {name: s, prefer: b, kernels: [{cpu: 8}], duration: 5s}
                  - {name: t, prefer: b, duration: 5s}
                  - {name: u, at: 1s, duration: 5s}
                """, List.of(
                "s TERMINATED completed 0 5", "t TERMINATED completed 0 5", "u TERMINATED completed 5 10")),
            Arguments.of("deviceModel", """
                agents:
                  - {name: a, cpu: 8, devices: {model: A100, count: 1}}
                  - {name: b, at: 30s, cpu: 8, devices: {model: H100, count: 1}}
                sessions: [{name: s, deviceModel: H100, kernels: [{gpu: 1}], duration: 5s}]
                """, List.of("s TERMINATED completed 30 35")),
            Arguments.of("systemSessions", """
                agents: [{name: a, cpu: 8}]
                owners: {users: [{name: u, limits: {systemSessions: 1}}]}
                sessions: [{name: s, user: u, count: 2, type: system, duration: 5s}]
                """, List.of("s-1 TERMINATED completed 0 5", "s-2 TERMINATED completed 5 10")),
            Arguments.of("block", """
                groups: [{name: default, select: topology}]
                agents:
                  - {name: a, cpu: 1, rack: r1, block: b1}
                  - {name: b, cpu: 1, rack: r2, block: b2}
                  - {name: c, cpu: 1, rack: r3, block: b2}
                sessions:
                  - {name: s, kernels: [{cpu: 1, count: 2}], duration: 9s}
                  - {name: t, on: a, at: 1s, duration: 5s}
                """, List.of("s TERMINATED completed 0 9", "t TERMINATED completed 1 6")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"ofGroups", "ofSessions"})
    void shouldDoAsDocumented(final String name, final String text, final List<String> expected)
    {
        final ScenarioRun run = ScenarioHarness.run(text);
        final List<String> seen = new ArrayList<>();
        run.sessions().forEach(session -> seen.add(ScenarioHarness.outcome(run, session.spec().name())));
        assertEquals(String.join("\n", expected), String.join("\n", seen), name);
    }
}
