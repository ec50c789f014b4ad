package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.testkit.AccountSettings;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a session is said to start, and for whom room is said to be kept, worked out by hand. */
class ExpectedStartTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;
    private static final int ALICE = 3;

    private CoreHarness core;
    private long startNs;

    private void start(final Consumer<Commands.GroupSettings> options)
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        options.accept(settings);
        core = CoreHarness.started(CoreOptions.defaults(), settings);
        startNs = core.nowNs();
    }

    private static SubmitSpec job(final int cores, final long seconds)
    {
        return session().cpu(cores * 1000L).mem(0).walltime(seconds * SECOND_NS);
    }

    private Explanation submitted(final int owner, final SubmitSpec spec)
    {
        core.run(0 == owner ? core.command.submit(spec) : core.command.submitAs(owner, spec));
        return core.core().explain(core.core().state().nextSessionId - 1);
    }

    private void running(final int owner, final SubmitSpec spec)
    {
        submitted(owner, spec);
        final long id = core.core().state().nextSessionId - 1;
        for (int index = 0; index < spec.kernels; index++)
        {
            core.report(id, index, ReportKind.RUNNING, Reason.NONE, 0);
        }
    }

    /** Seconds from the beginning; -1: nobody knows. */
    private long expected(final Explanation explanation)
    {
        return 0 == explanation.expectedNs() ? -1 : (explanation.expectedNs() - startNs) / SECOND_NS;
    }

    @Test
    void shouldNotExpectAStartBeforeItsTime()
    {
        start(settings -> {});
        core.join(1, 4000, 1000);
        running(0, job(3, 100));
        assertEquals(300, expected(submitted(0, job(1, 9).startsAt(startNs + 300 * SECOND_NS))), "there is room now");
        assertEquals(300, expected(submitted(0, job(4, 9).startsAt(startNs + 300 * SECOND_NS))), "room is at 100");
        assertEquals(100, expected(submitted(0, job(4, 9).startsAt(startNs + 50 * SECOND_NS))));
    }

    @Test
    void shouldExpectAStartAfterThatOfWhatItDependsOn()
    {
        start(settings -> {});
        core.join(1, 4000, 1000);
        running(0, job(1, 300));
        running(0, job(1, 100));
        running(0, session().cpu(1000).mem(0));
        assertEquals(300, expected(submitted(0, job(1, 9).after(1, 2))));
        assertEquals(100, expected(submitted(0, job(1, 9).after(2))));
        assertEquals(-1, expected(submitted(0, job(1, 9).after(2, 3))), "3 may run for ever");
        assertEquals(-1, expected(submitted(0, job(1, 9).after(4))), "4 waits");
    }

    @Test
    void shouldExpectAStartWhenAccountsLeaveRoom()
    {
        start(settings -> {});
        core.join(1, 64_000, 1000);
        core.run(core.command.configureAccount(
            AccountSettings.account(2, AccountLevel.PROJECT, "p").sessions(3)));
        core.run(core.command.configureAccount(
            AccountSettings.account(ALICE, AccountLevel.USER, "alice").under(2).limit("cpu", 8000)));
        running(ALICE, job(1, 50).kernels(2));
        running(ALICE, job(2, 100));
        assertEquals(-1, expected(submitted(ALICE, job(9, 9))), "more than the limit");
        assertEquals(50, expected(submitted(ALICE, job(5, 9))));
        assertEquals(100, expected(submitted(ALICE, job(7, 9))));
        assertEquals(-1, expected(submitted(ALICE, job(4, 30))), "it has started");
        assertEquals(30, expected(submitted(2, job(1, 9))), "the first of three sessions ends then");
        assertEquals(-1, expected(submitted(ALICE, job(1, 9).type(SessionType.SYSTEM))), "no limit counts for it");
    }

    @Test
    void shouldExpectAStartWhereItIsApartFromOthers()
    {
        start(settings -> {});
        core.join(1, 4000, 1000);
        core.join(2, 4000, 1000);
        running(0, job(1, 300).constrained(ConstraintKind.SPREAD_STRICT, "web", "")
            .constrained(ConstraintKind.AGENT_STRICT, "", "agent-1"));
        running(0, job(3, 20).constrained(ConstraintKind.AGENT_STRICT, "", "agent-1"));
        running(0, job(4, 100).constrained(ConstraintKind.AGENT_STRICT, "", "agent-2"));
        assertEquals(20, expected(submitted(0, job(3, 9))));
        assertEquals(100, expected(submitted(0, job(3, 9).constrained(ConstraintKind.SPREAD_STRICT, "web", ""))));
        assertEquals(300, expected(submitted(
            0, job(1, 9).kernels(2).constrained(ConstraintKind.SPREAD_STRICT, "web", ""))));
        assertEquals(100, expected(submitted(
            0, job(1, 9).kernels(4).constrained(ConstraintKind.PACK_STRICT, "db", ""))));
        assertEquals(300, expected(submitted(
            0, job(4, 9).constrained(ConstraintKind.PACK_STRICT, "web", ""))), "where the others are");
    }

    @Test
    void shouldExpectAStartWhenAQuarantineEnds()
    {
        start(settings ->
        {
            settings.quarantineAfter = 1;
            settings.quarantineNs = 60 * SECOND_NS;
        });
        core.join(1, 4000, 1000);
        submitted(0, job(1, 9));
        core.report(1, 0, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
        assertEquals(60, expected(core.core().explain(1)));
        assertEquals(60, expected(submitted(0, job(4, 9).kernels(1))));
        core.join(2, 4000, 1000);
        assertEquals(null, core.core().explain(2).agents());
    }

    @Test
    void shouldSayForWhomRoomIsMade()
    {
        start(settings -> settings.preemption = PreemptionMode.TERMINATE);
        core.join(1, 4000, 1000);
        running(0, job(4, 1000).priority(1).preemptible());
        final Explanation claimant = submitted(0, job(4, 9).priority(50));
        assertTrue(claimant.reserved());
        assertTrue(expected(claimant) >= 0 && expected(claimant) < 1000, "when the victim is killed at the latest");
        final Explanation other = submitted(0, job(4, 9).priority(50));
        assertFalse(other.reserved());
        assertEquals(-1, expected(other), "nobody knows for how long the claimant runs");
    }

    @ParameterizedTest
    @EnumSource(value = Backfill.class, names = {"EASY", "EASY_SJBF", "PREDICTIVE"})
    void shouldReserveForTheNextElementOfAnArrayOnly(final Backfill backfill)
    {
        start(settings -> settings.backfill = backfill);
        core.join(1, 4000, 1000);
        submitted(0, job(4, 100));
        core.pass(1);
        core.report(1, ReportKind.RUNNING);
        submitted(0, job(3, 50).arrayOf(3));
        core.pass(1);
        assertTrue(core.core().explain(2).reserved());
        assertFalse(core.core().explain(3).reserved());
        assertFalse(core.core().explain(4).reserved());
        core.restart();
        assertTrue(core.core().explain(2).reserved());
        assertFalse(core.core().explain(3).reserved());
    }
}
