package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.Explanation.Filter;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import io.plimsoll.core.testkit.SubmitSpec.Constraint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExplainTest
{
    private static final int CPU = 0;
    private static final int MEM = 1;

    private CoreHarness core = CoreHarness.started();

    @AfterEach
    void shouldHaveLeftNoTrace()
    {
        final long hash = core.core().stateHash();
        core.core().explain(1);
        assertEquals(hash, core.core().stateHash());
        assertEquals(hash, core.restored().stateHash());
    }

    private Explanation explain(final long id)
    {
        final long hash = core.core().stateHash();
        final Explanation explanation = core.core().explain(id);
        assertEquals(hash, core.core().stateHash());
        return explanation;
    }

    private void submit(final SubmitSpec... sessions)
    {
        core.run(core.command.submit(sessions));
    }

    private static int rejected(final Explanation explanation, final Filter filter)
    {
        return explanation.agents().rejected()[filter.ordinal()];
    }

    @Test
    void shouldKnowNothingOfAnUnknownSession()
    {
        assertFalse(explain(7).known());
    }

    @Test
    void shouldSayWhatIsMissingWhereLeastIsMissing()
    {
        core.join(new AgentHello(1, 4000, 4096).slot("cuda.device", 4));
        core.join(new AgentHello(2, 4000, 4096).slot("cuda.device", 2));
        core.join(new AgentHello(3, 4000, 4096).slot("cuda.device", 2));
        submit(session().cpu(100).slot("cuda.device", 2), session().cpu(100).slot("cuda.device", 3));
        submit(session().cpu(100).slot("cuda.device", 1), session().cpu(4000).slot("cuda.device", 3));
        final Explanation explanation = explain(4);
        assertEquals(LifeState.PENDING.value(), explanation.state());
        assertEquals(3, explanation.agents().total());
        assertEquals(0, explanation.agents().fitting());
        assertEquals(1, explanation.position());
        assertEquals(1, explanation.waiting());
        final Explanation.Shortfall shortfall = explanation.agents().shortfall();
        assertTrue(shortfall.agents() >= 1);
        int slots = 0;
        for (final long missing : shortfall.missing())
        {
            slots += missing > 0 ? 1 : 0;
        }
        assertEquals(1, slots);
    }

    @Test
    void shouldCountAgentsByWhatKeepsThemOut()
    {
        final int drained = core.join(1, 4000, 4096);
        final int suspect = core.join(2, 4000, 4096);
        final int away = core.join(3, 4000, 4096);
        core.join(new AgentHello(4, 4000, 4096).label("zone", "z1"));
        core.join(new AgentHello(5, 500, 4096).label("zone", "z2"));
        core.run(core.command.drain(drained, true));
        core.run(core.command.agentSuspect(suspect, core.assignments.connection(suspect)));
        core.run(core.command.agentDisconnected(away, core.assignments.connection(away)));
        final SubmitSpec spec = session();
        spec.constraints.add(new Constraint(ConstraintKind.ARCH_IN, "", "x86_64|aarch64"));
        spec.constraints.add(new Constraint(ConstraintKind.LABEL_NOT_IN, "zone", "z0|z1"));
        submit(spec);
        final Explanation explanation = explain(1);
        assertEquals(5, explanation.agents().total());
        assertEquals(1, rejected(explanation, Filter.DRAINED));
        assertEquals(1, rejected(explanation, Filter.SUSPECT));
        assertEquals(1, rejected(explanation, Filter.DISCONNECTED));
        assertEquals(1, rejected(explanation, Filter.CONSTRAINT));
        assertArrayEquals(new int[]{0, 1}, explanation.agents().byConstraint());
        assertEquals(1, explanation.agents().lacking()[CPU]);
        assertEquals(0, explanation.agents().lacking()[MEM]);
        assertEquals(500, explanation.agents().shortfall().missing()[CPU]);
        assertEquals(1, explanation.agents().shortfall().agents());
    }

    @Test
    void shouldNameUnmetDependenciesAndTimes()
    {
        core.join(1, 2000, 4096);
        submit(session(), session().cpu(2000));
        submit(session().after(1, 2), session().startsAt(core.nowNs() + 60 * Commands.SECOND_NS));
        assertEquals(2, explain(3).unmetCount());
        assertEquals(2, explain(3).unmet().size());
        assertEquals(0, explain(3).position());
        core.report(1, ReportKind.RUNNING);
        core.report(1, ReportKind.EXITED);
        assertEquals(1, explain(3).unmetCount());
        assertEquals(2, explain(3).unmet().get(0).sessionId());
        assertEquals(core.nowNs() + 60 * Commands.SECOND_NS, explain(4).startsAtNs());
        assertNull(explain(1).agents());
    }

    @Test
    void shouldCountWhoIsBeforeInTheQueue()
    {
        core.join(1, 1000, 4096);
        submit(session());
        submit(session().arrayOf(10), session().mem(50), session().mem(60).priority(50));
        assertEquals(1, explain(13).position());
        assertEquals(2, explain(2).position());
        assertEquals(11, explain(11).position());
        assertEquals(12, explain(12).position());
        assertEquals(12, explain(12).waiting());
        assertTrue(explain(12).positionExact());
    }

    @Test
    void shouldExpectAStartWhenWhatRunsHasALimit()
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.backfill = Backfill.EASY;
        core = CoreHarness.started(CoreOptions.defaults(), settings);
        core.join(1, 2000, 4096);
        final SubmitSpec running = session().cpu(1000);
        running.walltimeNs = 100 * Commands.SECOND_NS;
        submit(running);
        core.report(1, ReportKind.RUNNING);
        final long endNs = core.nowNs() + 100 * Commands.SECOND_NS;
        submit(session().cpu(2000), session().cpu(1500));
        final Explanation head = explain(2);
        assertTrue(head.reserved());
        assertEquals(endNs, head.expectedNs());
        assertFalse(explain(3).reserved());
        assertEquals(endNs, explain(3).expectedNs());
    }

    @Test
    void shouldCountPlacesForAGang()
    {
        core.join(1, 2000, 4096);
        core.join(2, 3000, 4096);
        core.join(3, 2000, 4096);
        submit(session().cpu(2000));
        submit(session().kernels(6));
        final Explanation gang = explain(2);
        assertEquals(6, gang.agents().kernels());
        assertEquals(5, gang.agents().places());
        assertEquals(2, gang.agents().fitting());
    }
}
