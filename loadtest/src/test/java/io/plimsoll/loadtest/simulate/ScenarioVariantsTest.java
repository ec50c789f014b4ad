package io.plimsoll.loadtest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that meet in one scenario, with outcomes computed by hand: name, agents, start and end; or name and reason. */
class ScenarioVariantsTest
{
    static Stream<Arguments> admission()
    {
        return Stream.of(
            Arguments.of("limits at four levels, several violated at once", """
                agents: [{name: a, cpu: 100, mem: 100g}]
                owners:
                  domains: [{name: d, limits: {cpu: 20, sessions: 4}}]
                  projects: [{name: p, domain: d, limits: {mem: 10g}}]
                  users: [{name: u, project: p, limits: {cpu: 8}}, {name: v, project: p}]
                  keypairs: [{name: k1, user: u, limits: {sessions: 1}}, {name: k2, user: u}]
                sessions:
                  - {name: s1, keypair: k1, kernels: [{cpu: 4, mem: 4g}], duration: 20s}
                  - {name: s2, keypair: k1, kernels: [{cpu: 1, mem: 1g}], duration: 20s}
                  - {name: s3, keypair: k2, kernels: [{cpu: 5, mem: 1g}], duration: 20s}
                  - {name: s4, user: v, kernels: [{cpu: 1, mem: 7g}], duration: 20s}
                  - {name: s5, user: v, kernels: [{cpu: 14, mem: 1g}], duration: 30s}
                  - {name: s6, user: v, kernels: [{cpu: 1, mem: 1g}], duration: 30s, count: 2}
                """,
                List.of(
                    "s1 a 0 20", "s2 a 20 40", "s3 a 30 50", "s4 a 30 50", "s5 a 0 30", "s6-1 a 0 30", "s6-2 a 0 30")),
            Arguments.of("a chain of dependencies behind one that fails", """
                agents: [{name: a, cpu: 8}]
                sessions:
                  - {name: a, duration: 10s, exitCode: 3}
                  - {name: b, after: [a], duration: 10s}
                  - {name: c, after: [b], duration: 10s}
                  - {name: d, afterAny: [b], duration: 10s, startsAt: 15s}
                  - {name: e, after: [{session: a, ends: any}, d], duration: 10s}
                """,
                List.of("a a 0 10", "b dependency-failed", "c dependency-failed", "d a 15 25", "e a 25 35")),
            Arguments.of("shares of devices under a limit", """
                agents: [{name: a, cpu: 40, devices: {count: 2}}]
                owners: {users: [{name: w, limits: {cuda.shares: 1500}}, {name: x}]}
                sessions:
                  - {name: s1, user: w, kernels: [{gpu: 0.5, count: 3}], duration: 20s}
                  - {name: s2, user: w, kernels: [{gpu: 0.5}], duration: 20s}
                  - {name: s3, user: x, kernels: [{gpu: 0.5}], duration: 5s}
                """,
                List.of("s1 a,a,a 0 20", "s2 a 20 40", "s3 a 0 5")));
    }

    static Stream<Arguments> yielding()
    {
        return Stream.of(
            Arguments.of("the lowest priority yields, wherever it is", """
                groups: [{name: default, preemption: {enabled: true}}]
                agents: [{name: a, cpu: 4}, {name: b, cpu: 4}]
                sessions:
                  - {name: l2, on: a, priority: 2, kernels: [{cpu: 4}], duration: 100s}
                  - {name: l1, on: b, priority: 1, kernels: [{cpu: 4}], duration: 100s}
                  - {name: h, at: 10s, priority: 20, kernels: [{cpu: 4}], duration: 10s}
                """,
                List.of("l2 a 0 100", "l1 preempted", "h b 10 20")),
            Arguments.of("a gang takes the least costly", """
                groups: [{name: default, preemption: {enabled: true}}]
                agents: [{name: a, count: 3, cpu: 4}]
                sessions:
                  - {name: old, priority: 1, kernels: [{cpu: 4}], duration: 100s}
                  - {name: mid, at: 10s, priority: 1, kernels: [{cpu: 4}], duration: 100s}
                  - {name: new, at: 20s, priority: 1, kernels: [{cpu: 4}], duration: 100s}
                  - {name: h, at: 30s, priority: 20, kernels: [{cpu: 4, count: 2}], duration: 10s}
                """,
                List.of("old a-1 0 100", "mid preempted", "new preempted", "h a-2,a-3 30 40")),
            Arguments.of("one that yielded yields again, and all end", """
                groups: [{name: default, preemption: {enabled: true, mode: reschedule}}]
                agents: [{name: a, cpu: 4}]
                sessions:
                  - {name: l, priority: 1, kernels: [{cpu: 4}], duration: 100s}
                  - {name: m, at: 10s, priority: 10, kernels: [{cpu: 4}], duration: 50s}
                  - {name: h, at: 20s, priority: 20, kernels: [{cpu: 4}], duration: 10s}
                """,
                List.of("l a 0 180", "m a 10 80", "h a 20 30")),
            Arguments.of("a lost machine is not waited for", """
                agents: [{name: a, count: 2, cpu: 1}]
                sessions: [{name: s, duration: 60s}]
                failures: [{at: 30s, agent: a-1, down: 20s}]
                """,
                List.of("s a-2 0 90")));
    }

    static Stream<Arguments> passing()
    {
        return Stream.of(
            Arguments.of("easy: by the processors that the head leaves, or before it starts", """
                groups: [{name: default, backfill: easy}]
                agents: [{name: a, cpu: 10}]
                sessions:
                  - {name: r, kernels: [{cpu: 6}], duration: 100s, limit: 100s}
                  - {name: head, at: 1s, kernels: [{cpu: 8}], duration: 10s, limit: 10s}
                  - {name: x, at: 2s, kernels: [{cpu: 2}], duration: 500s, limit: 500s}
                  - {name: y, at: 3s, kernels: [{cpu: 2}], duration: 500s, limit: 500s}
                  - {name: z, at: 4s, kernels: [{cpu: 2}], duration: 96s, limit: 96s}
                """,
                List.of("r a 0 100", "head a 100 110", "x a 2 502", "y a 110 610", "z a 4 100")),
            Arguments.of("easy: two kinds of machines", """
                groups: [{name: default, backfill: easy}]
                agents: [{name: a, cpu: 4, devices: {count: 1}}, {name: b, cpu: 4}]
                sessions:
                  - {name: r, kernels: [{cpu: 1, gpu: 1}], duration: 100s, limit: 100s}
                  - {name: head, at: 1s, kernels: [{cpu: 4, gpu: 1}], duration: 10s, limit: 10s}
                  - {name: x, at: 2s, kernels: [{cpu: 3}], duration: 500s, limit: 500s}
                  - {name: y, at: 2s, kernels: [{cpu: 3}], duration: 50s, limit: 50s}
                  - {name: z, at: 3s, kernels: [{cpu: 3}], duration: 500s, limit: 500s}
                """,
                List.of("r a 0 100", "head a 100 110", "x b 2 502", "y a 2 52", "z a 110 610")));
    }

    static Stream<Arguments> together()
    {
        return Stream.of(
            Arguments.of("where to is asked once all that end together have", """
                agents: [{name: a, cpu: 4}, {name: b, cpu: 8}]
                sessions:
                  - {name: r, kernels: [{cpu: 8}], duration: 10s}
                  - {name: s, kernels: [{cpu: 4}], duration: 10s}
                  - {name: w, at: 1s, duration: 5s}
                """,
                List.of("r b 0 10", "s a 0 10", "w a 10 15")),
            Arguments.of("who is first gets what several leave together", """
                agents: [{name: a, count: 2, cpu: 1}]
                sessions:
                  - {name: r, count: 2, duration: 10s}
                  - {name: gang, at: 1s, kernels: [{cpu: 1, count: 2}], duration: 5s}
                  - {name: w, at: 2s, duration: 5s}
                """,
                List.of("r-1 a-1 0 10", "r-2 a-2 0 10", "gang a-1,a-2 10 15", "w a-1 15 20")),
            Arguments.of("the kernels of a session end together when one of them fails", """
                agents: [{name: a, count: 2, cpu: 1}]
                sessions:
                  - {name: r, kernels: [{cpu: 1, count: 2}], duration: [10s, 20s], exitCode: [1, 0]}
                  - {name: gang, at: 1s, kernels: [{cpu: 1, count: 2}], duration: 5s}
                  - {name: w, at: 2s, duration: 5s}
                """,
                List.of("r a-1,a-2 0 10", "gang a-1,a-2 10 15", "w a-1 15 20")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"admission", "yielding", "passing", "together"})
    void shouldComeOutAsComputedByHand(final String name, final String text, final List<String> expected)
    {
        final ScenarioRun run = ScenarioHarness.run(text);
        final List<String> seen = new ArrayList<>();
        for (final SessionRun session : run.sessions())
        {
            final boolean well = "completed".equals(session.reason()) || "exit-code".equals(session.reason());
            seen.add(session.spec().name() + " " + (well ?
                String.join(",", ScenarioHarness.agents(run, session.spec().name())) + " " +
                    Seconds.text(session.startedNs()) + " " + Seconds.text(session.endedNs()) :
                session.reason()));
        }
        assertEquals(String.join("\n", expected), String.join("\n", seen), name);
    }
}
