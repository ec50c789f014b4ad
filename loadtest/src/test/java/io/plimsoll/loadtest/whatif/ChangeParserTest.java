package io.plimsoll.loadtest.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.simulate.ScenarioException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeParserTest
{
    private static ClusterBooks books;

    @BeforeAll
    static void readJournal()
    {
        final RecordedLives lives = new RecordedLives();
        Tapes.source(Tapes.simulated(
            "groups: [{name: default}, {name: gpu}]\n" +
                "agents: [{name: a, count: 2, cpu: 8, devices: {count: 4}}]\n" +
                "owners: {domains: [{name: p1}], users: [{name: alice, project: p1}, {name: bob, project: p2}]}\n" +
                "sessions: [{name: s, user: alice, duration: 60s}]"))
            .forEach(lives::onRecord);
        books = lives.books();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
        "group: [] # line 1: group: there is no such field here; did you mean",
        "groups: [{name: gpus}] # line 1: groups[0].name: gpus is no group of this journal; did you mean",
        "groups: [{name: gpu, order: fifi}] # line 1: groups[0].order: fifi is none of drf, fair-share, fifo, lifo",
        "groups: [{name: gpu}, {name: gpu}] # line 1: groups[1]: gpu is changed twice; say all about it in one place",
        "groups: [{order: fifo}] # line 1: groups[0]: the field name is missing",
        "owners: {users: [{name: bob, weight: -1}]} # owners.users[0].weight: -1 is not a weight",
        "owners: {users: [{name: bob, limits: {cpus: 3}}]} # owners.users[0].limits.cpus: there is no such field here",
        "owners: {users: [{name: bob, limits: {cpu: many}}]} # owners.users[0].limits.cpu: many is not a number",
        "owners: {users: [{name: bob, project: p1}]} # owners of the journal stay where they are",
        "owners: {users: [{name: zoe, project: p9}]} # owners.users[0].project: p9 is no project of this journal",
        "owners: {users: [{name: bob}, {name: bob}]} # bob is changed twice",
        "agents: {add: [{name: a-1, cpu: 4}]} # agents.add[0]: a-1 is already an agent; give the new ones another name",
        "agents: {add: [{name: n, like: b-1}]} # agents.add[0].like: b-1 is no agent of this journal",
        "agents: {add: [{name: n, cpu: 4, group: g}]} # agents.add[0].group: g is no group of this journal",
        "agents: {remove: [a]} # agents.remove[0]: a is no agent of this journal",
        "sessions: {add: [{name: n, user: zoe}]} # sessions.add[0].user: zoe is no user of this journal",
        "sessions: {add: [{name: n, after: s}]} # s is no session that is added above, and not later",
        "sessions: {add: [{name: n, on: a-7}]} # sessions.add[0].on: a-7 is no agent of this journal",
        "sessions: {remove: [x]} # sessions.remove[0]: x is no session: use an id such as 17",
        "sessions: {remove: [9-3]} # sessions.remove[0]: 9-3 is no range of sessions",
        "sessions: {remove: [{}]} # it says not of which sessions",
        "sessions: {remove: [{owner: p1}]} # p1 is the name of a domain and of a project; say domain or project",
        "sessions: {remove: [{user: bob, project: p1}]} # it names owners by project and user; give one of them",
        "sessions: {scale: [{user: bob}]} # sessions.scale[0]: it says not what to multiply",
        "sessions: {scale: [{user: bob, count: 2, rate: 2}]} # count and rate mean the same",
        "sessions: {scale: [{all: true, cpu: 0}]} # sessions.scale[0].cpu: 0 is no factor: use a number above 0",
        "sessions: {scale: [{all: true, count: twice}]} # twice is no factor: use a number from 0 to 1000",
        "sessions: {scale: [{all: true, ids: 3, cpu: 2}]} # sessions.scale[0].ids: there is no such field here",
        "sessions: {drop: [3]} # sessions.drop: there is no such field here"})
    void shouldNameWhatIsWrong(final String change, final String message)
    {
        final ScenarioException refused =
            assertThrows(ScenarioException.class, () -> ChangeParser.parse(change, books), change);

        assertTrue(refused.getMessage().contains(message.strip()), refused.getMessage());
        assertTrue(refused.getMessage().startsWith("line 1: "), refused.getMessage());
    }

    @Test
    void shouldReadAllThatMayBeSaid()
    {
        final Change change = ChangeParser.parse(
            "groups: [{name: gpu, order: drf, preemption: {enabled: true}}]\n" +
                "owners: {projects: [{name: p9}], " +
                "users: [{name: zoe, project: p9}, {name: bob, limits: {cpu: none}}]}\n" +
                "agents: {add: [{name: n, like: a-1, count: 3}, {name: m, cpu: 4}], remove: a-2}\n" +
                "sessions:\n" +
                "  add: [{name: x, user: zoe, at: 5m, on: n}, {name: y, at: 6m, after: x, count: 2}]\n" +
                "  remove: [17, 20-30, {project: p1, group: gpu}]\n" +
                "  scale: [{owner: bob, count: 0.5, duration: 2}, {all: true, gpu: 2}]\n",
            books);

        assertEquals(1, change.groups().size());
        assertEquals(3, change.accounts().size());
        assertEquals(4, change.agentsAdded().size());
        assertEquals(3, change.added().size());
        assertEquals(3, change.removed().size());
        assertEquals(2, change.scales().size());
        assertEquals(-1, change.accounts().get(2).slots().get("cpu"));
        assertEquals(
            change.accounts().get(0).newId(), change.accounts().get(1).parentId(), "who is new belongs to who is new");
        assertEquals("n-1|n-2|n-3", change.added().get(0).constraints().get(0).values());
    }
}
