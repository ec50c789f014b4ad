package io.plimsoll.loadtest.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.Machine;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Distribution.Exponential;
import io.plimsoll.loadtest.jobs.Draws;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.JobRequest;
import io.plimsoll.loadtest.jobs.Need;
import io.plimsoll.loadtest.jobs.Tenant;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadBuilder;
import io.plimsoll.loadtest.virtual.RunSetup;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlannerTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DAY_NS = 86_400 * SECOND_NS;

    @Test
    void shouldFindAsManyServersAsErlangSays()
    {
        // 6.4 servers' worth of work: 8 wait 46 s in the mean, 9 wait 17 s, 10 wait 7 s.
        final FleetPlan plan =
            planner("wait.mean<25s").smallest(fleet(kind("node", 1, null)), List.of(vary("node", 1, 40)));
        assertEquals(9, plan.found().fleet().machines().size());
        assertEquals(8, plan.tooSmall().fleet().machines().size());
        assertTrue(plan.found().holds());
        assertFalse(plan.tooSmall().holds());
        assertEquals("wait.mean<25s", plan.tooSmall().misses().get(0).objective().text());
        assertTrue(plan.trials().size() <= 8, "halving, not trying all: " + plan.trials().size());
        assertEquals(3, plan.found().figures().size());
        final Trial less = plan.tooSmall();
        assertEquals(
            less.misses().get(0).value(), less.telling().waits().meanNs() / 1e9, "of the seed that is told of");
    }

    @Test
    void shouldSayWhenNotEvenTheLargestWillDo()
    {
        final FleetPlan plan =
            planner("wait.mean<1s").smallest(fleet(kind("node", 1, null)), List.of(vary("node", 1, 8)));
        assertNull(plan.found());
        assertEquals(8, plan.tooSmall().fleet().machines().size());
    }

    @Test
    void shouldTakeTheCheapestOfTwoKinds()
    {
        final Fleet fleet = fleet(kind("dear", 4, "10"), kind("cheap", 2, "1"));
        final FleetPlan plan =
            planner("wait.mean<25s").smallest(fleet, List.of(vary("cheap", 0, 10), vary("dear", 0, 10)));
        assertEquals(Map.of("cheap", 5), counts(plan.found().fleet()));
        assertEquals(new BigDecimal("5"), plan.found().fleet().costPerHour());
    }

    @Test
    void shouldFindTheLargestLoadAndWhenGrowthUsesItUp()
    {
        final LoadPlan plan = planner("wait.mean<25s").largestLoad(
            fleet(kind("node", 1, null)).withCount(kind("node", 1, null), 18), 8);
        // 18 servers: 25 s are reached at a load of 16.2 of them, 2.5 times the work.
        assertEquals(2.45, plan.found().load(), 0.15);
        assertTrue(plan.tooMuch().load() / plan.found().load() < 1.011);
        assertEquals(Math.log(plan.found().load()) / Math.log(1.1), plan.months(0.1), 1e-9);
    }

    @Test
    void shouldSayThatAFleetCarriesNothing()
    {
        final LoadPlan plan = planner("slowdown<0.5").largestLoad(fleet(kind("node", 1, null)), 4);
        assertNull(plan.found());
        assertTrue(plan.tooMuch().load() < 0.01);
        assertEquals(0, plan.months(0.1));
    }

    /** Of 6.4 servers' worth of work, 9 servers are used to 71 %, and 40 to 16 %. */
    @Test
    void shouldFindAFleetThatIsUsedEnough()
    {
        final FleetPlan plan = planner("use.cpu>60%", "wait.mean<25s")
            .smallest(fleet(kind("node", 1, null)), List.of(vary("node", 1, 40)));
        assertEquals(9, plan.found().fleet().machines().size());
        assertEquals(8, plan.tooSmall().fleet().machines().size());
        assertEquals("wait.mean<25s", plan.tooSmall().misses().get(0).objective().text());

        final FleetPlan none = planner("use.cpu>80%", "wait.mean<25s")
            .smallest(fleet(kind("node", 1, null)), List.of(vary("node", 1, 40)));
        assertNull(none.found());
        assertEquals(9, none.tooSmall().fleet().machines().size());
        assertEquals("use.cpu>80%", none.tooSmall().misses().get(0).objective().text());

        assertTrue(
            assertThrows(
                IllegalArgumentException.class,
                () -> planner("use.cpu>80%").largestLoad(fleet(kind("node", 1, null)), 4))
                .getMessage().startsWith("objective: use.cpu>80% no load is too much for"));
    }

    @Test
    void shouldNameAKindThatTheFleetLacks()
    {
        assertEquals(
            "vary: the fleet has no machines of kind nodes; it has node",
            assertThrows(
                IllegalArgumentException.class,
                () -> planner("wait.mean<1s").smallest(
                    fleet(kind("node", 1, null)), List.of(vary("nodes", 1, 2)))).getMessage());
    }

    @Test
    void shouldDrawDaysOfTheSameWeekday()
    {
        final WorkloadBuilder builder = new WorkloadBuilder("weeks").clockNs(5094 * SECOND_NS);
        for (int day = 0; day < 28; day++)
        {
            // As many jobs as the number of the weekday says.
            for (int i = 0; i <= day % 7; i++)
            {
                builder.add(job("d" + day + "-" + i, day * DAY_NS + i * SECOND_NS, 10));
            }
        }
        final Workload recorded = builder.build();
        final Workload drawn = DayBootstrap.of(recorded, 1);
        assertEquals(recorded.size(), drawn.size());
        assertEquals(recorded.clockNs(), drawn.clockNs());
        assertEquals(recorded.clockNs(), LoadScale.of(recorded, 2, 1).clockNs());
        final Map<Long, Integer> perDay = new HashMap<>();
        drawn.jobs().forEach(job -> perDay.merge(job.arrivalNs() / DAY_NS, 1, Integer::sum));
        perDay.forEach((day, jobs) -> assertEquals(day % 7 + 1, (long)jobs, "day " + day));
        assertFalse(names(recorded).equals(names(drawn)));
        assertEquals(names(drawn), names(DayBootstrap.of(recorded, 1)));
        assertFalse(names(drawn).equals(names(DayBootstrap.of(recorded, 2))));
        assertEquals(names(recorded), names(DayBootstrap.of(recorded, 0)));
    }

    @Test
    void shouldScaleLoadAndKeepTheRhythm()
    {
        final Workload workload = workload(1);
        final Workload scaled = LoadScale.of(workload, 2.5, 1);
        assertEquals(2.5, (double)scaled.size() / workload.size(), 0.05);
        assertEquals(workload.lastArrivalNs() / 1e9, scaled.lastArrivalNs() / 1e9, 1000);
        assertEquals(workload.size(), LoadScale.of(workload, 1, 1).size());
    }

    private static List<String> names(final Workload workload)
    {
        return workload.jobs().stream().map(job -> job.name().replaceAll("@.*", "")).toList();
    }

    private static Planner planner(final String... objectives)
    {
        return new Planner(
            PlannerTest::workload,
            RunSetup.PLAIN.withSeed(1),
            Stream.of(objectives).map(Objective::parse).toList(),
            new Planner.Options(3, 2, 10_000 * SECOND_NS),
            trial ->
            {
                // Nobody looks.
            });
    }

    private static Vary vary(final String kind, final int from, final int to)
    {
        return new Vary(kind, from, to);
    }

    private static Map<String, Integer> counts(final Fleet fleet)
    {
        final Map<String, Integer> counts = new HashMap<>();
        fleet.kinds().forEach((kind, count) -> counts.put(kind.name(), count));
        return counts;
    }

    private static Fleet fleet(final MachineKind... kinds)
    {
        return new Fleet(
            "fleet",
            List.of(kinds).stream().map(kind -> new Machine(kind.name() + "-0", "", kind)).toList(),
            List.of());
    }

    private static MachineKind kind(final String name, final int cores, final String cost)
    {
        final MachineKind any = MachineKind.of(name, cores * 1000L, MachineKind.UNLIMITED, List.of());
        return new MachineKind(
            name, "", any.arch(), any.cpuMillis(), any.memoryBytes(), any.devices(), any.slots(), any.labels(),
            null == cost ? null : new BigDecimal(cost), any.kernelsMax());
    }

    /** 6.4 servers' worth of work of 100 s in the mean. */
    private static Workload workload(final long seed)
    {
        final Draws draws = new Draws(seed, 0);
        final Exponential gaps = new Exponential(100 / 6.4);
        final Exponential runs = new Exponential(100);
        final WorkloadBuilder builder = new WorkloadBuilder("erlang");
        double at = 0;
        for (int i = 0; i < 6_000; i++)
        {
            at += gaps.draw(draws);
            builder.add(job(Integer.toString(i), (long)(at * SECOND_NS), runs.draw(draws)));
        }
        return builder.build();
    }

    private static Job job(final String name, final long atNs, final double seconds)
    {
        return Job.batch(
            name, atNs, Tenant.UNKNOWN, JobRequest.of(1, Need.cpu(1000, 0)), (long)(seconds * SECOND_NS), Job.NO_LIMIT);
    }
}
