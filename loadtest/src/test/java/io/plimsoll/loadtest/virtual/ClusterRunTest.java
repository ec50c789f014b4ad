package io.plimsoll.loadtest.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.Machine;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Distribution.Constant;
import io.plimsoll.loadtest.jobs.Distribution.Exponential;
import io.plimsoll.loadtest.jobs.Draws;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.JobRequest;
import io.plimsoll.loadtest.jobs.Life;
import io.plimsoll.loadtest.jobs.Need;
import io.plimsoll.loadtest.jobs.Tenant;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadBuilder;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import io.plimsoll.loadtest.virtual.MachineFaults.Outage;
import io.plimsoll.loadtest.virtual.MachineFaults.Recorded;
import io.plimsoll.loadtest.virtual.MachineFaults.Renewal;
import io.plimsoll.loadtest.virtual.UsageCurve.Line;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterRunTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void shouldLetSessionsWaitForRoomInOrder()
    {
        final SessionLog log = run(RunSetup.PLAIN, fleet(1, 2), job("a", 0, 1, 2000, 100), job("b", 10, 1, 1000, 50),
            job("c", 20, 2, 1000, 10)).sessions();
        assertSession(log, 0, 0, 100);
        assertSession(log, 1, 100, 150);
        assertSession(log, 2, 150, 160);
        assertEquals(LifeState.TERMINATED, log.state(2));
    }

    @Test
    void shouldForgetInTheCoreWhatEndedLongAgo()
    {
        final ClusterRun some = shortOnes(5_000);
        final ClusterRun many = shortOnes(50_000);
        assertEquals(50_000, many.sessions().size());
        assertEquals(LifeState.TERMINATED, many.sessions().state(0));
        assertEquals(some.coreMemoryBytes(), many.coreMemoryBytes());
    }

    /** Each waits for the one before, and for one that ended long before the core forgets it. */
    @Test
    void shouldForgetWhatNobodyWaitsForAnyMore()
    {
        final ClusterRun some = chain(5_000);
        final ClusterRun many = chain(50_000);
        assertEquals(50_000, many.sessions().size());
        assertEquals(LifeState.TERMINATED, many.sessions().state(49_999));
        assertEquals(0, many.refusals().size());
        // Which of two sessions comes first in a table, is all that may differ.
        assertTrue(
            many.coreMemoryBytes() < some.coreMemoryBytes() * 5 / 4,
            some.coreMemoryBytes() + " " + many.coreMemoryBytes());
    }

    private static ClusterRun chain(final int count)
    {
        final WorkloadBuilder builder = new WorkloadBuilder("chain");
        for (int i = 0; i < count; i++)
        {
            builder.add(job("s" + i, i, 1, 1000, 10).after(0 == i ? List.of() : List.of(
                new Dependency("s" + (i - 1), false), new Dependency("s" + Math.max(0, i - 3_000), true))));
        }
        return new ClusterRun(builder.build(), fleet(4, 8), RunSetup.PLAIN).run();
    }

    @Test
    void shouldNotRunWhatWaitsForAFailureOfLongAgo()
    {
        final WorkloadBuilder builder = new WorkloadBuilder("failure");
        builder.add(ending("bad", 0, 3));
        for (int i = 0; i < 3_000; i++)
        {
            builder.add(job("s" + i, 100 + i, 1, 1000, 10));
        }
        builder.add(job("strict", 5_000, 1, 1000, 10).after(List.of(new Dependency("bad", false))));
        builder.add(job("any", 5_000, 1, 1000, 10).after(List.of(new Dependency("bad", true))));
        builder.add(job("next", 5_000, 1, 1000, 10).after(List.of(new Dependency("strict", false))));
        // The order of what it waits for is that of the scheduler too: a strict one that is over is left out.
        builder.add(job("both", 5_000, 1, 1000, 10).after(
            List.of(new Dependency("s7", false), new Dependency("any", true))));
        final ClusterRun run = new ClusterRun(builder.build(), fleet(4, 8), RunSetup.PLAIN).run();
        assertEquals(LifeState.CANCELLED, run.sessions().state(3_001));
        assertSession(run.sessions(), 3_002, 5_000, 5_010);
        assertEquals(LifeState.CANCELLED, run.sessions().state(3_003));
        assertSession(run.sessions(), 3_004, 5_010, 5_020);
    }

    /** The first element runs longest, and the second fails. */
    @Test
    void shouldWaitForAllElementsOfAnArray()
    {
        final Job array = job("array", 0, 1, 1000, 0);
        final WorkloadBuilder builder = new WorkloadBuilder("array");
        builder.add(new Job(
            "array", 0, array.tenant(), array.type(), array.priority(), true, array.request(), Job.NO_LIMIT, 3,
            List.of(new Life(90 * SECOND_NS, 0), new Life(20 * SECOND_NS, 3), new Life(10 * SECOND_NS, 0)), List.of()));
        builder.add(job("any", 5, 1, 1000, 10).after(List.of(new Dependency("array", true))));
        builder.add(job("strict", 5, 1, 1000, 10).after(List.of(new Dependency("array", false))));
        builder.add(job("late", 50, 1, 1000, 10).after(List.of(new Dependency("array", false))));
        final SessionLog log = new ClusterRun(builder.build(), fleet(1, 8), RunSetup.PLAIN).run().sessions();
        assertSession(log, 3, 90, 100);
        assertEquals(LifeState.CANCELLED, log.state(4));
        assertEquals(LifeState.CANCELLED, log.state(5));
    }

    private static Job ending(final String name, final long atSeconds, final int exitCode)
    {
        final Job job = job(name, atSeconds, 1, 1000, 10);
        return new Job(
            name, job.arrivalNs(), job.tenant(), job.type(), job.priority(), true, job.request(), Job.NO_LIMIT, 1,
            List.of(new Life(10 * SECOND_NS, exitCode)), List.of());
    }

    @Test
    void shouldLeaveOutOfALogWhatIsLargerThanTheMachine()
    {
        final ClusterRun run = run(
            RunSetup.PLAIN.withRules(new RunSetup.Rules(true, false)), fleet(1, 8),
            job("whole", 0, 1, 8_000, 10), job("larger", 1, 1, 9_000, 10), job("wider", 2, 3, 3_000, 10),
            job("last", 3, 1, 8_000, 10));
        assertEquals(2, run.sessions().size());
        assertSession(run.sessions(), 1, 10, 20);
        assertEquals(List.of("larger than the machine 2 job larger"), run.workload().skipped().stream()
            .map(some -> some.why() + " " + some.count() + " " + some.first()).toList());
    }

    private static ClusterRun shortOnes(final int count)
    {
        final WorkloadBuilder builder = new WorkloadBuilder("short");
        for (int i = 0; i < count; i++)
        {
            builder.add(job("s" + i, i, 1, 1000, 10));
        }
        return new ClusterRun(builder.build(), fleet(4, 8), RunSetup.PLAIN).run();
    }

    @Test
    void shouldDelayStartsAndPullOncePerUserAndMachine()
    {
        final RunSetup setup = new RunSetup(
            List.of(), new StartDelays(new Constant(1), new Constant(30)), MachineFaults.NONE, Rework.ALL, 0,
            ClusterRun.TO_THE_END);
        final SessionLog log =
            run(setup, fleet(1, 1), job("a", 0, 1, 1000, 100), job("b", 0, 1, 1000, 100)).sessions();
        assertSession(log, 0, 31, 131);
        assertSession(log, 1, 132, 232);
    }

    @Test
    void shouldEndAtTheLimit()
    {
        final Job cut = Job.batch(
            "a", 0, Tenant.of("u"), JobRequest.of(1, Need.cpu(1000, 0)), 100 * SECOND_NS, 60 * SECOND_NS);
        assertSession(run(RunSetup.PLAIN, fleet(1, 1), cut).sessions(), 0, 0, 60);
    }

    @Test
    void shouldRunAgainWhatAMachineLost()
    {
        final MachineFaults faults =
            new Recorded(List.of(new Outage("node-0", 30 * SECOND_NS, 20 * SECOND_NS)));
        final Job job = job("a", 0, 1, 1000, 100);
        final ClusterRun all = run(faulty(faults, Rework.ALL), fleet(1, 1), job);
        assertSession(all.sessions(), 0, 0, 150);
        assertEquals(2, all.sessions().attempts(0));
        // Checkpoints every 20 s: 20 s are kept, and to begin again takes 5.
        final ClusterRun some =
            run(faulty(faults, new Rework(20 * SECOND_NS, 5 * SECOND_NS)), fleet(1, 1), job);
        assertSession(some.sessions(), 0, 0, 50 + 80 + 5);
    }

    /** From 30 to 130, within which another begins and ends; then two that overlap, from 300 to 400. */
    @Test
    void shouldBeBackWhenTheLastOfItsOutagesIsOver()
    {
        final MachineFaults faults = new Recorded(List.of(
            outage(320, 80), outage(30, 100), outage(40, 20), outage(300, 50), outage(900, Outage.FOR_GOOD)));
        final ClusterRun run = run(
            faulty(faults, Rework.ALL), fleet(1, 1), job("a", 0, 1, 1000, 100), job("b", 290, 1, 1000, 100),
            job("c", 850, 1, 1000, 100));
        assertSession(run.sessions(), 0, 0, 230);
        assertSession(run.sessions(), 1, 290, 500);
        assertEquals(SessionLog.NOT_YET, run.sessions().endNs(2));
    }

    private static Outage outage(final long atSeconds, final long downSeconds)
    {
        return new Outage(
            "node-0", atSeconds * SECOND_NS,
            Outage.FOR_GOOD == downSeconds ? Outage.FOR_GOOD : downSeconds * SECOND_NS);
    }

    @Test
    void shouldInterruptAllOfAGangWhenOneMachineFails()
    {
        final MachineFaults faults =
            new Recorded(List.of(new Outage("node-1", 30 * SECOND_NS, 1000 * SECOND_NS)));
        final ClusterRun run = run(faulty(faults, Rework.ALL), fleet(3, 1), job("gang", 0, 2, 1000, 100));
        assertSession(run.sessions(), 0, 0, 130);
        assertEquals(3000, run.curve().mean(Line.CPU_THERE, 10), 1e-9);
        assertEquals(2000, run.curve().mean(Line.CPU_THERE, 40), 1e-9);
        assertEquals(2000, run.curve().mean(Line.CPU_USED, 60), 1e-9);
    }

    @Test
    void shouldGiveUpWhatNoMachineCanHold()
    {
        final MachineFaults faults = new Renewal(new Exponential(50), new Exponential(10));
        final ClusterRun run =
            run(faulty(faults, Rework.ALL), fleet(2, 1), job("large", 0, 1, 64_000, 10), job("a", 5, 1, 1000, 10));
        assertEquals(SessionLog.NOT_YET, run.sessions().startNs(0));
        assertEquals(LifeState.TERMINATED, run.sessions().state(1));
        assertEquals(1, RunFigures.of(run, 0).unstarted());
    }

    @Test
    void shouldSayWhatWasRefused()
    {
        final GroupSpec usual = GroupSpec.usual(RunSetup.OTHERS);
        final GroupSpec picky = new GroupSpec(
            usual.name(), usual.order(), usual.select(), usual.backfill(), usual.preemption(),
            new GroupSpec.Limits(0, 1_000_000, 0, 1, true), usual.failures(), 0, 0, usual.delayMaxNs(), 0, List.of(),
            0);
        final ClusterRun run = run(
            RunSetup.PLAIN.withPolicies(List.of(picky)), fleet(1, 8), job("gang", 0, 2, 1000, 10),
            job("one", 0, 1, 1000, 10));
        assertNull(run.sessions().state(0));
        assertEquals(1, run.refusals().values().stream().mapToLong(Long::longValue).sum());
        assertEquals(1, RunFigures.of(run, 0).refused());
        assertEquals(1, RunFigures.of(run, 0).sessions());
    }

    @Test
    void shouldKeepGroupsApartIfTheFleetDoes()
    {
        final Fleet fleet = new Fleet(
            "two",
            List.of(new Machine("m-a", "", kind("a", 1)), new Machine("m-b", "", kind("b", 1))),
            List.of());
        final SessionLog log = run(
            RunSetup.PLAIN, fleet, grouped("1", "a", 0), grouped("2", "a", 0), grouped("3", "b", 0)).sessions();
        assertSession(log, 0, 0, 10);
        assertSession(log, 1, 10, 20);
        assertSession(log, 2, 0, 10);
    }

    @Test
    void shouldDoTheSameWithTheSameSeed()
    {
        final MachineFaults faults = new Renewal(new Exponential(500), new Exponential(60));
        final Job[] jobs = new Job[200];
        for (int i = 0; i < jobs.length; i++)
        {
            jobs[i] = job(Integer.toString(i), i * 7, 1 + i % 3, 1000, 100 + i % 17 * 10);
        }
        final RunSetup setup = faulty(faults, Rework.ALL);
        final long hash = run(setup, fleet(6, 2), jobs).stateHash();
        assertEquals(hash, run(setup, fleet(6, 2), jobs).stateHash());
        assertNotEquals(hash, run(setup.withSeed(8), fleet(6, 2), jobs).stateHash());
    }

    @Test
    void shouldBeUpAsOftenAsFailuresAndRepairsSay()
    {
        final MachineFaults faults = new Renewal(new Exponential(900), new Exponential(100));
        final List<ClusterRun> runs = SeedRuns.of(
            10,
            1,
            2,
            seed -> run(
                faulty(faults, Rework.ALL).withSeed(seed), fleet(20, 1), job("a", 0, 1, 1, 10),
                job("last", 50_000, 1, 1, 10)),
            part ->
            {
                // Nobody looks.
            });
        final Interval up = SeedRuns.interval(
            runs, run -> run.curve().area(Line.MACHINES, 0, run.curve().endNs()) / run.curve().endNs() / 20);
        assertTrue(up.contains(0.9), up.toString());
        assertTrue(up.halfWidth() < 0.02, up.toString());
    }

    /**
     * The closed system of the machine repairman: customers think for a time, then want one of a few servers. Thinking
     * is a session in a group with room for everybody.
     */
    @Test
    void shouldUseServersOfAClosedSystemAsMuchAsTheFormulaSays()
    {
        final int customers = 6;
        final int servers = 2;
        final double think = 100;
        final double serve = 50;
        final Fleet fleet = new Fleet(
            "closed",
            List.of(
                new Machine("home", "", kind("think", customers)), new Machine("server", "", kind("serve", servers))),
            List.of());
        final List<Double> use = SeedRuns.of(
            10,
            1,
            2,
            seed -> serverUse(new ClusterRun(
                ClosedSystem.workload(seed, customers, 600, think, serve), fleet, RunSetup.PLAIN).run(), servers),
            part ->
            {
                // Nobody looks.
            });
        final Interval found = Interval.of(use);
        final double expected = ClosedSystem.serverUse(customers, servers, think, serve);
        assertTrue(found.contains(expected), "expected=" + expected + " found=" + found);
        assertTrue(found.halfWidth() < 0.02, found.toString());
    }

    /** While everybody is still there: the first three quarters. */
    private static double serverUse(final ClusterRun run, final int servers)
    {
        final long toNs = run.endNs() / 4 * 3;
        double busy = 0;
        final SessionLog log = run.sessions();
        for (int session = 0; session < log.size(); session++)
        {
            if ("serve".equals(run.workload().tenant(log.job(session)).group()) && log.startNs(session) < toNs)
            {
                busy += Math.min(toNs, log.endNs(session)) - log.startNs(session);
            }
        }
        return busy / toNs / servers;
    }

    @Test
    void shouldNameAMachineThatIsNotThere()
    {
        final MachineFaults faults = new Recorded(List.of(new Outage("node-9", 0, 1)));
        assertEquals(
            "machine: node-9 is none of the fleet",
            assertThrows(
                IllegalArgumentException.class,
                () -> run(faulty(faults, Rework.ALL), fleet(1, 1), job("a", 0, 1, 1, 1))).getMessage());
    }

    private static void assertSession(
        final SessionLog log, final int session, final long startSeconds, final long endSeconds)
    {
        assertEquals(startSeconds, log.startNs(session) / 1e9, 1e-6, "start of session " + session);
        assertEquals(endSeconds, log.endNs(session) / 1e9, 1e-6, "end of session " + session);
    }

    private static RunSetup faulty(final MachineFaults faults, final Rework rework)
    {
        return new RunSetup(List.of(), StartDelays.NONE, faults, rework, 7, ClusterRun.TO_THE_END);
    }

    private static ClusterRun run(final RunSetup setup, final Fleet fleet, final Job... jobs)
    {
        final WorkloadBuilder builder = new WorkloadBuilder("test");
        for (final Job job : jobs)
        {
            builder.add(job);
        }
        return new ClusterRun(builder.build(), fleet, setup).run();
    }

    private static Job job(
        final String name, final long atSeconds, final int kernels, final long cpuMillis, final long seconds)
    {
        return Job.batch(
            name, atSeconds * SECOND_NS, Tenant.of("u"), JobRequest.of(kernels, Need.cpu(cpuMillis, 0)),
            seconds * SECOND_NS, Job.NO_LIMIT);
    }

    private static Job grouped(final String name, final String group, final long atSeconds)
    {
        return Job.batch(
            name, atSeconds * SECOND_NS, new Tenant("u", "", "", group), JobRequest.of(1, Need.cpu(1000, 0)),
            10 * SECOND_NS, Job.NO_LIMIT);
    }

    private static MachineKind kind(final String group, final int cores)
    {
        final MachineKind any = MachineKind.of(group, cores * 1000L, MachineKind.UNLIMITED, List.of());
        return new MachineKind(
            any.name(), group, any.arch(), any.cpuMillis(), any.memoryBytes(), any.devices(), any.slots(), any.labels(),
            null, any.kernelsMax());
    }

    private static Fleet fleet(final int machines, final int cores)
    {
        final List<Machine> list = new ArrayList<>();
        final MachineKind kind = MachineKind.of("node", cores * 1000L, MachineKind.UNLIMITED, List.of());
        for (int i = 0; i < machines; i++)
        {
            list.add(new Machine("node-" + i, "", kind));
        }
        return new Fleet("fleet", list, List.of());
    }

    /** Customers that go round and round. */
    private static final class ClosedSystem
    {
        static Workload workload(
            final long seed, final int customers, final int rounds, final double think, final double serve)
        {
            final Draws draws = new Draws(seed, 0);
            final WorkloadBuilder builder = new WorkloadBuilder("closed");
            for (int round = 0; round < rounds; round++)
            {
                for (int customer = 0; customer < customers; customer++)
                {
                    final String before = "s" + customer + "-" + (round - 1);
                    final String thinks = "t" + customer + "-" + round;
                    add(builder, thinks, "think", 0 == round ? null : before, new Exponential(think).draw(draws));
                    add(builder, "s" + customer + "-" + round, "serve", thinks, new Exponential(serve).draw(draws));
                }
            }
            return builder.build();
        }

        private static void add(
            final WorkloadBuilder builder,
            final String name,
            final String group,
            final String before,
            final double seconds)
        {
            final Job job = grouped(name, group, 0);
            builder.add(new Job(
                job.name(), 0, job.tenant(), job.type(), job.priority(), true, job.request(), Job.NO_LIMIT, 1,
                List.of(new Life((long)(seconds * SECOND_NS), Job.SUCCESS)),
                null == before ? List.of() : List.of(new Dependency(before, true))));
        }

        /** Mean busy servers by their number, from the balance of births and deaths. */
        static double serverUse(final int customers, final int servers, final double think, final double serve)
        {
            double weight = 1;
            double all = 1;
            double busy = 0;
            for (int there = 1; there <= customers; there++)
            {
                weight *= (customers - there + 1) / think * serve / Math.min(there, servers);
                all += weight;
                busy += weight * Math.min(there, servers);
            }
            return busy / all / servers;
        }
    }
}
