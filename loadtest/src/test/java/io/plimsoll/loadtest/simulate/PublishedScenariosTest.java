package io.plimsoll.loadtest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users of existing schedulers rely on, as scenarios. An expectation is a name with {@code starts} and a time,
 * {@code on} and its agents, or {@code is} with state and reason.
 */
class PublishedScenariosTest
{
    private static final String ONE_AT_A_TIME = "agents: [{name: a, cpu: 1}]\n";
    private static final String THREE_SIZES = """
        agents:
          - {name: low, cpu: 2, mem: 4096m}
          - {name: medium, cpu: 4, mem: 8192m}
          - {name: high, cpu: 6, mem: 12288m}
        """;

    static Stream<Case> sequencing()
    {
        return Stream.of(
            of("the user who holds less goes first", """
                groups: [{name: default, order: drf}]
                agents: [{name: a, cpu: 100}]
                sessions:
                  - {name: h1, user: heavy, kernels: [{cpu: 30}], duration: 200s}
                  - {name: h2, user: heavy, kernels: [{cpu: 20}], duration: 200s}
                  - {name: l1, user: light, kernels: [{cpu: 10}], duration: 200s}
                  - {name: block, user: other, kernels: [{cpu: 40}], duration: 10s}
                  - {name: h3, at: 5s, user: heavy, kernels: [{cpu: 40}], duration: 20s}
                  - {name: l2, at: 5s, user: light, kernels: [{cpu: 40}], duration: 20s}
                """, "l2 starts 10", "h3 starts 30"),
            of("the dominant share counts, not one slot", """
                groups: [{name: default, order: drf}]
                agents: [{name: a, cpu: 100, mem: 100000m, slots: {fpga: 0}}]
                sessions:
                  - {name: a1, user: a, kernels: [{cpu: 60, mem: 10000m}], duration: 200s}
                  - {name: b1, user: b, kernels: [{cpu: 10, mem: 40000m}], duration: 200s}
                  - {name: block, user: other, kernels: [{cpu: 30, mem: 50000m}], duration: 10s}
                  - {name: a2, at: 5s, user: a, kernels: [{cpu: 30}], duration: 20s}
                  - {name: b2, at: 5s, user: b, kernels: [{cpu: 30}], duration: 20s}
                """, "b2 starts 10", "a2 starts 30"),
            of("a new user goes before one who holds something", """
                groups: [{name: default, order: drf}]
                agents: [{name: a, cpu: 100}]
                sessions:
                  - {name: h1, user: heavy, kernels: [{cpu: 50}], duration: 200s}
                  - {name: block, user: other, kernels: [{cpu: 50}], duration: 10s}
                  - {name: h2, at: 5s, user: heavy, kernels: [{cpu: 50}], duration: 20s}
                  - {name: n1, at: 6s, user: new, kernels: [{cpu: 50}], duration: 20s}
                """, "n1 starts 10", "h2 starts 30"),
            of("one user keeps the order", """
                groups: [{name: default, order: drf}]
                agents: [{name: a, cpu: 1}]
                sessions:
                  - {name: s1, user: u, duration: 10s}
                  - {name: s2, user: u, duration: 10s}
                  - {name: s3, user: u, duration: 10s}
                """, "s1 starts 0", "s2 starts 10", "s3 starts 20"),
            of("what comes at one instant is shared at once", """
                groups: [{name: default, order: drf}]
                agents: [{name: a, cpu: 4}]
                sessions:
                  - {name: x, user: x, count: 4, duration: 10s}
                  - {name: y, user: y, count: 4, duration: 10s}
                """, "x-1 starts 0", "x-2 starts 0", "y-1 starts 0", "y-2 starts 0", "x-3 starts 10", "y-4 starts 10"),
            of("bands first", ONE_AT_A_TIME + """
                sessions:
                  - {name: p1, priority: 1, duration: 10s}
                  - {name: p10, priority: 10, duration: 10s}
                  - {name: p5, priority: 5, duration: 10s}
                """, "p10 starts 0", "p5 starts 10", "p1 starts 20"),
            of("the last first inside a band", "groups: [{name: default, order: lifo}]\n" + ONE_AT_A_TIME + """
                sessions:
                  - {name: lowA, priority: 1, duration: 10s}
                  - {name: lowB, priority: 1, duration: 10s}
                  - {name: highA, priority: 10, duration: 10s}
                  - {name: highB, priority: 10, duration: 10s}
                """, "highB starts 0", "highA starts 10", "lowB starts 20", "lowA starts 30"),
            of("the first first inside a band", ONE_AT_A_TIME + """
                sessions:
                  - {name: lowA, priority: 1, duration: 10s}
                  - {name: lowB, priority: 1, duration: 10s}
                  - {name: highA, priority: 10, duration: 10s}
                  - {name: highB, priority: 10, duration: 10s}
                """, "highA starts 0", "highB starts 10", "lowA starts 20", "lowB starts 30"),
            of("nothing is nothing", ONE_AT_A_TIME + "sessions: []"));
    }

    static Stream<Case> fairShare()
    {
        return Stream.of(
            of("fair share looks at what was used before", """
                groups: [{name: default, order: fair-share, halfLife: 1h}]
                agents: [{name: a, cpu: 1}]
                sessions:
                  - {name: x1, user: x, duration: 100s}
                  - {name: x2, at: 1s, user: x, duration: 10s}
                  - {name: y1, at: 2s, user: y, duration: 10s}
                """, "y1 starts 100", "x2 starts 110"),
            of("fair share looks at weights", """
                groups: [{name: default, order: fair-share, halfLife: 10h}]
                agents: [{name: a, cpu: 1}]
                owners: {users: [{name: x, weight: 10}, {name: y, weight: 1}]}
                sessions:
                  - {name: x1, user: x, duration: 100s}
                  - {name: y1, at: 1s, user: y, duration: 50s}
                  - {name: x2, at: 2s, user: x, duration: 10s}
                  - {name: y2, at: 3s, user: y, duration: 10s}
                """, "y1 starts 100", "x2 starts 150", "y2 starts 160"));
    }

    static Stream<Case> devices()
    {
        return Stream.of(
            of("concentrated leaves devices to those who ask", """
                agents:
                  - {name: a, cpu: 4, mem: 8g, devices: {count: 4}}
                  - {name: b, cpu: 4, mem: 8g}
                sessions: [{name: s, kernels: [{cpu: 1, mem: 1g, cuda.shares: 0}], duration: 1s}]
                """, "s on b"),
            of("dispersed leaves devices to those who ask", """
                groups: [{name: default, select: dispersed}]
                agents:
                  - {name: a, cpu: 4, mem: 8g, devices: {count: 4}}
                  - {name: b, cpu: 4, mem: 8g}
                sessions: [{name: s, kernels: [{cpu: 1, mem: 1g, cuda.shares: 0}], duration: 1s}]
                """, "s on b"),
            of("concentrated fills devices that are in use", """
                agents:
                  - {name: busy, cpu: 8, mem: 8g, devices: {count: 8}}
                  - {name: free, cpu: 8, mem: 8g, devices: {count: 8}}
                sessions:
                  - {name: b, kernels: [{cpu: 1, gpu: 6}], agents: [busy], duration: 100s}
                  - {name: f, kernels: [{cpu: 1, gpu: 2}], agents: [free], duration: 100s}
                  - {name: s, at: 1s, kernels: [{cpu: 1, gpu: 1}], duration: 1s}
                """, "s on busy"),
            of("what is left of devices that are asked for comes before cpu", """
                agents:
                  - {name: busy, cpu: 64, mem: 64g, devices: {count: 8}}
                  - {name: free, cpu: 8, mem: 8g, devices: {count: 8}}
                sessions:
                  - {name: b, kernels: [{cpu: 1, gpu: 6}], agents: [busy], duration: 100s}
                  - {name: f, kernels: [{cpu: 1, gpu: 2}], agents: [free], duration: 100s}
                  - {name: s, at: 1s, kernels: [{cpu: 1, cuda.shares: 0.5}], duration: 1s}
                  - {name: t, at: 3s, kernels: [{cpu: 1, cuda.device: 1}], duration: 1s}
                """, "s on busy", "t on busy"));
    }

    static Stream<Case> selection()
    {
        return Stream.of(
            of("concentrated takes the fullest", THREE_SIZES + """
                sessions: [{name: s, kernels: [{cpu: 1, mem: 2048m}], duration: 1s}]
                """, "s on low"),
            of("dispersed takes the emptiest", "groups: [{name: default, select: dispersed}]\n" + THREE_SIZES + """
                sessions: [{name: s, kernels: [{cpu: 1, mem: 2048m}], duration: 1s}]
                """, "s on high"),
            of("what a pass has taken counts in the same pass", THREE_SIZES + """
                sessions:
                  - {name: first, kernels: [{cpu: 2, mem: 4096m}], duration: 1s}
                  - {name: s, kernels: [{cpu: 1, mem: 2048m}], duration: 1s}
                """, "first on low", "s on medium"),
            of("concentrated by memory", "groups: [{name: default, select: concentrated:mem:cpu}]\n" + """
                agents: [{name: a, cpu: 2, mem: 12288m}, {name: b, cpu: 6, mem: 2048m}]
                sessions: [{name: s, kernels: [{cpu: 1, mem: 1024m}], duration: 1s}]
                """, "s on b"),
            of("dispersed by memory", "groups: [{name: default, select: dispersed:mem:cpu}]\n" + """
                agents: [{name: a, cpu: 2, mem: 12288m}, {name: b, cpu: 6, mem: 2048m}]
                sessions: [{name: s, kernels: [{cpu: 1, mem: 1024m}], duration: 1s}]
                """, "s on a"),
            of("round robin goes by name", """
                groups: [{name: default, select: round-robin}]
                agents: [{name: b, cpu: 8}, {name: a, cpu: 4}, {name: c, cpu: 16}]
                sessions: [{name: s, count: 4, duration: 9s}]
                """, "s-1 on a", "s-2 on b", "s-3 on c", "s-4 on a"),
            of("strictly designated agents only", """
                agents: [{name: a, cpu: 1}, {name: b, cpu: 4}]
                sessions: [{name: s, kernels: [{cpu: 2}], agents: [a], duration: 9s}]
                """, "s is PENDING none"),
            of("preferred agents if they can", """
                agents: [{name: a, cpu: 1}, {name: b, cpu: 4}, {name: c, cpu: 4}]
                sessions:
                  - {name: s, kernels: [{cpu: 2}], agents: {preferred: [a]}, duration: 9s}
                  - {name: t, kernels: [{cpu: 2}], agents: {preferred: [c]}, duration: 9s}
                """, "s on b", "t on c"),
            of("full of containers is full", """
                agents: [{name: a, cpu: 4, maxContainers: 2}, {name: b, cpu: 64}]
                sessions: [{name: s, count: 3, duration: 9s}]
                """, "s-1 on a", "s-2 on a", "s-3 on b"),
            of("an agent that failed before is the last choice", """
                agents: [{name: a, cpu: 2}, {name: b, cpu: 4}]
                sessions: [{name: s, at: 1s, duration: 9s}]
                failures: [{agent: a, kind: starts-fail}]
                """, "s on b", "s starts 2"),
            of("without agents nothing starts", "sessions: [{name: s, duration: 9s}]", "s is PENDING none"));
    }

    static Stream<Case> wholePasses()
    {
        return Stream.of(
            of("what is too big waits alone", """
                agents: [{name: a, cpu: 4, mem: 8192m}]
                sessions:
                  - {name: fit, kernels: [{cpu: 2, mem: 2048m}], duration: 9s}
                  - {name: big, kernels: [{cpu: 100, mem: 999999m}], duration: 9s}
                """, "fit starts 0", "big is PENDING none"),
            of("a head that never fits holds back nobody under easy", """
                groups: [{name: default, backfill: easy}]
                agents: [{name: a, cpu: 4}]
                sessions:
                  - {name: big, priority: 10, kernels: [{cpu: 8}], duration: 9s}
                  - {name: small, priority: 1, kernels: [{cpu: 1}], duration: 9s, limit: 10s}
                """, "big is PENDING none", "small starts 0"),
            of("easy keeps what it has promised to the head", headOfLine("easy"),
                "big starts 100", "short starts 2", "long starts 110"),
            of("none lets nobody pass", headOfLine("none"), "big starts 100", "short starts 110", "long starts 110"),
            of("greedy promises nothing", headOfLine("greedy"), "short starts 2", "long starts 52", "big starts 252"),
            of("an agent that may have no containers is no room", """
                groups: [{name: default, backfill: none}]
                agents: [{name: a, cpu: 8, maxContainers: 0}, {name: b, cpu: 1}]
                sessions:
                  - {name: big, priority: 20, kernels: [{cpu: 8}], duration: 9s}
                  - {name: small, kernels: [{cpu: 1}], duration: 9s}
                """, "big is PENDING none", "small is PENDING none"),
            of("who waits for something else than room does not stop others", """
                groups: [{name: default, backfill: none}, {name: empty}]
                agents: [{name: a, cpu: 4}]
                owners: {users: [{name: limited, limits: {cpu: 1}}, {name: other}]}
                sessions:
                  - {name: arm, priority: 90, arch: aarch64, duration: 9s}
                  - {name: nowhere, priority: 80, group: empty, duration: 9s}
                  - {name: later, priority: 70, startsAt: 1h, duration: 9s}
                  - {name: behind, priority: 60, after: [later], duration: 9s}
                  - {name: inQuota, priority: 55, user: limited, duration: 30s}
                  - {name: overQuota, priority: 50, user: limited, duration: 9s}
                  - {name: small, priority: 1, user: other, duration: 9s}
                """, "small starts 0", "arm is PENDING none", "nowhere is PENDING none", "later starts 3600",
                "behind starts 3609", "inQuota starts 0", "overQuota starts 30"),
            of("an agent that may have no containers is one without room", """
                groups: [{name: default, backfill: none}]
                agents: [{name: a, cpu: 4, maxContainers: 0}, {name: b, cpu: 4}]
                sessions:
                  - {name: first, priority: 50, on: [a], duration: 9s}
                  - {name: small, priority: 1, duration: 9s}
                """, "first is PENDING none", "small is PENDING none"));
    }

    private static String headOfLine(final String backfill)
    {
        return "groups: [{name: default, backfill: " + backfill + "}]\n" + """
            agents: [{name: a, cpu: 8}]
            sessions:
              - {name: runs, kernels: [{cpu: 6}], duration: 100s, limit: 100s}
              - {name: big, at: 1s, priority: 10, kernels: [{cpu: 8}], duration: 10s, limit: 10s}
              - {name: short, at: 2s, priority: 2, kernels: [{cpu: 2}], duration: 50s, limit: 50s}
              - {name: long, at: 2s, priority: 1, kernels: [{cpu: 2}], duration: 200s, limit: 200s}
            """;
    }

    static Stream<Case> limits()
    {
        return Stream.of(
            of("a user's cpu", """
                agents: [{name: a, cpu: 64}]
                owners: {users: [{name: u, limits: {cpu: 10}}]}
                sessions:
                  - {name: s1, user: u, kernels: [{cpu: 4}], duration: 20s}
                  - {name: s2, user: u, kernels: [{cpu: 3}], duration: 30s}
                  - {name: s3, user: u, kernels: [{cpu: 4}], duration: 9s}
                  - {name: s4, user: u, kernels: [{cpu: 3, mem: 10g}], duration: 9s}
                """, "s1 starts 0", "s2 starts 0", "s4 starts 0", "s3 starts 20"),
            of("of project and domain too", """
                agents: [{name: a, cpu: 64}]
                owners:
                  domains: [{name: d, limits: {cpu: 8}}]
                  projects: [{name: p, domain: d, limits: {cpu: 6}}, {name: q, domain: d}]
                  users: [{name: u, project: p}, {name: v, project: p}, {name: w, project: q}]
                sessions:
                  - {name: s1, user: u, kernels: [{cpu: 4}], duration: 20s}
                  - {name: s2, user: v, kernels: [{cpu: 4}], duration: 20s}
                  - {name: s3, user: w, kernels: [{cpu: 4}], duration: 10s}
                  - {name: s4, user: w, kernels: [{cpu: 4}], duration: 10s}
                """, "s1 starts 0", "s3 starts 0", "s4 starts 10", "s2 starts 20"),
            of("no sessions at all", """
                agents: [{name: a, cpu: 64}]
                owners: {users: [{name: u, limits: {sessions: 0}}, {name: v, limits: {sessions: null}}]}
                sessions:
                  - {name: s1, user: u, duration: 20s}
                  - {name: s2, user: v, duration: 20s}
                """, "s1 is PENDING none", "s2 starts 0"),
            of("system sessions count on their own", """
                agents: [{name: a, cpu: 64}]
                owners: {users: [{name: u, limits: {sessions: 1, sftpSessions: 1}}]}
                sessions:
                  - {name: s1, user: u, duration: 20s}
                  - {name: f1, user: u, type: system, duration: 30s}
                  - {name: f2, user: u, type: system, duration: 9s}
                  - {name: s2, user: u, duration: 9s}
                """, "s1 starts 0", "f1 starts 0", "s2 starts 20", "f2 starts 30"));
    }

    static Stream<Case> refusals()
    {
        return Stream.of(
            of("too many containers are refused", """
                agents: [{name: a, cpu: 64}]
                owners: {users: [{name: u, limits: {containers: 2}}]}
                sessions:
                  - {name: three, user: u, kernels: [{cpu: 1, count: 3}], duration: 20s}
                  - {name: two, user: u, kernels: [{cpu: 1, count: 2}], duration: 20s}
                """, "three is REJECTED quota-exceeded", "two starts 0"),
            of("too many waiting are refused", """
                agents: [{name: a, cpu: 1}]
                owners: {users: [{name: u, limits: {pending: 2}}]}
                sessions:
                  - {name: runs, user: u, duration: 20s}
                  - {name: w1, at: 1s, user: u, duration: 20s}
                  - {name: w2, at: 2s, user: u, duration: 20s}
                  - {name: w3, at: 3s, user: u, duration: 20s}
                """, "w1 starts 20", "w2 starts 40", "w3 is REJECTED quota-exceeded"),
            of("too much waiting is refused", """
                agents: [{name: a, cpu: 3}]
                owners: {users: [{name: u, limits: {pendingSlots: {cpu: 3}}}]}
                sessions:
                  - {name: runs, user: u, kernels: [{cpu: 3}], duration: 20s}
                  - {name: w1, at: 1s, user: u, kernels: [{cpu: 3, mem: 1g}], duration: 20s}
                  - {name: w2, at: 2s, user: u, kernels: [{cpu: 1}], duration: 20s}
                """, "w1 starts 20", "w2 is REJECTED quota-exceeded"),
            of("priorities have a cap", """
                agents: [{name: a, cpu: 64}]
                owners: {users: [{name: u, limits: {priority: 10}}]}
                sessions:
                  - {name: high, user: u, priority: 50, duration: 20s}
                  - {name: usual, user: u, duration: 20s}
                """, "high is REJECTED quota-exceeded", "usual starts 0"));
    }

    static Stream<Case> retries()
    {
        return Stream.of(
            of("five attempts of five", """
                groups: [{name: default, attempts: 5, retryBackoff: 1s}]
                agents: [{name: a, cpu: 64}]
                sessions: [{name: s, at: 1s, duration: 20s}]
                failures: [{agent: a, kind: starts-fail}]
                """, "s is ERROR launch-failed"),
            of("again and again without such a limit", """
                groups: [{name: default, attempts: 1000, retryBackoff: 0s}]
                agents: [{name: a, cpu: 64}]
                sessions: [{name: s, at: 1s, duration: 20s, startDelay: 10s}]
                failures: [{agent: a, kind: starts-fail, down: 2h}]
                """, "s starts 7201"),
            of("every agent that failed before is the last choice", """
                groups: [{name: default, attempts: 3, retryBackoff: 1s}]
                agents: [{name: a, cpu: 2}, {name: b, cpu: 4}, {name: c, cpu: 64}]
                sessions: [{name: s, at: 1s, duration: 20s}]
                failures: [{agent: a, kind: starts-fail}, {agent: b, kind: starts-fail}]
                """, "s on c"),
            of("a black hole is put in quarantine", """
                groups: [{name: default, attempts: 2, retryBackoff: 0s, quarantineAfter: 3}]
                agents: [{name: a, cpu: 2}, {name: b, cpu: 4}]
                sessions:
                  - {name: s, count: 3, at: 1s, duration: 5s}
                  - {name: t, at: 20s, duration: 5s}
                failures: [{agent: a, kind: starts-fail}]
                """, "s-1 on b", "s-2 on b", "s-3 on b", "t on b", "t starts 20"));
    }

    static Stream<Case> yielding()
    {
        return Stream.of(
            of("who yields ends", preemption("mode: terminate"), "high starts 10", "low is TERMINATED preempted"),
            of("who yields starts again", preemption("mode: reschedule"), "high starts 10",
                "low is TERMINATED completed"),
            of("nobody yields before its time", preemption("mode: reschedule, minRuntime: 30s"), "high starts 30"),
            of("nobody yields unless told", preemption("enabled: false"), "high starts 100"),
            of("the same priority does not yield", """
                groups: [{name: default, preemption: {enabled: true}}]
                agents: [{name: a, cpu: 4}]
                sessions:
                  - {name: first, kernels: [{cpu: 4}], duration: 100s}
                  - {name: second, at: 10s, kernels: [{cpu: 4}], duration: 10s}
                """, "second starts 100"),
            of("who may not be made to yield does not", """
                groups: [{name: default, preemption: {enabled: true}}]
                agents: [{name: a, cpu: 4}]
                sessions:
                  - {name: low, priority: 1, preemptible: false, kernels: [{cpu: 4}], duration: 100s}
                  - {name: high, at: 10s, priority: 20, kernels: [{cpu: 4}], duration: 10s}
                """, "high starts 100"),
            of("only as many yield as are needed", """
                groups: [{name: default, preemption: {enabled: true}}]
                agents: [{name: a, cpu: 4}]
                sessions:
                  - {name: low, count: 4, priority: 1, kernels: [{cpu: 1}], duration: 100s}
                  - {name: high, at: 10s, priority: 20, kernels: [{cpu: 1}], duration: 10s}
                  - {name: late, at: 50s, priority: 1, kernels: [{cpu: 3}], duration: 10s}
                """, "high starts 10", "late starts 100"),
            of("nobody yields in vain", """
                groups: [{name: default, preemption: {enabled: true}}]
                agents: [{name: a, cpu: 4}, {name: b, cpu: 2}]
                sessions:
                  - {name: low, priority: 1, on: [b], kernels: [{cpu: 2}], duration: 100s}
                  - {name: mid, priority: 30, on: [a], kernels: [{cpu: 4}], duration: 100s}
                  - {name: high, at: 10s, priority: 20, kernels: [{cpu: 4}], duration: 10s}
                """, "high starts 100", "low is TERMINATED completed"),
            of("waiting makes up for priority", """
                groups: [{name: default, ageing: 1s}]
                agents: [{name: a, cpu: 1}]
                sessions:
                  - {name: runs, duration: 100s}
                  - {name: old, at: 1s, priority: 1, duration: 10s}
                  - {name: new, at: 90s, priority: 20, duration: 10s}
                """, "old starts 100", "new starts 110"));
    }

    private static String preemption(final String options)
    {
        return "groups: [{name: default, preemption: {" + options + "}}]\n" + """
            agents: [{name: a, cpu: 4}]
            sessions:
              - {name: low, priority: 1, kernels: [{cpu: 4}], duration: 100s}
              - {name: high, at: 10s, priority: 20, kernels: [{cpu: 4}], duration: 10s}
            """;
    }

    static Stream<Case> places()
    {
        return Stream.of(
            of("labels, architecture and models", """
                agents:
                  - {name: a, cpu: 4, labels: {zone: z1}}
                  - {name: b, cpu: 8, labels: {zone: z2}, arch: aarch64}
                  - {name: c, cpu: 16, devices: {model: A100, count: 1}}
                  - {name: d, cpu: 32, devices: {model: H100, count: 1}}
                sessions:
                  - {name: zone, labels: {zone: z2}, duration: 1s}
                  - {name: notZone, notLabels: {zone: [z1, z2]}, duration: 1s}
                  - {name: arm, arch: aarch64, duration: 1s}
                  - {name: h100, kernels: [{gpu: 1}], model: [H100, B200], duration: 1s}
                  - {name: none, labels: {zone: z3}, duration: 1s}
                """, "zone on b", "notZone on c", "arm on b", "h100 on d", "none is PENDING none"));
    }

    static Stream<Case> relations()
    {
        return Stream.of(
            of("apart", """
                agents: [{name: a, cpu: 4}, {name: b, cpu: 4}]
                sessions:
                  - {name: s, count: 3, spread: web, duration: 10s}
                """, "s-1 on a", "s-2 on b", "s-3 starts 10"),
            of("apart if possible", """
                agents: [{name: a, cpu: 4}, {name: b, cpu: 4}]
                sessions:
                  - {name: s, count: 3, spread: {name: web, mode: preferred}, duration: 10s}
                """, "s-1 on a", "s-2 on b", "s-3 on a"),
            of("together", """
                groups: [{name: default, select: dispersed}]
                agents: [{name: a, cpu: 2}, {name: b, cpu: 2}]
                sessions:
                  - {name: s, count: 3, pack: web, duration: 10s}
                """, "s-1 on a", "s-2 on a", "s-3 starts 10"),
            of("one rack rather than two", """
                groups: [{name: default, select: topology}]
                agents:
                  - {name: a, cpu: 2, rack: r1}
                  - {name: b, cpu: 1, rack: r2}
                  - {name: c, cpu: 1, rack: r2}
                  - {name: d, cpu: 1, rack: r2}
                sessions: [{name: s, kernels: [{cpu: 1, count: 3}], duration: 10s}]
                """, "s on b,c,d"));
    }

    @ParameterizedTest
    @MethodSource({
        "sequencing", "fairShare", "selection", "devices", "wholePasses", "limits", "refusals", "retries", "yielding",
        "places", "relations"})
    void shouldDoAsUsersRelyOn(final Case scenario)
    {
        final ScenarioRun run = ScenarioHarness.run(scenario.text());
        final List<String> seen = new ArrayList<>();
        for (final String line : scenario.expected())
        {
            final String[] words = line.split(" ");
            final SessionRun session = ScenarioHarness.session(run, words[0]);
            seen.add(words[0] + " " + words[1] + " " + switch (words[1])
            {
                case "starts" -> session.startedNs() < 0 ? "never" : Seconds.text(session.startedNs());
                case "on" -> String.join(",", ScenarioHarness.agents(run, words[0]));
                default -> session.state() + " " + session.reason();
            });
        }
        assertEquals(scenario.expected(), seen);
    }

    private static Case of(final String name, final String text, final String... expected)
    {
        return new Case(name, text, List.of(expected));
    }

    private record Case(String name, String text, List<String> expected)
    {
        @Override
        public String toString()
        {
            return name;
        }
    }
}
