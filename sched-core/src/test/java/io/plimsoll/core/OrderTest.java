package io.plimsoll.core;

import static io.plimsoll.core.testkit.AccountSettings.account;
import static io.plimsoll.core.testkit.AccountSettings.user;
import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SeededRandom;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is next, by what the events of a core say; the indexes behind it are held to a scan by random clusters. */
class OrderTest
{
    private static final int A = 21;
    private static final int B = 22;
    private static final int C = 23;
    private static final long HOUR_NS = 3600 * Commands.SECOND_NS;

    private final GroupSettings group = new GroupSettings();
    private CoreHarness core;

    private void start(final OrderPolicy order, final AgentHello... agents)
    {
        group.order = order;
        core = CoreHarness.started(CoreOptions.defaults(), group);
        for (final AgentHello agent : agents)
        {
            core.join(agent);
        }
    }

    private static AgentHello cluster(final long cpu, final long mem)
    {
        return new AgentHello(1, cpu * 1000, mem);
    }

    /** Submits while nothing can be placed, so that all of it competes. */
    private List<Long> placedOf(final Runnable submissions, final AgentHello agent)
    {
        submissions.run();
        core.run(core.command.agentConnected(agent));
        final int id = core.assignments.lastAgent();
        return placed(core.run(core.command.inventory(id, core.assignments.connection(id), 0, true, 0, List.of())));
    }

    private static List<Long> placed(final List<String> events)
    {
        final List<Long> ids = new ArrayList<>();
        for (final String event : events)
        {
            if (event.startsWith("session ") && event.contains(" SCHEDULED"))
            {
                ids.add(Long.parseLong(event.split(" ")[1]));
            }
        }
        return ids;
    }

    private void submit(final int owner, final SubmitSpec... sessions)
    {
        core.run(core.command.submitAs(owner, sessions));
    }

    private static SubmitSpec cpu(final long cores)
    {
        return session().cpu(cores * 1000).mem(0);
    }

    @Test
    void shouldTakeHigherBandsFirst()
    {
        start(OrderPolicy.FIFO);
        final List<Long> ids = placedOf(
            () -> submit(A, cpu(1).priority(1), cpu(1).priority(10), cpu(1).priority(5)), cluster(10, 100));
        assertEquals(List.of(2L, 3L, 1L), ids);
    }

    @Test
    void shouldTakeTheNewestFirstInsideABand()
    {
        start(OrderPolicy.LIFO);
        final List<Long> ids = placedOf(
            () -> submit(A, cpu(1).priority(1), cpu(1).priority(1), cpu(1).priority(9), cpu(1).priority(9).cpu(2000)),
            cluster(10, 100));
        assertEquals(List.of(4L, 3L, 2L, 1L), ids);
    }

    /** Of users who have as much goes first who came first, whatever their numbers are. */
    @Test
    void shouldTakeThoseWhoHaveAsMuchAsTheyCame()
    {
        for (final OrderPolicy order : new OrderPolicy[]{OrderPolicy.DRF, OrderPolicy.FAIR_SHARE})
        {
            start(order);
            final List<Long> ids = placedOf(
                () ->
                {
                    submit(B, cpu(1), cpu(1));
                    submit(C, cpu(1));
                    submit(A, cpu(1), cpu(1));
                    submit(C, cpu(1));
                },
                cluster(10, 100));
            assertEquals(List.of(1L, 3L, 4L, 2L, 5L, 6L), ids, order.name());
        }
    }

    /** The first of a user who has no room hides nobody who came before the rest of that user. */
    @Test
    void shouldPassByWhoHasNoRoomAmongThoseWhoHaveAsMuch()
    {
        start(OrderPolicy.DRF);
        final List<Long> ids = placedOf(
            () ->
            {
                submit(A, cpu(20));
                submit(B, cpu(30));
                submit(C, cpu(1));
                submit(A, cpu(2));
                submit(B, cpu(1));
            },
            cluster(10, 100));
        assertEquals(List.of(3L, 4L, 5L), ids);
    }

    /** Whoever came last goes before what is left of those who came before, and nobody asks while nobody waits. */
    @Test
    void shouldKeepNothingOfThoseWhoWait()
    {
        for (final OrderPolicy order : new OrderPolicy[]{OrderPolicy.FIFO, OrderPolicy.LIFO})
        {
            start(order, cluster(1, 40));
            for (int id = 1; id <= 200; id++)
            {
                submit(A, cpu(1));
                core.report(id, ReportKind.RUNNING);
                core.report(id, ReportKind.EXITED);
                final GreedyQueue queue = (GreedyQueue)core.core().state().schedule.queue(0);
                assertTrue(queue.openCount() <= 1, () -> order + " open=" + queue.openCount());
            }
        }
    }

    @Test
    void shouldLetWaitingOutweighPriority()
    {
        group.ageingNs = 60 * Commands.SECOND_NS;
        start(OrderPolicy.FIFO);
        submit(A, cpu(1).priority(10));
        core.pass(121 * Commands.SECOND_NS);
        final List<Long> ids = placedOf(() -> submit(A, cpu(1).priority(13), cpu(1).priority(12)), cluster(10, 100));
        assertEquals(List.of(2L, 1L, 3L), ids);
    }

    @Test
    void shouldServeWhoeverHasTheSmallestDominantShare()
    {
        start(OrderPolicy.DRF, cluster(100, 100_000));
        submit(A, cpu(30), cpu(20));
        submit(B, cpu(10));
        submit(C, cpu(40));
        final List<Long> waiting = placed(core.run(core.command.submitAs(A, cpu(5))));
        assertTrue(waiting.isEmpty());
        submit(C, cpu(5));
        submit(B, cpu(5));
        core.report(4, ReportKind.RUNNING);
        assertEquals(List.of(6L, 7L, 5L), placed(core.report(4, ReportKind.EXITED)), "0, then 10, then 50 of 100");
    }

    @Test
    void shouldKnowMoreUsersThanItFirstHasRoomFor()
    {
        start(OrderPolicy.FIFO, cluster(40, 40));
        for (int owner = 100; owner < 140; owner++)
        {
            submit(owner, cpu(1));
        }
        group.order = OrderPolicy.FAIR_SHARE;
        core.run(core.command.configureGroup(group));
        core.restart();
        for (int owner = 200; owner < 240; owner++)
        {
            submit(owner, cpu(1));
        }
        core.core().dropCaches();
        submit(300, cpu(1));
        assertEquals(41, core.core().state().groups.pending.get(0));
    }

    @Test
    void shouldServeThoseWhoAreNobodysToo()
    {
        start(OrderPolicy.DRF, cluster(2, 40));
        submit(0, cpu(1));
        submit(A, cpu(1));
        submit(0, cpu(1));
        submit(B, cpu(1));
        core.report(2, ReportKind.RUNNING);
        assertEquals(List.of(4L), placed(core.report(2, ReportKind.EXITED)), "who has nothing, before nobody");
    }

    @Test
    void shouldServeManyUsersWhoAskForTheSameInOrder()
    {
        for (final OrderPolicy order : new OrderPolicy[]{OrderPolicy.FIFO, OrderPolicy.LIFO})
        {
            start(order, cluster(1, 40));
            final SeededRandom random = new SeededRandom(order.value());
            submit(A, cpu(1));
            final List<long[]> waiting = new ArrayList<>();
            for (long id = 2; id <= 200; id++)
            {
                final int priority = (int)random.between(1, 4);
                submit(100 + random.below(60), cpu(1).priority(priority));
                waiting.add(new long[]{-priority, OrderPolicy.LIFO == order ? -id : id, id});
            }
            waiting.sort(Comparator.<long[]>comparingLong(each -> each[0]).thenComparingLong(each -> each[1]));
            long running = 1;
            for (final long[] next : waiting)
            {
                core.report(running, ReportKind.RUNNING);
                assertEquals(List.of(next[2]), placed(core.report(running, ReportKind.EXITED)));
                running = next[2];
            }
        }
    }

    @Test
    void shouldCompareTheSlotThatDominates()
    {
        start(OrderPolicy.DRF, new AgentHello(1, 100_000, 100_000).slot("nothing", 0));
        submit(A, session().cpu(60_000).mem(10_000));
        submit(B, session().cpu(10_000).mem(40_000));
        submit(C, session().cpu(30_000).mem(0));
        submit(A, session().cpu(1000).mem(0));
        submit(B, session().cpu(1000).mem(0));
        core.report(3, ReportKind.RUNNING);
        assertEquals(List.of(5L, 4L), placed(core.report(3, ReportKind.EXITED)), "0.4 before 0.6");
    }

    @Test
    void shouldLookAtSharesAgainAtEveryDecision()
    {
        start(OrderPolicy.DRF);
        final List<Long> ids = placedOf(
            () ->
            {
                submit(A, cpu(1).arrayOf(4));
                submit(B, cpu(2).arrayOf(2));
            },
            cluster(8, 100));
        assertEquals(List.of(1L, 5L, 2L, 3L, 6L, 4L), ids);
    }

    @Test
    void shouldTakeKeypairsForTheirUser()
    {
        start(OrderPolicy.DRF);
        core.run(core.command.configureAccount(user(2, "both")));
        core.run(core.command.configureAccount(account(A, AccountLevel.KEYPAIR, "one").under(2)));
        core.run(core.command.configureAccount(account(B, AccountLevel.KEYPAIR, "two").under(2)));
        final List<Long> ids = placedOf(
            () ->
            {
                submit(A, cpu(1), cpu(1));
                submit(B, cpu(1));
                submit(C, cpu(1));
            },
            cluster(8, 100));
        assertEquals(List.of(1L, 4L, 2L, 3L), ids);
    }

    @Test
    void shouldServeWhoUsedLeastOfLate()
    {
        group.usageHalfLifeNs = 24 * HOUR_NS;
        start(OrderPolicy.FAIR_SHARE, cluster(10, 100));
        core.run(core.command.configureAccount(user(A, "a")));
        core.run(core.command.configureAccount(user(B, "b")));
        submit(A, cpu(10));
        core.report(1, ReportKind.RUNNING);
        core.pass(HOUR_NS);
        submit(A, cpu(5));
        submit(B, cpu(5), cpu(5));
        assertEquals(List.of(3L, 4L), placed(core.report(1, ReportKind.EXITED)), "all to who had nothing");
    }

    @Test
    void shouldWeighUsageAndForgetIt()
    {
        group.usageHalfLifeNs = HOUR_NS;
        start(OrderPolicy.FAIR_SHARE, cluster(10, 100));
        core.run(core.command.configureAccount(user(A, "a").weight(4000)));
        core.run(core.command.configureAccount(user(B, "b").weight(1000)));
        submit(A, cpu(6));
        submit(B, cpu(2));
        core.report(1, ReportKind.RUNNING);
        core.report(2, ReportKind.RUNNING);
        core.pass(HOUR_NS);
        final CoreState state = core.core().state();
        final GroupCapacities capacities = new GroupCapacities(state);
        capacities.rebuild();
        final FairShares shares = new FairShares(state, 0, capacities);
        shares.refresh();
        // Of the weights cpu has all but a thousandth; in one half-life usage comes to half of what goes on for ever.
        final double ofA = 0.6 * 0.5 / 1.001 / 4;
        assertEquals(ofA, shares.rank(state.accounts.find(A)) / 1e12, 1e-6);
        assertEquals(ofA * 4 / 3, shares.rank(state.accounts.find(B)) / 1e12, 1e-6);
        core.report(1, ReportKind.EXITED);
        core.pass(3 * HOUR_NS);
        shares.refresh();
        assertEquals(ofA / 8, shares.rank(state.accounts.find(A)) / 1e12, 1e-6);
        core.pass(1000 * HOUR_NS);
        submit(A, cpu(1));
        shares.refresh();
        assertEquals(0, shares.rank(state.accounts.find(A)) / 1e12, 1e-9);
        assertEquals(0.2 / 1.001, shares.rank(state.accounts.find(B)) / 1e12, 1e-6);
        assertEquals(core.core().stateHash(), core.restored().stateHash());
    }

    @Test
    void shouldAskTheDomainBeforeTheUser()
    {
        group.usageHalfLifeNs = HOUR_NS;
        start(OrderPolicy.FAIR_SHARE, cluster(10, 100));
        core.run(core.command.configureAccount(account(1, AccountLevel.DOMAIN, "d1")));
        core.run(core.command.configureAccount(account(2, AccountLevel.DOMAIN, "d2")));
        core.run(core.command.configureAccount(user(A, "a").under(1)));
        core.run(core.command.configureAccount(user(B, "b").under(1)));
        core.run(core.command.configureAccount(user(C, "c").under(2)));
        submit(A, cpu(7));
        submit(C, cpu(3));
        core.report(1, ReportKind.RUNNING);
        core.pass(HOUR_NS);
        submit(B, cpu(7));
        submit(C, cpu(7));
        assertEquals(List.of(4L), placed(core.report(1, ReportKind.EXITED)), "b used nothing, but its domain did");
    }

    /** Whoever works in two projects waits in each as long as its own others do. */
    @Test
    void shouldAskTheProjectInWhichAUserWorks()
    {
        group.usageHalfLifeNs = HOUR_NS;
        start(OrderPolicy.FAIR_SHARE, cluster(10, 100));
        core.run(core.command.configureAccount(account(1, AccountLevel.PROJECT, "p1")));
        core.run(core.command.configureAccount(account(2, AccountLevel.PROJECT, "p2")));
        core.run(core.command.configureAccount(user(3, "a")));
        core.run(core.command.configureAccount(user(4, "b")));
        core.run(core.command.configureAccount(account(A, AccountLevel.MEMBER, "a in p1").under(3).in(1)));
        core.run(core.command.configureAccount(account(B, AccountLevel.MEMBER, "a in p2").under(3).in(2)));
        core.run(core.command.configureAccount(account(C, AccountLevel.MEMBER, "b in p1").under(4).in(1)));
        submit(A, cpu(7));
        submit(B, cpu(3));
        core.report(1, ReportKind.RUNNING);
        core.pass(HOUR_NS);
        submit(C, cpu(7));
        submit(B, cpu(7));
        assertEquals(List.of(4L), placed(core.report(1, ReportKind.EXITED)), "b used nothing, but the project did");
        assertEquals(core.core().stateHash(), core.restored().stateHash());
    }

    /** With tasks that are small, on one large machine: nobody would be better off with an equal part of it. */
    @Test
    void shouldGiveEveryoneAnEqualPartOrMoreAndNobodyReasonForEnvy()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            final SeededRandom random = new SeededRandom(seed);
            final int users = 2 + random.below(5);
            final long cpu = 2000;
            final long mem = 200_000;
            final long[][] demand = new long[users][2];
            start(OrderPolicy.DRF);
            for (int i = 0; i < users; i++)
            {
                demand[i][0] = random.between(1, 8);
                demand[i][1] = random.between(1, 800);
                submit(A + i, session().cpu(demand[i][0] * 1000).mem(demand[i][1]).arrayOf(3000));
            }
            core.run(core.command.agentConnected(new AgentHello(1, cpu * 1000, mem)));
            core.run(core.command.inventory(1, 1, 0, true, 0, List.of()));
            final long[] tasks = new long[users];
            final SessionTable sessions = core.core().state().sessions;
            for (int session = 0; session < sessions.highWater(); session++)
            {
                tasks[sessions.owner.get(session) - A] += sessions.live.get(session);
            }
            for (int i = 0; i < users; i++)
            {
                final long alone = Math.min(cpu / users / demand[i][0], mem / users / demand[i][1]);
                assertTrue(tasks[i] + 1 >= alone, "seed=" + seed + " user=" + i + " tasks=" + tasks[i] + "/" + alone);
                for (int j = 0; j < users; j++)
                {
                    final long withTheirs = Math.min(
                        tasks[j] * demand[j][0] / demand[i][0], tasks[j] * demand[j][1] / demand[i][1]);
                    final long slack = Math.max(demand[j][0] / demand[i][0], demand[j][1] / demand[i][1]) + 1;
                    assertTrue(tasks[i] + slack >= withTheirs, "seed=" + seed + " user=" + i + " envies " + j);
                }
            }
        }
    }
}
