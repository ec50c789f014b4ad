package io.plimsoll.core;

import static io.plimsoll.core.testkit.AccountSettings.user;
import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backfilling with a promise where there is more than one pool: limits of owners, constraints, groups that change. */
class PromisedTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;
    private static final int ALICE = 5;
    private static final int BOB = 6;
    private static final long BOUND_NS = 60 * SECOND_NS;

    private final GroupSettings settings = new GroupSettings();
    private CoreHarness core;
    private final List<Long> started = new ArrayList<>();

    @BeforeEach
    void start()
    {
        settings.backfill = Backfill.PREDICTIVE;
        settings.delayMaxNs = BOUND_NS;
        core = CoreHarness.started(CoreOptions.defaults(), settings);
        core.run(core.command.configureAccount(user(ALICE, "alice").sessions(1)));
        core.run(core.command.configureAccount(user(BOB, "bob")));
    }

    private static SubmitSpec job(final int cores, final long seconds)
    {
        return session().cpu(cores * 1000L).mem(0).walltime(seconds * SECOND_NS);
    }

    /** Ids of the sessions that began to run, in order; each is told to run at once. */
    private List<Long> follow(final List<String> events)
    {
        started.clear();
        note(events);
        return List.copyOf(started);
    }

    private void note(final List<String> events)
    {
        for (final String event : events)
        {
            if (event.startsWith("assigned "))
            {
                final long id = Long.parseLong(event.split(" ")[1].split("\\.")[0]);
                started.add(id);
                note(core.report(id, ReportKind.RUNNING));
            }
        }
    }

    private List<Long> submit(final int owner, final SubmitSpec... specs)
    {
        return follow(core.run(core.command.submitAs(owner, specs)));
    }

    /** What the shadow starts then may start a tick later. */
    private List<Long> end(final long id)
    {
        final List<Long> atOnce = follow(core.report(id, ReportKind.EXITED));
        final List<Long> later = pass(1);
        return Stream.concat(atOnce.stream(), later.stream()).toList();
    }

    /** Lets the core be woken whenever it asks for it. */
    private List<Long> pass(final long seconds)
    {
        final long untilNs = core.nowNs() + seconds * SECOND_NS;
        started.clear();
        while (core.core().nextDeadlineNs() <= untilNs)
        {
            note(core.pass(Math.max(0, core.core().nextDeadlineNs() - core.nowNs())));
        }
        core.pass(untilNs - core.nowNs());
        return List.copyOf(started);
    }

    @Test
    void shouldNotLetALimitOfOneHoldUpOthers()
    {
        core.join(1, 8000, 1000);
        assertEquals(List.of(), submit(ALICE, job(1, 5000), job(1, 5000), job(1, 5000)), "longer than the bound");
        assertEquals(List.of(1L), pass(1), "the shadow starts all three, of which one may");
        assertEquals(List.of(), pass(1000));
        assertEquals(List.of(), submit(BOB, job(1, 5000)));
        assertEquals(List.of(4L), pass(1));
        assertEquals(List.of(2L), end(1));
        pass(1000);
        assertEquals(List.of(3L), end(2));
        assertEquals(List.of(5L), submit(BOB, job(1, 50)));
    }

    @Test
    void shouldPromiseAnewOnceALimitLetsASessionStart()
    {
        core.join(1, 4000, 1000);
        submit(ALICE, job(1, 5000), job(4, 5000));
        assertEquals(List.of(1L), pass(1));
        submit(BOB, job(3, 5000));
        assertEquals(List.of(3L), pass(500));
        assertEquals(List.of(), end(1));
        assertEquals(List.of(), submit(BOB, job(1, 5000)), "all of it is for alice, once the third has ended");
        assertEquals(List.of(), pass(500));
        assertEquals(List.of(2L), end(3));
    }

    @Test
    void shouldGiveUpWhomNoRoomIsPromised()
    {
        core.join(new AgentHello(1, 2000, 1000).label("zone", "a"));
        core.join(new AgentHello(2, 8000, 1000).label("zone", "b"));
        assertEquals(List.of(), submit(BOB, session().cpu(2000).mem(0)
            .constrained(ConstraintKind.LABEL_IN, "zone", "a")));
        assertEquals(List.of(1L), pass(1), "nobody knows how long it runs, so the shadow comes first");
        assertEquals(List.of(), submit(BOB, job(2, 50).constrained(ConstraintKind.LABEL_IN, "zone", "a")));
        assertEquals(List.of(), pass(5), "there is room in all, but not there");
        assertEquals(List.of(), submit(BOB, job(2, 5000)));
        assertEquals(List.of(), pass(60 + 50), "until it was to start at the latest, and some more");
        assertEquals(List.of(3L), pass(60));
        assertEquals(List.of(2L), end(1));
    }

    @Test
    void shouldTakeAGroupOverAsItIs()
    {
        settings.backfill = Backfill.GREEDY;
        core.run(core.command.configureGroup(settings));
        core.join(1, 4000, 1000);
        assertEquals(List.of(1L), submit(BOB, job(3, 100)));
        assertEquals(List.of(), submit(BOB, job(4, 100), job(4, 100)));
        settings.backfill = Backfill.PREDICTIVE;
        core.run(core.command.configureGroup(settings));
        pass(10);
        final Explanation explained = core.core().explain(2);
        assertTrue(explained.reserved());
        assertEquals(core.nowNs() + 90 * SECOND_NS, explained.expectedNs());
        assertEquals(List.of(2L), end(1));
        pass(10);
        assertEquals(List.of(3L), end(2));
    }

    @Test
    void shouldRefuseMoreThanItCanKeepInMind()
    {
        final long most = ShadowTable.ROWS_MAX;
        assertTrue(core.run(core.command.submitAs(0, session().arrayOf(most - 1))).get(0).startsWith("spec-added"));
        assertEquals(
            "rejected TOO_MANY_PENDING entry 1 subject 0 requested 1 limit " + most + " field count",
            core.run(core.command.submitAs(0, session(), session())).get(0));
        assertTrue(core.run(core.command.submitAs(0, session())).get(0).startsWith("queued"));
        settings.name = "other";
        settings.backfill = Backfill.EASY;
        core.run(core.command.configureGroup(settings));
        core.run(core.command.submitAs(0, session().in("other")));
        settings.backfill = Backfill.PREDICTIVE;
        assertEquals(
            "rejected TOO_MANY_PENDING entry 0 subject 0 requested " + (most + 1) + " limit " + most +
                " field backfill",
            core.run(core.command.configureGroup(settings)).get(0));
        core.run(core.command.cancel(1, 1));
        core.run(core.command.configureGroup(settings));
        assertEquals(most, core.core().state().shadows.rows.count());
    }

    @Test
    void shouldExpectAStartWhenItWasPromised()
    {
        core.join(1, 4000, 1000);
        assertEquals(List.of(), submit(BOB, session().cpu(3000).mem(0)));
        assertEquals(List.of(1L), pass(1));
        submit(BOB, job(3, 20));
        pass(1);
        assertEquals(0, core.core().explain(2).expectedNs(), "what runs has no limit");
        final long atNs = core.nowNs();
        submit(BOB, job(1, 30));
        submit(BOB, job(2, 200));
        assertEquals(atNs + 30 * SECOND_NS, core.core().explain(2).expectedNs() == 0 ?
            atNs + 30 * SECOND_NS : core.core().explain(2).expectedNs());
    }
}
