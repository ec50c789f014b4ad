package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.Explanation.Filter;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AccountSettings;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import org.junit.jupiter.api.Test;

/** One cause each of waiting, and several at once, as the core sees them. */
class ExplainCasesTest
{
    private static final int CPU = 0;
    private static final int MEM = 1;

    private final Commands.GroupSettings settings = new Commands.GroupSettings();

    private CoreHarness started()
    {
        return CoreHarness.started(CoreOptions.defaults(), settings);
    }

    private static Explanation submitted(final CoreHarness core, final SubmitSpec session)
    {
        core.run(core.command.submit(session));
        return core.core().explain(core.core().state().nextSessionId - 1);
    }

    private static int rejected(final Explanation explanation, final Filter filter)
    {
        return explanation.agents().rejected()[filter.ordinal()];
    }

    private static void assertOnly(final Filter filter, final int count, final Explanation explanation)
    {
        for (final Filter other : Filter.values())
        {
            assertEquals(other == filter ? count : 0, rejected(explanation, other), other.name());
        }
    }

    @Test
    void shouldCountAgentsThatAreLostOrHaveNotSaidWhatTheyHold()
    {
        final CoreHarness core = started();
        final int lost = core.join(1, 4000, 4096);
        core.run(core.command.agentSuspect(lost, core.assignments.connection(lost)));
        core.run(core.command.agentLost(lost, core.assignments.connection(lost)));
        assertOnly(Filter.LOST, 1, submitted(core, session()));
        core.run(core.command.agentConnected(new AgentHello(2, 4000, 4096)));
        final Explanation explanation = core.core().explain(1);
        assertEquals(1, rejected(explanation, Filter.NOT_RECONCILED));
        assertEquals(1, rejected(explanation, Filter.LOST));
        assertEquals(2, explanation.agents().total());
        assertEquals(0, explanation.agents().places());
    }

    @Test
    void shouldSayThatItPausesAfterAFailureAndThatTheAgentIsQuarantined()
    {
        settings.quarantineAfter = 1;
        settings.quarantineNs = 100 * Commands.SECOND_NS;
        settings.retryBackoffNs = 10 * Commands.SECOND_NS;
        final CoreHarness core = started();
        core.join(1, 4000, 4096);
        core.run(core.command.submit(session()));
        core.report(1, 0, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
        final Explanation paused = core.core().explain(1);
        assertEquals(core.nowNs() + 10 * Commands.SECOND_NS, paused.notBeforeNs());
        assertEquals(0, paused.position());
        assertOnly(Filter.QUARANTINED, 1, paused);
        core.pass(10 * Commands.SECOND_NS);
        final Explanation ready = core.core().explain(1);
        assertEquals(0, ready.notBeforeNs());
        assertEquals(1, ready.position());
        assertOnly(Filter.QUARANTINED, 1, ready);
        core.pass(90 * Commands.SECOND_NS);
        assertEquals(null, core.core().explain(1).agents());
    }

    @Test
    void shouldCountAgentsWhoseRoomIsKeptForAnother()
    {
        settings.preemption = PreemptionMode.RESCHEDULE;
        final CoreHarness core = started();
        core.join(1, 2000, 4096);
        core.run(core.command.submit(session().cpu(2000).preemptible()));
        core.report(1, ReportKind.RUNNING);
        final Explanation claimant = submitted(core, session().cpu(1500).priority(50));
        assertOnly(Filter.CLAIMED, 0, claimant);
        assertEquals(1500, claimant.agents().shortfall().missing()[CPU]);
        final Explanation other = submitted(core, session().cpu(1000).priority(60));
        assertOnly(Filter.CLAIMED, 1, other);
    }

    @Test
    void shouldSayWhatKeepsADesignatedAgentOut()
    {
        final CoreHarness core = started();
        core.join(1, 4000, 4096);
        final int second = core.join(2, 4000, 4096);
        core.run(core.command.drain(second, true));
        final Explanation strict = submitted(core, session().constrained(ConstraintKind.AGENT_STRICT, "", "agent-2"));
        assertEquals(1, rejected(strict, Filter.DRAINED));
        assertEquals(1, rejected(strict, Filter.CONSTRAINT));
        assertArrayEquals(new int[]{1}, strict.agents().byConstraint());
        assertEquals(0, strict.agents().places());
        core.run(core.command.drain(second, false));
        assertEquals(null, core.core().explain(1).agents());
    }

    @Test
    void shouldCountRoomForWhatIsSpread()
    {
        final CoreHarness core = started();
        core.join(1, 4000, 4096);
        core.join(2, 4000, 4096);
        core.run(core.command.submit(session().constrained(ConstraintKind.SPREAD_STRICT, "team", "")));
        final Explanation third = submitted(
            core, session().kernels(2).constrained(ConstraintKind.SPREAD_STRICT, "team", ""));
        assertEquals(1, rejected(third, Filter.CONSTRAINT));
        assertEquals(1, third.agents().fitting());
        assertEquals(1, third.agents().places());
        assertEquals(2, third.agents().kernels());
    }

    @Test
    void shouldCountRoomForWhatIsPacked()
    {
        final CoreHarness core = started();
        core.join(1, 4000, 4096);
        core.join(2, 4000, 4096);
        core.run(core.command.submit(session().cpu(1500), session().cpu(3000)));
        final Explanation packed = submitted(
            core, session().kernels(4).constrained(ConstraintKind.PACK_STRICT, "team", ""));
        assertEquals(2, packed.agents().places());
        assertEquals(1, packed.agents().shortfall().agents());
        assertEquals(1500, packed.agents().shortfall().missing()[CPU]);
        assertEquals(0, packed.agents().shortfall().missing()[MEM]);
    }

    @Test
    void shouldSayWhatAGangLacksBeyondTheRoomThatThereIs()
    {
        final CoreHarness core = started();
        core.join(1, 2500, 4096);
        core.join(2, 2500, 4096);
        core.run(core.command.submit(session().cpu(1500)));
        final Explanation gang = submitted(core, session().kernels(4));
        assertEquals(3, gang.agents().places());
        assertEquals(500, gang.agents().shortfall().missing()[CPU]);
        assertEquals(1, gang.agents().shortfall().agents());
    }

    @Test
    void shouldReportLimitsOfAllLevelsTogether()
    {
        final CoreHarness core = started();
        core.join(1, 64_000, 4096);
        core.run(core.command.configureAccount(
            AccountSettings.account(1, AccountLevel.DOMAIN, "d").limit("cpu", 4000)));
        core.run(core.command.configureAccount(
            AccountSettings.account(2, AccountLevel.PROJECT, "p").under(1).sessions(1)));
        core.run(core.command.configureAccount(
            AccountSettings.account(3, AccountLevel.USER, "u").under(2).limit("cpu", 3000).limit("mem", 150)));
        core.run(core.command.submitAs(3, session().cpu(2000)));
        core.run(core.command.submitAs(3, session().cpu(3000).startsAt(core.nowNs() + 5 * Commands.SECOND_NS)));
        final Explanation explanation = core.core().explain(2);
        final String limits = explanation.limits();
        assertTrue(limits.contains("user u: cpu: used 2 + requested 3 > limit 3 (over by 2)"), limits);
        assertTrue(limits.contains("user u: mem: used 100 + requested 100 > limit 150 (over by 50)"), limits);
        assertTrue(limits.contains("project p: sessions: used 1 + requested 1 > limit 1 (over by 1)"), limits);
        assertTrue(limits.contains("domain d: cpu: used 2 + requested 3 > limit 4 (over by 1)"), limits);
        assertEquals(core.nowNs() + 5 * Commands.SECOND_NS, explanation.startsAtNs());
        assertEquals(1, explanation.agents().places());
    }

    @Test
    void shouldNameWhatOneWaitsForWhateverItsEnd()
    {
        final CoreHarness core = started();
        core.join(1, 1000, 4096);
        core.run(core.command.submit(session()));
        final SubmitSpec after = session().after(1);
        after.anyEnd = true;
        final Explanation explanation = submitted(core, after);
        assertTrue(explanation.unmet().get(0).anyEnd());
        assertEquals(0, explanation.position());
        assertEquals(1000, explanation.agents().shortfall().missing()[CPU]);
    }

    @Test
    void shouldExpectAStartAtTheEndOfThoseThatMustEnd()
    {
        final CoreHarness core = started();
        core.join(new AgentHello(1, 4000, 4096).slot("cuda.device", 2));
        core.run(core.command.submit(
            session().slot("cuda.device", 1).walltime(100 * Commands.SECOND_NS),
            session().slot("cuda.device", 1).walltime(50 * Commands.SECOND_NS)));
        core.report(1, ReportKind.RUNNING);
        core.report(2, ReportKind.RUNNING);
        final long nowNs = core.nowNs();
        final Explanation one = submitted(core, session().slot("cuda.device", 1));
        assertEquals(nowNs + 50 * Commands.SECOND_NS, one.expectedNs());
        final Explanation both = submitted(core, session().slot("cuda.device", 2));
        assertEquals(nowNs + 100 * Commands.SECOND_NS, both.expectedNs());
        assertFalse(both.reserved());
        final Explanation never = submitted(core, session().slot("cuda.shares", 300));
        assertEquals(nowNs + 50 * Commands.SECOND_NS, never.expectedNs());
        assertEquals(1, never.agents().shortfall().agents());
    }

    @Test
    void shouldExpectNothingWhereWhatRunsHasNoLimit()
    {
        final CoreHarness core = started();
        core.join(1, 1000, 4096);
        core.run(core.command.submit(session()));
        core.report(1, ReportKind.RUNNING);
        final Explanation explanation = submitted(core, session());
        assertEquals(0, explanation.expectedNs());
        assertEquals(1, explanation.position());
    }
}
