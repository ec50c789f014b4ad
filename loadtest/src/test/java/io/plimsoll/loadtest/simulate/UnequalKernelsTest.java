package io.plimsoll.loadtest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios of sessions whose kernels need different things, small enough to be worked out by hand. */
class UnequalKernelsTest
{
    private static final String FARM = """
        agents:
          - {name: c, cpu: 4, mem: 8g}
          - {name: g, count: 3, cpu: 8, mem: 32g, devices: {kind: cuda, model: A100, count: 1}}
        """;

    @Test
    void shouldShowWhatEachKernelGot()
    {
        final String first = ScenarioHarness.json(FARM + """
            sessions:
              - {name: s, kernels: [{cpu: 2, mem: 2g, count: 1}, {cpu: 8, mem: 32g, cuda: 1, count: 3}], duration: 10s}
            """).get(0);
        assertEquals(
            "\"kernels\":[{\"agent\":\"c\",\"cpu\":2,\"mem\":2147483648,\"devices\":[]}," +
                "{\"agent\":\"g-1\",\"cpu\":8,\"mem\":34359738368," +
                "\"devices\":[{\"index\":0,\"share\":1000}]}," +
                "{\"agent\":\"g-2\",\"cpu\":8,\"mem\":34359738368," +
                "\"devices\":[{\"index\":0,\"share\":1000}]}," +
                "{\"agent\":\"g-3\",\"cpu\":8,\"mem\":34359738368," +
                "\"devices\":[{\"index\":0,\"share\":1000}]}]}",
            first.substring(first.indexOf("\"kernels\"")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "concentrated", "dispersed", "round-robin", "random", "topology", "best-fit", "dot-product", "gpu-packing",
        "gpu-clustering", "fragmentation-gradient", "plimsoll"})
    void shouldStartAllAtOnceWhateverTheSelection(final String selection)
    {
        final ScenarioRun run = ScenarioHarness.run(
            "groups: [{name: default, select: " + selection + "}]\n" + FARM + """
                sessions:
                  - {name: one, kernels: [{cpu: 1, gpu: 0.5}], duration: 10s}
                  - {name: s, kernels: [{cpu: 2, mem: 2g}, {cpu: 7, mem: 30g, gpu: 1, count: 3}], duration: 10s}
                  - {name: small, at: 1s, kernels: [{cpu: 1}, {cpu: 2}], duration: 5s}
                """);
        assertEquals("s TERMINATED completed 10 20", ScenarioHarness.outcome(run, "s"));
        assertEquals("small TERMINATED completed 1 6", ScenarioHarness.outcome(run, "small"));
    }

    @Test
    void shouldCountAllPartsAgainstLimits()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, cpu: 100}]
            owners: {users: [{name: alice, limits: {cpu: 10}}]}
            sessions:
              - {name: s1, user: alice, kernels: [{cpu: 1}, {cpu: 3, count: 2}], duration: 10s}
              - {name: s2, user: alice, kernels: [{cpu: 1}, {cpu: 3}], duration: 10s}
              - {name: s3, user: alice, kernels: [{cpu: 1}, {cpu: 2}], duration: 10s}
            """);
        assertEquals("s1 TERMINATED completed 0 10", ScenarioHarness.outcome(run, "s1"));
        assertEquals("s2 TERMINATED completed 10 20", ScenarioHarness.outcome(run, "s2"));
        assertEquals("s3 TERMINATED completed 0 10", ScenarioHarness.outcome(run, "s3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"easy", "easy-sjbf"})
    void shouldNotPutTheReservationOfAllPartsOff(final String backfill)
    {
        final ScenarioRun run = ScenarioHarness.run(
            "groups: [{name: default, backfill: " + backfill + "}]\n" + """
                agents: [{name: a, cpu: 4}, {name: b, cpu: 8}]
                sessions:
                  - {name: r1, kernels: [{cpu: 3}], duration: 50s, limit: 50s}
                  - {name: r2, kernels: [{cpu: 6}], duration: 100s, limit: 100s}
                  - {name: head, at: 1s, kernels: [{cpu: 3}, {cpu: 7}], duration: 10s, limit: 10s}
                  - {name: long, at: 2s, kernels: [{cpu: 2}], duration: 200s, limit: 200s}
                  - {name: short, at: 3s, kernels: [{cpu: 1}, {cpu: 1}], duration: 20s, limit: 20s}
                """);
        assertEquals("head TERMINATED completed 100 110", ScenarioHarness.outcome(run, "head"));
        assertEquals("short TERMINATED completed 3 23", ScenarioHarness.outcome(run, "short"));
        assertTrue(ScenarioHarness.session(run, "long").startedNs() >= 100_000_000_000L);
    }

    @Test
    void shouldStartAgainAsAWholeWhenAnAgentFails()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            agents: [{name: a, cpu: 2}, {name: b, cpu: 8}]
            sessions:
              - {name: s, kernels: [{cpu: 1}, {cpu: 8}], duration: 60s}
            failures: [{at: 30s, agent: b, down: 20s}]
            """);
        assertEquals(List.of("a", "b"), ScenarioHarness.agents(run, "s"));
        assertEquals(2, ScenarioHarness.session(run, "s").attempts());
        assertEquals("completed", ScenarioHarness.session(run, "s").reason());
    }

    @Test
    void shouldMakeRoomForAllParts()
    {
        final ScenarioRun run = ScenarioHarness.run("""
            groups: [{name: default, preemption: {enabled: true}}]
            agents: [{name: a, cpu: 4}, {name: b, cpu: 8}]
            sessions:
              - {name: l1, priority: 1, kernels: [{cpu: 4}], duration: 100s, preemptible: true}
              - {name: l2, priority: 1, kernels: [{cpu: 4}], duration: 100s, preemptible: true}
              - {name: l3, priority: 1, kernels: [{cpu: 4}], duration: 100s, preemptible: true}
              - {name: high, at: 10s, priority: 50, kernels: [{cpu: 1}, {cpu: 4}], duration: 10s}
            """);
        final SessionRun high = ScenarioHarness.session(run, "high");
        assertTrue(high.startedNs() >= 10_000_000_000L && high.startedNs() < 100_000_000_000L);
        assertEquals(
            1,
            List.of("l1", "l2", "l3").stream().filter(name -> ScenarioHarness.session(run, name).startedNs() >= 0 &&
                ScenarioHarness.outcome(run, name).contains("completed 0 100")).count());
    }
}
