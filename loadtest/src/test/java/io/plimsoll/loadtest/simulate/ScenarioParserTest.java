package io.plimsoll.loadtest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioParserTest
{
    private static final String COMPLETE = """
        groups:
          - {name: default, order: fifo, select: concentrated, backfill: easy, pendingTimeout: 0s,
             preemption: {enabled: false}}
        agents:
          - {name: a, count: 3, group: default, arch: x86_64, cpu: 8, mem: 32g, maxContainers: 100, rack: r1,
             devices: {kind: cuda, model: A100, count: 4}, labels: {zone: z1}}
        owners:
          users: [{name: alice, project: p1, domain: d1, weight: 1, limits: {cpu: 10, sessions: 5}}]
          projects: []
          domains: []
        sessions:
          - {name: s1, at: 0s, user: alice, group: default, priority: 10, type: batch, duration: 60s, limit: 90s,
             kernels: [{cpu: 2, mem: 2g, count: 1}], after: [s0], startsAt: 0s, preemptible: true}
          - {name: s0}
        failures: [{at: 30s, agent: a-1, down: 20s}]
        """;

    @Test
    void shouldReadEverythingThatAScenarioMaySay()
    {
        final Scenario scenario = ScenarioParser.parse(COMPLETE);
        assertEquals("EASY", scenario.groups().get(0).backfill().name());
        assertEquals(List.of("a-1", "a-2", "a-3"), scenario.agents().stream().map(AgentSpec::name).toList());
        final AgentSpec agent = scenario.agents().get(2);
        assertEquals(Map.of("cuda.model", "A100", "zone", "z1", "rack", "r1"), agent.labels());
        assertEquals(100, agent.kernelsMax());
        assertEquals(
            List.of("cpu 8000", "mem 34359738368", "cuda.device 4"),
            agent.slots().stream().map(slot -> slot.name() + " " + slot.amount()).toList());
        assertEquals(
            List.of("d1 0", "p1 1", "alice 2"),
            scenario.accounts().stream().map(account -> account.name() + " " + account.parentId()).toList());
        assertEquals(5, scenario.accounts().get(2).limits().sessionsMax());
        // Who waits for another comes behind it.
        assertEquals(List.of("s0", "s1"), scenario.sessions().stream().map(SessionSpec::name).toList());
        final SessionSpec session = scenario.sessions().get(1);
        assertEquals(3, session.ownerId());
        assertEquals(2L << 30, session.request().memoryBytes());
        assertEquals(60_000_000_000L, session.behaviour().durationNs(0));
        assertEquals(90_000_000_000L, session.rules().limitNs());
        assertEquals(20_000_000_000L, scenario.failures().get(0).downNs());
    }

    @Test
    void shouldKeepTheNameOfAnAgentThatIsAlone()
    {
        final Scenario scenario = ScenarioParser.parse("agents: [{name: a, cpu: 1}, {name: b, count: 2, cpu: 1}]");
        assertEquals(List.of("a", "b-1", "b-2"), scenario.agents().stream().map(AgentSpec::name).toList());
        assertEquals("default", scenario.groups().get(0).name());
    }

    @ParameterizedTest
    @CsvSource({
        "'{gpu: 2}', cuda.device 2",
        "'{gpu: 0.5}', cuda.shares 500",
        "'{gpu: 1.25}', cuda.shares 1250",
        "'{cuda.shares: 300}', cuda.shares 300",
        "'{devices: {kind: rocm, count: 3}}', rocm.device 3",
        "'{devices: {count: 2, share: 250}}', cuda.shares 500",
        "'{slots: {tpu.device: 4}}', tpu.device 4"})
    void shouldReadRequestsForDevices(final String kernels, final String expected)
    {
        final Scenario scenario = ScenarioParser.parse("sessions: [{name: s, kernels: [" + kernels + "]}]");
        final Scenario.SlotAmount slot = scenario.sessions().get(0).request().slots().get(0);
        assertEquals(expected, slot.name() + " " + slot.amount());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
        "agents: [{name: a, cpu: 8, colour: red}] # line 1: agents[0].colour: there is no such field here",
        "agents: [{name: a, cpu: 8, mem: 32x}] # line 1: agents[0].mem: 32x is not a size",
        "agents: [{name: a, cpu: many}] # agents[0].cpu: many is not a number of cores",
        "agents: [{name: a, mem: 8g}] # line 1: agents[0]: the field cpu is missing: how many cores it has",
        "agents: [{cpu: 8}] # line 1: agents[0]: the field name is missing",
        "agents: [{name: a, cpu: 8, group: g}] # agents[0].group: g is no group of this scenario",
        "agents: [{name: a, cpu: 8}, {name: a, cpu: 8}] # agents[1]: a is already an agent in line 1",
        "sessions: [{name: s, duration: 5}] # sessions[0].duration: 5 is not a duration",
        "sessions: [{name: s, at: soon}] # sessions[0].at: soon is not a duration",
        "sessions: [{name: s, after: [t]}] # line 1: after: t is no session of this scenario",
        "sessions: [{name: s, after: [s]}] # s waits for itself",
        "sessions: [{name: s, after: [t]}, {name: t, at: 1s}] # after: t is submitted later than s",
        "sessions: [{name: s, after: [t]}, {name: t, at: 1s, after: [s]}] # waits for itself",
        "sessions: [{name: s, priority: 101}] # sessions[0].priority: 101 is out of range: use 0 to 100",
        "sessions: [{name: s, type: odd}] # odd is none of batch, inference, interactive, system",
        "sessions: [{name: s, kernels: [{cpus: 2}]}] # sessions[0].kernels[0].cpus: there is no such field here",
        "sessions: [{name: s, kernels: [{count: 1000}, {count: 25}]}] # 1025 kernels are too many",
        "sessions: [{name: s, kernels: [{devices: {model: A}}, {devices: {model: B}}]}] # of one model",
        "sessions: [{name: s, kernels: [{gpu: half}]}] # half is no number of devices",
        "groups: [{name: g, order: sjf}] # groups[0].order: sjf is none of drf, fair-share, fifo, lifo",
        "groups: [{name: g, backfill: maybe}] # groups[0].backfill: maybe is none of conservative, easy",
        "failures: [{agent: x}] # failures[0].agent: x is no agent of this scenario",
        "agents: [{nmae: a, cpu: 8}] # agents[0].nmae: there is no such field here; did you mean \"name\"?",
        "agents: [{name: a, memory: 8g}] # agents[0].memory: there is no such field here; did you mean \"mem\"?",
        "agents: [{name: a, devices: 4}] # agents[0].devices: expected an object with fields, such as {kind: cuda,",
        "sessions: [{name: s, prioritty: 8}] # sessions[0].prioritty: there is no such field here; did you mean",
        "sessions: [{name: s, kernels: [{coun: 8}]}] # there is no such field here; did you mean \"count\"?",
        "sessions: [{name: s, kernels: 2}] # sessions[0].kernels: expected an object with fields, such as {cpu: 2,",
        "sessions: [{name: s, kernels: []}] # sessions[0].kernels: the list is empty: a session has at least one",
        "sessions: [{name: s, on: b}] # sessions[0].on: b is no agent of this scenario",
        "groups: [{name: g, select: best_fit}] # groups[0].select: best_fit is none of best-fit, concentrated,",
        "groups: [{name: g, preemption: true}] # groups[0].preemption: expected an object with fields, such as {ena",
        "owners: {users: [{name: u, limits: {cpus: 3}}]} # users[0].limits.cpus: there is no such field here; did y",
        "{owners: {users: [{name: ann}]}, sessions: [{name: s, user: anna}]} # anna is no user of this scenario; did",
        "failures: [{agents: x}] # failures[0].agents: there is no such field here; did you mean \"agent\"?",
        "nodes: [] # line 1: nodes: there is no such field here",
        "sessions: [{name: s, name: t}] # sessions[0].name: is given twice",
        "sessions: [{name: s # line 1: expected ',' or '}', but got <stream end> while parsing a flow mapping",
        "sessions: [{name: s, duration: 2562047h}] # sessions[0].duration: 2562047h is too long: use at most 6570d",
        "sessions: [{name: s, at: 20000d}] # sessions[0].at: 20000d is too long: use at most 6570d",
        "sessions: [{name: s, kernels: [{gpu: 1e30}]}] # sessions[0].kernels[0].gpu: 1e30 is too large",
        "sessions: [{name: s, kernels: [{gpu: 1e2000000000}]}] # gpu: 1e2000000000 is too large",
        "sessions: [{name: s, kernels: [{devices: {count: 9223372036854775807, share: 9}}]}] # 07 is too large",
        "sessions: [{name: s, kernels: [{slots: {cpu: 2}}]}] # slots.cpu: cpu is no other slot; give the field cpu",
        "sessions: [{name: s, after: [t]}, {name: t, count: 257}] # after: s waits for 257 sessions; at most 256",
        "agents: [{name: a, slots: {mem: 2}}] # agents[0].slots.mem: mem is no other slot; give the field mem",
        "agents: [{name: a, devices: [{model: A}, {model: B}]}] # devices of kind cuda are given twice",
        "agents: [{name: a, devices: {}, slots: {cuda.device: 1}}] # slots.cuda.device: cuda.device is given twice",
        "sessions: [{name: s, kernels: *k}] # line 1: found undefined alias k",
        "sessions: [{name: s, labels: &l {l: *l}}] # is nested too deeply",
        "sessions: [{name: s, {a: b}: 2}] # line 1: sessions[0]: the name of a field is a text",
        "sessions: [{name: s, at: 10s, cancelAt: 5s}] # sessions[0].cancelAt: 5s is before 10s, when it is submitted",
        "{owners: {users: [{name: u}, {name: v}], keypairs: [{name: k, user: u}]}, sessions: [{name: s, keypair: k," +
            " user: v}]} # sessions[0].user: k is a keypair of another user, see line 1",
        "owners: {users: [{name: u, limits: {cuda.devices: 3}}]} # cuda.devices: there is no such field here; did",
        "agents: [{name: a, cpu: 1, rack: r1, labels: {rack: r2}}] # agents[0].labels.rack: rack is given twice",
        "sessions: [just text] # expected an object with fields"})
    void shouldNameLineAndFieldOfWhatIsWrong(final String text, final String expected)
    {
        final ScenarioException ex = assertThrows(ScenarioException.class, () -> ScenarioParser.parse(text));
        assertEquals(expected, ex.getMessage().contains(expected) ? expected : ex.getMessage());
    }

    @Test
    void shouldNameLinesOfLongScenarios()
    {
        final String text = """
            agents:
              - {name: a, cpu: 1}
            owners:
              users:
                - {name: alice}
            sessions:
              - name: s
                user: bob
            """;
        final ScenarioException ex = assertThrows(ScenarioException.class, () -> ScenarioParser.parse(text));
        assertEquals("line 8: sessions[0].user: bob is no user of this scenario", ex.getMessage());
    }

    @Test
    void shouldWaitForAllSessionsOfAnEntry()
    {
        final Scenario scenario =
            ScenarioParser.parse("sessions: [{name: last, after: [s]}, {name: s, count: 2, duration: 1s}]");
        assertEquals(
            List.of("s-1", "s-2", "last"), scenario.sessions().stream().map(SessionSpec::name).toList());
        assertEquals(2, scenario.sessions().get(2).after().size());
    }

    @Test
    void shouldMeanAllAgentsOfAnEntry()
    {
        final Scenario scenario = ScenarioParser.parse("""
            agents: [{name: a, count: 2, cpu: 1}, {name: b, cpu: 1}]
            sessions: [{name: s, on: a, prefer: [b, a-1], preemptible: no}]
            """);
        assertEquals(
            List.of("a-1|a-2", "b|a-1"),
            scenario.sessions().get(0).constraints().stream().map(SessionSpec.Constraint::values).toList());
    }

    @Test
    void shouldSayThatAUserIsInTwoPlaces()
    {
        final ScenarioException ex = assertThrows(ScenarioException.class, () -> ScenarioParser.parse("""
            owners:
              users:
                - {name: alice, project: p, domain: d}
                - {name: bob, project: p, domain: e}
            """));
        assertEquals("line 4: owners.users[1].project: p is in another domain, see line 3", ex.getMessage());
    }

    @Test
    void shouldKnowAnAgentOfAsManySlotsAsASchedulerDoes()
    {
        final StringBuilder slots = new StringBuilder();
        for (int slot = 0; slot < 15; slot++)
        {
            slots.append("s").append(slot).append(": 1, ");
        }
        final ScenarioException ex = assertThrows(
            ScenarioException.class, () -> ScenarioParser.parse("agents: [{name: a, cpu: 1, slots: {" + slots + "}}]"));
        assertTrue(ex.getMessage().endsWith("17 slots are too many: an agent has at most 16"), ex.getMessage());
    }

    @Test
    void shouldPutADomainBeforeAProjectThatWasMentionedFirst()
    {
        final Scenario scenario = ScenarioParser.parse("""
            owners:
              users:
                - {name: alice, project: p}
                - {name: bob, project: p, domain: d}
            """);
        assertEquals(
            List.of("d", "p", "alice", "bob"), scenario.accounts().stream().map(AccountSpec::name).toList());
    }

    @Test
    void shouldReadAnchorsAndWhatTheyStandFor()
    {
        final Scenario scenario = ScenarioParser.parse("""
            agents: [{name: a, cpu: 8}]
            sessions:
              - &first {name: r, duration: 7s, kernels: &two [{cpu: 2, count: 2}]}
              - {name: s, kernels: *two, priority: &high 20}
              - {<<: *first, name: t, priority: *high}
            """);
        assertEquals(
            List.of("r 2 10", "s 2 20", "t 2 20"),
            scenario.sessions().stream()
                .map(session -> session.name() + " " + session.request().kernels() + " " + session.priority())
                .toList());
        assertEquals(7_000_000_000L, scenario.sessions().get(2).behaviour().durationNs(0));
    }

    @Test
    void shouldReadJsonHoweverItIsIndented()
    {
        final Scenario scenario = ScenarioParser.parse(
            "\t{\n\t\"agents\": [{\"name\": \"a\\u002fb\",\t\"cpu\": 2}],\n\t\"sessions\": []\n}\n");
        assertEquals("a/b", scenario.agents().get(0).name());
        final ScenarioException ex =
            assertThrows(ScenarioException.class, () -> ScenarioParser.parse("{\n\t\"agents\": [{\"cpu\": 2}]}"));
        assertEquals("line 2: agents[0]: the field name is missing", ex.getMessage());
    }

    @Test
    void shouldRefuseTextsThatNobodyCouldKeep()
    {
        final String label = "x".repeat(256);
        final String names = String.join(", ", Collections.nCopies(41, "a".repeat(99)));
        for (final String text : List.of(
            "agents: [{name: a, labels: {zone: " + label + "}}]",
            "agents: [{name: a, labels: {" + label + ": 1}}]",
            "agents: [{name: a, rack: " + label + "}]",
            "agents: [{name: a, slots: {" + label + ": 1}}]",
            "agents: [{name: a, devices: {kind: " + label + "}}]",
            "sessions: [{name: s, kernels: [{slots: {" + label + ": 1}}]}]",
            "sessions: [{name: s, arch: " + "x".repeat(5000) + "}]",
            "sessions: [{name: s, arch: [" + names + "]}]"))
        {
            final ScenarioException ex = assertThrows(ScenarioException.class, () -> ScenarioParser.parse(text), text);
            assertTrue(ex.getMessage().matches(".*at most (255|4096).*"), ex.getMessage());
        }
    }
}
